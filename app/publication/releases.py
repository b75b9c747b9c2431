"""A need told in the Open Contracting Data Standard, version 1.1: https://standard.open-contracting.org/1.1/en/schema/

Only what is public goes in: nothing of drafts, and of responses nothing but the awards of a concluded need.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from app.accounts.models import Organisation
from app.needs.choices import AUDIENCE_REASONS
from app.needs.models import CLOSED, CONCLUDED, INVITED, LIVE, OPEN, WITHDRAWN, Need
from app.outcomes.models import AGREED, COMPLETED, ENDED_EARLY, RUNNING, Partnership

# not a prefix registered with the Open Contracting Partnership: an installation that publishes for real asks for one
PREFIX = "ocds-000000"
CURRENCY = "GBP"
Json = dict[str, Any]
_CONTRACTS = {AGREED: "pending", RUNNING: "active", COMPLETED: "terminated", ENDED_EARLY: "terminated"}


def package(releases: Sequence[Json], uri: str, published: datetime, following: str | None) -> Json:
    """A release package; `following` is the address of the next page."""
    links = {"links": {"next": following}} if following else {}
    return {
        "uri": uri,
        "version": "1.1",
        "publishedDate": _moment(published),
        "publisher": {"name": "Clarion"},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "releases": list(releases),
        **links,
    }


def release(need: Need, partnerships: Sequence[Partnership]) -> Json:
    """What is known of one need now; its id changes with every change of the need and its partnerships."""
    shown = list(partnerships) if need.state == CONCLUDED else []
    told = {
        "ocid": f"{PREFIX}-{need.id}",
        "id": f"{need.id}-{need.version}-{sum(partnership.version for partnership in shown)}",
        "date": _moment(max([need.changed_at, *(partnership.agreed_at for partnership in shown)])),
        "tag": _tags(need, shown),
        "initiationType": "tender",
        "language": "en",
        "parties": [*_buyers(need), *_suppliers(shown)],
        "buyer": _reference(need.department),
        "planning": _planning(need),
        "tender": _tender(need),
    }
    if shown:
        told["awards"] = [_award(partnership) for partnership in shown]
        told["contracts"] = [_contract(partnership) for partnership in shown]
    return told


def _tags(need: Need, partnerships: list[Partnership]) -> list[str]:
    if need.state == WITHDRAWN:
        return ["tenderCancellation"]
    if partnerships:
        return ["award", "contract"]
    return ["tender"] if need.rung == OPEN else ["planning"]


def _planning(need: Need) -> Json:
    budget = {"budget": {"amount": _value(need.money[1])}} if need.money[1] is not None else {}
    return {"rationale": need.problem or need.summary or need.title, **budget}


def _tender(need: Need) -> Json:
    tender: Json = {"id": need.id, "title": need.title, "description": need.summary, "status": _status(need)}
    low, high = need.money
    if low is not None:
        tender["minValue"] = _value(low)
    if high is not None:
        tender["value"] = _value(high)
    if need.deadline_at is not None:
        tender["tenderPeriod"] = {"endDate": _moment(need.deadline_at)}
    if need.is_limited:
        tender |= _limits(need)
    if need.questions_until is not None:
        tender["enquiryPeriod"] = {"endDate": _moment(need.questions_until)}
    items = [_item(number, each.text) for number, each in enumerate(need.requirements, start=1)]
    return {**tender, "items": items} if items else tender


def _limits(need: Need) -> Json:
    """How a call is limited and why, in the standard's words: who is invited is not told."""
    why = [AUDIENCE_REASONS.get(need.audience_reason, ""), need.audience_note]
    method = "limited" if need.audience == INVITED else "selective"
    return {"procurementMethod": method, "procurementMethodRationale": ". ".join(each for each in why if each)}


def _status(need: Need) -> str:
    if need.state == LIVE:
        return "active" if need.rung == OPEN else "planning"
    if need.state == CLOSED and need.source:  # an old call that was brought in: what became of it is not known
        return "complete"
    return {CLOSED: "active", CONCLUDED: "complete", WITHDRAWN: "withdrawn"}[need.state]


def _item(number: int, text: str) -> Json:
    return {"id": str(number), "description": text}


def _award(partnership: Partnership) -> Json:
    value = {"value": _value(partnership.value_pence)} if partnership.value_pence is not None else {}
    return {
        "id": partnership.id,
        "status": "active",
        "date": _moment(partnership.agreed_at),
        "suppliers": [_reference(partnership.provider.organisation)],
        **value,
    }


def _contract(partnership: Partnership) -> Json:
    """What was agreed and never began is cancelled; what ran and ended, well or early, is terminated."""
    contract: Json = {"id": partnership.id, "awardID": partnership.id, "status": _CONTRACTS[partnership.state]}
    if partnership.state == ENDED_EARLY and partnership.starts_on is None:
        contract["status"] = "cancelled"
    if partnership.value_pence is not None:
        contract["value"] = _value(partnership.value_pence)
    period = {"startDate": partnership.starts_on, "endDate": partnership.ends_on}
    dates = {name: _day(on) for name, on in period.items() if on is not None}
    return {**contract, "period": dates} if dates else contract


def _suppliers(partnerships: list[Partnership]) -> list[Json]:
    organisations = {p.provider.organisation.id: p.provider.organisation for p in partnerships}
    return [_party(each, ["supplier"]) for each in organisations.values()]


def _buyers(need: Need) -> list[Json]:
    """The department that leads; those that hold the need with it bring their own money."""
    return [_party(need.department, ["buyer"]), *(_party(each.department, ["funder"]) for each in need.joined)]


def _party(organisation: Organisation, roles: list[str]) -> Json:
    identifier = {"scheme": organisation.register, "id": organisation.number, "legalName": organisation.name}
    return {**_reference(organisation), "identifier": identifier, "roles": roles}


def _reference(organisation: Organisation) -> Json:
    return {"id": f"{organisation.register}-{organisation.number}", "name": organisation.name}


def _value(pence: int | None) -> Json:
    return {"amount": (pence or 0) / 100, "currency": CURRENCY}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(day: date) -> str:
    return _moment(datetime.combine(day, time(), tzinfo=UTC))
