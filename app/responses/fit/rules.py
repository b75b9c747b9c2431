"""Is it worth answering? A table of rules, each with the fact that it states, and the plain answer they add up to."""

from collections.abc import Callable
from dataclasses import dataclass

from app.kernel.display import plural, pounds, words
from app.responses.fit.facts import FEWEST_NEEDS, Cost, Drawn, Facts

AGAINST, CAREFUL, FOR, NEITHER = ("against", "careful", "for", "neither")
WORTH, LOOK, NOT = ("Worth answering", "Look closely", "Probably not")
FEW_DAYS, FEW_ANSWERS, MANY_ANSWERS, SOME_RESULTS = 5, 5, 15, 3
# who won one in so many or more often wins such needs often
ONE_IN = 5


@dataclass(frozen=True)
class Rule:
    """What holds, which way it weighs, and how it is said."""

    name: str
    weighs: str
    holds: Callable[[Facts], bool]
    says: Callable[[Facts], str]


@dataclass(frozen=True)
class Said:
    """One reason of a verdict: what counts, which way, and the fact."""

    name: str
    weighs: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """The plain answer and every reason for it."""

    answer: str
    reasons: tuple[Said, ...]

    def that_weigh(self, way: str) -> list[Said]:
        """The reasons that weigh this way."""
        return [each for each in self.reasons if each.weighs == way]


def _drawn(facts: Facts) -> Drawn:
    return facts.drawn or Drawn(0, 0, 0, 0)


def _cost(facts: Facts) -> Cost:
    return facts.cost or Cost(0, "")


def _middle(facts: Facts) -> str:
    return f"{_drawn(facts).middle:g}"


def _is_above(facts: Facts) -> bool:
    return facts.cost is not None and facts.high_pence is not None and facts.cost.pence > facts.high_pence


def _is_within(facts: Facts) -> bool:
    return facts.cost is not None and facts.high_pence is not None and facts.cost.pence <= facts.high_pence


def _most_missing(facts: Facts) -> bool:
    return facts.musts_missing * 2 > facts.musts


def _missing(facts: Facts) -> str:
    return f"Nothing of yours shows {facts.musts_missing} of {plural(facts.musts, 'must-have')}."


def _is_late(facts: Facts) -> bool:
    return facts.days_left is not None and facts.days_left < FEW_DAYS


def _left(facts: Facts) -> str:
    return plural(facts.days_left, "whole day") if facts.days_left else "Less than a day"


def _wins_often(facts: Facts) -> bool:
    return facts.results.awarded > 0 and facts.results.awarded * ONE_IN >= facts.results.told


def _won(facts: Facts) -> str:
    return f"You won {facts.results.awarded} of {plural(facts.results.told, 'such need')} that you answered."


RULES: tuple[Rule, ...] = (
    Rule("Who can take part", AGAINST, lambda f: not f.is_inside, lambda f: "You are outside the need’s audience."),
    Rule("Must-haves", AGAINST, _most_missing, _missing),
    Rule("Must-haves", CAREFUL, lambda f: f.musts_missing > 0 and not _most_missing(f), _missing),
    Rule(
        "Must-haves",
        FOR,
        lambda f: f.musts > 0 and f.musts_missing == 0,
        lambda f: f"What you show speaks to {'the one must-have' if f.musts == 1 else f'all {f.musts} must-haves'}.",
    ),
    Rule(
        "Evidence",
        FOR,
        lambda f: f.musts_confirmed > 0,
        lambda f: f"Buyers have countersigned what you show for {f.musts_confirmed} of {plural(f.musts, 'must-have')}.",
    ),
    Rule(
        "Evidence",
        NEITHER,
        lambda f: f.musts_confirmed == 0,
        lambda f: "No buyer has countersigned what you show yet. Stated evidence can be used all the same.",
    ),
    Rule(
        "Constraints",
        AGAINST,
        lambda f: len(f.unmet) > 1,
        lambda f: f"You do not meet {words(f.unmet)}.",
    ),
    Rule(
        "Constraints",
        CAREFUL,
        lambda f: len(f.unmet) == 1,
        lambda f: f"You do not meet one constraint: {f.unmet[0]}.",
    ),
    Rule(
        "Constraints",
        FOR,
        lambda f: f.constraints > 0 and not f.unmet,
        lambda f: f"You meet {'the one constraint' if f.constraints == 1 else f'all {f.constraints} constraints'}.",
    ),
    Rule("Price", CAREFUL, _is_above, lambda f: f"{_cost(f).words}, above the need’s {pounds(f.high_pence)}."),
    Rule("Price", FOR, _is_within, lambda f: f"{_cost(f).words}, within the need’s {pounds(f.high_pence)}."),
    Rule("Price", NEITHER, lambda f: f.high_pence is None, lambda f: "The need does not say what it may cost."),
    Rule(
        "Price",
        NEITHER,
        lambda f: f.high_pence is not None and f.cost is None,
        lambda f: f"The need says up to {pounds(f.high_pence)}. Your price cannot be held against that as it is given.",
    ),
    Rule(
        "Money",
        CAREFUL,
        lambda f: f.is_open and f.is_money_approved is False,
        lambda f: "The money is not approved yet.",
    ),
    Rule("Time", CAREFUL, _is_late, lambda f: f"{_left(f)} left until the deadline."),
    Rule(
        "Time",
        NEITHER,
        lambda f: f.days_left is not None and not _is_late(f),
        lambda f: f"{_left(f)} left until the deadline.",
    ),
    Rule(
        "Time",
        NEITHER,
        lambda f: not f.is_open,
        lambda f: "Not open yet: registering interest takes minutes, and shapes what is asked.",
    ),
    Rule(
        "Answers",
        CAREFUL,
        lambda f: _drawn(f).middle >= MANY_ANSWERS,
        lambda f: f"Such needs drew {_middle(f)} answers (median): most of them win nothing.",
    ),
    Rule(
        "Answers",
        FOR,
        lambda f: f.drawn is not None and f.drawn.middle < FEW_ANSWERS,
        lambda f: f"Such needs drew few answers: {_middle(f)} (median).",
    ),
    Rule(
        "Answers",
        NEITHER,
        lambda f: f.drawn is not None and FEW_ANSWERS <= f.drawn.middle < MANY_ANSWERS,
        lambda f: f"Such needs drew {_middle(f)} answers (median).",
    ),
    Rule(
        "Answers",
        NEITHER,
        lambda f: f.drawn is None,
        lambda f: f"Fewer than {FEWEST_NEEDS} such needs are concluded, so how many answers they drew is not said.",
    ),
    Rule(
        "Your results",
        FOR,
        _wins_often,
        _won,
    ),
    Rule("Your results", NEITHER, lambda f: f.results.awarded > 0 and not _wins_often(f), _won),
    Rule(
        "Your results",
        CAREFUL,
        lambda f: f.results.told >= SOME_RESULTS and not f.results.awarded,
        lambda f: f"You answered {f.results.told} such needs and won none: read your feedback first.",
    ),
    Rule(
        "Your results",
        NEITHER,
        lambda f: 0 < f.results.told < SOME_RESULTS and not f.results.awarded,
        lambda f: f"You answered {plural(f.results.told, 'such need')} and won none: too few to mean anything.",
    ),
    Rule(
        "Your results",
        NEITHER,
        lambda f: not f.results.told,
        lambda f: "You have no results on such needs yet. That counts neither for nor against you.",
    ),
)


def verdict(facts: Facts) -> Verdict:
    """One reason against is enough for no, one to be careful of for a closer look; without either it is worth it.

    What weighs neither way is said and counts for nothing, so who is new is not discouraged.
    """
    said = tuple(Said(rule.name, rule.weighs, rule.says(facts)) for rule in RULES if rule.holds(facts))
    ways = {each.weighs for each in said}
    answer = NOT if AGAINST in ways else LOOK if CAREFUL in ways or FOR not in ways else WORTH
    return Verdict(answer, said)
