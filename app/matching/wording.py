"""Wording: which of a need's words count for a provider, from the documents that were counted for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import fsum

from app.kernel import search
from app.matching.field import Field
from app.matching.scoring import WORDS

MOST_TOLD = 6
# a word that adds less than this share of what the first adds is not worth reading
WORTH_TELLING = 0.25
NEIGHBOURS = "words side by side"
# words that hold sentences together: two texts that share them share nothing
GRAMMAR_WORDS = (
    "about after again all also always any because been before both can cannot could did do does done each either "
    "even ever every few for from get go goes half had has have her here his how into is it its itself just keep "
    "know knows less like made make many may might more most much must never next no none nor not nothing now "
    "often once one only or other our out over own same say says see she should show small so some somebody soon "
    "still such take than that the their them then there these they this those through to too two under until up "
    "us use used very want was way we well were what when where whether which while who whom whose why will with "
    "without would you your"
)
GRAMMAR = frozenset(GRAMMAR_WORDS.split())


def telling(words: Iterable[str], most: int) -> tuple[str, ...]:
    """The first few of these words that say something."""
    return tuple(word for word in words if word.lower() not in GRAMMAR)[:most]


def words_that_count(field: Field, provider_ids: Iterable[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """For each provider the six that add most, each with the thousandths of the score that it adds."""
    voted = [field.voted[each] for each in provider_ids if each in field.voted]
    whys = _whys(field.case.text, voted)
    return {each.group: _most(_added(each, whys), field.most_words) for each in voted}


def _whys(text: str, voted: Iterable[search.Voted]) -> dict[tuple[str, str], search.Why]:
    """What each document that was counted has of the text's words."""
    rows: dict[str, list[str]] = defaultdict(list)
    for kind, row in (document for each in voted for document in each.shares):
        rows[kind].append(row)
    return {
        (kind, row): why for kind, wanted in rows.items() for row, why in search.explain(kind, text, wanted).items()
    }


def _added(voted: search.Voted, whys: Mapping[tuple[str, str], search.Why]) -> dict[str, float]:
    """What each word adds to a provider's sum: what it adds to each document, by how far that document counts."""
    added: dict[str, float] = defaultdict(float)
    for document, share in voted.shares.items():
        why = whys.get(document, search.Why({}, 0.0))
        whole = fsum(why.words.values()) + why.pairs
        for word, score in [*why.words.items(), (NEIGHBOURS, why.pairs)]:
            added[word] += score / whole * share if whole else 0.0
    return added


def _most(added: Mapping[str, float], most_words: float) -> tuple[tuple[str, int], ...]:
    points = {word: round(WORDS * score / most_words) for word, score in added.items()}
    most = sorted(points.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TOLD]
    return tuple((word, milli) for word, milli in most if milli > WORTH_TELLING * most[0][1])
