"""Who hears of what in a coalition: each side what it must know, and nobody outside."""

import pytest

from app.alerts.hearing import RULES
from app.kernel.db import session, transaction
from app.responses import commands as responses
from app.responses.coalitions import commands
from tests.alerts.test_hearing import told
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World

LEAD, PARTNER = {"Staff", "Lead"}, {"Rival staff"}
HEARD = {
    "partner.invite": PARTNER,
    "partner.accept": LEAD,
    "partner.confirm": PARTNER,
    "partner.terms": PARTNER,
    "partner.agreed": LEAD,
    "response.submitted": LEAD | PARTNER,
}
ENDINGS = {
    "leave": {"partner.leave": LEAD, "coalition.changed": set()},
    "part": {"partner.part": PARTNER, "coalition.changed": set()},
    "reopen": {"coalition.changed": PARTNER},
    "withdraw": {"partner.release": PARTNER},
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_both_sides_hear_of_each_step_and_who_works_on_both_sides_of_the_need_does_not(
    world: World, ending: str
) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        part = make_coalition.submitted(response, world.rival, by=world.staff, partner_by=world.rival_staff)
    assert {kind: told(kind) for kind in HEARD} == HEARD
    with transaction():
        response, part = session().merge(response), session().merge(part)
        invitation = make_coalition.invitation_of(part)
        if ending == "leave":
            commands.leave_coalition(invitation, reason="We lost our people.", by=world.rival_staff)
        elif ending == "part":
            commands.part_from_partner(invitation, reason="We found our own.", by=world.staff)
        elif ending == "reopen":
            commands.reopen_response(response, by=world.staff)
        else:
            responses.withdraw_response(response, by=world.staff)
    assert {kind: told(kind) for kind in ENDINGS[ending]} == ENDINGS[ending]


@pytest.mark.parametrize("verb", ["decline", "take_back"])
def test_the_other_side_hears_of_a_no(world: World, verb: str) -> None:
    with transaction():
        response = make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)
        invitation = make_coalition.invited(response, world.rival, by=world.staff)
        if verb == "decline":
            commands.decline_invitation(invitation, by=world.rival_staff)
        else:
            commands.take_back_invitation(invitation, by=world.staff)
    assert told(f"partner.{verb}") == (LEAD if verb == "decline" else PARTNER)


def test_every_notice_of_coalitions_has_its_rule() -> None:
    kinds = {kind for kind in RULES if kind.startswith(("partner.", "coalition."))}
    told_of = (
        set(HEARD) | {kind for kinds in ENDINGS.values() for kind in kinds} | {"partner.decline", "partner.take_back"}
    )
    assert kinds == told_of - {"response.submitted"}
