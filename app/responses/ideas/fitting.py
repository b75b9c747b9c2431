"""Which ideas fit a department's needs, and which departments an idea fits: computed by matching, not stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union
from sqlalchemy.orm import selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.matching.pitches import Pitch, PitchFit, capabilities_asked, fits_of
from app.matching.scoring import lot
from app.matching.voices import need_text
from app.needs.models import LIVE, OPEN, Need, Requirement, need_capabilities, requirement_capabilities
from app.needs.queries import WHOLE as WHOLE_NEED
from app.needs.queries import held_by
from app.responses.ideas import policy
from app.responses.ideas.models import Idea, IdeaAnswer, idea_capabilities
from app.responses.ideas.queries import BRIEF, department_ids_of, is_current

# how many ideas are looked at: those that share most capabilities, and the newest, which may share words alone
BY_CAPABILITY, NEWEST, SHOWN, TOLD = 60, 40, 30, 100


@dataclass(frozen=True)
class FittingIdea:
    """One idea and the needs that it fits, the first one first."""

    idea: Idea
    fits: tuple[PitchFit, ...]


def pitch_of(idea: Idea) -> Pitch:
    """An idea as matching reads it."""
    words = need_text(idea.title, idea.problem, idea.users, idea.proposal)
    return Pitch(idea.id, words, tuple(each.id for each in idea.capabilities))


def ideas_for(person: Person) -> list[FittingIdea]:
    """At most 30 ideas that fit live needs of the person's departments: those for early signals first."""
    held = select(Need).where(held_by(department_ids_of(person)), Need.state == LIVE, Need.rung != OPEN)
    return ideas_that_fit(session().scalars(held.options(*WHOLE_NEED)).all())


def ideas_that_fit(needs: Sequence[Need]) -> list[FittingIdea]:
    """At most 30 ideas that fit any of these needs, each with the needs that it fits; ties by lot."""
    if not needs:
        return []
    ideas = {idea.id: idea for idea in _candidates(capabilities_asked(needs))}
    fits = fits_of([pitch_of(idea) for idea in ideas.values()], needs)
    order = sorted(fits, key=lambda each: (*fits[each][0].order, lot(fits[each][0].need.id, each)))
    return [FittingIdea(ideas[each], tuple(fits[each])) for each in order[:SHOWN]]


def _candidates(capability_ids: Collection[str]) -> Sequence[Idea]:
    shared = select(idea_capabilities.c.idea_id).join(Idea, Idea.id == idea_capabilities.c.idea_id)
    shared = shared.where(idea_capabilities.c.capability_id.in_(capability_ids), is_current())
    shared = shared.group_by(idea_capabilities.c.idea_id, Idea.proposed_at)
    shared = shared.order_by(func.count().desc(), Idea.proposed_at.desc(), idea_capabilities.c.idea_id)
    newest = select(Idea.id).where(is_current()).order_by(Idea.proposed_at.desc(), Idea.id).limit(NEWEST)
    ids = {*session().scalars(shared.limit(BY_CAPABILITY)), *session().scalars(newest)}
    return session().scalars(select(Idea).where(Idea.id.in_(ids)).options(*BRIEF)).all()


def departments_to_tell(idea: Idea) -> dict[str, Need]:
    """For each department that has a need which the idea fits well, by id, the need that it fits best."""
    whole = select(need_capabilities.c.need_id, need_capabilities.c.capability_id)
    one_by_one = select(Requirement.need_id, requirement_capabilities.c.capability_id).join(requirement_capabilities)
    asked = union(whole, one_by_one).subquery()
    wanted = select(asked.c.need_id).where(asked.c.capability_id.in_([each.id for each in idea.capabilities]))
    needs = select(Need).where(Need.id.in_(wanted), Need.state == LIVE, Need.rung != OPEN)
    latest = needs.order_by(Need.published_at.desc(), Need.id).limit(TOLD).options(*WHOLE_NEED)
    fits = fits_of([pitch_of(idea)], session().scalars(latest).all()).get(idea.id, [])
    found: dict[str, Need] = {}
    for fit in fits:
        if fit.is_well:
            found.setdefault(fit.need.department_id, fit.need)
    return found


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """One line for the ideas that name a capability which a live need of the person's departments asks for."""
    if not policy.may_look_at_ideas(person):
        return []
    ids = department_ids_of(person)
    held = select(Need).where(held_by(ids), Need.state == LIVE, Need.rung != OPEN)
    needs = session().scalars(held.options(selectinload(Need.capabilities), *WHOLE_NEED)).all()
    shared = select(idea_capabilities.c.idea_id).where(
        idea_capabilities.c.capability_id.in_({each.id for need in needs for each in need.all_capabilities})
    )
    answered = select(IdeaAnswer.idea_id).where(IdeaAnswer.department_id.in_(ids))
    new = is_current(), Idea.id.in_(shared), Idea.id.not_in(answered)
    count, since = session().execute(select(func.count(), func.min(Idea.proposed_at)).where(*new)).one()
    if since is None:
        return []
    text = "Answer an idea that may fit your needs" if count == 1 else f"Answer {count} ideas that may fit your needs"
    return [Awaiting(text, "ideas.for_us", {}, since, group="Ideas")]
