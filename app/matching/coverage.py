"""Coverage: how far each provider covers each thing that a need asks for, over all of them at once, from the index.

What is said here of thousands of providers, `reasons` says of the few that are shown, in words and from their rows. A
capability counts by kinship and by who says so; where a provider shows none of those asked for, the words of a text
that speaks of it count half.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.kernel.search import Groups, Snapshot
from app.matching.asks import STRENGTH, Ask, Kinship
from app.matching.passages import FEWEST_WORDS, LEAST_SHARE, stems_in
from app.matching.reasons import WORDS_ALONE
from app.matching.voices import PROFILE
from app.providers.models import COUNTERSIGNED, STATED

Floats = NDArray[np.float64]


def coverage(groups: Groups, asks: Sequence[Ask], kinship: Kinship, oldest: date) -> Floats:
    """(asks, groups): from 0 to 1. Evidence finished on `oldest` or before counts for nothing."""
    strengths = {kind: _strength(kind, snapshot, oldest) for kind, snapshot in groups.snapshots.items()}
    found = np.zeros((len(asks), groups.size))
    for at, ask in enumerate(asks):
        by_capability = _by_capabilities(groups, ask, kinship, strengths)
        by_words = _best(groups, strengths, partial(_shares_of_words, ask))
        found[at] = np.where(by_capability > 0, by_capability, WORDS_ALONE * by_words)
    return found


def facts(found: Floats, asks: Sequence[Ask]) -> Floats:
    """(groups,): the mean coverage of all asks by weight, from 0 to 1."""
    weights = np.array([ask.weight for ask in asks])
    mean: Floats = weights @ found / weights.sum() if weights.sum() else np.zeros(found.shape[1])
    return mean


def document_facts(snapshot: Snapshot, asks: Sequence[Ask], kinship: Kinship) -> Floats:
    """(documents,): how far each document by itself names the capabilities that are asked for, from 0 to 1."""
    found = np.zeros((len(asks), snapshot.size))
    for at, ask in enumerate(asks):
        for asked in ask.capabilities:
            found[at] += _degrees(kinship.of(asked), snapshot) / len(ask.capabilities)
    return facts(found, asks)


def _strength(kind: str, snapshot: Snapshot, oldest: date) -> Floats:
    """(documents,): how much a claim in each document counts; 0 for what is disputed or has expired."""
    if kind == PROFILE:
        return np.full(snapshot.size, STRENGTH["profile"])
    expired = datetime.combine(oldest, time(), ZoneInfo("UTC")).timestamp() * 1_000_000
    valid = snapshot.sort_numbers("newest") > expired
    strength = np.zeros(snapshot.size)
    for standing in (STATED, COUNTERSIGNED):
        strength[snapshot.passing({"standing": [standing]}) & valid] = STRENGTH[standing]
    return strength


def _best(groups: Groups, strengths: Mapping[str, Floats], value: Callable[[Snapshot], Floats]) -> Floats:
    """(groups,): the highest of value times strength among each group's documents of every kind."""
    found = np.zeros(groups.size)
    for kind, snapshot in groups.snapshots.items():
        found = np.maximum(found, groups.best(kind, value(snapshot) * strengths[kind]))
    return found


def shows_any(groups: Groups, asks: Sequence[Ask], kinship: Kinship, oldest: date) -> NDArray[np.bool_]:
    """(asks, groups): who claims a capability that an ask names, or its kin; whoever there is where it names none."""
    strengths = {kind: _strength(kind, snapshot, oldest) for kind, snapshot in groups.snapshots.items()}
    found = np.ones((len(asks), groups.size), np.bool_)
    for at, ask in enumerate(asks):
        if ask.capabilities:
            found[at] = _by_capabilities(groups, ask, kinship, strengths) > 0
    return found


def _by_capabilities(groups: Groups, ask: Ask, kinship: Kinship, strengths: Mapping[str, Floats]) -> Floats:
    """(groups,): the mean over the capabilities asked for of the best claim for each."""
    found = np.zeros(groups.size)
    for asked in ask.capabilities:
        found += _best(groups, strengths, partial(_degrees, kinship.of(asked)))
    return found / max(1, len(ask.capabilities))


def _degrees(kin: Mapping[str, float], snapshot: Snapshot) -> Floats:
    """(documents,): how much the closest of a document's capabilities counts."""
    found = np.zeros(snapshot.size)
    for capability, degree in sorted(kin.items(), key=lambda pair: pair[1]):
        found[snapshot.having("capabilities", capability)] = degree
    return found


def _shares_of_words(ask: Ask, snapshot: Snapshot) -> Floats:
    """(documents,): the share of the words of what is asked that a document has; 0 when that is too little."""
    stems = sorted(stems_in(ask.text))
    count = np.zeros(snapshot.size)
    for stem in stems:
        has = np.zeros(snapshot.size, np.bool_)
        for field in ("title", "text"):
            has[snapshot.having(field, stem)] = True
        count += has
    enough = (count >= min(FEWEST_WORDS, len(stems))) & (count >= LEAST_SHARE * len(stems)) & (count > 0)
    return np.where(enough, count / max(1, len(stems)), 0.0)
