"""How finished work, a neighbour's need and an in-house team are told as candidates."""

from collections.abc import Iterator, Sequence

from app.accounts.models import Organisation
from app.kernel import display
from app.matching.eligibility import Constraint
from app.matching.reasons import MISSING, Reason
from app.needs.firsts.shown import NEED, PARTNERSHIP, PROVIDER, Shown
from app.needs.ladder import LADDER
from app.needs.models import OPEN, Need
from app.outcomes.models import BUYER_SIDE, PROVIDER_SIDE, RESULTS, MeasureResult, OutcomeReport, Partnership
from app.providers.models import COUNTERSIGNED, STATED, Provider

WORDS_OF_A_REQUIREMENT = 30
STANDINGS = {
    COUNTERSIGNED: "Covered, a buyer says so",
    STATED: "Covered, as it says itself",
    MISSING: "Not covered",
}


def shown_work(partnership: Partnership, capabilities: Sequence[str], words: Sequence[str] = ()) -> Shown:
    """Finished work: for whom, by whom, what both asked for, and what became of it against its own measures."""
    need = partnership.need
    whose = f"{need.department.name} with {partnership.provider.name}"
    return Shown(
        PARTNERSHIP, partnership.id, need.title, whose, (*_both(capabilities), *_became(partnership)), tuple(words)
    )


def _both(capabilities: Sequence[str]) -> Iterator[str]:
    if capabilities:
        yield f"Both ask for: {', '.join(capabilities)}"


def _became(partnership: Partnership) -> Iterator[str]:
    buyers, providers = partnership.report_of(BUYER_SIDE), partnership.report_of(PROVIDER_SIDE)
    if buyers is None or providers is None:
        yield "Bought before. Nobody recorded on Clarion how it went."
        return
    if buyers.result == providers.result:
        yield f"{RESULTS[buyers.result]}, as both sides recorded"
    else:
        yield f"The buyer recorded “{RESULTS[buyers.result]}”, the provider “{RESULTS[providers.result]}”"
    yield from _reached(partnership, buyers)


def _reached(partnership: Partnership, report: OutcomeReport) -> Iterator[str]:
    said: dict[str, MeasureResult] = {result.measure_id: result for result in report.results}
    for measure in partnership.need.measures:
        if measure.id in said:
            verdict = "reached" if said[measure.id].reached else "not reached"
            yield f"{measure.measure}: {said[measure.id].value}, wanted {measure.target}: {verdict}"


def shown_neighbour(need: Need, capabilities: Sequence[str], words: Sequence[str] = ()) -> Shown:
    """A live need: whose, what both ask for, on which rung it is, until when it takes responses."""
    facts = (*_both(capabilities), LADDER[need.rung].label, _deadline(need))
    return Shown(NEED, need.id, need.title, need.department.name, facts, tuple(words))


def _deadline(need: Need) -> str:
    if need.rung != OPEN or need.deadline_at is None:
        return "No deadline yet"
    return f"Responses until {display.deadline(need.deadline_at, need.time_zone)}"


def shown_team(
    team: Provider,
    parent: Organisation | None,
    reasons: Sequence[Reason],
    constraints: Sequence[Constraint],
    words: Sequence[str],
) -> Shown:
    """An in-house team: of which department, and which requirements it covers."""
    whose = f"In-house team of {parent.name}" if parent else "In-house team"
    facts = [
        f"{STANDINGS[each.standing]}: {display.first_words(each.text, WORDS_OF_A_REQUIREMENT)}" for each in reasons
    ]
    facts += [
        f"Constraint not met: {each.name} (wanted: {each.wanted}; offered: {each.offered})"
        for each in constraints
        if not each.is_met
    ]
    return Shown(PROVIDER, team.id, team.name, whose, tuple(facts), tuple(words))
