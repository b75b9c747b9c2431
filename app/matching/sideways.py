"""Sideways: needs like this need, and partners who have what a provider lacks for the needs that fit it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select, union

from app.capabilities.queries import tree
from app.kernel import clock, search
from app.kernel.db import session
from app.kernel.search import Groups
from app.matching.asks import Ask, Kinship, asks_of
from app.matching.case import Case, text_of
from app.matching.coverage import Floats, coverage
from app.matching.eligibility import eligible_providers
from app.matching.fitting import FittingNeed, needs_that_fit
from app.matching.reasons import MISSING
from app.matching.scoring import lot
from app.matching.voices import KINDS
from app.matching.wording import telling
from app.needs.models import Need, Requirement, need_capabilities, requirement_capabilities
from app.needs.queries import needs_in_order
from app.providers.models import Provider
from app.providers.queries import load_providers, oldest_valid

LIKE, WORDS_TOLD = 10, 8
# how many telling words two needs share that overlap: with a capability in common, and without
FEWEST_WORDS, FEWEST_WORDS_ALONE = 2, 6
NEEDS_LOOKED_AT, EACH, PARTNERS = 8, 6, 12
# a partner covers at least this much of what is missing: more than a text that only has the words can
COVERS = 0.5


@dataclass(frozen=True)
class SimilarNeed:
    """A published need like another, with the words that they share, the most telling first."""

    need: Need
    words: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """A need in the index that is like another: its id, and whether both ask for the same capability or a close one."""

    need_id: str
    shares_capability: bool

    def overlaps(self, words: Sequence[str]) -> bool:
        """Whether what they share, these words included, is more than chance: two texts always share a few words."""
        return len(words) >= (FEWEST_WORDS if self.shares_capability else FEWEST_WORDS_ALONE)


@dataclass(frozen=True)
class Partner:
    """A provider with what another lacks: for which needs, and which of their requirements."""

    provider: Provider
    fills: tuple[tuple[Need, tuple[str, ...]], ...]


def similar_needs(need: Need) -> list[SimilarNeed]:
    """The ten published needs most like this one, live or over, best first: near duplicates are on top."""
    ids = [each.row_id for each in search.more_like("need", text_of(need), exclude=[need.id], limit=LIKE)]
    why = words_shared(need, ids)
    return [SimilarNeed(each, why[each.id]) for each in needs_in_order(ids) if each.id in why]


def words_shared(need: Need, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each of these needs that is indexed, the words that it shares with this one, the most telling first."""
    why = search.explain("need", text_of(need), ids)
    return {need_id: telling(each.words, WORDS_TOLD) for need_id, each in why.items()}


def alike(need: Need, state: str, *, exclude: Collection[str] = (), limit: int = LIKE) -> list[Alike]:
    """The needs in this state that are most like this one, best first, those of `exclude` left out.

    At most `limit` of those that ask for a capability which counts towards one that is asked for here, and of all.
    """
    text, without = text_of(need), [need.id, *exclude]
    filters = {"state": [state]}
    by_words = search.more_like("need", text, exclude=without, filters=filters, limit=limit)
    related = _related(need)
    filters = {**filters, "capability": related}
    by_both = search.more_like("need", text, exclude=without, filters=filters, limit=limit) if related else []
    shared = {each.row_id for each in by_both}
    ranked = sorted({*by_words, *by_both}, key=lambda each: (-each.score, each.row_id))
    return [Alike(each.row_id, each.row_id in shared) for each in ranked]


def capabilities_shared(need: Need, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each of these needs, the names of what it asks for that is asked for here too, or is close to it."""
    whole = select(need_capabilities.c.need_id, need_capabilities.c.capability_id)
    one_by_one = select(Requirement.need_id, requirement_capabilities.c.capability_id).join(requirement_capabilities)
    asked = union(whole, one_by_one).subquery()
    wanted = select(asked).where(asked.c.need_id.in_(ids), asked.c.capability_id.in_(_related(need)))
    found: dict[str, list[str]] = {}
    for need_id, capability_id in session().execute(wanted):
        found.setdefault(need_id, []).append(tree().nodes[capability_id].name)
    return {need_id: tuple(sorted(names)) for need_id, names in found.items()}


def _related(need: Need) -> list[str]:
    """The ids of the capabilities that the need asks for, and of those that count towards them."""
    known = tree()
    asked = {each for ask in asks_of(need, known) for each in ask.capabilities}
    return Kinship(asked | {each.id for each in need.capabilities}, known).related


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
