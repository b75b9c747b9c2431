"""Insight's numbers against counting by hand."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from sqlalchemy import delete

from app.capabilities.models import AREA, SKILL, Capability
from app.insight import queries
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.needs.firsts.choices import QUESTIONS
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.queries import answers_of
from app.needs.models import RUNGS, Need
from app.outcomes.models import RESULTS
from app.providers.models import SolutionProfile
from tests.browser import Browser
from tests.needs import make as make_need
from tests.needs import make_firsts
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.providers import make as make_provider
from tests.responses import make as make_response
from tests.reviews import make as make_review

Browse = Callable[..., Browser]


def of_capability(node: Capability) -> str:
    return node.parent_id or "" if node.level == SKILL else node.id


def by_hand() -> dict[str, tuple[int, int]]:
    """Asking and offering of each capability, counted from the rows."""
    asking: dict[str, set[str]] = {}
    offering: dict[str, set[str]] = {}
    for need in session().query(Need):
        if need.state == "live" and not need.is_past_deadline:
            for node in need.all_capabilities:
                asking.setdefault(of_capability(node), set()).add(need.id)
    for profile in session().query(SolutionProfile):
        if profile.state == "live":
            for node in profile.capabilities:
                offering.setdefault(of_capability(node), set()).add(profile.provider_id)
    return {key: (len(asking.get(key, ())), len(offering.get(key, ()))) for key in {*asking, *offering}}


def test_balances_are_what_counting_by_hand_gives(store: object) -> None:
    dice = random.Random(7)
    with transaction():
        area = make_provider.capability("Any", "Area").parent_id
        session().add_all(Capability(id=f"c{n}", level="capability", parent_id=area, name=f"C {n}") for n in range(5))
        session().flush()
        session().add_all(Capability(id=f"s{n}", level="skill", parent_id=f"c{n % 5}", name=f"S {n}") for n in range(8))
        session().flush()
        nodes = [each for each in session().query(Capability) if each.level != AREA]
        for _ in range(6):
            need = make_need.live_need(rung=dice.choice(RUNGS), capabilities=dice.sample(nodes, 3))
            need.deadline_at = clock.now() + timedelta(hours=dice.choice([-1, 1]))
        make_need.draft_need(capabilities=nodes)
        make_need.withdrawn_need(capabilities=nodes)
        for _ in range(4):
            make_provider.live_profile(capabilities=dice.sample(nodes, 4))
        provider = make_provider.provider()
        for _ in range(2):
            make_provider.live_profile(provider, capabilities=dice.sample(nodes, 3))
        make_provider.draft_profile(capabilities=nodes)
    with reading():
        found = queries.balances()
        assert {each.capability.id: (each.asking, each.offering) for each in found} == by_hand()
        scarcity = [each.asking / (each.offering + 1) for each in found]
        assert scarcity == sorted(scarcity, reverse=True)


def test_the_ladder_counts_needs_and_money(store: object) -> None:
    with transaction():
        make_need.live_need(rung="shaping", low_pence=100, high_pence=300)
        make_need.live_need(rung="shaping", low_pence=None, high_pence=None)
        make_need.live_need(rung="open", low_pence=100, high_pence=500)
        make_need.closed_need()
        make_need.withdrawn_need(rung="shaping")
    with reading():
        steps = {step.rung: (step.needs, step.priced, step.high_pence) for step in queries.ladder()}
        assert steps == {
            "horizon": (0, 0, 0),
            "exploring": (0, 0, 0),
            "shaping": (2, 1, 300),
            "committed": (0, 0, 0),
            "open": (1, 1, 500),
        }
        assert queries.count_current_needs() == 3


def test_closing_counts_what_is_owed_here_and_not_what_came_from_elsewhere(store: object) -> None:
    with transaction():
        make_need.closed_need()
        late = make_need.open_need()
        make_review.pass_deadline(late)
        make_need.closed_need().source = "dos:1"
        ended = []
        for days in (3, 5, 40):
            need = make_need.open_need()
            make_response.submitted(need)
            make_review.notified(need)
            need.deadline_at = need.ended_at - timedelta(days=days)
            ended.append(days)
    with reading():
        found = queries.closing()
        assert (found.waiting, found.concluded, found.answered_days) == (2, 3, median(ended))


def publish_as_before(need: Need) -> None:
    """Publish it as needs were before they were asked what was looked at first: with the answers that there are."""
    given = {each.question for each in answers_of(need)}
    make_need.publish(need)
    forget(need, *(key for key in QUESTIONS if key not in given))


def forget(need: Need, *questions: str) -> None:
    session().execute(delete(FirstAnswer).where(FirstAnswer.need_id == need.id, FirstAnswer.question.in_(questions)))


def test_what_was_looked_at_first_is_counted_by_needs_that_became_firm(store: object) -> None:
    dice = random.Random(11)
    expected: dict[str, Counter[str]] = {key: Counter() for key in QUESTIONS}
    with transaction():
        for rung in ("committed", "committed", "open", "open", "shaping", "horizon", "committed"):
            need = make_need.complete_draft(rung=rung)
            for key, question in QUESTIONS.items():
                if dice.random() < 0.7:
                    answer = dice.choice(question.answers).key
                    make_firsts.answered(need, key, answer=answer)
                    expected[key][answer] += rung in ("committed", "open")
            publish_as_before(need)
        # one climbs twice and counts once, one fell and counts still, one is a draft, one came from elsewhere
        climber = make_need.live_need(rung="shaping")
        make_firsts.answered(climber, "reuse", answer="adapt")
        for rung in ("committed", "shaping", "committed", "shaping"):
            make_need.move(climber, rung)
        forget(climber, "neighbours", "in_house")
        expected["reuse"]["adapt"] += 1
        make_firsts.answered(make_need.complete_draft(rung="open"))
        foreign = make_need.complete_draft(rung="open")
        make_firsts.answered(foreign)
        make_need.publish(foreign)
        foreign.source = "dos:1"
    with reading():
        found = {each.question.key: each for each in queries.looked_first()}
    assert list(found) == list(QUESTIONS)
    for key, each in found.items():
        assert each.answers == {answer.key: expected[key][answer.key] for answer in QUESTIONS[key].answers}
        assert sum(each.answers.values()) + each.unanswered == 6


def test_results_are_those_of_buyers_when_both_have_spoken(store: object) -> None:
    with transaction():
        for buyers, providers in (("delivered", "delivered"), ("not", "delivered"), ("not", "not")):
            make_outcome.settled(buyers, providers)
        open_one = make_outcome.running()
        make_outcome.record(open_one, by=make_outcome.owner_of(open_one), result="partly")
    with reading():
        assert queries.results() == {**dict.fromkeys(RESULTS, 0), "delivered": 1, "not": 2}


def test_the_page_shows_them(browser: Browse) -> None:
    with transaction():
        make_need.live_need(title="X")
        make_provider.live_profile()
        make_outcome.settled()
        firm = make_need.complete_draft(rung="committed")
        make_firsts.answered(firm)
        publish_as_before(firm)
    page = browser().get("/insight")
    assert ["Does something that is there already solve it?", "None fits", "2 needs"] in page.rows()
    assert ["Could an in-house team do it?", "Not answered", "1 need"] in page.rows()
    assert ["Data engineering", "2 live needs", "0 providers"] in page.rows()
    assert ["Delivered", "1 partnership"] in page.rows()
    assert "Offered, and asked for by no live need" in page.text


def test_an_empty_page_says_so(browser: Browse) -> None:
    page = browser().get("/insight")
    assert "No live need asks for a capability yet." in page.text
    assert "No need has become committed or open yet." in page.text
    assert "No outcome has been recorded yet." in page.text


def test_the_page_takes_as_many_statements_for_three_as_for_one(browser: Browse) -> None:
    with transaction():
        make_need.live_need()
        make_outcome.settled()
    reader = browser()
    once = statements(reader, "/insight")
    with transaction():
        make_need.live_need(capabilities=[make_provider.capability("Another")])
        make_need.live_need(rung="open")
        make_outcome.settled()
    assert statements(reader, "/insight") == once
