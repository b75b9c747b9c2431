"""What outcomes leave behind: evidence, partnerships of awards, what awaits people."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import Person
from app.kernel import audit, clock, jobs
from app.kernel.db import reading, session, transaction
from app.outcomes import queries
from app.outcomes.jobs import agree
from app.outcomes.models import Partnership
from app.providers.models import Evidence
from app.providers.queries import evidence_of, track_records
from app.reviews.models import Award
from app.reviews.queries import awards_of
from tests import make
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.responses import make as make_response
from tests.reviews import make as make_review


def evidence_from(partnership: Partnership) -> Evidence | None:
    return session().scalar(select(Evidence).where(Evidence.source == audit.name_of(partnership)))


def test_sides_that_agree_make_countersigned_evidence(store: object) -> None:
    with transaction():
        partnership = make_outcome.settled(title="Records in one place")
        found = evidence_from(partnership)
        assert found is not None
        assert (found.standing, found.achieved_percent, found.title) == ("countersigned", 50, "Records in one place")
        assert found.result.splitlines() == [
            "Delivered, as both sides recorded.",
            "Seconds to open: from 240 to 1 now, target 5: reached.",
            "Records reported lost: from 120 a year to 2 now, target 10 a year: not reached.",
        ]
        assert found.capabilities == partnership.need.all_capabilities
        assert track_records()[partnership.provider_id].achieved == 0.5


def test_sides_that_differ_make_disputed_evidence_that_counts_for_nothing(store: object) -> None:
    with transaction():
        partnership = make_outcome.settled("not", "delivered")
        found = evidence_from(partnership)
        assert found is not None
        assert found.standing == "disputed"
        assert found.result.startswith("The buyer recorded: Not delivered. The provider recorded: Delivered.")
        assert track_records() == {}


def test_a_measure_that_the_provider_tells_differently_is_said_so(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        make_outcome.record(partnership, by=make_outcome.owner_of(partnership), reached=0)
        make_outcome.record(partnership, by=make_response.staff(partnership.provider), reached=1)
        found = evidence_from(partnership)
        assert found is not None
        assert "not reached. The provider recorded reached." in found.result
        assert found.achieved_percent == 0


def test_the_profile_that_won_shows_the_evidence(store: object) -> None:
    with transaction():
        partnership = make_outcome.settled()
        profile = queries.find_profile_of(partnership)
        assert profile is not None
        assert evidence_from(partnership) in profile.evidence


def test_one_report_alone_makes_no_evidence(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        before = len(evidence_of(partnership.provider, None))
        make_outcome.record(partnership, by=make_outcome.owner_of(partnership))
        assert len(evidence_of(partnership.provider, None)) == before


def test_an_award_becomes_one_partnership_however_often_its_job_runs(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        winners = dict.fromkeys(make_response.submitted_many(need, 2), 100000)
        awards = [award.id for award in awards_of(make_review.notified(need, winners=winners))]
    while jobs.run_due():
        pass
    agree({"award_id": awards[0]})
    with reading():
        assert session().scalar(select(func.count()).select_from(Partnership)) == 2
        award = session().get_one(Award, awards[0])
        made = queries.find_partnership_of(audit.name_of(award))
        assert made is not None
        assert (made.value_pence, made.provider_id, made.need_id) == (1_000_00, award.response.provider_id, need.id)
        assert [entry.verb for entry in audit.entries_about(made)] == ["agree_partnership"]


def test_no_partnership_before_every_respondent_was_told(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        first, _ = make_response.submitted_many(need, 2)
        make_review.decided(need, winners={first: 1})
    while jobs.run_due():
        pass
    with reading():
        assert session().scalar(select(func.count()).select_from(Partnership)) == 0


def awaiting(person: Person) -> list[tuple[str, str]]:
    with reading():
        return [(each.text, each.endpoint) for each in queries.awaiting(person, clock.now())]


def test_what_awaits_each_side(store: object) -> None:
    with transaction():
        partnership = make_outcome.agreed(title="Records")
        owner, staff = make_outcome.owner_of(partnership), make_response.staff(partnership.provider)
        officer, other = make.officer(partnership.need.department), make.buyer(partnership.need.department)
    to_start = [("Start the partnership: Records", "outcomes.start")]
    assert [awaiting(person) for person in (owner, officer, staff, other)] == [to_start, to_start, [], []]
    far = clock.today() + timedelta(days=200)
    with transaction():
        found = queries.get_partnership(partnership.id)
        make_outcome.start(found, clock.today(), far)
    assert [awaiting(person) for person in (owner, staff)] == [[], []]
    with transaction():
        make_outcome.record(queries.get_partnership(partnership.id), by=staff)
    to_record = [("Record how it went: Records", "outcomes.record")]
    assert [awaiting(person) for person in (owner, officer, staff)] == [to_record, to_record, []]


def test_an_outcome_is_asked_for_when_the_end_comes_near(store: object) -> None:
    with transaction():
        partnership = make_outcome.running(title="Records")
        people = [make_outcome.owner_of(partnership), make_response.staff(partnership.provider)]
    assert [awaiting(person) for person in people] == [[("Record how it went: Records", "outcomes.record")]] * 2


def test_the_audit_keeps_what_was_said_to_itself_until_both_have_spoken(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        make_outcome.record(partnership, by=make_outcome.owner_of(partnership), words="Their own words.")
        first = audit.entries_about(partnership)[-1]
        assert (first.verb, first.facts) == ("record_outcome", {"side": "buyer"})
        make_outcome.record(partnership, by=make_response.staff(partnership.provider))
        last = audit.entries_about(partnership)[-1]
        assert (last.verb, last.facts["buyer"]["helped"]) == ("settle_outcome", "Their own words.")
        assert {each["reached"] for each in last.facts["provider"]["results"].values()} == {True, False}
