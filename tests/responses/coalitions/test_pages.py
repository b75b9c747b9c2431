"""A coalition from the first look for partners to the reviewers' page, through real pages."""

from collections.abc import Callable
from datetime import timedelta

from app.kernel import clock, search
from app.kernel.db import session, transaction
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World

SEALED_WORDS = "Our own sealed summary"


def test_a_coalition_from_first_look_to_review(browser: Callable[..., Browser], world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff, words=SEALED_WORDS)
    search.catch_up()
    lead, partner = browser(world.staff), browser(world.rival_staff)
    page = lead.get(f"/responses/{response.id}/edit").follow("See what you cover, and find partners")
    page = page.follow("Find partners")
    page = lead.get(f"{page.path}?name=quay").follow("Ask Quay Ltd")
    first = session_requirement(world)
    page = page.submit("Send the invitation", requirements=[first], words="You know the tides.")
    assert "Quay Ltd is asked. You hear when it answers." in page.text
    page = partner.get("/desk").follow("Harbour Ltd asks you to answer together: Move the tide tables")
    assert "You know the tides." in page.text
    assert SEALED_WORDS not in page.text
    path = page.path
    assert partner.client.get(f"/responses/{response.id}").status_code == 404
    page = page.submit("Accept")
    assert partner.client.get(f"/responses/{response.id}/coalition").status_code == 404
    page = lead.get("/desk").follow("Quay Ltd would answer with you: Move the tide tables")
    page = page.submit("Confirm Quay Ltd as partner")
    assert page.path == f"/responses/{response.id}/coalition"
    assert SEALED_WORDS in partner.get(f"/responses/{response.id}").text
    page = page.follow("Say what Quay Ltd does")
    page = page.submit("Save", share_percent="40", liability="The records it moves.")
    page = page.follow("Say what Harbour Ltd does")
    page = page.submit("Save", share_percent="70", liability="All the rest.")
    assert "The shares add up to 110%: they must add up to 100%." in page.text
    page = page.follow("Say what Harbour Ltd does").submit("Save", share_percent="60")
    shown = partner.get(path).follow("See the coalition")
    shown = shown.submit("Confirm your part")
    assert "Confirmed. If the lead changes it, you are asked again." in shown.text
    answer = shown.follow("Answer requirement 1").submit("Save and continue", text="Quay answers this itself.")
    assert answer.path == f"/responses/{response.id}/coalition"
    check = lead.get(f"/responses/{response.id}/check")
    assert "Requirement 1 (Quay Ltd answers)" in check.text
    assert f"/edit/{first}" not in check.response.get_data(as_text=True)
    checked = check.submit("Submit response")
    assert "Submitted: receipt 1." in checked.text
    assert partner.get(f"/responses/{response.id}").follow("Receipt 1").h1.startswith("Receipt 1")
    with transaction():
        session().merge(world.need).deadline_at = clock.now() - timedelta(seconds=1)
    officer = browser(world.officer)
    officer.get(f"/needs/{world.need.id}/review").submit("Open all responses")
    text = officer.get(f"/needs/{world.need.id}/review").follow("Harbour Ltd").text
    assert "The records it moves." in text
    assert "answered by Quay Ltd" in text


def session_requirement(world: World) -> str:
    return world.need.requirements[0].id
