"""Who can take part: what is asked of an audience, who chooses it how, and who may know whom it names."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import BUYER, OFFICER, STAFF, Membership, Organisation, Person
from app.kernel import db
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict
from app.kernel.notices import Notice
from app.needs import commands, ladder, policy, queries
from app.needs.audience import is_narrower
from app.needs.models import ANSWERS, CONCLUDED, DRAFTS, PUBLISHES, READS, SHAPING, Need, NeedOwner
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]
NOTE = "They hold the licence."
INVITED_CONTENT: dict[str, Any] = {
    "audience": "invited",
    "audience_reason": "exclusive_rights",
    "audience_note": NOTE,
    "audience_capabilities": [],
}


def stored(need: Need) -> Need:
    with reading():
        return queries.get_need(need.id)


def invited_to(*organisations: Organisation, **more: Any) -> dict[str, Any]:
    return {**INVITED_CONTENT, "invited_organisations": list(organisations), **more}


NAMES = "Select the capabilities that those who can take part have"
INVITES = "Invite at least one organisation, or let others take part"
SAYS_WHY = "Select the reason for inviting, and say why not everybody can take part"


def of(audience: str, capabilities: str = "", invited: str = "", reason: str = "", note: str = "") -> Any:
    return SimpleNamespace(
        audience=audience,
        audience_capabilities=[SimpleNamespace(id=each) for each in capabilities],
        invited_organisations=[SimpleNamespace(id=each) for each in invited],
        audience_reason=reason,
        audience_note=note,
    )


@pytest.mark.parametrize(
    ("audience", "lacks"),
    [
        (of("all"), []),
        (of("all", reason="no such"), []),
        (of("capabilities"), [NAMES]),
        (of("capabilities", capabilities="c"), []),
        (of("invited"), [INVITES, SAYS_WHY]),
        (of("invited", invited="o"), [SAYS_WHY]),
        (of("invited", invited="o", reason="security"), [SAYS_WHY]),
        (of("invited", invited="o", note="Why."), [SAYS_WHY]),
        (of("invited", invited="o", reason="because", note="Why."), [SAYS_WHY]),
        (of("invited", reason="security", note="Why."), [INVITES]),
        (of("invited", invited="o", reason="security", note="Why."), []),
    ],
)
def test_publishing_asks_for_the_whole_of_an_audience(audience: Any, lacks: list[str]) -> None:
    asked = [each for each in ladder.DEMANDS if each.section == "audience"]
    assert [each.sentence for each in asked if not each.is_met(audience)] == lacks


@pytest.mark.parametrize(
    ("before", "after", "narrower"),
    [
        (of("all"), of("all"), False),
        (of("all"), of("capabilities", "c"), True),
        (of("all"), of("invited", invited="o"), True),
        (of("capabilities", "c"), of("all"), False),
        (of("capabilities", "c"), of("capabilities", "cd"), False),
        (of("capabilities", "cd"), of("capabilities", "c"), True),
        (of("capabilities", "c"), of("invited", invited="op"), True),
        (of("invited", invited="o"), of("all"), False),
        (of("invited", invited="o"), of("invited", invited="op"), False),
        (of("invited", invited="op"), of("invited", invited="pq"), True),
        (of("invited", invited="o"), of("capabilities", "c"), True),
    ],
)
def test_which_change_leaves_somebody_out(before: Any, after: Any, narrower: bool) -> None:
    assert is_narrower(before, after) == narrower


OURS = "ministry"
KNOWERS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "drafts": ([(BUYER, OURS)], DRAFTS),
    "publishes": ([(BUYER, OURS)], PUBLISHES),
    "answers": ([(BUYER, OURS)], ANSWERS),
    "reads": ([(BUYER, OURS)], READS),
    "officer": ([(OFFICER, OURS)], ""),
}
STRANGERS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "colleague": ([(BUYER, OURS)], ""),
    "officer elsewhere": ([(OFFICER, "agency")], ""),
    "supplier": ([(STAFF, "acme")], ""),
    "moved away": ([(BUYER, "agency")], PUBLISHES),
    "officer and supplier": ([(OFFICER, OURS), (STAFF, "acme")], ""),
    "reads and supplier": ([(BUYER, OURS), (STAFF, "acme")], READS),
    "operator": ([], ""),
}


@pytest.mark.parametrize("state", Need.states())
@pytest.mark.parametrize("role", [*KNOWERS, *STRANGERS, "nobody"])
def test_who_may_know_the_names_of_the_invited(role: str, state: str) -> None:
    need = SimpleNamespace(state=state, department_id=OURS, department_ids=[OURS], owners=[])
    person = None
    if role != "nobody":
        jobs, duty = {**KNOWERS, **STRANGERS}[role]
        person = Person(id="p", is_operator=role == "operator", memberships=[])
        person.memberships += [Membership(organisation_id=place, role=job) for job, place in jobs]
        need.owners = [NeedOwner(person_id="p", duty=duty)] if duty else []
    assert policy.may_see_invited(person, need) == (state == CONCLUDED or role in KNOWERS)  # type: ignore[arg-type]


# The form


@pytest.fixture
def draft(store: db.Database) -> Need:
    with transaction():
        for name in ("Harbour Works Ltd", "Harbour Lights Ltd", "Quay Ltd"):
            make.supplier(name)
        make.organisation("supplier", "Harbour Gone Ltd", "own", "gone", is_closed=True)
        return make_need.complete_draft(make.department("Harbour Ministry"), rung=SHAPING)


def audience_page(browser: Browse, need: Need) -> Any:
    return browser(need.owners[0].person).get(f"/needs/{need.id}/edit/audience", status=200)


def id_of(name: str) -> str:
    with reading():
        return session().scalars(select(Organisation.id).where(Organisation.name == name)).one()


def labels(page: Any) -> list[str]:
    boxes = [e for e in page.root.iter("input") if e.get("name") == "invited_organisations"]
    with reading():
        known = {row.id: row.name for row in session().scalars(select(Organisation))}
    return [known[each.get("value")] for each in boxes]


def test_providers_are_found_by_name_ticked_and_kept(browser: Browse, app: object, draft: Need) -> None:
    page = audience_page(browser, draft).submit("Find", audience="invited", audience_note=NOTE, sought="harbour")
    assert labels(page) == ["Harbour Lights Ltd", "Harbour Works Ltd"]
    assert stored(draft).audience == "all"
    first = id_of("Harbour Works Ltd")
    page = page.submit("Find", {"invited_organisations": [first]}, sought="quay")
    assert labels(page) == ["Harbour Works Ltd", "Quay Ltd"]
    page = page.submit(
        "Save and go to the list",
        {"invited_organisations": [first, id_of("Quay Ltd")]},
        audience_reason="exclusive_rights",
    )
    assert page.h1 == draft.title
    kept = stored(draft)
    assert [each.name for each in kept.invited_organisations] == ["Harbour Works Ltd", "Quay Ltd"]
    assert (kept.audience, kept.audience_reason, kept.audience_note) == ("invited", "exclusive_rights", NOTE)
    assert labels(audience_page(browser, draft)) == ["Harbour Works Ltd", "Quay Ltd"]


def test_a_name_that_was_not_looked_up_is_looked_up_before_anything_is_saved(browser: Browse, draft: Need) -> None:
    page = audience_page(browser, draft).submit("Save and go to the list", audience="invited", sought="quay")
    assert (page.h1, labels(page), stored(draft).audience) == ("Who can take part", ["Quay Ltd"], "all")
    page = page.submit("Save and go to the list")
    assert (page.h1, stored(draft).audience) == (draft.title, "invited")


def test_a_name_that_nobody_has_is_said(browser: Browse, draft: Need) -> None:
    page = audience_page(browser, draft).submit("Find", sought="Harbour Gone")
    assert page.errors == ["No supplier or in-house team has this name. Try one word of it"]


@pytest.mark.parametrize("given", ["nosuch", "department"])
def test_what_is_no_open_provider_cannot_be_ticked(browser: Browse, draft: Need, given: str) -> None:
    value = draft.department_id if given == "department" else given
    page = audience_page(browser, draft).submit("Find", sought="quay")
    page = page.submit("Save and go to the list", {"invited_organisations": [value]}, audience="invited")
    assert page.errors == ["Select from the list"]


def test_what_does_not_belong_to_the_audience_is_not_kept(browser: Browse, draft: Need) -> None:
    quay_id = id_of("Quay Ltd")
    with transaction():
        quay = session().get_one(Organisation, quay_id)
        make_need.write(queries.get_need(draft.id), **invited_to(quay))
    audience_page(browser, draft).submit("Save and go to the list", audience="all")
    kept = stored(draft)
    assert (kept.invited_organisations, kept.audience_reason, kept.audience_note) == ([], "", "")


# What others know of it


def limited(*names: str, by: str = "live") -> Need:
    with transaction():
        firms = [make.supplier(name) for name in names]
        makers = {"live": make_need.live_need, "concluded": make_need.concluded_need, "open": make_need.open_need}
        department = make.department("Ministry of Tides")
        return makers[by](department=department, **invited_to(*firms))


def test_everybody_reads_the_reason_and_the_number_and_nobody_else_the_names(browser: Browse, app: object) -> None:
    need = limited("Harbour Ltd", "Quay Ltd")
    quay_id = id_of("Quay Ltd")
    with transaction():
        own = make.staff(session().get_one(Organisation, quay_id))
        stranger = make.staff(make.supplier("Other Ltd"))
    path = f"/needs/{need.id}"
    told = browser().get(path).text
    assert "2 organisations" in told
    assert "exclusive rights" in told
    assert NOTE in told
    for person in (None, stranger, own):
        assert "Harbour Ltd" not in browser(person).get(path).text
    assert "Quay Ltd can take part." in browser(own).get(path).text
    assert "Other Ltd cannot take part" in browser(stranger).get(path).text
    assert "Harbour Ltd, Quay Ltd" in browser(need.owners[0].person).get(path).text


def test_the_names_are_public_once_the_need_is_concluded(browser: Browse, app: object) -> None:
    need = limited("Harbour Ltd", "Quay Ltd", by="concluded")
    assert "Harbour Ltd, Quay Ltd" in browser().get(f"/needs/{need.id}").text


def test_a_need_for_everybody_says_so(browser: Browse, app: object) -> None:
    with transaction():
        need = make_need.live_need()
    assert "Everybody: any provider can register interest" in browser().get(f"/needs/{need.id}").text


# Amendments of it


def amend(need: Need, *organisations: Organisation, **more: Any) -> Any:
    content = invited_to(*organisations, **more)
    return commands.amend_need(need, "audience", content, reason="One more asked.", by=need.owners[0].person)


def told_of() -> list[list[str]]:
    rows = session().scalars(select(Notice).where(Notice.kind == "need.invited").order_by(Notice.at, Notice.id))
    return [row.facts["organisations"] for row in rows]


def test_differences_tell_how_many_came_and_went_and_no_name(store: db.Database) -> None:
    with transaction():
        first, second, third = (make.supplier(name) for name in ("A Ltd", "B Ltd", "C Ltd"))
        need = make_need.live_need(**invited_to(first, second))
        amendment = amend(need, second, third)
        assert amendment.changes == [
            {"what": "Invited", "was": "2 organisations", "is": "2 organisations (1 added, 1 taken off)"}
        ]
        assert sorted(told_of(), key=len) == [[third.id], [first.id, second.id]]


def test_more_can_be_let_into_an_open_need_but_nobody_put_out(store: db.Database) -> None:
    with transaction():
        first, second = make.supplier("A Ltd"), make.supplier("B Ltd")
        need = make_need.open_need(**invited_to(first))
        with pytest.raises(Conflict, match="but not fewer"):
            amend(need, second)
        amend(need, first, second)
        assert [each.name for each in need.invited_organisations] == ["A Ltd", "B Ltd"]
        commands.amend_need(need, "audience", {"audience": "all"}, reason="All can.", by=need.owners[0].person)
        with pytest.raises(Conflict, match="but not fewer"):
            amend(need, first, second)


def test_publishing_tells_the_invited_and_a_need_for_all_tells_nobody(store: db.Database) -> None:
    with transaction():
        make_need.live_need()
        firm = make.supplier()
        make_need.live_need(**invited_to(firm))
        make_need.complete_draft(**invited_to(firm))
        assert told_of() == [[firm.id]]
