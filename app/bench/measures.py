"""Measures of a ranking, as information retrieval has them: nDCG, MRR, recall, and how far chance may move a mean."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
Relevant = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """The means over all queries, and the 95% bootstrap interval of nDCG@10 (Efron 1979; Sakai 2006)."""

    ndcg_at_10: float
    ndcg_at_10_interval: tuple[float, float]
    mrr: float
    recall_at_10: float
    recall_at_50: float


def measured(rankings: Sequence[Sequence[str]], relevant: Sequence[Relevant]) -> Measured:
    """Of each query's ranking (ids, best first) and of what is relevant to it ({id: gain}, not empty)."""
    pairs = list(zip(rankings, relevant, strict=True))
    gains = np.array([ndcg(ranking, wanted, 10) for ranking, wanted in pairs])
    return Measured(
        ndcg_at_10=float(gains.mean()),
        ndcg_at_10_interval=interval(gains),
        mrr=float(np.mean([reciprocal_rank(ranking, wanted) for ranking, wanted in pairs])),
        recall_at_10=float(np.mean([recall(ranking, wanted, 10) for ranking, wanted in pairs])),
        recall_at_50=float(np.mean([recall(ranking, wanted, 50) for ranking, wanted in pairs])),
    )


def ndcg(ranking: Sequence[str], relevant: Relevant, depth: int) -> float:
    """Normalised discounted cumulative gain with linear gains (Jarvelin and Kekalainen 2002), from 0 to 1."""
    found = sum(relevant.get(each, 0.0) / log2(at + 2) for at, each in enumerate(ranking[:depth]))
    best = sorted(relevant.values(), reverse=True)[:depth]
    return found / sum(gain / log2(at + 2) for at, gain in enumerate(best))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """1 over the place of the first that is relevant; 0 when none is in the ranking."""
    return next((1 / at for at, each in enumerate(ranking, 1) if each in relevant), 0.0)


def recall(ranking: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """The share of the relevant that is among the first."""
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)


def interval(values: NDArray[np.float64], seed: int = 1) -> tuple[float, float]:
    """Between which the mean falls in 95 of 100 samples of queries drawn with replacement."""
    rng = np.random.default_rng(seed)
    means = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
