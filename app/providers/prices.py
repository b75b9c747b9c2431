"""Prices as catalogues write them: `495 to 1,595 a unit a day`. Pure."""

import re
from decimal import Decimal
from typing import NamedTuple

MOST_PENCE = 10**13
_AMOUNT = r"£?(\d{1,3}(?:,\d{3})+|\d{1,11})(?:\.(\d{1,2}))?"
_PRICE = re.compile(rf"{_AMOUNT}(?: to {_AMOUNT})?((?: an? [a-z]+(?: [a-z]+)?)*)", re.IGNORECASE)


class Price(NamedTuple):
    """A lowest and a highest price in pence, and what they are for; all unknown where the text is not understood."""

    low_pence: int | None
    high_pence: int | None
    price_unit: str


UNKNOWN = Price(None, None, "")


def read_price(text: str) -> Price:
    """The price in a text; UNKNOWN when it says anything else."""
    found = _PRICE.fullmatch(" ".join(text.split()))
    if not found:
        return UNKNOWN
    low = _pence(found[1], found[2])
    high = _pence(found[3], found[4]) if found[3] else None
    if low >= MOST_PENCE or (high is not None and not low <= high < MOST_PENCE):
        return UNKNOWN
    return Price(low, high, found[5].strip().lower()[:40])


def _pence(pounds: str, pence: str | None) -> int:
    return int(Decimal(f"{pounds.replace(',', '')}.{pence or '0'}") * 100)
