"""The form with which an officer decides on a match."""

from app.kernel.forms import Choice, Form, Hidden, LongText
from app.matching.models import INVITE, NOTE, PASS_OVER

LONGEST_TOKEN = 200_000


class Token(Hidden):
    """What was seen, signed: longer than other hidden text."""

    is_content = False

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0][:LONGEST_TOKEN].replace("\0", "") if valuelist else ""


class DecisionForm(Form):
    """Invite, pass over, or keep a note."""

    verb = Choice(
        "What do you decide?",
        [
            (INVITE, "Invite", "Its staff are told, and see your note."),
            (PASS_OVER, "Pass over", "It is not told, and may still answer the need. Your reason is kept."),
            (NOTE, "Only keep a note", "Your colleagues see it."),
        ],
        required="Select what you decide",
    )
    note = LongText("Note or reason", called="The note", max_words=200, required=False, mark_optional=False)
    seen = Token()

    def cross_check(self) -> None:
        if self.verb.data != INVITE and not self.note.data:
            asked = "Enter the reason for passing it over" if self.verb.data == PASS_OVER else "Enter the note"
            self.fail("note", asked)
