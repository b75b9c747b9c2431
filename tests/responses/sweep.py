"""The sweep: every address for every role, every table, file and log line, against words that must stay with few.

A new argument of an address gets a line in IDS or WORDS_OF, and a row that few may read a line in SECRETS: tests fail
while one is missing.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel import clock, jobs, search
from app.kernel.db import Base, reading, session
from app.needs.sections import SECTIONS as NEED_SECTIONS
from app.providers.completeness import SECTIONS as PROFILE_SECTIONS
from tests.browser import Browser
from tests.responses.conftest import World

Browse = Callable[..., Browser]
CANARY, PRICE = "zanzibarquill", 987_654_321
NOBODY = "nobody"
# the rows that fill each argument of an address
IDS = {
    "answer_id": ("public_answers", "idea_answers"),
    "attachment_id": ("attachments",),
    "capability_id": ("capabilities",),
    "claim_id": ("claims",),
    "comment_id": ("need_comments",),
    "evidence_id": ("evidence",),
    "idea_id": ("ideas",),
    "interest_id": ("interests",),
    "invitation_id": ("invitations",),
    "mail_domain_id": ("mail_domains",),
    "membership_id": ("memberships",),
    "need_id": ("needs",),
    "organisation_id": ("organisations",),
    "owner_id": ("need_owners",),
    "partner_id": ("need_partners",),
    "partnership_id": ("partnerships",),
    "profile_id": ("solution_profiles",),
    "provider_id": ("providers",),
    "question_id": ("questions",),
    "receipt_id": ("submission_receipts",),
    "requirement_id": ("requirements",),
    "response_id": ("responses",),
    "template_id": ("need_templates",),
}
# arguments that are no row's id, and what stands in for them
WORDS_OF = {
    "section": (*NEED_SECTIONS, *PROFILE_SECTIONS),
    "secret": ("nobody-was-sent-this",),
    "token": ("nobody-was-sent-this",),
}
MOST_OF_EACH = 2
# what a secret can stand in is looked at one by one
EACH = ("answer_id", "idea_id", "interest_id", "receipt_id", "response_id", "section")
# signed with the time, so they change without anybody doing anything
TOKENS = re.compile(r'name="(csrf_token|seen)" value="[^"]*"')
COOKIES = re.compile(r"(?m)^(Set-Cookie|Content-Length): .*$")
TELL_THE_TIME = ("/healthz", "/readyz")
# a word as long as the canary, which nobody wrote
UNWRITTEN = "vantablackkiw"
LEFT_OUT = {"accounts.sign_out"}
OWN, DEPARTMENTS = {"staff", "lead", "both"}, {"author", "owner", "buyer", "officer", "elsewhere"}
BUYING = {"author", "owner", "officer"}


@dataclass(frozen=True)
class Secret:
    """Something written where few may read it: how it is known again, and the roles that may read it."""

    words: tuple[str, ...]
    readers: frozenset[str]

    def is_in(self, text: str) -> bool:
        """Whether a text has it."""
        lower = text.lower()
        return any(word in lower for word in self.words)


SECRETS = {
    # who is of the provider and of the department stands on the buying side, and reads no response
    "response": Secret((CANARY, str(PRICE), "9,876,543"), frozenset(OWN - {"both"})),
    "interest": Secret(("quokkavelvet",), frozenset(OWN - {"both"} | BUYING)),
    "idea in draft": Secret(("marzipanlathe",), frozenset(OWN)),
    "idea proposed": Secret(("okapisextant",), frozenset(OWN | DEPARTMENTS)),
    "question to an idea": Secret(("gingkothimble",), frozenset(OWN | {"author", "owner", "buyer", "officer"})),
}


class Lines(logging.Handler):
    """Every log line of a test, its set-up included, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(message)s"))
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"


def listened() -> Iterator[Lines]:
    """All that is logged, until the test is over."""
    lines, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(before)


def work_through() -> None:
    """Let background work happen: notices, mail, index."""
    with clock.at(clock.now() + timedelta(seconds=1)):
        while jobs.run_due():
            pass
    search.catch_up()


def known_ids(world: World) -> dict[str, list[str]]:
    """Real ids for each argument of an address, those of the world's own rows first, and words for the others."""
    found: dict[str, list[str]] = {name: list(words) for name, words in WORDS_OF.items()}
    own = [world.need.id, world.early.id, world.provider.id, world.rival.id]
    with reading():
        for name, tables in IDS.items():
            ids = [each for table in tables for each in session().scalars(select(Base.metadata.tables[table].c.id))]
            found[name] = sorted(ids, key=lambda each: (own.index(each) if each in own else len(own), each))
    return found


def arguments(app: Flask) -> set[str]:
    """The names of all arguments that addresses have."""
    return {name for rule in app.url_map.iter_rules() for name in rule.arguments}


def addresses(app: Flask, world: World, method: str = "GET", *, only: Iterable[str] = ()) -> list[str]:
    """Every address that takes this method, filled with real ids; `only` those with one of these arguments."""
    ids, wanted = known_ids(world), set(only)
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if (
            method not in (rule.methods or set())
            or rule.endpoint in LEFT_OUT
            or (wanted and not wanted & rule.arguments)
        ):
            continue
        ways = [rule.rule]
        for name in sorted(rule.arguments):
            values = ids[name] if name in EACH or name in wanted else ids[name][:MOST_OF_EACH]
            ways = [re.sub(rf"<(\w+:)?{name}>", value, way) for way in ways for value in values]
        found += ways
    return found


def asked_for(app: Flask, world: World) -> list[str]:
    """The addresses of lists and pages, and what can be asked of them besides: streams, providers, pages of a feed."""
    ids = known_ids(world)
    streams = [
        f"/audit?stream={kind}:{each}" for kind in ("responses", "ideas", "needs") for each in ids[f"{kind[:-1]}_id"]
    ]
    speaking = [
        f"/needs/{need}/{what}?provider={provider}"
        for need in ids["need_id"][:MOST_OF_EACH]
        for provider in ids["provider_id"][:MOST_OF_EACH]
        for what in ("respond", "interest")
    ]
    return [*addresses(app, world), *streams, *speaking, "/open-data/releases.json?page=2"]


def person_of(world: World, role: str) -> object:
    return None if role == NOBODY else world.people[role]


def leaking_pages(app: Flask, browser: Browse, world: World, roles: Iterable[str]) -> list[str]:
    """The pages, by role, that show somebody what is not for them."""
    paths, leaks = asked_for(app, world), []
    for role in roles:
        client = browser(person_of(world, role)).client
        for path in paths:
            told = answered(client, path)
            leaks += [
                f"{name}: {role} {path}"
                for name, each in SECRETS.items()
                if each.is_in(told) and role not in each.readers
            ]
    return leaks


def found_by_words(app: Flask, browser: Browse, world: World, roles: Iterable[str]) -> list[str]:
    """The pages that answer otherwise to a sealed word than to one that nobody wrote."""
    ids = {each for found in known_ids(world).values() for each in found}
    lists = [path for path in addresses(app, world) if not ids & set(path.split("/")) and path not in TELL_THE_TIME]
    with clock.at(clock.now()):
        unsaid = pages_as_they_are(browser, world, [f"{path}?q={UNWRITTEN}" for path in lists], roles)
        said = pages_as_they_are(browser, world, [f"{path}?q={CANARY}" for path in lists], roles)
    return differences(
        unsaid, {key.replace(CANARY, UNWRITTEN): page.replace(CANARY, UNWRITTEN) for key, page in said.items()}
    )


def answered(client: FlaskClient, path: str) -> str:
    """All that an address answers: status, headers and body, whatever it is a file of."""
    answer = client.get(path)
    body = answer.get_data().decode("utf-8", "replace")
    answer.close()
    return f"{answer.status_code} {answer.headers}\n{body}"


def _page(client: FlaskClient, path: str) -> str:
    """The same, without what changes by itself."""
    return TOKENS.sub("", COOKIES.sub("", answered(client, path)))


def answering_acts(app: Flask, browser: Browse, world: World, roles: Iterable[str]) -> list[str]:
    """The addresses of responses, read or acted on, that say to somebody else that there is one: all are not found."""
    found = []
    for role in roles:
        person = browser(person_of(world, role))
        token, client = person.token(), person.client
        for path in addresses(app, world, only=("response_id", "receipt_id")):
            found += [f"{role} GET {path}"] if client.get(path).status_code != 404 else []
        for path in addresses(app, world, "POST", only=("response_id", "receipt_id")):
            found += [f"{role} POST {path}"] if client.post(path, data={"csrf_token": token}).status_code != 404 else []
    return found


def pages_as_they_are(browser: Browse, world: World, paths: list[str], roles: Iterable[str]) -> dict[str, str]:
    """Every page for those who would like to know, without what changes by itself."""
    found: dict[str, str] = {}
    for role in roles:
        client = browser(person_of(world, role)).client
        found |= {f"{role} {path}": _page(client, path) for path in paths}
    return found


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The pages that differ, each with its first line that does."""
    found = []
    for key, page in before.items():
        if page != after[key]:
            pairs = zip(page.splitlines(), after[key].splitlines(), strict=False)
            found.append(f"{key}: {next((pair for pair in pairs if pair[0] != pair[1]), 'longer')}")
    return found


def leaking_tables() -> list[str]:
    """The tables in which something of a response can be read: its own hold it sealed."""
    with reading():
        return [
            table.name
            for table in Base.metadata.sorted_tables
            if any(SECRETS["response"].is_in(repr(tuple(row))) for row in session().execute(select(table)))
        ]


def leaking_files(folder: Path) -> list[str]:
    """Files of the index, the post box and what was uploaded that hold the canary."""
    files = [
        path
        for part in ("index", "mail", "files")
        if (folder / part).exists()
        for path in (folder / part).rglob("*")
        if path.is_file()
    ]
    return [path.name for path in files if CANARY.encode() in path.read_bytes().lower()]


def found_by_search() -> list[str]:
    return [kind for kind in search.kinds() if search.find(kind, CANARY).total]
