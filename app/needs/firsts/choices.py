"""The three questions that a firm need answers first: what is asked, how it can be answered, what must be said why."""

from collections.abc import Collection
from dataclasses import dataclass

REUSE, NEIGHBOURS, IN_HOUSE = "reuse", "neighbours", "in_house"


@dataclass(frozen=True)
class Answer:
    """One way to answer a question; `says_why`: a reason is asked for whatever was chosen."""

    key: str
    label: str
    says_why: bool = False


@dataclass(frozen=True)
class Question:
    """One of the three questions: its heading, what it asks, what is looked for, and the ways to answer it."""

    key: str
    heading: str
    title: str
    looked_for: str
    which: str
    answers: tuple[Answer, ...]

    def find_answer(self, key: str) -> Answer | None:
        """The way to answer that is known by this key."""
        return next((answer for answer in self.answers if answer.key == key), None)


# assets stand beside past outcomes in the first question, as candidates of a kind of their own
QUESTIONS = {
    question.key: question
    for question in (
        Question(
            REUSE,
            "Reuse first",
            "Does something that is there already solve it?",
            "Finished work for needs that overlap with this one, and what both sides recorded of it.",
            "Which of these?",
            (
                Answer("adopt", "Adopt it as it is"),
                Answer("adapt", "Adapt it"),
                Answer("none", "None fits, because", says_why=True),
            ),
        ),
        Question(
            NEIGHBOURS,
            "Neighbours first",
            "Do other departments need the same?",
            "Live needs of other departments that overlap: the same capabilities, or many of the same words.",
            "Whose need?",
            (
                Answer("join", "Join their need"),
                Answer("lead", "Lead jointly with them"),
                Answer("follow", "Follow their need, and go on with ours"),
                Answer("different", "Ours is different, because", says_why=True),
            ),
        ),
        Question(
            IN_HOUSE,
            "In-house first",
            "Could an in-house team do it?",
            "In-house teams of all departments with a published solution profile that speaks to what is asked.",
            "Which team?",
            (
                Answer("can", "Yes, a team can do it"),
                Answer("partly", "Partly, because", says_why=True),
                Answer("cannot", "No team can, because", says_why=True),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer: the field beside which it is said, and the sentence."""

    field: str
    sentence: str


def faults(question: Question, answer: str, reason: str, chosen: str, shown: Collection[str]) -> list[Fault]:
    """Why an answer cannot be kept; `shown` are the names of the candidates among which something can be chosen."""
    known = question.find_answer(answer)
    if known is None:
        return [Fault("answer", f"Select an answer: {question.title}")]
    if chosen and chosen not in shown:
        return [Fault("chosen", "Choose one of those that you were shown, or none of them")]
    if known.says_why and not reason:
        return [Fault("reason", f"Say why: {known.label.removesuffix(', because').lower()}")]
    if not chosen and not reason:
        return [Fault("reason", f"Choose one from the list, or say in words what you mean: {known.label.lower()}")]
    return []
