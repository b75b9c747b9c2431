"""The desk: what one thing that awaits a person looks like; each room offers `awaiting(person, now)`."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Awaiting:
    """One thing to do: what, where, since when it waits, and by when it is due."""

    text: str
    endpoint: str
    values: dict[str, str]
    since: datetime
    due_at: datetime | None = None
    group: str = field(default="To do")
