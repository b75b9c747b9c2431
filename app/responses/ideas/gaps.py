"""What an idea must say before it is proposed, and the sentence for what it does not."""

from collections.abc import Mapping
from typing import Any

from app.responses.ideas.models import Idea

SENTENCES = {
    "title": "Enter a title",
    "problem": "Enter the problem that it would solve",
    "users": "Enter who has the problem",
    "proposal": "Enter what you propose",
    "capabilities": "Select at least one capability",
    "high_pence": "Enter the most that it would cost",
    "weeks": "Enter how many weeks it would take",
}


def gaps(idea: Idea) -> dict[str, str]:
    """The fields in which an idea says nothing yet, each with what to do."""
    return gaps_in({name: getattr(idea, name) for name in SENTENCES})


def gaps_in(content: Mapping[str, Any]) -> dict[str, str]:
    """The same of what a form gives."""
    return {name: sentence for name, sentence in SENTENCES.items() if content.get(name) in (None, "", [])}
