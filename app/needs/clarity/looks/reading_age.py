"""How old a reader must be, by the Automated Readability Index.

Source: R. J. Senter and E. A. Smith, "Automated Readability Index", AMRL-TR-66-220, Aerospace Medical Research
Laboratories, 1967. It gives a grade of an American school; a child in grade 1 is six, so the age is the grade and five.
"""

from collections.abc import Sequence
from math import ceil

from app.needs.clarity.prose import Passage, Reading, Sentence
from app.needs.clarity.rule import Seen, Spot

AIM, HOPELESS = 14, 22
YEARS_BEFORE_GRADE_ONE = 5
# a sentence of fewer words is no reading matter
LEAST_WORDS = 8
MOST_QUOTED = 60


def is_easy_to_read(read: Reading) -> Seen:
    """Met at a reading age of 14 or below, not at all at 22; the hardest sentence is shown."""
    passages = [passage for passage in read.passages if passage.field != "title"]
    sentences = [(sentence, passage) for passage in passages for sentence in passage.sentences]
    age = reading_age([sentence for sentence, _ in sentences])
    if age is None or age <= AIM:
        return Seen(1)
    hardest, passage = max(sentences, key=lambda each: _hardness(each[0]))
    return Seen(max(0.0, (HOPELESS - age) / (HOPELESS - AIM)), (_spot(passage, hardest, age),))


def _spot(passage: Passage, hardest: Sentence, age: float) -> Spot:
    words = {"age": str(ceil(age)), "sentence": _cut(hardest.text).rstrip(".")}
    return Spot("hard", passage.section, passage.field, passage.label, words)


def reading_age(sentences: Sequence[Sentence]) -> float | None:
    """The age in years at which these sentences are easy to read; None where there are no words."""
    words = [word for sentence in sentences for word in sentence.read_words]
    if not words:
        return None
    characters = sum(map(len, words))
    grade = 4.71 * characters / len(words) + 0.5 * len(words) / len(sentences) - 21.43
    return max(0.0, grade) + YEARS_BEFORE_GRADE_ONE


def _hardness(sentence: Sentence) -> tuple[bool, float]:
    return len(sentence.words) >= LEAST_WORDS, reading_age([sentence]) or 0.0


def _cut(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:MOST_QUOTED])[:600] + ("…" if len(words) > MOST_QUOTED else "")
