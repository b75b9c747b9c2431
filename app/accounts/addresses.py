"""Mail addresses and domains in one normal spelling, so that an address is one account and a domain one department."""

import re

LONGEST = 254
LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_OPEN_TO_ALL = """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk msn.com yahoo.com yahoo.co.uk
    icloud.com me.com aol.com proton.me protonmail.com btinternet.com sky.com gmx.com gmx.net mail.com zoho.com
"""
OPEN_TO_ALL = frozenset(_OPEN_TO_ALL.split())


def normal_domain(text: str) -> str | None:
    """Lower case, IDNA, without a trailing dot; None for what is no domain with a dot in it."""
    bare = text.strip().rstrip(".").casefold()
    if not bare or len(bare) > LONGEST:
        return None
    try:
        domain = bare.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = domain.split(".")
    fits = len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return domain if fits else None


def normal_address(text: str) -> str | None:
    """Lower case on both sides of the last @; None for what is no mail address in plain letters."""
    if len(text) > LONGEST:
        return None
    local, at, host = text.strip().rpartition("@")
    domain = normal_domain(host)
    local = local.lower()
    if not at or domain is None or len(local) > 64 or not LOCAL.fullmatch(local):
        return None
    return f"{local}@{domain}"


def mailbox_of(address: str) -> str:
    """A normal address without its "+tag": many mail servers put both into one letter box."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def domain_of(address: str) -> str:
    """What stands after the last @ of a normal address."""
    return address.rpartition("@")[2]
