"""What is sealed of a coalition shows to nobody outside of it, and asking tells a lead nothing of whom it asked."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.kernel import clock, jobs, search
from app.kernel.db import session, transaction
from app.needs.models import Need
from app.responses.coalitions import commands
from app.responses.coalitions.models import PartnerInvitation
from app.responses.commands import withdraw_response
from app.responses.models import Response
from app.reviews.queries import is_of_a_respondent
from tests import make
from tests.browser import Browser, bare
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World
from tests.responses.sweep import CANARY, NOBODY, PRICE, SECRETS, TOKENS, leaking_pages, leaking_tables

ROLES = ("officer", "buyer", "operator", "rival_staff", "declined", NOBODY)


@pytest.fixture
def planted(world: World) -> World:
    """A submitted coalition and a settled draft with the canary in all their words; others were asked, or declined."""
    with transaction():
        need = session().merge(world.need)
        declined = make_response.provider("Pier Ltd")
        world.people["declined"] = make_response.staff(declined)
        for is_submitted in (True, False):
            lead, partner = make_response.provider(), make_response.provider()
            by, partner_by = make_response.staff(lead), make_response.staff(partner)
            response = make_response.draft(need, of=lead, by=by, words=CANARY, price_pence=PRICE)
            if is_submitted:
                make_coalition.submitted(response, partner, by=by, partner_by=partner_by, words=CANARY)
            else:
                make_coalition.joined(response, partner, by=by, partner_by=partner_by)
                make_coalition.settled(response, by=by, people={partner.id: partner_by}, words=CANARY)
            make_coalition.invited(response, world.rival, by=by, words="Shall we?")
            no = make_coalition.invited(response, declined, by=by, words="Shall we?")
            commands.decline_invitation(no, by=world.people["declined"])
    _work_through()
    return world


def _work_through() -> None:
    with clock.at(clock.now() + timedelta(seconds=1)):
        jobs.run_due()
    search.catch_up()


def test_nothing_of_a_coalition_shows_on_any_page_outside_of_it(
    app: Flask, browser: Callable[..., Browser], planted: World
) -> None:
    assert leaking_pages(app, browser, planted, ROLES) == []


def test_nothing_of_a_coalition_stands_in_audit_notices_jobs_mail_or_rows(planted: World) -> None:
    assert leaking_tables() == []


def test_partners_names_are_told_to_nobody_outside(browser: Callable[..., Browser], world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        make_coalition.joined(response, world.rival, by=world.staff, partner_by=world.rival_staff)
        third = make_response.provider("Pier Ltd")
        asked = make_coalition.invited(response, third, by=world.staff)
        staff = make_response.staff(third)
    page = browser(staff).get(f"/partner-invitations/{asked.id}")
    assert "Harbour Ltd" in page.text
    assert "Quay Ltd" not in page.text
    for role in ("officer", "operator", "author"):
        for path in (f"/partner-invitations/{asked.id}", f"/responses/{response.id}/coalition"):
            assert browser(world.people[role]).client.get(path).status_code == 404


@pytest.mark.parametrize("elsewhere", ["drafts alone", "withdrew", "in another coalition", "accepted another"])
def test_a_lead_sees_the_same_whatever_whom_it_asks_does_elsewhere(
    browser: Callable[..., Browser], world: World, elsewhere: str
) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        other = make_response.provider()
        other_by = make_response.staff(other)
    lead, moment = browser(world.staff), clock.now() + timedelta(minutes=1)
    path = f"/responses/{response.id}/partners/{world.rival.id}"
    with clock.at(moment):
        before = [_seen(lead, path), _seen(lead, f"/responses/{response.id}/partners?name=quay")]
    with transaction():
        _busy(elsewhere, world, make_response.started(session().merge(world.need), of=other, by=other_by))
    with clock.at(moment):
        assert [_seen(lead, path), _seen(lead, f"/responses/{response.id}/partners?name=quay")] == before
        page = lead.get(path)
        sent = page.submit("Send the invitation", requirements=[world.need.requirements[0].id])
    assert "Quay Ltd is asked. You hear when it answers." in sent.text
    assert ["Quay Ltd", "Asked"] in [row[:2] for row in sent.rows()]


def _seen(lead: Browser, path: str) -> str:
    return TOKENS.sub("", bare(lead.client.get(path).get_data(as_text=True)))


def _busy(elsewhere: str, world: World, other: Response) -> None:
    """Have the rival do something of its own with this need."""
    by, need = world.rival_staff, other.need
    lead_by = make_response.staff(other.provider)
    if elsewhere in ("drafts alone", "withdrew"):
        own = make_response.started(need, of=world.rival, by=by)
        if elsewhere == "withdrew":
            withdraw_response(own, by=by)
    elif elsewhere == "in another coalition":
        make_coalition.joined(other, world.rival, by=lead_by, partner_by=by)
    else:
        commands.accept_invitation(make_coalition.invited(other, world.rival, by=lead_by), by=by)


def test_who_is_busy_elsewhere_reads_so_on_its_own_page(browser: Callable[..., Browser], world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        make_response.started(need, of=world.rival, by=world.rival_staff)
        asked = make_coalition.invited(response, world.rival, by=world.staff)
    partner = browser(world.rival_staff)
    page = partner.get(f"/partner-invitations/{asked.id}")
    assert "Your organisation takes part in an answer to this need already." in page.text
    assert "Accept" not in page.buttons()
    refused = partner.post(f"/partner-invitations/{asked.id}/accept", 409)
    assert commands.TAKEN in refused.text


def test_people_of_a_partner_review_nothing_also_after_it_left(world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        response = make_response.draft(need, of=world.provider, by=world.staff)
        make_coalition.joined(response, world.rival, by=world.staff, partner_by=world.rival_staff)
        never = make_response.provider("Pier Ltd")
        never_by = make_response.staff(never)
        make_coalition.invited(response, never, by=world.staff)
        need.deadline_at = clock.now()
    with transaction():
        need = session().get_one(Need, world.need.id)
        assert is_of_a_respondent(world.rival_staff, need)
        assert not is_of_a_respondent(never_by, need)
        invitation = session().query(PartnerInvitation).filter_by(provider_id=world.rival.id).one()
        invitation.move("leave")
        assert is_of_a_respondent(world.rival_staff, need)


def test_the_canary_is_seen_by_the_members_themselves(browser: Callable[..., Browser], world: World) -> None:
    """So that the silence of the sweep means something."""
    with transaction():
        need = session().merge(world.need)
        by, partner_by = world.staff, make.staff(world.rival.organisation)
        response = make_response.draft(need, of=world.provider, by=by, words=CANARY, price_pence=PRICE)
        make_coalition.submitted(response, world.rival, by=by, partner_by=partner_by, words=CANARY)
    text = browser(partner_by).get(f"/responses/{response.id}/coalition").text
    assert SECRETS["response"].is_in(text)
    assert re.search(r"Share of the price 50%", text)
