"""The audit page: an officer reads their department's streams, an operator all but what is sealed."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.queries import get_organisation, get_person
from app.home.trail import visible_entries
from app.kernel import audit
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.needs import commands as needs
from app.needs.models import Need
from app.needs.queries import get_need
from app.responses.models import Response
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.needs import make_firsts
from tests.needs.questions import make as make_question
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.responses import make as make_response
from tests.reviews import make as make_review

Browse = Callable[..., Browser]
CANARY = "canary-in-the-seal"


def streams(person: Person) -> set[str]:
    with reading():
        return {entry.stream for entry in session().scalars(visible_entries(get_person(person.id)))}


def every_stream() -> set[str]:
    with reading():
        return set(session().scalars(select(AuditEntry.stream)))


def plant(response: Response) -> None:
    """Something in a sealed stream that must come out nowhere."""
    audit.record(CANARY, response, by=None, facts={CANARY: CANARY})


def test_an_officer_reads_the_streams_of_their_department_alone(store: object) -> None:
    with transaction():
        ministry, other = make.department(), make.department()
        officer = make.officer(ministry)
        ours = make_outcome.agreed(make_need.open_need(department=ministry), others=1)
        theirs = make_outcome.agreed(make_need.open_need(department=other))
        interest = make_response.interest(make_need.live_need(ministry))
        draft = make_need.draft_need(ministry)
    found = streams(officer)
    assert {
        f"needs:{ours.need_id}",
        f"partnerships:{ours.id}",
        f"interests:{interest.id}",
        f"needs:{draft.id}",
    } <= found
    assert len([stream for stream in found if stream.startswith("responses:")]) == 2
    assert len([stream for stream in found if stream.startswith("reviews:")]) == 1
    assert not {f"needs:{theirs.need_id}", f"partnerships:{theirs.id}"} & found
    kinds = {"needs", "partnerships", "interests", "responses", "reviews", "organisations", "memberships"}
    assert {stream.partition(":")[0] for stream in found} <= kinds | {"first_answers"}


def test_an_operator_reads_all_but_sealed_responses(store: object) -> None:
    with transaction():
        operator = make.operator()
        need = make_need.open_need()
        sealed = [make_response.submitted(need), make_response.draft(need), make_response.withdrawn(need)]
        for response in sealed:
            plant(response)
        opened = make_outcome.agreed().source
    closed = {audit.name_of(response) for response in sealed}
    assert streams(operator) == every_stream() - closed
    assert opened.startswith("awards:")


def test_a_sealed_canary_comes_out_nowhere_and_is_read_once_opened(browser: Browse) -> None:
    with transaction():
        ministry = make.department()
        need = make_need.open_need(department=ministry)
        response = make_response.submitted(need)
        plant(response)
        people = [make.operator(), make.officer(ministry)]
    name = audit.name_of(response)
    for person in people:
        for path in ("/audit", f"/audit?stream={name}", f"/audit?stream={name}&page=2", "/audit?stream=responses:%25"):
            assert CANARY not in browser(person).get(path, 200).body
    with transaction():
        make_review.opened(get_need(need.id))
    for person in people:
        assert CANARY in browser(person).get(f"/audit?stream={name}", 200).body


def test_who_works_for_a_respondent_reads_nothing_of_that_competition(store: object) -> None:
    with transaction():
        ministry, provider = make.department(), make_response.provider()
        both, operator, officer = make.officer(ministry), make.operator(), make.officer(ministry)
        need = make_need.open_need(department=ministry)
        make_response.submitted(need, of=provider)
        make_response.submitted(need)
        make_review.opened(need)
        make.join(both, provider.organisation, "supplier_staff")
        make.join(operator, provider.organisation, "supplier_staff")
    inside = {stream for stream in streams(officer) if stream.startswith(("responses:", "reviews:"))}
    assert len(inside) == 3
    for person in (both, operator):
        assert not inside & streams(person)
        assert f"needs:{need.id}" in streams(person)


def test_others_have_no_audit(browser: Browse) -> None:
    with transaction():
        people = [make.buyer(make.department()), make.staff(make.supplier()), make.lead(make.supplier()), make.person()]
    for person in people:
        assert browser(person).get("/audit").status == 403
    assert browser().get("/audit").h1 == "Sign in"


@pytest.mark.parametrize(
    "stream", ["", "x", "needs:", "%", "needs:%25", "'; --", "%00", "\ud83d", "a" * 5000, "<b>", "needs:' OR 1=1"]
)
@pytest.mark.parametrize("page", ["1", "0", "-1", "1" + "0" * 20, "x", "%00"])
def test_hostile_parameters_are_borne(browser: Browse, stream: str, page: str) -> None:
    with transaction():
        operator = make.operator()
        make_need.draft_need()
    shown = browser(operator).get(
        "/audit", 200, query_string={"stream": stream.encode("utf-8", "replace"), "page": page}
    )
    assert shown.h1 == "Audit"
    assert ("There is no entry" in shown.text) == bool(stream)


def test_the_page_says_who_did_what(browser: Browse) -> None:
    with transaction():
        officer = make.officer(make.department(), "Ola Officer")
        need = make_need.draft_need(officer.organisations()[0], by=officer, title="Records <i>")
    page = browser(officer).get(f"/audit?stream=needs:{need.id}")
    assert f"Post needs:{need.id}" in page.text
    assert "Ola Officer, hash" in page.text
    assert "TitleRecords <i>" in page.text
    assert "Show all entries" in page.links()


def test_the_page_takes_as_many_statements_for_many_entries_as_for_few(browser: Browse) -> None:
    with transaction():
        officer = make.officer(make.department())
        make_need.draft_need(officer.organisations()[0])
    reader = browser(officer)
    once = statements(reader, "/audit")
    with transaction():
        here = session().get_one(type(officer.organisations()[0]), officer.organisations()[0].id)
        make_outcome.agreed(make_need.open_need(department=here))
        assert session().scalar(select(Need.id).limit(1))
    assert statements(reader, "/audit") == once


@pytest.mark.parametrize("answers", [True, False])
def test_who_works_for_any_provider_reads_nothing_of_competitions(store: object, answers: bool) -> None:
    with transaction():
        ministry, provider = make.department(), make_response.provider()
        both, operator = make.officer(ministry), make.operator()
        need, early = make_need.open_need(department=ministry), make_need.live_need(ministry)
        if answers:
            make_response.submitted(need, of=provider)
        make_response.submitted(need)
        make_response.interest(early)
        make_review.opened(need)
        make.join(both, provider.organisation, "supplier_staff")
        make.join(operator, provider.organisation, "supplier_staff")
    for person in (both, operator):
        kinds = {stream.partition(":")[0] for stream in streams(person)}
        assert "needs" in kinds
        assert not {"interests", "match_decisions", "responses", "reviews"} & kinds


def test_who_left_a_respondent_reads_nothing_of_its_review(store: object) -> None:
    with transaction():
        ministry, provider = make.department(), make_response.provider()
        left, operator = make.officer(ministry), make.operator()
        for person in (left, operator):
            make.join(person, provider.organisation, "supplier_staff")
        need = make_need.open_need(department=ministry)
        make_response.submitted(need, of=provider)
        make_response.submitted(need)
        for person in (left, operator):
            make.leave(person, provider.organisation)
        make_review.opened(need)
    for person in (left, operator):
        assert not {stream.partition(":")[0] for stream in streams(person)} & {"responses", "reviews"}


def test_what_was_looked_at_first_is_read_by_own_officers_and_operators_who_work_for_no_provider(store: object) -> None:
    with transaction():
        answer = make_firsts.answered(make_need.complete_draft())
        ministry, agency = answer.need.department, make.department()
        free, operator = make.officer(ministry), make.operator()
        tied, tied_operator = make.officer(ministry), make.operator()
        for person in (tied, tied_operator):
            make.join(person, make.team(agency), "supplier_staff")
        elsewhere = make.officer(agency)
    stream = audit.name_of(answer)
    readers = {person.id for person in (free, operator, tied, tied_operator, elsewhere) if stream in streams(person)}
    assert readers == {free.id, operator.id}


def test_who_works_for_a_provider_does_not_read_there_who_was_invited(store: object) -> None:
    with transaction():
        ministry, firm = make.department(), make.supplier()
        officer, operator = make.officer(ministry), make.operator()
        need = make_need.draft_need(ministry)
        author = need.owners[0].person
        needs.save_section(need, "audience", {"audience": "invited", "invited_organisations": [firm.id]}, by=author)
        needs.save_section(need, "problem", {"problem": "It is slow."}, by=author)

    def told(person: Person) -> list[str]:
        with reading():
            rows = session().scalars(visible_entries(get_person(person.id), f"needs:{need.id}"))
            return sorted(f"{row.verb} {row.facts.get('section', '')}".strip() for row in rows)

    for person in (officer, operator):
        assert told(person) == ["post", "save_section audience", "save_section problem"]
        with transaction():
            make.join(get_person(person.id), get_organisation(firm.id), "supplier_staff")
        assert told(person) == ["post", "save_section problem"]


def test_the_trail_of_a_question_names_no_asker_and_is_closed_to_who_works_for_a_provider(browser: Browse) -> None:
    with transaction():
        ministry = make.department()
        need = make_need.open_need(department=ministry)
        question = make_question.question(need, by=None)
        officer, elsewhere, operator = make.officer(ministry), make.officer(make.department()), make.operator()
        tied = make.officer(ministry)
        tied_operator = make.operator("Tied operator")
        for person in (tied, tied_operator):
            make.join(person, make.supplier(), "supplier_staff")
    stream = f"questions:{question.id}"
    readers = [person for person in (officer, elsewhere, operator, tied, tied_operator) if stream in streams(person)]
    assert readers == [officer, operator]
    page = browser(officer).get(f"/audit?stream={stream}")
    assert "Clarion itself" in page.text
    assert "Commitment" in page.text
