"""When each need was posted, published, moved, closed, reviewed and worked on: drawn once for each story."""

from dataclasses import dataclass, field
from datetime import datetime

from app.demo.calendar import FIRST_DAY, Calendar, draw
from app.demo.library import Ending, Library, Story

RUNGS = ("horizon", "exploring", "shaping", "committed", "open")
DAYS_OF_A_MONTH = 30.4
# from the deadline to the first day of the work: review, feedback, and a start agreed
UNTIL_WORK = 66
EARLIEST_DEADLINE = FIRST_DAY + 75
UNTIL_DEADLINE = {"waiting": (2, 6), "scoring": (9, 16), "shortlisted": (17, 26), "decided": (28, 38)}
QUESTIONS_SHARE = 2 / 3
FINISHED = ("delivered", "partly", "not", "ended_early")


@dataclass
class Timeline:
    """The life of one need so far, and of the work that came of it; None where it has not come to that."""

    posted: datetime
    steps: list[tuple[datetime, str]] = field(default_factory=list)
    deadline: datetime | None = None
    extended_to: datetime | None = None
    opened: datetime | None = None
    sorted_out: datetime | None = None
    decided: datetime | None = None
    told: datetime | None = None
    started: datetime | None = None
    ends: datetime | None = None
    recorded: datetime | None = None
    withdrawn: datetime | None = None

    @property
    def published(self) -> datetime | None:
        """When it first stood before everybody."""
        return self.steps[0][0] if self.steps else None

    @property
    def open_from(self) -> datetime | None:
        """When it became an open call."""
        return next((moment for moment, rung in self.steps if rung == "open"), None)

    @property
    def call(self) -> tuple[datetime, datetime]:
        """From when to when an open call takes responses."""
        if self.open_from is None or self.last_deadline is None:
            raise ValueError("this need was never an open call")
        return self.open_from, self.last_deadline

    @property
    def questions_until(self) -> datetime | None:
        """Until when questions are taken: two thirds of the way to the first deadline, at 5pm where the day allows."""
        if self.open_from is None or self.deadline is None:
            return None
        end = self.open_from + (self.deadline - self.open_from) * QUESTIONS_SHARE
        evening = end.replace(hour=17, minute=0, second=0, microsecond=0)
        return evening if self.open_from < evening < self.deadline else end.replace(second=0, microsecond=0)

    @property
    def last_deadline(self) -> datetime | None:
        """The deadline as it was in the end."""
        return self.extended_to or self.deadline


def timelines(library: Library, calendar: Calendar) -> dict[str, Timeline]:
    """The life of every need."""
    return {key: timeline(story, library, calendar) for key, story in library.stories.items()}


def timeline(story: Story, library: Library, calendar: Calendar) -> Timeline:
    """The life of one need."""
    source = draw("timeline", story.key)
    if story.state == "draft":
        return Timeline(calendar.past(-source.randint(3, 45), source))
    if story.rung == "open" and story.state != "withdrawn":
        return _called(story, library, calendar)
    last = -source.randint(40, 320) if story.state == "withdrawn" else -source.randint(4, 120)
    steps = _climb(story, last, library, calendar)
    line = Timeline(_before(steps, calendar), steps)
    if story.state == "withdrawn":
        line.withdrawn = calendar.past(last + 14, source)
    if story.rung == "open":
        line.deadline = calendar.at(last + 35, 17)
    return line


def _climb(story: Story, last: float, library: Library, calendar: Calendar) -> list[tuple[datetime, str]]:
    """The steps on the ladder, the last of them on that day: some begin where they stand, most come from below."""
    source = draw("climb", story.key)
    height = RUNGS.index(story.rung)
    first = max(0, height - source.choice((0, 0, 1, 1, 2, 3)))
    if story.jointly:
        first = min(first, max(0, RUNGS.index("open") - 1))  # departments join below open
    rungs = list(RUNGS[first : height + 1])
    if story.key in library.cast["falls"]:
        rungs = [*RUNGS[height - 1 : height + 2], story.rung]
    steps: list[tuple[datetime, str]] = []
    day = last
    for rung in reversed(rungs):
        if day <= FIRST_DAY + 12:
            break
        steps.insert(0, (calendar.past(day, source), rung))
        day -= source.randint(21, 75)
    return steps


def _before(steps: list[tuple[datetime, str]], calendar: Calendar) -> datetime:
    """A draft takes a week or so until it is published."""
    return calendar.at(calendar.day_of(steps[0][0]) - 8, 9, 30)


def _called(story: Story, library: Library, calendar: Calendar) -> Timeline:
    """The life of a need that became an open call."""
    source = draw("call", story.key)
    day = _deadline_day(story, library)
    window = source.randint(24, 38) if day < 0 else max(day + 3, source.randint(24, 38)) - 1
    steps = _climb(story, day - window, library, calendar)
    line = Timeline(_before(steps, calendar), steps, deadline=calendar.at(day, source.choice((12, 17))))
    if story.key in library.cast["extended"]:
        line.extended_to, line.deadline = line.deadline, calendar.at(day - 7, 17)
    _review(line, day, story, library, calendar)
    ending = library.endings.get(story.key)
    if ending and ending.winners:
        _work(line, day, story, ending, calendar)
    return line


def _deadline_day(story: Story, library: Library) -> float:
    source = draw("deadline", story.key)
    fixed: dict[str, int] = library.cast["deadlines"]
    if story.key in fixed:
        return fixed[story.key]
    if story.state == "live":
        return source.randint(4, 32)
    if story.state == "closed":
        low, high = UNTIL_DEADLINE[library.cast["reviews"][story.key]]
        return -source.randint(low, high)
    return _deadline_of_the_past(story, library.endings[story.key])


def _deadline_of_the_past(story: Story, ending: Ending) -> float:
    """So that the work is, today, as far as its ending says."""
    source = draw("past", story.key)
    if not ending.winners:
        return -source.randint(150, 260)
    length = story.months * DAYS_OF_A_MONTH
    if ending.fate == "running":
        return -UNTIL_WORK - length * source.uniform(0.2, 0.7)
    if ending.fate == "ended_early":
        length /= 2
    slack = {"due": 5, "buyer-due": 16, "provider-due": 14}.get(ending.fate, 0)
    if not slack:
        slack = source.randint(20, max(20, int(-EARLIEST_DEADLINE - UNTIL_WORK - length)))
    return -UNTIL_WORK - length - slack


def _review(line: Timeline, day: float, story: Story, library: Library, calendar: Calendar) -> None:
    """When the responses were opened, sorted, decided on and answered, as far as that has come."""
    source = draw("review", story.key)
    reached = {"live": 0, "concluded": 4}.get(story.state)
    if reached is None:
        reached = ("waiting", "scoring", "shortlisted", "decided").index(library.cast["reviews"][story.key])
    moments = [calendar.past(day + gap, source) for gap in (4, 12, 21, 32)]
    line.opened, line.sorted_out, line.decided, line.told = [
        moment if place < reached else None for place, moment in enumerate(moments)
    ]
    if story.state == "closed" and reached == 3:
        line.told = calendar.past(-2, source)


def _work(line: Timeline, day: float, story: Story, ending: Ending, calendar: Calendar) -> None:
    """When the work ran, and when it was spoken about."""
    source = draw("work", story.key)
    start = day + UNTIL_WORK - 8
    end = start + story.months * DAYS_OF_A_MONTH
    line.started, line.ends = calendar.at(start), calendar.at(end, 16)
    if ending.fate in FINISHED or ending.fate.endswith("-due"):
        over = start + (end - start) / 2 if ending.fate == "ended_early" else end
        line.recorded = calendar.past(over + source.randint(1, 8), source)
