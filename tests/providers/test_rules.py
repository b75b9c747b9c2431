"""Tables of providers' rules: states, roles, completeness, expiry. No database."""

from datetime import date, timedelta

import pytest

from app.accounts.models import BUYER, IN_HOUSE_TEAM, LEAD, OFFICER, STAFF, SUPPLIER, Membership, Organisation, Person
from app.kernel.errors import IllegalMove
from app.providers import policy
from app.providers.choices import size_of
from app.providers.completeness import Proposed, gaps
from app.providers.models import (
    COUNTERSIGNED,
    DISPUTED,
    DRAFT,
    LIVE,
    RETIRED,
    STATED,
    Evidence,
    Provider,
    SolutionProfile,
)
from app.providers.queries import oldest_valid

MOVES = {(DRAFT, "publish"): LIVE, (LIVE, "retire"): RETIRED, (RETIRED, "revive"): DRAFT}


def profile_in(state: str) -> SolutionProfile:
    profile = SolutionProfile(title="Research", provider=provider())
    SolutionProfile.state.__set__(profile, state)
    return profile


def provider(kind: str = SUPPLIER) -> Provider:
    organisation = Organisation(id="own", name="Saltmarsh", kind=kind, register="X", number="1")
    return Provider(organisation_id="own", organisation=organisation)


def person_with(role: str, organisation_id: str = "own") -> Person | None:
    if role == "nobody":
        return None
    person = Person(name="Ash", email="ash@example.com", is_operator=role == "operator")
    if role not in ("operator", "stranger"):
        person.memberships = [Membership(organisation_id=organisation_id, role=role)]
    return person


@pytest.mark.parametrize("state", SolutionProfile.states())
@pytest.mark.parametrize("verb", list(SolutionProfile.MOVES))
def test_every_verb_in_every_state(state: str, verb: str) -> None:
    profile = profile_in(state)
    if (state, verb) not in MOVES:
        with pytest.raises(IllegalMove):
            profile.move(verb)
        assert profile.state == state
        return
    profile.move(verb)
    assert profile.state == MOVES[state, verb]


OWN = {STAFF, LEAD}
ROLES = ["nobody", "stranger", "operator", BUYER, OFFICER, STAFF, LEAD]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", SolutionProfile.states())
def test_who_sees_and_changes_a_profile(role: str, state: str) -> None:
    person, profile = person_with(role), profile_in(state)
    assert policy.may_see_profile(person, profile) == (state == LIVE or role in OWN)
    assert policy.may_change_profile(person, profile) == (role in OWN)
    assert policy.may_publish_profile(person, profile) == (role in OWN)
    assert policy.may_see_profile(person_with(role, "other"), profile) == (state == LIVE)
    assert not policy.may_change_profile(person_with(role, "other"), profile)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("standing", [STATED, COUNTERSIGNED, DISPUTED])
@pytest.mark.parametrize("is_shown", [True, False])
def test_who_sees_and_changes_evidence(role: str, standing: str, is_shown: bool) -> None:
    person, evidence = person_with(role), Evidence(provider=provider(), standing=standing)
    expected = is_shown or standing != STATED or role in OWN
    assert policy.may_see_evidence(person, evidence, is_shown=is_shown) == expected
    assert policy.may_change_evidence(person, evidence) == (role in OWN and standing == STATED)
    assert policy.may_remove_evidence(person, evidence) == (role in OWN and standing == STATED)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", [SUPPLIER, IN_HOUSE_TEAM, "department"])
def test_who_begins_describes_and_drafts(role: str, kind: str) -> None:
    person, page = person_with(role), provider(kind)
    assert policy.may_begin_provider(person, page.organisation) == (role in OWN and kind != "department")
    assert policy.may_describe_provider(person, page) == (role in OWN)
    assert policy.may_draft_profile(person, page) == (role in OWN)
    assert policy.may_state_evidence(person, page) == (role in OWN)


@pytest.mark.parametrize(
    ("people", "size"),
    [
        (None, ""),
        (1, "micro"),
        (9, "micro"),
        (10, "small"),
        (49, "small"),
        (50, "medium"),
        (249, "medium"),
        (250, "large"),
    ],
)
def test_size_follows_from_people(people: int | None, size: str) -> None:
    assert size_of(people) == size


@pytest.mark.parametrize(
    ("finished_on", "expires_on"),
    [
        (date(2021, 11, 23), date(2026, 11, 23)),
        (date(2020, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2028, 2, 28)),
    ],
)
def test_evidence_expires_after_five_years(finished_on: date, expires_on: date) -> None:
    evidence = Evidence(finished_on=finished_on)
    assert evidence.expires_on == expires_on
    assert not evidence.is_expired(expires_on - timedelta(days=1))
    assert evidence.is_expired(expires_on)


def test_sql_and_row_agree_on_expiry_for_every_day() -> None:
    for offset in range(4 * 366):
        today = date(2024, 1, 1) + timedelta(days=offset)
        for near in (-2, -1, 0, 1, 2):
            finished_on = oldest_valid(today) + timedelta(days=near)
            assert Evidence(finished_on=finished_on).is_expired(today) == (finished_on <= oldest_valid(today))


def test_an_empty_profile_lacks_all_but_evidence() -> None:
    empty = SolutionProfile(title="Research", places=[])
    assert [gap.field for gap in gaps(empty)] == [
        *("problem", "approach", "users", "capabilities"),
        *("low_pence", "price_unit", "clearance", "remote", "places"),
    ]
    remote = [gap.field for gap in gaps(Proposed(empty, {"remote": True}))]
    assert "remote" not in remote
    assert "places" not in remote
