"""What of an idea goes into a need that begins with it, and what the need's pages tell of where it began.

The proposal and the money are not copied: a need says what is wanted, and a supplier's price is no buyer's range.
"""

from typing import Any

from app.needs.models import Need
from app.needs.origin import Origin
from app.needs.sections import SECTIONS
from app.responses.ideas.models import Idea
from app.responses.ideas.queries import find_answer_that_began

Content = dict[str, dict[str, Any]]


def content_from(idea: Idea) -> Content:
    """The fields of a need that begin with the idea's, by section."""
    return {
        "basics": {"capabilities": list(idea.capabilities)},
        "problem": {"problem": idea.problem, "users": idea.users},
        "timing": {"length_weeks": idea.weeks},
    }


def origin_of(need: Need) -> Origin | None:
    """The idea that a need began with, and the parts that still say what the idea says."""
    answer = find_answer_that_began(need)
    if answer is None:
        return None
    idea = answer.idea
    return Origin(idea.provider_id, idea.provider.name, idea.id, idea.title, tuple(_parts(need, idea)))


def _parts(need: Need, idea: Idea) -> list[str]:
    """The names of the fields that are the idea's, word for word."""
    told = {"basics": {"title": idea.title}, **content_from(idea)}
    told["basics"] |= content_from(idea)["basics"]
    labels = {each.name: each.label for section in SECTIONS.values() for each in section.fields}
    fields = {name: value for section in told.values() for name, value in section.items()}
    return [labels[name] for name, value in fields.items() if value and getattr(need, name) == value]
