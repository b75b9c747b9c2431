"""What a response says stands in no byte of the database until it is opened, and tampering tells itself."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, cast, select, text

from app.accounts.models import Person
from app.kernel import clock, db, sealing
from app.kernel.audit import AuditEntry, entries_about
from app.kernel.db import Base, reading, session, transaction
from app.kernel.errors import IllegalMove
from app.kernel.sealing import BrokenSeal
from app.needs.models import Need
from app.responses import commands, queries, receipts
from app.responses.models import OPENED, SUBMITTED, Answer, Response, SubmissionReceipt
from app.responses.promised import Promise, PromisedAsset
from app.responses.promises import commands as promises
from app.responses.submissions import is_opened_intact
from app.responses.verifying import file_of
from app.reviews import commands as reviews
from app.reviews.models import Review
from app.reviews.queries import find_review
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World

CANARY, PRICE, DAY = "zanzibarquill", 987_654_321, date(2091, 7, 13)
SECRETS = (CANARY, str(PRICE), DAY.isoformat(), f"{PRICE:x}")


def planted_in(world: World) -> Response:
    """A submitted response, once changed, and a draft and a withdrawn one of others: all full of canaries."""
    need = session().merge(world.need)
    told: dict[str, Any] = {"words": CANARY, "price_pence": PRICE, "available_from": DAY}
    response = make_response.submitted(need, of=world.provider, by=world.staff, **told)
    _promise(response, world.staff)
    make_response.draft(need, **told)
    owner = make_response.provider()
    by = make_response.staff(owner)
    commands.withdraw_response(make_response.submitted(need, of=owner, by=by, **told), by=by)
    return response


def _promise(response: Response, by: Person) -> None:
    parts = {make_response.team_member(response.provider).id: CANARY}
    promises.name_team(response, parts=parts, by=by)
    made = [Promise(CANARY, CANARY, DAY)]
    promises.promise_transfer(response, promises=made, knowledge_transfer=CANARY, by=by)
    promises.promise_assets(response, assets=[PromisedAsset("code", CANARY, CANARY, DAY)], by=by)


@pytest.fixture
def planted(world: World) -> Response:
    with transaction():
        return planted_in(world)


def leaking_rows() -> list[str]:
    """Tables in which a secret stands, every column of every row read as text."""
    with reading():
        found = []
        for table in Base.metadata.sorted_tables:
            columns = [cast(column, String) for column in table.columns]
            rows = repr(session().execute(select(*columns)).all()).lower()
            found += [table.name for secret in SECRETS if secret in rows]
    return sorted(set(found))


def leaking_bytes(folder: Path) -> list[str]:
    """Files of SQLite, the log of its writes included, in whose bytes a secret stands, the price as a number too."""
    wanted = [*(secret.encode() for secret in SECRETS), PRICE.to_bytes(4, "big")]
    files = sorted(folder.glob("clarion.sqlite3*"))
    return [path.name for path in files if any(secret in path.read_bytes().lower() for secret in wanted)]


def test_no_byte_of_the_database_tells_what_a_response_says(planted: Response, tmp_path: Path) -> None:
    assert leaking_rows() == []
    assert leaking_bytes(tmp_path) == []


@pytest.mark.parametrize("statement", [
    f"UPDATE providers SET about = '{CANARY}'",
    f"UPDATE needs SET low_pence = {PRICE}",
    f"UPDATE evidence SET finished_on = '{DAY}'",
    f"""UPDATE submission_receipts SET opened_content = '{{"price_pence": {PRICE}}}'""",
])  # fmt: skip
def test_a_plain_write_is_seen(planted: Response, tmp_path: Path, store: db.Database, statement: str) -> None:
    with transaction():
        session().execute(text(statement))
    assert leaking_rows() == [statement.split()[1]]
    assert bool(leaking_bytes(tmp_path)) == store.is_sqlite


def test_what_was_sealed_is_read_again_by_its_own_staff(planted: Response, world: World) -> None:
    with reading():
        response = queries.get_own_response(planted.id, world.staff)
        assert (response.price_pence, response.available_from) == (PRICE, DAY)
        assert (response.summary, response.knowledge_transfer) == (f"{CANARY} In short.", CANARY)
        assert [answer.text for answer in sorted(response.answers, key=lambda each: each.text)] == [
            f"{CANARY} Answer {number}." for number in (1, 2, 3)
        ]
        assert [(each.name, each.job, each.part) for each in response.team] == [("Ann Keeper", "Engineer", CANARY)]
        assert response.promises == [Promise(CANARY, CANARY, DAY)]
        assert response.assets == [PromisedAsset("code", CANARY, CANARY, DAY)]


def open_all(world: World) -> Review:
    """Let the deadline pass, and open the responses."""
    with transaction():
        need = session().get_one(Need, world.need.id)
        need.deadline_at = clock.now() - timedelta(seconds=1)
        return reviews.open_responses(need, by=session().get_one(Person, world.officer.id))


def test_the_opening_shows_the_last_receipts_and_nothing_else(planted: Response, world: World) -> None:
    open_all(world)
    with reading():
        shown = list(session().scalars(select(SubmissionReceipt).where(SubmissionReceipt.opened_content.is_not(None))))
        last = queries.find_last_receipt(session().get_one(Response, planted.id))
        assert last is not None
        assert last.number == 4
        assert shown == [last]
        assert is_opened_intact(last)
        assert last.opened_content == last.content
        submission = queries.submissions_of([last.response])[planted.id]
        assert (submission.price_pence, submission.promises) == (PRICE, [Promise(CANARY, CANARY, DAY)])
    assert leaking_rows() == ["submission_receipts"]


def test_a_need_has_a_key_of_its_own(planted: Response) -> None:
    with reading():
        response = session().get_one(Response, planted.id)
        assert response.sealed is not None
        with pytest.raises(BrokenSeal):
            sealing.unseal(response.sealed, key="another need", place=response.sealing_place)


@pytest.mark.parametrize("model", [Response, Answer, SubmissionReceipt])
def test_a_text_that_is_moved_to_another_row_tells_itself(planted: Response, model: Any) -> None:
    with transaction():
        one, other = session().scalars(select(model).limit(2))
        one.sealed = other.sealed
    with reading(), pytest.raises(BrokenSeal):
        row = session().get_one(model, one.id)
        _ = row.content if model is SubmissionReceipt else row.text if model is Answer else row.summary


def test_a_broken_text_is_refused_on_its_page_and_logged_without_content(
    browser: Callable[..., Browser], planted: Response, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    break_row("responses", planted.id)
    page = browser(world.staff).get(f"/responses/{planted.id}/edit/offer", status=409)
    assert "A sealed text does not open" in page.text
    assert caplog.messages == [f"a sealed text does not open: responses:{planted.id}:sealed"]


def break_row(table: str, row_id: str) -> None:
    """Change a sealed text past the program."""
    with transaction():
        old = session().execute(text(f"SELECT sealed FROM {table} WHERE id = '{row_id}'")).scalar_one()
        changed = f"{old[:20]}{'A' if old[20] != 'A' else 'B'}{old[21:]}"
        session().execute(text(f"UPDATE {table} SET sealed = :it WHERE id = '{row_id}'"), {"it": changed})


def test_one_broken_seal_keeps_no_other_response_from_being_opened(
    browser: Callable[..., Browser], planted: Response, world: World
) -> None:
    """It is named, nothing is decided over its head, and its own file restores it."""
    with transaction():
        other = make_response.submitted(session().merge(world.need), of=world.rival, by=world.rival_staff)
        receipt = queries.find_last_receipt(session().get_one(Response, planted.id))
        assert receipt is not None
        kept = file_of(receipt)
    break_row("submission_receipts", receipt.id)
    review = open_all(world)
    assert states() == {planted.id: SUBMITTED, other.id: OPENED}
    with reading():
        (opening,) = session().scalars(select(AuditEntry).where(AuditEntry.verb == "open_responses"))
        assert (opening.facts["responses"], opening.facts["broken"]) == ([other.id], [planted.id])
        assert [entry.verb for entry in entries_about(planted)][-1] == "find_broken"
    page = browser(world.officer).get(f"/needs/{world.need.id}/review")
    assert "do not open: Harbour Ltd. Nothing can be decided" in page.text
    with transaction(), pytest.raises(IllegalMove, match="could not be opened"):
        reviews.decide_review(session().merge(review), awards={}, reason="None fits.", by=world.officer)
    assert "Not every response could be opened yet." in page.submit("Try again to open them").text
    restore(world, receipt.id, kept)
    assert "All responses are opened." in page.submit("Try again to open them").text
    assert states() == {planted.id: OPENED, other.id: OPENED}


def restore(world: World, receipt_id: str, kept: dict[str, Any]) -> None:
    with transaction():
        receipt = session().get_one(SubmissionReceipt, receipt_id)
        with pytest.raises(IllegalMove, match="not what was submitted"):
            receipts.restore_receipt(receipt, content=kept["content"] + " ", salt=kept["salt"], by=world.staff)
        receipts.restore_receipt(receipt, content=kept["content"], salt=kept["salt"], by=world.staff)


def states() -> dict[str, str]:
    """The responses that were submitted and not taken back."""
    with reading():
        return {
            each.id: each.state for each in session().scalars(select(Response)) if each.state in (SUBMITTED, OPENED)
        }


def test_a_receipt_that_holds_is_not_restored(planted: Response, world: World) -> None:
    with transaction():
        receipt = queries.find_last_receipt(session().get_one(Response, planted.id))
        assert receipt is not None
        kept = file_of(receipt)
        with pytest.raises(IllegalMove, match="whose content is damaged"):
            receipts.restore_receipt(receipt, content=kept["content"], salt=kept["salt"], by=world.staff)


def test_a_broken_receipt_does_not_keep_its_provider_from_submitting_anew(planted: Response, world: World) -> None:
    with reading():
        receipt = queries.find_last_receipt(session().get_one(Response, planted.id))
        assert receipt is not None
    break_row("submission_receipts", receipt.id)
    with transaction():
        again = commands.resubmit_response(session().get_one(Response, planted.id), by=world.staff)
        assert again is not None
        assert again.number == receipt.number + 1
    open_all(world)
    with reading():
        assert find_review(session().get_one(Need, world.need.id)) is not None
        assert session().get_one(Response, planted.id).state == OPENED
