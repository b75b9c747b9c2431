"""Sideways: needs like this need, and partners who have what a provider lacks for the needs that fit it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from app.kernel import clock, search
from app.kernel.search import Groups
from app.matching.asks import Ask
from app.matching.case import Case, text_of
from app.matching.coverage import Floats, coverage
from app.matching.eligibility import eligible_providers
from app.matching.fitting import FittingNeed, needs_that_fit
from app.matching.reasons import MISSING
from app.matching.scoring import lot
from app.matching.voices import KINDS
from app.needs.models import Need
from app.needs.queries import needs_in_order
from app.providers.models import Provider
from app.providers.queries import load_providers, oldest_valid

LIKE, WORDS_TOLD = 10, 8
NEEDS_LOOKED_AT, EACH, PARTNERS = 8, 6, 12
# a partner covers at least this much of what is missing: more than a text that only has the words can
COVERS = 0.5


@dataclass(frozen=True)
class SimilarNeed:
    """A published need like another, with the words that they share, the most telling first."""

    need: Need
    words: tuple[str, ...]


@dataclass(frozen=True)
class Partner:
    """A provider with what another lacks: for which needs, and which of their requirements."""

    provider: Provider
    fills: tuple[tuple[Need, tuple[str, ...]], ...]


def similar_needs(
    need: Need, *, filters: search.Filters | None = None, exclude: Collection[str] = (), limit: int = LIKE
) -> list[SimilarNeed]:
    """The published needs most like this one, live or over, best first: near duplicates are on top.

    Filters as in `search.find`; `exclude` are ids that are left out beside the need's own.
    """
    ids = alike(need, filters=filters, exclude=exclude, limit=limit)
    why = words_shared(need, ids)
    return [SimilarNeed(each, why[each.id]) for each in needs_in_order(ids) if each.id in why]


def alike(
    need: Need, *, filters: search.Filters | None = None, exclude: Collection[str] = (), limit: int = LIKE
) -> list[str]:
    """The ids of the needs in the index that are most like this one, best first."""
    found = search.more_like("need", text_of(need), exclude=[need.id, *exclude], filters=filters, limit=limit)
    return [each.row_id for each in found]


def words_shared(need: Need, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each of these needs that is indexed, the words that it shares with this one, the most telling first."""
    why = search.explain("need", text_of(need), ids)
    return {need_id: tuple(each.words)[:WORDS_TOLD] for need_id, each in why.items()}


def partners_of(provider: Provider) -> list[Partner]:
    """At most twelve eligible providers that cover musts which this one lacks, on the needs that fit it best.

    Those who help with more needs come first, then who covers more of what is missing, then the lot.
    """
    lacking = [each for each in needs_that_fit(provider) if _missing(each)][:NEEDS_LOOKED_AT]
    fills: dict[str, list[tuple[Need, tuple[str, ...]]]] = defaultdict(list)
    with search.groups(KINDS) as groups:
        for each in lacking:
            for partner_id, texts in _partners_for(groups, provider, each):
                fills[partner_id].append((each.need, texts))
    order = sorted(fills, key=lambda each: (*_help(fills[each]), lot(provider.id, each)))
    known = load_providers(order[:PARTNERS])
    return [Partner(known[each], tuple(fills[each])) for each in order[:PARTNERS] if each in known]


def _help(fills: Sequence[tuple[Need, tuple[str, ...]]]) -> tuple[int, int]:
    return -len(fills), -sum(len(texts) for _, texts in fills)


def _missing(fitting: FittingNeed) -> list[str]:
    """The ids of the musts that nothing speaks for."""
    return [each.requirement_id for each in fitting.reasons if each.standing == MISSING and each.kind == "must"]


def _partners_for(groups: Groups, provider: Provider, fitting: FittingNeed) -> list[tuple[str, tuple[str, ...]]]:
    """Who covers most of what is missing for one need: provider ids, and the texts of what each covers."""
    case, missing = Case(fitting.need), set(_missing(fitting))
    asks = [ask for ask in case.asks if ask.id in missing]
    found = coverage(groups, asks, case.kinship, oldest_valid(clock.today()))
    covers = np.where(found >= COVERS, found, 0.0) * eligible_providers(fitting.need, groups)
    own = groups.numbers.get(provider.id)
    if own is not None:
        covers[:, own] = 0.0
    best = search.strongest(covers.sum(axis=0), EACH)
    order = sorted(best.tolist(), key=lambda at: (-covers[:, at].sum(), lot(fitting.need.id, groups.ids[at])))[:EACH]
    return [(groups.ids[at], _texts(asks, covers[:, at])) for at in order]


def _texts(asks: Sequence[Ask], covers: Floats) -> tuple[str, ...]:
    return tuple(ask.text for ask, share in zip(asks, covers, strict=True) if share)
