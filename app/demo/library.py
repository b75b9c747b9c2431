"""The written content, read from `content/` into plain facts; `content/README.md` tells its shape."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"
PAYMENTS = {
    "milestones": "milestones",
    "monthly": "capped_time",
    "fixed": "fixed_price",
    "subscription": "subscription",
}
STANDARDS = {
    "WCAG 2.2 AA": "wcag22aa",
    "Cyber Essentials Plus": "cyber_essentials_plus",
    "ISO 27001": "iso27001",
    "ISO 20000": "iso20000",
    "open source": "open_source",
}


@dataclass(frozen=True)
class Body:
    """A department, an in-house team or a supplier, as it is written."""

    key: str
    name: str
    about: str
    place: str
    short: str = ""
    domain: str = ""
    parent: str = ""
    people: int = 0


@dataclass(frozen=True)
class Measure:
    """An outcome and how it will be known; `months` from publication."""

    outcome: str
    measure: str
    baseline: str
    target: str
    months: int


@dataclass(frozen=True)
class Ask:
    """A requirement; capabilities are slugs."""

    kind: str
    weight: int
    capabilities: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Story:
    """A need: what it says, and on which rung and in which state it stands today. Money in pence."""

    key: str
    title: str
    by: str
    jointly: tuple[str, ...]
    rung: str
    state: str
    summary: str
    problem: str
    users: str
    measures: tuple[Measure, ...]
    asks: tuple[Ask, ...]
    price: int
    done: str
    clearance: str
    remote: bool
    towns: tuple[str, ...]
    standards: tuple[str, ...]
    low: int
    high: int
    approved: bool
    payment: str
    months: int
    withdrawn: str

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What is asked for, the weightiest first, each once."""
        asked = [each for ask in sorted(self.asks, key=lambda ask: -ask.weight) for each in ask.capabilities]
        return tuple(dict.fromkeys(asked))


@dataclass(frozen=True)
class Proof:
    """A claim of past work."""

    title: str
    client: str
    text: str
    result: str


@dataclass(frozen=True)
class Offer:
    """A solution profile of one provider: one telling of a profile story. Money in pence."""

    provider: str
    title: str
    problem: str
    how: tuple[str, ...]
    users: str
    capabilities: tuple[str, ...]
    technologies: tuple[str, ...]
    low: int
    high: int
    unit: str
    standards: tuple[str, ...]
    proof: Proof


@dataclass(frozen=True)
class Ending:
    """What became of a concluded need; each side says what helped and what hindered."""

    need: str
    winners: tuple[str, ...]
    none: str
    fate: str
    provider_says: str
    reached: tuple[tuple[str, bool], ...]
    buyer: tuple[str, ...]
    provider: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """Everything that is written, by key."""

    departments: Mapping[str, Body]
    teams: Mapping[str, Body]
    suppliers: Mapping[str, Body]
    stories: Mapping[str, Story]
    offers: tuple[Offer, ...]
    endings: Mapping[str, Ending]
    cast: Mapping[str, Any]
    words: Mapping[str, Any]

    @property
    def providers(self) -> dict[str, Body]:
        """Suppliers and in-house teams."""
        return {**self.suppliers, **self.teams}


@cache
def read_library() -> Library:
    """All content, read once."""
    stories = [_story(each) for each in _in_folder("needs")]
    endings = [_ending(each) for each in _file("outcomes")]
    return Library(
        departments=_bodies("departments"),
        teams=_bodies("teams"),
        suppliers=_bodies("suppliers"),
        stories={story.key: story for story in stories},
        offers=tuple(offer for each in _in_folder("profiles") for offer in _offers(each)),
        endings={ending.need: ending for ending in endings},
        cast=_file("cast"),
        words={path.stem: _load(path) for path in sorted((CONTENT / "words").glob("*.yaml"))},
    )


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _file(name: str) -> Any:
    return _load(CONTENT / f"{name}.yaml")


def _in_folder(name: str) -> Iterator[Any]:
    for path in sorted((CONTENT / name).glob("*.yaml")):
        yield from _load(path)


def _parts(line: str, count: int) -> list[str]:
    """The parts of a line that was written with bars between them."""
    found = [part.strip() for part in line.split(" | ")]
    if len(found) != count:
        raise ValueError(f"{line!r} has {len(found)} parts, not {count}")
    return found


def _bodies(name: str) -> dict[str, Body]:
    return {key: _body(key, written) for key, written in _file(name).items()}


def _body(key: str, written: Mapping[str, Any]) -> Body:
    facts = written["facts"]
    told = {name: facts[name] for name in ("short", "domain", "parent") if name in facts}
    return Body(key, written["name"], written["about"], facts["place"], people=facts.get("staff", 0), **told)


def _measure(line: str) -> Measure:
    outcome, measure, baseline, target, months = _parts(line, 5)
    return Measure(outcome, measure, baseline, target, int(months))


def _ask(line: str) -> Ask:
    head, text = _parts(line, 2)
    kind, weight, capabilities = head.split(" ", 2)
    return Ask(kind, int(weight), tuple(each.strip() for each in capabilities.split(",")), text)


def _story(written: Mapping[str, Any]) -> Story:
    limits, (rung, state) = written["limits"], written["stage"].split()
    span, approved, payment = written["money"].split()
    low, high = (int(part) * 1000_00 for part in span.split("-"))
    return Story(
        **{name: written[name] for name in ("key", "title", "by", "summary", "problem", "price", "months")},
        **{"rung": rung, "state": state, "low": low, "high": high, "approved": approved == "approved"},
        jointly=tuple(written.get("with", ())),
        users=f"{written['who']}. Users: {written['users']}.",
        measures=tuple(_measure(line) for line in written["outcomes"]),
        asks=tuple(_ask(line) for line in written["asks"]),
        done=_with_standards(written["now"], limits["standards"]),
        clearance=limits["clearance"].lower(),
        remote=limits["work"] != "on site",
        towns=tuple(limits["places"]),
        standards=tuple(STANDARDS[name] for name in limits["standards"] if name in STANDARDS),
        payment=PAYMENTS[payment],
        withdrawn=written.get("withdrawn", ""),
    )


def _with_standards(done: str, standards: Iterable[str]) -> str:
    others = [name for name in standards if name not in STANDARDS]
    return f"{done} Standards in use: {', '.join(others)}." if others else done


def _offers(written: Mapping[str, Any]) -> Iterator[Offer]:
    """One offer for each telling; the sentences of a story come in another order and choice each time."""
    span, unit = written["price"].split(" ", 1)
    low, high = (int(part) * 100 for part in span.split("-"))
    for turn, telling in enumerate(written["tellings"]):
        how = written["how"]
        turned = [how[(turn * 2 + step) % len(how)] for step in range(min(len(how), 4 - turn % 2))]
        yield Offer(
            provider=telling["by"],
            title=telling["title"],
            problem=telling["problem"],
            how=tuple(turned),
            users=written["for"][turn % len(written["for"])],
            capabilities=tuple(written["caps"]),
            technologies=tuple(written["tech"]),
            **{"low": low, "high": high, "unit": unit},
            standards=tuple(written["meets"]),
            proof=Proof(*_parts(telling["proof"], 4)),
        )


def _ending(written: Mapping[str, Any]) -> Ending:
    reached = [_parts(line, 2) for line in written.get("reached", ())]
    fate = written.get("fate", "none")
    return Ending(
        need=written["need"],
        winners=tuple(written.get("winners", ())),
        none=written.get("none", ""),
        fate=fate,
        provider_says=written.get("provider-says", fate),
        reached=tuple((value, verdict == "yes") for value, verdict in reached),
        buyer=tuple(_parts(written["buyer"], 2)) if "buyer" in written else (),
        provider=tuple(_parts(written["provider"], 2)) if "provider" in written else (),
    )
