"""Who is outside a need's audience is not eligible, whoever asks: candidates, why-not, fitting needs, coalitions."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation, Person
from app.kernel import search
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict
from app.matching import commands, queries
from app.matching.eligibility import eligible_providers
from app.matching.parties import organisations_inside
from app.matching.seen import seen
from app.matching.voices import KINDS
from app.needs.audience import organisations_inside as inside_for_needs
from app.needs.models import Need
from app.needs.queries import get_need
from app.providers.models import Provider
from app.providers.queries import get_provider
from tests import make
from tests.browser import Browser
from tests.matching.make import need, profile
from tests.needs import make as make_need
from tests.providers import make as make_provider

pytestmark = pytest.mark.usefixtures("app")
Browse = Callable[..., Browser]
WHY = {"audience_reason": "technical", "audience_note": "Nobody else can."}


def for_capability(*names: str) -> dict[str, Any]:
    return {"audience": "capabilities", "audience_capabilities": [make_need.capability(each) for each in names]}


def for_invited(*organisations: Organisation) -> dict[str, Any]:
    return {"audience": "invited", "invited_organisations": list(organisations), **WHY}


def world() -> None:
    """Providers of migration: by the capability, by a skill beneath it, by another profile; one that has neither."""
    migration = make_need.capability("Data migration")
    skill = make_provider.skill("Ledger migration", migration)
    profile("Same", "Data migration")
    hosting = make_need.capability("Cloud hosting", "Infrastructure")
    make_provider.live_profile(make_provider.provider(make.supplier("Beneath")), capabilities=[hosting, skill])
    apart = profile("Apart", "Cloud hosting")
    make_provider.live_profile(apart.provider, title="Another", capabilities=[migration])
    profile("Without", "Cloud hosting")
    draft = profile("Draft", "Cloud hosting")
    make_provider.draft_profile(draft.provider, title="Not yet", capabilities=[migration])


ASKS_HOSTING = {"requirements": [{"text": "Host it", "weight": 100, "capabilities": ["cloud-hosting"]}]}


def eligible(of: Need) -> dict[str, bool]:
    search.catch_up()
    with reading():
        return {each.provider.name: each.is_eligible for each in queries.candidates(get_need(of.id)).candidates}


def by_rows(of: Need) -> set[str]:
    with reading():
        known = {row.id: row.organisation_id for row in session().scalars(select(Provider))}
        inside = organisations_inside(get_need(of.id), list(known.values()))
        return {provider_id for provider_id, organisation_id in known.items() if organisation_id in inside}


def by_index(of: Need) -> set[str]:
    search.catch_up()
    with reading(), search.groups(KINDS) as groups:
        mask = eligible_providers(get_need(of.id), groups)
        return {groups.ids[at] for at in mask.nonzero()[0].tolist()} - {""}


def test_a_capability_or_anything_beneath_it_lets_a_provider_in_by_any_live_profile() -> None:
    with transaction():
        world()
        asked = need(**ASKS_HOSTING, **for_capability("Data migration"))
    assert eligible(asked) == {"Apart": True, "Beneath": True, "Without": False, "Draft": False}


def test_only_the_invited_are_eligible() -> None:
    with transaction():
        world()
        asked = need(**for_invited(session().scalars(select(Organisation).where(Organisation.name == "Same")).one()))
    found = eligible(asked)
    assert [name for name, is_in in found.items() if is_in] == ["Same"]
    assert next(iter(found)) == "Same"


@pytest.mark.parametrize("audience", ["all", "capabilities", "invited"])
def test_rows_and_index_say_the_same_of_everybody(audience: str) -> None:
    with transaction():
        world()
        idle = make_provider.provider(make.supplier("No profile")).organisation
        same = session().scalars(select(Organisation).where(Organisation.name == "Same")).one()
        asked = {
            "all": {},
            "capabilities": for_capability("Data migration", "Gardening"),
            "invited": for_invited(same, idle, make.supplier("No page")),
        }[audience]
        of = need(**asked)
        nameless = {idle.id}
    with reading():
        without_profile = {row.id for row in session().scalars(select(Provider)) if row.organisation_id in nameless}
    assert by_index(of) == by_rows(of) - without_profile


def test_a_near_miss_and_why_not_name_the_audience() -> None:
    with transaction():
        world()
        asked = need(**for_capability("Data migration"))
        unlike = need(**for_invited(make.supplier("Elsewhere")))
    search.catch_up()
    with reading():
        standing = queries.standings(get_need(asked.id), "Without")[0]
        assert standing.why[0] == (
            "Constraint not met: Audience (any of Data migration is wanted; offered: None of these)."
        )
        missed = queries.candidates(get_need(unlike.id)).candidates[0]
        assert missed.near_miss is not None
        assert (missed.near_miss.name, missed.near_miss.offered) == ("Audience", "Not invited")


def test_needs_that_fit_a_provider_say_whether_it_may_take_part() -> None:
    with transaction():
        inside, outside = profile("Inside", "Data migration"), profile("Outside", "Data migration")
        need(title="For one", **for_invited(inside.provider.organisation))
        need(title="For all")
    search.catch_up()
    with reading():
        told = {
            name: {each.need.title: each.is_eligible for each in queries.needs_that_fit(get_provider(row.provider_id))}
            for name, row in (("in", inside), ("out", outside))
        }
    assert told == {"in": {"For one": True, "For all": True}, "out": {"For one": False, "For all": True}}


def test_coalitions_and_partners_are_made_of_those_inside() -> None:
    with transaction():
        hosts = [profile(name, "Cloud hosting") for name in ("Host in", "Host out")]
        mover = profile("Mover", "Data migration")
        migration, cloud = make_need.capability("Data migration"), make_need.capability("Cloud hosting")
        musts = [
            make_need.requirement("Move", weight=50, capabilities=[migration]),
            make_need.requirement("Host", weight=50, capabilities=[cloud]),
        ]
        inside = for_invited(hosts[0].provider.organisation, mover.provider.organisation)
        asked = need(requirements=musts, price_weight=0, **inside)
    search.catch_up()
    with reading():
        members = [[p.name for p in each.members] for each in queries.coalitions_for(get_need(asked.id)).found]
        partners = [each.provider.name for each in queries.partners_of(get_provider(mover.provider_id))]
    assert [sorted(each) for each in members] == [["Host in", "Mover"]]
    assert partners == ["Host in"]


def test_an_officer_cannot_invite_a_match_that_is_outside() -> None:
    with transaction():
        out = profile("Outside", "Data migration")
        asked = need(**for_capability("Gardening"))
        officer = make.officer(asked.department)
    search.catch_up()
    with transaction():
        again = get_need(asked.id)
        version, candidate = queries.candidate_of(again, out)
        assert candidate is not None
        saw = seen(candidate, version, again.id, officer.id)
        with pytest.raises(Conflict, match="Outside cannot take part"):
            commands.invite_provider(again, candidate.profile, saw, by=session().get_one(Person, officer.id))


def test_the_factory_tells_the_room_of_needs_who_is_inside() -> None:
    with transaction():
        row = profile("Inside", "Data migration")
        organisation = row.provider.organisation_id
        asked, other = need(**for_capability("Data migration")), need(**for_capability("Gardening"))
    with reading():
        told = [inside_for_needs(get_need(each.id), [organisation]) for each in (asked, other)]
    assert told == [{organisation}, set()]


def test_the_invited_find_the_need_on_their_page_whatever_they_offer(browser: Browse) -> None:
    with transaction():
        page = make_provider.provider(make.supplier("Silent Ltd"))
        staff, rival = make.staff(page.organisation), make_provider.provider(make.supplier("Rival Ltd"))
        rival_staff = make.staff(rival.organisation)
        need(title="For one alone", **for_invited(page.organisation))
        make_need.complete_draft(title="Not yet published", **for_invited(page.organisation))
        make_need.withdrawn_need(title="Withdrawn", **for_invited(page.organisation))
    own = browser(staff).get(f"/providers/{page.id}/needs")
    assert "Needs in which only some can take part, and you can" in own.text
    assert "For one alone" in own.links()
    assert not {"Not yet published", "Withdrawn"} & set(own.links())
    assert "only some can take part" not in browser(rival_staff).get(f"/providers/{rival.id}/needs").text
