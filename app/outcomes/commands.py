"""Changing partnerships: agree, start, end early, and record what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.models import Need
from app.outcomes.ends import watch_end
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
from app.outcomes.policy import may_record_outcome, side_of
from app.outcomes.queries import find_partnership_of, find_profile_of
from app.providers.commands import countersign_evidence
from app.providers.models import COUNTERSIGNED, DISPUTED, Provider
from app.reviews.models import Award

_VERDICTS = {True: "reached", False: "not reached"}


class Reached(TypedDict):
    """What one side says of one success measure."""

    measure_id: str
    value: str
    reached: bool


@dataclass(frozen=True)
class OldAward:
    """What is known of an award that was made elsewhere; `ends_on` is None where its length is not known."""

    value_pence: int | None
    agreed_at: datetime
    starts_on: date
    ends_on: date | None
    over_on: date


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
    watch_end(partnership)
    notices.post("partnership.started", subject=partnership)


def record_outcome(
    partnership: Partnership, result: str, helped: str, hindered: str, results: Sequence[Reached], *, by: Person
) -> OutcomeReport:
    """Record how one side says it went; when both sides have, the outcome stands.

    Moves: with the second report, partnership running -> completed or ended_early, and evidence is countersigned
    """
    side = side_of(by, partnership)
    if side is None:
        raise NotAllowed("Only the two sides of a partnership record its outcome.")
    if not may_record_outcome(by, partnership):
        raise NotAllowed("You recorded how it went for the other side, so a colleague has to record it for this one.")
    if not partnership.takes_reports:
        raise IllegalMove("How it went is recorded once the work has started, until both sides have done so.")
    if result not in RESULTS or {each["measure_id"] for each in results} != {m.id for m in partnership.need.measures}:
        raise Conflict("Say what the result was, and where each success measure of the need is now.")
    report = _report(partnership, side, by)
    report.result, report.helped, report.hindered = result, helped, hindered
    _set_results(report, results)
    # what was said enters the audit when both have spoken: the other side's officers read there
    audit.record("record_outcome", partnership, by=by, facts={"side": side})
    _settle(partnership, side, by)
    return report


def _report(partnership: Partnership, side: str, by: Person) -> OutcomeReport:
    report = partnership.report_of(side)
    if report is None:
        report = OutcomeReport(partnership=partnership, side=side)
        session().add(report)
    report.recorded_by_id, report.recorded_at = by.id, clock.now()
    return report


def _set_results(report: OutcomeReport, results: Sequence[Reached]) -> None:
    known = {result.measure_id: result for result in report.results}
    for each in results:
        result = known.get(each["measure_id"]) or MeasureResult(measure_id=each["measure_id"])
        result.value, result.reached = each["value"], each["reached"]
        if result.measure_id not in known:
            report.results.append(result)


def _settle(partnership: Partnership, side: str, by: Person) -> None:
    """With both reports the partnership ends, and what was said becomes evidence; with one, the other side is told."""
    session().flush()
    buyers, providers = partnership.report_of(BUYER_SIDE), partnership.report_of(PROVIDER_SIDE)
    if buyers is None or providers is None:
        notices.post("outcome.reported", subject=partnership, facts={"side": side})
        return
    if partnership.state == RUNNING:
        partnership.move("end_early" if buyers.result == ENDED_EARLY else "complete")
        partnership.ends_on = min(partnership.ends_on or clock.today(), clock.today())
    facts = {report.side: _said(report) for report in (buyers, providers)}
    audit.record("settle_outcome", partnership, by=by, facts=facts)
    _countersign(partnership, buyers, providers, by)
    notices.post("outcome.settled", subject=partnership)


def _said(report: OutcomeReport) -> dict[str, Any]:
    results = {each.measure_id: {"value": each.value, "reached": each.reached} for each in report.results}
    return {"result": report.result, "helped": report.helped, "hindered": report.hindered, "results": results}


def end_partnership_early(partnership: Partnership, reason: str, *, by: Person) -> None:
    """End it before its time, with a reason; where the work had begun, both sides still record how it went.

    Moves: partnership agreed or running -> ended_early
    """
    partnership.move("end_early")
    partnership.end_reason, today = reason, clock.today()
    if partnership.starts_on and partnership.starts_on > today:
        partnership.starts_on = None
    partnership.ends_on = today
    audit.record("end_partnership_early", partnership, by=by, facts={"reason": reason})
    notices.post("partnership.ended_early", subject=partnership, facts={"reason": reason})


def adopt_partnership(need: Need, provider: Provider, *, source: str, award: OldAward) -> Partnership:
    """Bring in a partnership that was agreed elsewhere; one whose time is over is completed, and nobody reports on it.

    Moves: partnership agreed -> running -> completed, as far as its dates say
    """
    partnership = Partnership(need=need, provider=provider, source=source, agreed_at=award.agreed_at)
    session().add(partnership)
    _carry(partnership, award)
    audit.record("import", partnership, by=None, facts={"source": source, "value_pence": award.value_pence})
    return partnership


def renew_partnership(partnership: Partnership, provider: Provider, *, award: OldAward) -> bool:
    """Bring an adopted partnership up to what its source says now; whether that changed anything."""
    before = _carried(partnership)
    partnership.provider = provider
    _carry(partnership, award)
    if _carried(partnership) == before:
        return False
    facts = {"source": partnership.source, "value_pence": award.value_pence}
    audit.record("import", partnership, by=None, facts=facts)
    return True


def _carried(partnership: Partnership) -> tuple[Any, ...]:
    days = (partnership.agreed_at, partnership.starts_on, partnership.ends_on)
    return (partnership.provider, partnership.value_pence, partnership.state, *days)


def _carry(partnership: Partnership, award: OldAward) -> None:
    partnership.value_pence, partnership.agreed_at = award.value_pence, award.agreed_at
    partnership.starts_on, partnership.ends_on = award.starts_on, award.ends_on
    today = clock.today()
    for verb, due_on in (("start", award.starts_on), ("complete", award.over_on)):
        if due_on <= today and partnership.can(verb):
            partnership.move(verb)
    watch_end(partnership)


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
        profile=find_profile_of(partnership),
        by=by,
    )


def achieved_percent(report: OutcomeReport) -> int:
    """The share of the need's own success measures that a side says was reached; without measures, by the result."""
    if not report.results:
        return {"delivered": 100, "partly": 50}.get(report.result, 0)
    return round(100 * sum(result.reached for result in report.results) / len(report.results))


def told_result(buyers: OutcomeReport, providers: OutcomeReport) -> str:
    """The outcome in a few lines: the buyer's result and measures, and where the provider tells it differently."""
    told = [f"{RESULTS[buyers.result]}, as both sides recorded."]
    if buyers.result != providers.result:
        told = [f"The buyer recorded: {RESULTS[buyers.result]}. The provider recorded: {RESULTS[providers.result]}."]
    others = {result.measure_id: result for result in providers.results}
    for result in sorted(buyers.results, key=lambda result: result.measure.position):
        told.append(_told_measure(result, others.get(result.measure_id)))
    return "\n".join(told)


def _told_measure(said: MeasureResult, other: MeasureResult | None) -> str:
    measure = said.measure
    values = f"from {measure.baseline} to {said.value}, target {measure.target}"
    differs = other is not None and other.reached != said.reached
    doubt = f" The provider recorded {_VERDICTS[other.reached]}." if other and differs else ""
    return f"{measure.measure}: {values}: {_VERDICTS[said.reached]}.{doubt}"
