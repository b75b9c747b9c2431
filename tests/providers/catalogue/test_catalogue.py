"""A catalogue through the browser: out, back in, what will change, and the press that does it."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.kernel import audit, db
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.providers.catalogue.models import BROUGHT_IN, CatalogueUpload
from app.providers.models import SolutionProfile
from tests import make
from tests.browser import Browser, Page
from tests.providers import make as make_provider

Browsers = Callable[..., Browser]
COLUMNS = (
    "reference,title,problem,approach,users,capabilities,technologies,lowest price,highest price,unit,clearance,"
    "places,remote,standards"
)


class World:
    """A provider with two profiles, one of its staff, and a stranger."""

    def __init__(self, app: Flask) -> None:
        with transaction():
            self.provider = make_provider.provider(make.supplier("Saltmarsh Studio"))
            self.staff = make.staff(self.provider.organisation)
            self.colleague = make.lead(self.provider.organisation)
            self.stranger = make.staff(make.supplier())
            make_provider.provider(self.stranger.memberships[0].organisation)
            make_provider.capability("Service design")
            self.live = make_provider.live_profile(self.provider, by=self.staff, title="Research on boats")
            self.draft = make_provider.draft_profile(
                self.provider,
                by=self.staff,
                title="=HYPERLINK now",
                problem="One.\n\nTwo; three, “four”",
                places=[],
                low_pence=1_050,
                high_pence=None,
            )
        self.page = f"/providers/{self.provider.id}/catalogue"
        self.browser = Browser(app, self.staff)

    def send(self, content: str | bytes, name: str = "catalogue.csv", browser: Browser | None = None) -> Page:
        """Choose a file and press: the preview, or the page again with what is wrong."""
        raw = content.encode() if isinstance(content, str) else content
        page = (browser or self.browser).get(self.page, 200)
        return page.submit("Show what will change", file=(io.BytesIO(raw), name))

    def export(self) -> str:
        """The profiles as a file."""
        return self.browser.get(f"{self.page}/profiles.csv", 200).body


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def profiles() -> dict[str, SolutionProfile]:
    with reading():
        found = session().scalars(select(SolutionProfile).order_by(SolutionProfile.created_at)).all()
        return {profile.title: profile for profile in found}


def count(model: Any) -> int:
    with reading():
        return session().scalar(select(func.count()).select_from(model)) or 0


def fates(page: Page) -> list[int]:
    """How many rows are new, changed, unchanged and refused, as the tabs say."""
    names = ("New", "Changed", "Unchanged", "Refused")
    found = {text.split(" (")[0]: text for text in page.links() if text.startswith(tuple(f"{n} (" for n in names))}
    return [int(found[name].split("(")[1].rstrip(")").replace(",", "")) for name in names]


def test_the_example_has_the_columns_alone(world: World) -> None:
    page = world.browser.get(f"{world.page}/example.csv", 200)
    assert page.body == f"\ufeff{COLUMNS}\r\n"
    assert page.response.headers["Content-Disposition"] == 'attachment; filename="catalogue.csv"'


def test_what_is_taken_out_and_brought_back_changes_nothing(world: World) -> None:
    exported = world.export()
    assert [row["title"] for row in rows_of(exported)] == ["'=HYPERLINK now", "Research on boats"]
    page = world.send(exported)
    assert (page.h1, fates(page)) == ("What will change", [0, 0, 2, 0])
    assert "Bring in these changes" not in page.buttons()


def test_what_came_from_elsewhere_goes_round_unchanged_although_no_form_would_take_it(world: World) -> None:
    with transaction():
        draft = session().merge(world.draft)
        draft.price_unit, draft.problem = "a virtual machine an hour", "word " * 900
        draft.technologies = [f"tool {number}" for number in range(40)]
    assert fates(world.send(world.export())) == [0, 0, 2, 0]


def test_a_preview_shows_each_field_before_and_after_and_writes_nothing(world: World) -> None:
    before = count(AuditEntry)
    text = world.export().replace("Research on boats", "Research at sea").replace(",650,900,", ',"£1,234.50",2k,')
    page = world.send(text + ',New one,"A problem",,,user research; Service design,,,,,,,,\r\n')
    assert fates(page) == [1, 1, 1, 0]
    assert page.rows()[1:] == [
        ["title", "Research on boats", "Research at sea"],
        ["lowest price", "650", "1234.50"],
        ["highest price", "900", "2000"],
    ]
    assert page.follow("New (1)").rows()[1:] == [["4", "New one"]]
    assert page.follow("Unchanged (1)").rows()[1:] == [["2", "=HYPERLINK now"]]
    assert list(profiles()) == ["Research on boats", "=HYPERLINK now"]
    assert count(AuditEntry) == before + 1  # that a file was sent


def test_the_press_does_what_was_shown_once(world: World) -> None:
    page = world.send(
        "reference,title,capabilities,technologies,lowest price,unit,clearance,places,remote,standards\n"
        f"{world.live.id},Research at sea,user research,Miro,650,a person a day,bpss,london,yes,cyber_essentials\n"
        'A-1,New one,Service design,"Python, Go",5,a project,SC,Wales; London,no,Cyber Essentials\n'
    )
    done = page.submit("Bring in these changes")
    assert "1 draft was made, and 1 solution profile changed." in done.text
    with reading():
        made = session().scalars(select(SolutionProfile).where(SolutionProfile.reference == "A-1")).one()
        assert (made.state, made.title, made.low_pence, made.price_unit) == ("draft", "New one", 500, "a project")
        assert [each.name for each in made.capabilities] == ["Service design"]
        assert (made.clearance, made.places, made.remote) == ("sc", ["london", "wales"], False)
        assert (made.technologies, made.standards) == (["Python", "Go"], ["cyber_essentials"])
        live = session().get_one(SolutionProfile, world.live.id)
        assert (live.title, live.state, live.problem) == ("Research at sea", "live", world.live.problem)
        last = audit.entries_about(live)[-1]
        assert (last.verb, last.person_id) == ("change", world.staff.id)
        assert last.facts == {"before": {"title": "Research on boats"}, "after": {"title": "Research at sea"}}
        upload = session().scalars(select(CatalogueUpload)).one()
        assert (upload.state, upload.rows) == (BROUGHT_IN, [])
    again = world.browser.post(f"/catalogue-uploads/{upload.id}/bring-in")
    assert "These changes were brought in already." in again.text
    assert len(profiles()) == 3
    assert fates(world.send(world.export())) == [0, 0, 3, 0]


def test_a_row_finds_its_profile_by_its_own_reference_when_its_title_changed(world: World) -> None:
    world.send("reference,title\nA-1,Research on boats\n").submit("Bring in these changes")
    assert profiles()["Research on boats"].reference == "A-1"
    page = world.send("reference,title\nA-1,Research on ships\n")
    assert page.rows()[1:] == [["title", "Research on boats", "Research on ships"]]


def test_what_changed_meanwhile_is_shown_again_before_it_is_done(world: World) -> None:
    page = world.send("title,users\nResearch on boats,Everybody\n")
    with transaction():
        from app.providers.commands import change_profile

        live = session().get_one(SolutionProfile, world.live.id)
        change_profile(live, users="Nobody", by=world.staff)
    again = page.submit("Bring in these changes")
    assert again.status == 422
    assert again.errors == [
        "Your solution profiles changed after this preview was made. Look at what would change now, and press again."
    ]
    assert again.rows()[1:] == [["users", "Nobody", "Everybody"]]
    assert profiles()["Research on boats"].users == "Nobody"
    again.submit("Bring in these changes")
    assert profiles()["Research on boats"].users == "Everybody"


def test_two_presses_at_once_make_one_draft(app: Flask, world: World) -> None:
    page = world.send("title\nOnce\n")
    mark = next(e.get("value") for e in page.root.iter("input") if e.get("name") == "mark")
    browsers = [Browser(app, person) for person in (world.staff, world.colleague) for _ in range(4)]
    tokens = [browser.token() for browser in browsers]
    start = Barrier(len(browsers))

    def press(place: int) -> int:
        start.wait()
        data = {"csrf_token": tokens[place], "mark": mark}
        return browsers[place].client.post(f"{page.path}/bring-in", data=data).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        told = set(pool.map(press, range(len(browsers))))
    assert told == {303}
    assert sorted(profiles()) == ["=HYPERLINK now", "Once", "Research on boats"]


@pytest.mark.parametrize(
    ("columns", "row", "column", "says"),
    [
        ("title,problem", ",No title", "title", "Enter a title: a new solution profile needs one."),
        ("title", "x" * 201, "title", "Use 200 characters or fewer; it has 201."),
        ("title,problem", "A," + "a " * 301, "problem", "Use 300 words or fewer; it has 301."),
        ("title,lowest price", "A,cheap", "lowest price", "It must be an amount in pounds, like 1,250 or 1250.50."),
        ("title,lowest price", "A,-5", "lowest price", "It must not be less than £0."),
        ("title,highest price", "A,5", "lowest price", "Enter the lowest price too."),
        ("title;lowest price;highest price", "A;9,50;9,49", "highest price", "must be the lowest price or more"),
        ("title,unit", "A,a smile", "unit", "Use one of these: a person a day"),
        ("title,clearance", "A,top", "clearance", "It says “top”."),
        ("title,places", "A,London; Mars", "places", "It says “Mars”."),
        ("title,remote", "A,perhaps", "remote", "Use yes or no. It says “perhaps”."),
        ("title,standards", "A,ISO 1", "standards", "It says “ISO 1”."),
        ("title,capabilities", "A,Juggling", "capabilities", "We do not know “Juggling”."),
        ("title,capabilities", "A,Design", "capabilities", "We do not know “Design”."),
        ("title,technologies", "A,\"" + ",".join(map(str, range(31))) + '"', "technologies", "Use 30 names or fewer"),
        ("title,users", "Research on boats,", "users", "Say for whom it is: a published solution profile must be"),
        ("title,problem", "A,b\nA,c", "The whole row", "Row 2 is about the same solution profile."),
    ],
)  # fmt: skip
def test_a_row_that_will_not_do_is_refused_with_its_line_and_how_to_mend_it(
    world: World, columns: str, row: str, column: str, says: str
) -> None:
    page = world.send(f"{columns}\n{row}\n")
    refused = page.follow("Refused (1)").rows()[1]
    assert (refused[0], refused[2]) == (str(1 + len(row.split("\n"))), column)
    assert says in refused[3]


def test_a_retired_profile_stays_and_two_of_one_title_ask_for_a_reference(world: World) -> None:
    with transaction():
        make_provider.draft_profile(session().merge(world.provider), by=world.staff, title="Research on boats")
    page = world.send("title\nResearch on boats\n").follow("Refused (1)")
    assert "Name one by its reference" in page.rows()[1][3]
    with transaction():
        session().get_one(SolutionProfile, world.live.id).move("retire")
    page = world.send(f"reference,title\n{world.live.id},Research at sea\n").follow("Refused (1)")
    assert page.rows()[1][3] == "This solution profile is retired. Bring it back before you change it."


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"%PDF", "c.pdf", "The file must be a CSV file: in your spreadsheet, choose “Save as”, and then “CSV”"),
        (b"PK\x03\x04", "c.csv", "The file is no CSV. It is a spreadsheet or a zip archive: save it as CSV."),
        (b"", "c.csv", "The file is empty."),
        (b"\0\0\0", "c.csv", "The file has NUL characters, so it is no text. Save it as CSV in UTF-8."),
    ],
)
def test_a_file_that_is_no_catalogue_is_told_beside_its_field(
    world: World, content: bytes, name: str, says: str
) -> None:
    page = world.send(content, name)
    assert (page.status, page.errors) == (422, [says])
    assert count(CatalogueUpload) == 0


def test_a_file_that_is_too_large_is_told_beside_its_field(world: World) -> None:
    token = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{world.browser.token()}\r\n'
    named = '--b\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\n'
    body = f"{token}{named}{'a' * (4 * 1024 * 1024 + 1)}\r\n--b--\r\n".encode()
    answer = world.browser.client.post(world.page, data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 422
    assert '<a href="#file">The file must be 4 MB or smaller: send it in parts</a>' in answer.get_data(as_text=True)


def test_nobody_else_finds_any_of_it(world: World, browser: Browsers) -> None:
    preview = world.send("title\nA\n").path
    for person in (None, world.stranger, with_operator()):
        other = browser(person)
        for path in (world.page, f"{world.page}/profiles.csv", f"{world.page}/example.csv", preview):
            assert other.get(path).status == 404
        for path in (f"{preview}/bring-in", f"{preview}/drop", world.page):
            assert other.post(path).status == 404
    assert browser(world.colleague).get(preview, 200).h1 == "What will change"
    assert count(CatalogueUpload) == 1


def with_operator() -> Any:
    with transaction():
        return make.operator()


def test_a_file_that_waits_is_found_again_replaced_and_thrown_away(world: World) -> None:
    world.send("title\nA\n", "first.csv")
    world.send("title\nB\n", "second.csv")
    page = world.browser.get(world.page)
    assert ("first.csv" in page.links(), "second.csv" in page.links()) == (False, True)
    gone = page.follow("second.csv").submit("Throw the file away")
    assert "Nothing was changed." in gone.text
    assert (count(CatalogueUpload), len(profiles())) == (0, 2)


def test_a_hostile_mark_or_a_missing_one_brings_in_nothing(world: World) -> None:
    path = world.send("title\nA\n").path
    assert world.browser.post(f"{path}/bring-in", 422, mark="0" * 16).h1 == "What will change"
    assert world.browser.post(f"{path}/bring-in", 422).h1 == "What will change"
    assert len(profiles()) == 2


def statements(work: Callable[[], Any]) -> int:
    seen: list[str] = []
    note = lambda *told: seen.append(told[2])
    event.listen(db.database().engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.database().engine, "before_cursor_execute", note)
    return len(seen)


def test_a_preview_asks_as_often_for_one_row_as_for_many(world: World) -> None:
    one = world.send("title,users\nResearch on boats,All\n").path
    asked = statements(lambda: world.browser.client.get(one))
    rows = "".join(f"Offer {number},All\n" for number in range(300))
    many = world.send(f"title,users\nResearch on boats,All\n=HYPERLINK now,All\n{rows}").path
    assert statements(lambda: world.browser.client.get(many)) == asked


def test_a_formula_goes_out_as_text(world: World) -> None:
    world.send('title,problem\n=1+1,"@SUM(A1)\n-2"\n').submit("Bring in these changes")
    row = next(row for row in rows_of(world.export()) if row["title"] == "'=1+1")
    assert row["problem"] == "'@SUM(A1)\n-2"
    assert profiles()["=1+1"].problem == "@SUM(A1)\n-2"
    assert profiles()["=1+1"].created_at < datetime.now(UTC)
