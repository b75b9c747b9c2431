"""The form of an amendment: a section's own, a reason, and near the deadline the offer to move it."""

from datetime import datetime
from functools import cache
from typing import Any

from app.kernel import display
from app.kernel.forms import Choice, LongText, Moment
from app.needs.extending import Offer, offer_for
from app.needs.forms.acts import DRAFT_FIELD, REASON
from app.needs.forms.section import SectionForm
from app.needs.forms.sections import SECTION_FORMS, filled
from app.needs.models import Need

KEEP, MOVE = "keep", "move"
UNASKED = "unasked"  # a style that pages draw as nothing


class AmendmentForm(SectionForm):
    """What every amendment has beside the section's own fields."""

    offer: Offer | None = None

    @property
    def later_deadline(self) -> datetime | None:
        """The deadline that was entered beside the section's own fields, if any was."""
        given = self._fields.get("new_deadline_at")
        return given.data if given is not None else None

    def settles_deadline(self, *, material: bool, moved: bool) -> bool:
        """Whether it is said what becomes of the deadline, where that is to be said; otherwise the page asks."""
        if not self.offer or not material:
            return True
        said = self.keeps_deadline.data
        if said == KEEP and moved:
            self.fail("keeps_deadline", "You chose to keep the deadline and entered a later one. Choose one of them")
        elif said == MOVE and not moved:
            self.fail(self._deadline_field, "Enter the new deadline")
        elif not said and not moved:
            self.ask()
            self.fail("keeps_deadline", f"Choose whether to keep the deadline: suppliers have {self.offer.left}")
        return not self.problems

    def ask(self) -> None:
        """Show the choice whether to keep the deadline."""
        self.keeps_deadline.style = ""

    def offers(self, need: Need, offer: Offer) -> None:
        """Put the offer into words, on the clocks of the need's own place."""
        self.offer = offer
        self.keeps_deadline.label.text = f"Suppliers have {offer.left}. Keep the deadline?"
        if self.keeps_deadline.data:
            self.ask()
        if "new_deadline_at" in self._fields:
            then, now = (display.deadline(at, need.time_zone) for at in (offer.suggested, need.deadline_at))
            self.new_deadline_at.hint = f"It is {now}. To leave ten working days, for example: {then}."
            self.new_deadline_at.in_zone(need.time_zone)

    @property
    def _deadline_field(self) -> str:
        return "new_deadline_at" if "new_deadline_at" in self._fields else "deadline_at"


def amendment_form(need: Need, section: str) -> AmendmentForm:
    """The form of a section, with a reason at its end."""
    offer = offer_for(need, section)
    form = filled(_kind(section, offer is not None), need, section)
    assert isinstance(form, AmendmentForm)  # noqa: S101
    if offer:
        form.offers(need, offer)
    return form


@cache
def _kind(section: str, is_near: bool) -> type[SectionForm]:
    fields: dict[str, Any] = {
        "reason": LongText(
            "Why is this changed?", hint=REASON, required="Enter a reason", called="The reason", max_length=2_000
        )
    }
    if is_near and section != "timing":
        fields["new_deadline_at"] = _LaterDeadline("Move the deadline later", called="The new deadline", required=False)
    if is_near:
        choices = [(KEEP, "Keep the deadline"), (MOVE, "Move it later")]
        fields["keeps_deadline"] = _Kept("Keep the deadline?", choices, style=UNASKED, **DRAFT_FIELD)
    return type("AmendmentForm", (AmendmentForm, SECTION_FORMS[section]), fields)


class _LaterDeadline(Moment):
    is_content = False


class _Kept(Choice):
    is_content = False
