"""Whose evidence speaks to a need: the ranking of providers by words, for pages and benches alike."""

from collections.abc import Sequence

from app.kernel import search

KINDS = PROFILE, EVIDENCE = ("profile", "evidence")


def need_text(*parts: str) -> str:
    """A need's own words for ranking, one part in a line: words count as neighbours within a part alone."""
    return "\n".join(" ".join(part.split()) for part in parts if part)


def voices(text: str, kinds: Sequence[str] = KINDS, *, limit: int = 400) -> list[search.Voted]:
    """Providers by how well their profiles and pieces of evidence speak to the text, best first."""
    return search.vote(kinds, text, limit=limit)
