"""Following a need, and stopping."""

from app.accounts.models import Person
from app.alerts.follows.queries import find_follow
from app.alerts.models import AT_ONCE, Alert
from app.alerts.searches import commands as alerts
from app.needs.models import Need


def follow(need: Need, *, by: Person) -> Alert:
    """Follow a need, or go on following one that was paused."""
    held = find_follow(by, need)
    if held is None:
        return alerts.follow_need(need, how_often=AT_ONCE, by=by)
    alerts.resume_alert(held, by=by)
    return held


def stop_following(need: Need, *, by: Person) -> None:
    """Follow it no more; who owns it, is interested or answers hears of it all the same."""
    held = find_follow(by, need)
    if held:
        alerts.delete_alert(held, by=by)
