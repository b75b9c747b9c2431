"""Receipt files: verified on the page and by a recipe in plain Python, at any time, by whoever holds them."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.responses import queries, verifying
from app.responses.commands import withdraw_response
from app.responses.models import Response
from app.reviews.commands import open_responses
from tests.browser import Browser, Page
from tests.responses import make as make_response
from tests.responses.conftest import World

Browse = Callable[..., Browser]
RECIPE = Path(__file__).parents[2] / "docs/receipts.md"


@pytest.fixture
def kept(browser: Browse, world: World) -> str:
    """The file of a receipt, as its supplier keeps it."""
    with transaction():
        response = make_response.submitted(session().merge(world.need), of=world.provider, by=world.staff)
    page = browser(world.staff).get(f"/responses/{response.id}").follow("Receipt 1")
    assert page.text.count("How to verify it later") == 1
    return page.follow("Download what you submitted, with its salt").body


def verified(browser: Browser, text: str) -> Page:
    return browser.get("/receipts/verify").submit("Verify", receipt=text)


def changed(kept: str, **parts: Any) -> str:
    return json.dumps({**json.loads(kept), **parts})


def test_a_receipt_file_is_verified_by_whoever_holds_it(browser: Browse, kept: str) -> None:
    page = verified(browser(), kept)
    assert verifying.HOLDS in page.text
    assert "Receipt number 1" in page.text


def test_a_file_can_be_chosen_instead_of_pasted(browser: Browse, kept: str) -> None:
    visitor = browser()
    data = {"csrf_token": visitor.token(), "file": (BytesIO(kept.encode()), "receipt.json")}
    assert verifying.HOLDS in visitor.send("/receipts/verify", data).text


def test_nothing_given_is_asked_for(browser: Browse) -> None:
    page = verified(browser(), " ")
    assert (page.status, page.errors) == (422, ["Choose the receipt file, or paste what stands in it"])


@pytest.mark.parametrize(
    "junk", ["hello", "[]", "{}", '{"salt": 1, "content": 2, "commitment": 3}', "[" * 100_000, "1e9999"]
)
def test_anything_else_is_no_receipt(browser: Browse, junk: str) -> None:
    assert verifying.NO_RECEIPT in verified(browser(), junk).text


def test_a_changed_file_does_not_hold(browser: Browse, kept: str) -> None:
    content = json.loads(kept)["content"].replace("18000000", "17000000")
    assert verifying.OTHER_CONTENT in verified(browser(), changed(kept, content=content)).text
    assert verifying.OTHER_CONTENT in verified(browser(), changed(kept, salt="0" * 32)).text


@pytest.mark.parametrize("named", ["000000000000", "real", "", None, 7, "a:b"])
def test_what_was_never_submitted_is_unknown_whether_its_response_is_there_or_not(
    browser: Browse, kept: str, named: Any
) -> None:
    response = json.loads(json.loads(kept)["content"])["response"] if named == "real" else named
    content = json.dumps({"response": response, "price_pence": 1})
    forged = {"salt": "s", "content": content, "commitment": hashlib.sha256(f"s{content}".encode()).hexdigest()}
    assert verifying.UNKNOWN in verified(browser(), json.dumps(forged)).text


def test_a_trail_that_was_changed_proves_nothing(browser: Browse, kept: str) -> None:
    with transaction():
        session().execute(update(AuditEntry).where(AuditEntry.verb == "start").values(verb="begin"))
    assert verifying.BROKEN_TRAIL in verified(browser(), kept).text


def test_it_holds_after_withdrawing_and_after_the_opening(browser: Browse, world: World, kept: str) -> None:
    with transaction():
        need = session().merge(world.need)
        other = make_response.submitted(need, of=world.rival, by=world.rival_staff)
        second = json.dumps(verifying.file_of(queries.receipts_of(other)[0]))
        withdraw_response(session().query(Response).filter_by(provider_id=world.provider.id).one(), by=world.staff)
        need.deadline_at = clock.now() - timedelta(seconds=1)
        open_responses(need, by=world.officer)
    for file in (kept, second):
        assert verifying.HOLDS in verified(browser(), file).text


def test_verifying_changes_nothing(browser: Browse, kept: str) -> None:
    with reading():
        before = session().query(AuditEntry).count()
    verified(browser(), kept)
    with reading():
        assert session().query(AuditEntry).count() == before


@pytest.mark.parametrize(("part", "told"), [({}, "holds"), ({"salt": "other"}, "does not hold")])
def test_the_recipe_of_the_documentation_works_it_out_without_the_program(
    kept: str, tmp_path: Path, part: dict[str, str], told: str
) -> None:
    found = re.search(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    assert found
    (tmp_path / "verify.py").write_text(found[1])
    (tmp_path / "receipt.json").write_text(changed(kept, **part))
    command = [sys.executable, "-I", "verify.py", "receipt.json"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert answer.stdout == f"{told}\n"


def test_a_damaged_receipt_is_restored_from_its_file_on_its_page(browser: Browse, world: World, kept: str) -> None:
    with transaction():
        receipt = queries.receipts_of(session().query(Response).one())[0]
        receipt.sealed = "AAAA"
    supplier = browser(world.staff)
    page = supplier.get(f"/receipts/{receipt.id}")
    assert queries.OTHER_CONTENT in page.text
    assert "Restore what you submitted" in page.buttons()
    data = {"csrf_token": supplier.token(), "file": (BytesIO(b"junk"), "receipt.json")}
    assert verifying.NO_RECEIPT in supplier.send(f"/receipts/{receipt.id}/restore", data).text
    data = {"csrf_token": supplier.token(), "file": (BytesIO(kept.encode()), "receipt.json")}
    page = supplier.send(f"/receipts/{receipt.id}/restore", data)
    assert "Your submission is whole again." in page.text
    assert "This receipt holds" in page.text
    assert "Restore what you submitted" not in page.buttons()
