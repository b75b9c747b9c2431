"""Forms of questions: asking, answering, correcting, and handing over."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.models import Organisation, Person
from app.kernel import display
from app.kernel.audit import fingerprint as fingerprint_of
from app.kernel.forms import Choice, Choices, Form, LongText, Mark, Option
from app.needs.questions.alike import Likeness
from app.needs.questions.models import ALREADY, ANSWER, DECLINE, MOST_CHARACTERS, PublicAnswer
from app.needs.questions.queries import content_of, fingerprint

STALE = (
    "Somebody else changed this draft while you were working on it. What you typed is still in the form, "
    "and what is saved now stands below it. Press the button again to use yours instead."
)
LONGEST_ANSWER, WORDS_OF_A_CHOICE = 8_000, 30
KINDS = [
    Option(ANSWER, "Answer it"),
    Option(ALREADY, "It was answered already", "Everybody is led to that answer."),
    Option(DECLINE, "Decline it", "For example, since it is out of scope. Everybody reads your reason."),
]


class AskForm(Form):
    """A question, and the provider that asks it."""

    organisation = Choice("For which provider do you ask?", required="Select a provider", called="The provider")
    text = LongText(
        "Your question",
        called="The question",
        hint="Leave out what tells who you are: your name, your products, your clients.",
        required="Enter your question",
        max_length=MOST_CHARACTERS,
        lines=6,
    )

    def __init__(self, speakers: list[Organisation]) -> None:
        super().__init__()
        self.organisation.offer([(each, each.name) for each in speakers])
        if len(speakers) == 1 and not self.is_submitted():
            self.organisation.process_data(speakers[0])


class _Watched(Form):
    """A form whose words are published, which warns once of the names of providers in them."""

    warned = Mark()

    def is_warned_of(self, names: Sequence[str], *texts: str, typed: str = "") -> bool:
        """Whether nothing in these words may tell who asked, or the very same were warned of and are sent again.

        What may tell are the names of providers, and a question that stands as it was `typed`.
        """
        mark = fingerprint_of(texts)
        warnings = [
            f"The name of a provider stands in what would be published: {display.words(names)}. Take it out, "
            "or press the button again if it must stand there. Nobody may learn who asked.",
            "The question stands just as it was typed. Write it in your own words, or press the button again "
            "if nothing in it tells who asked.",
        ]
        told = [text for text, holds in zip(warnings, (names, typed and typed in texts), strict=True) if holds]
        if not told or self.warned.data == mark:
            return True
        self.warned.data = mark
        for text in told:
            self.refuse(text)
        return False


class AnswerForm(_Watched):
    """An answer as it is written; a draft may be saved unfinished."""

    version = Mark()
    is_stale = False
    kind = Choice("What do you do with it?", KINDS, required="Select what you do with it")
    together = Choices(
        "Answer others together with it",
        hint="One answer is published for all that you choose, at the same moment.",
        style="checkboxes",
        required=False,
        mark_optional=False,
    )
    wording = LongText(
        "The question, as everybody will read it",
        called="The question",
        hint="Write it in your own words. Take out every phrase that tells who asked.",
        required=False,
        mark_optional=False,
        max_length=MOST_CHARACTERS,
        lines=5,
    )
    text = LongText(
        "The answer, or the reason why it is declined",
        called="The answer",
        required=False,
        mark_optional=False,
        max_length=LONGEST_ANSWER,
        lines=8,
    )
    earlier = Choice(
        "Which answer answered it already?", style="select", blank=None, required=False, mark_optional=False
    )

    def __init__(self, content: Mapping[str, Any], others: Sequence[Likeness], answers: Sequence[PublicAnswer]) -> None:
        super().__init__(data=content)
        self.together.offer([_other(each) for each in others])
        self.earlier.offer([(each.id, _named(each)) for each in answers])

    def cross_check(self) -> None:
        if self.pressed != "publish":
            return
        if not self.wording.data:
            self.fail("wording", "Enter the question as everybody will read it")
        if self.kind.data == ALREADY and not self.earlier.data:
            self.fail("earlier", "Select the answer that answered it already")
        elif self.kind.data != ALREADY and not self.text.data:
            self.fail("text", "Enter the answer, or the reason why it is declined")

    def is_current_draft(self, draft: Any, question: Any) -> bool:
        """Whether nobody changed the draft since the page was shown; otherwise says so, and a second press saves."""
        now = fingerprint(draft, question)
        if self.version.data == now or content_of(draft, question) == self.content:
            return True
        self.version.data, self.is_stale = now, True
        self.refuse(STALE)
        return False


def _other(likeness: Likeness) -> Option:
    question = likeness.question
    alike = f"Alike: both say {display.words(likeness.shared[:8])}." if likeness.is_alike else "Not similar."
    arrived = f"Arrived on {display.day(question.asked_at)}."
    return Option(question.id, display.first_words(question.text, WORDS_OF_A_CHOICE), f"{alike} {arrived}")


def _named(answer: PublicAnswer) -> str:
    return f"{answer.number}: {display.first_words(answer.wording, 12)}"


class CorrectForm(_Watched):
    """A correction of a published answer."""

    text = LongText(
        "The corrected answer",
        hint="What was published stays as it is. Yours is published after it, and names it.",
        required="Enter the corrected answer",
        max_length=LONGEST_ANSWER,
        lines=8,
    )


class HandOverForm(Form):
    """Another officer."""

    officer = Choice("Hand it over to", style="select", required="Select an officer", called="The officer")

    def __init__(self, officers: list[Person]) -> None:
        super().__init__()
        self.officer.offer([(each, each.name) for each in officers])
