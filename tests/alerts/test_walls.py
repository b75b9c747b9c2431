"""Notices do not cross the wall between a need's two sides."""

import pytest

from app.alerts.hearing import RULES, hearers_of
from app.kernel import clock
from app.kernel.db import Base, session, transaction
from app.kernel.notices import Notice
from app.matching.models import INVITE, MatchDecision
from app.providers.models import Provider
from app.providers.queries import live_profiles_of
from tests import make
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.responses import make as make_response


def hearers(kind: str, thing: Base, **facts: str) -> set[str]:
    """The ids of those who hear of it now."""
    notice = Notice(kind=kind, subject=f"{thing.__tablename__}:{thing.id}", facts=facts, at=clock.now())  # type: ignore[attr-defined]
    return hearers_of(notice, RULES[kind], thing)


@pytest.mark.parametrize("standing", ["officer", "buyer", "owner", "left"])
def test_who_is_of_the_buying_side_hears_nothing_as_staff_of_a_provider(store: object, standing: str) -> None:
    with transaction():
        need, provider = make_need.open_need(), make_response.provider()
        response = make_response.submitted(need, of=provider)
        person = need.owners[0].person if standing == "owner" else make.member(need.department, _role(standing))
        make.join(person, provider.organisation, "supplier_staff")
        if standing == "left":
            make.leave(person, need.department)
        for kind in ("response.submitted", "response.withdrawn", "response.feedback"):
            heard = hearers(kind, response)
            assert heard
            assert person.id not in heard
        assert (person.id in hearers("need.amended", need)) == (standing == "owner")
        assert person.id not in hearers("match.invited", invitation(response.provider, response.need_id))


def _role(standing: str) -> str:
    return "buyer" if standing == "buyer" else "officer"


def invitation(provider: Provider, need_id: str) -> MatchDecision:
    """An invitation of the provider to look at the need."""
    profile = live_profiles_of(provider)[0]
    made = MatchDecision(need_id=need_id, profile=profile, verb=INVITE, score_milli=1, reasons=[], index_version="1")
    made.decided_by, made.decided_at = make.person(), clock.now()
    session().add(made)
    session().flush()
    return made


def test_owners_and_officers_who_work_for_a_provider_hear_nothing_of_rivals(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        free, tied = (owner.person for owner in (need.owners[0], need.owners[-1]))
        officer = make.officer(need.department)
        make.join(tied, make.supplier(), "supplier_staff")
        make.join(officer, make.supplier(), "supplier_staff")
        interest = make_response.interest(need)
        assert hearers("interest.registered", interest) == {free.id}
        assert hearers("need.closed", need) == {free.id}


def test_the_other_side_of_a_partnership_is_not_the_providers_own_staff(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        owners = {owner.person_id: owner.person for owner in partnership.need.owners}
        tied = make_outcome.owner_of(partnership)
        make.join(tied, partnership.provider.organisation, "supplier_staff")
        assert hearers("outcome.reported", partnership, side="provider") == set(owners) - {tied.id}
        assert tied.id not in hearers("outcome.reported", partnership, side="buyer")
