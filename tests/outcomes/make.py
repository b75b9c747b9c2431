"""Short makers of partnerships, for use inside `with transaction():`. They go through the commands.

with transaction():
    partnership = make_outcome.agreed()                    # a need, a response that won, everybody told
    make_outcome.running(owner=buyer, of=provider)         # the work has begun
    make_outcome.settled(buyers="delivered", providers="partly")
"""

from datetime import date, timedelta
from typing import Any

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session
from app.needs.models import Need
from app.outcomes import commands
from app.outcomes.models import Partnership
from app.providers.models import Provider
from app.reviews.queries import awards_of
from tests import make
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review

VALUE = 150_000_00


def agreed(need: Need | None = None, *, of: Provider | None = None, others: int = 0, **fields: Any) -> Partnership:
    """What the award of a decided need started; `others` is how many more providers answered it."""
    need = need or make_need.open_need(**fields)
    winner = make_response.submitted(need, of=of)
    make_response.submitted_many(need, others)
    review = make_review.notified(need, winners={winner: VALUE})
    made = commands.agree_partnership(awards_of(review)[0], by=None)
    session().flush()
    return made


def running(need: Need | None = None, *, of: Provider | None = None, **fields: Any) -> Partnership:
    """A partnership whose work began 100 days ago and ends in 10."""
    made = agreed(need, of=of, **fields)
    start(made)
    return made


def start(partnership: Partnership, starts_on: date | None = None, ends_on: date | None = None) -> None:
    """Have the work run."""
    today = clock.today()
    days = (starts_on or today - timedelta(days=100), ends_on or today + timedelta(days=10))
    commands.start_partnership(partnership, *days, by=owner_of(partnership))
    session().flush()


def ended_early(*, began: bool = True, **fields: Any) -> Partnership:
    """A partnership that an officer ended before its time."""
    made = running(**fields) if began else agreed(**fields)
    commands.end_partnership_early(made, "The money went elsewhere.", by=make.officer(made.need.department))
    session().flush()
    return made


def settled(buyers: str = "delivered", providers: str = "delivered", **fields: Any) -> Partnership:
    """A partnership of which both sides recorded how it went."""
    made = running(**fields)
    record(made, by=owner_of(made), result=buyers)
    record(made, by=make_response.staff(made.provider), result=providers)
    return made


def record(
    partnership: Partnership, *, by: Person, result: str = "delivered", reached: int = 1, words: str = ""
) -> None:
    """Have one side record how it went, with so many of the targets reached."""
    commands.record_outcome(
        partnership,
        result,
        words or "We sat together.",
        words or "Nothing.",
        results_of(partnership, reached),
        by=by,
    )
    session().flush()


def results_of(partnership: Partnership, reached: int = 1) -> list[commands.Reached]:
    """What a side says of each success measure: the first ones were reached."""
    return [
        {"measure_id": measure.id, "value": f"{number} now", "reached": number <= reached}
        for number, measure in enumerate(partnership.need.measures, start=1)
    ]


def owner_of(partnership: Partnership) -> Person:
    """Somebody who may write the need."""
    return partnership.need.owners[0].person
