"""Forms of attachments."""

from typing import Any

from app.kernel.filetypes import NAMED
from app.kernel.forms import File, Form, LongText, Text
from app.needs.forms.acts import REASON


class AttachForm(Form):
    """A file for a draft."""

    file = File(
        "Choose a file", called="The file", hint=f"Up to 20 MB: {NAMED}.", required="Choose a file from your device"
    )
    title = Text(
        "What is it called?",
        hint="For example, Map of the depots. Without a title it goes by its file's name.",
        called="The title",
        required=False,
        mark_optional=False,
        width="full",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Where something else was wrong, the file has to be chosen again, and is told so."""
        is_good = super().validate(extra_validators)
        if not is_good:
            self._fields["file"].ask_again()
        return is_good


class AmendForm(AttachForm):
    """A file for what was published, with the reason of the amendment."""

    reason = LongText("Why is it added?", hint=REASON, required="Enter a reason", called="The reason", max_length=2_000)


class RemoveForm(Form):
    """The reason for taking a file from what was published."""

    reason = LongText(
        "Why is it removed?", hint=REASON, required="Enter a reason", called="The reason", max_length=2_000
    )


class RenameForm(Form):
    """Another title for an attachment of a draft."""

    title = Text("What is it called?", called="The title", required="Enter a title", width="full")
