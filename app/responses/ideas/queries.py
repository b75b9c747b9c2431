"""Reading ideas and what departments say to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import DEPARTMENT_ROLES, Person
from app.capabilities.queries import tree
from app.kernel import clock
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import Need
from app.needs.queries import WHOLE as WHOLE_NEED
from app.providers.models import Evidence, Provider
from app.providers.queries import providers_of
from app.responses.ideas import policy
from app.responses.ideas.models import (
    DRAFT,
    LASTS,
    PROPOSED,
    UNANSWERED_AFTER,
    Idea,
    IdeaAnswer,
    idea_capabilities,
)

MOST_A_YEAR = 10
MOST_WORDS = 12
BRIEF: tuple[Any, ...] = (
    joinedload(Idea.provider).joinedload(Provider.organisation),
    selectinload(Idea.capabilities),
    selectinload(Idea.answers).joinedload(IdeaAnswer.need),
)
WHOLE: tuple[Any, ...] = (
    *BRIEF,
    joinedload(Idea.profile),
    selectinload(Idea.evidence).selectinload(Evidence.capabilities),
)


def _find(idea_id: str) -> Idea:
    found = session().scalar(select(Idea).where(Idea.id == idea_id).options(*WHOLE))
    if found is None:
        raise NotFound
    return found


def get_visible_idea(idea_id: str, person: Person | None) -> Idea:
    """An idea, for whoever may see anything of it."""
    idea = _find(idea_id)
    if not policy.may_see_idea(person, idea):
        raise NotFound
    return idea


def get_read_idea(idea_id: str, person: Person | None) -> Idea | None:
    """An idea, for those who may read it whole; a stranger is asked to sign in, whatever the id."""
    if person is None:
        return None
    idea = _find(idea_id)
    if not policy.may_read_idea(person, idea):
        raise NotFound
    return idea


def get_own_idea(idea_id: str, person: Person | None) -> Idea | None:
    """An idea of the person's own provider; for everybody else there is nothing to act on."""
    idea = get_read_idea(idea_id, person)
    if idea is not None and not policy.may_read_own_idea(person, idea):
        raise NotFound
    return idea


def get_own_answer(answer_id: str, person: Person | None) -> IdeaAnswer | None:
    """What a department said to an idea of the person's own provider."""
    if person is None:
        return None
    found = session().scalar(select(IdeaAnswer).where(IdeaAnswer.id == answer_id))
    if found is None or not policy.may_read_own_idea(person, found.idea):
        raise NotFound
    return found


def select_ideas_of(person: Person) -> Select[Idea]:
    """The ideas of the person's own providers, the newest first."""
    ids = [each.id for each in providers_of(person)]
    return select(Idea).where(Idea.provider_id.in_(ids)).order_by(Idea.created_at.desc(), Idea.id).options(*BRIEF)


def is_current() -> Any:
    """SQL of an idea that is proposed and has not lapsed."""
    return (Idea.state == PROPOSED) & (Idea.proposed_at > clock.now() - LASTS)


def select_current(words: str = "", capability_id: str = "") -> Select[Idea]:
    """The ideas that are proposed now, the newest first: those with all these words, and with this capability."""
    wanted = select(Idea).where(is_current()).order_by(Idea.proposed_at.desc(), Idea.id).options(*BRIEF)
    for word in words.lower().split()[:MOST_WORDS]:
        texts = (Idea.title, Idea.problem, Idea.users, Idea.proposal)
        wanted = wanted.where(or_(*(func.lower(text).contains(word, autoescape=True) for text in texts)))
    if capability_id:
        tagged = idea_capabilities.c.capability_id.in_(_within(capability_id))
        with_it = select(idea_capabilities.c.idea_id).where(tagged)
        wanted = wanted.where(Idea.id.in_(with_it))
    return wanted


def _within(capability_id: str) -> list[str]:
    known, found = tree(), [capability_id]
    for each in found:
        found += [node.id for node in known.below(each)]
    return found


def public_ideas_of(provider: Provider) -> Sequence[Idea]:
    """What the provider lets everybody read of its ideas, the newest first."""
    wanted = select(Idea).where(Idea.provider_id == provider.id, is_current(), Idea.public_summary != "")
    return session().scalars(wanted.order_by(Idea.proposed_at.desc(), Idea.id).options(*BRIEF)).all()


def has_public_ideas(_person: Person | None, provider: Provider) -> bool:
    """For the tab of a provider: whether everybody may read something."""
    found = select(Idea.id).where(Idea.provider_id == provider.id, is_current(), Idea.public_summary != "")
    return session().scalar(found.limit(1)) is not None


def count_left(provider: Provider) -> int:
    """How many ideas the provider may still propose now: ten in any twelve months."""
    lately = Idea.proposed_at > clock.now() - LASTS
    used = session().scalar(select(func.count()).where(Idea.provider_id == provider.id, lately)) or 0
    return max(0, MOST_A_YEAR - used)


def find_answer_that_began(need: Need) -> IdeaAnswer | None:
    """The answer by which a need began with an idea."""
    whole = joinedload(IdeaAnswer.idea).options(*BRIEF)
    return session().scalar(select(IdeaAnswer).where(IdeaAnswer.need_id == need.id).options(whole))


@dataclass(frozen=True)
class Figures:
    """How many ideas were proposed, how many a department answered, and how many wait for long."""

    proposed: int
    answered: int
    waiting_long: int
    taken_up: int


def figures() -> Figures:
    """What became of all ideas that were proposed, for everybody to read."""
    proposed, moment = Idea.proposed_at.is_not(None), clock.now()
    answered = select(IdeaAnswer.idea_id)
    is_old = is_current() & (Idea.proposed_at <= moment - UNANSWERED_AFTER)

    def count(*conditions: Any) -> int:
        return session().scalar(select(func.count()).select_from(Idea).where(*conditions)) or 0

    published = select(IdeaAnswer.idea_id).join(IdeaAnswer.need).where(Need.state != DRAFT)
    return Figures(
        count(proposed),
        count(proposed, Idea.id.in_(answered)),
        count(is_old, Idea.id.not_in(answered)),
        count(proposed, Idea.id.in_(published)),
    )


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """What ideas ask of a person: drafts to finish, and questions of departments."""
    if not policy.may_have_ideas(person):
        return []
    ids = [each.id for each in providers_of(person)]
    drafts = session().scalars(select(Idea).where(Idea.provider_id.in_(ids), Idea.state == DRAFT).order_by(Idea.id))
    found = [
        Awaiting(f"Finish your idea: {idea.title}", "ideas.edit", {"idea_id": idea.id}, idea.created_at, group="Drafts")
        for idea in drafts
    ]
    asked = select(IdeaAnswer).join(IdeaAnswer.idea).options(joinedload(IdeaAnswer.idea))
    asked = asked.where(Idea.provider_id.in_(ids), Idea.state == PROPOSED)
    asked = asked.where(IdeaAnswer.asked_at.is_not(None), IdeaAnswer.replied_at.is_(None)).order_by(IdeaAnswer.asked_at)
    return found + [_question(each) for each in session().scalars(asked)]


def _question(answer: IdeaAnswer) -> Awaiting:
    text = f"{answer.department.name} asks about your idea: {answer.idea.title}"
    values = {"idea_id": answer.idea_id, "answer_id": answer.id}
    return Awaiting(text, "ideas.reply", values, answer.asked_at or answer.began_at, group="Ideas")


def department_ids_of(person: Person) -> list[str]:
    """The ids of the departments that the person works for."""
    return [each.id for each in person.organisations(*DEPARTMENT_ROLES)]


def needs_with(ids: Sequence[str]) -> list[Need]:
    """These needs, whole."""
    return list(session().scalars(select(Need).where(Need.id.in_(ids)).options(*WHOLE_NEED)))
