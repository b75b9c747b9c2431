"""Forms of replies to feedback: a rating, a question, and its answer."""

from app.kernel.forms import Choice, Form, LongText
from app.reviews.models import MOST_CHARACTERS
from app.reviews.replies.models import MOST_OF_A_SENTENCE, USEFUL


class RatingForm(Form):
    """How useful the feedback was."""

    useful = Choice("Was this feedback useful?", list(USEFUL.items()), required="Select how useful it was")
    sentence = LongText("Why?", called="The reason", required=False, max_length=MOST_OF_A_SENTENCE, lines=2)


class AskForm(Form):
    """The one question about feedback."""

    text = LongText(
        "Your question",
        called="The question",
        required="Enter your question",
        hint="You can ask once. The answer explains the result and does not change it.",
        max_length=MOST_CHARACTERS,
    )


class AnswerForm(Form):
    """The answer to a question about feedback."""

    answer = LongText(
        "Your answer",
        required="Enter the answer",
        hint="It is sent once. Name no other respondent, and do not compare with any.",
        max_length=MOST_CHARACTERS,
        lines=8,
    )
