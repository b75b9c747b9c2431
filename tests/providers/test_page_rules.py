"""Tables of the rules of a provider's page: bands, dates, numbers, completeness, sieves."""

from datetime import date, timedelta
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from app.needs.ladder import LADDER
from app.providers.accreditations.standing import REMINDED_AT, reminder_due, standing_on
from app.providers.people.bands import band_of
from app.providers.registrations.schemes import SCHEMES
from app.providers.wallet.sifting import Sieve, is_ending, validities_of
from app.providers.whole_page import RULES, PageFacts, standing_of_parts
from app.providers.wishes.choices import RUNG_NAMES

END = date(2027, 3, 31)
LONG_AGO = date(2026, 1, 1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("people", "band"),
    [
        (1, "Fewer than 5 people"),
        (2, "Fewer than 5 people"),
        (4, "Fewer than 5 people"),
        (5, "5 to 9 people"),
        (9, "5 to 9 people"),
        (10, "10 to 19 people"),
        (20, "20 to 49 people"),
        (49, "20 to 49 people"),
        (50, "50 people or more"),
        (500, "50 people or more"),
    ],
)
def test_bands_never_tell_one_from_four(people: int, band: str) -> None:
    assert band_of(people) == band


@pytest.mark.parametrize(
    ("days", "standing"),
    [(-400, "valid"), (-29, "valid"), (-28, "expiring"), (-1, "expiring"), (0, "expiring"), (1, "expired")],
)
def test_standing_follows_from_the_last_day(days: int, standing: str) -> None:
    assert standing_on(END + days * DAY, None, END) == standing


@pytest.mark.parametrize(
    ("first", "last", "standing"),
    [
        (None, None, "valid"),
        (END, None, "valid"),
        (END + DAY, None, "not_yet"),
        (END + DAY, END + 10 * DAY, "not_yet"),
        (END - 9 * DAY, END - DAY, "expired"),
    ],
)
def test_standing_without_an_end_or_before_the_beginning(first: date | None, last: date | None, standing: str) -> None:
    assert standing_on(END, first, last) == standing


@pytest.mark.parametrize(
    ("passed", "due"),
    [
        *((-29, None), (-28, -28), (-27, -28), (-15, -28), (-14, -14), (-1, -14), (0, 0), (6, 0), (7, 7), (13, 7)),
        *((14, 14), (21, 21), (28, 28), (34, 28), (35, None), (400, None)),
    ],
)
def test_the_last_reminder_whose_day_has_come_is_due(passed: int, due: int | None) -> None:
    assert reminder_due(END + passed * DAY, END, LONG_AGO) == due


@pytest.mark.parametrize(
    ("dated", "passed", "due"),
    [(-20, -20, None), (-20, -15, None), (-20, -14, -14), (-28, -28, None), (-29, -28, -28), (0, 0, None), (3, 7, 7)],
)
def test_nobody_is_reminded_of_days_that_were_past_when_the_dates_were_written(
    dated: int, passed: int, due: int | None
) -> None:
    assert reminder_due(END + passed * DAY, END, END + dated * DAY) == due


def test_reminders_come_four_and_two_weeks_before_on_the_day_and_four_weeks_after() -> None:
    assert list(REMINDED_AT) == [-28, -14, 0, 7, 14, 21, 28]


@pytest.mark.parametrize(
    ("scheme", "typed", "number"),
    [
        ("GB-COH", "sc 123456", "SC123456"),
        ("GB-COH", "01234567", "01234567"),
        ("GB-COH", "1234567", ""),
        ("VAT", "gb 123 4567 89", "GB123456789"),
        ("VAT", "GB12", ""),
        ("VAT", "IE1234567FA", "IE1234567FA"),
        ("XI-DUNS", "12-345-6789", "123456789"),
        ("XI-DUNS", "123456789", "123456789"),
        ("XI-DUNS", "١٢٣٤٥٦٧٨٩", ""),
        ("GB-CHC", "1234567-1", "1234567-1"),
        ("XI-LEI", "2138001234567890ab12", "2138001234567890AB12"),
        ("GB-ICO", "<script>", ""),
    ],
)
def test_numbers_look_like_those_of_their_scheme(scheme: str, typed: str, number: str) -> None:
    assert SCHEMES[scheme].read(typed) == number


@pytest.mark.parametrize("code", SCHEMES)
def test_every_example_is_a_number(code: str) -> None:
    assert SCHEMES[code].read(SCHEMES[code].example) == SCHEMES[code].example


def test_rungs_that_are_looked_for_are_those_of_the_ladder() -> None:
    assert {key: rung.label for key, rung in LADDER.items()} == RUNG_NAMES


WHOLE = {
    "about": "We build.",
    "people": 3,
    "places": 1,
    "checked_or_stated_numbers": 1,
    "live_profiles": 1,
    "valid_evidence": 1,
    "named_people": 1,
    "claims_without_accreditation": 0,
    "says_what_it_looks_for": True,
}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, []),
        ({"about": ""}, ["Say who you are"]),
        ({"people": None}, ["Say how many people work for you"]),
        ({"places": 0}, ["Say where you work"]),
        ({"checked_or_stated_numbers": 0}, ["Give a registration number"]),
        ({"live_profiles": 0}, ["Publish a solution profile"]),
        ({"valid_evidence": 0}, ["Write down past work that has not expired"]),
        ({"named_people": 0}, ["Name your people"]),
        ({"claims_without_accreditation": 2}, ["Back every standard that you claim with a valid accreditation"]),
        ({"says_what_it_looks_for": False}, ["Say what you are looking for"]),
    ],
)
def test_each_missing_part_is_told(change: dict[str, Any], missing: list[str]) -> None:
    parts = standing_of_parts(PageFacts(**{**WHOLE, **change}))
    assert [part.says for part, is_there in parts if not is_there] == missing


def test_every_part_says_why_it_matters() -> None:
    assert [part.says for part, _ in RULES if len(part.why.split()) < 5] == []


def claim(years_ago: int = 1, **facts: Any) -> Any:
    today = date(2027, 6, 1)
    expires_on = today.replace(year=2032 - years_ago)
    told = {"title": "Boats", "client": "Ministry", "text": "We sailed.", "result": "Fewer sank.", "standing": "stated"}
    rest = {"capabilities": [Thing(id="design")], "is_expired": lambda day: day >= expires_on, "expires_on": expires_on}
    return Thing(**{**told, **rest, **facts})


@pytest.mark.parametrize(
    ("sieve", "is_let"),
    [
        ({}, True),
        ({"words": "SANK boats"}, True),
        ({"words": "boats trains"}, False),
        ({"standings": {"stated"}}, True),
        ({"standings": {"disputed"}}, False),
        ({"capabilities": {"design", "law"}}, True),
        ({"capabilities": {"law"}}, False),
        ({"validities": {"counts"}}, True),
        ({"validities": {"ended"}}, False),
        ({"validities": {"ended", "counts"}, "standings": {"stated"}}, True),
        ({"validities": {"ended"}, "standings": {"stated"}}, False),
    ],
)
def test_a_sieve_lets_through_what_has_all_that_was_chosen(sieve: dict[str, Any], is_let: bool) -> None:
    chosen: dict[str, Any] = {name: value if name == "words" else frozenset(value) for name, value in sieve.items()}
    assert Sieve(**chosen).lets(claim(), date(2027, 6, 1)) is is_let


@pytest.mark.parametrize(
    ("day", "validities"),
    [
        (date(2025, 6, 1), {"counts"}),
        (date(2030, 11, 29), {"counts"}),
        (date(2030, 11, 30), {"counts", "ending"}),
        (date(2031, 5, 31), {"counts", "ending"}),
        (date(2031, 6, 1), {"ended"}),
    ],
)
def test_the_age_of_a_claim_follows_from_its_date(day: date, validities: set[str]) -> None:
    assert validities_of(claim(), day) == validities
    assert is_ending(claim(), day) is ("ending" in validities)
