"""A sweep with canary words: who asked shows on the handling officer's page, and nowhere else, for any role.

The sweep is seen to fail on planted leaks, so that its silence means something.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.alerts.models import Notification
from app.kernel import audit, clock, jobs, notices, search
from app.kernel.db import Base, reading, session, transaction
from app.kernel.mail import OutboxMail
from app.needs.questions import commands, queries
from app.needs.questions.models import Asking, Question
from tests.browser import Browser
from tests.needs.questions import make as make_question
from tests.needs.questions.conftest import ASKER, FIRM, TELLTALE, Asked
from tests.responses.sweep import TOKENS, Lines

NOBODY = "nobody"
CURIOUS = (NOBODY, "rival_staff", "author", "publisher", "officer", "operator", "buyer", "elsewhere", "team_staff")
WORDS = (ASKER, "Zuleika", "Pemberwick", "Quagglethorpe")
# the register, where every person and provider stands for other reasons, and the telltale's own rows
REGISTER = {"people", "organisations", "memberships", "askings"}
TYPED_IN = {"questions"}
Browse = Callable[..., Browser]


@pytest.fixture
def log() -> Iterator[Lines]:
    lines, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(before)


@pytest.fixture
def told(log: Lines, asked: Asked) -> Asked:
    """The question was taken on, drafted and heard of, and a second one answered; all background work is done."""
    with transaction():
        question = make_question.again(asked.question)
        by = session().merge(asked.author)
        firm, asker = session().merge(asked.firm), session().merge(asked.asker)
        commands.take_on_question(question, by=session().merge(asked.handler))
        commands.save_draft(question, make_question.content(), by=by)
        for text in ("Are meters read at night?", "May meters be read by drones?"):
            other = make_question.question(question.need, of=firm, by=asker, text=text)
        answer = commands.publish_answer(other, make_question.content(), by=by)
        commands.correct_answer(answer, text="Better.", by=by)
    _work_through()
    return asked


def _work_through() -> None:
    with clock.at(clock.now() + timedelta(seconds=1)):
        while jobs.run_due():
            pass
    search.catch_up()


def addresses(app: Flask, asked: Asked) -> list[str]:
    """Every GET address, filled with what concerns the question; the asker's own pages in the register aside."""
    known = {"need_id": asked.need.id, "question_id": asked.question.id, "organisation_id": asked.rival.id}
    with reading():
        known["answer_id"] = queries.answers_of(asked.need)[0].id
        stream = f"questions:{asked.question.id}"
    found = [
        f"/audit?stream={stream}",
        f"/audit?stream=needs:{asked.need.id}",
        "/needs?q=vantablue",
        "/needs?q=zuleika",
    ]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint != "accounts.sign_out":
            found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda name: known.get(name[1], "offer"), rule.rule))
    return found


def pages(app: Flask, browser: Browse, asked: Asked, roles: tuple[str, ...]) -> dict[str, str]:
    """Every page for each role, without what changes by itself."""
    found = {}
    for role in roles:
        client = browser(asked.people.get(role)).client
        for path in addresses(app, asked):
            answer = client.get(path)
            found[f"{role} {path}"] = f"{answer.status_code} {TOKENS.sub('', answer.get_data(as_text=True))}"
    return found


def names_the_asker(text: str) -> bool:
    return any(word in text for word in WORDS)


def leaks(shown: dict[str, str]) -> list[str]:
    """The pages that name the asker, but the operator's register, which names every provider."""
    return [key for key, body in shown.items() if names_the_asker(body) and key != "operator /operator/organisations"]


def test_who_asked_and_what_was_typed_is_on_no_page_of_anybody_but_those_for_whom_it_is(
    app: Flask, browser: Browse, told: Asked
) -> None:
    shown = pages(app, browser, told, (*CURIOUS, "handler", "colleague"))
    page, questions = f"/questions/{told.question.id}", f"/needs/{told.need.id}/questions"
    assert len(shown) > 60 * len(CURIOUS)
    others = {key: body for key, body in shown.items() if not key.startswith("colleague ")}
    assert leaks(others) == [f"handler {page}"]
    typed = {key for key, body in shown.items() if TELLTALE in body and "?q=" not in key}
    theirs = {f"{role} {path}" for role in ("author", "officer", "handler") for path in (page, questions)}
    assert typed == theirs | {f"colleague {questions}"}


def differing(app: Flask, browser: Browse, told: Asked, roles: tuple[str, ...]) -> list[str]:
    """The pages that are others when it was another provider that asked."""
    moment = clock.now() + timedelta(minutes=1)
    with clock.at(moment):
        before = pages(app, browser, told, roles)
    with transaction():
        for asking in session().scalars(select(Asking)):
            asking.organisation, asking.person = session().merge(told.rival), session().merge(told.rival_staff)
    with clock.at(moment):
        after = pages(app, browser, told, roles)
    return [key for key in before if before[key] != after[key] and not key.endswith(("/healthz", "/readyz"))]


def test_pages_are_the_same_to_the_byte_whoever_asked(app: Flask, browser: Browse, told: Asked) -> None:
    assert differing(app, browser, told, (NOBODY, "author", "officer", "operator")) == []


# Behind the pages: tables, mail, notices, audit, index, logs


def rows_that_name(words: tuple[str, ...], apart: set[str]) -> list[str]:
    """The tables, with exceptions, in which one of these words stands."""
    with reading():
        return [
            table.name
            for table in Base.metadata.sorted_tables
            if table.name not in apart
            and any(word in repr(tuple(row)) for row in session().execute(select(table)) for word in words)
        ]


def test_no_table_but_the_askings_says_who_asked_or_what_was_typed(told: Asked) -> None:
    # what the asker is told as somebody who follows the need goes to all who follow it
    own_post = {"notifications", "outbox_mails"}
    assert rows_that_name((told.asker.id, told.firm.id, *WORDS), REGISTER | own_post) == []
    assert rows_that_name((TELLTALE,), TYPED_IN) == []
    with reading():
        post = session().scalars(select(OutboxMail).where(OutboxMail.to != told.asker.email))
        assert [each.subject for each in post if names_the_asker(each.subject + each.body)] == []
        heard = session().scalars(select(Notification).where(Notification.person_id != told.asker.id))
        assert [each.text for each in heard if names_the_asker(each.text + each.path)] == []


def test_the_audit_of_asking_names_nobody_and_still_proves_who_it_was(told: Asked) -> None:
    with reading():
        entries = session().scalars(select(audit.AuditEntry).where(audit.AuditEntry.verb == "ask")).all()
        assert {(entry.person_id, tuple(sorted(entry.facts))) for entry in entries} == {(None, ("commitment", "need"))}
        assert list(audit.verify()) == []
        askings = session().scalars(select(Asking)).all()
        assert [queries.is_proven(each) for each in askings] == [True, True, True]
        assert len({entry.facts["commitment"] for entry in entries}) == 3


def test_neither_index_nor_post_box_nor_log_holds_who_asked(told: Asked, tmp_path: Path, log: Lines) -> None:
    assert [kind for kind in search.kinds() if search.find(kind, TELLTALE).total] == []
    secrets = [word.encode() for word in (*WORDS, TELLTALE)]
    mine = told.asker.email.encode()
    files = [path for part in ("index", "mail") for path in (tmp_path / part).rglob("*") if path.is_file()]
    assert [path.name for path in files if _leaks(path.read_bytes(), secrets, mine)] == []
    assert log.text
    assert not any(word in log.text for word in (*WORDS, TELLTALE))


def _leaks(content: bytes, secrets: list[bytes], mine: bytes) -> bool:
    return mine not in content and any(secret in content for secret in secrets)


def test_a_save_that_breaks_logs_nothing_of_it(
    app: Flask, browser: Browse, asked: Asked, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(question: Question, *_: Any) -> None:
        question.need_id = None  # type: ignore[assignment]
        question.need = None  # type: ignore[assignment]
        session().flush()

    app.config["SHOW_ERROR_PAGES"] = True
    monkeypatch.setattr(commands, "_keep_asker", breaking)
    own = browser(asked.asker)
    form = {"csrf_token": own.token(), "organisation": asked.firm.id, "text": TELLTALE}
    answer = own.client.post(f"/needs/{asked.need.id}/questions/ask", data=form)
    app.config["SHOW_ERROR_PAGES"] = False
    assert answer.status_code in (409, 500)
    assert log.text
    assert not any(word in log.text for word in (*WORDS, TELLTALE))


# Who hears, and when


def test_the_askers_and_all_who_follow_hear_the_same_words_at_the_same_moment(told: Asked) -> None:
    with reading():
        published = select(Notification).where(Notification.path == f"/needs/{told.need.id}/questions")
        heard = session().scalars(published).all()
        assert {"asker", "colleague", "publisher"} <= {
            role for role, person in told.people.items() if person.id in {each.person_id for each in heard}
        }
        assert len({each.text for each in heard}) == 1
        assert len({each.notice.at for each in heard}) == 1


# Plant a leak, and see the sweep fail


def test_a_page_that_leaks_is_seen(app: Flask, browser: Browse, told: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.needs.questions.policy.may_see_asker", lambda person, question: True)
    page = f"/questions/{told.question.id}"
    assert leaks(pages(app, browser, told, ("author", "officer"))) == [f"author {page}", f"officer {page}"]


def test_a_count_that_tells_askers_apart_is_seen(
    app: Flask, browser: Browse, told: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(need: Any) -> queries.Standing:
        return queries.Standing(queries.count_unanswered(need, told.firm), clock.now(), None)

    monkeypatch.setattr(queries, "standing", telling)
    assert differing(app, browser, told, (NOBODY,)) == [f"{NOBODY} /needs/{told.need.id}/questions"]


def test_a_notice_an_audit_entry_and_a_log_line_that_leak_are_seen(told: Asked, log: Lines) -> None:
    with transaction():
        question = make_question.again(told.question)
        notices.post("question.arrived", subject=question, facts={"organisation": told.firm.id})
        audit.record("ask", question, by=told.asker, facts={"organisation": FIRM})
    logging.getLogger("app.needs.questions").warning("asked by %s", FIRM)
    own_post = {"notifications", "outbox_mails"}
    found = rows_that_name((told.asker.id, told.firm.id, *WORDS), REGISTER | own_post)
    assert sorted(found) == ["audit_entries", "notices"]
    assert any(word in log.text for word in WORDS)
