"""Who may do what in a coalition: every role against every act, in each state of an invitation."""

from collections.abc import Callable

import pytest

from app.kernel.db import session, transaction
from app.needs.models import Need
from app.responses.coalitions import commands, policy
from app.responses.coalitions.models import PartnerInvitation
from app.responses.commands import submit_response
from app.responses.models import Response
from app.responses.policy import may_change_response, may_lead_response, may_read_response, may_write_in
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World, statements

# `both` works for the lead and is an officer of the need's department; `team_staff` is that department's own team
LEADS, PARTNER, NOBODY = {"staff", "lead"}, {"rival_staff"}, set[str]()
BOTH = LEADS | PARTNER
OF_INVITATION: dict[str, dict[str, set[str]]] = {
    "may_see_invitation": {"sent": BOTH, "accepted": BOTH, "joined": BOTH, "declined": BOTH, "submitted": BOTH},
    "may_accept_invitation": {"sent": PARTNER},
    "may_decline_invitation": {"sent": PARTNER, "accepted": PARTNER},
    "may_take_back_invitation": {"sent": LEADS, "accepted": LEADS},
    "may_confirm_partner": {"accepted": LEADS},
    "may_leave_coalition": {"joined": PARTNER, "submitted": PARTNER},
    "may_part_from": {"joined": LEADS, "submitted": LEADS},
}
OF_RESPONSE: dict[str, tuple[Callable[..., bool], dict[str, set[str]]]] = {
    "read": (may_read_response, {"joined": BOTH, "submitted": BOTH}),
    "write": (may_write_in, {"joined": BOTH, "submitted": BOTH}),
    "lead": (may_lead_response, {}),
    "change": (may_change_response, {}),
    "invite": (policy.may_invite_partner, {}),
    "reopen": (policy.may_reopen_response, {"submitted": LEADS, "joined": NOBODY, "sent": NOBODY, "accepted": NOBODY}),
}
STATES = ("sent", "accepted", "declined", "joined", "submitted")


def reach(world: World, state: str) -> tuple[Response, PartnerInvitation]:
    """A response with an invitation that came as far as this."""
    response = make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)
    invitation = make_coalition.invited(response, world.rival, by=world.staff)
    if state == "declined":
        commands.decline_invitation(invitation, by=world.rival_staff)
    elif state != "sent":
        commands.accept_invitation(invitation, by=world.rival_staff)
        if state in ("joined", "submitted"):
            commands.confirm_partner(invitation, by=world.staff)
        if state == "submitted":
            make_coalition.settled(response, by=world.staff, people={world.rival.id: world.rival_staff})
            submit_response(response, by=world.staff)
    return response, invitation


@pytest.mark.parametrize("state", STATES)
def test_every_role_against_every_act(world: World, state: str) -> None:
    with transaction():
        response, invitation = reach(world, state)
        for name, table in OF_INVITATION.items():
            may: Callable[..., bool] = getattr(policy, name)
            allowed = {role for role, person in world.people.items() if may(person, invitation)}
            assert (name, allowed) == (name, table.get(state, NOBODY))
            assert not may(None, invitation)
        for name, (may, by_state) in OF_RESPONSE.items():
            fallback = NOBODY if name == "reopen" else LEADS
            allowed = {role for role, person in world.people.items() if may(person, response)}
            assert (name, allowed) == (name, by_state.get(state, fallback))


@pytest.mark.parametrize("state", ["joined", "submitted"])
def test_each_member_answers_its_own_requirements_and_the_lead_what_is_nobodys(world: World, state: str) -> None:
    with transaction():
        response, _ = reach(world, state)
        who = [
            {role for role, person in world.people.items() if policy.may_answer(person, response, requirement)}
            for requirement in response.need.requirements
        ]
        assert who == [*(LEADS for _ in response.need.requirements[:-1]), PARTNER]


def test_the_list_of_whom_a_lead_asked_costs_the_same_for_one_and_for_three(
    browser: Callable[..., object], world: World
) -> None:
    with transaction():
        need = session().get_one(Need, world.need.id)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        make_coalition.invited(response, world.rival, by=world.staff)
    lead = browser(world.staff)
    paths = [f"/responses/{response.id}/partners", f"/responses/{response.id}/coalition"]
    _counted(lead, paths)
    counts = [_counted(lead, paths)]
    with transaction():
        response = session().get_one(Response, response.id)
        for _ in range(2):
            make_coalition.invited(response, make_response.provider(), by=world.staff)
    _counted(lead, paths)
    counts.append(_counted(lead, paths))
    assert counts[0] == counts[1]


def _counted(lead: object, paths: list[str]) -> list[int]:
    found = []
    for path in paths:
        with statements() as sent:
            lead.get(path, 200)  # type: ignore[attr-defined]
        found.append(len(sent))
    return found
