"""Forms of providers: the page, a solution profile section by section, evidence."""

from typing import Any

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.capabilities.queries import choices as capability_choices
from app.kernel import clock
from app.kernel.forms import Choice, Choices, Day, Form, LongText, Money, Text, VersionedForm, Whole, YesNo
from app.providers.choices import PRICE_UNITS
from app.providers.completeness import CAPABILITIES, CONSTRAINTS, EVIDENCE, OFFER, PRICE
from app.providers.models import SolutionProfile
from app.providers.queries import evidence_of

LEFT: dict[str, Any] = {"required": False, "mark_optional": False}


class Technologies(Text):
    """Names of technologies, typed with commas between them; a list."""

    MOST = 30

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        names = [name.strip()[:60] for name in str(self.data).split(",")]
        self.data = list(dict.fromkeys(name for name in names if name))[: self.MOST]

    def shown(self) -> str:
        return ", ".join(self.data or [])

    def check(self) -> None:
        """A list is cut to what fits, so there is nothing to refuse."""


class ProviderForm(VersionedForm):
    """Who the provider is."""

    about = LongText("Who you are", hint="What you are good at, and whom you work with.", max_words=300, required=False)
    people = Whole(
        "How many people work for you?",
        hint="Your size is worked out from this.",
        least=1,
        most=2_000_000,
        required=False,
    )
    places = Choices("Where do you work?", list(PLACES.items()), required=False)


class NewProfileForm(Form):
    """The first thing to say of a solution profile."""

    title = Text(
        "What do you offer?",
        hint="For example, “User research with people who cannot use the web”. You can change it later.",
        required="Enter what you offer",
        called="The title",
    )


class OfferForm(VersionedForm):
    """What is offered."""

    title = Text("Title", required="Enter a title")
    problem = LongText("What problem do you solve?", max_words=300, called="The problem", **LEFT)
    approach = LongText("How do you solve it?", max_words=500, called="How you solve it", **LEFT)
    users = LongText("Who is it for?", max_words=200, called="Who it is for", **LEFT)


class CapabilitiesForm(VersionedForm):
    """What can be done, and with what."""

    capabilities = Choices("Capabilities", capability_choices, most=15, **LEFT)
    technologies = Technologies(
        "Technologies", hint="With commas between them. For example, Python, PostgreSQL, Terraform.", required=False
    )


class PriceForm(VersionedForm):
    """What it costs."""

    low_pence = Money("Lowest price", called="The lowest price", **LEFT)
    high_pence = Money(
        "Highest price", called="The highest price", hint="Leave it empty when there is one price.", required=False
    )
    price_unit = Choice("What is the price for?", [(unit, unit) for unit in PRICE_UNITS], style="select", **LEFT)

    def cross_check(self) -> None:
        low, high = self.low_pence.data, self.high_pence.data
        if high is not None and low is None:
            self.fail("low_pence", "Enter the lowest price too")
        elif high is not None and high < low:
            self.fail("high_pence", "The highest price must be the lowest price or more")

    def keep_unit(self, unit: str) -> None:
        """Offer the unit that an import brought, too."""
        if unit and unit not in PRICE_UNITS:
            self.price_unit.offer([(each, each) for each in (*PRICE_UNITS, unit)])


class ConstraintsForm(VersionedForm):
    """Under which constraints the work can be done."""

    clearance = Choice(
        "What is the highest security clearance that your people hold?", list(CLEARANCES.items()), **LEFT
    )
    remote = YesNo("Can you do this remotely?", **LEFT)
    places = Choices("Where can you do this on site?", list(PLACES.items()), required=False)
    standards = Choices("Which standards do you meet?", list(STANDARDS.items()), required=False)


class ShownEvidenceForm(VersionedForm):
    """Which evidence the profile shows."""

    evidence = Choices("Which past work shows that you can do this?", required=False)


class EvidenceForm(VersionedForm):
    """One claim of past work."""

    title = Text("What did you do?", hint="In a few words.", required="Enter what you did", called="What you did")
    client = Text("Whom did you do it for?", required="Enter whom you did it for", called="Whom you did it for")
    text = LongText("Describe the work", required="Describe the work", max_words=300, called="The description")
    result = LongText("What came of it?", hint="Use numbers where you can.", max_words=150, required=False)
    finished_on = Day(
        "When did it finish?",
        hint="Evidence counts for five years. For example, 27 3 2025",
        required="Enter when it finished",
        called="The date",
        latest=clock.today,
    )
    capabilities = Choices(
        "Which capabilities does it show?", capability_choices, required="Select at least one capability", most=15
    )


FORMS: dict[str, type[VersionedForm]] = {
    OFFER: OfferForm,
    CAPABILITIES: CapabilitiesForm,
    PRICE: PriceForm,
    CONSTRAINTS: ConstraintsForm,
    EVIDENCE: ShownEvidenceForm,
}


def section_form(section: str, profile: SolutionProfile, person: Any) -> Any:
    """The form of a section, filled from the profile or from what was posted."""
    form = FORMS[section](obj=profile)
    if isinstance(form, PriceForm):
        form.keep_unit(profile.price_unit)
    if isinstance(form, ShownEvidenceForm):
        wallet = evidence_of(profile.provider, person)
        form.evidence.offer([(each, each.title, f"{each.client}, {each.finished_on.year}") for each in wallet])
    return form
