"""Who hears of which notice, and in which words: one rule for each kind of notice, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.alerts.queries import owners_of, providers_concerned, staff_of
from app.kernel.db import Base, session
from app.kernel.notices import Notice
from app.matching.models import MatchDecision
from app.needs.models import Need
from app.outcomes.models import Partnership
from app.responses.models import Response

NEED, RESPONSE, PARTNERSHIP = "/needs/{id}", "/responses/{id}", "/partnerships/{id}"


@dataclass(frozen=True)
class Rule:
    """What a notice of one kind becomes: its model, who hears it, in which words, at which page, and whether by mail."""

    model: type[Base]
    hearers: Callable[[Any], set[str]]
    text: str
    path: str
    by_mail: bool = False


def need_of(thing: Any) -> Need:
    """The need that a thing is about."""
    return thing if isinstance(thing, Need) else thing.need


def _owners(thing: Any) -> set[str]:
    return owners_of(need_of(thing))


def _provider_staff(thing: Response | Partnership) -> set[str]:
    return staff_of([thing.provider.organisation_id])


def _invited(decision: MatchDecision) -> set[str]:
    return staff_of([decision.profile.provider.organisation_id])


def _followers(need: Need) -> set[str]:
    return owners_of(need) | staff_of(providers_concerned(need))


def _both_sides(partnership: Partnership) -> set[str]:
    return owners_of(partnership.need) | _provider_staff(partnership)


RULES = {
    "need.moved": Rule(Need, _followers, "The need “{title}” moved to another rung", NEED),
    "need.amended": Rule(Need, _followers, "The need “{title}” was amended", NEED, by_mail=True),
    "need.withdrawn": Rule(Need, _followers, "The need “{title}” was withdrawn", NEED, by_mail=True),
    "need.closed": Rule(Need, _owners, "The need “{title}” has closed", NEED),
    "need.concluded": Rule(Need, _owners, "The need “{title}” is concluded", NEED),
    "match.invited": Rule(
        MatchDecision, _invited, "You were invited to look at the need “{title}”", NEED, by_mail=True
    ),
    "response.feedback": Rule(
        Response, _provider_staff, "There is feedback on your response to “{title}”", RESPONSE, by_mail=True
    ),
    "partnership.agreed": Rule(
        Partnership, _both_sides, "A partnership was agreed for “{title}”", PARTNERSHIP, by_mail=True
    ),
    "partnership.started": Rule(Partnership, _both_sides, "The partnership for “{title}” has started", PARTNERSHIP),
    "partnership.ended_early": Rule(
        Partnership, _both_sides, "The partnership for “{title}” was ended early", PARTNERSHIP, by_mail=True
    ),
    "outcome.reported": Rule(Partnership, _both_sides, "One side has recorded how “{title}” went", PARTNERSHIP),
    "outcome.settled": Rule(Partnership, _both_sides, "Both sides have recorded how “{title}” went", PARTNERSHIP),
}


def subject_of(notice: Notice, rule: Rule) -> Any:
    """The row that a notice is about, or None where it is gone."""
    return session().get(rule.model, notice.subject.rpartition(":")[2])


def path_of(thing: Any, rule: Rule) -> str:
    """The page of a notification: a path on this site."""
    return rule.path.format(id=need_of(thing).id if rule.path.startswith("/needs/") else thing.id)
