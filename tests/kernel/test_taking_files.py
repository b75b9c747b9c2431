"""Requests with files: larger where that was said, and read to their end before anybody's writing waits for them."""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.accounts.models import Person
from app.kernel import db, files, requests
from app.kernel.db import reading, transaction
from app.needs.attachments import queries
from app.needs.models import Need
from tests.browser import Browser
from tests.needs import make as make_need
from tests.sample_files import PDF

Browse = Callable[..., Browser]
MB = 1024 * 1024


@pytest.fixture
def draft(app: Flask) -> tuple[Need, Person]:
    with transaction():
        need = make_need.complete_draft()
        return need, need.owners[0].person


def send(someone: Browser, path: str, content: bytes) -> tuple[int, str]:
    """POST a file as a browser does; the status and the page that comes."""
    answer = someone.client.post(path, data=body_of(someone, content), content_type="multipart/form-data; boundary=b")
    return answer.status_code, answer.get_data(as_text=True)


def body_of(someone: Browser, content: bytes) -> bytes:
    token = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{someone.token()}\r\n'.encode()
    named = b'--b\r\nContent-Disposition: form-data; name="file"; filename="slow.txt"\r\n\r\n'
    return token + named + content + b"\r\n--b--\r\n"


def test_only_what_takes_files_takes_more_than_4_mb(browser: Browse, draft: tuple[Need, Person]) -> None:
    need, author = draft
    someone = browser(author)
    assert send(someone, f"/needs/{need.id}/edit/problem", b"x" * 5 * MB)[0] == 413
    assert send(someone, f"/needs/{need.id}/attachments", b"x" * 5 * MB)[0] == 303
    assert someone.post(f"/needs/{need.id}/attachments", title="x" * 5 * MB).status == 413
    with reading():
        assert [each.size for each in queries.attachments_of(need)] == [5 * MB]


def test_exactly_20_mb_is_taken_and_a_byte_more_is_refused_beside_the_field(
    browser: Browse, draft: tuple[Need, Person]
) -> None:
    need, author = draft
    someone, path = browser(author), f"/needs/{need.id}/attachments"
    assert send(someone, path, b"x" * 20 * MB)[0] == 303
    assert "slow.txt" in someone.get(path, 200).links()
    status, page = send(someone, path, b"x" * (20 * MB + 1))
    assert status == 422
    assert '<a href="#file">The file must be 20 MB or smaller</a>' in page
    with reading():
        assert [each.size for each in queries.attachments_of(need)] == [20 * MB]


LIMITS = [
    ("attachments", "A file may have at most 20 MB. Send one at a time."),
    ("edit/problem", "A page may send at most 4 MB of text."),
]


@pytest.mark.parametrize(("page", "said"), LIMITS)
def test_the_page_of_what_is_too_large_says_how_large_it_may_be(
    browser: Browse, draft: tuple[Need, Person], page: str, said: str
) -> None:
    need, author = draft
    status, text = send(browser(author), f"/needs/{need.id}/{page}", b"x" * 33 * MB)
    assert status == 413
    assert said in text


def test_a_page_that_is_not_there_is_not_there_however_much_is_sent(browser: Browse) -> None:
    assert send(browser(), "/nowhere", b"x" * 5 * MB)[0] == 404


@pytest.fixture
def address(app: Flask) -> Iterator[tuple[str, int]]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def head_and_body(someone: Browser, path: str, content: bytes) -> tuple[bytes, bytes]:
    """A POST of a file as it goes over the wire, in two parts."""
    body, cookie = body_of(someone, content), someone.client.get_cookie("clarion")
    assert cookie is not None
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: clarion={cookie.value}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def test_a_slow_upload_holds_up_nobody_who_writes(
    browser: Browse, draft: tuple[Need, Person], address: tuple[str, int]
) -> None:
    need, author = draft
    head, body = head_and_body(browser(author), f"/needs/{need.id}/attachments", b"%" * 200_000)
    with socket.create_connection(address, timeout=20) as slow:
        slow.sendall(head + body[:150_000])
        time.sleep(0.3)  # the server is in the middle of the body
        began = time.monotonic()
        with transaction():
            make_need.draft_need(title="Posted meanwhile")
        assert time.monotonic() - began < 5
        with reading():
            assert queries.attachments_of(need) == []
        slow.sendall(body[150_000:])
        answer = slow.recv(100)
    assert b" 303 " in answer
    with reading():
        assert [each.name for each in queries.attachments_of(need)] == ["slow.txt"]


def test_a_slow_disk_holds_up_nobody_who_writes(
    browser: Browse, draft: tuple[Need, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is kept while no transaction is open."""
    need, author = draft
    keep, open_then = files.keep, []

    def watched(source: files.Readable, most: int) -> files.Kept:
        open_then.append(db.has_session())
        return keep(source, most)

    monkeypatch.setattr(files, "keep", watched)
    page = browser(author).post(f"/needs/{need.id}/attachments", file=(io.BytesIO(PDF), "a.pdf"))
    assert (page.h1, open_then) == ("Attachments", [False])


def test_who_sends_far_too_much_reads_why_when_all_is_sent(
    browser: Browse, draft: tuple[Need, Person], address: tuple[str, int]
) -> None:
    need, author = draft
    head, body = head_and_body(browser(author), f"/needs/{need.id}/attachments", b"x" * 40 * MB)
    with socket.create_connection(address, timeout=60) as sender:
        sender.sendall(head + body)
        answer = b"".join(iter(lambda: sender.recv(65536), b""))
    assert b" 413 " in answer.splitlines()[0]
    assert b"at most 20 MB" in answer


def test_the_limit_with_files_leaves_room_for_a_file_that_is_a_little_too_large() -> None:
    assert requests.MOST_WITH_FILES > 20 * MB + MB
