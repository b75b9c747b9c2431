"""The form of an officer's answer."""

from app.kernel.forms import Choice, Form, LongText, Option

APPROVE, RETURN = "approve", "return"


class AnswerForm(Form):
    """Approve or return, with a note."""

    verb = Choice(
        "What do you decide?",
        [
            Option(APPROVE, "Approve it", "It is published at once."),
            Option(RETURN, "Return it", "Who asked mends what you name, and asks again."),
        ],
        required="Select whether you approve or return it",
    )
    note = LongText(
        "Note",
        hint="For the owners of the need. If you return it, say what is to be mended.",
        required=False,
        max_length=2_000,
        mark_optional=False,
    )

    def cross_check(self) -> None:
        if self.verb.data == RETURN and not self.note.data:
            self.fail("note", "Say what is to be mended")
