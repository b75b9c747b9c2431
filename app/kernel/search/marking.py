"""Highlights: the words that matched, marked in plain text, with everything else escaped."""

from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup, escape

from app.kernel.search.analysis import Word, among, clean
from app.kernel.search.query import stems_of

EXCERPT = 240
LONGEST_MARKED = 100_000


def mark(text: str, words: str | Iterable[str]) -> Markup:
    """The plain text as HTML, with each word of the same stem as one of `words` in a <mark>; all else is escaped."""
    wanted = stems_of(words) if isinstance(words, str) else [stem for word in words for stem in stems_of(word)]
    return marked(text, frozenset(wanted))


def marked(text: str, stems: Collection[str]) -> Markup:
    """As `mark`, for stems."""
    text = clean(text)
    parts, at = [], 0
    for word in among(text[:LONGEST_MARKED], stems):
        parts.append(f"{escape(text[at : word.start])}<mark>{escape(text[word.start : word.end])}</mark>")
        at = word.end
    return Markup("".join([*parts, escape(text[at:])]))  # noqa: S704 - each part is escaped


def excerpt(items: Sequence[str], stems: Collection[str]) -> Markup:
    """About 240 characters around the best of the matches, marked; the first item's beginning when none matches."""
    best: tuple[int, str, list[Word]] = (0, next((item for item in items if item.strip()), ""), [])
    for item in items:
        found = among(item, stems) if stems else []
        distinct = len({word.stem for word in found})
        if distinct > best[0]:
            best = (distinct, item, found)
    _, item, found = best
    return marked(_window(item, found), stems)


def _window(item: str, found: list[Word]) -> str:
    """The stretch of an item that holds the most different matches, cut between words, with … where it was cut."""
    start = _start(item, found) if found else 0
    end = min(len(item), start + EXCERPT)
    if end < len(item):
        end = item.rfind(" ", start + EXCERPT // 2, end) + 1 or end
    text = " ".join(item[start:end].split())
    return ("… " if start else "") + text + (" …" if end < len(item) else "")


def _start(item: str, found: list[Word]) -> int:
    """Where the best stretch begins: a little before the match from which most different words are within reach."""
    reach = EXCERPT * 3 // 4
    counts = []
    ahead = 0
    for each in found[:200]:
        while ahead < len(found) and found[ahead].start < each.start + reach:
            ahead += 1
        counts.append(len({word.stem for word in found[found.index(each) : ahead]}))
    first = found[counts.index(max(counts))].start
    start = max(0, first - EXCERPT // 4)
    return item.rfind(" ", 0, start) + 1 if start else 0
