"""Who may do what with partnerships."""

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Person
from app.needs.models import CONCLUDED, DRAFT, Need
from app.outcomes.models import AGREED, BUYER_SIDE, PROVIDER_SIDE, RUNNING, Partnership


def side_of(person: Person | None, partnership: Partnership) -> str | None:
    """The side of a partnership that a person may speak for; nobody speaks for both."""
    if person is None:
        return None
    for_buyer = person.holds(partnership.need.department_id, *DEPARTMENT_ROLES)
    for_provider = person.holds(partnership.provider.organisation_id, *PROVIDER_ROLES)
    if for_buyer == for_provider:
        return None
    return BUYER_SIDE if for_buyer else PROVIDER_SIDE


def may_see_partnership(person: Person | None, partnership: Partnership) -> bool:
    """Both sides at once; everybody else when the need is concluded and every respondent was told."""
    return partnership.need.state == CONCLUDED or side_of(person, partnership) is not None


def may_start_partnership(person: Person | None, partnership: Partnership) -> bool:
    return side_of(person, partnership) == BUYER_SIDE


def may_end_partnership(person: Person | None, partnership: Partnership) -> bool:
    """An officer of the department ends a partnership early."""
    is_officer = person is not None and person.holds(partnership.need.department_id, OFFICER)
    return is_officer and side_of(person, partnership) == BUYER_SIDE


def may_record_outcome(person: Person | None, partnership: Partnership) -> bool:
    return side_of(person, partnership) is not None


def owes_outcome(person: Person | None, partnership: Partnership) -> bool:
    """Whether the person's side has a running partnership to report on."""
    side = side_of(person, partnership)
    reported = {report.side for report in partnership.reports}
    return side is not None and partnership.state == RUNNING and side not in reported


def owes_start(person: Person | None, partnership: Partnership) -> bool:
    """Whether the person may start a partnership that was agreed."""
    return partnership.state == AGREED and may_start_partnership(person, partnership)


def may_see_what_became(person: Person | None, need: Need) -> bool:
    """Whoever sees a published need may ask what became of it; the list holds only what they may see."""
    return need.state != DRAFT
