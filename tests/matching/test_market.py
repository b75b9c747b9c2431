"""The market for a need on a real index: who looks eligible, and what removes most of the others."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.kernel import search
from app.kernel.db import reading, transaction
from app.matching.engine import candidates
from app.matching.market import market_of
from app.needs import drafting
from app.needs.market import Barrier, Market
from app.needs.models import Need
from app.needs.queries import get_need
from app.needs.sections import Proposed
from tests import make
from tests.browser import Browser
from tests.matching.make import HOST, MIGRATE, need, profile
from tests.needs import make as make_need
from tests.providers import make as make_provider

pytestmark = pytest.mark.usefixtures("app")
Browse = Callable[..., Browser]


def market(of: Need, section: str = "", **content: Any) -> Market | None:
    """The market for a need, or for one as it would be with other content in a section."""
    search.catch_up()
    with reading():
        asked: Any = get_need(of.id)
        if section:
            asked = Proposed(asked, drafting.proposed(asked, section, content))
        return market_of(asked)


def left(found: Market | None) -> dict[str, int]:
    assert found is not None
    return {each.label: each.left_without for each in found.barriers}


def test_without_any_provider_nobody_looks_eligible_and_nothing_is_to_blame() -> None:
    with transaction():
        asked = need(clearance="sc")
    assert market(asked) == Market(0, 0, ())


def test_while_the_index_is_not_ready_nobody_can_tell(browser: Browse) -> None:
    with transaction():
        asked = make_need.complete_draft()
        author = asked.owners[0].person
    with reading():
        assert market_of(get_need(asked.id)) is None
    found = browser(author).client.get(f"/needs/{asked.id}/publish").get_data(as_text=True)
    assert "the search index is being prepared" in found
    assert "Read it as others will" in found


def test_a_need_without_constraints_is_held_to_its_musts_alone() -> None:
    with transaction():
        asked = need()
        profile("Able", "Data migration")
        profile("Host", "Cloud hosting")
        profile("Gardener", "Gardening")
    assert market(asked) == Market(3, 1, (Barrier("requirements", f"Requirement “{MIGRATE}”", "Data migration", 3),))


def test_one_constraint_removes_most_and_comes_first() -> None:
    with transaction():
        asked = need(clearance="sc", standards=["iso27001"], places=["wales"], remote=True)
        able = {"clearance": "sc", "standards": ["iso27001"], "remote": True}
        profile("Able", "Data migration", **able)
        for number in range(4):
            profile(f"Uncleared {number}", "Data migration", **{**able, "clearance": "bpss"})
        profile("Unsure", "Data migration", **{**able, "standards": []})
        profile("Far", "Data migration", **{**able, "remote": False, "places": ["london"]})
        profile("Neither", "Data migration", **{**able, "clearance": "bpss", "standards": []})
    found = market(asked)
    assert found is not None
    assert (found.offering, found.eligible) == (8, 1)
    assert list(left(found).items()) == [("Security clearance", 5), ("Place", 2), ("Standard", 2)]
    assert {each.section for each in found.barriers} == {"constraints"}


def test_constraints_are_to_be_met_by_one_profile_and_musts_by_any() -> None:
    with transaction():
        asked = need(clearance="sc", standards=["iso27001"])
        half = profile("Halves", "Data migration", clearance="sc", standards=[])
        make_provider.live_profile(half.provider, title="Other half", clearance="bpss", standards=["iso27001"])
        whole = profile("Whole", "Gardening", clearance="sc", standards=["iso27001"])
        make_provider.live_profile(
            whole.provider,
            title="Elsewhere",
            capabilities=[make_need.capability("Data migration")],
            clearance="none",
            standards=[],
        )
    found = market(asked)
    assert found is not None
    assert (found.offering, found.eligible) == (2, 1)
    assert left(found) == {"Security clearance": 2, "Standard": 2}


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({}, True),
        ({"standing": "disputed"}, False),
        ({"finished_on": date(2019, 1, 1)}, False),
    ],
)
def test_valid_evidence_counts_for_a_must(facts: dict[str, Any], counts: bool) -> None:
    with transaction():
        asked = need()
        row = profile("Proven", "Gardening")
        shown = {"capabilities": [make_need.capability("Data migration")], "finished_on": date(2026, 1, 1), **facts}
        make_provider.countersigned(row.provider, **shown)
    found = market(asked)
    assert found is not None
    assert found.eligible == counts


def test_kin_count_as_they_do_in_the_ranking_and_words_do_not() -> None:
    with transaction():
        asked = need()
        skill = make_provider.skill("Ledger migration", make_need.capability("Data migration"))
        make_provider.live_profile(make_provider.provider(make.supplier("Beneath")), capabilities=[skill])
        profile("Talker", "Gardening", approach="We move patient records without loss, two million of them.")
    found = market(asked)
    assert found is not None
    assert (found.offering, found.eligible) == (2, 1)
    with reading():
        assert {each.provider.name for each in candidates(get_need(asked.id)).candidates} == {"Beneath", "Talker"}


def test_the_audience_is_a_barrier_like_others() -> None:
    with transaction():
        rows = [profile(f"Mover {number}", "Data migration") for number in range(4)]
        invited = {"audience": "invited", "invited_organisations": [rows[0].provider.organisation]}
        asked = need(audience_reason="security", audience_note="Secret.", **invited)
        by_skill = need(audience="capabilities", audience_capabilities=[make_need.capability("Gardening")])
    assert market(asked) == Market(1, 1, (Barrier("audience", "Who can take part", "invited organisations only", 4),))
    assert market(by_skill) == Market(0, 0, (Barrier("audience", "Who can take part", "any of Gardening", 4),))


def test_a_need_as_it_would_be_is_counted_as_it_would_be() -> None:
    with transaction():
        asked = need()
        profile("Able", "Data migration", clearance="bpss")
        profile("Host", "Cloud hosting", clearance="sc")
    hosting = [{"text": HOST, "kind": "must", "weight": 70, "capabilities": ["cloud-hosting"]}]
    assert left(market(asked)) == {f"Requirement “{MIGRATE}”": 2}
    assert left(market(asked, "requirements", requirements=hosting)) == {f"Requirement “{HOST}”": 2}
    hosting_only = market(asked, "audience", audience="capabilities", audience_capabilities=["cloud-hosting"])
    assert hosting_only is not None
    assert (hosting_only.offering, hosting_only.eligible, left(hosting_only)["Who can take part"]) == (1, 0, 1)
    cleared = market(asked, "constraints", clearance="sc")
    assert cleared is not None
    assert (cleared.offering, cleared.eligible) == (2, 0)
    assert left(cleared) == {"Security clearance": 1, f"Requirement “{MIGRATE}”": 1}


def test_a_need_without_requirements_is_held_to_its_capabilities() -> None:
    with transaction():
        asked = need(requirements=[])
        profile("Able", "Data migration")
        profile("Host", "Cloud hosting")
    found = market(asked)
    assert found == Market(2, 1, (Barrier("basics", "What the need is about", "Data migration", 2),))


def test_a_must_that_names_nothing_removes_nobody() -> None:
    with transaction():
        asked = need(requirements=[{"text": "Be kind to everybody", "weight": 10, "capabilities": []}])
        profile("Gardener", "Gardening")
    assert market(asked) == Market(1, 1, ())


# The pages


def test_the_page_before_publishing_warns_of_a_thin_market_and_publishes_all_the_same(browser: Browse) -> None:
    with transaction():
        made = make_need.complete_draft(rung="shaping", clearance="sc", places=[], remote=None, standards=[])
        author = made.owners[0].person
        for number in range(3):
            profile(f"Both {number}", "Data engineering", "Cloud hosting", clearance="bpss")
        profile("Cleared", "Data engineering", "Cloud hosting", clearance="sc")
    page = browser(author).get(f"/needs/{made.id}/publish")
    assert "Only 1 provider of 4 looks eligible." in page.text
    assert "Security clearance (Security check (SC)) rules out most: without it 4 would be left." in page.text
    assert page.follow("Change it: Security clearance").h1 == "Constraints"
    assert page.submit("Publish now").h1 == made.title


def test_the_page_of_the_ladder_tells_the_market_and_leads_to_the_amendment(browser: Browse) -> None:
    with transaction():
        asked = need()
        author = asked.owners[0].person
        for number in range(3):
            profile(f"Able {number}", "Data migration")
        profile("Host", "Cloud hosting")
    page = browser(author).get(f"/needs/{asked.id}/rung")
    assert "3 of 4 providers look eligible." in page.text
    assert "Warning" not in page.text
    link = next(text for text in page.links() if text.startswith("Change it"))
    assert page.follow(link).h1 == "Amend: requirements and weights"
