"""What a person typed, as words and quoted phrases: not Whoosh's query language, so nothing typed is an error."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.kernel.search.analysis import Word, clean, words_of

LONGEST_QUERY = 1_000
MOST_CLAUSES = 24
LONGEST_SYNONYM = 5
QUOTED = re.compile(r"[\"“”]([^\"“”]*)[\"“”]|([^\"“”]+)")

Stems = tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """One thing that a document should have: these stems side by side, or else any of the alternatives.

    `start` and `end` say where it stands in what was typed; a quoted phrase has no alternatives.
    """

    stems: Stems
    start: int
    end: int
    quoted: bool = False
    alternatives: tuple[Stems, ...] = ()


def clauses_of(typed: str, synonyms: Mapping[Stems, Sequence[Stems]]) -> list[Clause]:
    """The clauses of what was typed, at most 24, from its first 1,000 characters."""
    found: list[Clause] = []
    for part in QUOTED.finditer(clean(typed[:LONGEST_QUERY])):
        quoted = part.group(1) is not None
        begin = part.start(1 if quoted else 2)
        words = [
            Word(word.stem, word.start + begin, word.end + begin)
            for word in words_of(part.group(1) or part.group(2) or "")
        ]
        if quoted and words:
            found.append(Clause(tuple(word.stem for word in words), words[0].start, words[-1].end, quoted=True))
        elif words:
            found += _loose(words, synonyms)
    return list({(clause.stems, clause.quoted): clause for clause in reversed(found[:MOST_CLAUSES])}.values())[::-1]


def _loose(words: list[Word], synonyms: Mapping[Stems, Sequence[Stems]]) -> list[Clause]:
    """Words outside quotes: each alone, but the longest runs that have synonyms together."""
    found, at = [], 0
    while at < len(words):
        for length in range(min(LONGEST_SYNONYM, len(words) - at), 0, -1):
            run = words[at : at + length]
            stems = tuple(word.stem for word in run)
            if stems in synonyms or length == 1:
                found.append(Clause(stems, run[0].start, run[-1].end, alternatives=tuple(synonyms.get(stems, ()))))
                at += length
                break
    return found


def compiled(synonyms: Mapping[str, Sequence[str]]) -> dict[Stems, list[Stems]]:
    """Synonyms by stems and in both directions: {"Kubernetes": ["k8s"]} answers for either word."""
    found: dict[Stems, list[Stems]] = {}
    for phrase, others in synonyms.items():
        same = [stems for each in (phrase, *others) if (stems := stems_of(each))]
        for stems in same:
            known = found.setdefault(stems, [])
            known += [other for other in same if other != stems and other not in known]
    return found


def stems_of(text: str) -> Stems:
    """The stems of a short text, in order."""
    return tuple(word.stem for word in words_of(clean(text)))
