"""Reading notifications, and who hears of a notice."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, union

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Membership, Person
from app.alerts.models import MailChoice, Notification
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.kernel.notices import Notice
from app.needs.models import ANSWERS, Need, NeedOwner
from app.needs.questions.models import Asking, Question
from app.providers.models import Provider
from app.responses.coalitions.models import Part
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.models import WITHDRAWN, Interest, Response


def notifications_of(person: Person, *, unread: bool = False) -> Select[Notification]:
    """What a person was told, or has not read of it, the newest first, to be paged."""
    own = select(Notification).where(Notification.person_id == person.id)
    own = own.where(Notification.read_at.is_(None)) if unread else own
    return own.order_by(Notification.told_at.desc(), Notification.id)


def count_unread(person: Person) -> int:
    """How many notifications the person has not read."""
    unread = select(func.count()).where(Notification.person_id == person.id, Notification.read_at.is_(None))
    return session().scalar(unread) or 0


def get_own_notification(notification_id: str, person: Person | None) -> Notification:
    """What this person was told; what others were does not exist for them."""
    found = session().get(Notification, notification_id)
    if found is None or person is None or found.person_id != person.id:
        raise NotFound
    return found


def told_of(notice: Notice) -> set[str]:
    """The ids of those who were told of a notice."""
    return set(session().scalars(select(Notification.person_id).where(Notification.notice_id == notice.id)))


def choices_of(person_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """{person id: {topic: how often}} of what these people chose."""
    found: dict[str, dict[str, str]] = {}
    for choice in session().scalars(select(MailChoice).where(MailChoice.person_id.in_(person_ids))):
        found.setdefault(choice.person_id, {})[choice.topic] = choice.how_often
    return found


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Unread notifications, as one line."""
    own = select(func.count(), func.min(Notification.told_at)).where(
        Notification.person_id == person.id, Notification.read_at.is_(None)
    )
    count, since = session().execute(own).one()
    if not count:
        return []
    text = "Read 1 notification" if count == 1 else f"Read {count} notifications"
    return [Awaiting(text, "alerts.notifications", {}, since, group="Notifications")]


def owners_of(need: Need) -> set[str]:
    """The ids of the people who hold a duty for the need and are still in its department."""
    staff = _members(need.department_ids, DEPARTMENT_ROLES)
    owners = select(NeedOwner.person_id).where(NeedOwner.need_id == need.id, NeedOwner.person_id.in_(staff))
    return set(session().scalars(owners))


def answerers_of(need: Need) -> set[str]:
    """The ids of the owners who answer suppliers and are still in the need's department."""
    staff = _members(need.department_ids, DEPARTMENT_ROLES)
    owners = select(NeedOwner.person_id).where(NeedOwner.need_id == need.id, NeedOwner.duty == ANSWERS)
    return set(session().scalars(owners.where(NeedOwner.person_id.in_(staff))))


def officers_of(need: Need) -> set[str]:
    """The ids of the procurement officers of the need's department."""
    return set(session().scalars(_members(need.department_ids, [OFFICER])))


def buying_side_of(need: Need) -> set[str]:
    """The ids of those for whom `responses.policy.is_on_buying_side` says yes."""
    is_lasting = Membership.left_at.is_(None) | (Membership.left_at >= need.created_at)
    lead = (Membership.organisation_id == need.department_id) & is_lasting
    partners = [_of_partner(each.department_id, each.joined_at) for each in need.partners if each.joined_at]
    staff = select(Membership.person_id).where(or_(lead, *partners))
    owners = select(NeedOwner.person_id).where(NeedOwner.need_id == need.id)
    author = {need.author_id} if need.author_id else set()
    return author | set(session().scalars(union(staff, owners)))


def _of_partner(department_id: str, joined_at: datetime) -> ColumnElement[bool]:
    is_lasting = Membership.left_at.is_(None) | (Membership.left_at >= joined_at)
    return (Membership.organisation_id == department_id) & is_lasting


def without_provider_people(ids: Iterable[str]) -> set[str]:
    """These people, but those who work for any provider."""
    known = set(ids)
    employed = select(Membership.person_id).where(Membership.role.in_(PROVIDER_ROLES), Membership.left_at.is_(None))
    return known - set(session().scalars(employed.where(Membership.person_id.in_(known))))


def doers_of(subject: str, verb: str, at: datetime) -> set[str]:
    """The ids of those who did this to the subject at this moment, as the audit has it."""
    entries = select(AuditEntry.person_id).where(AuditEntry.stream == subject, AuditEntry.verb == verb)
    return {person_id for person_id in session().scalars(entries.where(AuditEntry.at == at)) if person_id}


def staff_of(organisation_ids: Iterable[str]) -> set[str]:
    """The ids of the people who work for these providers now."""
    return set(session().scalars(_members(list(organisation_ids), PROVIDER_ROLES)))


def _members(organisation_ids: Sequence[str], roles: Sequence[str]) -> Select[str]:
    return select(Membership.person_id).where(
        Membership.organisation_id.in_(organisation_ids), Membership.role.in_(roles), Membership.left_at.is_(None)
    )


def providers_concerned(need: Need) -> set[str]:
    """The organisations whose staff follow a need: they registered interest, began or made a response, asked, or had
    the idea that it began with.

    Only their own staff are told, each of them alone, so that nobody learns who else answers.
    """
    interested = select(Interest.provider_id).where(Interest.need_id == need.id)
    responding = select(Response.provider_id).where(Response.need_id == need.id, Response.state != WITHDRAWN)
    together = select(Part.provider_id).where(Part.need_id == need.id, Part.joined_at.is_not(None))
    concerned = or_(*(Provider.id.in_(each) for each in (interested, responding, together)))
    asked = select(Asking.organisation_id).join(Question).where(Question.need_id == need.id)
    began = select(Idea.provider_id).join(IdeaAnswer).where(IdeaAnswer.need_id == need.id)
    proposed = select(Provider.organisation_id).where(Provider.id.in_(began))
    return set(session().scalars(union(select(Provider.organisation_id).where(concerned), asked, proposed)))


def people(ids: Iterable[str]) -> Sequence[Person]:
    """These people, as far as they have an account still."""
    return session().scalars(select(Person).where(Person.id.in_(set(ids)), Person.erased_at.is_(None))).all()
