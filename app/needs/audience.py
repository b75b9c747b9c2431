"""The audience of a need: who may take part in it, which is to register interest, ask questions and respond.

Everybody may read a need and why it is limited, so that a limit can be seen and contested. Whether somebody is inside
is matching's to say, where eligibility is defined; the factory passes that in.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from app.accounts.models import PROVIDER_ROLES, Person
from app.kernel import display
from app.needs import policy
from app.needs.choices import AUDIENCE_REASONS, AUDIENCES
from app.needs.models import EVERYBODY, INVITED, WITH_CAPABILITIES, Need

Inside = Callable[[Any, Collection[str]], set[str]]


def _nobody_told(need: Any, organisation_ids: Collection[str]) -> set[str]:
    return set() if need.is_limited else set(organisation_ids)


_inside: Inside = _nobody_told


def install(inside: Inside) -> None:
    """Have `inside(need, organisation ids)` say which of the organisations may take part."""
    global _inside
    _inside = inside


def organisations_inside(need: Any, organisation_ids: Collection[str]) -> set[str]:
    """Which of these suppliers and in-house teams may take part in the need."""
    return _inside(need, organisation_ids)


# How it is shown


def read_invited(organisations: Collection[Any]) -> str:
    """How many are invited: who they are is not public before the need is concluded."""
    return display.plural(len(organisations), "organisation") if organisations else ""


@dataclass(frozen=True)
class Shown:
    """An audience as one person may know it: `names` of the invited, and which of their own providers are inside."""

    label: str
    is_limited: bool
    capabilities: list[str]
    reason: str
    note: str
    invited: str
    names: list[str]
    own: list[tuple[str, bool]]


def shown(need: Need, person: Person | None) -> Shown:
    """The audience of a need: to everybody how it is limited and why, to few who was invited."""
    is_by_name, is_by_capability = need.audience == INVITED, need.audience == WITH_CAPABILITIES
    names = need.invited_organisations if is_by_name and policy.may_see_invited(person, need) else []
    return Shown(
        label=AUDIENCES.get(need.audience, ""),
        is_limited=need.is_limited,
        capabilities=[each.name for each in need.audience_capabilities] if is_by_capability else [],
        reason=AUDIENCE_REASONS.get(need.audience_reason, "") if is_by_name else "",
        note=need.audience_note if need.is_limited else "",
        invited=read_invited(need.invited_organisations) if is_by_name else "",
        names=[each.name for each in names],
        own=_own(need, person) if need.is_limited else [],
    )


def _own(need: Need, person: Person | None) -> list[tuple[str, bool]]:
    """The person's own suppliers and teams, each with whether it may take part; the buying side answers for nobody."""
    if person is None or policy.acts_for_need(person, need):
        return []
    mine = person.organisations(*PROVIDER_ROLES)
    inside = organisations_inside(need, [each.id for each in mine])
    return [(each.name, each.id in inside) for each in mine]


# What publishing asks of an audience


def names_capabilities(need: Any) -> bool:
    """Whether it says which capabilities, where they are what counts."""
    return need.audience != WITH_CAPABILITIES or bool(need.audience_capabilities)


def names_invited(need: Any) -> bool:
    """Whether it says who is invited, where only they may take part."""
    return need.audience != INVITED or bool(need.invited_organisations)


def is_justified(need: Any) -> bool:
    """Whether it says why only the invited may take part, by a code and in words."""
    return need.audience != INVITED or (need.audience_reason in AUDIENCE_REASONS and bool(need.audience_note))


def is_narrower(before: Any, after: Any) -> bool:
    """Whether anybody who may take part before may not afterwards, as far as can be said without looking at anybody.

    From everybody to some, or from one way of choosing to the other, is taken for narrower.
    """
    if after.audience == EVERYBODY:
        return False
    if before.audience != after.audience:
        return True
    named = {INVITED: "invited_organisations", WITH_CAPABILITIES: "audience_capabilities"}[after.audience]
    return not {each.id for each in getattr(before, named)} <= {each.id for each in getattr(after, named)}
