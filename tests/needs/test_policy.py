"""Who may do what: every role, every act, every state, over rows without a database."""

from collections.abc import Callable
from itertools import product

import pytest

from app.accounts.models import BUYER, OFFICER, STAFF, Membership, Person
from app.needs import policy
from app.needs.models import ANSWERS, DRAFTS, PUBLISHES, READS, Need, NeedOwner

OURS, THEIRS = "ministry", "agency"
STATES = Need.states()
# role in a department (or none), department, duty for the need (or none)
ROLES: dict[str, tuple[str, str, str]] = {
    "supplier": (STAFF, "acme", ""),
    "buyer elsewhere": (BUYER, THEIRS, ""),
    "officer elsewhere": (OFFICER, THEIRS, ""),
    "colleague": (BUYER, OURS, ""),
    "officer": (OFFICER, OURS, ""),
    "drafts": (BUYER, OURS, DRAFTS),
    "publishes": (BUYER, OURS, PUBLISHES),
    "answers": (BUYER, OURS, ANSWERS),
    "reads": (BUYER, OURS, READS),
    "left": ("", "", PUBLISHES),
    "moved away": (BUYER, THEIRS, PUBLISHES),
}
EVERYBODY = {"nobody", "operator", *ROLES}
EVERY_CASE = list(product(sorted(EVERYBODY), STATES))
OWNERS = {"drafts", "publishes", "answers", "reads"}
ACTS: dict[Callable[..., bool], set[str]] = {
    policy.may_edit_need: {"drafts", "publishes"},
    policy.may_publish_need: {"publishes"},
    policy.may_move_rung: {"publishes"},
    policy.may_approve: {"officer"},
    policy.may_amend_need: {"publishes"},
    policy.may_withdraw_need: {"publishes", "officer"},
    policy.may_choose_owners: {"publishes", "officer"},
    policy.may_answer_for_need: {"answers"},
    policy.may_see_owner_names: {"colleague", "officer"} | OWNERS,
}


def person_and_need(role: str, state: str) -> tuple[Person | None, Need]:
    need = Need(department_id=OURS)
    while need.state != state:
        need.move(next(verb for verb in WAYS[state] if need.can(verb)))
    if role == "nobody":
        return None, need
    person = Person(id="p", is_operator=role == "operator", memberships=[])
    job, place, duty = ROLES.get(role, ("", "", ""))
    if job:
        person.memberships.append(Membership(organisation_id=place, role=job))
    if duty:
        need.owners.append(NeedOwner(person_id="p", duty=duty))
    return person, need


WAYS = {
    "draft": (),
    "live": ("publish",),
    "closed": ("publish", "close"),
    "withdrawn": ("publish", "withdraw"),
    "concluded": ("publish", "close", "conclude"),
}


@pytest.mark.parametrize(("role", "state"), EVERY_CASE)
def test_acts_are_for_these_roles_alone(role: str, state: str) -> None:
    person, need = person_and_need(role, state)
    allowed = {act.__name__ for act in ACTS if act(person, need)}
    assert allowed == {act.__name__ for act, roles in ACTS.items() if role in roles}


@pytest.mark.parametrize(("role", "state"), EVERY_CASE)
def test_a_draft_is_seen_by_owners_and_officers_and_all_else_by_everybody(role: str, state: str) -> None:
    person, need = person_and_need(role, state)
    assert policy.may_see_need(person, need) == (state != "draft" or role in OWNERS | {"officer"})


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_posts_is_staff_of_a_department(role: str) -> None:
    person, _ = person_and_need(role, "draft")
    assert policy.may_post_need(person) == (role not in {"nobody", "operator", "supplier", "left"})


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_the_buyers_side_is_the_department_and_whoever_has_or_had_a_duty(role: str) -> None:
    person, need = person_and_need(role, "live")
    ours = {"colleague", "officer", "left", "moved away"} | OWNERS
    assert policy.acts_for_need(person, need) == (role in ours)
