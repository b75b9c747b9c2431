"""Forms of joining a need, saying no, leaving, and of a department's own money."""

from typing import Any

from app.accounts.models import Organisation
from app.kernel.forms import Choice, Form, LongText, Money, YesNo

PUBLIC = "Everybody can read it."


def _reason(question: str, **more: Any) -> LongText:
    return LongText(question, hint=PUBLIC, required="Enter a reason", called="The reason", max_length=2_000, **more)


class LineForm(Form):
    """A department's own line of money in a joint need."""

    low_pence = Money("Lowest amount", hint="Your department's own share, without VAT.", required=False)
    high_pence = Money("Highest amount", required=False)
    approved = YesNo("Is this money approved?", called="Money approved", required=False)
    reason = _reason("Why is it changed?")

    def cross_check(self) -> None:
        low, high = self.low_pence.data, self.high_pence.data
        if low is not None and high is not None and low > high:
            self.fail("high_pence", "The highest amount must not be below the lowest amount")


class JoinForm(LineForm):
    """A department's wish to hold a need together with the one that leads it."""

    department = Choice("Which department joins?", style="select", required="Select a department")
    reason = _reason("Why do you want to hold this need together?")

    def __init__(self, departments: list[Organisation]) -> None:
        super().__init__()
        self.department.offer([(each, each.name) for each in departments])
        if len(departments) == 1 and not self.is_submitted():
            self.department.process_data(departments[0])


class LeaveForm(Form):
    """The end of a department's part in a need."""

    reason = _reason("Why does your department leave?")


class DeclineForm(Form):
    """The answer no to a department that asked."""

    note = LongText(
        "Why not?",
        hint="For the department that asked.",
        required="Enter a reason",
        called="The reason",
        max_length=2_000,
    )
