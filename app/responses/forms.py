"""Forms of responses. Drafts save unfinished; a form made strict asks for what a submission must say."""

from app.kernel.display import day
from app.kernel.forms import Choice, Choices, Day, Form, Hidden, LongText, Money, VersionedForm
from app.matching.offering import Offered
from app.providers.choices import STANDINGS
from app.providers.models import LIVE, Evidence, SolutionProfile


class StartForm(Form):
    """Which provider answers."""

    provider = Hidden()


class OfferForm(VersionedForm):
    """What the response offers as a whole."""

    profile = Choice(
        "Solution profile", hint="Only your published profiles can be chosen.", required=False, mark_optional=False
    )
    summary = LongText(
        "Your offer in short",
        hint="What you would do, in the words of the people who have the problem.",
        required=False,
        max_words=300,
        max_length=4_000,
    )
    price_pence = Money(
        "Price in total",
        called="The price",
        hint="In pounds, without VAT, for all that the need asks for.",
        required=False,
        mark_optional=False,
    )
    available_from = Day(
        "When could you start?", called="The start date", hint="For example, 27 3 2027", required=False
    )

    def offer_profiles(self, live: list[SolutionProfile], chosen: SolutionProfile | None) -> None:
        """List the live profiles, and the one that was chosen even where it is not live any more."""
        options = [(profile, profile.title) for profile in live]
        if chosen is not None and chosen.state != LIVE:
            options.append((chosen, f"{chosen.title} (not published)"))
        self.profile.offer(options)

    def make_strict(self) -> None:
        """Ask for what a submitted response must keep saying."""
        self.profile.required = "Select the solution profile that you answer with"
        self.price_pence.required = "Enter your price"


class AnswerForm(VersionedForm):
    """What the response says to one requirement."""

    text = LongText(
        "Your answer",
        hint="Say how you meet this requirement, and what shows that you can.",
        required=False,
        mark_optional=False,
        max_words=500,
        max_length=6_000,
        lines=10,
    )
    evidence = Choices("Evidence that supports it", required=False, most=10)

    def offer_evidence(self, offered: list[Offered], chosen: list[Evidence]) -> None:
        """List the evidence, what fits the requirement best first, each with why; what was chosen stays choosable."""
        known = {each.evidence.id for each in offered}
        rest = [(evidence, evidence.title, _about(evidence)) for evidence in chosen if evidence.id not in known]
        self.evidence.offer([*((each.evidence, each.evidence.title, each.why) for each in offered), *rest])

    def make_strict(self) -> None:
        """Ask for what a submitted response must keep saying to a must-have."""
        self.text.required = "Enter your answer: this requirement is a must-have"


class SealForm(Form):
    """The press that submits, with what the page showed."""

    seen = Hidden()


class VerifyForm(Form):
    """A receipt file, as text."""

    receipt = LongText(
        "Or paste what stands in it",
        called="The receipt",
        required=False,
        mark_optional=False,
        max_length=2_000_000,
    )


def _about(evidence: Evidence) -> str:
    whose = f" For {evidence.client}." if evidence.client else ""
    return f"{STANDINGS[evidence.standing]}.{whose} It has expired, on {day(evidence.expires_on)}."
