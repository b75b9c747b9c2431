"""Makers of what was looked at first, for use inside `with transaction():`; they go through the command."""

from app.accounts.models import Person
from app.needs.firsts.choices import IN_HOUSE, NEIGHBOURS, QUESTIONS, REUSE
from app.needs.firsts.commands import answer_first
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.shown import Shown
from app.needs.models import Need

WORK = Shown(
    "partnership", "work12345678", "Old records", "Ministry with Acme", ("Delivered",), ("records", "clinicians")
)
NEIGHBOUR = Shown("need", "need12345678", "Their records", "Agency", ("Shaping", "No deadline yet"), ("records",))
TEAM = Shown("provider", "team12345678", "Data Team", "In-house team of Agency", ("Not covered: Host it",))
SHOWN = {REUSE: WORK, NEIGHBOURS: NEIGHBOUR, IN_HOUSE: TEAM}
REASON = "We asked them, and theirs is for ships."


def answered(need: Need, question: str = REUSE, *, by: Person | None = None, **said: str) -> FirstAnswer:
    """One question, answered by the need's first owner with its negative answer."""
    negative = QUESTIONS[question].answers[-1].key
    told = {"answer": negative, "reason": REASON, **said}
    return answer_first(need, question, **told, seen=[SHOWN[question]], by=by or need.owners[0].person)


def all_answered(need: Need, *, by: Person | None = None) -> list[FirstAnswer]:
    """All three questions."""
    return [answered(need, question, by=by) for question in QUESTIONS]
