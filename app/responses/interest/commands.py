"""Asking for a conversation below open, and answering. What is said stays with the two sides, not in the audit."""

from datetime import datetime

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import add_once
from app.kernel.errors import IllegalMove, NotAllowed
from app.matching.parties import may_take_part
from app.needs.models import Need
from app.providers.models import Provider
from app.responses.interest import policy
from app.responses.interest.models import Conversation
from app.responses.interest.queries import find_conversation
from app.responses.policy import takes_interest

TOO_LATE = "Conversations are asked for and agreed while a need is live and not open yet."
ASKED_ALREADY = "Your organisation has asked for a conversation already."


def ask_for_conversation(need: Need, provider: Provider, *, about: str, by: Person) -> Conversation:
    """Ask the need's owners to talk, and say what about."""
    _require_below_open(need)
    if not policy.may_ask_for_conversation(by, need, provider) or not may_take_part(need, provider):
        raise NotAllowed("You cannot ask for a conversation about this need for this provider.")
    conversation = Conversation(need=need, provider=provider, about=about, asked_by_id=by.id, asked_at=clock.now())
    add_once(conversation, ASKED_ALREADY)
    audit.record("ask_for_conversation", conversation, by=by, facts={"need": need.id, "provider": provider.id})
    notices.post("conversation.asked", subject=conversation)
    return conversation


def promise_contact(conversation: Conversation, *, answer: str = "", by: Person) -> None:
    """Say that the department will be in touch. Moves: conversation asked -> in touch."""
    _require_below_open(conversation.need)
    _answer(conversation, "promise_contact", answer, None, by)


def offer_time(conversation: Conversation, *, offered_for: datetime, answer: str, by: Person) -> None:
    """Offer a time, or another one, and say where or how. Moves: conversation asked, in touch, offered -> offered."""
    _require_below_open(conversation.need)
    if offered_for <= clock.now():
        raise IllegalMove("Offer a time that is still to come.")
    _answer(conversation, "offer_time", answer, offered_for, by)


def decline_conversation(conversation: Conversation, *, answer: str, by: Person) -> None:
    """Say no, with the reason. Moves: conversation asked, in touch, offered -> declined."""
    _answer(conversation, "decline", answer, None, by)
    conversation.ended_at = clock.now()


def agree_to_time(conversation: Conversation, *, by: Person) -> None:
    """Take the time that is offered. Moves: conversation offered -> agreed."""
    _require_below_open(conversation.need)
    conversation.move("agree_to_time")
    audit.record("agree_to_time", conversation, by=by)
    notices.post("conversation.agreed", subject=conversation)


def take_back_conversation(conversation: Conversation, *, by: Person) -> None:
    """Ask no more. Moves: conversation asked, in touch, offered, agreed -> taken back."""
    conversation.move("take_back")
    conversation.ended_at = clock.now()
    audit.record("take_back", conversation, by=by)
    notices.post("conversation.taken_back", subject=conversation)


def end_with_interest(need: Need, provider: Provider, *, by: Person) -> None:
    """Who withdraws its interest asks no more. Moves: conversation asked, in touch, offered, agreed -> taken back."""
    conversation = find_conversation(need, provider)
    if conversation is not None and conversation.is_current:
        take_back_conversation(conversation, by=by)


def _answer(conversation: Conversation, verb: str, answer: str, offered_for: datetime | None, by: Person) -> None:
    if not policy.may_answer_for(by, conversation.need):
        raise NotAllowed("Officers and owners who answer suppliers can answer this.")
    conversation.move(verb)
    conversation.answer, conversation.offered_for = answer, offered_for
    conversation.answered_by_id, conversation.answered_at = by.id, clock.now()
    audit.record(verb, conversation, by=by, facts={"offered_for": offered_for} if offered_for else {})
    notices.post("conversation.answered", subject=conversation)


def _require_below_open(need: Need) -> None:
    if not takes_interest(need):
        raise IllegalMove(TOO_LATE)
