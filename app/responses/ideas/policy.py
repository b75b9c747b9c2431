"""Who reads an idea, and who answers it. Rivals read nothing but what its provider marked for everybody."""

from app.accounts.models import DEPARTMENT_ROLES, Organisation, Person
from app.needs.models import LIVE, OPEN, Need
from app.needs.policy import has_duty, is_officer_of
from app.providers.models import Provider
from app.providers.policy import is_staff_of, works_for_a_provider
from app.responses.ideas.models import DRAFT, PROPOSED, Idea, IdeaAnswer


def may_have_ideas(person: Person | None) -> bool:
    """Who works for a provider."""
    return works_for_a_provider(person)


def may_draft_idea(person: Person | None, provider: Provider) -> bool:
    """The provider's own staff, while it is open in the register."""
    return provider.organisation.is_open and is_staff_of(person, provider)


def may_read_own_idea(person: Person | None, idea: Idea | None) -> bool:
    """The provider's own staff, whatever the state."""
    return idea is not None and is_staff_of(person, idea.provider)


def may_change_idea(person: Person | None, idea: Idea | None) -> bool:
    """The provider's own staff, while it is a draft: what was proposed stays as departments read it."""
    return idea is not None and idea.state == DRAFT and may_draft_idea(person, idea.provider)


may_propose_idea = may_change_idea


def may_withdraw_idea(person: Person | None, idea: Idea) -> bool:
    """The provider's own staff."""
    return idea.state in (DRAFT, PROPOSED) and is_staff_of(person, idea.provider)


def may_look_at_ideas(person: Person | None) -> bool:
    """Staff of departments who work for no provider: an idea unasked is no rival's business."""
    if person is None or works_for_a_provider(person):
        return False
    return any(membership.role in DEPARTMENT_ROLES for membership in person.memberships)


def may_read_idea(person: Person | None, idea: Idea) -> bool:
    """Its provider's staff; once it was proposed also departments' staff, and those who answered it for ever."""
    if is_staff_of(person, idea.provider):
        return True
    if not may_look_at_ideas(person):
        return False
    return idea.state == PROPOSED or any(_is_of(person, each) for each in idea.answers)


def _is_of(person: Person | None, answer: IdeaAnswer) -> bool:
    return person is not None and person.holds(answer.department_id, *DEPARTMENT_ROLES)


def may_see_idea(person: Person | None, idea: Idea) -> bool:
    """Whoever reads it; and everybody, as far as its provider wrote something for everybody and still proposes it."""
    return may_read_idea(person, idea) or (idea.is_current and bool(idea.public_summary))


def may_see_public_ideas(person: Person | None, provider: Provider) -> bool:
    """Everybody: the page holds what the provider wrote for everybody."""
    return True


def could_answer(person: Person | None, idea: Idea | None) -> list[Organisation]:
    """The person's departments, for which they may answer an idea that still stands."""
    if person is None or idea is None or not idea.is_current or not may_look_at_ideas(person):
        return []
    return [each for each in person.organisations(*DEPARTMENT_ROLES) if each.is_open]


def may_answer_idea(person: Person | None, idea: Idea | None) -> bool:
    """Staff of a department who work for no provider."""
    return bool(could_answer(person, idea))


def may_reply(person: Person | None, answer: IdeaAnswer) -> bool:
    """The provider's own staff, to what a department asked, while the idea is not withdrawn."""
    return answer.owes_reply and answer.idea.state == PROPOSED and is_staff_of(person, answer.idea.provider)


def may_find_ideas(person: Person | None, need: Need) -> bool:
    """The need's owners and its departments' officers who work for no provider, while the need is below open.

    An open need is answered by sealed responses alone: no idea is put beside them.
    """
    if need.state != LIVE or need.rung == OPEN or not may_look_at_ideas(person):
        return False
    return has_duty(person, need) or is_officer_of(person, need)
