"""The form with which an owner answers the three questions, each by itself or all at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.kernel.forms import Choice, Form, LongText, Option
from app.matching.forms import Token
from app.needs.firsts.choices import Question, faults
from app.needs.firsts.models import FirstAnswer
from app.outcomes.firsts.queries import Offered

NONE_OF_THESE = "none-of-these"
REASON = "Your reason, or what you will do"
HINT = "Everybody reads this once the need is published as committed or open."


class FirstsForm(Form):
    """What is answered; `firsts_form` adds three fields for each question."""

    seen = Token()
    offered: Mapping[str, Offered] = {}

    def fields_of(self, question: str) -> list[Any]:
        """The fields of one question that are there: its answer, which candidate, and why."""
        names = (f"{question}_answer", f"{question}_chosen", f"{question}_reason")
        return [self[name] for name in names if name in self]

    @property
    def given(self) -> dict[str, dict[str, str]]:
        """What was said to each question to which anything was said."""
        said = {key: self._said(key) for key in self.offered}
        return {key: each for key, each in said.items() if any(each.values())}

    def _said(self, question: str) -> dict[str, str]:
        chosen = self[f"{question}_chosen"].data if f"{question}_chosen" in self else ""
        return {
            "answer": self[f"{question}_answer"].data,
            "reason": self[f"{question}_reason"].data,
            "chosen": "" if chosen == NONE_OF_THESE else chosen,
        }

    def cross_check(self) -> None:
        """What the rules of the questions say, and that there is anything to keep."""
        if not self.given:
            self.refuse("Answer at least one question")
        for key, said in self.given.items():
            shown = {each.name for each in self.offered[key].candidates}
            for fault in faults(self.offered[key].question, **said, shown=shown):
                self.fail(f"{key}_{fault.field}", fault.sentence)


def firsts_form(offered: Mapping[str, Offered], answers: Iterable[FirstAnswer]) -> FirstsForm:
    """The form for these questions and candidates, filled with what was answered before."""
    members: dict[str, Any] = {"offered": offered}
    for key, each in offered.items():
        members |= _fields(key, each.question, each)
    data = {}
    for answer in answers:
        data[f"{answer.question}_answer"], data[f"{answer.question}_reason"] = answer.answer, answer.reason
        data[f"{answer.question}_chosen"] = answer.chosen or NONE_OF_THESE
    form: FirstsForm = type("FirstsFormOfNeed", (FirstsForm,), members)(data=data)
    return form


def _fields(key: str, question: Question, offered: Offered) -> dict[str, Any]:
    optional: dict[str, Any] = {"required": False, "mark_optional": False}
    answers = [(answer.key, answer.label) for answer in question.answers]
    fields: dict[str, Any] = {f"{key}_answer": Choice(question.title, answers, **optional)}
    if offered.candidates:
        options = [Option(each.name, each.title, each.whose) for each in offered.candidates]
        options.append(Option(NONE_OF_THESE, "None of these"))
        fields[f"{key}_chosen"] = Choice(question.which, options, style="radios", **optional)
    fields[f"{key}_reason"] = LongText(REASON, hint=HINT, called="The reason", lines=3, max_length=2_000, **optional)
    return fields
