"""The form of one of a provider's people."""

from app.capabilities.queries import choices as capability_choices
from app.kernel.forms import Choices, Text, VersionedForm


class TeamMemberForm(VersionedForm):
    """Who they are, and what they can do."""

    name = Text("Name", required="Enter a name", max_length=120, autocomplete="off")
    job = Text(
        "What do they do?",
        hint="For example, lead developer.",
        required=False,
        called="What they do",
        max_length=120,
    )
    capabilities = Choices(
        "What can they do?",
        capability_choices,
        hint="Select what they have done in earnest.",
        required="Select at least one capability",
        called="What they can do",
        most=15,
    )
