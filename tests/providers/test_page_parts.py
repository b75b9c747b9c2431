"""The parts of a provider's page, as its own staff, a rival, a buyer, the operator and nobody see and use them."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.accounts.models import Person
from app.kernel import audit, db
from app.kernel.db import reading, session, transaction
from app.kernel.display import day as said
from app.kernel.errors import Conflict
from app.providers.accreditations.models import Accreditation
from app.providers.models import DISPUTED, Evidence, Provider, TeamMember
from app.providers.people import commands as people
from app.providers.people.queries import skills_of, team_of
from app.providers.queries import get_provider
from app.providers.registrations.queries import registrations_of
from app.providers.wishes.queries import find_wish_of
from tests import make
from tests.browser import Browser, Page
from tests.providers import make as make_provider
from tests.providers import make_parts

Browse = Callable[..., Browser]
HOSTILE = "<script>alert(1)</script>' OR 1=1 --"


@pytest.fixture
def world(store: db.Database) -> Thing:
    """A provider with staff, and those who are not its staff."""
    with transaction():
        make_provider.capability("Data engineering", "Data")
        ministry = make.department("Ministry of Boats")
        provider = make_provider.provider(make.supplier("Saltmarsh", "01234567"))
        staff = make.staff(provider.organisation, "Ada")
        others = {
            "rival": make.lead(make.supplier("Rival")),
            "buyer": make.buyer(ministry),
            "officer": make.officer(ministry),
            "operator": make.operator(),
        }
        make_provider.capability()
    return Thing(provider=provider, staff=staff, ministry=ministry, others=others)


def page_of(browser: Browse, world: Thing, person: Person | None = None) -> Page:
    return browser(person).get(f"/providers/{world.provider.id}", 200)


def here(world: Thing) -> Provider:
    return get_provider(world.provider.id)


def test_staff_add_change_and_remove_people_and_others_see_bands_alone(browser: Browse, world: Thing) -> None:
    team = page_of(browser, world, world.staff).follow("Your people")
    assert "You have not named anybody yet." in team.text
    form = team.follow("Add one of your people")
    assert form.submit("Save").errors == ["Enter a name", "Select at least one capability"]
    team = form.submit("Save", name="Nia Named", job="Researcher", capabilities=["user-research"])
    assert (team.h1, "Nia Named was added." in team.body) == ("Your people", True)
    team = team.follow("Nia Named").submit("Save", job="Lead researcher")
    assert ["Nia Named", "Lead researcher", "User research"] in [row[:3] for row in team.rows()]
    for person in (None, *world.others.values()):
        public = page_of(browser, world, person)
        assert ["User research", "Fewer than 5 people"] in public.rows()
        assert ("Nia" in public.body, "Lead researcher" in public.body) == (False, False)
    gone = team.submit("Yes, remove Nia Named")
    assert "Nia Named" not in gone.links()
    with reading():
        assert team_of(here(world)) == []


def test_the_pages_of_people_wallet_and_forms_are_the_staffs(browser: Browse, world: Thing) -> None:
    with transaction():
        provider = here(world)
        member, held = make_parts.team_member(provider), make_parts.accreditation(provider)
    start = f"/providers/{world.provider.id}"
    parts = ("people", "people/new", "wallet", "registrations", "looking-for", "accreditations/new")
    for person in world.others.values():
        for part in parts:
            browser(person).get(f"{start}/{part}", 403)
        browser(person).get(f"/team-members/{member.id}/edit", 404)
        browser(person).post(f"/team-members/{member.id}/remove", 404)
        browser(person).get(f"/accreditations/{held.id}/edit", 403)
        browser(person).post(f"/accreditations/{held.id}/remove", 403)
        browser(person).post(f"{start}/looking-for", 403, words="Mine now")
        browser(person).post(f"{start}/registrations", 403)
    assert [browser().get(f"{start}/{part}").h1 for part in parts] == ["Sign in"] * len(parts)
    browser().get(f"/team-members/{member.id}/edit", 404)
    assert browser().get(f"/accreditations/{held.id}/edit").h1 == "Sign in"
    for path in ("/team-members/000000000000/edit", "/accreditations/000000000000/edit"):
        browser(world.staff).get(path, 404)
    with reading():
        assert session().scalar(select(func.count()).select_from(TeamMember)) == 1
        assert session().scalar(select(func.count()).select_from(Accreditation)) == 1


def test_who_left_the_provider_no_longer_opens_its_pages(browser: Browse, world: Thing) -> None:
    with transaction():
        member = make_parts.team_member(here(world))
        make.leave(session().get_one(Person, world.staff.id), world.provider.organisation)
    browser(world.staff).get(f"/team-members/{member.id}/edit", 404)
    browser(world.staff).get(f"/providers/{world.provider.id}/wallet", 403)


def test_team_of_is_by_name_with_capabilities_loaded(world: Thing) -> None:
    with transaction():
        provider = here(world)
        for name in ("Zoe", "Abe", "Mia"):
            make_parts.team_member(provider, name)
        make_parts.team_member(make_provider.provider(), "Elsewhere")
    with reading():
        team = team_of(here(world))
    assert [(each.name, [c.id for c in each.capabilities]) for each in team] == [
        ("Abe", ["user-research"]),
        ("Mia", ["user-research"]),
        ("Zoe", ["user-research"]),
    ]


def test_skills_are_told_by_capability_in_bands(world: Thing) -> None:
    data = ["data-engineering"]
    with transaction():
        provider = here(world)
        for number in range(6):
            make_parts.team_member(provider, f"P{number}", capabilities=["user-research"] + (data if number else []))
        people.remove_team_member(team_of(provider)[5], by=world.staff)
    with reading():
        told = [(each.name, each.people) for each in skills_of(here(world))]
    assert told == [("Data engineering", "Fewer than 5 people"), ("User research", "5 to 9 people")]


def test_the_audit_names_no_member_of_a_team(world: Thing) -> None:
    with transaction():
        member = make_parts.team_member(here(world), "Nia Named", by=world.staff)
        people.change_team_member(member, name="Nia Renamed", job="x", capabilities=[], by=world.staff)
        people.remove_team_member(member, by=world.staff)
        entries = audit.entries_about(member)
    assert [entry.verb for entry in entries] == ["add_team_member", "change", "remove"]
    assert [entry.facts for entry in entries if "Nia" in str(entry.facts)] == []


def test_a_team_has_an_end(world: Thing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_PEOPLE", 1)
    with transaction():
        make_parts.team_member(here(world))
    with pytest.raises(Conflict), transaction():
        make_parts.team_member(here(world), "One too many")


def test_a_stale_change_of_a_member_is_told(browser: Browse, world: Thing) -> None:
    with transaction():
        member = make_parts.team_member(here(world))
    form = browser(world.staff).get(f"/team-members/{member.id}/edit", 200)
    with transaction():
        row = session().get_one(TeamMember, member.id)
        people.change_team_member(row, name="Renamed", job="", capabilities=["user-research"], by=world.staff)
    told = form.submit("Save", name="Typed")
    assert (told.status, "Somebody else changed this" in told.errors[0]) == (422, True)
    assert "Typed" in told.body


def day(name: str, value: date) -> dict[str, str]:
    parts = {"day": value.day, "month": value.month, "year": value.year}
    return {f"{name}-{part}": str(number) for part, number in parts.items()}


def test_accreditations_are_shown_with_their_validity(browser: Browse, world: Thing) -> None:
    form = page_of(browser, world, world.staff).follow("Add an accreditation")
    refused = form.submit("Save", link="javascript:alert(1)", standard="other", issuer="X")
    assert refused.errors == [
        "Enter the name of the scheme",
        "Enter an address that starts with https:// or http://, like https://www.example.com",
    ]
    backwards = {**day("valid_from", date(2027, 5, 2)), **day("valid_until", date(2027, 5, 1))}
    assert form.submit("Save", backwards, standard="iso9001", issuer="X").errors == [
        "The last day must be the first day or later"
    ]
    for days, scheme in ((400, "Alpha"), (28, "Beta"), (-1, "Gamma")):
        until = day("valid_until", make_parts.in_days(days))
        shown = form.submit("Save", until, standard="other", scheme=scheme, issuer="Board", number="7")
        assert shown.h1 == "Saved" or f"{scheme} is on your page." in shown.body
    standings = {
        row[0].split()[0]: row[1].split(" until")[0] for row in page_of(browser, world).rows() if len(row) == 4
    }
    standings.pop("Accreditation")
    assert standings == {"Alpha": "Valid", "Beta": "Expires soon", "Gamma": "Expired"}
    renewed = page_of(browser, world, world.staff)
    href = next(url for text, url in renewed.links().items() if text.startswith("Renew or change Gamma"))
    edit = browser(world.staff).get(href, 200)
    assert edit.h1 == "Renew or change Gamma"
    edit.submit("Save", day("valid_until", make_parts.in_days(300)))
    assert "Expired" not in page_of(browser, world).text
    edit.submit("Yes, remove Gamma")
    assert "Gamma" not in page_of(browser, world).text


def test_a_standard_that_is_claimed_stands_apart_from_one_that_is_accredited(browser: Browse, world: Thing) -> None:
    until = make_parts.in_days(100)
    with transaction():
        provider = here(world)
        profile = make_provider.live_profile(provider, standards=["iso27001", "cyber_essentials", "iso9001"])
        make_parts.accreditation(provider, standard="iso27001", valid_until=until)
        make_parts.accreditation(provider, standard="iso9001", valid_until=make_parts.in_days(-1))
        make_parts.accreditation(make_provider.provider(), standard="cyber_essentials")
    for path in (f"/providers/{provider.id}", f"/profiles/{profile.id}"):
        public, own = browser().get(path, 200).text, browser(world.staff).get(path, 200)
        assert ("accredited until " + said(until) in public, "stands behind" in public) == (True, False)
        assert public.count("claimed") == 2
        missing = [text for text in own.links() if text.startswith("Add one for")]
        assert missing == ["Add one for Cyber Essentials", "Add one for ISO 9001 quality"]
        chosen = own.follow("Add one for Cyber Essentials")
        assert '<option value="cyber_essentials" selected>' in chosen.body


def test_registrations_are_stated_beside_the_registers(browser: Browse, world: Thing) -> None:
    form = page_of(browser, world, world.staff).follow("Change registrations")
    vat = {"registrations-0-scheme": "VAT", "registrations-0-identifier": "gb 123 4567 89"}
    duns = {"registrations-1-scheme": "XI-DUNS", "registrations-1-identifier": "12"}
    refused = form.submit("Save", {**vat, **duns})
    assert refused.errors == [
        "Registration 2: The number must look like those of the DUNS number, for example 123456789"
    ]
    refused.submit("Save", {**vat, **duns, "registrations-1-identifier": "12-345-6789"})
    rows = [row for row in page_of(browser, world).rows() if len(row) == 3]
    assert rows[1:] == [
        ["Companies House", "01234567", "As it stands in the register"],
        ["VAT registration", "GB123456789", "Stated by the provider"],
        ["DUNS number", "123456789", "Stated by the provider"],
    ]
    again = browser(world.staff).get(form.path, 200)
    again.submit("Save", {"registrations-0-scheme": "", "registrations-0-identifier": ""})
    with reading():
        assert [(each.scheme, each.number) for each in registrations_of(here(world))] == [("XI-DUNS", "123456789")]


def test_the_same_number_twice_is_kept_once(browser: Browse, world: Thing) -> None:
    form = browser(world.staff).get(f"/providers/{world.provider.id}/registrations", 200)
    row = {"scheme": "VAT", "identifier": "GB123456789"}
    form.submit("Save", {f"registrations-{at}-{name}": value for at in (0, 1) for name, value in row.items()})
    with reading():
        assert [each.number for each in registrations_of(here(world))] == ["GB123456789"]


def test_what_a_provider_looks_for_is_on_its_page(browser: Browse, world: Thing) -> None:
    form = page_of(browser, world, world.staff).follow("Change what you are looking for")
    refused = form.submit("Save", low_pence="500", high_pence="20", partner_capabilities=["user-research"])
    assert refused.errors == [
        "Say yes if you are looking for partners, or select nothing for them below",
        "The largest value must be the smallest or more",
    ]
    kinds = {"need_capabilities": ["data-engineering"], "rungs": ["shaping", "open"], "words": "We like boats."}
    refused.submit("Save", kinds, wants_partners="True", low_pence="20000", high_pence="1m")
    public = page_of(browser, world).text
    for told in ("Looking for partners: User research", "Data engineering", "Shaping, Open", "£20k to £1m", "boats"):
        assert told in public, told
    again = browser(world.staff).get(form.path, 200)
    again.submit("Save", wants_partners="False", partner_capabilities=None)
    assert "Not looking for partners" in page_of(browser, world).text
    with reading():
        wish = find_wish_of(here(world))
        assert wish is not None
        assert (wish.wants_partners, wish.partner_capabilities, wish.version) == (False, [], 3)


def test_a_wish_that_a_colleague_wrote_meanwhile_is_told(browser: Browse, world: Thing) -> None:
    form = browser(world.staff).get(f"/providers/{world.provider.id}/looking-for", 200)
    with transaction():
        make_parts.wish(here(world))
    told = form.submit("Save", words="Typed by me")
    assert (told.status, "Somebody else changed this" in told.errors[0], "Typed by me" in told.body) == (
        422,
        True,
        True,
    )


def test_completeness_is_told_to_the_staff_alone_and_shrinks(browser: Browse, world: Thing) -> None:
    own = page_of(browser, world, world.staff)
    assert "5 of 9 parts are there." in own.text
    assert "Needs are matched with profiles. Without one, no need finds you." in own.text
    for person in (None, *world.others.values()):
        assert "parts are there" not in page_of(browser, world, person).text
    with transaction():
        provider = here(world)
        make_provider.live_profile(provider, standards=[], evidence=[make_provider.evidence(provider)])
        make_parts.team_member(provider)
        make_parts.wish(provider)
    own = page_of(browser, world, world.staff)
    assert ("9 of 9 parts are there." in own.text, "Missing" in own.text) == (True, False)


def test_every_missing_part_leads_to_where_it_is_mended(browser: Browse, world: Thing) -> None:
    with transaction():
        provider = make_provider.provider(make.team(world.ministry), about="", people=None, places=[])
        staff = make.staff(provider.organisation)
    page = browser(staff).get(f"/providers/{provider.id}", 200)
    says = [text for text, url in page.links().items() if text.startswith(("Say", "Give", "Publish", "Write", "Name"))]
    assert len(says) == 8
    assert [page.follow(text).status for text in says] == [200] * 8


def test_an_in_house_team_has_the_same_page_with_its_department(browser: Browse, world: Thing) -> None:
    with transaction():
        provider = make_provider.provider(make.team(world.ministry, "Boat Lab"))
        make_parts.team_member(provider)
        make_parts.accreditation(provider)
        make_parts.wish(provider)
    public = browser().get(f"/providers/{provider.id}", 200)
    assert ["User research", "Fewer than 5 people"] in public.rows()
    assert public.follow("Ministry of Boats").h1 == "Ministry of Boats"
    assert "Ministry" not in page_of(browser, world).text


def test_evidence_stands_apart_by_standing_and_is_counted(browser: Browse, world: Thing) -> None:
    with transaction():
        provider = here(world)
        shown = make_provider.evidence(provider, title="Only said")
        make_provider.evidence(provider, title="Kept back")
        make_provider.countersigned(provider, title="Confirmed")
        make_provider.countersigned(provider, title="Told apart", source="partnerships:2", standing=DISPUTED)
        make_provider.live_profile(provider, evidence=[shown])
    text = page_of(browser, world).text
    order = ["Countersigned outcomes", "Confirmed", "Disputed outcomes", "Told apart", "Stated claims", "Only said"]
    places = [text.index(each) for each in order]
    assert (places == sorted(places), "Kept back" in text) == (True, False)
    assert "Countersigned1 Stated1 Disputed1" in text
    assert "Countersigned1 Stated2 Disputed1" in page_of(browser, world, world.staff).text


def titles_of(page: Page) -> set[str]:
    """The claims that a wallet links to."""
    return {text for text in page.links() if text.endswith("claim") and text != "Write a claim"}


def test_the_wallet_lists_and_sifts_all_claims(browser: Browse, world: Thing) -> None:
    old, near = date(2019, 1, 1), make_parts.in_days(-5 * 365 + 30)
    with transaction():
        provider = here(world)
        used = make_provider.evidence(provider, title="Used claim", finished_on=near)
        make_provider.evidence(provider, title="Old claim", finished_on=old)
        make_provider.evidence(provider, title="Data claim", capabilities=["data-engineering"])
        spoken = make_provider.countersigned(provider, title="Countersigned claim")
        make_provider.live_profile(provider, title="Boat research", evidence=[used])
        make_provider.evidence(make_provider.provider(), title="Elsewhere")
    wallet = page_of(browser, world, world.staff).follow("Evidence wallet")
    every = {"Used claim", "Old claim", "Data claim", "Countersigned claim"}
    assert titles_of(wallet) == every
    assert "Used by: Boat research" in wallet.text
    assert f"Used claim, counts until {near.day}" in wallet.text
    for query, left in {
        "standing=countersigned": {"Countersigned claim"},
        "age=ended": {"Old claim"},
        "capability=data-engineering": {"Data claim"},
        "q=data+CLAIM": {"Data claim"},
        "standing=stated&age=counts": {"Used claim", "Data claim"},
        "standing=nonsense&age=x": every,
        "capability=nonsense": set(),
    }.items():
        sifted = browser(world.staff).get(f"{wallet.path}?{query}", 200)
        assert titles_of(sifted) - {"Used claim"} == left - {"Used claim"}, query
    browser(world.staff).get(f"/evidence/{spoken.id}/edit", 403)
    written = wallet.follow("Write a claim")
    assert written.h1 == "Add evidence of past work"


@pytest.mark.parametrize("value", [HOSTILE, "\x00\u202e", "a" * 120, "٣" * 50])
def test_hostile_text_is_only_text(browser: Browse, world: Thing, value: str) -> None:
    form = browser(world.staff).get(f"/providers/{world.provider.id}/people/new", 200)
    saved = form.submit("Save", name=value, job=value, capabilities=["user-research"])
    assert "<script>alert" not in saved.body
    accredited = browser(world.staff).get(f"/providers/{world.provider.id}/accreditations/new", 200)
    saved = accredited.submit("Save", standard="other", scheme=value, issuer=value, number=value)
    assert "<script>alert" not in saved.body
    wish = browser(world.staff).get(f"/providers/{world.provider.id}/looking-for", 200)
    assert "<script>alert" not in wish.submit("Save", words=value).body
    sifted = browser(world.staff).get(
        f"/providers/{world.provider.id}/wallet", query_string={"q": value, "page": value}
    )
    assert (sifted.status, "<script>alert" in sifted.body) == (200, False)


def test_too_long_text_is_refused_and_kept(browser: Browse, world: Thing) -> None:
    form = browser(world.staff).get(f"/providers/{world.provider.id}/people/new", 200)
    refused = form.submit("Save", name="n" * 121, job="j" * 121, capabilities=["user-research"])
    assert refused.errors == ["Name must be 120 characters or fewer", "What they do must be 120 characters or fewer"]
    assert "n" * 121 in refused.body
    unknown = form.submit("Save", name="Nia", capabilities=["no-such-thing"])
    assert unknown.errors == ["Select from the list"]


def statements_of(browsers: Browse, person: Any, path: str) -> int:
    counted: list[str] = []
    listener = lambda *arguments: counted.append(arguments[2])
    reader = browsers(person)
    reader.get(path, 200)
    event.listen(db.database().engine, "before_cursor_execute", listener)
    try:
        reader.client.get(path)
    finally:
        event.remove(db.database().engine, "before_cursor_execute", listener)
    return len(counted)


def test_pages_ask_as_often_for_three_rows_as_for_one(browser: Browse, world: Thing) -> None:
    def add(number: int) -> None:
        with transaction():
            provider = here(world)
            make_parts.team_member(provider, f"Person number {number}")
            make_parts.accreditation(provider, number=str(number))
            piece = make_provider.evidence(provider, title=f"Piece {number}")
            make_provider.live_profile(provider, title=f"Profile {number}", evidence=[piece])

    start = f"/providers/{world.provider.id}"
    asked = [(None, start), *((world.staff, f"{start}{part}") for part in ("", "/people", "/wallet"))]
    add(1)
    counts = [statements_of(browser, *each) for each in asked]
    add(2)
    add(3)
    assert [statements_of(browser, *each) for each in asked] == counts


def test_what_a_buyer_spoke_on_is_changed_by_nobody(browser: Browse, world: Thing) -> None:
    with transaction():
        spoken = [
            make_provider.countersigned(here(world), source=f"partnerships:{standing}", standing=standing)
            for standing in ("countersigned", "disputed")
        ]
    for each in spoken:
        browser(world.staff).get(f"/evidence/{each.id}/edit", 403)
        browser(world.staff).post(f"/evidence/{each.id}/remove", 403)
    with reading():
        assert session().scalar(select(func.count()).select_from(Evidence)) == 2
