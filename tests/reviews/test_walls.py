"""The walls before a review: leaving changes no side, and nothing tells whether a provider answered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.accounts.queries import get_person
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import IllegalMove, NotAllowed
from app.needs import commands as needs
from app.needs.models import ANSWERS, DRAFTS, PUBLISHES, Need
from app.needs.queries import get_need
from app.providers.models import Provider
from app.responses.models import OPENED, Response
from app.reviews import commands, policy, queries
from tests import make
from tests.browser import Browser
from tests.reviews.conftest import Bench

Browse = Callable[..., Browser]


def leaver_from(provider: Provider, bench: Bench) -> Person:
    """An officer who worked for this provider and has left it."""
    with transaction():
        person = make.officer(bench.need.department)
        make.join(person, provider.organisation, "supplier_lead")
        make.leave(person, provider.organisation)
    return person


def far(bench: Bench) -> Provider:
    """A provider that answers nothing."""
    with reading():
        own = bench.outsider.organisations()[0].id
        found = session().query(Provider).filter_by(organisation_id=own)
        return found.options(joinedload(Provider.organisation)).one()


def test_who_left_a_respondent_neither_opens_nor_reads_nor_judges(browser: Browse, due: Bench) -> None:
    leaver = leaver_from(due.responses[0].provider, due)
    with transaction(), pytest.raises(NotAllowed):
        commands.open_responses(get_need(due.need.id), by=get_person(leaver.id))
    assert browser(leaver).get(f"/needs/{due.need.id}/review").status == 404
    with transaction():
        commands.open_responses(get_need(due.need.id), by=get_person(due.officer.id))
    assert browser(leaver).get(f"/received/{due.responses[1].id}").status == 404
    with transaction(), pytest.raises(NotAllowed):
        commands.shortlist_response(session().get_one(Response, due.responses[1].id), by=get_person(leaver.id))
    with reading():
        assert queries.awaiting(get_person(leaver.id), clock.now()) == []
        assert session().get_one(Response, due.responses[1].id).state == OPENED


def test_who_left_a_provider_before_it_answered_may_review(due: Bench) -> None:
    leaver = leaver_from(due.responses[0].provider, due)
    with transaction():
        response = session().get_one(Response, due.responses[0].id)
        response.created_at = clock.now() + timedelta(minutes=1)
    with transaction():
        commands.open_responses(get_need(due.need.id), by=get_person(leaver.id))


def test_before_the_deadline_nothing_tells_a_leaver_whether_the_provider_answered(
    browser: Browse, sealed: Bench
) -> None:
    seen = []
    for provider in (sealed.responses[0].provider, sealed.draft.provider, far(sealed)):
        leaver = leaver_from(provider, sealed)
        with transaction(), pytest.raises(IllegalMove):
            commands.open_responses(get_need(sealed.need.id), by=get_person(leaver.id))
        with reading():
            person, need = get_person(leaver.id), get_need(sealed.need.id)
            seen.append((queries.may_find_review(person, need), queries.awaiting(person, clock.now())))
        assert browser(leaver).get(f"/needs/{sealed.need.id}/review").status == 200
    assert seen == [(True, [])] * 3


@pytest.mark.parametrize("answered", ["submitted", "draft", "nothing"])
def test_an_officer_who_works_for_any_provider_finds_no_review(browser: Browse, due: Bench, answered: str) -> None:
    providers = {"submitted": due.responses[0].provider, "draft": due.draft.provider, "nothing": far(due)}
    with transaction():
        officer = make.officer(due.need.department)
        make.join(officer, providers[answered].organisation, "supplier_staff")
    reader = browser(officer)
    assert reader.get(f"/needs/{due.need.id}/review").status == 404
    assert reader.post(f"/needs/{due.need.id}/review/open").status == 404
    with transaction():
        person, need = get_person(officer.id), get_need(due.need.id)
        assert not queries.may_find_review(person, need)
        assert queries.awaiting(person, clock.now()) == []
        with pytest.raises(NotAllowed):
            commands.open_responses(need, by=person)


@pytest.mark.parametrize(("duty", "may"), [(DRAFTS, False), (PUBLISHES, True), (ANSWERS, True)])
def test_who_drafts_the_need_does_not_decide_and_who_publishes_may(due: Bench, duty: str, may: bool) -> None:
    with transaction():
        need = session().get_one(Need, due.need.id)
        officer = get_person(due.second.id)
        needs.add_owner(need, officer, duty, by=due.author)
        session().flush()
        assert policy.may_decide_review(officer, need) == may
        assert bool(queries.awaiting(officer, clock.now())) == may
