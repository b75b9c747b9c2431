"""Keeping alerts. The audit has who did what to which alert, and never what somebody looks for or follows."""

from sqlalchemy import delete

from app.accounts.models import Person
from app.alerts.models import DAILY, FIT, FOLLOW, HOW_OFTEN, NEVER, SEARCH, Alert, AlertFinding
from app.alerts.policy import may_follow, may_hear_of_fit
from app.alerts.searches.queries import count_alerts, find_alert_of
from app.kernel import audit, clock
from app.kernel.db import add_once, session
from app.kernel.errors import Conflict, NotAllowed
from app.needs.models import Need
from app.providers.models import Provider

# each costs a search whenever a need is published
MOST = {SEARCH: 50, FIT: 50, FOLLOW: 1_000}
LONGEST_QUERY = 2_000


def save_search(*, name: str, query: str, how_often: str = DAILY, by: Person) -> Alert:
    """Keep a search of the needs page, to hear of what it finds from now on."""
    if len(query) > LONGEST_QUERY:
        raise Conflict("This search is too long to keep. Choose fewer filters.")
    if find_alert_of(by, query=query):
        raise Conflict("You saved this search already.")
    return _keep(Alert(kind=SEARCH, name=name, query=query), how_often, "save_search", by)


def watch_fit(provider: Provider, *, how_often: str = DAILY, by: Person) -> Alert:
    """Hear of new needs that fit a provider of one's own."""
    if not may_hear_of_fit(by, provider):
        raise NotAllowed("Only the provider's own staff hear of needs that fit it.")
    return _keep(Alert(kind=FIT, provider_id=provider.id), how_often, "watch_fit", by)


def follow_need(need: Need, *, how_often: str, by: Person) -> Alert:
    """Hear of all that happens to one need in public."""
    if not may_follow(by, need):
        raise NotAllowed("This need cannot be followed.")
    return _keep(Alert(kind=FOLLOW, need_id=need.id), how_often, "follow_need", by)


def change_alert(alert: Alert, *, how_often: str, name: str = "", by: Person) -> None:
    """Have an alert told another way, or called by another name."""
    _require(how_often)
    before = alert.how_often
    if before == NEVER and how_often != NEVER:
        alert.active_since = clock.now()
    alert.how_often, alert.name = how_often, name or alert.name
    audit.record("change_alert", alert, by=by, facts={"before": before, "after": how_often})


def pause_alert(alert: Alert, *, by: Person) -> None:
    """Hear nothing until it is resumed; nothing is deleted."""
    if alert.paused_at is None:
        alert.paused_at = clock.now()
        audit.record("pause_alert", alert, by=by)


def resume_alert(alert: Alert, *, by: Person) -> None:
    """Hear again, of what is new from now on."""
    if alert.paused_at is not None:
        alert.paused_at, alert.active_since = None, clock.now()
        audit.record("resume_alert", alert, by=by)


def delete_alert(alert: Alert, *, by: Person) -> None:
    """Forget an alert and what it found."""
    audit.record("delete_alert", alert, by=by)
    session().execute(delete(AlertFinding).where(AlertFinding.alert_id == alert.id))
    session().delete(alert)


def mark_looked_at(alert: Alert, *, by: Person) -> None:
    """Say that one has seen what is there: what comes later is new."""
    alert.looked_at = clock.now()
    audit.record("look_at_alert", alert, by=by)


def _keep(alert: Alert, how_often: str, verb: str, by: Person) -> Alert:
    _require(how_often)
    if count_alerts(by, alert.kind) >= MOST[alert.kind]:
        raise Conflict(f"You have {MOST[alert.kind]} of these, which is the most. Delete one first.")
    alert.person, alert.how_often = by, how_often
    alert.created_at = alert.active_since = alert.looked_at = clock.now()
    add_once(alert, "You have this alert already.")
    audit.record(verb, alert, by=by, facts={"how_often": how_often})
    return alert


def _require(how_often: str) -> None:
    if how_often not in HOW_OFTEN:
        raise Conflict("Choose how often you want to hear of it.")
