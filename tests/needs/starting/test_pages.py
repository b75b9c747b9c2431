"""Starting from a copy or a template, as people meet it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.kernel import audit
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs import queries as needs
from app.needs.models import Need
from app.needs.starting import commands, queries
from app.needs.starting.models import NeedTemplate
from tests import make
from tests.browser import Browser, Page, bare
from tests.needs import make as make_need

Browse = Callable[..., Browser]


def need_of(page: Page) -> Need:
    with reading():
        return needs.get_need(page.path.split("/")[2])


def published(state: str = "live", **fields: str) -> Need:
    with transaction():
        ministry = make.department("Ministry of Records")
        return make_need.need_in(state, ministry, title="Faster records", **fields)


def buyer_elsewhere() -> Person:
    with transaction():
        return make.buyer(make.department("Agency of Maps"))


def test_a_copy_keeps_the_credit_on_the_draft_and_on_what_is_published(browser: Browse) -> None:
    source, buyer = published(), buyer_elsewhere()
    page = browser(buyer).get(f"/needs/{source.id}").follow("Start from a copy")
    assert "Who supplies it today" in page.text
    page = page.submit("Start the draft", title="Faster maps")
    assert page.h1 == "Faster maps"
    credit = "Written from a copy of Faster records, Ministry of Records."
    assert credit in page.text
    made = need_of(page)
    assert "written from a copy of this one" not in browser().get(f"/needs/{source.id}").text
    with transaction():
        make_need.write(needs.get_need(made.id), **make_need.signal())
    page.follow("Check and publish").submit("Publish now")
    assert credit in browser().get(f"/needs/{made.id}").text
    assert "1 published need was written from a copy of this one." in browser().get(f"/needs/{source.id}").text
    assert browser().get(f"/needs/{made.id}").follow("Faster records").path == f"/needs/{source.id}"
    with reading():
        assert made.copied_from_id == source.id
        entry = audit.entries_about(made)[1]
        assert (entry.verb, entry.person_id, entry.facts) == ("start_from_need", buyer.id, {"source": source.id})


@pytest.mark.parametrize("state", ["live", "closed", "concluded", "withdrawn"])
def test_every_published_need_can_be_copied_a_withdrawn_one_too(browser: Browse, state: str) -> None:
    source, buyer = published(state), buyer_elsewhere()
    page = browser(buyer).get(f"/needs/{source.id}").follow("Start from a copy").submit("Start the draft")
    assert page.h1 == "Faster records"
    assert need_of(page).state == "draft"


PEOPLE = ["nobody", "supplier", "operator", "elsewhere", "colleague", "officer", "drafts", "publishes", "reads"]
BUYERS = {"elsewhere", "colleague", "officer", "drafts", "publishes", "reads"}
OF_DEPARTMENT = BUYERS - {"elsewhere"}
SEERS = OF_DEPARTMENT - {"colleague"}
KEEPERS = {"officer", "publishes"}
COPIED = {"draft": set(), "live": BUYERS, "withdrawn": BUYERS}


def everybody(need: Need) -> dict[str, Person | None]:
    ministry = need.department
    found: dict[str, Person | None] = {"nobody": None, "supplier": make.staff(make.supplier())}
    found |= {"operator": make.operator(), "elsewhere": make.officer(make.department())}
    found |= {"colleague": make.buyer(ministry), "officer": make.officer(ministry)}
    for role, duty in (("drafts", "draft"), ("publishes", "publish"), ("reads", "read")):
        person = found[role] = make.buyer(ministry)
        make_need.commands.add_owner(need, person, duty, by=need.owners[0].person)
    return found


def allowed(browser: Browse, people: dict[str, Person | None], path: str, h1: str) -> set[str]:
    return {role for role, person in people.items() if browser(person).get(path).h1 == h1}


@pytest.mark.parametrize("state", COPIED)
def test_who_may_copy_and_who_may_keep(browser: Browse, state: str) -> None:
    with transaction():
        need = make_need.need_in(state)
        people = everybody(need)
    assert allowed(browser, people, f"/needs/{need.id}/copy", "Start from a copy") == COPIED[state]
    assert allowed(browser, people, f"/needs/{need.id}/template", "Keep as a template") == KEEPERS
    offered = {role: set(browser(people[role]).get(f"/needs/{need.id}").links()) for role in people}
    assert {role for role in people if "Start from a copy" in offered[role]} == COPIED[state]
    assert {role for role in people if "Keep as a template" in offered[role]} == KEEPERS
    for role in set(people) - KEEPERS:
        assert browser(people[role]).post(f"/needs/{need.id}/template", name="N", note="n").status in (200, 403, 404)
    with reading():
        assert session().scalars(select(NeedTemplate)).all() == []


def test_a_draft_is_hidden_from_who_would_copy_it(browser: Browse) -> None:
    need, buyer = published("draft"), buyer_elsewhere()
    page = browser(buyer).get(f"/needs/{need.id}/copy", 404)
    assert bare(page.body) == bare(browser(buyer).get("/needs/000000000000/copy", 404).body)
    with transaction(), pytest.raises(NotAllowed):
        commands.start_from_need(needs.get_need(need.id), buyer.organisations()[0], title="x", by=buyer)


def kept(name: str = "Discovery", need: Need | None = None) -> NeedTemplate:
    with transaction():
        of = needs.get_need(need.id) if need else make_need.complete_draft()
        return commands.keep_template(of, name=name, note="For a first look.", by=of.owners[0].person)


@pytest.mark.parametrize("state", ["draft", "live"])
def test_who_may_use_and_change_a_template(browser: Browse, state: str) -> None:
    with transaction():
        need = make_need.need_in(state)
        people = everybody(need)
        maker = people["publishes"]
        assert maker is not None
        template = commands.keep_template(need, name="Discovery", note="n", by=maker)
    path = f"/needs/templates/{template.id}"
    assert allowed(browser, people, path, "Discovery") == OF_DEPARTMENT
    assert allowed(browser, people, f"{path}/change", "Change the template") == {"officer", "publishes"}
    listed = {role for role in people if "Discovery" in browser(people[role]).get("/needs/templates").links()}
    assert listed == OF_DEPARTMENT
    for role in set(people) - {"officer", "publishes"}:
        browser(people[role]).post(f"{path}/retire")
        browser(people[role]).post(f"{path}/change", name="X", note="x")
    with reading():
        found = session().get_one(NeedTemplate, template.id)
        assert (found.name, found.retired_at) == ("Discovery", None)


def test_a_template_is_kept_found_used_changed_and_retired(browser: Browse) -> None:
    source = published()
    with transaction():
        officer, colleague = make.officer(source.department), make.buyer(source.department)
    page = browser(officer).get(f"/needs/{source.id}").follow("Keep as a template")
    page = page.submit("Keep the template", name="  A  record <b>system</b> ", note="When records\n\nmove.")
    assert "A record <b>system</b>" in page.text
    start = browser(colleague).get("/needs/new").follow("A record <b>system</b>")
    assert "When records" in start.text
    draft = start.submit("Start the draft", title="Archive")
    made = need_of(draft)
    assert (draft.h1, made.department_id, made.problem) == ("Archive", source.department_id, source.problem)
    assert made.copied_from_id is None
    page = browser(officer).get("/needs/templates").follow("Change A record <b>system</b>")
    page = page.submit("Save", name="Records", note="Again.")
    assert "Records" in page.links()
    page = page.submit("Yes, retire Records")
    assert "Your department has no templates yet." in page.text
    template_path = start.path
    assert browser(colleague).get(template_path).status == 404
    with reading():
        (found,) = session().scalars(select(NeedTemplate))
        verbs = [(each.verb, each.person_id) for each in audit.entries_about(found)]
    assert verbs == [(f"{verb}_template", officer.id) for verb in ("keep", "rename", "retire")]


NAMES_ALIKE = ["Discovery", "discovery", "  DISCOVERY ", "Dis\u200bcovery"]


@pytest.mark.parametrize("name", NAMES_ALIKE)
def test_a_name_that_is_taken_is_refused_beside_its_field(browser: Browse, name: str) -> None:
    need = published()
    kept("Discovery", need)
    with transaction():
        officer = make.officer(need.department)
    page = browser(officer).get(f"/needs/{need.id}/template")
    page = page.submit("Keep the template", name=name, note="For a second look.")
    assert (page.status, page.errors) == (422, [commands.TAKEN])
    assert "For a second look." in page.body
    other = kept("Alpha", need)
    page = browser(officer).get(f"/needs/templates/{other.id}/change").submit("Save", name=name)
    assert (page.status, page.errors) == (422, [commands.TAKEN])
    with reading():
        assert [each.name for each in queries.templates_for(officer)] == ["Alpha", "Discovery"]


def test_a_name_is_free_in_another_department_after_retirement_and_for_itself(store: object) -> None:
    need = published()
    first, author = kept("Discovery", need), need.owners[0].person
    kept("Discovery")
    with transaction():
        template = session().get_one(NeedTemplate, first.id)
        commands.rename_template(template, name="DISCOVERY", note="x", by=author)
        commands.retire_template(template, by=author)
        with pytest.raises(IllegalMove):
            commands.retire_template(template, by=author)
        with pytest.raises(IllegalMove):
            commands.start_from_template(template, title="x", by=author)
    kept("Discovery", need)
    with transaction(), pytest.raises(Conflict):
        commands.keep_template(needs.get_need(need.id), name="discovery", note="", by=author)


NASTY = ["<script>alert(1)</script>", "’; DROP TABLE needs;--", "${7*7}", "%s", "x" * 100, "北京", "-1"]


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_name_is_kept_as_text(browser: Browse, name: str) -> None:
    need = published()
    author = browser(need.owners[0].person)
    page = author.get(f"/needs/{need.id}/template").submit("Keep the template", name=name, note=name)
    assert name in page.links()
    assert "<script>alert" not in page.body
    assert page.follow(name).submit("Start the draft", title=name).h1 == name


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "Enter a name"), (" \u200b ", "Enter a name"), ("x" * 101, "The name must be 100 characters or fewer")],
)
def test_a_name_that_will_not_do_is_told_so(browser: Browse, name: str, why: str) -> None:
    need = published()
    page = browser(need.owners[0].person).get(f"/needs/{need.id}/template")
    assert page.submit("Keep the template", name=name, note="n").errors == [why]


def test_posting_offers_blank_templates_and_a_search_for_what_to_copy(browser: Browse) -> None:
    source, buyer = published(summary="Milk depots of the north"), buyer_elsewhere()
    published("draft")
    page = browser(buyer).get("/needs/new")
    assert "Save and continue" in page.buttons()
    assert "There are none yet." in page.text
    page = page.submit("Search for one to copy", q="milk depots")
    assert page.text.count("Faster records") == 2  # its title, and the words of its link
    page = page.follow("Start from a copy of Faster records")
    assert (page.path, page.h1) == (f"/needs/{source.id}/copy", "Start from a copy")


@pytest.mark.parametrize("query", ["q=%00%ff(%22*~", "q=" + "a" * 5_000, "page=99999999999999999999", "page=x&q=zzzz"])
def test_a_hostile_search_is_answered_with_a_page(browser: Browse, query: str) -> None:
    published()
    assert browser(buyer_elsewhere()).get(f"/needs/start?{query}", 200).h1 == "Start from a copy"


def test_who_works_for_two_departments_chooses_one_of_theirs(browser: Browse) -> None:
    source, buyer = published(), buyer_elsewhere()
    with transaction():
        second = make.department("Office of Weather")
        make.join(buyer, second, "officer")
    page = browser(buyer).get(f"/needs/{source.id}/copy").submit("Start the draft")
    assert page.errors == ["Select a department"]
    page = page.submit("Start the draft", department=source.department_id)
    assert page.errors == ["Select from the list"]
    page = page.submit("Start the draft", department=second.id)
    assert need_of(page).department_id == second.id


def test_a_template_of_a_copy_hands_the_credit_on(store: object) -> None:
    source, buyer = published(), buyer_elsewhere()
    with transaction():
        copy = commands.start_from_need(needs.get_need(source.id), buyer.organisations()[0], title="Ours", by=buyer)
        template = commands.keep_template(copy, name="T", note="", by=buyer)
        assert commands.start_from_template(template, title="Again", by=buyer).copied_from_id == source.id
