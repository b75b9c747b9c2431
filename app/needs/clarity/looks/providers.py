"""Whether enough providers could meet the criteria, as far as the market was counted."""

from app.needs.clarity.prose import Reading
from app.needs.clarity.rule import Seen, Spot
from app.needs.market import Market

FEW = 3


def enough_could_meet_it(read: Reading) -> Seen | None:
    """Met from three eligible providers on. Nobody can tell where the market is not counted, or is itself too small."""
    market = read.market
    if market is None or market.offering < FEW:
        return None
    if market.eligible >= FEW:
        return Seen(1)
    return Seen(max(0, market.eligible) / FEW, (_spot(market),))


def _spot(market: Market) -> Spot:
    words = {"eligible": _providers(market.eligible), "offering": str(market.offering)}
    if not market.barriers:
        return Spot("few", "constraints", "standards", "Constraints", words)
    barrier = market.barriers[0]
    words |= {"label": barrier.label, "wanted": barrier.wanted, "left": _providers(barrier.left_without)}
    return Spot("barrier", barrier.section, "", barrier.label, words)


def _providers(count: int) -> str:
    return {0: "no provider", 1: "1 provider"}.get(count, f"{count} providers")
