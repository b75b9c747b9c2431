"""Pages of matching: who sees candidates, deciding on one, what the decision keeps, and the needs that fit."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.kernel.notices import Notice
from app.matching import commands, queries
from app.matching.models import MatchDecision
from app.matching.seen import Seen
from app.needs.models import Need
from app.needs.queries import get_need
from app.providers.models import SolutionProfile
from app.providers.queries import get_provider
from tests import make
from tests.browser import Browser, Page
from tests.matching.make import HOST, MIGRATE, need, profile
from tests.needs import make as make_need

Browsers = Callable[..., Browser]


@dataclass
class World:
    """A live need, an officer and an owner of its department, and two candidates."""

    need: Need
    officer: Person
    owner: Person
    doer: SolutionProfile
    other: SolutionProfile
    staff: Person

    @property
    def path(self) -> str:
        return f"/needs/{self.need.id}/matches"


@pytest.fixture
def world(app: object) -> World:
    with transaction():
        asked = need(clearance="sc")
        doer = profile("Doer", "Data migration", clearance="sc", approach="We move records & <b>bold</b> things.")
        other = profile("Other", "Data migration", "Cloud hosting")
        officer = make.officer(asked.department)
        owner = asked.owners[0].person
        return World(asked, officer, owner, doer, other, make.staff(doer.provider.organisation))


def decide(browser: Browser, world: World, verb: str, note: str = "") -> Page:
    return browser.get(f"{world.path}/{world.doer.id}", 200).submit("Save the decision", verb=verb, note=note)


def decisions() -> list[MatchDecision]:
    with reading():
        return list(session().scalars(select(MatchDecision)))


def test_candidates_are_shown_with_reasons(browser: Browsers, world: World) -> None:
    page = browser(world.officer).get(world.path, 200)
    grid = next(row for row in page.rows() if row[0] == "Doer")
    assert grid[2:] == ["Eligible", "Stated", "Missing"]
    reasons = [row for row in page.rows() if row[0].startswith(MIGRATE)]
    assert len(reasons) == 2
    assert "Data migration" in reasons[0][2]
    assert "<mark>records</mark> &amp; &lt;b&gt;bold&lt;/b&gt;" in page.body
    assert "security clearance (Security check (SC); offered: Baseline" in page.text
    eligible = page.follow("Show only those who meet every constraint")
    assert [row[0] for row in eligible.rows() if len(row) == 5 and row[0] in ("Doer", "Other")] == ["Doer"]


def test_owners_see_and_do_not_decide(browser: Browsers, world: World) -> None:
    page = browser(world.owner).get(f"{world.path}/{world.doer.id}", 200)
    assert "Save the decision" not in page.buttons()
    browser(world.owner).post(f"{world.path}/{world.doer.id}", 403, verb="invite")


def test_others_see_no_matches(browser: Browsers, world: World) -> None:
    with transaction():
        both = make.staff(make.supplier())
        make.join(both, get_need(world.need.id).department, "officer")
        others = [
            make.buyer(get_need(world.need.id).department),
            make.officer(make.department()),
            make.operator(),
            world.staff,
            both,
        ]
    for person in others:
        browser(person).get(world.path, 403)
        browser(person).get(f"{world.path}/{world.doer.id}", 403)
        browser(person).post(f"{world.path}/{world.doer.id}", 403, verb="invite")
    assert browser().get(world.path).h1 == "Sign in"
    browser(world.officer).get("/needs/000000000000/matches", 404)
    browser(world.officer).get(f"{world.path}/000000000000", 404)


def test_matches_of_a_draft_are_its_owners_alone(browser: Browsers, world: World) -> None:
    with transaction():
        department = make.department()
        draft = make_need.draft_need(department, capabilities=[make_need.capability("Data migration")])
        owner = draft.owners[0].person
    browser(owner).get(f"/needs/{draft.id}/matches", 200)
    browser(world.officer).get(f"/needs/{draft.id}/matches", 404)
    browser().get(f"/needs/{draft.id}/matches", 404)


def test_an_invitation_keeps_what_was_shown_and_is_told(browser: Browsers, world: World) -> None:
    shown = browser(world.officer).get(f"{world.path}/{world.doer.id}", 200)
    with transaction():
        session().get_one(SolutionProfile, world.doer.id).approach = "Something else by now."
    shown.submit("Save the decision", verb="invite", note="Please look at this.")
    (kept,) = decisions()
    assert f"{kept.score_milli / 10} of 100" in shown.text
    assert kept.score_milli == sum(kept.parts.values())
    assert [(reason["text"], reason["standing"]) for reason in kept.reasons] == [(MIGRATE, "stated"), (HOST, "missing")]
    assert kept.reasons[0]["passage"] == "We move records & <b>bold</b> things."
    assert [(each["name"], each["is_met"]) for each in kept.constraints] == [("Security clearance", True)]
    assert kept.index_version
    assert (kept.verb, kept.note, kept.decided_by_id) == ("invite", "Please look at this.", world.officer.id)
    with reading():
        notice = session().scalars(select(Notice).where(Notice.kind == "match.invited")).one()
        assert notice.facts["provider_id"] == world.doer.provider_id
    fitting = browser(world.staff).get(f"/providers/{world.doer.provider_id}/needs", 200)
    assert "You were invited" in fitting.text
    assert "Please look at this." in fitting.text
    with reading():
        (waiting,) = queries.awaiting(world.staff, clock.now())
        assert (waiting.endpoint, waiting.values) == ("needs.show", {"need_id": world.need.id})
        (invitation,) = queries.invitations_of(get_provider(world.doer.provider_id))
        assert invitation.need_id == world.need.id


def test_nobody_is_invited_twice(browser: Browsers, world: World) -> None:
    officer = browser(world.officer)
    page = officer.get(f"{world.path}/{world.doer.id}", 200)
    page.submit("Save the decision", verb="invite")
    again = page.submit("Save the decision", verb="invite")
    assert again.status == 409
    assert len(decisions()) == 1


@pytest.mark.parametrize(("verb", "told"), [("pass_over", "Enter the reason"), ("note", "Enter the note")])
def test_passing_over_and_noting_want_words(browser: Browsers, world: World, verb: str, told: str) -> None:
    refused = decide(browser(world.officer), world, verb)
    assert refused.status == 422
    assert refused.errors[0].startswith(told)
    kept = refused.submit("Save the decision", note="Too far away.")
    assert kept.status == 200
    assert [(each.verb, each.note) for each in decisions()] == [(verb, "Too far away.")]
    assert "Too far away." in browser(world.officer).get(f"{world.path}/{world.doer.id}").text
    with reading():
        assert session().scalars(select(Notice).where(Notice.kind == "match.invited")).all() == []


def test_a_token_of_another_match_person_or_making_is_refused(browser: Browsers, world: World) -> None:
    officer = browser(world.officer)
    other = officer.get(f"{world.path}/{world.other.id}", 200)
    with transaction():
        colleague = make.officer(get_need(world.need.id).department)
    theirs = browser(colleague).get(f"{world.path}/{world.doer.id}", 200)
    page = officer.get(f"{world.path}/{world.doer.id}", 200)
    tokens = [next(e.get("value") for e in p.root.iter("input") if e.get("name") == "seen") for p in (other, theirs)]
    for token in [*tokens, "", "x" * 500, "eyJ9.bad.token"]:
        refused = page.submit("Save the decision", verb="invite", seen=token)
        assert refused.status == 422
        assert "look at it again" in refused.errors[0]
    assert decisions() == []
    good = page.submit("Save the decision", verb="invite")
    assert good.status == 200


@pytest.mark.parametrize("verb", ["", "refer", "invite'--"])
def test_an_unknown_verb_is_refused(browser: Browsers, world: World, verb: str) -> None:
    assert decide(browser(world.officer), world, verb).status == 422
    assert decisions() == []


def test_only_a_live_need_is_decided_on(browser: Browsers, world: World) -> None:
    page = browser(world.officer).get(f"{world.path}/{world.doer.id}", 200)
    with transaction():
        from app.needs.commands import withdraw_need

        withdraw_need(get_need(world.need.id), reason="No money.", by=world.officer)
    assert page.submit("Save the decision", verb="invite").status == 409
    after = browser(world.officer).get(f"{world.path}/{world.doer.id}", 200)
    assert "Save the decision" not in after.buttons()


def test_a_command_refuses_what_somebody_else_saw(world: World) -> None:
    from app.kernel.errors import Conflict

    facts = Seen(world.need.id, world.other.id, world.officer.id, 1, {}, [], [], "")
    with transaction(), pytest.raises(Conflict):
        row = session().get_one(SolutionProfile, world.doer.id)
        commands.invite_provider(get_need(world.need.id), row, facts, by=world.officer)


def test_an_officer_is_told_of_open_needs_that_nobody_matched(browser: Browsers, app: object) -> None:
    with transaction():
        asked = make_need.open_need()
        officer = make.officer(asked.department)
        profile("Doer", "Data engineering")
    with reading():
        (waiting,) = queries.awaiting(officer, clock.now())
    assert waiting.endpoint == "matching.candidates"
    page = browser(officer).get(f"/needs/{asked.id}/matches", 200)
    look = next(text for text in page.links() if text.startswith("Look and decide"))
    page.follow(look).submit("Save the decision", verb="note", note="Seen.")
    with reading():
        assert queries.awaiting(officer, clock.now()) == []


def test_the_needs_that_fit_are_the_staffs_alone(browser: Browsers, world: World) -> None:
    path = f"/providers/{world.doer.provider_id}/needs"
    page = browser(world.staff).get(path, 200)
    assert "Patient records in one place" in page.links()
    assert "1 of 2 requirements" in page.text
    browser(world.officer).get(path, 403)
    with transaction():
        rival = make.staff(make.supplier())
    browser(rival).get(path, 403)
    assert browser().get(path).h1 == "Sign in"
    browser(world.staff).get("/providers/000000000000/needs", 404)
