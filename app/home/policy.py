"""Who may read across rooms, and where each role works."""

from dataclasses import dataclass

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Person
from app.responses.ideas.policy import may_look_at_ideas
from app.reviews.replies.policy import may_read_ratings


@dataclass(frozen=True)
class Way:
    """A way on from the desk: words, endpoint, and what it is good for."""

    text: str
    endpoint: str
    why: str = ""


def may_read_audit(person: Person | None) -> bool:
    """Operators and procurement officers."""
    return bool(person and (person.is_operator or person.organisations(OFFICER)))


def desk_links(person: Person) -> list[Way]:
    """Where a person's roles work."""
    works_for_department = person.organisations(*DEPARTMENT_ROLES)
    works_for_provider = person.organisations(*PROVIDER_ROLES)
    links = [
        (works_for_department, Way("Your needs", "needs.mine")),
        (works_for_department, Way("Post a need", "needs.post")),
        (works_for_provider, Way("Your profiles and evidence", "providers.mine")),
        (works_for_provider, Way("Your responses", "responses.mine")),
        (works_for_provider, Way("Your ideas", "ideas.mine")),
        (may_look_at_ideas(person), Way("Ideas for us", "ideas.for_us")),
        (person.is_operator, Way("Organisations", "accounts.organisations")),
        (person.is_operator, Way("Mail domains", "accounts.mail_domains")),
        (person.is_operator, Way("Requests to join", "accounts.claims")),
        (may_read_ratings(person), Way("Ratings of feedback", "replies.ratings")),
        (True, Way("Partnerships", "outcomes.browse")),
        (True, Way("Notifications", "alerts.notifications")),
        (True, Way("Your alerts", "searches.mine")),
        (person.is_operator, Way("Mail that is stuck", "outbox.show")),
        (may_read_audit(person), Way("Audit", "home.audit")),
    ]
    return [way for holds, way in links if holds]


def next_steps(person: Person) -> list[Way]:
    """What somebody can begin with when nothing awaits them."""
    works_for_department = person.organisations(*DEPARTMENT_ROLES)
    works_for_provider = person.organisations(*PROVIDER_ROLES)
    is_new = not person.memberships and not person.is_operator
    register = Way(
        "Look after the register", "accounts.organisations", "Organisations, mail domains, requests to join."
    )
    steps = [
        (works_for_department, Way("Post a need", "needs.post", "A title and a problem are enough to begin with.")),
        (
            person.organisations(OFFICER),
            Way("Look through your needs", "needs.mine", "See who could meet each of them."),
        ),
        (
            works_for_provider,
            Way("Describe what you offer", "providers.mine", "Profiles and evidence are what matches are made of."),
        ),
        (works_for_provider, Way("Find needs", "needs.browse", "Register interest while a need still takes shape.")),
        (person.is_operator, register),
        (is_new, Way("Join or register a supplier", "accounts.find_supplier", "What you can do depends on it.")),
        (True, Way("See where demand meets supply", "insight.show", "What is asked for most, and offered least.")),
    ]
    return [way for holds, way in steps if holds]
