"""What of needs is searchable: published ones, without those that were withdrawn; concluded ones stay findable."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Organisation
from app.capabilities.models import Capability
from app.capabilities.queries import areas_of, names_of, with_broader
from app.kernel import search
from app.kernel.db import session
from app.needs.models import (
    DRAFT,
    LIVE,
    OPEN,
    WITHDRAWN,
    Need,
    NeedPartner,
    Requirement,
    SuccessMeasure,
    need_capabilities,
    requirement_capabilities,
)
from app.needs.queries import held_by

REMOTE = "remote"


def document(need: Need) -> search.Document | None:
    """A published need, in its own words and those of its capabilities."""
    if need.state in (DRAFT, WITHDRAWN):
        return None
    ids = [capability.id for capability in need.all_capabilities]
    return search.Document(
        title=need.title,
        text=[text for text in _said(need, ids) if text],
        names=[name for each in need.departments for name in (each.name, each.abbreviation) if name],
        capabilities=ids,
        facets={
            "rung": need.rung,
            "state": need.state,
            "department": need.department_ids,
            "area": areas_of(ids),
            "capability": with_broader(ids),
            "place": [*need.places, *([REMOTE] if need.remote else [])],
            "route": need.route or None,
        },
        sort={"newest": need.published_at, "closes": _closes_at(need)},
    )


def _said(need: Need, capability_ids: Sequence[str]) -> Iterable[str]:
    yield from (need.summary, need.problem, need.users, need.done_already, need.supplied_today)
    yield from (f"{measure.outcome} {measure.measure}".strip() for measure in need.measures)
    yield from (requirement.text for requirement in need.requirements)
    yield ", ".join(names_of(capability_ids).values())


def _closes_at(need: Need) -> Any:
    return need.deadline_at if need.state == LIVE and need.rung == OPEN else None


# Which documents a changed row changes


def _ids(statement: Select[Any]) -> Sequence[str]:
    return session().scalars(statement).all()


def _of_department(row: Organisation) -> Sequence[str]:
    return _ids(select(Need.id).where(held_by([row.id]))) if row.is_department else []


def _with_capability(row: Capability) -> Sequence[str]:
    whole = select(need_capabilities.c.need_id).where(need_capabilities.c.capability_id == row.id)
    tagged = select(Requirement.need_id).join(requirement_capabilities)
    return [*_ids(whole), *_ids(tagged.where(requirement_capabilities.c.capability_id == row.id).distinct())]


search.register(
    search.Searchable(
        kind="need",
        model=Need,
        document=document,
        options=(
            selectinload(Need.department),
            selectinload(Need.capabilities),
            selectinload(Need.measures),
            selectinload(Need.requirements).selectinload(Requirement.capabilities),
        ),
        touched_by={
            NeedPartner: lambda row: [row.need_id],
            Requirement: lambda row: [row.need_id],
            SuccessMeasure: lambda row: [row.need_id],
            Organisation: _of_department,
            Capability: _with_capability,
        },
    )
)
