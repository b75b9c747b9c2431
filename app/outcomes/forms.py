"""Forms of outcomes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.kernel import clock
from app.kernel.forms import Choice, Day, Form, LongText, Text, VersionedForm, YesNo
from app.needs.models import SuccessMeasure
from app.outcomes.commands import Reached
from app.outcomes.models import RESULTS, OutcomeReport

LONGEST = timedelta(days=3653)


class StartForm(Form):
    """From when to when the work runs."""

    starts_on = Day(
        "When does the work start?",
        required="Enter when the work starts",
        called="The start",
        earliest=lambda: clock.today() - LONGEST,
        latest=lambda: clock.today() + LONGEST,
    )
    ends_on = Day(
        "When should it be finished?",
        required="Enter when it should be finished",
        called="The end",
        latest=lambda: clock.today() + LONGEST,
    )

    def cross_check(self) -> None:
        if self.ends_on.data < self.starts_on.data:
            self.fail("ends_on", "The end must be on or after the start")


class EndForm(Form):
    """Why a partnership ends before its time."""

    reason = LongText(
        "Why does it end early?",
        hint="Both sides see this, and it stays in the record.",
        required="Say why it ends early",
        called="The reason",
        max_length=2000,
    )


@dataclass(frozen=True)
class Unwritten:
    """Stands for a report that is not there yet, so that two colleagues who begin it at once do not overwrite it."""

    version: int = 0


class RecordForm(VersionedForm):
    """How one side says it went; `record_form` adds two fields for each success measure of the need."""

    result = Choice("What was the result?", list(RESULTS.items()), required="Select the result")
    helped = LongText("What helped?", required="Say what helped", called="What helped", max_length=2000)
    hindered = LongText(
        "What hindered?",
        hint="Enter “nothing” if all went smoothly.",
        required="Say what hindered, or enter “nothing”",
        called="What hindered",
        max_length=2000,
    )
    measures: list[SuccessMeasure] = []

    def fields_of(self, measure: SuccessMeasure) -> tuple[Any, Any]:
        """The two fields of one measure: the value, and whether the target was reached."""
        return self[f"value_{measure.id}"], self[f"reached_{measure.id}"]

    @property
    def results(self) -> list[Reached]:
        """What was said of each measure."""
        found: list[Reached] = []
        for measure in self.measures:
            value, reached = self.fields_of(measure)
            found.append({"measure_id": measure.id, "value": value.data, "reached": reached.data})
        return found


def record_form(measures: Iterable[SuccessMeasure], report: OutcomeReport | None) -> RecordForm:
    """The form for these measures, filled with what this side said before."""
    members: dict[str, Any] = {"measures": list(measures)}
    for measure in members["measures"]:
        members[f"value_{measure.id}"] = Text(
            "Where is it now?",
            hint=f"It was {measure.baseline}.",
            required=f"Enter where it is now: {measure.measure}",
            max_length=200,
        )
        members[f"reached_{measure.id}"] = YesNo(
            f"Was the target of {measure.target} reached?",
            required=f"Select whether the target was reached: {measure.measure}",
        )
    made = type("RecordFormOfNeed", (RecordForm,), members)
    return made(data=_said(report) if report else {"version": Unwritten.version})  # type: ignore[no-any-return]


def _said(report: OutcomeReport) -> dict[str, Any]:
    said: dict[str, Any] = {"version": report.version, "result": report.result}
    said |= {"helped": report.helped, "hindered": report.hindered}
    for result in report.results:
        said |= {f"value_{result.measure_id}": result.value, f"reached_{result.measure_id}": result.reached}
    return said
