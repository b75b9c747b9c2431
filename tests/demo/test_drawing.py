"""What is drawn from the content: the same at every run, and in order of time on any day of the week."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from app.demo.calendar import DESCRIBED, FIRST_DAY, Calendar, draw
from app.demo.library import Library, read_library
from app.demo.replies import AVERAGE, Roster, how_many, interests, replies
from app.demo.timelines import Timeline, timelines
from tests.demo.small import small_library

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAYS = [NOON + timedelta(days=day, hours=day * 5) for day in range(14)]


def _facts(now: datetime) -> str:
    library, calendar = read_library(), Calendar(now)
    lines = timelines(library, calendar)
    drawn = (lines, replies(library, lines, calendar), list(interests(library, lines, calendar)))
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


def test_the_world_is_the_same_at_every_run() -> None:
    script = "from tests.demo.test_drawing import NOON, _facts; print(_facts(NOON))"
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script]
        environment = {"PYTHONHASHSEED": seed, "PATH": "/usr/bin"}
        told = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        assert told.stdout.strip() == _facts(NOON)


@pytest.mark.parametrize("now", DAYS, ids=[f"{day:%a}" for day in DAYS])
def test_a_life_is_in_order_whatever_the_day(now: datetime) -> None:
    library, calendar = read_library(), Calendar(now)
    for key, line in timelines(library, calendar).items():
        moments = _moments(line)
        assert moments == sorted(set(moments)), key
        assert calendar.day_of(moments[0]) > FIRST_DAY - 1, key
        acts = (line.opened, line.sorted_out, line.decided, line.told, line.started, line.recorded, line.withdrawn)
        assert [act for act in acts if act and act > now] == [], key
        _stands_where_it_should(line, key, library, now)


def _moments(line: Timeline) -> list[datetime]:
    steps = [moment for moment, _ in line.steps]
    review = [line.deadline, line.extended_to, line.opened, line.sorted_out, line.decided, line.told, line.started]
    return [line.posted, *steps, *[moment for moment in review if moment]]


def _stands_where_it_should(line: Timeline, key: str, library: Library, now: datetime) -> None:
    story, ending = library.stories[key], library.endings.get(key)
    if line.steps:
        assert line.steps[-1][1] == story.rung, key
    if line.last_deadline and story.state != "withdrawn":
        assert (line.last_deadline > now) == (story.state == "live"), key
    if ending and ending.winners and line.ends:
        assert (line.ends > now) == (ending.fate == "running") or ending.fate == "ended_early", key


@pytest.mark.parametrize("now", DAYS, ids=[f"{day:%a}" for day in DAYS])
def test_a_provider_is_described_before_its_first_profile_is_drafted(now: datetime) -> None:
    library, calendar = read_library(), Calendar(now)
    roster = Roster.drawn(library)
    for each in library.offers:
        day = roster.live_from.get((each.provider, each.title), -14)
        drafted = calendar.past(day, draw("publishing", each.provider, each.title))
        assert calendar.at(roster.joined[each.provider], *DESCRIBED) < drafted, each.title


def test_open_needs_have_fourteen_responses_on_average() -> None:
    library, calendar = read_library(), Calendar(NOON)
    drawn = replies(library, timelines(library, calendar), calendar)
    counts = {key: sum(reply.need == key for reply in drawn) for key in how_many(library)}
    assert len(drawn) >= 600
    assert counts == how_many(library)
    assert sum(counts.values()) == AVERAGE * len(counts)
    assert max(counts.values()) == 50
    assert list(counts.values()).count(1) >= 3


def test_responses_are_in_time_and_nobody_answers_twice() -> None:
    library, calendar = read_library(), Calendar(NOON)
    lines = timelines(library, calendar)
    drawn = replies(library, lines, calendar)
    assert len({(reply.need, reply.provider) for reply in drawn}) == len(drawn)
    for reply in drawn:
        opened, deadline = lines[reply.need].call
        acts = [reply.started, *[act for act in (reply.submitted, reply.revised or reply.withdrawn) if act]]
        assert opened < acts[0]
        assert acts == sorted(acts)
        assert acts[-1] < min(deadline, NOON)


def test_winners_win() -> None:
    library, calendar = read_library(), Calendar(NOON)
    drawn = replies(library, timelines(library, calendar), calendar)
    for key, ending in library.endings.items():
        winners = {reply.provider for reply in drawn if reply.need == key and reply.wins}
        assert winners == set(ending.winners)
        assert {reply.provider for reply in drawn if reply.need == key and reply.shortlisted} >= winners


def test_the_small_world_is_a_part_of_the_whole() -> None:
    library = small_library()
    assert sum(how_many(library).values()) == sum(library.cast["responses"].values())
