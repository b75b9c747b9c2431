"""The registers that know organisations, and how each writes its numbers."""

import re
from urllib.parse import urlsplit

from app.accounts.models import CHARITIES, COMPANIES_HOUSE, OWN

SELF_SERVICE = {
    COMPANIES_HOUSE: ("Companies House", "For limited companies and partnerships"),
    CHARITIES: ("Charity Commission", "For charities in England and Wales"),
    OWN: ("None of these", "For sole traders and others without a number; Clarion gives you one"),
}
COMPANY = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}")
CHARITY = re.compile(r"[0-9]{6,7}(-[0-9]{1,3})?")


def normal_number(register: str, number: str) -> str | None:
    """A company's or a charity's number as its register writes it; None for what is none."""
    bare = "".join(number.split()).upper()
    if register == COMPANIES_HOUSE:
        padded = bare.zfill(8) if bare.isascii() and bare.isdigit() and len(bare) >= 6 else bare
        return padded if COMPANY.fullmatch(padded) else None
    return bare if CHARITY.fullmatch(bare) else None


def is_web_address(text: str) -> bool:
    """Whether a browser can go there."""
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and " " not in text
    except ValueError:
        return False
