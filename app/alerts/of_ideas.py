"""Who hears of what happens to an idea, and in which words."""

from app.accounts.models import Organisation
from app.alerts.queries import owners_of, staff_of, without_provider_people
from app.kernel.db import session
from app.kernel.notices import Notice
from app.needs.models import Need
from app.responses.ideas.models import Idea


def owners_whom_it_fits(_idea: Idea, notice: Notice) -> set[str]:
    """The owners of the need that an idea fits best, but who works for a provider: they read no rival's idea."""
    return without_provider_people(owners_of(session().get_one(Need, notice.facts["need"])))


def proposers(idea: Idea, _notice: Notice) -> set[str]:
    """The staff of the provider whose idea it is."""
    return staff_of([idea.provider.organisation_id])


def who_asked_back(_idea: Idea, notice: Notice) -> set[str]:
    """Whoever asked the one thing for a department."""
    return without_provider_people({notice.facts["asked_by"]})


def words_of_idea(notice: Notice, text: str, idea: Idea) -> str:
    """The sentence of a notification; the department is the one that spoke, where the notice names it."""
    spoke = session().get(Organisation, notice.facts.get("department", ""))
    return text.format(title=idea.title, department=spoke.name if spoke else "")[:300]
