"""Changing partnerships: agree, start, end early, and record what became of them."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import IllegalMove, NotAllowed
from app.outcomes.models import (
    BUYER_SIDE,
    ENDED_EARLY,
    PROVIDER_SIDE,
    RESULTS,
    RUNNING,
    MeasureResult,
    OutcomeReport,
    Partnership,
)
from app.outcomes.policy import side_of
from app.outcomes.queries import find_partnership_of
from app.providers.commands import countersign_evidence
from app.providers.models import COUNTERSIGNED, DISPUTED
from app.reviews.models import Award


class Reached(TypedDict):
    """What one side says of one success measure."""

    measure_id: str
    value: str
    reached: bool


def agree_partnership(award: Award, *, by: Person | None) -> Partnership:
    """Begin the partnership that an award makes; a second call finds the first one's."""
    source = audit.name_of(award)
    found = find_partnership_of(source)
    if found:
        return found
    partnership = Partnership(
        need=award.response.need,
        provider=award.response.provider,
        value_pence=award.value_pence,
        agreed_at=clock.now(),
        source=source,
    )
    session().add(partnership)
    audit.record("agree_partnership", partnership, by=by, facts={"award": award.id, "value_pence": award.value_pence})
    notices.post("partnership.agreed", subject=partnership)
    return partnership


def start_partnership(partnership: Partnership, starts_on: date, ends_on: date, *, by: Person) -> None:
    """Say from when to when the work runs.

    Moves: partnership agreed -> running
    """
    partnership.move("start")
    partnership.starts_on, partnership.ends_on = starts_on, ends_on
    audit.record("start_partnership", partnership, by=by, facts={"starts_on": starts_on, "ends_on": ends_on})
    notices.post("partnership.started", subject=partnership)


def record_outcome(
    partnership: Partnership, result: str, helped: str, hindered: str, results: Sequence[Reached], *, by: Person
) -> OutcomeReport:
    """Record how one side says it went; when both sides have, the outcome stands.

    Moves: partnership running -> completed or ended_early, and evidence is countersigned, with the second report
    """
    side = side_of(by, partnership)
    if side is None:
        raise NotAllowed("Only the two sides of a partnership record its outcome.")
    if partnership.state != RUNNING:
        raise IllegalMove("An outcome can be recorded while the partnership is running.")
    report = _report(partnership, side)
    report.result, report.helped, report.hindered = result, helped, hindered
    report.recorded_by_id, report.recorded_at = by.id, clock.now()
    _set_results(report, results)
    facts = {"side": side, "result": result, "results": [dict(each) for each in results]}
    audit.record("record_outcome", partnership, by=by, facts=facts)
    _settle(partnership, by)
    return report


def _report(partnership: Partnership, side: str) -> OutcomeReport:
    for report in partnership.reports:
        if report.side == side:
            return report
    report = OutcomeReport(partnership=partnership, side=side)
    session().add(report)
    return report


def _set_results(report: OutcomeReport, results: Sequence[Reached]) -> None:
    known = {result.measure_id: result for result in report.results}
    for each in results:
        result = known.get(each["measure_id"]) or MeasureResult(report=report, measure_id=each["measure_id"])
        result.value, result.reached = each["value"], each["reached"]


def _settle(partnership: Partnership, by: Person) -> None:
    reports = {report.side: report for report in partnership.reports}
    if set(reports) != {BUYER_SIDE, PROVIDER_SIDE}:
        notices.post("outcome.reported", subject=partnership, facts={"side": next(iter(reports))})
        return
    partnership.move("end_early" if reports[BUYER_SIDE].result == ENDED_EARLY else "complete")
    partnership.ends_on = min(partnership.ends_on or clock.today(), clock.today())
    session().flush()
    _countersign(partnership, reports[BUYER_SIDE], reports[PROVIDER_SIDE], by)
    notices.post("outcome.settled", subject=partnership)


def end_partnership_early(partnership: Partnership, reason: str, *, by: Person) -> None:
    """End it before its time, with a reason; what both sides would say of it is then not asked for.

    Moves: partnership agreed or running -> ended_early
    """
    partnership.move("end_early")
    partnership.ends_on = clock.today()
    audit.record("end_partnership_early", partnership, by=by, facts={"reason": reason})
    notices.post("partnership.ended_early", subject=partnership, facts={"reason": reason})


def _countersign(partnership: Partnership, buyers: OutcomeReport, providers: OutcomeReport, by: Person) -> None:
    """Write the outcome as evidence on the provider's page; sides that differ on the result make it disputed."""
    need = partnership.need
    countersign_evidence(
        partnership.provider,
        source=audit.name_of(partnership),
        standing=COUNTERSIGNED if buyers.result == providers.result else DISPUTED,
        title=need.title,
        client=need.department.name,
        text=need.summary or need.problem or need.title,
        result=told_result(buyers, providers),
        finished_on=partnership.ends_on or clock.today(),
        capabilities=need.all_capabilities,
        achieved_percent=achieved_percent(buyers),
        by=by,
    )


def achieved_percent(report: OutcomeReport) -> int:
    """The share of the need's own success measures that a side says was reached; without measures, by the result."""
    if not report.results:
        return {"delivered": 100, "partly": 50}.get(report.result, 0)
    return round(100 * sum(result.reached for result in report.results) / len(report.results))


def told_result(buyers: OutcomeReport, providers: OutcomeReport) -> str:
    """The outcome in a few sentences: the buyer's result and measures, and where the provider says otherwise."""
    told = [f"{RESULTS[buyers.result]}, as both sides recorded."]
    if buyers.result != providers.result:
        told = [f"The buyer recorded: {RESULTS[buyers.result]}. The provider recorded: {RESULTS[providers.result]}."]
    for result in sorted(buyers.results, key=lambda result: result.measure.position):
        measure = result.measure
        verdict = "reached" if result.reached else "not reached"
        values = f"from {measure.baseline} to {result.value}, target {measure.target}"
        told.append(f"{measure.measure}: {values}: {verdict}.")
    return "\n".join(told)
