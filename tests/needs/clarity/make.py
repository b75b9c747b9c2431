"""Needs of words alone, for looks that ask no database."""

from types import SimpleNamespace
from typing import Any

from app.needs.clarity.prose import Reading
from app.needs.market import Market

# said of nothing in particular, and nothing of it is a finding
FILLER = (
    "The form is long. People fill it in at home and post it to us. We read it and send them a letter. "
    "They keep the letter in a drawer. Each of them asks us once a year what it said, and we look it up."
)
EXPLAINED = (
    "Clinicians wait four minutes for each record, 900 times a day. Patients are sent home without their results."
)


def need(**fields: Any) -> Any:
    """A need that holds nothing but what is given."""
    empty: dict[str, Any] = {
        **dict.fromkeys(["title", "summary", "problem", "users", "done_already", "supplied_today"], ""),
        **{"measures": [], "requirements": [], "low_pence": None, "high_pence": None, "rung": "open"},
        "department": SimpleNamespace(abbreviation="DfT"),
    }
    return SimpleNamespace(**{**empty, **fields})


def measure(outcome: str = "Faster", measure: str = "Minutes", baseline: str = "4") -> Any:
    """One outcome."""
    return SimpleNamespace(outcome=outcome, measure=measure, baseline=baseline, target="1")


def requirement(text: str = "Keep it", kind: str = "must", weight: int = 5) -> Any:
    """One requirement."""
    return SimpleNamespace(text=text, kind=kind, weight=weight)


def clear_need(**fields: Any) -> Any:
    """A need without any finding, on the highest rung."""
    whole: dict[str, Any] = {
        "title": "Open records faster",
        "summary": FILLER,
        "problem": EXPLAINED,
        "users": "4,000 nurses on night shifts",
        "measures": [measure()],
        "requirements": [requirement()],
        "low_pence": 100,
        "high_pence": 200,
    }
    return need(**{**whole, **fields})


def read(market: Market | None = None, **fields: Any) -> Reading:
    """What a look is given."""
    return Reading(need(**fields), market)
