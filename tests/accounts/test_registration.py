"""Registering: the address is proved first; a department's mail domain makes a buyer, any other a supplier."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from app.accounts.addresses import normal_address
from app.accounts.commands import claim_organisation, end_membership, register_person, register_supplier
from app.accounts.models import BUYER, COMPANIES_HOUSE, LEAD, OWN, STAFF, Claim, Organisation, Person
from app.accounts.queries import count_members, find_organisation, find_person_by_email, find_signed_in_person
from app.kernel import clock, db
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict
from tests import make
from tests.accounts.letters import letters_to, link_to
from tests.browser import Browser, Page

Open = Callable[..., Browser]
PASSWORD = "nine green bottles"


def proved(browser: Browser, email: str) -> Page:
    """The page behind the mailed link."""
    browser.get("/register").submit("Send the link", email=email)
    return browser.get(link_to(email.lower()))


def registered(browser: Browser, email: str, name: str = "Ada King") -> Page:
    return proved(browser, email).submit("Register", name=name, password=PASSWORD)


def saved(email: str) -> Person | None:
    with reading():
        return find_person_by_email(email)


def roles_of(email: str) -> list[tuple[str, str]]:
    person = saved(email)
    return sorted((m.organisation.name, m.role) for m in person.memberships) if person else []


def test_register_under_a_departments_domain_makes_a_buyer(browser: Open) -> None:
    with transaction():
        make.department("Coasts", "coasts.example")
    here = browser()
    page = proved(here, "Ada@Coasts.Example")
    assert "You join Coasts as a buyer." in page.text
    page.submit("Register", name="Ada King", password=PASSWORD)
    assert roles_of("ada@coasts.example") == [("Coasts", BUYER)]
    assert here.get("/account").h1 == "Your account"


@pytest.mark.parametrize(
    "email",
    [
        "ada@mail.coasts.example",
        "ada@notcoasts.example",
        "ada@coasts.example.evil.example",
        "ada@coasts-example.example",
        "ada@xn--coasts-example.example",
        "ada@cоasts.example",  # a Cyrillic o
        "coasts.example@evil.example",
    ],
)
def test_register_under_a_domain_that_only_looks_alike_joins_nothing(browser: Open, email: str) -> None:
    with transaction():
        make.department("Coasts", "coasts.example")
    here = browser()
    here.get("/register").submit("Send the link", email=email)
    normal = normal_address(email) or ""
    page = here.get(link_to(normal)).submit("Register", name="Ada", password=PASSWORD)
    assert page.h1 == "Find your organisation"
    assert roles_of(normal) == []


def test_register_under_the_domain_of_a_closed_department_joins_nothing(browser: Open) -> None:
    with transaction():
        closed = make.department("Coasts", "coasts.example")
        closed.closed_at = clock.now()
    assert registered(browser(), "ada@coasts.example").h1 == "Find your organisation"
    assert roles_of("ada@coasts.example") == []


def test_register_answers_the_same_to_known_and_unknown_addresses(browser: Open) -> None:
    with transaction():
        make.person("Ada", "ada@coasts.example")
    page = browser().get("/register")
    known = page.submit("Send the link", email="ada@coasts.example")
    unknown = page.submit("Send the link", email="new@coasts.example")
    assert known.text == unknown.text
    assert [each.subject for each in letters_to("ada@coasts.example")] == ["You have a Clarion account already"]
    assert [each.subject for each in letters_to("new@coasts.example")] == ["Finish registering with Clarion"]


def test_register_link_works_once(browser: Open) -> None:
    here = browser()
    registered(here, "ada@acme.example")
    page = browser().get(link_to("ada@acme.example"))
    assert (page.status, page.h1) == (410, "This link does not work")
    assert "used already" in page.text


def test_register_link_dies_after_a_day(browser: Open) -> None:
    here, start = browser(), clock.now()
    with clock.at(start):
        here.get("/register").submit("Send the link", email="ada@acme.example")
    with clock.at(start + timedelta(hours=23, minutes=59)):
        assert here.get(link_to("ada@acme.example")).status == 200
    with clock.at(start + timedelta(hours=24)):
        assert here.get(link_to("ada@acme.example")).status == 410


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: "A" + t[1:], lambda t: t + "x", lambda t: "sent2"])
def test_register_refuses_a_forged_link(browser: Open, change: Callable[[str], str]) -> None:
    here = browser()
    here.get("/register").submit("Send the link", email="ada@acme.example")
    token = link_to("ada@acme.example").rpartition("/")[2]
    assert here.get(f"/register/{change(token)}").status == 410


@pytest.mark.parametrize(
    ("name", "password", "errors"),
    [
        ("", PASSWORD, ["Enter your full name"]),
        ("Ada", "", ["Enter a password"]),
        ("Ada", "short", ["Your password must be 12 characters or more"]),
        (
            "Ada",
            "password1234",
            ["Choose a password that is harder to guess: this one is among the first that others try"],
        ),
        ("Ada King of Kings", "adakingofkings", ["Your password must not be your name or your email address"]),
        ("Ada", "ada@acme.example", ["Your password must not be your name or your email address"]),
        ("x" * 121, PASSWORD, ["Full name must be 120 characters or fewer"]),
    ],
)
def test_register_says_what_is_wrong_and_keeps_what_was_typed(
    browser: Open, name: str, password: str, errors: list[str]
) -> None:
    page = proved(browser(), "ada@acme.example").submit("Register", name=name, password=password)
    assert (page.status, page.errors) == (422, errors)
    assert f'value="{name}"' in page.body or not name
    assert password not in page.body or password in ("", "ada@acme.example")
    assert saved("ada@acme.example") is None


def test_register_audit_names_nobody(browser: Open) -> None:
    with transaction():
        make.department("Coasts", "coasts.example")
    registered(browser(), "ada@coasts.example")
    with reading():
        entries = session().scalars(select(AuditEntry)).all()
        told = " ".join(f"{entry.verb} {entry.subject} {entry.facts}" for entry in entries)
    assert sorted(entry.verb for entry in entries) == ["join", "register"]
    assert "ada" not in told.lower()


def test_supplier_registers_itself_and_its_founder_leads(browser: Open) -> None:
    here = browser()
    registered(here, "ada@acme.example")
    nothing = here.get("/suppliers/find?q=Acme+Tools")
    assert "No organisation matches" in nothing.text
    form = nothing.follow("It is not here: add my organisation")
    form.submit("Add the organisation", register=COMPANIES_HOUSE, number="1234567", website="https://acme.example")
    with reading():
        acme = find_organisation(COMPANIES_HOUSE, "01234567")
    assert acme
    assert (acme.name, acme.website) == ("Acme Tools", "https://acme.example")
    assert roles_of("ada@acme.example") == [("Acme Tools", LEAD)]


def test_supplier_without_a_register_gets_a_number(browser: Open) -> None:
    here = browser()
    registered(here, "ada@acme.example")
    here.get("/suppliers/new?name=Ada+King").submit("Add the organisation", register=OWN, number="ignored")
    with reading():
        made = session().scalars(select(Organisation)).one()
    assert (made.register, len(made.number)) == (OWN, 12)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "Enter the name of the organisation"),
        ({"register": ""}, "Select where it is registered"),
        ({"register": "GB-GOVUK"}, None),
        ({"number": ""}, "Enter the number in that register"),
        ({"number": "12"}, "Check the number: a company’s has 8 characters, a charity’s 6 or 7 numbers"),
        ({"number": "x" * 21}, "Number in that register must be 20 characters or fewer"),
        (
            {"website": "javascript:alert(1)"},
            "Enter a website that starts with https:// or http://, like https://www.example.com",
        ),
        ({"number": "00000042"}, "Known Ltd is in the register under this number. Ask to join it"),
        ({"name": "known  LTD"}, "Known Ltd is in the register already. Ask to join it, or add what tells yours apart"),
    ],
)
def test_supplier_form_says_what_is_wrong(browser: Open, fields: dict[str, str], error: str | None) -> None:
    with transaction():
        make.supplier("Known Ltd", "00000042")
        person = make.person()
    good = {"name": "Acme", "register": COMPANIES_HOUSE, "number": "01234567", "website": ""}
    page = browser(person).get("/suppliers/new?name=Acme").submit("Add the organisation", **{**good, **fields})
    assert page.status == 422
    assert error is None or page.errors == [error]
    with reading():
        assert [each.name for each in session().scalars(select(Organisation))] == ["Known Ltd"]


def test_supplier_form_comes_after_a_search(browser: Open) -> None:
    with transaction():
        person = make.person()
    assert browser(person).get("/suppliers/new").h1 == "Find your organisation"


def at_once(work: Callable[[Person], object], people: list[Person]) -> list[str]:
    """Let each of these people do the same at the same moment; the refusals, one sentence each."""
    barrier, refusals = Barrier(len(people)), []

    def run(person: Person) -> None:
        barrier.wait()
        try:
            db.in_transaction(lambda: work(session().get_one(Person, person.id)))
        except Conflict as error:
            refusals.append(error.message)

    threads = [Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_two_people_who_register_one_supplier_at_once_get_one_of_it(store: db.Database) -> None:
    with transaction():
        people = [make.person(), make.person()]

    def register(person: Person) -> None:
        register_supplier(name=f"Acme {person.name}", register=COMPANIES_HOUSE, number="01234567", by=person)

    (refusal,) = at_once(register, people)
    assert "in the register already" in refusal
    with reading():
        assert len(session().scalars(select(Organisation)).all()) == 1


def test_one_person_who_claims_twice_at_once_has_one_claim(store: db.Database) -> None:
    with transaction():
        acme, person = make.supplier("Acme"), make.person()

    def claim(claimant: Person) -> None:
        claim_organisation(session().get_one(Organisation, acme.id), "Mine.", link="", by=claimant)

    (refusal,) = at_once(claim, [person, person])
    assert "You have asked to join Acme already" in refusal
    with reading():
        assert len(session().scalars(select(Claim)).all()) == 1


def test_two_leads_who_leave_at_once_leave_one_of_them(store: db.Database) -> None:
    with transaction():
        acme = make.supplier("Acme")
        leads = [make.lead(acme), make.lead(acme)]
        make.staff(acme)

    def leave(lead: Person) -> None:
        (membership,) = lead.memberships
        end_membership(membership, by=lead)

    (refusal,) = at_once(leave, leads)
    assert "Make somebody else a lead first" in refusal
    with reading():
        assert count_members(acme, LEAD) == 1


def test_two_registrations_of_one_address_make_one_account(store: db.Database) -> None:
    with transaction():
        register_person("ada@acme.example", name="Ada", password=PASSWORD)
    with pytest.raises(Conflict, match="There is an account"), transaction():
        register_person("ada@acme.example", name="Eve", password=PASSWORD)
    assert getattr(saved("ada@acme.example"), "name", "") == "Ada"


@pytest.mark.parametrize("session_id", ["", ".", "x", "x.1", "\0.1", "a.b.c"])
def test_find_signed_in_person_takes_any_text(store: db.Database, session_id: str) -> None:
    with reading():
        assert find_signed_in_person(session_id) is None


def test_claim_waits_for_the_lead_who_gets_a_mail(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, person = make.lead(acme, "Lea", "lea@acme.example"), make.person("Ada", "ada@acme.example")
    here = browser(person)
    found = here.get("/suppliers/find?q=acme").follow("Acme").follow("Ask to join Acme")
    page = found.submit("Send the request", reason="I am its new tester.")
    assert "Requests that wait for an answer" in page.text
    assert roles_of("ada@acme.example") == []
    assert here.get(f"/organisations/{acme.id}").text.count("Your request waits for an answer") == 1
    answered = browser(lead).get(link_to("lea@acme.example"))
    assert "I am its new tester." in answered.text
    answered.submit("Accept the request of Ada")
    assert roles_of("ada@acme.example") == [("Acme", STAFF)]
    assert [each.subject for each in letters_to("ada@acme.example")] == ["Your request to join Acme on Clarion"]


def test_claim_of_a_supplier_without_a_lead_waits_for_the_operator_and_makes_a_lead(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        operator, person = make.operator(), make.person("Ada", "ada@acme.example")
        make.claim(person, acme)
    page = browser(operator).get("/operator/claims")
    assert page.rows()[1][:4] == ["Acme", "Ada", "ada@acme.example", "I work there."]
    page.submit("Accept the request of Ada to join Acme")
    assert roles_of("ada@acme.example") == [("Acme", LEAD)]


def test_claim_that_is_refused_joins_nothing_and_may_be_made_again(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, person = make.lead(acme), make.person("Ada", "ada@acme.example")
        make.claim(person, acme)
    browser(lead).get(f"/organisations/{acme.id}").submit("Refuse the request of Ada")
    assert roles_of("ada@acme.example") == []
    page = browser(person).get(f"/organisations/{acme.id}/claim").submit("Send the request", reason="Really.")
    assert page.status == 200


def test_claim_twice_is_a_conflict_in_words(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        person = make.person()
        make.claim(person, acme)
    page = browser(person).get(f"/organisations/{acme.id}/claim").submit("Send the request", reason="Again.")
    assert page.status == 409
    assert "You have asked to join Acme already" in page.text


def test_claim_answered_twice_is_a_conflict_in_words(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, person = make.lead(acme), make.person("Ada")
        claim = make.claim(person, acme)
    first, second = browser(lead), browser(lead)
    page = second.get(f"/organisations/{acme.id}")
    first.get(f"/organisations/{acme.id}").submit("Accept the request of Ada")
    late = page.submit("Refuse the request of Ada")
    assert late.status == 409
    assert "You cannot refuse this request to join: it is accepted." in late.text
    assert claim.state == "waiting"


def test_claim_can_be_taken_back_by_its_maker_alone(browser: Open) -> None:
    with transaction():
        acme = make.supplier("Acme")
        lead, person, other = make.lead(acme), make.person(), make.person()
        claim = make.claim(person, acme)
    browser(other).post(f"/claims/{claim.id}/withdraw", status=404)
    browser(lead).post(f"/claims/{claim.id}/withdraw", status=403)
    page = browser(person).get("/account").submit("Take back the request to join Acme")
    assert "Requests that wait" not in page.text


def test_claim_cannot_be_answered_by_others(browser: Open) -> None:
    with transaction():
        acme, rival = make.supplier("Acme"), make.supplier("Rival")
        staff, rival_lead, person = make.staff(acme), make.lead(rival), make.person()
        claim = make.claim(person, acme)
    for who, status in ((staff, 404), (rival_lead, 404), (person, 403)):
        browser(who).post(f"/claims/{claim.id}/accept", status=status)
