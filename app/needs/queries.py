"""Reading needs."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, Membership, Person
from app.kernel import clock
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs import policy
from app.needs.ladder import missing
from app.needs.models import (
    DRAFT,
    JOINED,
    LIVE,
    OPEN,
    PUBLISHES,
    Amendment,
    Need,
    NeedOwner,
    NeedPartner,
    Requirement,
    RungMove,
)

NEAR = timedelta(days=7)
BRIEF = (selectinload(Need.department),)
WHOLE: tuple[Any, ...] = (
    *BRIEF,
    selectinload(Need.capabilities),
    selectinload(Need.audience_capabilities),
    selectinload(Need.invited_organisations),
    selectinload(Need.measures),
    selectinload(Need.requirements).selectinload(Requirement.capabilities),
    selectinload(Need.owners).selectinload(NeedOwner.person).selectinload(Person.memberships),
)


def get_need(need_id: str) -> Need:
    """The need of this id, whoever asks."""
    need = session().scalar(select(Need).where(Need.id == need_id).options(*WHOLE))
    if need is None:
        raise NotFound
    return need


def get_visible_need(need_id: str, person: Person | None) -> Need:
    """The need of this id, as far as this person may know."""
    need = get_need(need_id)
    if not policy.may_see_need(person, need):
        raise NotFound
    return need


def find_need_from(source: str) -> Need | None:
    """The need that was imported from this source, if it was."""
    return session().scalar(select(Need).where(Need.source == source).options(*WHOLE))


def needs_in_order(need_ids: Sequence[str]) -> list[Need]:
    """The published needs of these ids, in their order; ids that name none are skipped."""
    rows = session().scalars(select(Need).where(Need.id.in_(need_ids), Need.state != DRAFT).options(*BRIEF))
    found = {need.id: need for need in rows}
    return [found[need_id] for need_id in need_ids if need_id in found]


def live_needs(*, department_id: str | None = None, rung: str | None = None) -> list[Need]:
    """Live needs whose deadline has not passed, the newest first, with all that they hold."""
    wanted = select(Need).where(Need.state == LIVE, ~_is_due(clock.now())).order_by(Need.published_at.desc(), Need.id)
    if department_id:
        wanted = wanted.where(held_by([department_id]))
    if rung:
        wanted = wanted.where(Need.rung == rung)
    return list(session().scalars(wanted.options(*WHOLE)))


def due_needs() -> list[Need]:
    """Live open needs whose deadline has passed: the clock has them to close."""
    due = select(Need).where(Need.state == LIVE, _is_due(clock.now())).order_by(Need.deadline_at, Need.id)
    return list(session().scalars(due.options(*WHOLE)))


def _is_due(moment: datetime) -> Any:
    return (Need.rung == OPEN) & Need.deadline_at.is_not(None) & (Need.deadline_at <= moment)


def needs_of(person: Person) -> list[Need]:
    """The needs that the person owns or, as an officer, answers for; the last changed first."""
    return list(session().scalars(select_needs_of(person)))


def select_needs_of(person: Person, *states: str) -> Select[Need]:
    """The statement of `needs_of`, in some states, for a list that is read a page at a time."""
    departments = [each.organisation_id for each in person.memberships if each.role in DEPARTMENT_ROLES]
    answered = [each.organisation_id for each in person.memberships if each.role == OFFICER]
    owned = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id)
    mine = or_(Need.id.in_(owned) & held_by(departments), held_by(answered))
    wanted = select(Need).where(mine).order_by(Need.changed_at.desc(), Need.id).options(*WHOLE)
    return wanted.where(Need.state.in_(states)) if states else wanted


def moves_of(need: Need) -> list[RungMove]:
    """The need's steps on the ladder, the last first."""
    moves = select(RungMove).where(RungMove.need_id == need.id).order_by(RungMove.at.desc(), RungMove.id)
    return list(session().scalars(moves))


def amendments_of(need: Need) -> list[Amendment]:
    """The need's amendments, the last first."""
    found = select(Amendment).where(Amendment.need_id == need.id).order_by(Amendment.number.desc())
    return list(session().scalars(found))


def amendments_since(need_id: str, moment: datetime) -> list[Amendment]:
    """The need's amendments after a moment, the first one first."""
    found = select(Amendment).where(Amendment.need_id == need_id, Amendment.at > moment).order_by(Amendment.number)
    return list(session().scalars(found.options(joinedload(Amendment.need))))


def count_amendments(need: Need) -> int:
    """How often the need was amended."""
    counted = select(func.count()).select_from(Amendment).where(Amendment.need_id == need.id)
    return session().scalar(counted) or 0


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """What needs ask of this person: drafts to finish or publish, and deadlines that come near."""
    found = [*_drafts_awaiting(person), *_deadlines_awaiting(person, now), *_reviews_awaiting(person, now)]
    found += _ownerless_awaiting(person)
    return sorted(found, key=lambda each: (each.due_at is None, each.due_at or each.since, each.since))


def held_by(department_ids: Sequence[str]) -> ColumnElement[bool]:
    """SQL of a need that one of these departments holds, alone or together with others."""
    joined = select(NeedPartner.need_id).where(
        NeedPartner.state == JOINED, NeedPartner.department_id.in_(department_ids)
    )
    return or_(Need.department_id.in_(department_ids), Need.id.in_(joined))


def _own_needs(person: Person) -> Select[Need]:
    owned = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id)
    return select(Need).where(Need.id.in_(owned)).options(*WHOLE)


def _drafts_awaiting(person: Person) -> list[Awaiting]:
    drafts = session().scalars(_own_needs(person).where(Need.state == DRAFT).order_by(Need.changed_at.desc()))
    found = []
    for need in drafts:
        if policy.may_edit_need(person, need):
            lacks = len(missing(need))
            text = f"Finish your draft: {need.title}" if lacks else f"Check and publish your draft: {need.title}"
            found.append(Awaiting(text, "needs.edit", {"need_id": need.id}, since=need.changed_at, group="Needs"))
    return found


def _ownerless_awaiting(person: Person) -> list[Awaiting]:
    """Drafts of an officer's departments that nobody publishes: the clock began them, or their owners left."""
    answered = [each.organisation_id for each in person.memberships if each.role == OFFICER]
    there = (
        select(NeedOwner)
        .join(Membership, Membership.person_id == NeedOwner.person_id)
        .where(
            NeedOwner.need_id == Need.id,
            NeedOwner.duty == PUBLISHES,
            Membership.organisation_id == Need.department_id,
            Membership.role.in_(DEPARTMENT_ROLES),
            Membership.left_at.is_(None),
        )
    )
    wanted = select(Need).where(Need.state == DRAFT, Need.department_id.in_(answered), ~there.exists())
    return [
        Awaiting(f"Choose owners: {need.title}", "needs.owners", {"need_id": need.id}, need.changed_at, group="Needs")
        for need in session().scalars(wanted.order_by(Need.changed_at, Need.id))
    ]


def _reviews_awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Signals whose day to be looked at again has come, for owners who publish."""
    due = _own_needs(person).where(
        Need.state == LIVE, Need.rung != OPEN, Need.review_on <= now.astimezone(clock.LONDON).date()
    )
    return [
        Awaiting(
            f"Look at your signal again: {need.title}",
            "needs.review_signal",
            {"need_id": need.id},
            since=need.changed_at,
            due_at=datetime.combine(need.review_on, time(17), clock.LONDON),
            group="Needs",
        )
        for need in session().scalars(due.order_by(Need.review_on))
        if need.review_on and policy.may_move_rung(person, need)
    ]


def _deadlines_awaiting(person: Person, now: datetime) -> list[Awaiting]:
    near = _own_needs(person).where(
        Need.state == LIVE, Need.rung == OPEN, Need.deadline_at > now, Need.deadline_at <= now + NEAR
    )
    return [
        Awaiting(
            f"The deadline comes near: {need.title}",
            "needs.show",
            {"need_id": need.id},
            since=need.published_at or need.created_at,
            due_at=need.deadline_at,
            group="Needs",
        )
        for need in session().scalars(near.order_by(Need.deadline_at))
        if policy.has_duty(person, need)
    ]
