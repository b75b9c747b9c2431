"""Invitations, roles, leaving, teams, and being erased."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.commands import admit_person, erase_person, invite_person
from app.accounts.models import BUYER, IN_HOUSE_TEAM, LEAD, OFFICER, STAFF, Claim, Invitation, Membership, Person
from app.accounts.queries import awaiting, find_organisation, teams_of
from app.kernel import audit, clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict
from tests import make
from tests.accounts.letters import letters_to, link_to
from tests.browser import Browser

Open = Callable[..., Browser]
PASSWORD = "nine green bottles"


def roles_of(person_id: str) -> list[tuple[str, str]]:
    with reading():
        person = session().get_one(Person, person_id)
        return sorted((m.organisation.name, m.role) for m in person.memberships)


def state_of(invitation: Invitation) -> str:
    with reading():
        return session().get_one(Invitation, invitation.id).state


def test_invitation_is_accepted_by_who_has_the_address(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, ada = make.lead(acme), make.person("Ada", "ada@acme.example")
    page = browser(lead).get(f"/organisations/{acme.id}").follow("Invite somebody")
    page = page.submit("Send the invitation", email="ADA@acme.example", role=STAFF)
    assert "ada@acme.example" in page.text
    browser(ada).get(link_to("ada@acme.example")).submit("Accept the invitation")
    assert roles_of(ada.id) == [("Acme", STAFF)]


def test_invitation_registers_who_has_no_account(browser: Open) -> None:
    with transaction():
        coasts = make.department("Coasts", "coasts.example")
        officer = make.officer(coasts)
    form = browser(officer).get(f"/organisations/{coasts.id}/invite")
    form.submit("Send the invitation", email="new@coasts.example", role=OFFICER)
    here = browser()
    here.get(link_to("new@coasts.example")).submit("Register and join", name="New", password=PASSWORD)
    with reading():
        new = session().scalars(select(Person).where(Person.email == "new@coasts.example")).one()
    assert roles_of(new.id) == [("Coasts", OFFICER)]
    assert here.get(link_to("new@coasts.example")).status == 410


def test_invitation_leads_who_has_an_account_through_sign_in(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        make.person("Ada", "ada@acme.example")
        make.invitation(acme, "ada@acme.example", LEAD, make.lead(acme), "secret")
    page = browser().get("/invitations/secret").follow("Sign in to accept")
    page = page.submit("Sign in", email="ada@acme.example", password=make.PASSWORD)
    assert page.h1 == "Join Acme"
    assert page.submit("Accept the invitation").h1 == "Acme"


def test_invitation_is_not_for_others_who_have_the_link(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        make.person("Ada", "ada@acme.example")
        eve = make.person("Eve")
        invitation = make.invitation(acme, "ada@acme.example", LEAD, make.lead(acme), "secret")
    here = browser(eve)
    page = here.get("/invitations/secret")
    assert "another email address" in page.text
    assert page.buttons().count("Accept the invitation") == 0
    here.post("/invitations/secret")
    here.post(f"/invitations/{invitation.id}/accept", status=404)
    assert roles_of(eve.id) == []
    assert state_of(invitation) == "waiting"


def test_invitation_dies_after_two_weeks(browser: Open) -> None:
    start = clock.now()
    with clock.at(start), transaction():
        acme = make.supplier("Acme")
        ada = make.person("Ada", "ada@acme.example")
        invitation = make.invitation(acme, "ada@acme.example", LEAD, make.lead(acme), "secret")
    with clock.at(start + timedelta(days=14, seconds=-1)):
        assert browser(ada).get("/invitations/secret").status == 200
    with clock.at(start + timedelta(days=14)):
        assert browser(ada).get("/invitations/secret").status == 410
        browser(ada).post(f"/invitations/{invitation.id}/accept", status=409)
    assert roles_of(ada.id) == []


def test_invitation_that_is_cancelled_dies(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        ada, lead = make.person("Ada", "ada@acme.example"), make.lead(acme)
        invitation = make.invitation(acme, "ada@acme.example", LEAD, lead, "secret")
    browser(lead).get(f"/organisations/{acme.id}").submit("Cancel the invitation to ada@acme.example")
    assert state_of(invitation) == "cancelled"
    assert browser(ada).get("/invitations/secret").status == 410
    browser(lead).post(f"/invitations/{invitation.id}/cancel", status=409)


def test_invitation_table_keeps_a_hash_of_the_secret_alone(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        invitation = invite_person(acme, "ada@acme.example", STAFF, link=lambda s: f"http://x/{s}", by=make.lead(acme))
    secret = letters_to("ada@acme.example")[0].body.partition("http://x/")[2].split()[0]
    assert len(secret) >= 40
    assert secret not in str(vars(invitation))


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("ada@acme.example", "The address must be under a mail domain of the department: coasts.example."),
        ("ada@mail.coasts.example", "The address must be under a mail domain of the department: coasts.example."),
        ("bea@coasts.example", "Bea is in Coasts already. You can change the role on its page."),
        ("waiting@coasts.example", "This address has an invitation already that waits for an answer."),
        ("", "Enter the email address of the person"),
        ("no address", "Enter an email address in the correct format, like name@example.com"),
    ],
)
def test_invitation_form_says_what_is_wrong(browser: Open, email: str, error: str) -> None:
    with transaction():
        coasts = make.department("Coasts", "coasts.example")
        officer = make.officer(coasts)
        make.buyer(coasts, "Bea", "bea@coasts.example")
        make.invitation(coasts, "waiting@coasts.example", BUYER, officer)
    form = browser(officer).get(f"/organisations/{coasts.id}/invite")
    page = form.submit("Send the invitation", email=email, role=BUYER)
    assert (page.status, page.errors) == (422, [error])


@pytest.mark.parametrize("role", [LEAD, STAFF, "operator", "", "x" * 10_000])
def test_invitation_has_a_role_that_fits_the_organisation(browser: Open, role: str) -> None:
    with transaction():
        coasts = make.department("Coasts", "coasts.example")
        officer = make.officer(coasts)
    here = browser(officer)
    here.post(f"/organisations/{coasts.id}/invite", status=422, email="x@coasts.example", role=role)
    assert letters_to("x@coasts.example") == []


def test_invitation_page_is_for_managers(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        staff, rival = make.staff(acme), make.lead(make.supplier())
    for who in (staff, rival):
        browser(who).get(f"/organisations/{acme.id}/invite", status=403)
    assert browser().get(f"/organisations/{acme.id}/invite").h1 == "Sign in"


def test_team_is_made_by_an_officer_and_holds_people_of_the_department(browser: Open) -> None:
    with transaction():
        coasts = make.department("Coasts", "coasts.example")
        officer, buyer = make.officer(coasts), make.buyer(coasts, "Bea", "bea@coasts.example")
    browser(buyer).get(f"/organisations/{coasts.id}/teams/new", status=403)
    form = browser(officer).get(f"/organisations/{coasts.id}/teams/new")
    page = form.submit("Create the team", name="Waterways Studio")
    assert page.h1 == "Waterways Studio"
    with reading():
        (team,) = teams_of(coasts)
        assert (team.kind, team.parent_id) == (IN_HOUSE_TEAM, coasts.id)
        assert find_organisation("own", team.number)
    outside = page.follow("Invite somebody").submit("Send the invitation", email="a@acme.example", role=LEAD)
    assert outside.errors == ["The address must be under a mail domain of the department: coasts.example."]
    outside.submit("Send the invitation", email="bea@coasts.example", role=LEAD)
    browser(buyer).get("/account").submit("Accept the invitation to Waterways Studio")
    assert roles_of(buyer.id) == [("Coasts", BUYER), ("Waterways Studio", LEAD)]
    again = form.submit("Create the team", name="waterways studio")
    assert again.status == 409


def test_leaver_loses_access_at_once_while_signed_in(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, ada = make.lead(acme, "Lea"), make.staff(acme, "Ada", "ada@acme.example")
    here = browser(ada)
    assert "Lea" in here.get(f"/organisations/{acme.id}").text
    browser(lead).get(f"/organisations/{acme.id}").submit("Yes, end the membership of Ada")
    after = here.get(f"/organisations/{acme.id}")
    assert (after.status, "Lea" in after.text) == (200, False)
    assert "You are in no organisation" in here.get("/account").text
    assert [each.subject for each in letters_to("ada@acme.example")] == ["You are no longer in Acme on Clarion"]
    with reading():
        row = session().scalars(select(Membership).where(Membership.person_id == ada.id)).one()
        assert (row.person_id, row.left_at is not None) == (ada.id, True)


def test_leaver_may_leave_by_themselves(browser: Open) -> None:
    with transaction():
        coasts = make.department("Coasts")
        ada = make.buyer(coasts)
    page = browser(ada).get("/account").submit("Yes, leave Coasts")
    assert "You have left Coasts." in page.text
    assert roles_of(ada.id) == []


def test_last_lead_hands_over_before_leaving(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, ada = make.lead(acme, "Lea"), make.staff(acme, "Ada")
    here = browser(lead)
    refused = here.get("/account").submit("Yes, leave Acme")
    assert refused.status == 409
    assert "Make somebody else a lead first" in refused.text
    here.get(f"/organisations/{acme.id}").submit("Make supplier lead of Ada")
    assert roles_of(ada.id) == [("Acme", LEAD)]
    assert here.get("/account").submit("Yes, leave Acme").status == 200
    assert roles_of(lead.id) == []


def test_last_lead_alone_may_leave(browser: Open) -> None:
    with transaction():
        lead = make.lead(make.supplier("Acme"))
    assert browser(lead).get("/account").submit("Yes, leave Acme").status == 200


def test_last_lead_cannot_become_staff(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead = make.lead(acme, "Lea")
        make.staff(acme)
    assert browser(lead).get(f"/organisations/{acme.id}").submit("Make supplier staff of Lea").status == 409
    assert roles_of(lead.id) == [("Acme", LEAD)]


def test_membership_is_nobody_elses_business(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        make.lead(acme)
        ada, bea = make.staff(acme), make.staff(acme)
        rival, officer = make.lead(make.supplier()), make.officer(make.department())
    (membership,) = bea.memberships
    for who, status in ((ada, 403), (rival, 404), (officer, 404)):
        browser(who).post(f"/memberships/{membership.id}/end", status=status)
        browser(who).post(f"/memberships/{membership.id}/role", status=status, role=LEAD)
    assert roles_of(bea.id) == [("Acme", STAFF)]


@pytest.mark.parametrize("role", [OFFICER, "", "operator", "\0"])
def test_role_must_fit_the_organisation(browser: Open, role: str) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, ada = make.lead(acme), make.staff(acme)
    browser(lead).post(f"/memberships/{ada.memberships[0].id}/role", status=409, role=role)
    assert roles_of(ada.id) == [("Acme", STAFF)]


def test_person_in_several_organisations_has_one_role_in_each(store: object) -> None:
    with transaction():
        acme, rival = make.supplier("Acme"), make.supplier("Rival")
        ada = make.staff(acme)
        admit_person(ada, rival, LEAD, by=None)
        with pytest.raises(Conflict, match="is in Acme already, as supplier staff"):
            admit_person(ada, acme, LEAD, by=None)
    assert roles_of(ada.id) == [("Acme", STAFF), ("Rival", LEAD)]


def test_awaiting_tells_invitations_and_claims_to_who_answers_them(store: object) -> None:
    with transaction():
        acme, orphan = make.supplier("Acme"), make.supplier("Orphan")
        lead, staff, operator = make.lead(acme), make.staff(acme), make.operator()
        ada = make.person("Ada")
        make.claim(ada, acme)
        make.claim(ada, orphan)
        make.invitation(acme, ada.email, STAFF, lead)
        told = {p.name: [a.text for a in awaiting(p, clock.now())] for p in (lead, staff, operator, ada)}
    assert list(told.values()) == [
        ["Answer Ada’s request to join Acme"],
        [],
        ["Answer Ada’s request to join Orphan"],
        ["Answer the invitation to Acme"],
    ]


def test_erased_person_leaves_no_name_and_an_audit_that_holds(browser: Open) -> None:
    with transaction():
        acme, other = make.supplier("Acme"), make.supplier("Other")
        operator, lead = make.operator(), make.lead(acme)
        ada = make.person("Ada Lovelace", "ada@acme.example")
        admit_person(ada, acme, STAFF, by=lead)
        make.claim(ada, other, "I am Ada Lovelace.")
        make.invitation(other, "ada@acme.example", STAFF, make.lead(other))
    here = browser(ada)
    here.get("/forgotten-password").submit("Send the link", email="ada@acme.example")
    reset = link_to("ada@acme.example")
    with transaction():
        erase_person(session().get_one(Person, ada.id), by=session().get_one(Person, operator.id))
    assert here.get("/account").h1 == "Sign in"
    assert browser().get(reset).status == 410
    assert letters_to("ada@acme.example") == []
    with reading():
        tables = (Person, Claim, Invitation)
        everything = [str(vars(row)) for table in tables for row in session().scalars(select(table))]
        kept = session().get_one(Person, ada.id)
        assert (kept.name, kept.password_hash, kept.memberships) == ("Erased person", "", [])
        assert [claim.state for claim in session().scalars(select(Claim))] == ["refused"]
        assert list(audit.verify()) == []
    assert [row for row in everything if "ada@acme" in row or "Lovelace" in row] == []
    page = browser().get("/sign-in").submit("Sign in", email="ada@acme.example", password=make.PASSWORD)
    assert page.status == 422


def test_only_operator_cannot_be_erased(store: object) -> None:
    with pytest.raises(Conflict, match="the only operator"), transaction():
        erase_person(make.operator(), by=None)
