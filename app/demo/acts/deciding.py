"""Officers decide on matches: after the index knows the world, since what they saw is kept with the decision."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import OFFICER, Organisation, Person
from app.demo.library import Library
from app.demo.replies import best_offer
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.matching.commands import invite_provider, note_match, pass_over_match
from app.matching.queries import candidate_of
from app.matching.seen import seen
from app.needs.models import LIVE, OPEN, Need
from app.providers.models import Provider, SolutionProfile

HOURS_AGO = 50


def decide(library: Library) -> int:
    """Make the decisions that the content names, in the transaction under way; how many."""
    moment = clock.now()
    for place, each in enumerate(library.cast["decisions"]):
        with clock.at(moment - timedelta(hours=HOURS_AGO - place)), clock.frozen():
            _decide(library, each)
    return len(library.cast["decisions"])


def _decide(library: Library, told: Mapping[str, Any]) -> None:
    need = _need(library.stories[told["need"]].title)
    profile = _profile(library, told)
    officer = _officer(need)
    version, candidate = candidate_of(need, profile)
    if candidate is None:
        raise NotFound(f"{profile.title} is no candidate for {need.title}.")
    shown = seen(candidate, version, need.id, officer.id)
    if told["verb"] == "invite":
        invite_provider(need, profile, shown, note=told["note"], by=officer)
    elif told["verb"] == "pass_over":
        pass_over_match(need, profile, shown, reason=told["note"], by=officer)
    else:
        note_match(need, profile, shown, note=told["note"], by=officer)


def _need(title: str) -> Need:
    return session().scalars(select(Need).where(Need.title == title, Need.state == LIVE, Need.rung == OPEN)).one()


def _profile(library: Library, told: Mapping[str, Any]) -> SolutionProfile:
    """The provider's live profile that fits best."""
    name = library.providers[told["provider"]].name
    wanted = select(SolutionProfile).join(Provider).join(Organisation)
    live = session().scalars(wanted.where(Organisation.name == name, SolutionProfile.state == LIVE)).all()
    titles = {profile.title: profile for profile in live}
    offers = [each for each in library.offers if each.provider == told["provider"] and each.title in titles]
    return titles[best_offer(library.stories[told["need"]], offers).title]


def _officer(need: Need) -> Person:
    officers = [owner.person for owner in need.owners if owner.person.holds(need.department_id, OFFICER)]
    return officers[0]
