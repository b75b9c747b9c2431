"""Forms: what people really type is read, kept and answered with a sentence; every macro draws sound pages."""

import hashlib
import io
import json
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template_string
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from playwright.sync_api import Page as ChromiumPage
from playwright.sync_api import sync_playwright
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server

from app.kernel import files
from app.kernel.forms import (
    Choice,
    Choices,
    Day,
    Field,
    File,
    Form,
    LongText,
    Moment,
    Money,
    Option,
    Text,
    Whole,
    YesNo,
)
from app.kernel.forms.reading import one_line, paragraphs
from tests.browser import Browser, Page, check
from tests.kernel.gallery import GOOD, EveryField, make_gallery
from tests.sample_files import PDF

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ERRORS = ["400", "403", "404", "409", "413", "429", "500", "503", "csrf"]


@pytest.fixture(scope="module")
def gallery() -> Flask:
    return make_gallery()


def show(gallery: Flask, path: str, data: dict[str, Any] | None = None) -> Page:
    """The page at this path, checked; with data, what a POST of it brings."""
    client = gallery.test_client()
    page = Page(Browser(gallery), path, client.get(path) if data is None else client.post(path, data=data))
    if page.is_html:
        check(page)
    return page


def typed(page: Page, name: str) -> list[str]:
    """What stands in the inputs of this name."""
    return [field.get("value", "") for field in page.root.iter("input") if field.get("name") == name]


def read(gallery: Flask, field: Any, data: dict[str, Any] | None = None, **values: Any) -> tuple[Any, list[str]]:
    """The value and the errors of one field named `it`, after a POST of these data."""
    one = type("One", (Form,), {"it": field})
    with gallery.test_request_context("/", method="POST", data=data if data is not None else values):
        form = one()
        form.validate()
        return form.content["it"], list(form.it.errors)


def bound(gallery: Flask, data: dict[str, Any] | None = None, **options: Any) -> EveryField:
    with gallery.test_request_context("/", method="GET" if data is None else "POST", data=data):
        return EveryField(**options)


# reading


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,250,000", 125000000), ("1250.50", 125050), ("1 000", 100000), ("1.25m", 125000000), ("250K", 25000000),
        (" £ 0 ", 0), ("0.5", 50), ("100bn", 10_000_000_000_000),
    ],
)  # fmt: skip
def test_money_is_read_as_people_type_it(gallery: Flask, text: str, pence: int) -> None:
    assert read(gallery, Money("Price"), it=text) == (pence, [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-5", "Price must not be less than £0"),
        ("12,34", "Price must be an amount in pounds, like 1,250 or 1250.50"),
        ("nan", "Price must be an amount in pounds, like 1,250 or 1250.50"),
        ("1e999", "Price must be an amount in pounds, like 1,250 or 1250.50"),
        ("9" * 5000, "Price must be an amount in pounds, like 1,250 or 1250.50"),
        ("٣", "Price must be an amount in pounds, like 1,250 or 1250.50"),
        ("1.005", "Price must not have parts of a penny"),
        ("999999999999bn", "Price must be £100,000,000,000 or less"),
        ("", "Enter price"),
    ],
)
def test_money_that_will_not_do_is_refused_in_a_sentence(gallery: Flask, text: str, sentence: str) -> None:
    assert read(gallery, Money("Price"), it=text) == (
        None if "or less" not in sentence else 99999999999900000000000,
        [sentence],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,250", (1250, [])),
        ("-1", (-1, ["Weight must be 0 or more"])),
        ("101", (101, [])),
        ("2.5", (None, ["Weight must be a whole number, like 25"])),
        ("²", (None, ["Weight must be a whole number, like 25"])),
        ("9" * 9999, (None, ["Weight must be a whole number, like 25"])),
    ],
)
def test_whole_reads_whole_numbers_within_bounds(gallery: Flask, text: str, expected: tuple[Any, list[str]]) -> None:
    assert read(gallery, Whole("Weight"), it=text) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("3", "3", "2027"), (date(2027, 3, 3), [])),
        (("29", "Feb", "2028"), (date(2028, 2, 29), [])),
        (("1", "SEPT.", "2027"), (date(2027, 9, 1), [])),
        (("29", "2", "2027"), (None, ["The date must be a real date"])),
        (("", "3", "2027"), (None, ["The date must include a day"])),
        (("3", "", ""), (None, ["The date must include a month and a year"])),
        (("3", "3", "27"), (None, ["The date must have a year of 4 numbers, like 2027"])),
        (("3", "3", "0000"), (None, ["The date must be a real date"])),
        (("٣", "3", "2027"), (None, ["The date must be a real date"])),
        (("3", "ma", "2027"), (None, ["The date must be a real date"])),
        (("x" * 9999, "\0", "-1"), (None, ["The date must include a month"])),
        (("3", "3", "2019"), (date(2019, 3, 3), ["The date must be on or after 1 January 2020"])),
        (("3", "3", "2031"), (date(2031, 3, 3), ["The date must be on or before 31 December 2030"])),
        (("", "", ""), (None, ["Enter the date"])),
    ],
)
def test_day_reads_three_parts(gallery: Flask, parts: tuple[str, str, str], expected: tuple[Any, list[str]]) -> None:
    field = Day("When?", called="The date", earliest=date(2020, 1, 1), latest=lambda: date(2030, 12, 31))
    assert read(gallery, field, dict(zip(("it-day", "it-month", "it-year"), parts, strict=True))) == expected


def test_day_without_its_parts_is_blank_and_no_fault(gallery: Flask) -> None:
    assert read(gallery, Day("When?", required=False), it="1 March 2027") == (None, [])


@pytest.mark.parametrize(
    ("day", "month", "time", "expected"),
    [
        ("1", "7", "5pm", (datetime(2027, 7, 1, 16, tzinfo=UTC), [])),
        ("1", "12", "17.30", (datetime(2027, 12, 1, 17, 30, tzinfo=UTC), [])),
        ("1", "12", "midday", (datetime(2027, 12, 1, 12, tzinfo=UTC), [])),
        ("31", "10", "1:30am", (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), [])),
        ("1", "12", "25:00", (None, ["Deadline must have a time like 5pm or 17:00"])),
        ("1", "12", "5", (None, ["Deadline must have a time like 5pm or 17:00"])),
        ("1", "12", "", (None, ["Deadline must include a time"])),
        ("31", "2", "5pm", (None, ["Deadline must be a real date"])),
        (
            "28",
            "3",
            "1:30am",
            (None, ["Deadline must have a time that exists: the clocks go forward that night and skip this one"]),
        ),
    ],
)
def test_moment_is_read_by_londons_clocks(
    gallery: Flask, day: str, month: str, time: str, expected: tuple[Any, list[str]]
) -> None:
    data = {"it-day": day, "it-month": month, "it-year": "2027", "it-time": time}
    assert read(gallery, Moment("Deadline"), data) == expected


def test_moment_is_shown_and_read_by_the_clocks_of_another_place(gallery: Flask) -> None:
    moment = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
    form = bound(gallery, data=None, obj=SimpleNamespace(deadline_at=moment))
    form.deadline_at.in_zone("Asia/Tokyo")
    assert form.deadline_at.parts == {"day": "1", "month": "1", "year": "2028", "time": "8:30am"}


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_moment_at_the_ends_of_time_is_no_fault(gallery: Flask, year: str) -> None:
    field = Moment("Deadline", zone="Asia/Tokyo" if year == "0001" else "America/Los_Angeles")
    data = {"it-day": "1" if year == "0001" else "31", "it-month": "1" if year == "0001" else "12", "it-year": year}
    value, errors = read(gallery, field, {**data, "it-time": "11pm" if year == "9999" else "1am"})
    assert (value, errors) == (None, ["Deadline must be a real date"])


def test_text_loses_what_cannot_be_seen_or_stored() -> None:
    assert one_line("  a\0b\t c\u202e\u200b\x1b ") == "ab c"
    assert one_line("e\u0301") == "é"
    assert one_line("a\uffff\U0010fffe\ufdd0\U0001fae8") == "a\U0001fae8"
    assert paragraphs(" one  \r\ntwo\r\n\r\n\r\n\r\nthree\0 ") == "one\ntwo\n\nthree"


def test_text_that_only_seems_to_be_there_is_missing(gallery: Flask) -> None:
    assert read(gallery, Text("Title"), it="\u200b \0 \u2060") == ("", ["Enter title"])


def test_text_has_a_limit_that_it_says(gallery: Flask) -> None:
    assert read(gallery, Text("Title", max_length=3), it="abcd")[1] == ["Title must be 3 characters or fewer"]
    assert read(gallery, LongText("Why", max_words=2), it="a b c")[1] == ["Why must be 2 words or fewer"]
    assert read(gallery, LongText("Why"), it="a" * 5001)[1] == ["Why must be 5,000 characters or fewer"]


def test_choice_gives_back_the_option_s_own_value(gallery: Flask) -> None:
    row = type("Row", (), {"id": "abc"})()
    assert read(gallery, Choice("Who", [Option(row, "A row")]), it="abc") == (row, [])
    assert read(gallery, Choice("How many", [(1, "One"), (2, "Two")]), it="2") == (2, [])
    assert read(gallery, Choice("Who", lambda: {"G": [("a", "A")]}), it="a") == ("a", [])


def test_choice_outside_the_list_is_refused(gallery: Flask) -> None:
    assert read(gallery, Choice("Who", [("a", "A")]), it="z") == ("", ["Select from the list"])
    assert read(gallery, Choices("Who", [("a", "A")]), it=["a", "z"]) == (["a"], ["Select from the list"])
    assert read(gallery, Choice("Who", [("a", "A")], required=False)) == ("", [])


def test_choices_drop_doubles_and_count_to_their_most(gallery: Flask) -> None:
    options = [("a", "A"), ("b", "B"), ("c", "C")]
    assert read(gallery, Choices("Who", options, most=2), it=["a", "a", "b"]) == (["a", "b"], [])
    assert read(gallery, Choices("Who", options, most=2), it=["a", "b", "c"])[1] == ["Select 2 or fewer"]


def test_yes_no_knows_no_from_nothing(gallery: Flask) -> None:
    assert read(gallery, YesNo("Ready?"), it="False") == (False, [])
    assert read(gallery, YesNo("Ready?", required="Say whether it is ready")) == (None, ["Say whether it is ready"])


# the whole form


def test_good_form_gives_clean_content(gallery: Flask) -> None:
    with gallery.test_request_context("/", method="POST", data=GOOD):
        form = EveryField()
        assert form.accepted()
        assert form.content == {
            "title": "Data", "problem": "It is late", "users": "", "notes": "", "rung": "open", "area": "c1",
            "place": 3, "standards": ["a"], "capabilities": ["d1", "c2"], "remote": True, "low_pence": 125050,
            "share": None,
            "wanted_on": date(2027, 3, 3), "deadline_at": datetime(2027, 7, 1, 16, tzinfo=UTC),
            "email": "ada@demo.example", "password": "correct horse battery", "reference": "r",
            "requirements": [{"text": "Speed", "kind": "must", "weight": 60, "skills": ["d2"]}],
        }  # fmt: skip


def test_bad_form_says_what_is_wrong_and_keeps_what_was_typed(gallery: Flask) -> None:
    bad = {"title": "x" * 50, "low_pence": "£lots", "wanted_on-day": "31", "wanted_on-month": "Feb", "email": "a@b@c"}
    page = show(gallery, "/form", GOOD | bad | {"requirements-0-text": "", "requirements-0-weight": "600"})
    assert (page.status, page.errors) == (
        422,
        [
            "Title must be 40 characters or fewer",
            "Lowest price must be an amount in pounds, like 1,250 or 1250.50",
            "The date must be a real date",
            "Enter an email address in the correct format, like name@example.com",
            "Requirement 1: Enter a requirement",
            "Requirement 1: Weight must be 100 or less",
        ],
    )
    assert typed(page, "title") == ["x" * 50]
    assert [typed(page, f"wanted_on-{part}") for part in ("day", "month", "year")] == [["31"], ["Feb"], ["2027"]]
    assert (typed(page, "low_pence"), typed(page, "requirements-0-weight")) == (["lots"], ["600"])
    assert typed(page, "password") == [""]


def test_empty_post_is_answered_and_never_takes_the_row_for_the_answer(gallery: Flask) -> None:
    form = bound(gallery, data={}, obj=SimpleNamespace(title="From the row"))
    assert form.title.data == ""
    assert show(gallery, "/form", {}).status == 422


def test_form_shows_the_row_that_it_edits(gallery: Flask) -> None:
    need = SimpleNamespace(
        title="Data",
        low_pence=125050,
        capabilities=["d1"],
        remote=False,
        version=3,
        wanted_on=date(2027, 3, 3),
        requirements=[SimpleNamespace(text="Speed"), {"text": "Size"}],
    )
    form = bound(gallery, obj=need)
    assert (form.title.typed, form.low_pence.typed, form.capabilities.keys) == ("Data", "1,250.50", ["d1"])
    assert (form.remote.keys, form.wanted_on.parts["month"], form.version.data) == (["False"], "3", 3)
    assert [row.text.typed for row in form.requirements.rows] == ["Speed", "Size"]


def test_stale_version_is_told_once_and_a_second_press_saves(gallery: Flask) -> None:
    need = SimpleNamespace(version=2)
    with gallery.test_request_context("/", method="POST", data=GOOD):
        form = EveryField()
        assert form.accepted()
        assert not form.is_current(need)
        assert (form.status, form.version.data) == (422, 2)
        assert form.is_current(need)


def test_rules_across_fields_run_when_each_field_is_good(gallery: Flask) -> None:
    class Range(Form):
        low = Whole("Low")
        high = Whole("High")

        def cross_check(self) -> None:
            if self.low.data > self.high.data:
                self.fail("high", "High must be more than low")

    with gallery.test_request_context("/", method="POST", data={"low": "2", "high": "1"}):
        form = Range()
        assert (form.accepted(), form.status, form.high.errors) == (False, 422, ["High must be more than low"])
    with gallery.test_request_context("/", method="POST", data={"low": "x", "high": "1"}):
        assert not Range().accepted()


# rows


def rows_of(page: Page) -> list[str]:
    return [value for number in range(9) for value in typed(page, f"requirements-{number}-text")]


def test_add_keeps_what_was_typed_and_complains_of_nothing(gallery: Flask) -> None:
    data = {"title": "", "requirements-0-text": "Speed", "requirements-1-text": "Size", "requirements-add": "1"}
    page = show(gallery, "/form", data)
    assert (page.status, page.errors, rows_of(page)) == (200, [], ["Speed", "Size", ""])


def test_remove_takes_away_that_row_only(gallery: Flask) -> None:
    data = {f"requirements-{n}-text": text for n, text in enumerate("abc")} | {"requirements-remove": "2"}
    page = show(gallery, "/form", data | {"requirements-2-weight": "x"})
    assert (rows_of(page), typed(page, "requirements-1-weight")) == (["a", "c"], ["x"])


@pytest.mark.parametrize("button", ["add", "remove"])
@pytest.mark.parametrize("value", ["", "0", "99", "-1", "x", "²", "9" * 5000])
def test_row_buttons_with_hostile_values_save_nothing_and_break_nothing(
    gallery: Flask, button: str, value: str
) -> None:
    page = show(gallery, "/form", GOOD | {f"requirements-{button}": value})
    assert (page.status, page.is_html, page.errors) == (200, True, [])


def test_rows_have_a_cap_and_pass_over_absurd_numbers(gallery: Flask) -> None:
    tracemalloc.start()
    hostile = {f"requirements-{n}-text": "x" for n in ["99999999", "9" * 5000, "-1", "²", "a", "", *range(900)]}
    form = bound(gallery, data=GOOD | hostile)
    assert len(form.requirements.rows) == 4
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_rows_left_blank_are_dropped_and_one_is_asked_for(gallery: Flask) -> None:
    page = show(
        gallery, "/form", GOOD | {"requirements-0-text": "", "requirements-0-weight": "", "requirements-0-skills": ""}
    )
    assert page.errors == ["Add at least one requirement"]


# hostile input

NAMES = sorted(
    {*GOOD, "title-day", "wanted_on", "deadline_at", "requirements", "requirements-add", "press", "csrf_token"}
)
NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["\0", "1e400", "-0", "٣", "<script>", "'\"--", "x" * 9000]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@example(data={"reference": ["\x8a\x00"], "deadline_at-month": ["x"]})
@given(data=st.dictionaries(st.sampled_from(NAMES), st.lists(NASTY, max_size=3), max_size=12))
def test_no_input_breaks_the_form(data: dict[str, list[str]]) -> None:
    page = show(_GALLERY, "/form", GOOD | data)
    assert page.status in (200, 422)


_GALLERY = make_gallery()


def test_files_and_json_in_place_of_text_are_nothing(gallery: Flask) -> None:
    client = gallery.test_client()
    with (Path(__file__)).open("rb") as file:
        assert client.post("/form", data={**GOOD, "title": (file, "title.txt")}).status_code == 422
    assert client.post("/form", json=[1, {"title": None}]).status_code == 422
    assert (
        client.post("/form", data=b"\xff\xfe=\xff", content_type="application/x-www-form-urlencoded").status_code == 422
    )


def test_what_was_typed_is_escaped(gallery: Flask) -> None:
    page = show(gallery, "/form", GOOD | {"title": '"><script>alert(1)</script>' * 3, "problem": "</textarea><b>" * 30})
    assert typed(page, "title") == ['"><script>alert(1)</script>' * 3]
    assert not list(page.root.iter("b"))


# pages


@pytest.mark.parametrize("path", ["/form", "/lists", *(f"/errors/{name}" for name in ERRORS)])
def test_every_page_of_the_gallery_is_sound(gallery: Flask, path: str) -> None:
    assert show(gallery, path).status == 200


def test_lists_say_it_in_words(gallery: Flask) -> None:
    text = show(gallery, "/lists").text
    for words in [
        "Showing 11 to 12 of 40 needs",
        "87 of 100",
        "£1,250,000.50",
        "Not given",
        "Open (12)",
        "5:00pm GMT, Sunday",
    ]:
        assert words in text


def test_missing_names_are_faults_in_our_templates_and_allowed_in_govuk_macros(gallery: Flask) -> None:
    environment = gallery.jinja_env
    with gallery.test_request_context("/"):
        with pytest.raises(UndefinedError):
            environment.from_string("{{ nothing }}").render()
        with pytest.raises(UndefinedError):
            environment.from_string('{% from "macros/lists.html" import tag %}{{ tag(nothing) }}').render()
        macro = '{% from "govuk_frontend_jinja/components/tag/macro.html" import govukTag %}{{ govukTag({}) }}'
        assert "govuk-tag" in environment.from_string(macro).render()


def test_stylesheet_and_script_ask_for_no_other_file() -> None:
    for name in ("govuk-frontend.min.css", "clarion.css", "clarion.js", "favicon.svg"):
        text = (Path("app/static") / name).read_text("utf-8")
        assert [
            word
            for word in ("url(", "GDS Transport", "@import", "http://w", "sourceMappingURL", "crest")
            if word in text
        ] == (["http://w"] if name.endswith("svg") else [])


# a real browser


@pytest.fixture(scope="module")
def address(gallery: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not here: apt-get install chromium")
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)) as browser,
    ):
        yield browser


def faults_of(page: ChromiumPage) -> list[str]:
    """What axe finds, and what reaches over the edge of the screen."""
    found = [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{wide} pixels too wide"] if wide > 0 else [])


@pytest.mark.chromium
@pytest.mark.parametrize("width", [1280, 375])
def test_gallery_has_no_fault_in_a_real_browser(chromium: Any, address: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    faults = {}
    for path in ("/form", "/lists", "/errors/404"):
        page.goto(address + path)
        assert page.locator("body.govuk-frontend-supported").count() == 1
        faults[path] = faults_of(page)
    page.goto(address + "/form")
    page.click("text=Save and continue")
    faults["bad form"] = faults_of(page)
    page.close()
    assert json.dumps({path: found for path, found in faults.items() if found}) == "{}"


@pytest.mark.chromium
def test_rows_work_without_javascript_and_enter_removes_nothing(chromium: Any, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/form")
    page.fill("#requirements-0-text", "Speed")
    page.click("text=Add another requirement")
    assert page.locator(".clarion-row").count() == 3
    page.click("text=Remove requirement 2")
    assert page.locator(".clarion-row").count() == 2
    page.press("#requirements-0-text", "Enter")
    assert page.locator(".clarion-row").count() == 2
    assert page.title() == "Error: Post a need - Clarion"
    assert page.input_value("#requirements-0-text") == "Speed"
    context.close()


def test_multidict_of_a_form_may_repeat_a_name(gallery: Flask) -> None:
    with gallery.test_request_context("/", method="POST"):
        one = type("One", (Form,), {"it": Text("Title")})
        assert one(formdata=MultiDict([("it", "first"), ("it", "second")])).it.data == "first"


def test_every_field_names_its_look(gallery: Flask) -> None:
    form = bound(gallery)
    looks = {field.look for field in form if isinstance(field, Field)}
    assert looks == {
        "input",
        "textarea",
        "radios",
        "select",
        "checkboxes",
        "grouped",
        "day",
        "password",
        "hidden",
        "rows",
    }


# a file


@pytest.fixture
def file_form(gallery: Flask, tmp_path: Path) -> type[Form]:
    files.use(tmp_path / "files")
    kinds = {"file": File("Plan", called="The plan", hint="A PDF."), "why": Text("Why?", required="Say why")}
    return type("FileForm", (Form,), kinds)


FILE_CASES = [
    ({}, ["Choose the plan", "Say why"]),
    ({"why": "x"}, ["Choose the plan"]),
    ({"why": "x", "file": "plan.pdf"}, ["Choose the plan"]),
    ({"why": "x", "file": (b"", "")}, ["Choose the plan"]),
    ({"why": "x", "file": (PDF, "")}, ["Choose the plan"]),
    ({"why": "x", "file": (PDF, "a.txt")}, None),
    ({"why": "x", "file": (PDF, "../a.PDF")}, []),
]


@pytest.mark.parametrize(("data", "errors"), FILE_CASES, ids=range(len(FILE_CASES)))
def test_a_file_field_takes_a_file_and_says_what_is_wrong(
    gallery: Flask, file_form: type[Form], data: dict[str, Any], errors: list[str] | None
) -> None:
    sent = {name: (io.BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for name, v in data.items()}
    with gallery.test_request_context("/", method="POST", data=sent):
        form = file_form()
        is_good = form.accepted()
        found = [problem.sentence for problem in form.problems]
        assert is_good == (errors == [])
        if errors is None:
            assert found[0].startswith("The plan is not what its name says")
        else:
            assert found == errors
        if is_good:
            kept = hashlib.sha256(PDF).hexdigest()
            assert form.content == {"file": files.Upload("a.PDF", "pdf", kept, len(PDF)), "why": "x"}


def test_a_file_field_is_drawn_with_its_hint_its_errors_and_its_encoding(gallery: Flask, file_form: type[Form]) -> None:
    drawn = (
        '{% extends "layout.html" %}{% from "macros/forms.html" import form_page, fields %}'
        "{% block title %}Send{% endblock %}"
        '{% block content %}{% call form_page(form, "Send") %}{{ fields(form) }}{% endcall %}{% endblock %}'
    )
    with gallery.test_request_context("/", method="POST", data={"why": "x"}):
        form = file_form()
        form.accepted()
        answer = gallery.make_response(render_template_string(drawn, form=form))
    page = Page(Browser(gallery), "/", answer)
    check(page)
    (box,) = [field for field in page.root.iter("input") if field.get("type") == "file"]
    assert (box.get("name"), box.get("aria-describedby")) == ("file", "file-hint file-error")
    assert ".docx" in (box.get("accept") or "")
    assert main_form(page).get("enctype") == "multipart/form-data"
    assert page.errors == ["Choose the plan"]


def test_a_form_without_files_is_sent_as_before(gallery: Flask) -> None:
    assert main_form(show(gallery, "/form")).get("enctype") is None


def main_form(page: Page) -> Element:
    return next(next(page.root.iter("main")).iter("form"))
