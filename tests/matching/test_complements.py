"""Who shows what a provider lacks for one need: by public facts, small firms first among equals, never from outside."""

import pytest

from app.kernel import search
from app.kernel.db import reading, transaction
from app.matching.complements import complements_for, coverage_of
from app.needs.models import INVITED, WITH_CAPABILITIES
from app.needs.queries import get_need
from app.providers.queries import get_provider
from tests.matching.make import HOST, need, profile
from tests.needs import make as make_need
from tests.responses import make as make_response

pytestmark = pytest.mark.usefixtures("app")
Told = list[tuple[str, list[str], bool]]


def told(need_id: str, provider_id: str, without: tuple[str, ...] = ()) -> Told:
    """Names of who is proposed, what each fills, and whether it is small."""
    search.catch_up()
    with reading():
        found = complements_for(get_need(need_id), get_provider(provider_id), without=without)
        return [(each.provider.name, [reason.text for reason in each.fills], each.is_small) for each in found.proposed]


def test_who_shows_what_is_lacking_is_proposed_with_the_reason_and_nobody_else() -> None:
    with transaction():
        asked = need()
        own = profile("Own Works", "Data migration")
        profile("Cloud Works", "Cloud hosting")
        profile("Data Works", "Data migration")
        profile("Garden Works", "Gardening")
    assert told(asked.id, own.provider_id) == [("Cloud Works", [HOST], True)]
    with reading():
        found = complements_for(get_need(asked.id), get_provider(own.provider_id))
        assert ([len(found.covered), len(found.lacking)]) == [1, 1]
        grid = coverage_of(get_need(asked.id), [own.provider_id])
        assert sorted(by[own.provider_id] > 0 for by in grid.values()) == [False, True]


def test_what_partners_show_already_is_not_lacking_any_more() -> None:
    with transaction():
        asked = need()
        own, partner = profile("Own Works", "Data migration"), profile("Cloud Works", "Cloud hosting")
        profile("Other Clouds", "Cloud hosting")
    assert [name for name, _, _ in told(asked.id, own.provider_id, (partner.provider_id,))] == ["Other Clouds"]
    with reading():
        found = complements_for(get_need(asked.id), get_provider(own.provider_id), beside=[partner.provider_id])
        assert (found.lacking, found.proposed) == ((), ())


def test_among_equals_small_firms_come_first_then_a_lot() -> None:
    with transaction():
        asked = need()
        own = profile("Own Works", "Data migration")
        for name, size in (("Vast Works", "large"), ("Small Works", "small"), ("Tiny Works", "micro")):
            row = profile(name, "Cloud hosting")
            row.provider.size = size
    names = [name for name, _, _ in told(asked.id, own.provider_id)]
    assert set(names[:2]) == {"Small Works", "Tiny Works"}
    assert names[2:] == ["Vast Works"]


def test_who_is_left_out_is_not_proposed_nor_who_is_outside_the_audience() -> None:
    with transaction():
        cloud = make_need.capability("Cloud hosting", "Infrastructure")
        asked = need(
            audience=WITH_CAPABILITIES,
            audience_capabilities=[cloud],
            audience_reason="technical",
            audience_note="Nobody else can.",
        )
        own, other = profile("Own Works", "Data migration"), profile("Cloud Works", "Cloud hosting")
        profile("Data Works", "Data migration")
    assert [name for name, _, _ in told(asked.id, own.provider_id)] == ["Cloud Works"]
    assert told(asked.id, own.provider_id, (other.provider_id,)) == []


def test_nobody_is_proposed_where_who_was_invited_is_not_public() -> None:
    with transaction():
        own, other = profile("Own Works", "Data migration"), profile("Cloud Works", "Cloud hosting")
        inside = [own.provider.organisation, other.provider.organisation]
        asked = need(
            audience=INVITED,
            invited_organisations=inside,
            audience_reason="technical",
            audience_note="Nobody else can.",
        )
    assert told(asked.id, own.provider_id) == []


def test_who_answers_already_is_proposed_as_anybody_else_is() -> None:
    with transaction():
        asked = need()
        own, other = profile("Own Works", "Data migration"), profile("Cloud Works", "Cloud hosting")
        before = other.provider_id
    first = told(asked.id, own.provider_id)
    with transaction():
        make_response.interest(
            get_need(asked.id), of=get_provider(before), by=make_response.staff(get_provider(before))
        )
    assert told(asked.id, own.provider_id) == first
