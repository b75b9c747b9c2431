"""Forms of single acts: posting, moving on the ladder, withdrawing, choosing owners."""

from collections.abc import Iterable
from typing import Any

from app.accounts.models import Organisation, Person
from app.kernel import clock
from app.kernel.forms import Choice, Day, Form, LongText, Moment, Option, Text
from app.needs import choices
from app.needs.ladder import LADDER, is_up
from app.needs.models import OPEN, RUNGS, SIGNAL, Need

DRAFT_FIELD: dict[str, Any] = {"required": False, "mark_optional": False}
REASON = "Give the reason. Everybody can read it."


def rung_options(rungs: Iterable[str] = RUNGS) -> list[Option]:
    """The rungs, with what each means."""
    return [Option(key, LADDER[key].label, LADDER[key].meaning) for key in rungs]


def confidence(question: str, called: str) -> Any:
    """A question that is answered low, medium or high."""
    return Choice(question, list(choices.CONFIDENCE.items()), called=called, **DRAFT_FIELD)


def opening_day() -> Any:
    """The day on which the department expects to open the need."""
    return Day(
        "When do you expect to open it?",
        called="The day",
        hint="Needed from shaping onwards. How late it opens is published, measured from the first day that you name.",
        **DRAFT_FIELD,
    )


def review_day() -> Any:
    """The day on which the department looks at its signal again."""
    return Day(
        "When will you look at it again?",
        called="The day",
        hint="Needed until it is open. On that day it is on your desk: you say whether it still stands.",
        **DRAFT_FIELD,
    )


class PostForm(Form):
    """The first page of a new need."""

    department = Choice("Which department is it for?", style="select", required="Select a department")
    title = Text("Title", hint="Say what should change, not what to buy.", required="Enter a title", width="full")
    summary = LongText(
        "Summary", hint="Two or three sentences that anybody understands.", lines=3, max_length=1_000, **DRAFT_FIELD
    )
    rung = Choice("How firm is it?", rung_options, default="horizon", required="Select how firm it is")

    def __init__(self, departments: list[Organisation], **options: Any) -> None:
        super().__init__(**options)
        self.department.offer([(each, each.name) for each in departments])
        if len(departments) == 1 and not self.is_submitted():
            self.department.process_data(departments[0])


class MoveForm(Form):
    """A step up or down the ladder, and what is said of the signal there."""

    rung = Choice("Move to", required="Select a rung")
    confidence_need = confidence("How sure are you that you will have this need?", "How sure the need is")
    confidence_money = confidence("How sure are you of the money?", "How sure the money is")
    expected_open_on = opening_day()
    review_on = review_day()
    deadline_at = Moment(
        "Deadline for responses",
        called="The deadline",
        hint="Only when you move to open. For example, 27 3 2027 and 5pm.",
        earliest=clock.today,
        required=False,
        mark_optional=False,
    )
    questions_until = Moment(
        "Until when may suppliers ask questions?",
        called="The end of questions",
        hint="Only when you move to open: some days before the deadline.",
        earliest=clock.today,
        required=False,
        mark_optional=False,
    )
    reason = LongText(
        "Why does it move?", hint=REASON, required="Enter a reason", called="The reason", max_length=2_000
    )

    def __init__(self, need: Need, last: Any = None) -> None:
        """`last` is a request that was returned: what was typed for it is there again."""
        typed = {"rung": last.to_rung, "reason": last.reason} if last else {}
        super().__init__(obj=last or need, data=typed)
        self.rung.offer(
            [
                Option(key, LADDER[key].label, f"{'Up' if is_up(need.rung, key) else 'Down'}: {LADDER[key].meaning}")
                for key in RUNGS
                if key != need.rung
            ]
        )
        self.deadline_at.in_zone(need.time_zone)
        self.questions_until.in_zone(need.time_zone)

    @property
    def step(self) -> dict[str, Any]:
        """Where the need goes, and what is said of it there: what the commands of a move take."""
        signal = {name: self._fields[name].data for name in SIGNAL}
        moments = {name: self._fields[name].data for name in ("deadline_at", "questions_until")}
        return {"to": self.rung.data, **moments, "signal": signal}

    def cross_check(self) -> None:
        if self.rung.data == OPEN and self.deadline_at.blank:
            self.fail("deadline_at", "Enter the deadline for responses")
        if self.rung.data == OPEN and self.questions_until.blank:
            self.fail("questions_until", "Enter until when suppliers may ask questions")


class ReviewForm(Form):
    """A look at a signal that leaves it on its rung."""

    confidence_need = confidence("How sure are you that you will have this need?", "How sure the need is")
    confidence_money = confidence("How sure are you of the money?", "How sure the money is")
    expected_open_on = opening_day()
    review_on = review_day()
    reason = LongText(
        "What has changed, or why does it stand?",
        hint=REASON,
        required="Say what has changed, or why it stands",
        called="What has changed",
        max_length=2_000,
    )


class WithdrawForm(Form):
    """The end of a live need, with its reason."""

    reason = LongText(
        "Why is it withdrawn?", hint=REASON, required="Enter a reason", called="The reason", max_length=2_000
    )


class OwnerForm(Form):
    """A duty for a colleague."""

    person = Choice("Colleague", style="select", required="Select a colleague")
    duty = Choice("Duty", list(choices.DUTIES.items()), required="Select a duty")

    def __init__(self, colleagues: list[Person]) -> None:
        super().__init__()
        self.person.offer([(each, f"{each.name}, {each.email}") for each in colleagues])
