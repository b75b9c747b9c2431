"""Who weighs whether a need is worth answering."""

from app.accounts.models import Person
from app.needs.models import DRAFT, LIVE, Need
from app.responses.policy import may_come_to_respond


def may_weigh(person: Person | None, need: Need) -> bool:
    """Whoever works for a provider and is not of the buying side, once the need was published."""
    return need.state != DRAFT and may_come_to_respond(person, need)


def may_find_fit(person: Person | None, need: Need) -> bool:
    """For the tab: the same, while there is something to answer."""
    return need.state == LIVE and not need.is_past_deadline and may_weigh(person, need)
