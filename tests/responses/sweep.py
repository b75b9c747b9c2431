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
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.models import Response, SubmissionReceipt
from tests.browser import Browser
from tests.responses.conftest import World

Browse = Callable[..., Browser]
CANARY, PRICE = "zanzibarquill", 987_654_321
NOBODY = "nobody"
# the rows that fill each argument of an address
IDS = {
    "accreditation_id": ("accreditations",),
    "alert_id": ("alerts",),
    "answer_id": ("public_answers", "idea_answers"),
    "attachment_id": ("attachments",),
    "capability_id": ("capabilities",),
    "claim_id": ("claims",),
    "clarification_id": ("clarifications",),
    "comment_id": ("need_comments",),
    "conversation_id": ("conversations",),
    "evidence_id": ("evidence",),
    "idea_id": ("ideas",),
    "interest_id": ("interests",),
    "invitation_id": ("invitations", "partner_invitations"),
    "mail_domain_id": ("mail_domains",),
    "mail_id": ("outbox_mails",),
    "member_id": ("team_members",),
    "membership_id": ("memberships",),
    "need_id": ("needs",),
    "notification_id": ("notifications",),
    "organisation_id": ("organisations",),
    "owner_id": ("need_owners",),
    "part_id": ("response_parts",),
    "partner_id": ("need_partners",),
    "partnership_id": ("partnerships",),
    "profile_id": ("solution_profiles",),
    "provider_id": ("providers",),
    "question_id": ("questions", "feedback_questions"),
    "receipt_id": ("submission_receipts",),
    "requirement_id": ("requirements",),
    "response_id": ("responses",),
    "template_id": ("need_templates",),
    "upload_id": ("catalogue_uploads",),
}
# arguments that are no row's id, and what stands in for them
WORDS_OF = {
    "section": (*NEED_SECTIONS, *PROFILE_SECTIONS),
    "secret": ("nobody-was-sent-this",),
    "token": ("nobody-was-sent-this",),
}
MOST_OF_EACH = 2
# what a secret can stand in is looked at one by one
EACH = (
    *("answer_id", "clarification_id", "conversation_id", "idea_id", "interest_id", "invitation_id"),
    *("question_id", "receipt_id", "response_id", "section", "upload_id"),
)
# the kinds of audit streams that are looked at one by one
STREAMS = ("responses", "response_parts", "partner_invitations", "ideas", "needs")
# the rows that only an answer has, as addresses name them
OF_AN_ANSWER = ("invitation_id", "part_id", "receipt_id", "response_id")
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
    "response": Secret((CANARY, str(PRICE), "9,876,543"), frozenset(OWN - {"both"} | {"partner_staff"})),
    "partner invitation": Secret(("narwhalbobbin",), frozenset(OWN - {"both"} | {"asked_staff"})),
    "interest": Secret(("quokkavelvet",), frozenset(OWN - {"both"} | BUYING)),
    "conversation": Secret(("fandangorivet",), frozenset(OWN - {"both"} | BUYING)),
    "idea in draft": Secret(("marzipanlathe",), frozenset(OWN)),
    "idea proposed": Secret(("okapisextant",), frozenset(OWN | DEPARTMENTS)),
    "question to an idea": Secret(("gingkothimble",), frozenset(OWN | {"author", "owner", "buyer", "officer"})),
    "clarification": Secret(("tapirlantern",), frozenset(OWN - {"both"} | {"officer"})),
    "question of feedback": Secret(("lemurgasket",), frozenset(OWN - {"both"} | {"officer"})),
    "rating of feedback": Secret(("walrusspindle",), frozenset(OWN - {"both"})),
    "catalogue upload": Secret(("ocelotpulley",), frozenset(OWN)),
    "saved search": Secret(("pelicanferrule",), frozenset({"staff"})),
}


def word_of(name: str) -> str:
    """The word by which a secret is known again."""
    return SECRETS[name].words[0]


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


def ids_of_answers(world: World) -> dict[str, list[str]]:
    """What is real of the sealed answers to the world's need alone, in the place of all that is real."""
    with reading():
        own = list(session().scalars(select(Response.id).where(Response.need_id == world.need.id)))
        rows = {"invitation_id": PartnerInvitation, "part_id": Part, "receipt_id": SubmissionReceipt}
        others = {
            name: list(session().scalars(select(row.id).where(row.response_id.in_(own)))) for name, row in rows.items()
        }
    return known_ids(world) | {"response_id": own} | others


def addresses(
    app: Flask,
    world: World,
    method: str = "GET",
    *,
    only: Iterable[str] = (),
    of: Callable[[World], dict[str, list[str]]] = known_ids,
) -> list[str]:
    """Every address that takes this method, filled with ids; `only` those with one of these arguments."""
    ids, wanted = of(world), set(only)
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
    speaking = [
        f"/needs/{need}/{what}?provider={provider}"
        for need in ids["need_id"][:MOST_OF_EACH]
        for provider in ids["provider_id"][:MOST_OF_EACH]
        for what in ("respond", "interest")
    ]
    return [*addresses(app, world), *streams(), *speaking, "/open-data/releases.json?page=2"]


def streams() -> list[str]:
    """The audit of each row that has to do with answers, and of some of every other kind."""
    with reading():
        names = list(session().scalars(select(Base.metadata.tables["audit_streams"].c.name)))
    kinds: dict[str, list[str]] = {}
    for name in sorted(names):
        kinds.setdefault(name.partition(":")[0], []).append(name)
    few = [name for kind, own in kinds.items() for name in (own if kind in STREAMS else own[:MOST_OF_EACH])]
    return [f"/audit?stream={name}" for name in few]


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
    paths = {method: addresses(app, world, method, only=OF_AN_ANSWER, of=ids_of_answers) for method in ("GET", "POST")}
    found = []
    for role in roles:
        person = browser(person_of(world, role))
        told, client = {"csrf_token": person.token()}, person.client
        answers = [(f"{role} GET {path}", client.get(path)) for path in paths["GET"]]
        answers += [(f"{role} POST {path}", client.post(path, data=told)) for path in paths["POST"]]
        found += [said for said, answer in answers if answer.status_code != 404]
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
