"""Which alerts a need that was published, or moved, is news for. Reading alone: nothing is written here.

One need costs, whatever the number of alerts: a statement for the need and what hangs on it, one for the searches that
were listening, one for the alerts of providers, and a run of the engine for each forty providers. Every search that is
kept several times is made once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.alerts.models import FIT, SEARCH
from app.alerts.queries import buying_side_of
from app.alerts.searches.queries import listening
from app.capabilities.queries import filters_for
from app.kernel import search
from app.matching.candidate import Candidate
from app.matching.eligibility import AUDIENCE
from app.matching.engine import POOL, candidates_among
from app.matching.reasons import MISSING
from app.needs.browsing import read_query
from app.needs.models import LIVE, Need

# of 1,000: below that, little of what is asked for is shown
WORTH_TELLING_MILLI = 250


class NotIndexed(Exception):
    """A live need that this machine's index does not have yet: the work is to be done again later."""


@dataclass(frozen=True)
class News:
    """One alert that a need is news for, and why."""

    alert_id: str
    reason: str


def news_of(need: Need, at: datetime) -> list[News]:
    """For whom a live need is news that was published, or moved, at this moment; the index must have it."""
    if need.state != LIVE or need.is_past_deadline:
        return []
    return [*_found_by_searches(need, at), *_fitting(need, at)]


def _found_by_searches(need: Need, at: datetime) -> Iterator[News]:
    alerts = listening(SEARCH, at, need.id)
    queries = list(dict.fromkeys(alert.query for alert in alerts))
    found = search.which_find("need", need.id, [read_query(each) for each in queries], filters_for)
    if found is None:
        raise NotIndexed(need.id)
    hits = {query for query, is_found in zip(queries, found, strict=True) if is_found}
    yield from (News(alert.id, "") for alert in alerts if alert.query in hits)


def _fitting(need: Need, at: datetime) -> Iterator[News]:
    """People of the buying side hear nothing: they must not answer it."""
    side = buying_side_of(need)
    alerts = [alert for alert in listening(FIT, at, need.id) if alert.person_id not in side]
    reasons = _reasons(need, sorted({alert.provider_id for alert in alerts if alert.provider_id}))
    yield from (News(each.id, reasons[each.provider_id]) for each in alerts if each.provider_id in reasons)


def _reasons(need: Need, provider_ids: Sequence[str]) -> dict[str | None, str]:
    some = [provider_ids[start : start + POOL] for start in range(0, len(provider_ids), POOL)]
    found = (each for ids in some for each in candidates_among(need, ids, POOL))
    return {each.provider.id: reason_of(each) for each in found if is_worth_telling(each)}


def is_worth_telling(each: Candidate) -> bool:
    """Whether it shows enough, and may take part or nearly: one constraint away, but not outside of the audience."""
    miss = each.near_miss
    may_take_part = each.is_eligible or (miss is not None and miss.name != AUDIENCE)
    return each.is_explained and may_take_part and each.score_milli >= WORTH_TELLING_MILLI


def reason_of(each: Candidate) -> str:
    """Why it fits, in a sentence of the provider's own profile."""
    shown = sum(reason.standing != MISSING for reason in each.reasons)
    said = f"“{each.profile.title}” shows {shown} of {len(each.reasons)} things asked for"
    miss = each.near_miss
    if miss is None:
        return f"{said}."[:500]
    return f"{said}; it would still need {miss.name.lower()}: {miss.wanted}."[:500]
