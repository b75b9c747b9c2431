"""Who asks for a conversation, who answers, and who reads it: pure predicates over loaded rows."""

from app.accounts.models import Person
from app.needs.models import ANSWERS, Need
from app.needs.policy import has_duty, is_officer_of
from app.providers.models import Provider
from app.responses.interest.models import Conversation
from app.responses.policy import may_read_interests, may_register_interest, may_speak_for, takes_interest


def may_ask_for_conversation(person: Person | None, need: Need, provider: Provider) -> bool:
    """Whoever may register interest for the provider."""
    return may_register_interest(person, need, provider)


def may_answer_for(person: Person | None, need: Need) -> bool:
    """The department's officers and the owners who answer suppliers, unless they work for a provider."""
    return may_read_interests(person, need) and (is_officer_of(person, need) or has_duty(person, need, ANSWERS))


def may_read_conversation(person: Person | None, conversation: Conversation | None) -> bool:
    """Who reads the interest in its need, and the staff of the provider that asked; no other provider."""
    if conversation is None:
        return False
    return may_read_interests(person, conversation.need) or speaks_in(person, conversation)


def speaks_in(person: Person | None, conversation: Conversation) -> bool:
    """Whether the person speaks for the provider that asked."""
    return may_speak_for(person, conversation.need, conversation.provider)


def may_answer(person: Person | None, conversation: Conversation) -> bool:
    """Who answers suppliers; a no can be said whatever became of the need: everybody gets an answer."""
    return conversation.can("decline") and may_answer_for(person, conversation.need)


def may_meet(person: Person | None, conversation: Conversation) -> bool:
    """Who answers suppliers, while the need is below open: from then on all hear the same."""
    return may_answer(person, conversation) and takes_interest(conversation.need)


def may_agree(person: Person | None, conversation: Conversation) -> bool:
    """The provider's staff, when a time is offered and the need is still below open."""
    is_possible = conversation.can("agree_to_time") and takes_interest(conversation.need)
    return is_possible and speaks_in(person, conversation)


def may_take_back(person: Person | None, conversation: Conversation) -> bool:
    """The provider's staff, as long as it stands."""
    return conversation.can("take_back") and speaks_in(person, conversation)
