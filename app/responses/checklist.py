"""The check list of a response: each section, what it lacks (which blocks), and what is weak (which warns). Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from app.needs.models import MUST, Requirement
from app.responses.models import Answer, Response
from app.responses.submissions import ASSETS, OFFER, TEAM, TRANSFER, gaps, is_over_the_frame


@dataclass(frozen=True)
class Section:
    """One section: its key, its title, what it lacks, what is weak in it, and how many words it has."""

    key: str
    title: str
    missing: list[str]
    weak: list[str]
    words: int = 0

    @property
    def is_ready(self) -> bool:
        return not self.missing and not self.weak


def sections_of(response: Response, people: Collection[str], today: date) -> list[Section]:
    """Every section in its order. `people` are the ids of those whom the provider's page names now."""
    return [
        _section(response, OFFER, "Profile, price and start", _weak_offer(response, today), response.summary),
        *_requirements(response, today),
        _section(response, TEAM, "Team", _weak_team(response, people)),
        _section(response, TRANSFER, "Knowledge transfer", _weak_transfer(response), response.knowledge_transfer),
        _section(response, ASSETS, "What you will release", _weak_assets(response)),
    ]


def _section(response: Response, key: str, title: str, weak: Iterator[str], text: str = "") -> Section:
    missing = [gap.sentence for gap in gaps(response) if gap.section == key]
    return Section(key, title, missing, list(weak), len(text.split()))


def _requirements(response: Response, today: date) -> Iterator[Section]:
    for number, requirement in enumerate(response.need.requirements, start=1):
        answer = response.answer_to(requirement)
        weak = _weak_answer(response, requirement, answer, today)
        yield _section(response, requirement.id, f"Requirement {number}", weak, answer.text if answer else "")


def _weak_offer(response: Response, today: date) -> Iterator[str]:
    if is_over_the_frame(response.price_pence, response.need):
        yield "Your price is above the range that the buyers name. You can submit it."
    if response.available_from is None:
        yield "Say when you could start."
    elif response.available_from < today:
        yield "Your start date has passed."
    if not response.summary:
        yield "Say in short what you offer."


def _weak_answer(response: Response, requirement: Requirement, answer: Answer | None, today: date) -> Iterator[str]:
    has_words = bool(answer and answer.text)
    if requirement.kind != MUST and not has_words:
        yield "It is nice to have, and you do not answer it."
    if answer is None or not answer.evidence:
        if requirement.kind == MUST and has_words:
            yield "It is a must-have, and no evidence supports your answer."
        return
    start = response.available_from or today
    for evidence in answer.evidence:
        if evidence.is_expired(today):
            yield f"Your evidence \u201c{evidence.title}\u201d has expired."
        elif evidence.is_expired(start):
            yield f"Your evidence \u201c{evidence.title}\u201d expires before your start."


def _weak_team(response: Response, people: Collection[str]) -> Iterator[str]:
    if not response.team:
        yield "Name who would work."
    for place in response.team:
        if place.member not in people:
            yield f"{place.name} is not on your page any more."
        elif not place.part:
            yield f"Say what {place.name} will do."


def _weak_transfer(response: Response) -> Iterator[str]:
    if not response.promises:
        yield "Promise who learns what, and by when."
    for promise in response.promises:
        if promise.by_on and response.available_from and promise.by_on < response.available_from:
            yield f"What {promise.who} learns is due before your start."


def _weak_assets(response: Response) -> Iterator[str]:
    for asset in response.assets:
        if asset.released_on and response.available_from and asset.released_on < response.available_from:
            yield f"{asset.name} is released before your start."
