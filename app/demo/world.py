"""The world while it is played: who is where, what was made so far, and the script of what is still to come."""

import heapq
import random
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from app.accounts.models import BUYER, LEAD, OFFICER, STAFF, Organisation, Person
from app.demo.calendar import Calendar, draw
from app.demo.library import Library
from app.demo.replies import Reply, replies
from app.demo.timelines import Timeline, timelines
from app.kernel import clock
from app.needs.models import Need
from app.outcomes.models import Partnership
from app.providers.models import Evidence, Provider, SolutionProfile
from app.responses.models import Response

Act = Callable[[], None]
DRAWN_AUTHOR = 0.7


class Script:
    """What will happen at which moment; what is added for the same moment happens in the order of adding."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Act]] = []
        self._number = count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, moment: datetime, act: Act) -> None:
        """Have something happen at a moment."""
        heapq.heappush(self._heap, (moment, next(self._number), act))

    def play(self, told: Callable[[int, int], None]) -> None:
        """Let everything happen in its order, each at its own reading of the clock."""
        done, total = 0, len(self)
        while self._heap:
            moment, _, act = heapq.heappop(self._heap)
            with clock.at(moment), clock.frozen():
                act()
            done, total = done + 1, max(total, done + len(self._heap))
            told(done, total)


@dataclass
class World:
    """The written content, what is drawn from it, and the rows that were made of it so far."""

    library: Library
    calendar: Calendar
    password_hash: str
    script: Script = field(default_factory=Script)
    lines: Mapping[str, Timeline] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    operator: Person | None = None
    bodies: dict[str, Organisation] = field(default_factory=dict)
    people: dict[tuple[str, str], list[Person]] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    profiles: dict[tuple[str, str], SolutionProfile] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    responses: dict[tuple[str, str], Response] = field(default_factory=dict)
    partnerships: dict[tuple[str, str], Partnership] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library, now: datetime, password_hash: str) -> "World":
        """The world as it will have been at this moment."""
        calendar = Calendar(now)
        world = cls(library, calendar, password_hash, lines=timelines(library, calendar))
        world.replies = replies(library, world.lines, calendar)
        return world

    @property
    def retired(self) -> set[tuple[str, str]]:
        """The offers that were taken out of sight: provider and title."""
        return {(each["provider"], each["title"]) for each in self.library.cast["retired"]}

    def author(self, need: str) -> Person:
        """The buyer who writes a need; the department's first writes most."""
        first, *others = self.people[self.library.stories[need].by, BUYER]
        source = draw("author", need)
        return first if source.random() < DRAWN_AUTHOR or not others else source.choice(others)

    def colleague(self, need: str) -> Person:
        """The second owner of a need."""
        author = self.author(need)
        return next(person for person in self.people[self.library.stories[need].by, BUYER] if person is not author)

    def officer(self, need: str) -> Person:
        """The procurement officer who looks after a need."""
        return self.people[self.library.stories[need].by, OFFICER][0]

    def speaker(self, provider: str, about: str) -> Person:
        """Who acts for a provider in one matter."""
        people = [*self.people[provider, LEAD], *self.people.get((provider, STAFF), [])]
        return draw("speaker", provider, about).choice(people)

    def words(self, name: str) -> Any:
        """A file of phrases."""
        return self.library.words[name]

    def region(self, town: str) -> str:
        """The region of a town."""
        regions: Mapping[str, list[str]] = self.words("places")
        return next(region for region, towns in regions.items() if town in towns)


class Names:
    """Names of people, none of them used twice."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        self._given, self._family = list(words["given"]), list(words["family"])
        source: random.Random = draw("names")
        source.shuffle(self._given)
        source.shuffle(self._family)
        self._next = count()

    def another(self) -> str:
        """A given and a family name."""
        number = next(self._next)
        turn, place = divmod(number, len(self._given))
        return f"{self._given[place]} {self._family[(place * 5 + turn * 17) % len(self._family)]}"


def address_of(name: str, domain: str) -> str:
    """A mail address made from a name, in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(plain.replace(chr(39), '').split())}@{domain}"
