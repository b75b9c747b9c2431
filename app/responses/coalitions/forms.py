"""Forms of coalitions: asking a partner, stating what a member does, leaving and parting."""

from collections.abc import Collection

from app.kernel.forms import Choices, Form, Hidden, LongText, VersionedForm, Whole
from app.needs.models import Need


class InviteForm(Form):
    """What a lead asks of a partner."""

    requirements = Choices("Which requirements should it answer?", required="Select at least one requirement", most=50)
    words = LongText(
        "What do you want to say to it?",
        called="Your words",
        hint="Only its staff read this. It sees who you are, the need and these requirements; nothing of your draft.",
        required=False,
        max_length=2_000,
    )

    def offer_requirements(self, need: Need, chosen: set[str]) -> None:
        """List what the need asks for; what the lead lacks and the partner shows is ticked."""
        offer_requirements(self.requirements, need, [] if self.is_submitted() else chosen)


class TermsForm(VersionedForm):
    """What one member does: its share, what it answers for, and the requirements that it answers."""

    share_percent = Whole(
        "Share of the price, in percent",
        called="The share",
        hint="A whole number. The shares of all members add up to 100.",
        suffix="%",
        required=False,
        mark_optional=False,
        most=100,
    )
    liability = LongText(
        "What does it answer for?",
        called="The liability",
        hint="Who is liable for what, and to whom. The reviewers read this once the response is opened.",
        required=False,
        mark_optional=False,
        max_length=3_000,
    )
    requirements = Choices(
        "Which requirements does it answer?",
        hint="Each requirement has one member that answers it: giving it to this one takes it from another.",
        required=False,
        mark_optional=False,
        most=50,
    )


class AgreeForm(Form):
    """The press that confirms a part, with what the page showed."""

    seen = Hidden()


class EndingForm(Form):
    """Why a coalition is left, or a partner is parted from."""

    reason = LongText(
        "Why?",
        called="The reason",
        hint="The other side reads this.",
        required="Enter a reason",
        max_length=2_000,
    )


def offer_requirements(field: Choices, need: Need, chosen: Collection[str]) -> None:
    """List what the need asks for, with its kind, and tick those chosen."""
    kinds = {"must": "Must have", "nice": "Nice to have"}
    field.offer([(each, f"{n}. {each.text}", kinds[each.kind]) for n, each in enumerate(need.requirements, start=1)])
    if chosen:
        field.process_data([each for each in need.requirements if each.id in chosen])
