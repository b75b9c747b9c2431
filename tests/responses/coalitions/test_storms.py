"""One provider, one part in a need: fifty at once start alone, and accept two coalitions, on a real database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from app.accounts.models import Person
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove
from app.needs.models import Need
from app.providers.models import Provider
from app.responses import commands as responses
from app.responses.coalitions import commands
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.models import Response
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World

TRIES = 50
STARTED = "Your organisation has started its response to this need already."
NOT_TWICE = "You cannot accept this invitation: it is accepted."


def test_fifty_tries_to_answer_alone_and_in_two_coalitions_end_in_one_part(world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        invitations = [_asked(need, world.rival).id for _ in range(2)]
    ways = [_alone(world), *(_accepting(each, world) for each in invitations)]
    start = Barrier(TRIES)

    def attempt(number: int) -> str:
        start.wait()
        try:
            return in_transaction(ways[number % len(ways)])
        except (Conflict, IllegalMove) as refusal:
            return refusal.message

    with ThreadPoolExecutor(TRIES) as pool:
        told = Counter(pool.map(attempt, range(TRIES)))
    with reading():
        part = session().scalars(select(Part).where(Part.provider_id == world.rival.id)).one()
        own = session().scalars(select(Response).where(Response.provider_id == world.rival.id)).all()
        states = Counter(session().scalars(select(PartnerInvitation.state)))
    assert told.pop(part.response_id) == 1
    assert set(told) <= {STARTED, commands.TAKEN, NOT_TWICE}
    assert part.is_lead == bool(own)
    assert states["accepted"] == (0 if part.is_lead else 1)


def _asked(need: Need, partner: Provider) -> PartnerInvitation:
    lead = make_response.provider()
    by = make_response.staff(lead)
    return make_coalition.invited(make_response.started(need, of=lead, by=by), partner, by=by)


def _alone(world: World) -> Callable[[], str]:
    def work() -> str:
        need, provider = session().get_one(Need, world.need.id), session().get_one(Provider, world.rival.id)
        return responses.start_response(need, provider, by=session().get_one(Person, world.rival_staff.id)).id

    return work


def _accepting(invitation_id: str, world: World) -> Callable[[], str]:
    def work() -> str:
        invitation = session().get_one(PartnerInvitation, invitation_id)
        by = session().get_one(Person, world.rival_staff.id)
        return commands.accept_invitation(invitation, by=by).response_id

    return work
