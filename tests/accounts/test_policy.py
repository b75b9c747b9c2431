"""Every role against every verb: one table that a reader can check."""

from typing import Any

import pytest

from app.accounts import policy
from app.accounts.models import (
    BUYER,
    DEPARTMENT,
    IN_HOUSE_TEAM,
    LEAD,
    OFFICER,
    STAFF,
    SUPPLIER,
    Claim,
    Invitation,
    MailDomain,
    Membership,
    Organisation,
    Person,
)
from app.kernel import clock

DEPT = Organisation(id="dept", name="Coasts", kind=DEPARTMENT, parent_id=None)
OTHER_DEPT = Organisation(id="other", name="Homes", kind=DEPARTMENT, parent_id=None)
TEAM = Organisation(id="team", name="Studio", kind=IN_HOUSE_TEAM, parent_id="dept")
ACME = Organisation(id="acme", name="Acme", kind=SUPPLIER, parent_id=None)
ORPHAN = Organisation(id="orphan", name="Orphan", kind=SUPPLIER, parent_id=None)
NEW_TEAM = Organisation(id="new_team", name="Lab", kind=IN_HOUSE_TEAM, parent_id="dept")
RIVAL = Organisation(id="rival", name="Rival", kind=SUPPLIER, parent_id=None)


def somebody(name: str, *roles: tuple[Organisation, str], is_operator: bool = False) -> Person:
    person = Person(id=name, name=name, email=f"{name}@example.com", is_operator=is_operator)
    held = [
        Membership(id=f"{name} {o.id}", person_id=name, organisation_id=o.id, organisation=o, role=role)
        for o, role in roles
    ]
    person.__dict__["memberships"] = held
    return person


PEOPLE: dict[str, Person | None] = {
    "nobody": None,
    "newcomer": somebody("newcomer"),
    "buyer": somebody("buyer", (DEPT, BUYER)),
    "officer": somebody("officer", (DEPT, OFFICER)),
    "officer_elsewhere": somebody("officer_elsewhere", (OTHER_DEPT, OFFICER)),
    "team_staff": somebody("team_staff", (TEAM, STAFF)),
    "team_lead": somebody("team_lead", (TEAM, LEAD)),
    "staff": somebody("staff", (ACME, STAFF)),
    "lead": somebody("lead", (ACME, LEAD)),
    "rival_lead": somebody("rival_lead", (RIVAL, LEAD)),
    "operator": somebody("operator", is_operator=True),
}
for led, its_lead in ((ACME, "lead"), (TEAM, "team_lead"), (RIVAL, "rival_lead")):
    led.__dict__["leads"] = getattr(PEOPLE[its_lead], "memberships")  # noqa: B009
EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {"nobody"}
INVITATION = Invitation(organisation=ACME, email="newcomer@example.com")
CLAIM = Claim(person_id="newcomer", organisation=ACME)
STAFF_OF_ACME = Membership(id="m", person_id="staff", organisation_id="acme", organisation=ACME, role=STAFF)
BUYER_OF_DEPT = Membership(id="b", person_id="buyer", organisation_id="dept", organisation=DEPT, role=BUYER)

TABLE: list[tuple[str, Any, set[str]]] = [
    ("may_see_organisation", ACME, EVERYBODY),
    ("may_see_people", ACME, {"staff", "lead", "operator"}),
    ("may_see_people", TEAM, {"team_staff", "team_lead", "officer", "operator"}),
    ("may_see_people", DEPT, {"buyer", "officer", "operator"}),
    ("may_manage_people", ACME, {"lead"}),
    ("may_manage_people", TEAM, {"team_lead"}),
    ("may_manage_people", ORPHAN, {"operator"}),
    ("may_manage_people", NEW_TEAM, {"officer", "operator"}),
    ("may_manage_people", DEPT, {"officer", "operator"}),
    ("may_invite", ACME, {"lead"}),
    ("may_invite", TEAM, {"team_lead"}),
    ("may_invite", ORPHAN, {"operator"}),
    ("may_invite", NEW_TEAM, {"officer", "operator"}),
    ("may_invite", DEPT, {"officer", "operator"}),
    ("may_cancel_invitation", INVITATION, {"lead"}),
    ("may_accept_invitation", INVITATION, {"newcomer"}),
    (
        "may_accept_invitation",
        Invitation(organisation=DEPT, email="officer@example.com", invited_by_id="officer"),
        set(),
    ),
    ("may_accept_invitation", Invitation(organisation=ORPHAN, email="operator@example.com"), set()),
    ("may_accept_invitation", Invitation(organisation=DEPT, email="operator@example.com"), {"operator"}),
    ("may_claim_organisation", ACME, SIGNED_IN - {"staff", "lead", "operator"}),
    ("may_claim_organisation", TEAM, set()),
    ("may_claim_organisation", DEPT, set()),
    ("may_answer_claim", CLAIM, {"lead"}),
    ("may_answer_claim", Claim(person_id="newcomer", organisation=ORPHAN), {"operator"}),
    ("may_withdraw_claim", CLAIM, {"newcomer"}),
    ("may_end_membership", STAFF_OF_ACME, {"staff", "lead"}),
    ("may_end_membership", BUYER_OF_DEPT, {"buyer", "officer", "operator"}),
    ("may_change_role", STAFF_OF_ACME, {"lead"}),
    ("may_change_role", BUYER_OF_DEPT, {"officer", "operator"}),
    ("may_create_team", DEPT, {"officer", "operator"}),
    ("may_create_team", ACME, set()),
    ("may_add_mail_domain", DEPT, {"operator"}),
    ("may_add_mail_domain", ACME, set()),
    ("may_remove_mail_domain", MailDomain(domain="x.example"), {"operator"}),
    ("is_member", ACME, {"staff", "lead"}),
    ("is_buyer_of", DEPT, {"buyer", "officer"}),
    ("is_officer_of", DEPT, {"officer"}),
    ("is_staff_of", ACME, {"staff", "lead"}),
    ("is_lead_of", ACME, {"lead"}),
]


@pytest.mark.parametrize(("verb", "thing", "allowed"), TABLE)
def test_policy_lets_exactly_these_people(verb: str, thing: Any, allowed: set[str]) -> None:
    assert {name for name, person in PEOPLE.items() if getattr(policy, verb)(person, thing)} == allowed


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        ("may_register_supplier", SIGNED_IN - {"operator"}),
        ("is_operator", {"operator"}),
        ("is_buyer", {"buyer", "officer", "officer_elsewhere"}),
        ("is_officer", {"officer", "officer_elsewhere"}),
        ("is_provider_staff", {"team_staff", "team_lead", "staff", "lead", "rival_lead"}),
    ],
)
def test_policy_of_no_thing_lets_exactly_these_people(verb: str, allowed: set[str]) -> None:
    assert {name for name, person in PEOPLE.items() if getattr(policy, verb)(person)} == allowed


@pytest.mark.parametrize("verb", ["may_invite", "may_claim_organisation", "may_create_team", "may_add_mail_domain"])
@pytest.mark.parametrize("kind", [DEPARTMENT, SUPPLIER, IN_HOUSE_TEAM])
def test_policy_lets_nobody_grow_a_closed_organisation(verb: str, kind: str) -> None:
    ids = {DEPARTMENT: "dept", SUPPLIER: "acme", IN_HOUSE_TEAM: "team"}
    closed = Organisation(id=ids[kind], name="Closed", kind=kind, parent_id="dept", closed_at=clock.now())
    assert [name for name, person in PEOPLE.items() if getattr(policy, verb)(person, closed)] == []


def test_policy_covers_every_predicate() -> None:
    tested = {verb for verb, _, _ in TABLE} | {"may_register_supplier", "is_operator", "is_buyer", "is_officer"}
    tested |= {"is_provider_staff", "is_last_lead"}
    public = {n for n in vars(policy) if n.startswith(("may_", "is_"))}
    assert public == tested


def member_of(organisation: Organisation, person_id: str, role: str) -> Membership:
    return Membership(organisation=organisation, organisation_id=organisation.id, person_id=person_id, role=role)


@pytest.mark.parametrize(
    ("organisation", "roles", "is_last"),
    [
        (ACME, [LEAD], False),
        (ACME, [LEAD, STAFF], True),
        (ACME, [LEAD, STAFF, LEAD], False),
        (ACME, [STAFF, LEAD], False),
        (TEAM, [LEAD, STAFF], False),
        (DEPT, [OFFICER, BUYER], False),
    ],
)
def test_last_lead_is_one_who_leaves_staff_behind(organisation: Organisation, roles: list[str], is_last: bool) -> None:
    members = [member_of(organisation, f"p{n}", role) for n, role in enumerate(roles)]
    assert policy.is_last_lead(members[0], members) is is_last
