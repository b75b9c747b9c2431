"""The market that forms around a need below open, from what providers registered. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.clock import LONDON
from app.kernel.display import MONTHS
from app.needs.models import Need
from app.providers.choices import SIZES, size_of
from app.providers.models import Provider
from app.responses.models import Interest

IN_HOUSE, NOT_SAID = "in_house", ""
SIZES_SHOWN = {**SIZES, IN_HOUSE: "In-house teams", NOT_SAID: "Size not given"}


@dataclass(frozen=True)
class Share:
    """One part of the market: how many providers, with how many people."""

    label: str
    providers: int
    people: int


@dataclass(frozen=True)
class Month:
    """One month: who came in it, and how many there are by its end."""

    label: str
    providers: int
    people: int
    providers_so_far: int
    people_so_far: int


@dataclass(frozen=True)
class Market:
    """Who is there so far: what they cover, how large they are, when they are free, and how it grew."""

    providers: int
    people: int
    capabilities: tuple[Share, ...]
    unspecified: Share
    sizes: tuple[Share, ...]
    free: tuple[Month, ...]
    growth: tuple[Month, ...]

    @property
    def uncovered(self) -> list[str]:
        """The capabilities that nobody covers."""
        return [each.label for each in self.capabilities if not each.providers]


def market_of(need: Need, interests: Sequence[Interest]) -> Market:
    """The market of a need. Who covers several capabilities counts for each of them."""
    covering = [
        _share(node.name, (each for each in interests if node in each.capabilities)) for node in need.all_capabilities
    ]
    by_size = {key: [each for each in interests if size_of_provider(each.provider) == key] for key in SIZES_SHOWN}
    return Market(
        providers=len(interests),
        people=sum(each.people for each in interests),
        capabilities=tuple(covering),
        unspecified=_share("No capability named", (each for each in interests if not each.capabilities)),
        sizes=tuple(_share(SIZES_SHOWN[key], found) for key, found in by_size.items() if found or key in SIZES),
        free=_months(interests, lambda each: each.from_on),
        growth=_months(interests, lambda each: each.registered_at.astimezone(LONDON).date()),
    )


def size_of_provider(provider: Provider) -> str:
    """A key of SIZES_SHOWN."""
    return IN_HOUSE if provider.is_in_house else provider.size or size_of(provider.people)


def _share(label: str, interests: Iterable[Interest]) -> Share:
    found = list(interests)
    return Share(label, len(found), sum(each.people for each in found))


def _months(interests: Sequence[Interest], day_of: Callable[[Interest], date]) -> tuple[Month, ...]:
    """By month, those without anybody left out, each with the sum up to its end."""
    told: list[Month] = []
    so_far = (0, 0)
    for month in sorted({day_of(each).replace(day=1) for each in interests}):
        new = _share("", (each for each in interests if day_of(each).replace(day=1) == month))
        so_far = so_far[0] + new.providers, so_far[1] + new.people
        told.append(Month(f"{MONTHS[month.month - 1]} {month.year}", new.providers, new.people, *so_far))
    return tuple(told)
