"""How departments answer: counted by call, whoever answered it, and ratings only where five can be told together."""

from datetime import timedelta

from app.accounts.models import Organisation
from app.insight.answers import answers
from app.kernel import clock
from app.kernel.db import reading, transaction
from app.needs.models import Need
from app.reviews.replies.models import NO, YES
from tests import make
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review
from tests.reviews.replies.test_commands import rated


def over(department: Organisation, days: int, responses: int = 0) -> Need:
    """A call of the department whose deadline was so many days ago."""
    need = make_need.open_need(department=department)
    make_response.submitted_many(need, responses)
    need.deadline_at = clock.now() - timedelta(days=days)
    return need


def test_what_is_late_is_counted_by_call(store: object) -> None:
    with transaction():
        slow, quick, idle = (make.department(name) for name in ("Slow", "Quick", "Idle"))
        for days in (3, 7, 59, 60):
            over(slow, days)
        make_review.opened(over(slow, 61))
        make_review.notified(over(quick, 9, responses=1))
        make_need.open_need(department=idle)
        over(idle, 99).source = "dos:1"
    with reading():
        found = [(each.department.name, each.concluded, each.late_to_open, each.late_to_answer) for each in answers()]
        assert found == [("Slow", 0, 3, 2), ("Quick", 1, 0, 0)]
        assert [each.days and round(each.days) for each in answers()] == [None, 9]


def test_how_many_answered_changes_no_figure(store: object) -> None:
    seen = []
    for responses in (0, 3):
        with transaction():
            department = make.department()
            over(department, 8, responses=responses)
        with reading():
            told = next(each for each in answers() if each.department.id == department.id)
            seen.append((told.concluded, told.late_to_open, told.late_to_answer, told.days, told.ratings.share))
    assert seen[0] == seen[1]


def test_ratings_are_shown_once_five_can_be_told_together(store: object) -> None:
    shares = []
    with transaction():
        department = make.department()
        rated(department, [YES, YES, YES, NO])
    for _ in range(2):
        with reading():
            shares.append(answers()[0].ratings.share)
        with transaction():
            rated(department, [YES])
    assert shares == [None, 0.8]
