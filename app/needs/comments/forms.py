"""The form of a comment."""

from app.kernel.forms import Choice, Form, LongText
from app.needs.sections import SECTIONS


class CommentForm(Form):
    """What somebody says about a section."""

    section = Choice(
        "Which section is it about?",
        [(section.key, section.title) for section in SECTIONS.values()],
        style="select",
        required="Select a section",
    )
    text = LongText("Your comment", required="Enter a comment", called="The comment", lines=3, max_length=2_000)
