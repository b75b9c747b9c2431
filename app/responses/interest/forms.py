"""Forms of interest with capacity, and of what is answered to who asks for a conversation."""

from collections.abc import Collection

from app.capabilities.models import Capability
from app.kernel import clock
from app.kernel.forms import Choice, Choices, Day, LongText, Moment, VersionedForm, Whole
from app.needs.models import Need
from app.responses.interest.models import Conversation

PROMISE, OFFER, DECLINE = "promise_contact", "offer_time", "decline"
ANSWERS = {
    PROMISE: ("We will be in touch", "Say by when, if you can."),
    OFFER: ("Offer a time", "They can agree to it, or take their request back."),
    DECLINE: ("Decline", "They read your reason."),
}
ASK = "ask"


class InterestForm(VersionedForm):
    """Capacity for a need below open, and whether the provider would like to talk."""

    people = Whole("How many people could you offer?", called="The number of people", least=1, most=10_000)
    from_on = Day(
        "From when?",
        called="The date",
        hint="For example, 27 3 2027",
        required="Enter the date from which they are free",
    )
    capabilities = Choices(
        "Which of these would they cover?",
        hint="What this need asks for. Leave out what others would have to bring.",
        required=False,
        mark_optional=False,
    )
    note = LongText(
        "What should the department know?",
        called="The note",
        hint="The department reads this, and no other provider. Do not include prices.",
        required=False,
        max_length=2_000,
    )
    conversation = Choices(
        "Would you like to talk with the department?",
        [
            (
                ASK,
                "Ask for a conversation",
                "The owners of this need are told. They can be in touch, offer a time or decline.",
            )
        ],
        required=False,
        mark_optional=False,
    )
    about = LongText(
        "What would you like to talk about?",
        called="What you would like to talk about",
        hint="Nobody but you and the department reads this. What the need leaves open is better asked under Questions, "
        "where everybody reads the answer.",
        required=False,
        max_length=1_000,
    )

    def offer_capabilities(self, need: Need) -> None:
        """List what the need asks for, as a whole and by requirement."""
        self.capabilities.offer([(each, each.name) for each in need.all_capabilities])

    def leave_out_conversation(self) -> None:
        """Ask nobody twice: a conversation was asked for already."""
        del self.conversation, self.about

    @property
    def asks(self) -> str | None:
        """What the provider would like to talk about, where it would."""
        return self.about.data if "about" in self and self.conversation.data else None

    @property
    def capacity(self) -> dict[str, object]:
        """What is said of people, for the commands of interest."""
        return {name: self[name].data for name in ("people", "from_on", "capabilities", "note")}

    def cross_check(self) -> None:
        if "about" not in self:
            return
        if self.conversation.data and not self.about.data:
            self.fail("about", "Enter what you would like to talk about")
        elif self.about.data and not self.conversation.data:
            self.fail("conversation", "Select “Ask for a conversation”, or empty what you would like to talk about")


class AnswerConversationForm(VersionedForm):
    """What the department answers to one provider that would like to talk."""

    verb = Choice("What do you answer?", called="What you answer", required="Select what you answer")
    offered_for = Moment("When could you talk?", called="The time", required=False, earliest=clock.today)
    answer = LongText(
        "What should they know?",
        called="Your note",
        hint="Where to meet or by which call, when you will be in touch, or why not.",
        required=False,
        max_length=1_000,
    )

    def offer_answers(self, conversation: Conversation, *, can_meet: bool) -> None:
        """List what can be answered in its state; once the need is open, only no."""
        verbs: Collection[str] = [each for each in ANSWERS if conversation.can(each) and (can_meet or each == DECLINE)]
        self.verb.offer([(each, *ANSWERS[each]) for each in verbs])
        self.offered_for.in_zone(conversation.need.time_zone)

    def cross_check(self) -> None:
        if self.verb.data == OFFER:
            self._check_offer()
        elif self.offered_for.data:
            self.fail("verb", "Select “Offer a time”, or empty the time")
        if self.verb.data == DECLINE and not self.answer.data:
            self.fail("answer", "Enter why you decline")

    def _check_offer(self) -> None:
        if self.offered_for.data is None:
            self.fail("offered_for", "Enter the time that you offer")
        elif self.offered_for.data <= clock.now():
            self.fail("offered_for", "The time must be in the future")
        if not self.answer.data:
            self.fail("answer", "Enter where to meet, or by which call")


def suggested(need: Need, held: Collection[str]) -> list[Capability]:
    """The capabilities that a need asks for and a provider shows in public, so that it need not say so again."""
    return [each for each in need.all_capabilities if each.id in held]
