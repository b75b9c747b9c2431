"""Short makers of conversations, for use inside `with transaction():`; they go through the commands."""

from datetime import timedelta

from app.accounts.models import Person
from app.kernel import clock
from app.needs.models import ANSWERS, Need
from app.providers.models import Provider
from app.responses.interest import commands
from app.responses.interest.models import AGREED, ASKED, DECLINED, IN_TOUCH, OFFERED, TAKEN_BACK, Conversation
from tests.responses import make as make_response

WAYS = {
    ASKED: (),
    IN_TOUCH: ("promise",),
    OFFERED: ("offer",),
    AGREED: ("offer", "agree"),
    DECLINED: ("decline",),
    TAKEN_BACK: ("take back",),
}


def act(verb: str, conversation: Conversation, *, buyer: Person, staff: Person) -> None:
    """Do one thing to a conversation, by whose part it is."""
    if verb == "promise":
        commands.promise_contact(conversation, answer="In May.", by=buyer)
    elif verb == "offer":
        at = clock.now() + timedelta(days=3)
        commands.offer_time(conversation, offered_for=at, answer="By telephone.", by=buyer)
    elif verb == "decline":
        commands.decline_conversation(conversation, answer="All is said in the need.", by=buyer)
    elif verb == "agree":
        commands.agree_to_time(conversation, by=staff)
    else:
        commands.take_back_conversation(conversation, by=staff)


def conversation(
    need: Need,
    *,
    of: Provider | None = None,
    by: Person | None = None,
    about: str = "How firm is it?",
    state: str = ASKED,
) -> Conversation:
    """A conversation that a provider asked for, in this state."""
    of = of or make_response.provider()
    speaker = by or make_response.staff(of)
    made = commands.ask_for_conversation(need, of, about=about, by=speaker)
    answerer = next(owner.person for owner in need.owners if owner.duty == ANSWERS)
    for verb in WAYS[state]:
        act(verb, made, buyer=answerer, staff=speaker)
    return made
