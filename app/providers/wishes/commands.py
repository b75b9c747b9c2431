"""Saying what a provider is looking for."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.capabilities.queries import capabilities
from app.kernel import audit, clock
from app.kernel.db import add_once
from app.providers.models import Provider
from app.providers.wishes.models import ProviderWish
from app.providers.wishes.queries import find_wish_of


class Wanted(TypedDict):
    """What is looked for."""

    wants_partners: bool | None
    partner_capabilities: Iterable[Capability | str]
    need_capabilities: Iterable[Capability | str]
    rungs: list[str]
    low_pence: int | None
    high_pence: int | None
    words: str


def tell_wish(provider: Provider, *, by: Person | None, **wanted: Unpack[Wanted]) -> ProviderWish:
    """Say which partners and needs the provider looks for, in place of what it said before."""
    wish = find_wish_of(provider) or _begun(provider)
    before = _facts(wish)
    partners = _rows(wanted["partner_capabilities"] if wanted["wants_partners"] else ())
    needs = _rows(wanted["need_capabilities"])
    wish.wants_partners, wish.rungs, wish.words = wanted["wants_partners"], wanted["rungs"], wanted["words"]
    wish.low_pence, wish.high_pence = wanted["low_pence"], wanted["high_pence"]
    wish.partner_capabilities, wish.need_capabilities = partners, needs
    wish.told_at = clock.now()
    flag_modified(wish, "words")  # so that the version moves on where only a list changed
    audit.record("tell_wish", provider, by=by, facts={"before": before, "after": _facts(wish)})
    return wish


def _begun(provider: Provider) -> ProviderWish:
    wish = ProviderWish(provider=provider, told_at=clock.now(), rungs=[], words="")
    add_once(wish, "A colleague said what you are looking for at the same time. Look at it first.")
    return wish


def _rows(given: Iterable[Capability | str]) -> list[Capability]:
    ids = [each if isinstance(each, str) else each.id for each in given]
    return sorted(capabilities(ids), key=lambda capability: capability.name)


def _facts(wish: ProviderWish) -> dict[str, object]:
    plain = ("wants_partners", "rungs", "low_pence", "high_pence", "words")
    lists = {name: [each.id for each in getattr(wish, name)] for name in ("partner_capabilities", "need_capabilities")}
    return {name: getattr(wish, name) for name in plain} | lists
