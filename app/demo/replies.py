"""Who answers which need, with which offer, and how well: drawn from what providers can do, winners and cast first."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice

from app.demo.calendar import FIRST_DAY, Calendar, draw
from app.demo.library import Library, Offer, Story
from app.demo.timelines import Timeline

AVERAGE = 14
IN_TIME, TAKEN_BACK, REVISED = 0.87, 0.02, 0.06
SPREAD = (6, 8, 9, 10, 11, 12, 13, 14, 14, 15, 16, 17, 18, 19, 20, 22)


@dataclass
class Reply:
    """One provider's answer to one need, as it will be played."""

    need: str
    provider: str
    offer: Offer
    fit: float
    started: datetime
    submitted: datetime | None = None
    revised: datetime | None = None
    withdrawn: datetime | None = None
    wins: bool = False
    shortlisted: bool = False
    price_pence: int = 0


@dataclass
class Roster:
    """Every provider's day of coming, and the offers that are live from some day."""

    library: Library
    joined: dict[str, float] = field(default_factory=dict)
    live_from: dict[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def drawn(cls, library: Library) -> "Roster":
        """The roster of the content."""
        roster = cls(library)
        drafts = {(each["provider"], each["title"]) for each in library.cast["drafts"]}
        for key in library.providers:
            late = library.cast["latecomers"].get(key)
            roster.joined[key] = late or FIRST_DAY + draw("joined", key).randint(3, 20)
        for offer in library.offers:
            name = (offer.provider, offer.title)
            if name not in drafts:
                roster.live_from[name] = min(-6, roster.joined[offer.provider] + draw("offer", *name).randint(2, 22))
        return roster

    def offers_on(self, day: float) -> dict[str, list[Offer]]:
        """What was on offer on that day, by provider. Retired offers are left out, so that nothing rests on them."""
        retired = {(each["provider"], each["title"]) for each in self.library.cast["retired"]}
        found: dict[str, list[Offer]] = {}
        for offer in self.library.offers:
            name = (offer.provider, offer.title)
            if name not in retired and self.live_from.get(name, 1) < day:
                found.setdefault(offer.provider, []).append(offer)
        return found


def fit(story: Story, offers: Iterable[Offer]) -> float:
    """The share of the weight asked for that these offers cover."""
    can = {capability for offer in offers for capability in offer.capabilities}
    total = sum(ask.weight for ask in story.asks)
    return sum(ask.weight * len(can & set(ask.capabilities)) / len(ask.capabilities) for ask in story.asks) / total


def best_offer(story: Story, offers: list[Offer]) -> Offer:
    """The offer that fits best."""
    return max(offers, key=lambda offer: (fit(story, [offer]), offer.title))


def how_many(library: Library) -> dict[str, int]:
    """How many responses each call gets: fixed ones, and others drawn and evened out until the average is right."""
    fixed: dict[str, int] = library.cast["responses"]
    calls = [
        key
        for key, story in library.stories.items()
        if story.rung == "open" and story.state not in ("draft", "withdrawn")
    ]
    found = {key: fixed.get(key) or draw("count", key).choice(SPREAD) for key in calls}
    free = [key for key in calls if key not in fixed]
    gap = AVERAGE * len(calls) - sum(found.values())
    for key in islice(cycle(free), abs(gap)):
        found[key] += 1 if gap > 0 else -1
    return found


def replies(library: Library, lines: Mapping[str, Timeline], calendar: Calendar) -> list[Reply]:
    """Every response of the demo world."""
    roster, counts = Roster.drawn(library), how_many(library)
    found = []
    for key, count in counts.items():
        found += _replies_to(library.stories[key], lines[key], count, roster, calendar)
    return found


def _replies_to(story: Story, line: Timeline, count: int, roster: Roster, calendar: Calendar) -> list[Reply]:
    source = draw("replies", story.key)
    offers = roster.offers_on(calendar.day_of(line.call[0]))
    fits = {provider: fit(story, held) for provider, held in offers.items()}
    ending = roster.library.endings.get(story.key)
    winners = list(ending.winners) if ending else roster.library.cast["winners"].get(story.key, [])
    acts = {each["provider"]: each["act"] for each in roster.library.cast["acts"] if each["need"] == story.key}
    chosen = _chosen(
        story, fits, count, [*winners, *(p for p, act in acts.items() if act != "invited")], set(acts), source
    )
    found = []
    for provider in chosen:
        reply = Reply(story.key, provider, best_offer(story, offers[provider]), fits[provider], line.call[0])
        reply.wins = provider in winners
        _price(reply, story, source)
        _timing(reply, line, acts.get(provider, ""), calendar, source)
        found.append(reply)
    _shortlist(found, source)
    return found


def _chosen(
    story: Story, fits: Mapping[str, float], count: int, first: list[str], spoken_for: set[str], source: random.Random
) -> list[str]:
    """Those who must answer, then others by chance, the fitting far likelier. A department's own team may answer it."""
    left = {key: 0.004 + value**2 for key, value in sorted(fits.items()) if key not in first and key not in spoken_for}
    chosen = list(dict.fromkeys(first))
    while len(chosen) < count and left:
        key = source.choices(list(left), weights=list(left.values()))[0]
        del left[key]
        chosen.append(key)
    return chosen


def _price(reply: Reply, story: Story, source: random.Random) -> None:
    share = source.uniform(0.05, 0.85) if reply.wins else source.uniform(-0.1, 1.15)
    reply.price_pence = round((story.low + (story.high - story.low) * share) / 500_00) * 500_00


def _timing(reply: Reply, line: Timeline, act: str, calendar: Calendar, source: random.Random) -> None:
    """Most answers come in the last days before the deadline, and what has not come by today is a draft."""
    opened, deadline = line.call
    until = min(deadline, calendar.now)
    window = until - opened
    reply.started = opened + window * source.uniform(0.03, 0.6)
    done = reply.started + (until - reply.started) * (1 - source.random() ** 2 * 0.9)
    done = min(done, until - timedelta(minutes=source.randint(6, 300)))
    is_past = deadline < calendar.now
    if act == "draft" or not (is_past or act or source.random() < IN_TIME):
        return
    reply.submitted = max(done, reply.started + timedelta(minutes=1))
    if act == "withdrawn" or (not act and not reply.wins and source.random() < TAKEN_BACK):
        reply.withdrawn = _between(reply.submitted, until, source)
    elif source.random() < REVISED:
        reply.revised = _between(reply.submitted, until, source)


def _between(start: datetime, end: datetime, source: random.Random) -> datetime:
    return start + (end - start) * source.uniform(0.2, 0.8)


def _shortlist(found: list[Reply], source: random.Random) -> None:
    """The winners and the next best of those that stand."""
    standing = [reply for reply in found if reply.submitted and not reply.withdrawn]
    ranked = sorted(standing, key=lambda reply: (not reply.wins, -(reply.fit + source.uniform(0, 0.25))))
    for reply in ranked[: max(1, min(5, len(ranked) // 3 + 1))]:
        reply.shortlisted = True


def interests(
    library: Library, lines: Mapping[str, Timeline], calendar: Calendar
) -> Iterator[tuple[str, str, datetime]]:
    """Who says when that they are interested in a need that was not open yet: need, provider, moment."""
    roster = Roster.drawn(library)
    told = {(each["need"], each["provider"]) for each in library.cast["acts"] if each["act"] == "interest"}
    for key, line in lines.items():
        until = line.open_from or line.withdrawn or calendar.now
        if line.published is None or line.published >= until:
            continue
        source, story = draw("interest", key), library.stories[key]
        offers = roster.offers_on(calendar.day_of(line.published))
        fits = {provider: fit(story, held) for provider, held in offers.items()}
        first = sorted(provider for need, provider in told if need == key)
        for provider in _chosen(story, fits, source.randint(1, 6), first, set(first), source):
            yield key, provider, _between(line.published, until, source)
