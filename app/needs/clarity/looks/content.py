"""Whether a need says what it must: who has it, how success is measured, the money, and few musts."""

import re
from typing import Any

from app.needs.clarity import lexicon
from app.needs.clarity.prose import Reading
from app.needs.clarity.rule import Seen, Spot
from app.needs.clarity.tokens import words_of
from app.needs.models import MUST

MOST_MUSTS = 6
_COUNT = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|half|"
    r"every household|one person|one team)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\W*|\W*(?:unknown|not (?:yet )?(?:known|measured|available|applicable|set)|tb[acd]|n\W?a|none yet|"
    r"no (?:data|baseline)|to be (?:\w+ )?(?:confirmed|determined|agreed|decided|measured|set)|"
    r"do(?:n['’]t| not) know)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def users_are_named(read: Reading) -> Seen:
    """Half for somebody in particular, half for how many they are."""
    text = str(read.need.users or "").strip()
    words = words_of(text)
    if not words:
        return Seen(0, (Spot("empty", "problem", "users", "Who has the problem"),))
    is_vague = all(word in lexicon.vague_people() for word in words)
    is_counted = _COUNT.search(text) is not None
    ways = [way for way, wanting in (("vague", is_vague), ("count", not is_counted)) if wanting]
    spots = tuple(Spot(way, "problem", "users", "Who has the problem", {"words": text[:100]}) for way in ways)
    return Seen((0 if is_vague else 0.6) + (0.4 if is_counted else 0), spots)


def measures_have_baselines(read: Reading) -> Seen:
    """The share of outcomes that say how they are measured, and where we are today."""
    rows = list(read.need.measures or ())
    if not rows:
        return Seen(0, (Spot("none", "outcomes", "measures", "Outcomes"),))
    spots = tuple(spot for number, row in enumerate(rows, start=1) for spot in _measure_spots(number, row))
    unmet = {spot.label for spot in spots}
    return Seen(1 - len(unmet) / len(rows), spots)


def _measure_spots(number: int, row: Any) -> list[Spot]:
    label, baseline = f"Outcome {number}", str(row.baseline or "").strip()
    words = {"outcome": str(row.outcome or row.measure or label)[:200], "baseline": baseline[:100]}
    ways = []
    if not str(row.measure or "").strip():
        ways.append("measure")
    if not baseline:
        ways.append("baseline")
    elif is_unknown(baseline):
        ways.append("unknown")
    return [Spot(way, "outcomes", "measures", label, words) for way in ways]


def is_unknown(baseline: str) -> bool:
    """Whether a baseline only says that there is none: `TBC`, `not known`, `n/a`, `?`."""
    has_number = any(letter.isdigit() for letter in baseline)
    return not has_number and bool(_UNKNOWN.fullmatch(baseline))


def money_is_said(read: Reading) -> Seen:
    """Half for each end of the range."""
    missing = [name for name in ("low_pence", "high_pence") if not _is_amount(name, getattr(read.need, name))]
    if len(missing) == 2:
        return Seen(0, (Spot("empty", "money", "high_pence", "Money"),))
    labels = {"low_pence": "Lowest amount", "high_pence": "Highest amount"}
    spots = tuple(Spot("half", "money", name, labels[name], {"which": labels[name].lower()}) for name in missing)
    return Seen(1 - len(missing) / 2, spots)


def _is_amount(name: str, pence: int | None) -> bool:
    """Nothing at all can be the least that is spent, never the most."""
    return pence is not None and (pence > 0 or name == "low_pence")


def musts_are_few(read: Reading) -> Seen:
    """Six musts are well; each further one costs a sixth."""
    musts = [row for row in read.need.requirements or () if row.kind == MUST]
    over = len(musts) - MOST_MUSTS
    if over <= 0:
        return Seen(1)
    lightest = min(musts, key=lambda row: row.weight or 0)
    words = {"count": str(len(musts)), "over": str(over), "lightest": str(lightest.text or "")[:200]}
    return Seen(max(0.0, 1 - over / MOST_MUSTS), (Spot("many", "requirements", "requirements", "Requirements", words),))
