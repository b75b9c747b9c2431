"""Forms of officers in a review."""

from collections.abc import Mapping, Sequence

from app.kernel.forms import Choice, Choices, Form, Hidden, LongText, Money, VersionedForm
from app.responses.models import Response

AWARD, NONE = "award", "none"
DECISIONS = [(AWARD, "Award to one or more of the shortlisted"), (NONE, "None is suitable")]


class SetAsideForm(VersionedForm):
    """Why a response is out of the running."""

    reason = LongText(
        "Why do you set this response aside?",
        required="Enter the reason why you set this response aside",
        called="The reason",
        hint="The provider reads it together with its feedback.",
        max_length=3_000,
    )


class DecideForm(Form):
    """The decision on a review; `decide_form` adds a value for each response that can win."""

    seen = Hidden()
    decision = Choice("What is the decision?", DECISIONS, required="Select the decision")
    winners = Choices("Who is awarded?", required=False, mark_optional=False, hint="Several can be.")
    reason = LongText(
        "Why?",
        required="Enter the reason for the decision",
        called="The reason",
        hint="Everybody who responded reads it together with their feedback.",
        max_length=5_000,
    )

    def cross_check(self) -> None:
        """An award wants winners with values; none wants no winner."""
        if self.decision.data == NONE and self.chosen:
            self.fail("winners", "Clear the responses, or select that you award")
        if self.decision.data == AWARD and not self.chosen:
            self.fail("winners", "Select who is awarded")
        for response in self.chosen:
            if self[value_name(response)].data is None:
                self.fail(value_name(response), f"Enter the value of the award to {response.provider.name}")

    @property
    def chosen(self) -> list[Response]:
        """The responses that are to win; without a shortlist there is no such field."""
        return self.winners.data if "winners" in self else []

    @property
    def awards(self) -> Mapping[Response, int]:
        """The winners, and for how much."""
        return {response: self[value_name(response)].data for response in self.chosen}


def value_name(response: Response) -> str:
    """The name of the field for the value of an award."""
    return f"value_{response.id}"


def decide_form(shortlisted: Sequence[Response], prices: Mapping[str, int]) -> DecideForm:
    """The form of one decision: the shortlisted can win, each for its own price unless another value is typed."""
    values = {
        value_name(response): Money(
            f"Value of the award to {response.provider.name}",
            required=False,
            mark_optional=False,
            default=prices[response.id],
        )
        for response in shortlisted
    }
    form: DecideForm = type("DecideForm", (DecideForm,), values)()
    if shortlisted:
        form.winners.offer([(response, response.provider.name) for response in shortlisted])
    else:
        del form.winners
        form.decision.offer(DECISIONS[1:])
    return form
