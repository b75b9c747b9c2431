"""Forms of clarifications: asking one, and answering it."""

from app.kernel.display import first_words
from app.kernel.forms import Choice, Form, LongText, Moment
from app.needs.models import Need
from app.responses.submissions import Submission
from app.reviews.clarifications.models import MOST_DAYS
from app.reviews.models import MOST_CHARACTERS

OFFER = "offer"


class AskForm(Form):
    """What an officer wants to have clarified, and until when it can be answered."""

    requirement = Choice("What is it about?", required="Select what it is about", style="radios")
    question = LongText(
        "What is unclear?",
        called="What is unclear",
        required="Enter what is unclear",
        hint="Ask what a sentence means. Do not ask for anything better or new than what was submitted.",
        max_length=MOST_CHARACTERS,
    )
    answer_until = Moment(
        "Until when can they answer?",
        called="The moment until when they can answer",
        required="Enter until when they can answer",
        hint=f"In the next {MOST_DAYS} days. At that moment itself an answer is late.",
    )

    def __init__(self, need: Need, submission: Submission) -> None:
        super().__init__()
        asked = [
            (answer.requirement_id, f"Requirement {number}: {first_words(answer.asked, 20)}")
            for number, answer in enumerate(submission.answers, start=1)
        ]
        self.requirement.offer([(OFFER, "The offer as a whole"), *asked])
        self.answer_until.in_zone(need.time_zone)

    @property
    def told(self) -> dict[str, object]:
        """The content as the command takes it."""
        about = self.requirement.data
        return {**self.content, "requirement": "" if about == OFFER else about}


class AnswerForm(Form):
    """The answer to a clarification."""

    answer = LongText(
        "Your answer",
        required="Enter your answer",
        hint="You can answer once. Say what you meant: nothing of your response changes.",
        max_length=MOST_CHARACTERS,
        lines=8,
    )
