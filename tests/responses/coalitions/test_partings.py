"""What stays, and what is read, when partners come and go: receipts, teams, words and streams of the audit."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.home.trail import visible_entries
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import NotFound
from app.needs.queries import get_need
from app.providers.queries import get_provider
from app.responses import commands as responses
from app.responses.coalitions import commands, queries
from app.responses.fit.queries import told_results
from app.responses.models import Response
from app.responses.promises.commands import name_team
from app.responses.queries import get_own_receipt, get_own_response, readable_receipts, receipts_of
from app.reviews.commands import open_responses
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World
from tests.reviews import make as make_review


@pytest.fixture
def draft(world: World) -> Response:
    with transaction():
        return make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)


def again(response: Response) -> Response:
    found = session().get(Response, response.id)
    assert found is not None
    return found


def test_a_partner_reads_no_receipt_from_before_it_joined(
    browser: Callable[..., Browser], world: World, draft: Response
) -> None:
    with transaction():
        pier = make_response.provider("Pier Ltd")
        pier_staff = make_response.staff(pier)
        first = make_coalition.submitted(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        commands.leave_coalition(make_coalition.invitation_of(first), reason="No people.", by=world.rival_staff)
    with transaction():
        make_coalition.submitted(again(draft), pier, by=world.staff, partner_by=pier_staff, words="Of Pier.")
    with reading():
        last, earlier = receipts_of(again(draft))
        assert get_own_receipt(last.id, pier_staff).id == last.id
        assert [get_own_receipt(each.id, world.staff).id for each in (last, earlier)] == [last.id, earlier.id]
        with pytest.raises(NotFound):
            get_own_receipt(earlier.id, pier_staff)
        assert [each.number for each in readable_receipts(again(draft), pier_staff)] == [2]
    page = browser(pier_staff).get(f"/responses/{draft.id}").text
    assert ("Receipt 2" in page, "Receipt 1" in page) == (True, False)


@pytest.mark.parametrize("verb", ["part", "withdraw"])
def test_people_of_a_partner_leave_the_team_with_it(world: World, draft: Response, verb: str) -> None:
    with transaction():
        part = make_coalition.joined(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        own = make_response.team_member(again(draft).provider, "Ann Keeper")
        theirs = make_response.team_member(part.provider, "Bea Quay")
        name_team(again(draft), parts={own.id: "Leads.", theirs.id: "Moves records."}, by=world.staff)
        if verb == "part":
            commands.part_from_partner(make_coalition.invitation_of(part), reason="Done.", by=world.staff)
        else:
            responses.withdraw_response(again(draft), by=world.staff)
    with reading():
        assert [place.name for place in again(draft).team] == ["Ann Keeper"]


def test_what_the_lead_wrote_stays_when_who_was_to_write_it_leaves(world: World, draft: Response) -> None:
    with transaction():
        first, last = draft.need.requirements[0], draft.need.requirements[-1]
        invitation = make_coalition.invited(
            again(draft), world.rival, by=world.staff, requirements=again(draft).need.requirements
        )
        commands.accept_invitation(invitation, by=world.rival_staff)
        commands.confirm_partner(invitation, by=world.staff)
        theirs = next(each for each in again(draft).need.requirements if each.id == last.id)
        responses.answer_requirement(again(draft), theirs, text="Quay's.", evidence=[], by=world.rival_staff)
        commands.leave_coalition(invitation, reason="No people.", by=world.rival_staff)
    with reading():
        said = {each.requirement_id: each.text for each in again(draft).answers}
        assert said[first.id] == "We do this. Answer 1."
        assert last.id not in said


def test_the_audit_of_an_opened_response_names_nobody_of_a_partner_that_left(world: World, draft: Response) -> None:
    with transaction():
        part = make_coalition.submitted(again(draft), world.rival, by=world.staff, partner_by=world.rival_staff)
        commands.leave_coalition(make_coalition.invitation_of(part), reason="No people.", by=world.rival_staff)
        make_response.write(again(draft), by=world.staff)
        responses.submit_response(again(draft), by=world.staff)
    with transaction():
        need = again(draft).need
        need.deadline_at = clock.now() - timedelta(seconds=1)
        open_responses(need, by=session().merge(world.officer))
    with transaction():
        operator = make.operator()
    with reading():
        for person in (world.officer, operator):
            entries = session().scalars(visible_entries(session().merge(person), f"responses:{draft.id}")).all()
            assert world.rival_staff.id not in {each.person_id for each in entries}
            assert {each.verb for each in entries} >= {"submit", "open"}


def test_a_broken_seal_of_an_invitation_keeps_nobody_from_withdrawing(world: World, draft: Response) -> None:
    with transaction():
        invitation = make_coalition.invited(again(draft), world.rival, by=world.staff)
    with transaction():
        held = queries.find_invitation(again(draft), world.rival)
        assert held is not None
        assert held.id == invitation.id
        held.sealed = "x" * 80
    with transaction():
        responses.withdraw_response(get_own_response(draft.id, world.staff), by=world.staff)
    with reading():
        assert [each.state for each in queries.invitations_of(again(draft))] == ["taken_back"]


def test_what_partners_won_together_counts_for_each(world: World) -> None:
    with transaction():
        need = make_need.open_need(title="Won together")
        lead, rival = get_provider(world.provider.id), get_provider(world.rival.id)
        response = make_response.draft(need, of=lead, by=world.staff)
        make_coalition.submitted(response, rival, by=world.staff, partner_by=world.rival_staff)
        make_review.notified(need, winners={response: 5_000_00})
    with reading():
        for provider_id, person in ((world.provider.id, world.staff), (world.rival.id, world.rival_staff)):
            found = told_results(get_need(world.need.id), get_provider(provider_id), person)
            assert [(each.need.title, each.state) for each in found] == [("Won together", "awarded")]
