"""Pages of attachments, as people meet them, and as those do who mean harm."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.accounts.models import Person
from app.kernel import clock, db, files, scanning
from app.kernel.db import reading, transaction
from app.kernel.filetypes import TYPES
from app.kernel.forms.files import AGAIN, plain_name
from app.needs import queries as needs
from app.needs.attachments import commands, queries
from app.needs.attachments.models import Attachment
from app.needs.models import Need
from app.needs.queries import get_need
from tests import make
from tests.browser import Browser, Page, bare
from tests.needs import make as make_need
from tests.needs.attachments import make as make_file
from tests.sample_files import GOOD, PDF, pdf

Browse = Callable[..., Browser]


def draft_and_author() -> tuple[Need, Person]:
    with transaction():
        need = make_need.complete_draft()
        return need, need.owners[0].person


def live_and_author() -> tuple[Need, Person]:
    with transaction():
        need = make_need.live_need()
        return need, need.owners[0].person


def titles(need: Need) -> list[str]:
    with reading():
        return [each.title for each in queries.attachments_of(need)]


def a_file(content: bytes = PDF, name: str = "plan.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def add(page: Page, button: str = "Add the file", **fields: Any) -> Page:
    return page.submit(button, **{"file": a_file(), **fields})


def test_a_file_is_added_named_published_read_and_removed(browser: Browse) -> None:
    need, author = draft_and_author()
    page = browser(author).get(f"/needs/{need.id}/edit").follow("Attachments")
    page = add(page, title="Plan of the depots")
    assert f"Plan of the depots plan.pdf, PDF, {len(PDF)} bytes Not scanned" in page.text
    page = page.follow("Change title of Plan of the depots").submit("Save the title", title="The depots")
    page = page.follow("Back to the draft")
    assert "Attachments 1 added" in page.text
    with transaction():
        make_need.look_first(get_need(need.id), "open")
    page = page.follow("Check and publish")
    assert "The depots plan.pdf, PDF" in page.text
    with transaction():
        make_need.publish(get_need(need.id))
    read = browser().get(f"/needs/{need.id}").follow("The depots")
    assert (read.status, read.response.data) == (200, PDF)


def test_each_type_is_taken_by_its_page_and_given_back_as_it_came(browser: Browse) -> None:
    need, author = draft_and_author()
    page = browser(author).get(f"/needs/{need.id}/attachments")
    for ending, content in list(GOOD.items())[:10]:
        page = add(page, file=a_file(content, f"a.{ending}"), title=ending)
    for ending, content in list(GOOD.items())[:10]:
        assert page.follow(ending).response.data == content
    assert "10 files are the most that there can be." in page.text
    assert "Add the file" not in page.buttons()


LYING = "The file is not what its name says: it ends in .pdf, and inside it is something else"
REFUSED = {
    "nothing": (None, "Choose a file from your device"),
    "empty": (a_file(b""), "The file is empty: choose one that has something in it"),
    "lying": (a_file(b"text", "a.pdf"), LYING),
    "web page": (a_file(b"<p>", "a.html"), "The file must not be a web page or a drawing in SVG: save it as a PDF"),
    "macros": (a_file(GOOD["docx"], "a.docm"), "The file must not hold macros: save it without them, or as a PDF"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_beside_the_field_and_what_was_typed_stays(browser: Browse, case: str) -> None:
    need, author = draft_and_author()
    file, why = REFUSED[case]
    page = add(browser(author).get(f"/needs/{need.id}/attachments"), file=file, title="Plan of the <b>depots</b>")
    assert (page.status, page.errors) == (422, [why])
    assert next(field for field in page.root.iter("input") if field.get("id") == "title").get("value") == (
        "Plan of the <b>depots</b>"
    )
    assert titles(need) == []


def test_a_good_file_beside_something_wrong_is_to_be_chosen_again(browser: Browse) -> None:
    need, author = live_and_author()
    page = add(browser(author).get(f"/needs/{need.id}/attachments"), "Publish the amendment", title="Plan", reason=" ")
    assert page.errors == [AGAIN, "Enter a reason"]
    assert titles(need) == []


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\plan.pdf": "plan.pdf",
    '"><script>alert(1)</script>.pdf': "script-.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie- x=1.pdf",
    "gpj.\u202efdp.pdf": "gpj.fdp.pdf",
    "\x00\x1b.pdf": "file.pdf",
    "Grüße 北京.pdf": "Grüße 北京.pdf",
    "x" * 300 + ".pdf": "x" * 116 + ".pdf",
    "...pdf": "file.pdf",
    ".pdf": "file.pdf",
    "plan.pdf. ": "plan.pdf",
    "C:plan.pdf": "C-plan.pdf",
    "a;b='c'%00%0d.pdf": "a;b='c'%00%0d.pdf",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_shown_and_saved_as_a_plain_one(browser: Browse, name: str) -> None:
    assert plain_name(name) == NAMES[name]
    need, author = draft_and_author()
    someone = browser(author)
    with transaction():
        commands.attach_file(needs.get_need(need.id), title="", file=make_file.upload(PDF, plain_name(name)), by=author)
    page = someone.get(f"/needs/{need.id}/attachments")
    assert "<script>alert" not in page.body
    assert NAMES[name] in page.text
    answer = page.follow(NAMES[name]).response
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in [key for key, _ in answer.headers if key == "Set-Cookie: x"]


def test_names_travel_through_a_real_form(browser: Browse) -> None:
    need, author = draft_and_author()
    page = browser(author).get(f"/needs/{need.id}/attachments")
    page = add(page, file=a_file(PDF, "../../<img src=x>\u202egnp.pdf"), title="<img src=x onerror=alert(1)>")
    assert "<img" not in page.body
    assert "-img src=x-gnp.pdf" in page.text


# downloads


def published(browser: Browse, name: str = "plan.pdf", content: bytes = PDF) -> tuple[Browser, str]:
    with transaction():
        need = make_need.live_need()
        made = commands.attach_file(
            need, title="Plan", file=make_file.upload(content, name), reason="x", by=need.owners[0].person
        )
    return browser(), f"/attachments/{made.id}"


@pytest.mark.parametrize("ending", GOOD)
def test_a_download_has_safe_headers(browser: Browse, ending: str) -> None:
    someone, path = published(browser, f"Plan “A”, für alle.{ending}", GOOD[ending])
    answer = someone.get(path, 200).response
    shown = {name: answer.headers[name] for name in ("X-Content-Type-Options", "Cache-Control", "Content-Length")}
    assert shown == {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Length": str(len(GOOD[ending])),
    }
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Type"].split(";")[0] == TYPES[ending].mime
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert f"filename*=UTF-8''Plan%20%E2%80%9CA%E2%80%9D%2C%20f%C3%BCr%20alle.{ending}" in disposition
    assert disposition.isascii()


def test_a_download_is_asked_for_by_its_hash_and_in_parts(browser: Browse) -> None:
    someone, path = published(browser)
    etag = someone.get(path, 200).response.headers["ETag"]
    with reading():
        assert etag == f'"{queries.find_attachment(path.rpartition("/")[2]).digest}"'  # type: ignore[union-attr]
    same = ask(someone, path, {"If-None-Match": etag})
    assert (same.status_code, same.data) == (304, b"")
    part = ask(someone, path, {"Range": "bytes=5-9"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, PDF[5:10], f"bytes 5-9/{len(PDF)}")
    assert ask(someone, path, {"Range": "bytes=900-"}).status_code == 416
    for answer in (same, part):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def ask(someone: Browser, path: str, headers: dict[str, str]) -> Any:
    """What comes of a GET with these headers, read to its end."""
    with someone.client.get(path, headers=headers) as answer:
        answer.get_data()
        return answer


# who may


PEOPLE = ["nobody", "supplier", "elsewhere", "colleague", "officer", "drafts", "publishes", "reads", "operator"]
READERS = {"officer", "drafts", "publishes", "reads"}
# who may: download a clean file, download one that waits, open the page on which files are added
RULES = {
    "draft": (READERS, READERS, {"drafts", "publishes"}),
    "live": (set(PEOPLE), READERS, {"publishes"}),
}


def people_of(need: Need) -> dict[str, Person | None]:
    ministry = need.department
    found: dict[str, Person | None] = {"nobody": None, "supplier": make.staff(make.supplier())}
    found |= {"elsewhere": make.officer(make.department()), "colleague": make.buyer(ministry)}
    found |= {"officer": make.officer(ministry), "operator": make.operator()}
    for role, duty in (("drafts", "draft"), ("publishes", "publish"), ("reads", "read")):
        person = found[role] = make.buyer(ministry)
        make_need.commands.add_owner(need, person, duty, by=need.owners[0].person)
    return found


def standing_files(state: str) -> tuple[Need, Attachment, Attachment, Attachment, dict[str, Person | None]]:
    with transaction():
        need = make_need.need_in(state)
        clean = make_file.attachment(need, title="Clean")
        scanning.use(("false",))
        waiting, refused = (make_file.attachment(need, title=title) for title in ("Waiting", "Refused"))
        commands.refuse_attachment(refused)
        return need, clean, waiting, refused, people_of(need)


@pytest.mark.parametrize("state", RULES)
def test_who_reads_and_who_adds(browser: Browse, state: str) -> None:
    need, clean, waiting, refused, people = standing_files(state)
    unknown = bare(browser().get("/attachments/000000000000", 404).body)
    found: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for role, person in people.items():
        for number, made in enumerate((clean, waiting)):
            if browser(person).get(f"/attachments/{made.id}").status == 200:
                found[number].add(role)
        assert browser(person).get(f"/attachments/{refused.id}").status == 404
        if browser(person).get(f"/needs/{need.id}/attachments").h1 == "Attachments":
            found[2].add(role)
    assert found == RULES[state]
    assert bare(browser().get(f"/attachments/{waiting.id}", 404).body) == unknown


@pytest.mark.parametrize("state", RULES)
@pytest.mark.parametrize("act", ["add", "remove", "rename"])
def test_no_act_is_done_for_who_may_not(browser: Browse, state: str, act: str) -> None:
    need, clean, _waiting, _refused, people = standing_files(state)
    path = f"/needs/{need.id}/attachments" if act == "add" else f"/attachments/{clean.id}/{act}"
    before = {path.name for path in files.path_of("0" * 64).parents[1].rglob("*")}
    for role in set(people) - RULES[state][2]:
        page = browser(people[role]).post(path, file=a_file(pdf(77)), title="X", reason="x")
        assert page.status in (403, 404) or page.h1 == "Sign in"
    assert sorted(titles(need)) == ["Clean", "Refused", "Waiting"]
    assert {path.name for path in files.path_of("0" * 64).parents[1].rglob("*")} == before


def test_an_upload_that_comes_twice_and_one_without_a_token(browser: Browse) -> None:
    need, author = draft_and_author()
    someone = browser(author)
    someone.post(f"/needs/{need.id}/attachments", file=a_file(), title="A")
    page = someone.post(f"/needs/{need.id}/attachments", file=a_file(), title="B")
    assert (page.status, page.errors) == (422, ["This file is attached already, as “A”"])
    assert someone.send(f"/needs/{need.id}/attachments", {"file": a_file(pdf(5)), "title": "C"}).status == 400
    assert titles(need) == ["A"]


# what was published


def test_a_live_need_changes_by_amendments_that_everybody_reads(browser: Browse) -> None:
    need, author = live_and_author()
    page = browser(author).get(f"/needs/{need.id}").follow("Add or remove attachments")
    page = add(page, "Publish the amendment", title="Map", reason="Suppliers asked for it.")
    assert "Added by amendment 1" in page.text
    page = page.follow("Remove Map").submit("Publish the amendment", reason="")
    assert page.errors == ["Enter a reason"]
    page = page.submit("Publish the amendment", reason="It shows the wrong depots.")
    assert "No file is attached yet." in page.text
    public = browser().get(f"/needs/{need.id}")
    assert "Amendment 2: It shows the wrong depots." in public.text
    assert ["Attachment", f"Map, plan.pdf (PDF, {len(PDF)} bytes)", "Nothing"] in public.rows()
    assert "Removed by amendment 2: no part of the need any more." in public.text
    assert public.follow("Map").response.data == PDF


@pytest.mark.parametrize("path", ["attachments", "remove", "rename"])
def test_an_ended_need_is_not_amended(browser: Browse, path: str) -> None:
    with transaction():
        need = make_need.live_need()
        made, author = make_file.attachment(need), need.owners[0].person
        make_need.commands.withdraw_need(need, reason="x", by=author)
    address = f"/needs/{need.id}/attachments" if path == "attachments" else f"/attachments/{made.id}/{path}"
    page = browser(author).get(address)
    assert (page.status, page.h1) == (409, "This cannot be done now")
    assert browser(author).get(f"/attachments/{made.id}").status == 200


def test_what_waits_and_what_was_refused_is_said_on_the_page(browser: Browse) -> None:
    need, _clean, _waiting, _refused, people = standing_files("live")
    page = browser(people["nobody"]).get(f"/needs/{need.id}")
    for said in ("Clean plan.pdf", "Not scanned", "Being checked", "Refused by the check, and not kept"):
        assert said in page.text
    assert {"Clean", "Waiting", "Refused"} & set(page.links()) == {"Clean"}
    assert {"Clean", "Waiting", "Refused"} & set(browser(people["reads"]).get(page.path).links()) == {
        "Clean",
        "Waiting",
    }


def test_a_list_of_ten_asks_no_more_than_a_list_of_one(browser: Browse) -> None:
    need, author = draft_and_author()
    someone, asked = browser(author), []
    for many in (1, 9):
        with transaction():
            for _ in range(many):
                make_file.attachment(needs.get_need(need.id))
        asked.append(statements(someone, f"/needs/{need.id}"))
    assert asked[0] == asked[1]


def statements(someone: Browser, path: str) -> int:
    """How many statements one GET of this path takes."""
    someone.get(path, 200)  # the index has caught up
    found: list[str] = []
    listener = lambda *arguments: found.append(arguments[2])
    event.listen(db.database().engine, "before_cursor_execute", listener)
    try:
        someone.get(path, 200)
    finally:
        event.remove(db.database().engine, "before_cursor_execute", listener)
    return len(found)


def test_a_file_that_comes_near_the_deadline_leads_to_where_more_time_is_given(browser: Browse) -> None:
    with transaction():
        need = make_need.open_need(clock.now() + timedelta(days=6), questions_until=clock.now() + timedelta(days=2))
        author = make_need.publisher_of(need)
    page = browser(author).get(f"/needs/{need.id}/attachments")
    page = add(page, "Publish the amendment", title="Plan", reason="It was missing.")
    assert page.path == f"/needs/{need.id}/amend/timing"
    assert "You can give them more time here." in page.text
