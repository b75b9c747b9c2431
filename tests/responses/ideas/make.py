"""Short makers of ideas, for use inside `with transaction():`. They go through the commands."""

from typing import Any

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.kernel.db import session
from app.providers.models import Provider
from app.responses.ideas import commands
from app.responses.ideas.models import Idea
from tests.needs import make as make_need
from tests.responses import make as make_response

TITLE = "Read river gauges by satellite"


def content(capabilities: list[Capability] | None = None, **said: Any) -> dict[str, Any]:
    """Everything that a proposal must say."""
    return {
        "title": TITLE,
        "problem": "Clinicians wait four minutes for a record, and gauges in remote valleys are read by hand.",
        "users": "Flood forecasters in nine regions.",
        "proposal": "A small transmitter on each gauge, and one service that gathers the readings.",
        "low_pence": 40_000_00,
        "high_pence": 90_000_00,
        "weeks": 20,
        "capabilities": capabilities or [make_need.capability()],
        "evidence": [],
        "profile": None,
        "public_summary": "",
        **said,
    }


def drafted(of: Provider | None = None, *, by: Person | None = None, **said: Any) -> Idea:
    """A draft that could be proposed."""
    of = of or make_response.provider()
    speaker = by or make_response.staff(of)
    idea = commands.draft_idea(of, title=said.get("title", TITLE), by=speaker)
    commands.change_idea(idea, **content(**said), by=speaker)
    return idea


def proposed(of: Provider | None = None, *, by: Person | None = None, **said: Any) -> Idea:
    """An idea before all departments."""
    of = of or make_response.provider()
    speaker = by or make_response.staff(of)
    idea = drafted(of, by=speaker, **said)
    commands.propose_idea(idea, by=speaker)
    return idea


def again(idea: Idea) -> Idea:
    """The idea in this transaction."""
    return session().get_one(Idea, idea.id)
