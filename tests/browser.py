"""A browser for tests without pictures: a client that checks every page it is given."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask

from app.kernel import search

FIELDS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button", "image"}


def bare(body: str) -> str:
    """A page without its form tokens, which tell the second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", body)


class Page:
    """One page as it came, parsed and checked."""

    def __init__(self, browser: "Browser", path: str, response: Any) -> None:
        self.browser, self.path, self.response = browser, path, response
        self.status: int = response.status_code
        self.body: str = response.get_data().decode("utf-8", "replace")
        response.close()  # of a file that was sent, and is still open
        self.is_html = response.content_type.startswith("text/html")
        if self.is_html:
            parser = html5lib.HTMLParser(namespaceHTMLElements=False)
            self.root: Element = parser.parse(self.body)
            self.faults = [f"{place}: {code}" for place, code, _ in parser.errors]

    @property
    def h1(self) -> str:
        return text_of(next(self.root.iter("h1")))

    @property
    def text(self) -> str:
        """What a reader sees of the main part, spaces folded."""
        return text_of(next(self.root.iter("main")))

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        boxes = [e for e in self.root.iter() if "govuk-error-summary__list" in e.get("class", "")]
        return [text_of(item) for box in boxes for item in box.iter("li")]

    def links(self) -> dict[str, str]:
        """Link texts and where they lead."""
        return {text_of(a): a.get("href", "") for a in self.root.iter("a")}

    def rows(self) -> list[list[str]]:
        """The cells of every table row."""
        return [[text_of(cell) for cell in row if cell.tag in ("td", "th")] for row in self.root.iter("tr")]

    def follow(self, text: str) -> "Page":
        """Click the link with this text."""
        return self.browser.get(urljoin(self.path, self.links()[text]))

    def form(self, button: str) -> Element:
        """The form that has a button with this text."""
        for form in self.root.iter("form"):
            if any(text_of(b) == button for b in form.iter("button")):
                return form
        raise AssertionError(f"no form has a button {button!r}; there are {self.buttons()}")

    def buttons(self) -> list[str]:
        return [text_of(b) for b in self.root.iter("button")]

    def submit(self, button: str, values: dict[str, Any] | None = None, **fields: Any) -> "Page":
        """Fill the form of this button with `fields` over what stands in it, and press."""
        form = self.form(button)
        data = filled(form)
        data.update({**(values or {}), **fields})
        pressed = next(b for b in form.iter("button") if text_of(b) == button)
        if pressed.get("name"):
            data[pressed.get("name", "")] = pressed.get("value", "")
        target = urljoin(self.path, pressed.get("formaction") or form.get("action") or self.path)
        if form.get("method", "get").lower() == "get":
            return self.browser.get(target, query_string={k: v for k, v in data.items() if v is not None})
        return self.browser.send(target, {k: v for k, v in data.items() if v is not None})


class Browser:
    """One person at one browser, or nobody."""

    def __init__(self, app: Flask, person: Any = None) -> None:
        self.client = app.test_client()
        if person is not None:
            with self.client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = person.get_id(), True

    def get(self, path: str, status: int | None = None, **options: Any) -> Page:
        """Ask for a page, with the index caught up, and follow redirects."""
        search.catch_up()
        response = self.client.get(path, **options)
        return self._arrive(path, response, status)

    def send(self, path: str, data: dict[str, Any], status: int | None = None) -> Page:
        """POST exactly this data (token included by the caller), and follow the redirect."""
        return self._arrive(path, self.client.post(path, data=data), status)

    def post(self, path: str, status: int | None = None, **data: Any) -> Page:
        """POST with a good token, whatever page was shown before: for hostile and parallel requests."""
        return self.send(path, {"csrf_token": self.token(), **data}, status)

    def token(self) -> str:
        """A token of this browser's session."""
        page = self.client.get("/account") if "_user_id" in self._session() else self.client.get("/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert found, "no form with a token was found"
        return found[1]

    def _session(self) -> dict[str, Any]:
        with self.client.session_transaction() as session:
            return dict(session)

    def _arrive(self, path: str, response: Any, status: int | None) -> Page:
        for _ in range(5):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            path = urljoin(path, response.headers["Location"])
            parts = urlsplit(path)
            assert parts.netloc in ("", "localhost"), f"led away to {path}"
            search.catch_up()
            response = self.client.get(parts._replace(scheme="", netloc="").geturl())
        page = Page(self, path, response)
        if status is not None:
            assert page.status == status, f"{path}: {page.status}, not {status}: {page.body[:300]}"
        else:
            assert page.status < 500, f"{path}: {page.status}"
        if page.is_html:
            check(page)
        return page


def text_of(element: Element) -> str:
    """The text within, spaces folded, without scripts."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style"):
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def filled(form: Element) -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    data: dict[str, Any] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type", "text")
        if field.tag not in FIELDS or not name or field.get("disabled") is not None:
            continue
        if field.tag == "select":
            chosen = [o for o in field.iter("option") if o.get("selected") is not None] or list(field.iter("option"))[
                :1
            ]
            data.setdefault(name, []).extend(o.get("value", text_of(o)) for o in chosen)
        elif field.tag == "textarea":
            data[name] = field.text or ""
        elif kind in ("radio", "checkbox"):
            if field.get("checked") is not None:
                data.setdefault(name, []).append(field.get("value", "on"))
        elif kind not in ("submit", "button", "file"):
            data[name] = field.get("value", "")
    return data


def check(page: Page) -> None:
    """What is asked of every page: valid HTML, one h1 that the title begins with, labels, unique ids, safe forms."""
    assert not page.faults, f"{page.path}: not valid HTML: {page.faults[:5]}"
    headings = [text_of(h) for h in page.root.iter("h1")]
    assert len(headings) == 1, f"{page.path}: h1 {headings}"
    title = text_of(next(page.root.iter("title")))
    assert headings[0] in title, f"{page.path}: title {title!r} without its h1 {headings[0]!r}"
    ids = Counter(e.get("id") for e in page.root.iter() if e.get("id"))
    assert not [i for i, n in ids.items() if n > 1], f"{page.path}: ids twice: {[i for i, n in ids.items() if n > 1]}"
    _check_references(page, set(ids))
    _check_forms(page)
    for element in page.root.iter():
        assert not element.get("style"), f"{page.path}: inline style"
        assert not [n for n in element.attrib if n.startswith("on")], f"{page.path}: inline handler"
    for shown in ("{{", "}}", "None,", "Undefined"):
        assert shown not in page.text, f"{page.path}: shows {shown!r}"


def _check_references(page: Page, ids: set[str]) -> None:
    for element in page.root.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            missing = [i for i in element.get(name, "").split() if i not in ids]
            assert not missing, f"{page.path}: {name} names {missing}"
        href = element.get("href", "")
        if element.tag == "a" and len(href) > 1 and href.startswith("#"):
            assert href[1:] in ids, f"{page.path}: link to {href}"


def _check_forms(page: Page) -> None:
    labelled = {label.get("for") for label in page.root.iter("label")}
    for form in page.root.iter("form"):
        names = [field.get("name") for field in form.iter() if field.tag in FIELDS]
        if form.get("method", "get").lower() == "post":
            assert "csrf_token" in names, f"{page.path}: a form without a token"
        for field in form.iter():
            if field.tag in FIELDS and field.get("type", "text") not in UNLABELLED:
                named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
                assert named, f"{page.path}: {field.get('name')} has no label"
