"""What is looked at first: which answers must say why, who answers and reads, when, and what is kept."""

from itertools import product

import pytest
from sqlalchemy import select

from app.accounts.models import BUYER, OFFICER, STAFF, Membership, Person
from app.kernel import audit, clock
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.kernel.notices import Notice
from app.needs.firsts import policy, queries
from app.needs.firsts.choices import IN_HOUSE, NEIGHBOURS, QUESTIONS, REUSE, faults
from app.needs.firsts.commands import answer_first
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.shown import Shown, read_shown
from app.needs.models import COMMITTED, DRAFTS, OPEN, PUBLISHES, READS, RUNGS, SHAPING, Need, NeedOwner
from app.needs.queries import get_need
from tests import make
from tests.needs import make as make_need
from tests.needs.make_firsts import NEIGHBOUR, REASON, SHOWN, TEAM, WORK, all_answered, answered

# each answer, and whether it is good: with a reason, with something chosen, with both, with neither
TABLE = {
    (REUSE, "adopt"): (True, True, True, False),
    (REUSE, "adapt"): (True, True, True, False),
    (REUSE, "none"): (True, False, True, False),
    (NEIGHBOURS, "join"): (True, True, True, False),
    (NEIGHBOURS, "lead"): (True, True, True, False),
    (NEIGHBOURS, "follow"): (True, True, True, False),
    (NEIGHBOURS, "different"): (True, False, True, False),
    (IN_HOUSE, "can"): (True, True, True, False),
    (IN_HOUSE, "partly"): (True, False, True, False),
    (IN_HOUSE, "cannot"): (True, False, True, False),
}


def test_the_table_has_every_answer() -> None:
    assert set(TABLE) == {(key, answer.key) for key, question in QUESTIONS.items() for answer in question.answers}


@pytest.mark.parametrize(("question", "answer"), TABLE)
def test_an_answer_says_why_or_names_what_is_meant(question: str, answer: str) -> None:
    given = [("why", ""), ("", "need:1"), ("why", "need:1"), ("", "")]
    good = tuple(not faults(QUESTIONS[question], answer, *each, {"need:1"}) for each in given)
    assert good == TABLE[question, answer]


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_not_shown_cannot_be_chosen_and_what_is_no_answer_is_refused(question: str) -> None:
    for answer in QUESTIONS[question].answers:
        (fault,) = faults(QUESTIONS[question], answer.key, "why", "need:2", {"need:1"})
        assert fault.field == "chosen"
    for odd in ("", "maybe", "none'--"):
        (fault,) = faults(QUESTIONS[question], odd, "why", "", set())
        assert fault.field == "answer"


# Who may


OURS, THEIRS = "ministry", "agency"
PEOPLE: dict[str, tuple[str, str, str]] = {
    "supplier": (STAFF, "acme", ""),
    "buyer elsewhere": (BUYER, THEIRS, ""),
    "colleague": (BUYER, OURS, ""),
    "officer": (OFFICER, OURS, ""),
    "drafts": (BUYER, OURS, DRAFTS),
    "publishes": (BUYER, OURS, PUBLISHES),
    "reads": (BUYER, OURS, READS),
    "left": ("", "", PUBLISHES),
    "drafts, and works in a team": (BUYER, OURS, DRAFTS),
    "officer, and works in a team": (OFFICER, OURS, ""),
}
WRITERS = {"drafts", "publishes", "drafts, and works in a team"}
INSIDE = {"officer", "reads", "officer, and works in a team"} | WRITERS
WALLED = {"drafts, and works in a team", "officer, and works in a team"}
WAYS = {
    "draft": (),
    "live": ("publish",),
    "closed": ("publish", "close"),
    "withdrawn": ("publish", "withdraw"),
    "concluded": ("publish", "close", "conclude"),
}
EVERY_CASE = list(product([*PEOPLE, "nobody", "operator"], WAYS, (SHAPING, COMMITTED, OPEN)))


def person_and_need(who: str, state: str, rung: str) -> tuple[Person | None, Need]:
    need = Need(department_id=OURS, rung=rung)
    for verb in WAYS[state]:
        need.move(verb)
    if who == "nobody":
        return None, need
    person = Person(id="p", is_operator=who == "operator", memberships=[])
    job, place, duty = PEOPLE.get(who, ("", "", ""))
    if job:
        person.memberships.append(Membership(organisation_id=place, role=job))
    if duty:
        need.owners.append(NeedOwner(person_id="p", duty=duty))
    if who in WALLED:
        person.memberships.append(Membership(organisation_id="team", role=STAFF))
    return person, need


@pytest.mark.parametrize(("who", "state", "rung"), EVERY_CASE)
def test_who_answers_and_who_reads(who: str, state: str, rung: str) -> None:
    person, need = person_and_need(who, state, rung)
    answers = {key for key in QUESTIONS if policy.may_answer_first(person, need, key)}
    assert answers == (set(QUESTIONS) - ({IN_HOUSE} if who in WALLED else set()) if who in WRITERS else set())
    assert policy.may_answer_firsts(person, need) == (who in WRITERS)
    assert policy.may_read_answers(person, need) == (who in INSIDE or (state != "draft" and rung != SHAPING))
    reads = {key for key in QUESTIONS if policy.may_read_candidates(person, need, key)}
    assert reads == (set(QUESTIONS) - ({IN_HOUSE} if who in WALLED else set()) if who in INSIDE else set())
    assert policy.is_answerable(need) == (state == "draft" or (state == "live" and rung != OPEN))


# What is kept


def kept() -> list[tuple[str, str, str, str]]:
    with reading():
        rows = session().scalars(select(FirstAnswer).order_by(FirstAnswer.question))
        return [(row.question, row.answer, row.reason, row.chosen) for row in rows]


def test_an_answer_keeps_what_was_shown_and_every_change_is_audited(store: object) -> None:
    with transaction():
        need = make_need.complete_draft()
        owner = need.owners[0].person
        first = answered(need, NEIGHBOURS)
        before = first.version
    with transaction():
        row = get_need(need.id)
        shown = [NEIGHBOUR, Shown("need", "other", "Third", "Board")]
        again = answer_first(row, NEIGHBOURS, answer="join", chosen=NEIGHBOUR.name, seen=shown, by=owner)
        assert again.id == first.id
        assert again.version > before
    with reading():
        (row,) = queries.answers_of(get_need(need.id))
        assert row.shown == shown
        assert row.chosen_one == NEIGHBOUR
        assert (row.answer, row.reason, row.answered_by_id) == ("join", "", owner.id)
        made, changed = audit.entries_about(row)
        assert (made.verb, made.person_id, made.facts["before"]) == ("answer_first", owner.id, None)
        assert changed.facts["before"] == made.facts["after"]
        assert made.facts["after"] == {
            "answer": "different",
            "reason": REASON,
            "chosen": "",
            "candidates": [NEIGHBOUR.as_facts()],
        }
        assert [read_shown(each) for each in changed.facts["after"]["candidates"]] == shown
        assert list(audit.verify()) == []


def test_the_same_answer_again_changes_nothing(store: object) -> None:
    with transaction():
        need = make_need.complete_draft()
        answered(need)
    with transaction():
        answer_first(get_need(need.id), REUSE, answer="none", reason=f" {REASON} ", seen=[], by=need.owners[0].person)
    with reading():
        (row,) = queries.answers_of(get_need(need.id))
        assert row.shown == [WORK]
        assert len(audit.entries_about(row)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"answer": "adopt", "chosen": "partnership:other"}, "Choose one of those that you were shown"),
        ({"answer": "adopt", "chosen": TEAM.name}, "Choose one of those that you were shown"),
        ({"answer": "none"}, "Say why: none fits"),
        ({"answer": "none", "reason": "  "}, "Say why: none fits"),
        ({"answer": "adopt"}, "Choose one from the list, or say in words"),
        ({"answer": "join", "reason": "why"}, "Select an answer"),
    ],
)
def test_a_bad_answer_is_refused_with_a_sentence(store: object, said: dict[str, str], told: str) -> None:
    with transaction():
        need = make_need.complete_draft()
        with pytest.raises(Conflict, match=told):
            answer_first(need, REUSE, **{"answer": "", **said}, seen=[WORK], by=need.owners[0].person)
        with pytest.raises(Conflict):
            answer_first(need, "weather", **{"answer": "", **said}, seen=[WORK], by=need.owners[0].person)
    assert kept() == []


def test_only_writers_answer_and_who_works_for_a_provider_not_on_teams(store: object) -> None:
    with transaction():
        need = make_need.complete_draft()
        owner, ministry = need.owners[0].person, need.department
        for other in (make.officer(ministry), make.buyer(ministry), make.operator(), make.staff(make.supplier())):
            with pytest.raises(NotAllowed):
                answered(need, by=other)
        make.join(owner, make.team(ministry), STAFF)
        answered(need, by=owner)
        with pytest.raises(NotAllowed):
            answered(need, IN_HOUSE, by=owner)
    assert [each[0] for each in kept()] == [REUSE]


def test_answers_are_given_until_a_need_is_open(store: object) -> None:
    with transaction():
        need = make_need.live_need(rung=SHAPING)
        answered(need)
        make_need.move(need, COMMITTED)
        answered(need, NEIGHBOURS)
        make_need.move(need, OPEN, deadline_at=need.deadline_at)
        for ended in (need, make_need.closed_need(), make_need.withdrawn_need(), make_need.concluded_need()):
            with pytest.raises(IllegalMove):
                answered(ended, IN_HOUSE)


def test_what_others_can_read_already_is_told_when_it_changes(store: object) -> None:
    with transaction():
        need = make_need.live_need(rung=SHAPING)
        answered(need)
        make_need.move(need, COMMITTED)
        answered(need, reason="Another reason.")
    with reading():
        told = session().scalars(select(Notice).where(Notice.kind == "need.answered_first")).all()
        assert [notice.facts for notice in told] == [{"question": REUSE}]


# What is asked still, and what is told


@pytest.mark.parametrize("rung", RUNGS)
def test_questions_are_asked_from_committed_upwards(store: object, rung: str) -> None:
    with transaction():
        need = make_need.complete_draft(rung=rung)
        firm = rung in (COMMITTED, OPEN)
        assert queries.unanswered_firsts(need, rung) == (list(QUESTIONS) if firm else [])
        assert queries.standing_of_firsts(need) == ("empty" if firm else "optional")
        answered(need, NEIGHBOURS)
        assert queries.unanswered_firsts(need, rung) == ([REUSE, IN_HOUSE] if firm else [])
        assert queries.standing_of_firsts(need) == ("begun" if firm else "optional")
        all_answered(need)
        assert queries.unanswered_firsts(need, rung) == []
        assert queries.standing_of_firsts(need) == "done"
        assert [each.question for each in queries.answers_of(need)] == list(QUESTIONS)


def test_own_people_are_told_all_the_public_no_candidates_and_no_team(store: object) -> None:
    with transaction():
        need = make_need.complete_draft(rung=COMMITTED)
        for key, answer in ((REUSE, "adapt"), (NEIGHBOURS, "follow"), (IN_HOUSE, "partly")):
            answered(need, key, answer=answer, chosen=SHOWN[key].name)
        officer, ministry = make.officer(need.department), need.department
        both = make.officer(ministry)
        make.join(both, make.team(ministry), STAFF)
        assert queries.told_to(None, need) == []
        need.move("publish")
        need.published_at = clock.now()
        inside = queries.told_to(officer, need)
        public = queries.told_to(None, need)
        walled = queries.told_to(both, need)
    assert [(each.label, each.chosen, each.shown) for each in inside] == [
        ("Adapt it", WORK, [WORK]),
        ("Follow their need, and go on with ours", NEIGHBOUR, [NEIGHBOUR]),
        ("Partly, because", TEAM, [TEAM]),
    ]
    assert [(each.reason, each.chosen, each.shown, each.answered_by) for each in public] == [
        (REASON, WORK, None, ""),
        (REASON, NEIGHBOUR, None, ""),
        (REASON, None, None, ""),
    ]
    assert [(each.chosen, each.shown) for each in walled] == [(WORK, [WORK]), (NEIGHBOUR, [NEIGHBOUR]), (None, None)]


def test_what_was_shown_reads_back_as_it_was() -> None:
    for each in SHOWN.values():
        assert read_shown(each.as_facts()) == each


def test_audit_entries_are_in_streams_of_their_own(store: object) -> None:
    with transaction():
        answer = answered(make_need.complete_draft())
    with reading():
        found = session().scalars(select(AuditEntry.stream).where(AuditEntry.verb == "answer_first")).all()
        assert found == [f"first_answers:{answer.id}"]
