"""What coalitions do to rows: invitations by state, the one part of each, terms that are agreed, and endings."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import audit, clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.models import Need
from app.providers.queries import evidence_of
from app.responses import commands as responses
from app.responses.coalitions import commands, queries
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.coalitions.terms import lacking, members_of, partners_of, terms_of
from app.responses.models import DRAFT, SUBMITTED, Response
from app.responses.queries import find_last_receipt, get_own_response, page_of_responses, receipt_faults
from app.responses.submissions import gaps
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World

TABLE = {
    "accept": {"sent": "accepted"},
    "decline": {"sent": "declined", "accepted": "declined"},
    "take_back": {"sent": "taken_back", "accepted": "taken_back"},
    "confirm": {"accepted": "joined"},
    "leave": {"joined": "left"},
    "part": {"joined": "parted"},
    "release": {"joined": "released"},
    "send_again": {"taken_back": "sent", "left": "sent", "parted": "sent", "released": "sent"},
}
WAYS: dict[str, tuple[str, ...]] = {
    "sent": (),
    "accepted": ("accept",),
    "declined": ("decline",),
    "taken_back": ("take_back",),
    "joined": ("accept", "confirm"),
    "left": ("accept", "confirm", "leave"),
    "parted": ("accept", "confirm", "part"),
    "released": ("accept", "confirm", "release"),
}
Made = tuple[Response, Need]


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("verb", TABLE)
def test_every_verb_of_an_invitation_against_every_state(world: World, verb: str, state: str) -> None:
    with transaction():
        response = make_response.started(session().merge(world.need), of=world.provider, by=world.staff)
        invitation = make_coalition.invited(response, world.rival, by=world.staff)
        for step in WAYS[state]:
            invitation.move(step)
        assert invitation.state == state
        wanted = TABLE[verb].get(state)
        assert invitation.can(verb) == (wanted is not None)
    assert set(TABLE) == set(PartnerInvitation.MOVES)
    assert set(WAYS) == set(PartnerInvitation.states())


@pytest.fixture
def draft(world: World) -> Response:
    with transaction():
        return make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)


def again(response: Response) -> Response:
    """The response in this transaction."""
    return session().get_one(Response, response.id)


def test_a_response_has_its_leads_part_from_its_start(world: World, draft: Response) -> None:
    with reading():
        part = session().scalars(select(Part)).one()
        assert (part.provider_id, part.is_lead, part.need_id) == (world.provider.id, True, world.need.id)
        assert lacking(again(draft)) == []


def test_acceptance_takes_the_one_part_but_nothing_is_read_before_the_lead_confirms(
    world: World, draft: Response
) -> None:
    with transaction():
        invitation = make_coalition.invited(again(draft), world.rival, by=world.staff)
        commands.accept_invitation(invitation, by=world.rival_staff)
        with pytest.raises(Conflict):
            responses.start_response(again(draft).need, world.rival, by=world.rival_staff)
        assert members_of(again(draft)) == [again(draft).provider]
        commands.confirm_partner(invitation, by=world.staff)
        found = get_own_response(draft.id, world.rival_staff)
        assert [each.name for each in members_of(found)] == ["Harbour Ltd", "Quay Ltd"]
        assert session().scalars(page_of_responses(world.rival_staff)).all() == [found]


def test_who_answers_already_is_told_so_itself_and_the_lead_sees_the_same(world: World, draft: Response) -> None:
    with transaction():
        make_response.draft(again(draft).need, of=world.rival, by=world.rival_staff)
        invitation = make_coalition.invited(again(draft), world.rival, by=world.staff)
    with pytest.raises(Conflict) as refusal, transaction():
        commands.accept_invitation(session().get_one(PartnerInvitation, invitation.id), by=world.rival_staff)
    assert refusal.value.message == commands.TAKEN
    with reading():
        assert [each.state for each in queries.invitations_of(again(draft))] == ["sent"]
        assert members_of(again(draft)) == [again(draft).provider]


def test_a_response_that_was_withdrawn_resumes_only_while_its_provider_answers_nowhere_else(
    world: World, draft: Response
) -> None:
    with transaction():
        own = make_response.draft(again(draft).need, of=world.rival, by=world.rival_staff)
        responses.withdraw_response(own, by=world.rival_staff)
        make_coalition.joined(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
    with pytest.raises(Conflict), transaction():
        responses.resume_response(again(own), by=world.rival_staff)


def test_a_coalition_says_what_it_lacks_until_each_part_is_stated_and_confirmed(world: World, draft: Response) -> None:
    with transaction():
        make_coalition.joined(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        assert lacking(again(draft)) == [
            "State the share of Harbour Ltd",
            "State the share of Quay Ltd",
            "Say what Harbour Ltd answers for",
            "Say what Quay Ltd answers for",
            "Quay Ltd has not confirmed its part yet",
        ]
    with pytest.raises(IllegalMove), transaction():
        responses.submit_response(again(draft), by=world.staff)
    with transaction():
        lead, part = sorted(session().scalars(select(Part)), key=lambda each: not each.is_lead)
        commands.state_terms(lead, share_percent=70, liability="All else.", requirements=[], by=world.staff)
        commands.state_terms(part, share_percent=40, liability="Its own.", requirements=[], by=world.staff)
        assert "The shares add up to 110%: they must add up to 100%" in lacking(again(draft))
        assert "Say who answers requirement 1, which is a must-have" in lacking(again(draft))
        make_coalition.settled(again(draft), by=world.staff, people={world.rival.id: world.rival_staff})
        assert (lacking(again(draft)), gaps(again(draft))) == ([], [])


@pytest.mark.parametrize("what", ["share", "liability", "requirements", "price"])
def test_whatever_changes_of_a_part_asks_its_partner_again(world: World, draft: Response, what: str) -> None:
    with transaction():
        response = again(draft)
        part = make_coalition.joined(response, world.rival, by=world.staff, partner_by=world.rival_staff)
        make_coalition.settled(response, by=world.staff, people={world.rival.id: world.rival_staff})
        told: dict[str, Any] = {
            "share_percent": 50,
            "liability": part.liability,
            "requirements": list(response.need.requirements[-1:]),
        }
        if what == "price":
            make_response.write_offer(response, by=world.staff, price_pence=1)
        else:
            changed: dict[str, dict[str, Any]] = {
                "share": {"share_percent": 49},
                "liability": {"liability": "More"},
                "requirements": {"requirements": []},
            }
            commands.state_terms(part, **(told | changed[what]), by=world.staff)
        assert "Quay Ltd has not confirmed its part yet" in lacking(response)


def test_a_partner_confirms_what_it_saw(world: World, draft: Response) -> None:
    with transaction():
        part = make_coalition.joined(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        commands.state_terms(part, share_percent=50, liability="Its own.", requirements=[], by=world.staff)
        seen = audit.fingerprint(terms_of(part))
        commands.state_terms(part, share_percent=5, liability="Its own.", requirements=[], by=world.staff)
        with pytest.raises(Conflict):
            commands.agree_terms(part, seen=seen, by=world.rival_staff)
        with pytest.raises(NotAllowed):
            commands.agree_terms(part, seen=audit.fingerprint(terms_of(part)), by=world.staff)


def test_each_answers_with_evidence_of_its_own_wallet(world: World, draft: Response) -> None:
    with transaction():
        response = again(draft)
        make_coalition.joined(response, world.rival, by=world.staff, partner_by=world.rival_staff)
        first, last = response.need.requirements[0], response.need.requirements[-1]
        ours, theirs = evidence_of(world.provider, world.staff), evidence_of(world.rival, world.rival_staff)
        assert [piece for answer in response.answers if answer.requirement is last for piece in answer.evidence] == []
        responses.answer_requirement(response, last, text="Ours.", evidence=theirs, by=world.rival_staff)
        for requirement, wrong in ((last, ours), (first, theirs)):
            with pytest.raises(NotAllowed):
                responses.answer_requirement(response, requirement, text="No.", evidence=wrong, by=world.staff)


def test_what_is_submitted_binds_members_shares_liabilities_and_whose_each_answer_is(
    world: World, draft: Response
) -> None:
    with transaction():
        make_coalition.submitted(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        receipt = find_last_receipt(again(draft))
        assert receipt is not None
        assert receipt_faults(receipt) == []
        said = [(m["name"], m["is_lead"], m["share_percent"], m["liability"]) for m in receipt.content["members"]]
        assert said == [("Harbour Ltd", True, 50, "Its own work. 50"), ("Quay Ltd", False, 50, "Its own work. 50")]
        last = again(draft).need.requirements[-1].id
        assert receipt.content["answered_by"][last] == world.rival.id
        assert set(receipt.content["answered_by"].values()) == {world.provider.id, world.rival.id}


def test_terms_and_price_stand_once_submitted_until_the_lead_takes_it_back(world: World, draft: Response) -> None:
    with transaction():
        part = make_coalition.submitted(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        with pytest.raises(IllegalMove):
            commands.state_terms(part, share_percent=1, liability="", requirements=[], by=world.staff)
        with pytest.raises(IllegalMove):
            make_response.write_offer(again(draft), by=world.staff, price_pence=1)
        commands.reopen_response(again(draft), by=world.staff)
        assert (again(draft).state, again(draft).submitted_at) == (DRAFT, None)


@pytest.mark.parametrize("verb", ["leave", "part"])
def test_without_a_partner_a_submitted_response_is_a_draft_again_and_its_answers_are_gone(
    world: World, draft: Response, verb: str
) -> None:
    acts: dict[str, Callable[..., None]] = {"leave": commands.leave_coalition, "part": commands.part_from_partner}
    with transaction():
        part = make_coalition.submitted(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        assert again(draft).state == SUBMITTED
        by = world.rival_staff if verb == "leave" else world.staff
        acts[verb](make_coalition.invitation_of(part), reason="We lost our people.", by=by)
    with transaction():
        response = again(draft)
        last = response.need.requirements[-1]
        assert (response.state, partners_of(response), response.answer_to(last)) == (DRAFT, [], None)
        responses.start_response(response.need, world.rival, by=world.rival_staff)


def test_withdrawing_releases_everybody_and_takes_invitations_back(world: World, draft: Response) -> None:
    with transaction():
        third = make_response.provider("Pier Ltd")
        make_coalition.invited(again(draft), third, by=world.staff)
        make_coalition.joined(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        responses.withdraw_response(again(draft), by=world.staff)
    with transaction():
        states = {each.provider.name: each.state for each in queries.invitations_of(again(draft))}
        assert states == {"Pier Ltd": "taken_back", "Quay Ltd": "released"}
        assert session().scalars(select(Part)).all() == []
        responses.start_response(again(draft).need, world.rival, by=world.rival_staff)


def test_who_declined_is_not_asked_again(world: World, draft: Response) -> None:
    with transaction():
        invitation = make_coalition.invited(again(draft), world.rival, by=world.staff)
        commands.decline_invitation(invitation, by=world.rival_staff)
        with pytest.raises(Conflict):
            make_coalition.invited(again(draft), world.rival, by=world.staff)


def test_at_the_deadline_nothing_moves(world: World, draft: Response) -> None:
    with transaction():
        response = again(draft)
        part = make_coalition.joined(response, world.rival, by=world.staff, partner_by=world.rival_staff)
        waiting = make_coalition.invited(response, make_response.provider("Pier Ltd"), by=world.staff)
        invitation = make_coalition.invitation_of(part)
        response.need.deadline_at = clock.now()
        acts: list[Callable[[], object]] = [
            lambda: commands.accept_invitation(waiting, by=world.rival_staff),
            lambda: commands.decline_invitation(waiting, by=world.rival_staff),
            lambda: commands.take_back_invitation(waiting, by=world.staff),
            lambda: commands.confirm_partner(waiting, by=world.staff),
            lambda: commands.leave_coalition(invitation, reason="Late.", by=world.rival_staff),
            lambda: commands.part_from_partner(invitation, reason="Late.", by=world.staff),
            lambda: commands.state_terms(part, share_percent=1, liability="", requirements=[], by=world.staff),
            lambda: commands.agree_terms(part, seen="", by=world.rival_staff),
            lambda: commands.reopen_response(response, by=world.staff),
            lambda: make_coalition.invited(response, world.team, by=world.staff),
        ]
        for act in acts:
            with pytest.raises(IllegalMove):
                act()
        assert waiting.is_lapsed


def test_words_stand_sealed_and_the_audit_names_neither_side(world: World, draft: Response) -> None:
    with transaction():
        make_coalition.submitted(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
    with reading():
        part = session().scalars(select(Part).where(~Part.is_lead)).one()
        invitation = session().scalars(select(PartnerInvitation)).one()
        assert (part.liability, part.share_percent, invitation.words) == ("Its own work. 50", 50, "Shall we?")
        kept = f"{part.sealed} {invitation.sealed}"
        assert [word for word in ("work", "Shall") if word in kept] == []
        told = [entry.facts for entry in (*audit.entries_about(part), *audit.entries_about(invitation))]
        assert set(map(str, told)) == {"{}"}
