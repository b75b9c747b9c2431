"""The form of who can take part: everybody, those with some capabilities, or organisations looked up by name."""

from collections.abc import Iterable
from typing import Any

from app.accounts.models import REGISTERS, Organisation
from app.accounts.queries import organisations_by_id, providers_like
from app.capabilities.queries import choices as capability_choices
from app.kernel.forms import Choice, Choices, LongText, Mark, Option, Text
from app.needs.choices import AUDIENCE_REASONS, AUDIENCES, MOST_INVITED
from app.needs.forms.acts import DRAFT_FIELD
from app.needs.forms.section import SectionForm
from app.needs.models import EVERYBODY, INVITED, WITH_CAPABILITIES

FIND, MOST_FOUND = "find", 20
_MEANINGS = {
    EVERYBODY: "Any provider can register interest, ask questions and respond.",
    WITH_CAPABILITIES: "Those who have one of the capabilities that you select below.",
    INVITED: "Those whom you name below. The reason is published, and how many you invited.",
}


class Sought(Text):
    """A name that is looked up; the need keeps nothing of it."""

    is_content = False


class Invited(Choices):
    """Organisations that can be ticked."""

    @property
    def input_id(self) -> str:
        """While there is nothing to tick, an error leads to where something is found."""
        return str(self.id) if self.by_key else "sought"


class AudienceForm(SectionForm):
    audience = Choice(
        "Who can take part?",
        [Option(key, label, _MEANINGS[key]) for key, label in AUDIENCES.items()],
        default=EVERYBODY,
        required="Select who can take part",
    )
    audience_capabilities = Choices(
        "Which capabilities must they have?",
        capability_choices,
        hint="Only for providers with some capabilities. One of them is enough, or something beneath it.",
        most=15,
        **DRAFT_FIELD,
    )
    invited_organisations = Invited(
        "Who is invited?",
        hint="Only for invited organisations. Tick those who can take part.",
        style="checkboxes",
        most=MOST_INVITED,
        **DRAFT_FIELD,
    )
    sought = Sought(
        "Find a supplier or an in-house team",
        hint="By name or number. What is found is listed above this, for you to tick.",
        **DRAFT_FIELD,
    )
    # the name that was looked up on the page before: a new one is looked up whichever button is pressed
    sought_before = Mark()
    audience_reason = Choice(
        "What is the reason for inviting?",
        list(AUDIENCE_REASONS.items()),
        called="The reason for inviting",
        hint="Only for invited organisations. It is published.",
        style="select",
        **DRAFT_FIELD,
    )
    audience_note = LongText(
        "Why is it not open to everybody?",
        hint="In words that can be checked: everybody can read this.",
        called="Why not everybody can take part",
        max_length=2_000,
        **DRAFT_FIELD,
    )
    has_rows = True  # so the Enter key saves or looks up, and never presses the first button

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        held = list(self.invited_organisations.object_data or [])
        self.found = providers_like(self.sought.data or "", MOST_FOUND)
        ticked = organisations_by_id(_ids(self.invited_organisations.raw_data or []))
        offered = {each.id: each for each in (*held, *ticked.values(), *self.found) if each.is_provider}
        self.invited_organisations.offer([Option(each, each.name, _known_as(each)) for each in offered.values()])
        if not self.is_submitted():
            self.invited_organisations.process_data(held)

    def accepted(self) -> bool:
        """Looking a name up happens here and saves nothing."""
        is_new = bool(self.sought.data) and self.sought.data != self.sought_before.data
        self.sought_before.data = self.sought.data
        if not self.is_submitted() or not (is_new or self.pressed == FIND):
            return super().accepted()
        if not self.found:
            self.fail("sought", "No supplier or in-house team has this name. Try one word of it")
        return False

    @property
    def content(self) -> dict[str, Any]:
        """Without what does not belong to the audience that was chosen."""
        found = super().content
        if found["audience"] != WITH_CAPABILITIES:
            found["audience_capabilities"] = []
        if found["audience"] != INVITED:
            found |= {"invited_organisations": [], "audience_reason": ""}
        if found["audience"] == EVERYBODY:
            found["audience_note"] = ""
        return found


def _ids(given: Iterable[str]) -> list[str]:
    """What can be an id, and no more of them than a page could offer."""
    return [each for each in given if each.isalnum() and each.isascii()][: MOST_INVITED + MOST_FOUND]


def _known_as(organisation: Organisation) -> str:
    if organisation.parent:
        return f"In-house team of {organisation.parent.name}"
    return f"{REGISTERS.get(organisation.register, organisation.register)} {organisation.number}"
