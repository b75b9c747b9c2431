"""Research and innovation calls: each a need of whoever funds it, on the rung that its dates say, once."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.capabilities.commands import load_vocabulary
from app.kernel import clock, search
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session
from app.kernel.importing import WrongFile
from app.needs.cli import import_calls
from app.needs.models import Need, RungMove
from app.needs.policy import may_see_need
from tests.browser import Browser

REAL = Path("../shared/data/needs/uk-innovation-challenges.jsonl.gz")
CALL = {
    "id": "c1",
    "source": "ukri",
    "title": "Batteries that last",
    "text": "Show how a battery can be charged ten thousand times. We look for accessibility testing too.",
    "opens": "2026-03-01",
    "closes": "2026-06-30",
    "sponsor": "innovate-uk",
    "topics": ["energy"],
    "url": "https://example.org/batteries",
}
BEFORE, DURING, AFTER = (datetime(2026, month, 15, 12, tzinfo=UTC) for month in (2, 4, 8))


def write(tmp_path: Path, *calls: dict[str, Any]) -> Path:
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(f"{json.dumps({**CALL, **call})}\n" for call in calls), encoding="utf-8")
    return path


def need() -> Need:
    with reading():
        return session().scalars(select(Need).options(joinedload(Need.department))).one()


def rungs() -> list[tuple[str, str]]:
    with reading():
        moves = session().scalars(select(RungMove).order_by(RungMove.at))
        return [(move.from_rung, move.to_rung) for move in moves]


@pytest.mark.parametrize(
    ("moment", "state", "rung", "opens_on"),
    [
        (BEFORE, "live", "committed", date(2026, 3, 1)),
        (DURING, "live", "open", None),
        (AFTER, "closed", "open", None),
    ],
)
def test_a_call_stands_where_its_dates_say(
    app: object, tmp_path: Path, moment: datetime, state: str, rung: str, opens_on: date | None
) -> None:
    load_vocabulary()
    with clock.at(moment):
        assert import_calls(write(tmp_path, {})).added == 1
    made = need()
    assert (made.state, made.rung, made.expected_open_on) == (state, rung, opens_on)
    assert (made.title, made.problem, made.route) == (CALL["title"], CALL["text"], "grant")
    assert made.department.name == "Innovate UK"
    assert made.deadline_at == datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    assert made.published_at == min(moment, datetime(2026, 3, 1, tzinfo=UTC))
    assert (made.low_pence, made.high_pence, made.source) == (None, None, "challenge:c1")
    assert made.source_url == CALL["url"]


def test_an_announced_call_opens_when_its_day_has_come_and_closes_after_it(app: object, tmp_path: Path) -> None:
    path = write(tmp_path, {})
    with clock.at(BEFORE):
        import_calls(path)
        assert import_calls(path).unchanged == 1
    with clock.at(DURING):
        assert import_calls(path).changed == 1
        assert import_calls(path).unchanged == 1
    assert (need().state, need().rung, need().published_at) == ("live", "open", BEFORE)
    assert rungs() == [("", "committed"), ("committed", "open")]
    with clock.at(AFTER):
        assert import_calls(path).changed == 1
        assert import_calls(path).unchanged == 1
    assert (need().state, need().rung) == ("closed", "open")


def test_an_announced_call_that_was_missed_while_it_was_open_is_over(app: object, tmp_path: Path) -> None:
    path = write(tmp_path, {})
    with clock.at(BEFORE):
        import_calls(path)
    with clock.at(AFTER):
        assert import_calls(path).changed == 1
    assert (need().state, need().rung) == ("closed", "open")


def test_a_changed_row_changes_what_it_says(app: object, tmp_path: Path) -> None:
    with clock.at(DURING):
        import_calls(write(tmp_path, {}))
        told = {"closes": "2026-07-31", "low": "25,000", "high": "£50000.50"}
        assert import_calls(write(tmp_path, told)).changed == 1
    made = need()
    assert made.deadline_at == datetime(2026, 7, 31, 22, 59, tzinfo=UTC)
    assert (made.low_pence, made.high_pence, made.problem) == (2_500_000, 5_000_050, CALL["text"])


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"text": ""}, "text is missing."),
        ({"closes": ""}, "closes is missing."),
        ({"closes": "soon"}, "closes must be a date"),
        ({"opens": "2026-07-01"}, "opens is after closes."),
        ({"sponsor": None}, "sponsor is missing."),
        ({"low": "9", "high": "8"}, "low is more than high."),
        ({"low": "lots"}, "low must be an amount in pounds"),
    ],
)
def test_a_bad_row_is_told_and_the_others_come_in(
    app: object, tmp_path: Path, told: dict[str, Any], reason: str
) -> None:
    result = import_calls(write(tmp_path, {"id": "good"}, told), reports=tmp_path / "reports")
    assert (result.added, result.bad) == (1, 1)
    assert result.report_path is not None
    assert reason in result.report_path.read_text(encoding="utf-8")


def test_a_preview_keeps_nothing(app: object, tmp_path: Path) -> None:
    seen = import_calls(write(tmp_path, {}, {"id": "c2", "text": ""}), reports=tmp_path / "reports", preview=True)
    assert str(seen) == "1 would be added, 0 changed, 0 stay as they are, 1 refused"
    with reading():
        assert session().scalars(select(Need)).all() == []
        assert session().scalars(select(AuditEntry)).all() == []


def test_a_file_of_opportunities_is_no_file_of_calls(app: object, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("ID,Opportunity\n1,A\n", encoding="utf-8")
    with pytest.raises(WrongFile, match="calls"):
        import_calls(path)


def test_an_announced_call_is_found_and_its_page_says_when_it_opens(browser: Any, tmp_path: Path) -> None:
    with clock.at(BEFORE):
        import_calls(write(tmp_path, {}))
        search.catch_up()
        assert search.find("need", "batteries").total == 1
        someone: Browser = browser()
        page = someone.get(f"/needs/{need().id}", 200)
        assert "Committed" in page.text
        assert "1 March 2026" in page.text
        assert may_see_need(None, need())


@pytest.mark.skipif(not REAL.exists(), reason="the real calls are not here")
def test_the_real_calls_come_in_once(app: object, tmp_path: Path) -> None:
    load_vocabulary()
    assert str(import_calls(REAL, reports=tmp_path)).startswith("1,752 added, 0 changed, 0 unchanged, 60 bad")
    assert str(import_calls(REAL, reports=tmp_path)).startswith("0 added, 0 changed, 1,752 unchanged, 60 bad")
