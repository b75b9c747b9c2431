"""Forms of the sections of a need: the same for a draft and, with a reason, for an amendment."""

from typing import Any

from app.capabilities import choices as shared
from app.capabilities.queries import choices as capability_choices
from app.kernel.forms import Choice, Choices, Day, Hidden, LongText, Moment, Money, Row, Rows, Text, Whole, YesNo
from app.needs import choices
from app.needs.forms.acts import DRAFT_FIELD, confidence, opening_day, review_day, rung_options
from app.needs.forms.audience import AudienceForm
from app.needs.forms.section import SectionForm
from app.needs.models import Need
from app.needs.sections import fingerprint


class BasicsForm(SectionForm):
    title = Text("Title", hint="Say what should change, not what to buy.", required="Enter a title", width="full")
    summary = LongText(
        "Summary", hint="Two or three sentences that anybody understands.", lines=3, max_length=1_000, **DRAFT_FIELD
    )
    capabilities = Choices(
        "Which capabilities is the whole need about?",
        capability_choices,
        hint="Providers are found by these. Each requirement can have its own as well.",
        most=15,
        **DRAFT_FIELD,
    )


class ProblemForm(SectionForm):
    problem = LongText(
        "What is the problem?",
        hint="What goes wrong today, how often, and what it costs. Do not describe a solution.",
        called="The problem",
        lines=10,
        max_length=8_000,
        **DRAFT_FIELD,
    )
    users = LongText(
        "Who has the problem?",
        hint="Who they are, how many, and what they are trying to do.",
        called="Who has the problem",
        **DRAFT_FIELD,
    )


class BackgroundForm(SectionForm):
    done_already = LongText(
        "What was done already?",
        hint="Research, pilots, earlier contracts, and what was learnt. If nothing was done, say so.",
        called="What was done already",
        **DRAFT_FIELD,
    )
    supplied_today = LongText(
        "Who supplies it today?",
        hint="Suppliers, in-house teams and when contracts end. If nobody does, say so.",
        called="Who supplies it today",
        lines=3,
        **DRAFT_FIELD,
    )


class MeasureForm(Row):
    id = Hidden()
    outcome = Text("What should be different?", called="The outcome", max_length=500, width="full", **DRAFT_FIELD)
    measure = Text("How will you measure it?", called="The measure", max_length=500, width="full", **DRAFT_FIELD)
    baseline = Text("What is it today?", called="The baseline", hint="With its unit, like 4 minutes.", **DRAFT_FIELD)
    target = Text("What should it be?", called="The target", hint="With its unit, like 5 seconds.", **DRAFT_FIELD)
    due_on = Day("By when?", called="The date", **DRAFT_FIELD)


class OutcomesForm(SectionForm):
    measures = Rows(
        "Outcomes",
        MeasureForm,
        called="outcome",
        hint="What became of the work is held against these.",
        most=choices.MOST_MEASURES,
        **DRAFT_FIELD,
    )


class RequirementForm(Row):
    id = Hidden()
    text = LongText("What must the solution do?", called="The requirement", lines=2, max_length=2_000, **DRAFT_FIELD)
    kind = Choice("Must or nice to have?", list(choices.KINDS.items()), default="must", required="Select must or nice")
    weight = Whole("Weight", hint="How many of the 100 points.", least=0, most=100, width=3, **DRAFT_FIELD)
    capabilities = Choices("Capabilities", capability_choices, style="selects", most=3, **DRAFT_FIELD)

    @property
    def content(self) -> dict[str, Any]:
        """A weight that was left out is none."""
        found = super().content
        return {**found, "weight": found["weight"] or 0}


class RequirementsForm(SectionForm):
    price_weight = Whole(
        "Weight of the price",
        hint="The price and the requirements share 100 points.",
        least=0,
        most=100,
        width=3,
        **DRAFT_FIELD,
    )
    requirements = Rows(
        "Requirements", RequirementForm, called="requirement", most=choices.MOST_REQUIREMENTS, **DRAFT_FIELD
    )

    @property
    def content(self) -> dict[str, Any]:
        """A weight that was left out is none."""
        found = super().content
        return {**found, "price_weight": found["price_weight"] or 0}


class ConstraintsForm(SectionForm):
    clearance = Choice(
        "Which security clearance do people need?",
        list(shared.CLEARANCES.items()),
        called="Clearance",
        **DRAFT_FIELD,
    )
    remote = YesNo("Can the work be done remotely?", called="Remote work", **DRAFT_FIELD)
    places = Choices("Where is work done in person?", list(shared.PLACES.items()), called="Places", **DRAFT_FIELD)
    standards = Choices(
        "Which standards must be met?", list(shared.STANDARDS.items()), called="Standards", **DRAFT_FIELD
    )


class MoneyForm(SectionForm):
    low_pence = Money(
        "Lowest amount", hint="Without VAT, for the whole length.", called="The lowest amount", **DRAFT_FIELD
    )
    high_pence = Money("Highest amount", called="The highest amount", **DRAFT_FIELD)
    approved = YesNo("Is the money approved?", called="Money approved", **DRAFT_FIELD)
    payment = Choice(
        "How is the work paid?", list(choices.PAYMENTS.items()), called="How the work is paid", **DRAFT_FIELD
    )

    def cross_check(self) -> None:
        low, high = self.low_pence.data, self.high_pence.data
        if low is not None and high is not None and low > high:
            self.fail("high_pence", "The highest amount must not be below the lowest amount")


class TimingForm(SectionForm):
    wanted_by = Day("When do you want the result?", called="The date", **DRAFT_FIELD)
    length_weeks = Whole(
        "How many weeks does the work take?", called="The length", least=1, most=1_040, suffix="weeks", **DRAFT_FIELD
    )
    deadline_at = Moment(
        "When is the deadline for responses?",
        called="The deadline",
        hint="Only an open need has one. For example, 27 3 2027 and 5pm.",
        **DRAFT_FIELD,
    )
    questions_until = Moment(
        "Until when may suppliers ask questions?",
        called="The end of questions",
        hint="Only an open need has one, some days before the deadline, so that everybody can use the answers.",
        **DRAFT_FIELD,
    )
    time_zone = Choice(
        "In which time zone is the deadline?",
        list(choices.TIME_ZONES.items()),
        style="select",
        default="Europe/London",
        required="Select a time zone",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for moment in (self.deadline_at, self.questions_until):
            moment.in_zone(self.time_zone.data or "Europe/London")

    @property
    def content(self) -> dict[str, Any]:
        """A deadline that was left as it stood keeps the seconds that the page does not show."""
        found = super().content
        for name in ("deadline_at", "questions_until"):
            was = self._fields[name].object_data
            if was is not None and found[name] == was.replace(second=0, microsecond=0):
                found[name] = was
        return found


class RouteForm(SectionForm):
    route = Choice(
        "How do you expect to buy?", list(choices.ROUTES.items()), called="Route", style="radios", **DRAFT_FIELD
    )


class RungForm(SectionForm):
    rung = Choice("How firm is it?", rung_options, required="Select how firm it is")
    confidence_need = confidence("How sure are you that you will have this need?", "How sure the need is")
    confidence_money = confidence("How sure are you of the money?", "How sure the money is")
    expected_open_on = opening_day()
    review_on = review_day()


SECTION_FORMS: dict[str, type[SectionForm]] = {
    "basics": BasicsForm,
    "problem": ProblemForm,
    "background": BackgroundForm,
    "outcomes": OutcomesForm,
    "requirements": RequirementsForm,
    "constraints": ConstraintsForm,
    "money": MoneyForm,
    "timing": TimingForm,
    "audience": AudienceForm,
    "route": RouteForm,
    "rung": RungForm,
}


def section_form(need: Need, section: str) -> SectionForm:
    """The form of a section, with what the need holds."""
    return filled(SECTION_FORMS[section], need, section)


def filled(kind: type[SectionForm], need: Need, section: str) -> SectionForm:
    """A form of this kind with what the need holds, or what was typed."""
    form = kind(obj=need)
    if not form.is_submitted():
        form.version.data = fingerprint(need, section)
    return form
