"""The field: every provider for one need, as arrays, before anybody is looked at more closely."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.kernel import clock, search
from app.kernel.search import Groups
from app.matching.case import Case
from app.matching.coverage import Floats, coverage, document_facts, facts
from app.matching.eligibility import eligible_documents, eligible_providers
from app.matching.scoring import FACTS, RECORD, WORDS, Parts, lot, mean_outcome, parts, shrunk
from app.matching.voices import PROFILE, voices
from app.providers.queries import count_countersigned, oldest_valid, track_records

# who has fewer countersigned outcomes that count has a little record, and may be given a newcomer's place
LITTLE_RECORD = 2
MOST_VOICES = 1_000
# how many of a provider's profiles are looked at closely
PROFILES_EACH = 3
ABOVE_ANY_SCORE = 10_000.0


class Field:
    """Arrays by provider, as `groups` numbers them; facts, words and record are from 0 to 1."""

    def __init__(self, case: Case, groups: Groups) -> None:
        self.case, self.groups = case, groups
        self.coverage = coverage(groups, case.asks, case.kinship, oldest_valid(clock.today()))
        self.facts = facts(self.coverage, case.asks)
        self.voted = {each.group: each for each in voices(case.text, limit=MOST_VOICES)}
        self.most_words = max((each.score for each in self.voted.values()), default=0.0)
        self.records = track_records()
        self.mean = mean_outcome(self.records.values())
        self.outcomes = count_countersigned()

    def parts(self, provider_id: str, facts: float) -> Parts:
        """The parts of a provider's score; words count by the share of the strongest in the field."""
        return parts(facts, self.words_of(provider_id), shrunk(self.records.get(provider_id), self.mean))

    def words_of(self, provider_id: str) -> float:
        """How strong its words are beside the strongest, from 0 to 1."""
        voted = self.voted.get(provider_id)
        return voted.score / self.most_words if voted else 0.0

    def is_newcomer(self, provider_id: str) -> bool:
        """Whether it has little record yet."""
        return self.outcomes.get(provider_id, 0) < LITTLE_RECORD

    @cached_property
    def is_eligible(self) -> NDArray[np.bool_]:
        """(groups,): who has a live profile that meets every constraint."""
        return eligible_providers(self.case.need, self.groups)

    @cached_property
    def heights(self) -> Floats:
        """(groups,): the score in thousandths, 10,000 more for the eligible, 0 for who has nothing to do with it."""
        words = self._by_provider({each: self.words_of(each) for each in self.voted}, 0.0)
        record = self._by_provider({each: shrunk(r, self.mean) for each, r in self.records.items()}, self.mean)
        score = np.rint(FACTS * self.facts) + np.rint(WORDS * words) + np.rint(RECORD * record)
        matched = self._offers() & ((self.facts > 0) | (words > 0))
        return np.where(matched, 1.0 + score + ABOVE_ANY_SCORE * self.is_eligible, 0.0)

    def best(self, count: int) -> list[str]:
        """The best providers by what the index knows, eligible ones first, ties by lot."""
        return self._ordered(self.heights, count)

    def best_newcomers(self, count: int) -> list[str]:
        """The best eligible ones among those with little record."""
        known = {each: 1.0 for each in self.outcomes if not self.is_newcomer(each)}
        return self._ordered(
            np.where(self.is_eligible & (self._by_provider(known, 0.0) == 0), self.heights, 0.0), count
        )

    def best_among(self, provider_ids: Iterable[str], count: int) -> list[str]:
        """The best of these providers, as `best` orders them."""
        among = self._by_provider(dict.fromkeys(provider_ids, 1.0), 0.0)
        return self._ordered(self.heights * among, count)

    def place_of(self, provider_id: str) -> tuple[int, int] | None:
        """Where a provider stands by what the index knows, and of how many; None when nothing speaks for it."""
        at = self.groups.numbers.get(provider_id)
        if at is None or not self.heights[at]:
            return None
        return int((self.heights > self.heights[at]).sum()) + 1, int((self.heights > 0).sum())

    def profiles_of(self, provider_ids: Iterable[str]) -> list[str]:
        """The ids of the three profiles of each that promise most: eligible, then by what they claim and say."""
        snapshot = self.groups.snapshots.get(PROFILE)
        if snapshot is None:
            return []
        promise = document_facts(snapshot, self.case.asks, self.case.kinship)
        promise += 2.0 * eligible_documents(self.case.need, snapshot)
        found: list[str] = []
        for each in provider_ids:
            mine = {snapshot.row(at): float(promise[at]) for at in self._documents(each)}
            shares = self.voted[each].shares if each in self.voted else {}
            order = sorted(mine, key=lambda row: (-mine[row], -shares.get((PROFILE, row), 0.0), row))
            found += order[:PROFILES_EACH]
        return found

    def _documents(self, provider_id: str) -> list[int]:
        at = self.groups.numbers.get(provider_id)
        return [] if at is None else self.groups.documents(PROFILE, at)

    def _ordered(self, heights: Floats, count: int) -> list[str]:
        found = [(heights[at], self.groups.ids[at]) for at in search.strongest(heights, count).tolist()]
        return [each for _, each in sorted(found, key=lambda pair: (-pair[0], lot(self.case.need.id, pair[1])))[:count]]

    def _by_provider(self, values: Mapping[str, float], otherwise: float) -> Floats:
        found = np.full(self.groups.size, otherwise)
        for provider_id, value in values.items():
            at = self.groups.numbers.get(provider_id)
            if at is not None:
                found[at] = value
        return found

    def _offers(self) -> NDArray[np.bool_]:
        """(groups,): who has a live profile."""
        snapshot = self.groups.snapshots.get(PROFILE)
        return self.groups.any(PROFILE, snapshot.live) if snapshot else np.zeros(self.groups.size, np.bool_)
