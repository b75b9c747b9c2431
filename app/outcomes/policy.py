"""Who may do what with partnerships."""

from app.accounts.models import Person
from app.needs.models import ANSWERS, CONCLUDED, DRAFT, DRAFTS, PUBLISHES, Need
from app.needs.policy import has_duty, is_officer_of
from app.outcomes.models import AGREED, BUYER_SIDE, PROVIDER_SIDE, Partnership
from app.providers.policy import is_staff_of
from app.responses.policy import is_on_buying_side


def side_of(person: Person | None, partnership: Partnership) -> str | None:
    """The side that a person may speak for: the department's officers and the need's owners, or the provider's staff.

    Nobody speaks for both: who works for the provider never speaks for the department, and who was of the buying
    side at any time since the need was posted does not speak for the provider.
    """
    if person is None:
        return None
    if is_staff_of(person, partnership.provider):
        return None if is_on_buying_side(person, partnership.need) else PROVIDER_SIDE
    owns = has_duty(person, partnership.need, DRAFTS, PUBLISHES, ANSWERS)
    return BUYER_SIDE if owns or is_officer_of(person, partnership.need) else None


def may_see_partnership(person: Person | None, partnership: Partnership) -> bool:
    """Both sides at once; everybody else when the need is concluded and every respondent was told."""
    return partnership.need.state == CONCLUDED or side_of(person, partnership) is not None


def may_start_partnership(person: Person | None, partnership: Partnership) -> bool:
    """The buyer's side says from when to when the work runs."""
    return side_of(person, partnership) == BUYER_SIDE


def may_end_partnership(person: Person | None, partnership: Partnership) -> bool:
    """An officer of the department ends a partnership early."""
    return side_of(person, partnership) == BUYER_SIDE and is_officer_of(person, partnership.need)


def may_record_outcome(person: Person | None, partnership: Partnership) -> bool:
    """Either side, each for itself, and nobody who recorded what the other side says."""
    side = side_of(person, partnership)
    return side is not None and not any(
        report.side != side and report.recorded_by_id == getattr(person, "id", None) for report in partnership.reports
    )


def owes_start(person: Person | None, partnership: Partnership) -> bool:
    """Whether the person may start a partnership that was agreed."""
    return partnership.state == AGREED and may_start_partnership(person, partnership)


def owes_outcome(person: Person | None, partnership: Partnership) -> bool:
    """Whether the person's side has not recorded yet how a partnership went."""
    if not may_record_outcome(person, partnership) or not partnership.takes_reports:
        return False
    return partnership.report_of(side_of(person, partnership)) is None


def may_see_what_became(person: Person | None, need: Need) -> bool:
    """Whoever sees a published need may ask what became of it; the list holds only what they may see."""
    return need.state != DRAFT


def may_find_what_became(person: Person | None, need: Need) -> bool:
    """For the tab: once there is something to tell."""
    return need.state == CONCLUDED
