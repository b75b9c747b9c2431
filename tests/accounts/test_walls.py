"""Who is kept out of an organisation: overseers where a lead is, second accounts, and leavers who come back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts import commands
from app.accounts.models import BUYER, LEAD, OFFICER, STAFF, Invitation, Person
from app.accounts.queries import find_account_at, find_department_of, invitations_for
from app.kernel import clock, mail
from app.kernel.db import Database, reading, session, transaction
from app.kernel.errors import Conflict, NotAllowed
from tests import make
from tests.accounts.letters import letters_to
from tests.accounts.test_memberships import PASSWORD, roles_of, state_of
from tests.browser import Browser

Open = Callable[..., Browser]


def no_link(_secret: str) -> str:
    return ""


def test_operator_lets_nobody_into_a_supplier_that_has_a_lead(browser: Open) -> None:
    with transaction():
        acme, operator = make.supplier("Acme"), make.operator()
        lead, ada = make.lead(acme, "Lea"), make.staff(acme, "Ada")
        claim = make.claim(make.person("Eve"), acme)
    here = browser(operator)
    page = here.get(f"/organisations/{acme.id}")
    assert ("Invite somebody" in page.text, "Requests to join" in page.text) == (False, False)
    here.get(f"/organisations/{acme.id}/invite", status=403)
    for member in (lead, ada):
        here.post(f"/memberships/{member.memberships[0].id}/role", status=403, role=LEAD)
        here.post(f"/memberships/{member.memberships[0].id}/end", status=403)
    here.post(f"/claims/{claim.id}/accept", status=404)
    assert "Its lead answers" in here.get("/operator/claims").text


def test_operator_invites_into_a_supplier_until_it_has_a_lead(browser: Open) -> None:
    with transaction():
        acme, operator, ada = make.supplier("Acme"), make.operator(), make.person("Ada", "ada@acme.example")
    here = browser(operator)
    here.get(f"/organisations/{acme.id}/invite").submit("Send the invitation", email="ada@acme.example", role=LEAD)
    browser(ada).get("/account").submit("Accept the invitation to Acme")
    assert roles_of(ada.id) == [("Acme", LEAD)]
    here.get(f"/organisations/{acme.id}/invite", status=403)


def test_officer_lets_nobody_into_a_team_that_has_a_lead(browser: Open) -> None:
    with transaction():
        coasts = make.department("Coasts", "coasts.example")
        officer, team = make.officer(coasts), make.team(coasts)
    here = browser(officer)
    assert here.get(f"/organisations/{team.id}/invite").status == 200
    with transaction():
        make.lead(team)
    here.get(f"/organisations/{team.id}/invite", status=403)


def test_nobody_accepts_an_invitation_that_they_wrote(browser: Open) -> None:
    with transaction():
        coasts = make.department("Coasts", "coasts.example")
        officer = make.officer(coasts, "Off", "off@coasts.example")
        team = make.team(coasts)
        invitation = make.invitation(team, officer.email, LEAD, officer, "secret")
        assert invitations_for(officer, clock.now()) == []
        with pytest.raises(NotAllowed, match="wrote yourself"):
            commands.accept_invitation(invitation, by=officer)
    here = browser(officer)
    page = here.get("/invitations/secret")
    assert "You wrote this invitation yourself" in page.text
    here.post("/invitations/secret")
    here.post(f"/invitations/{invitation.id}/accept", status=403)
    form = here.get(f"/organisations/{team.id}/invite")
    assert form.submit("Send the invitation", email=officer.email, role=LEAD).errors == ["You cannot invite yourself."]
    assert roles_of(officer.id) == [("Coasts", OFFICER)]


def test_operator_joins_no_provider(browser: Open) -> None:
    with transaction():
        acme, operator = make.supplier("Acme"), make.operator()
        make.invitation(acme, operator.email, LEAD, make.operator("Other"), "secret")
        with pytest.raises(Conflict, match="runs Clarion"):
            commands.admit_person(operator, acme, LEAD, by=None)
        lead = make.lead(acme, "Lea", "lea@acme.example")
        with pytest.raises(Conflict, match="Lea is in Acme"):
            commands.make_operator(lead.email, name="Lea")
    here = browser(operator)
    assert "An operator cannot join" in here.get("/invitations/secret").text
    here.post("/invitations/secret")
    assert roles_of(operator.id) == []


@pytest.mark.parametrize(("first", "second"), [("off", "off+x"), ("off+x", "off"), ("off+x", "off+y")])
def test_mailbox_of_a_department_has_one_account(store: Database, first: str, second: str) -> None:
    with transaction():
        make.department("Coasts", "coasts.example")
        there = commands.register_person(f"{first}@coasts.example", name="Off", password=PASSWORD)
        assert find_account_at(f"{second}@coasts.example") is there
        with pytest.raises(Conflict, match="There is an account"):
            commands.register_person(f"{second}@coasts.example", name="Off", password=PASSWORD)
        commands.ask_to_register(f"{second}@coasts.example", link="", sign_in_link="", reset_link="")
    (letter,) = letters_to(f"{second}@coasts.example")
    assert letter.subject == "You have a Clarion account already"


@pytest.mark.parametrize("other", ["o+x@acme.example", "of@coasts.example", "o_f+x@coasts.example", "+@coasts.example"])
def test_other_mailboxes_have_accounts_of_their_own(store: Database, other: str) -> None:
    with transaction():
        make.department("Coasts", "coasts.example")
        for email in ("o@acme.example", "off@coasts.example", "off+z@other.example"):
            make.person("", email)
        made = commands.register_person(other, name="New", password=PASSWORD)
        assert [m.role for m in made.memberships] == ([BUYER] if find_department_of(other) else [])


def test_tagged_address_of_a_department_is_not_invited(browser: Open) -> None:
    with transaction():
        coasts, acme = make.department("Coasts", "coasts.example"), make.supplier("Acme")
        officer, lead = make.officer(coasts), make.lead(acme)
    for who, where, role in ((officer, coasts, OFFICER), (lead, acme, STAFF)):
        form = browser(who).get(f"/organisations/{where.id}/invite")
        page = form.submit("Send the invitation", email="off+x@coasts.example", role=role)
        assert page.errors == ["Leave out the part from “+” to “@”: at coasts.example a mailbox has one account."]
    browser(lead).get(f"/organisations/{acme.id}/invite").submit(
        "Send the invitation", email="a+b@x.example", role=STAFF
    )
    assert len(letters_to("a+b@x.example")) == 1


@pytest.mark.parametrize("way", ["end", "erase"])
def test_leaver_finds_no_invitation_to_come_back_by(store: Database, way: str) -> None:
    with transaction():
        acme, rival = make.supplier("Acme"), make.supplier("Rival")
        lead, ada = make.lead(acme), make.lead(acme, "Ada", "ada@acme.example")
        old = make.invitation(acme, ada.email, LEAD, lead)
        written = make.invitation(acme, "eve@acme.example", LEAD, ada)
        kept = make.invitation(acme, "bea@acme.example", STAFF, lead)
        elsewhere = make.invitation(rival, "eve@acme.example", STAFF, ada)
        if way == "end":
            commands.end_membership(ada.memberships[0], by=lead)
        else:
            commands.erase_person(ada, by=None)
    states = [state_of(each) for each in (old, written, kept, elsewhere)]
    assert states == ["cancelled", "cancelled", "waiting", "waiting"]


def test_who_joins_leaves_no_other_invitation_waiting(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, ada = make.lead(acme), make.person("Ada", "ada@acme.example")
        first, second = (make.invitation(acme, ada.email, role, lead) for role in (STAFF, LEAD))
        kept = make.invitation(make.supplier(), ada.email, STAFF, lead)
    browser(ada).post(f"/invitations/{first.id}/accept")
    assert [state_of(each) for each in (first, second, kept)] == ["accepted", "cancelled", "waiting"]
    with reading():
        cancelled = session().scalars(select(Invitation).where(Invitation.state == "cancelled")).all()
        assert [each.role for each in cancelled] == [LEAD]


def test_other_mails_keep_no_reset_link_away(browser: Open) -> None:
    with transaction():
        ada: Person = make.person("Ada", "ada@acme.example")
        for _ in range(9):
            mail.post(to=ada.email, subject="Something happened", body="")
    for _ in range(8):
        browser().get("/register").submit("Send the link", email=ada.email)
    browser().get("/forgotten-password").submit("Send the link", email=ada.email)
    subjects = [each.subject for each in letters_to(ada.email)]
    assert subjects.count("You have a Clarion account already") == 6
    assert subjects.count("Choose a new Clarion password") == 1
