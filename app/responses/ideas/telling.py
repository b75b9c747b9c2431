"""What an idea's provider and other departments are told of a department's answer; an unpublished need is never."""

from dataclasses import dataclass

from app.needs.choices import STATES
from app.needs.ladder import LADDER
from app.needs.models import LIVE, Need
from app.responses.ideas.models import DECLINED, INTERESTED, LOOKING, TAKEN_UP, Idea, IdeaAnswer

SAYS = {
    LOOKING: "Has asked about it",
    INTERESTED: "Is interested",
    DECLINED: "Declined",
    TAKEN_UP: "Took it up as a need",
}


@dataclass(frozen=True)
class Told:
    """One department's answer as others may know it."""

    answer: IdeaAnswer
    state: str
    need: Need | None

    @property
    def says(self) -> str:
        """In words."""
        return SAYS[self.state]

    @property
    def stands(self) -> str:
        """Where the need that began with the idea stands."""
        if self.need is None:
            return ""
        rung = f": {LADDER[self.need.rung].label.lower()}" if self.need.shown_state == LIVE else ""
        return f"{STATES[self.need.shown_state]}{rung}"


def told(idea: Idea) -> list[Told]:
    """The answers of departments that have said something to the provider, in the order in which they began."""
    return [Told(each, state, each.published_need) for each in idea.answers if (state := _state_told(each))]


def count_working(idea: Idea) -> int:
    """How many departments write a need that nobody else knows of yet."""
    return sum(each.state == TAKEN_UP and each.published_need is None for each in idea.answers)


def _state_told(answer: IdeaAnswer) -> str:
    """The state, or of a department at work on an unpublished need what it had said before; "" for nothing."""
    if answer.published_need:
        return TAKEN_UP
    if answer.state != TAKEN_UP:
        return answer.state
    said = [(answer.interested_at, INTERESTED), (answer.declined_at, DECLINED)]
    before = [(at, state) for at, state in said if at is not None]
    return max(before)[1] if before else LOOKING if answer.question else ""
