"""Reading the people of whom a team is named."""

from app.providers.models import TeamMember
from app.providers.people.queries import team_of
from app.responses.coalitions.terms import members_of
from app.responses.models import Response


def people_of(response: Response) -> list[TeamMember]:
    """The people of all who answer together, the lead's first, each provider's by name: for their own staff alone."""
    return [member for provider in members_of(response) for member in team_of(provider)]
