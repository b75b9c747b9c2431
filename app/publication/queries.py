"""Reading what is published: needs beyond draft, with the partnerships that came of them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.kernel.db import session
from app.needs.models import DRAFT, Need
from app.outcomes.models import Partnership
from app.providers.models import Provider


def published_needs() -> Select[Need]:
    """Every need that was published, the latest change first, to be paged."""
    found = select(Need).where(Need.state != DRAFT)
    loaded = found.options(joinedload(Need.department), selectinload(Need.requirements))
    return loaded.order_by(Need.changed_at.desc(), Need.id)


def partnerships_by_need(needs: Sequence[Need]) -> dict[str, list[Partnership]]:
    """The partnerships of these needs, the oldest first, in one statement."""
    found = select(Partnership).where(Partnership.need_id.in_([need.id for need in needs]))
    loaded = found.options(joinedload(Partnership.provider).joinedload(Provider.organisation))
    grouped: dict[str, list[Partnership]] = defaultdict(list)
    for partnership in session().scalars(loaded.order_by(Partnership.agreed_at, Partnership.id)):
        grouped[partnership.need_id].append(partnership)
    return grouped
