"""Who may read across rooms."""

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Person


def may_read_audit(person: Person | None) -> bool:
    """Operators and procurement officers."""
    return bool(person and (person.is_operator or person.organisations(OFFICER)))


def desk_links(person: Person) -> list[tuple[str, str]]:
    """Where a person's roles work: text and endpoint."""
    works_for_department = person.organisations(*DEPARTMENT_ROLES)
    works_for_provider = person.organisations(*PROVIDER_ROLES)
    links = [
        (works_for_department, "Your needs", "needs.mine"),
        (works_for_department, "Post a need", "needs.post"),
        (works_for_provider, "Your profiles and evidence", "providers.mine"),
        (works_for_provider, "Your responses", "responses.mine"),
        (True, "Partnerships", "outcomes.browse"),
        (True, "Notifications", "alerts.notifications"),
        (may_read_audit(person), "Audit", "home.audit"),
    ]
    return [(text, endpoint) for holds, text, endpoint in links if holds]
