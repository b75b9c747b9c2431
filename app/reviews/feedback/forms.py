"""The form of feedback: a band for each requirement as it was answered, and words; a draft may be saved unfinished."""

from collections.abc import Mapping
from typing import Any

from app.kernel.audit import fingerprint
from app.kernel.display import first_words
from app.kernel.forms import Choice, Form, LongText, Mark
from app.responses.submissions import Submission, SubmittedAnswer
from app.reviews.feedback.standings import BANDS

STALE = (
    "Somebody else changed this draft while you were working on it. What you typed is still in the form, "
    "and what is saved now stands below it. Press the button again to use yours instead."
)
WORDS_OF_A_REQUIREMENT, MOST_OF_A_SENTENCE = 40, 500


class FeedbackForm(Form):
    """What a respondent is told; `feedback_form` adds its fields, a band and a sentence for each requirement first."""

    version = Mark()
    is_stale = False
    asked: tuple[SubmittedAnswer, ...] = ()
    strengths: LongText
    improvements: LongText
    standing: Choice

    def cross_check(self) -> None:
        """Whatever is missing is said beside its field, once the feedback is to be given."""
        if self.pressed != "give":
            return
        for number, answer in enumerate(self.asked, start=1):
            if not self[band_name(answer)].data:
                self.fail(band_name(answer), f"Select how far requirement {number} was met")
        if not self.strengths.data:
            self.fail("strengths", "Enter what was strong")
        if not self.improvements.data:
            self.fail("improvements", "Enter what would have changed the result")
        if "standing" in self and not self.standing.data:
            self.fail("standing", "Select where it stood against the line")

    @property
    def told(self) -> dict[str, Any]:
        """The content as the commands take it."""
        return {
            "strengths": self.strengths.data,
            "improvements": self.improvements.data,
            "standing": self.standing.data if "standing" in self else "",
            "bands": {
                answer.requirement_id: {
                    "band": self[band_name(answer)].data,
                    "sentence": self[sentence_name(answer)].data,
                }
                for answer in self.asked
            },
        }

    def is_current_draft(self, saved: Mapping[str, Any]) -> bool:
        """Whether nobody changed the draft since the page was shown; otherwise says so, and a second press saves."""
        now = fingerprint(saved)
        if self.version.data == now or saved == self.told:
            return True
        self.version.data, self.is_stale = now, True
        self.refuse(STALE)
        return False


def band_name(answer: SubmittedAnswer) -> str:
    """The name of the field for how far a requirement was met."""
    return f"band_{answer.requirement_id}"


def sentence_name(answer: SubmittedAnswer) -> str:
    """The name of the field for the words on a requirement."""
    return f"sentence_{answer.requirement_id}"


def feedback_form(submission: Submission, standings: Mapping[str, str], saved: Mapping[str, Any]) -> FeedbackForm:
    """The form of one respondent's feedback, filled with what is saved of it."""
    fields: dict[str, Any] = {"asked": tuple(submission.answers)}
    data = {key: saved[key] for key in ("strengths", "improvements", "standing")}
    for number, answer in enumerate(submission.answers, start=1):
        band, sentence = _fields(number, answer)
        fields |= {band_name(answer): band, sentence_name(answer): sentence}
        held = saved["bands"].get(answer.requirement_id, {})
        data |= {band_name(answer): held.get("band", ""), sentence_name(answer): held.get("sentence", "")}
    form: FeedbackForm = type("FeedbackForm", (FeedbackForm,), fields | _on_the_whole())(data=data)
    if standings:
        form.standing.offer(standings.items())
    else:
        del form.standing
    if not form.is_submitted():
        form.version.data = fingerprint(saved)
    return form


def _fields(number: int, answer: SubmittedAnswer) -> tuple[Choice, LongText]:
    options = [(key, words) for key, (words, _) in BANDS.items()]
    quiet: dict[str, Any] = {"required": False, "mark_optional": False}
    asked = first_words(answer.asked, WORDS_OF_A_REQUIREMENT)
    band = Choice(f"{number}. {asked}", options, called=f"Requirement {number}", **quiet)
    sentence = LongText(
        f"Why, for requirement {number}?", required=False, called="The reason", max_length=MOST_OF_A_SENTENCE, lines=2
    )
    return band, sentence


def _on_the_whole() -> dict[str, Any]:
    """The fields on the whole response: made after the others, since errors are told in the order of making."""
    quiet: dict[str, Any] = {"required": False, "mark_optional": False}
    return {
        "strengths": LongText("What was strong?", hint="Be specific: name the requirement.", **quiet),
        "improvements": LongText(
            "What would have changed the result?",
            called="What would have changed the result",
            hint="For one that was awarded: what would make the next response stronger.",
            **quiet,
        ),
        "standing": Choice(
            "Where did it stand against the line?",
            hint="The line is what a response had to reach to be suitable. Name and number nobody else.",
            **quiet,
        ),
    }
