"""Reading conversations, and what of them awaits people."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import ANSWERS, LIVE, OPEN, Need, NeedOwner
from app.needs.queries import WHOLE as WHOLE_NEED
from app.providers.models import Provider
from app.providers.queries import providers_of
from app.responses.interest import policy
from app.responses.interest.models import ASKED, CURRENT, OFFERED, TAKEN_BACK, Conversation

PARTIES: tuple[Any, ...] = (
    selectinload(Conversation.need).options(*WHOLE_NEED),
    joinedload(Conversation.provider).joinedload(Provider.organisation),
    joinedload(Conversation.asked_by),
    joinedload(Conversation.answered_by),
)


def get_conversation(conversation_id: str, person: Person | None) -> Conversation:
    """A conversation, to the two sides that have it; for everybody else it does not exist."""
    wanted = select(Conversation).where(Conversation.id == conversation_id).options(*PARTIES)
    found = session().scalar(wanted) if conversation_id.isalnum() else None
    if found is None or not policy.may_read_conversation(person, found):
        raise NotFound
    return found


def find_conversation(need: Need, provider: Provider) -> Conversation | None:
    """The provider's last request to talk about this need, whatever became of it."""
    own = select(Conversation).where(Conversation.need_id == need.id, Conversation.provider_id == provider.id)
    last = own.order_by(Conversation.asked_at.desc(), Conversation.state.in_(CURRENT).desc(), Conversation.id)
    return session().scalars(last.options(*PARTIES)).first()


def conversations_in(need: Need) -> list[Conversation]:
    """Who asked to talk about a need, those that wait first; what was taken back is not shown."""
    asked = select(Conversation).where(Conversation.need_id == need.id, Conversation.state != TAKEN_BACK)
    order = (Conversation.state != ASKED, Conversation.asked_at, Conversation.id)
    provider = joinedload(Conversation.provider).joinedload(Provider.organisation)
    return list(session().scalars(asked.order_by(*order).options(provider)))


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """For owners who answer: who asks to talk. For providers: times that are offered."""
    return [*_asked_of(person), *_offered_to(person)]


def _below_open(state: str) -> Any:
    below = select(Conversation).join(Need).where(Conversation.state == state, Need.state == LIVE, Need.rung != OPEN)
    return below.order_by(Conversation.asked_at, Conversation.id).options(*PARTIES)


def _asked_of(person: Person) -> list[Awaiting]:
    owned = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id, NeedOwner.duty == ANSWERS)
    return [
        _awaiting(f"{each.provider.name} asks to talk about: {each.need.title}", each, each.asked_at)
        for each in session().scalars(_below_open(ASKED).where(Conversation.need_id.in_(owned)))
        if policy.may_answer(person, each)
    ]


def _offered_to(person: Person) -> list[Awaiting]:
    ids = [provider.id for provider in providers_of(person)]
    return [
        _awaiting(f"A time to talk is offered: {each.need.title}", each, each.answered_at or each.asked_at)
        for each in session().scalars(_below_open(OFFERED).where(Conversation.provider_id.in_(ids)))
        if policy.may_agree(person, each)
    ]


def _awaiting(text: str, conversation: Conversation, since: datetime) -> Awaiting:
    return Awaiting(text, "interest.conversation", {"conversation_id": conversation.id}, since, group="Conversations")
