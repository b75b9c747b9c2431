"""Commands and queries of responses: what they change, what they refuse, and what the audit keeps of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.accounts.models import Person
from app.kernel import audit, clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.kernel.notices import Notice
from app.needs.commands import withdraw_need
from app.needs.models import Need
from app.responses import commands, queries
from app.responses.models import DRAFT, SUBMITTED, WITHDRAWN, Response
from app.responses.submissions import is_intact
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.responses.conftest import World

WHOLE = {"summary": "", "available_from": None, "knowledge_transfer": ""}


def trail(response: Response) -> list[tuple[str, dict[str, object]]]:
    """The verbs and facts of a response's own stream."""
    return [(entry.verb, entry.facts) for entry in audit.entries_about(response)]


def test_submit_response_makes_a_receipt_that_holds(world: World) -> None:
    with transaction():
        response = make_response.submitted(world.need, of=world.provider, by=world.staff)
        receipt = queries.find_last_receipt(response)
        assert receipt is not None
        assert (response.state, receipt.number, receipt.submitted_by_id) == (SUBMITTED, 1, world.staff.id)
        assert queries.receipt_faults(receipt) == []


def test_the_audit_keeps_commitments_and_no_content(world: World) -> None:
    with transaction():
        response = make_response.submitted(world.need, of=world.provider, by=world.staff)
        commands.describe_offer(response, profile=response.profile, price_pence=5, **WHOLE, by=world.lead)
        commands.withdraw_response(response, by=world.staff)
        commands.resume_response(response, by=world.lead)
        last, first = queries.receipts_of(response)
        assert trail(response) == [
            ("start", {}),
            *[("save_draft", {})] * 4,
            ("submit", {"number": 1, "commitment": first.commitment}),
            ("change", {"number": 2, "commitment": last.commitment}),
            ("withdraw", {}),
            ("resume", {}),
        ]
    with reading():
        assert list(audit.verify()) == []


def test_each_receipt_has_its_own_salt_and_keeps_its_own_content(world: World) -> None:
    with transaction():
        response = make_response.submitted(world.need, of=world.provider, by=world.staff)
        commands.describe_offer(response, profile=response.profile, price_pence=5, **WHOLE, by=world.staff)
        last, first = queries.receipts_of(response)
        assert (first.content["price_pence"], last.content["price_pence"]) == (make_response.PRICE, 5)
        assert len({first.salt, last.salt}) == len({first.commitment, last.commitment}) == 2
        assert is_intact(first)
        assert is_intact(last)


@pytest.mark.parametrize("field", ["price_pence", "summary", "answers"])
def test_a_receipt_whose_content_was_changed_does_not_hold(world: World, field: str) -> None:
    with transaction():
        receipt = queries.find_last_receipt(make_response.submitted(world.need, of=world.provider, by=world.staff))
        assert receipt is not None
        receipt.content = {**receipt.content, field: "other"}
        assert queries.receipt_faults(receipt) == ["What is stored is not what was submitted."]
        receipt.commitment = audit.commitment(receipt.content, receipt.salt)
        assert queries.receipt_faults(receipt) == ["The audit trail does not have this commitment."]


def test_saving_the_same_again_makes_no_receipt(world: World) -> None:
    with transaction():
        response = make_response.submitted(world.need, of=world.provider, by=world.staff)
        offer = {name: getattr(response, name) for name in ("profile", "price_pence", *WHOLE)}
        assert commands.describe_offer(response, **offer, by=world.staff) is None
        assert commands.resubmit_response(response, by=world.staff) is None
        assert len(queries.receipts_of(response)) == 1


def acts(world: World, response: Response) -> dict[str, Callable[[], object]]:
    """Every command that the deadline ends."""
    requirement = world.need.requirements[0]
    by = world.staff
    return {
        "describe": lambda: commands.describe_offer(response, profile=response.profile, price_pence=1, **WHOLE, by=by),
        "answer": lambda: commands.answer_requirement(response, requirement, text="Late", evidence=[], by=by),
        "submit": lambda: commands.submit_response(response, by=by),
        "resubmit": lambda: commands.resubmit_response(response, by=by),
        "withdraw": lambda: commands.withdraw_response(response, by=by),
        "resume": lambda: commands.resume_response(response, by=by),
        "start": lambda: commands.start_response(response.need, world.rival, by=world.rival_staff),
    }


@pytest.mark.parametrize("make", [make_response.draft, make_response.submitted, make_response.withdrawn])
def test_at_the_deadline_itself_every_act_is_late(world: World, make: Callable[..., Response]) -> None:
    with transaction():
        response = make(world.need, of=world.provider, by=world.staff)
    before = response.state
    assert world.need.deadline_at is not None
    with clock.at(world.need.deadline_at), transaction():
        found = session().get_one(Response, response.id)
        for act in acts(world, found).values():
            with pytest.raises(IllegalMove, match="The deadline has passed"):
                act()
        assert not session().dirty
        assert not session().new
        assert found.state == before


ALLOWED = {
    DRAFT: {"describe", "answer", "submit", "withdraw", "start"},
    SUBMITTED: {"describe", "answer", "resubmit", "withdraw", "start"},
    WITHDRAWN: {"resume", "start"},
}


@pytest.mark.parametrize("act", ["describe", "answer", "submit", "resubmit", "withdraw", "resume", "start"])
@pytest.mark.parametrize("state", ALLOWED)
def test_act_against_state_before_the_deadline(world: World, act: str, state: str) -> None:
    makers = {DRAFT: make_response.draft, SUBMITTED: make_response.submitted, WITHDRAWN: make_response.withdrawn}
    with transaction():
        response = makers[state](world.need, of=world.provider, by=world.staff)
        if act in ALLOWED[state]:
            acts(world, response)[act]()
        else:
            with pytest.raises(IllegalMove):
                acts(world, response)[act]()


def test_the_staff_of_a_closed_provider_submit_nothing(world: World) -> None:
    with transaction():
        response = make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)
        response.provider.organisation.closed_at = clock.now()
        for act in ("describe", "answer", "submit"):
            with pytest.raises(IllegalMove, match="closed in the register"):
                acts(world, response)[act]()
        commands.withdraw_response(response, by=world.staff)
        with pytest.raises(IllegalMove, match="closed in the register"):
            commands.resume_response(response, by=world.staff)


def test_a_withdrawn_need_takes_nothing_any_more(world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        withdraw_need(need, reason="The money went elsewhere.", by=need.owners[0].person)
        with pytest.raises(IllegalMove, match="withdrawn"):
            commands.submit_response(response, by=world.staff)


def test_start_response_twice_is_a_conflict(world: World) -> None:
    with transaction():
        make_response.started(world.need, of=world.provider, by=world.staff)
        with pytest.raises(Conflict):
            commands.start_response(world.need, world.provider, by=world.lead)
        assert session().query(Response).count() == 1


@pytest.mark.parametrize("role", ["author", "buyer", "officer", "operator", "rival_staff", "team_staff", "both"])
def test_strangers_cannot_start(world: World, role: str) -> None:
    with transaction(), pytest.raises(NotAllowed):
        commands.start_response(world.need, world.provider, by=world.people[role])


def test_an_incomplete_response_is_not_submitted(world: World) -> None:
    with transaction():
        response = make_response.started(world.need, of=world.provider, by=world.staff)
        with pytest.raises(IllegalMove, match="not complete"):
            commands.submit_response(response, by=world.staff)


def test_evidence_and_profile_of_another_provider_are_refused(world: World) -> None:
    with transaction():
        response = make_response.draft(world.need, of=world.provider, by=world.staff)
        theirs = queries.live_profiles_of(world.rival)[0]
        with pytest.raises(NotAllowed):
            commands.describe_offer(response, profile=theirs, price_pence=1, **WHOLE, by=world.staff)
        evidence = queries.evidence_of(world.rival, world.rival_staff)
        requirement = world.need.requirements[0]
        with pytest.raises(NotAllowed):
            commands.answer_requirement(response, requirement, text="x", evidence=evidence, by=world.staff)


def test_drafts_and_withdrawn_ones_do_not_count(world: World) -> None:
    with transaction():
        make_response.draft(world.need, of=world.provider, by=world.staff)
        make_response.withdrawn(world.need, of=world.rival, by=world.rival_staff)
        make_response.submitted(world.need)
        assert queries.count_received(world.need) == 1


@pytest.mark.parametrize(
    ("count", "band"),
    [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5 to 14"), (14, "5 to 14"), (15, "15 or more"), (40, "15 or more")],
)
def test_response_band(world: World, monkeypatch: pytest.MonkeyPatch, count: int, band: str) -> None:
    monkeypatch.setattr(queries, "count_received", lambda need: count)
    assert queries.response_band(world.need) == band


def test_interest_ends_where_the_need_opens(world: World) -> None:
    with transaction():
        interest = make_response.interest(world.early, of=world.provider, by=world.staff)
        need = session().get_one(Need, world.early.id)
        for rung in ("committed", "open"):
            make_need.move(need, rung)
        with pytest.raises(IllegalMove):
            commands.withdraw_interest(interest, by=world.staff)
        with pytest.raises(IllegalMove):
            commands.change_interest(interest, people=1, from_on=date(2027, 1, 1), by=world.staff)


def test_interest_is_audited_and_told(world: World) -> None:
    with transaction():
        interest = make_response.interest(world.early, of=world.provider, by=world.staff)
        commands.change_interest(interest, people=9, from_on=interest.from_on, by=world.lead)
        assert [verb for verb, _ in trail(interest)] == ["register_interest", "change_interest"]  # type: ignore[arg-type]
        told = session().query(Notice).filter_by(kind="interest.registered").one()
        assert told.facts == {"provider": world.provider.id}
        with pytest.raises(Conflict):
            make_response.interest(world.early, of=world.provider, by=world.lead)


def test_the_desk_names_drafts_that_can_still_be_sent(world: World) -> None:
    with transaction():
        make_response.draft(world.need, of=world.provider, by=world.staff)
        make_response.submitted(make_need.open_need(), of=world.provider, by=world.staff)
    assert world.need.deadline_at is not None
    with reading():
        staff, rival, both = (session().get_one(Person, world.people[r].id) for r in ("staff", "rival_staff", "both"))
        awaiting = queries.awaiting(staff, clock.now())
        assert [(each.text, each.due_at) for each in awaiting] == [
            ("Finish and submit your response: Move the tide tables", world.need.deadline_at)
        ]
        assert queries.awaiting(staff, world.need.deadline_at + timedelta(seconds=1)) == []
        assert queries.awaiting(rival, clock.now()) == queries.awaiting(both, clock.now()) == []
