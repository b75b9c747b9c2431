"""How far signals can be relied on: what is counted, and against which day lateness is told."""

from collections.abc import Callable
from datetime import timedelta

from app.insight.signals import Reliability, reliabilities
from app.kernel import clock
from app.kernel.db import transaction
from app.needs import commands
from app.needs.models import OPEN, SHAPING, Need, RungMove
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]


def test_signals_are_counted_from_where_they_began(store: object) -> None:
    with transaction():
        ministry, agency = make.department("Ministry of Data"), make.department("Agency of Roads")
        today = clock.today()
        late = make_need.live_need(ministry, rung=SHAPING, expected_open_on=today + timedelta(days=10))
        commands.review_signal(
            late, {"expected_open_on": today + timedelta(days=99)}, reason="Later.", by=late.owners[0].person
        )
        for move in commands_of(late):
            move.at -= timedelta(days=20 if move.from_rung else 30)
            if move.expected_open_on and move.expected_open_on < today + timedelta(days=50):
                move.expected_open_on -= timedelta(days=30)
        make_need.move(late, OPEN)
        make_need.withdrawn_need(ministry)
        make_need.live_need(ministry)
        make_need.open_need(department=ministry)
        make_need.draft_need(ministry)
        make_need.open_need(department=agency)
    with transaction():
        found = reliabilities()
        assert [(each.department.name, each.signals, each.opened, each.withdrawn) for each in found] == [
            ("Ministry of Data", 3, 1, 1)
        ]
        assert (found[0].hit_rate, found[0].days_late) == (0.5, 20)


def commands_of(need: Need) -> list[RungMove]:
    from app.kernel.db import session
    from app.needs.queries import moves_of

    session().flush()
    return moves_of(need)


def test_a_signal_that_opened_and_was_withdrawn_after_did_open(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        make_need.move(need, OPEN)
        commands.withdraw_need(need, reason="Gone.", by=need.owners[0].person)
    with transaction():
        assert [(each.opened, each.withdrawn, each.hit_rate) for each in reliabilities()] == [(1, 0, 1.0)]


def test_without_an_end_there_is_no_rate(store: object) -> None:
    with transaction():
        department = make_need.live_need().department
        assert reliabilities() == [Reliability(department, 1, 0, 0, None)]
        assert reliabilities()[0].hit_rate is None


def test_the_page_tells_it(browser: Browse) -> None:
    assert "How far signals" not in browser().get("/insight").text
    with transaction():
        make_need.live_need()
    assert "Not known yet" in browser().get("/insight").text
