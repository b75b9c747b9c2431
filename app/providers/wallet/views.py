"""The page of a provider's evidence wallet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.forms.reading import one_line
from app.kernel.paging import page_from
from app.kernel.web import guard
from app.providers.choices import STANDINGS
from app.providers.models import Evidence, Provider
from app.providers.queries import get_provider
from app.providers.wallet.policy import may_open_wallet
from app.providers.wallet.queries import wallet_of
from app.providers.wallet.sifting import VALIDITIES, Sieve, counts_by_standing, is_ending, validities_of

bp = Blueprint("wallet", __name__, template_folder="templates")
MOST_CHOSEN = 30


@dataclass(frozen=True)
class Option:
    """One value of a filter, as the page shows it."""

    value: str
    text: str
    count: int
    chosen: bool


@bp.get("/providers/<provider_id>/wallet")
@guard(may_open_wallet, provider=get_provider)
def show(provider: Provider) -> ResponseReturnValue:
    today, wallet, sieve = clock.today(), wallet_of(provider), _sieve()
    return render_template(
        "wallet/show.html",
        provider=provider,
        wallet=wallet,
        page=page_from([each for each in wallet if sieve.lets(each, today)], request.args),
        groups=_groups(wallet, sieve, today),
        words=sieve.words,
        is_sifted=sieve != Sieve(),
        ending=[each for each in wallet if is_ending(each, today)],
        counts=counts_by_standing(wallet),
        standings=STANDINGS,
        today=today,
    )


def _sieve() -> Sieve:
    chosen = {name: frozenset(request.args.getlist(name)[:MOST_CHOSEN]) for name in ("standing", "capability", "age")}
    return Sieve(
        words=one_line(request.args.get("q", ""))[:200],
        standings=chosen["standing"] & STANDINGS.keys(),
        capabilities=chosen["capability"],
        validities=chosen["age"] & VALIDITIES.keys(),
    )


def _groups(wallet: Iterable[Evidence], sieve: Sieve, today: date) -> list[dict[str, Any]]:
    names: dict[str, str] = {}
    values: dict[str, list[str]] = {"standing": [], "capability": [], "age": []}
    for each in wallet:
        values["standing"].append(each.standing)
        values["capability"] += [capability.id for capability in each.capabilities]
        values["age"] += validities_of(each, today)
        names |= {capability.id: capability.name for capability in each.capabilities}
    by_name = dict(sorted(names.items(), key=lambda pair: pair[1]))
    groups = (
        ("standing", "Standing", STANDINGS, sieve.standings),
        ("age", "Validity", VALIDITIES, sieve.validities),
        ("capability", "Capability", by_name, sieve.capabilities),
    )
    return [
        {"name": name, "title": title, "options": _options(labels, values[name], chosen)}
        for name, title, labels, chosen in groups
    ]


def _options(labels: dict[str, str], values: list[str], chosen: frozenset[str]) -> list[Option]:
    return [
        Option(key, label, values.count(key), key in chosen)
        for key, label in labels.items()
        if key in values or key in chosen
    ]
