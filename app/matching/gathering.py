"""Gathering: the few statements that bring in which profiles could have to do with a need, without loading them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from app.kernel import clock, search
from app.kernel.db import session
from app.matching.asks import Claim
from app.matching.scoring import discounted
from app.providers.models import (
    COUNTERSIGNED,
    DISPUTED,
    LIVE,
    Evidence,
    SolutionProfile,
    evidence_capabilities,
    profile_capabilities,
    profile_evidence,
)
from app.providers.queries import oldest_valid

MOST_RANKED = 400


@dataclass
class Sketch:
    """One live profile, as far as scoring needs it: what it offers, what it and its evidence claim, and its words."""

    id: str
    provider_id: str
    offer: Any
    claims: list[Claim] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    @property
    def words(self) -> float:
        """The strength of its words, in BM25 units."""
        return discounted(self.scores)


def sketches(text: str, capabilities: Iterable[str], also: Iterable[str] = ()) -> dict[str, Sketch]:
    """Live profiles that claim one of the capabilities or share words with the text, and those named, by id.

    A profile's evidence is what it shows and whatever a buyer countersigned for its provider; what has expired or is
    disputed counts for nothing. Five statements, whatever the number of rows.
    """
    wanted = list(capabilities)
    by_profile = {ranked.row_id: ranked.score for ranked in search.rank("profile", text, limit=MOST_RANKED)}
    by_evidence = {ranked.row_id: ranked.score for ranked in search.rank("evidence", text, limit=MOST_RANKED)}
    offered = _profile_claims(wanted)
    pieces = _evidence(wanted, by_evidence)
    shown = _shown(pieces)
    providers = {piece.provider_id for piece in pieces.values() if piece.standing == COUNTERSIGNED}
    ids = {*by_profile, *offered, *shown, *also}
    found = {row.id: Sketch(row.id, row.provider_id, row) for row in session().execute(_offers(ids, providers))}
    for sketch in found.values():
        sketch.claims = [Claim(capability, "profile") for capability in offered.get(sketch.id, ())]
        sketch.scores = [by_profile[sketch.id]] if sketch.id in by_profile else []
    _add_evidence(found, pieces, shown, by_evidence)
    return found


@dataclass
class _Piece:
    provider_id: str
    standing: str
    capabilities: list[str] = field(default_factory=list)


def _profile_claims(wanted: list[str]) -> dict[str, list[str]]:
    table = profile_capabilities.c
    rows = session().execute(select(table.profile_id, table.capability_id).where(table.capability_id.in_(wanted)))
    found: dict[str, list[str]] = {}
    for profile_id, capability_id in rows:
        found.setdefault(profile_id, []).append(capability_id)
    return found


def _evidence(wanted: list[str], ranked: Mapping[str, float]) -> dict[str, _Piece]:
    """What counts, and has one of the capabilities or shares words."""
    table = evidence_capabilities.c
    having = select(table.evidence_id).where(table.capability_id.in_(wanted))
    counts = (Evidence.standing != DISPUTED, Evidence.finished_on > oldest_valid(clock.today()))
    rows = session().execute(
        select(Evidence.id, Evidence.provider_id, Evidence.standing, table.capability_id)
        .outerjoin(evidence_capabilities, table.evidence_id == Evidence.id)
        .where(*counts, or_(Evidence.id.in_(having), Evidence.id.in_(list(ranked))))
    )
    found: dict[str, _Piece] = {}
    for evidence_id, provider_id, standing, capability_id in rows:
        piece = found.setdefault(evidence_id, _Piece(provider_id, standing))
        if capability_id in wanted:
            piece.capabilities.append(capability_id)
    return found


def _shown(pieces: Mapping[str, _Piece]) -> dict[str, set[str]]:
    """Which evidence each profile shows."""
    table = profile_evidence.c
    rows = session().execute(select(table.profile_id, table.evidence_id).where(table.evidence_id.in_(list(pieces))))
    found: dict[str, set[str]] = {}
    for profile_id, evidence_id in rows:
        found.setdefault(profile_id, set()).add(evidence_id)
    return found


def _offers(ids: Iterable[str], providers: Iterable[str]) -> Any:
    of = SolutionProfile
    columns = (of.id, of.provider_id, of.clearance, of.places, of.remote, of.standards)
    wanted = or_(of.id.in_(list(ids)), of.provider_id.in_(list(providers)))
    return select(*columns).where(of.state == LIVE, wanted)


def _add_evidence(
    found: Mapping[str, Sketch],
    pieces: Mapping[str, _Piece],
    shown: Mapping[str, set[str]],
    ranked: Mapping[str, float],
) -> None:
    countersigned: dict[str, set[str]] = {}
    for evidence_id, piece in pieces.items():
        if piece.standing == COUNTERSIGNED:
            countersigned.setdefault(piece.provider_id, set()).add(evidence_id)
    for sketch in found.values():
        for evidence_id in sorted(shown.get(sketch.id, set()) | countersigned.get(sketch.provider_id, set())):
            piece = pieces[evidence_id]
            sketch.claims += [Claim(each, piece.standing, evidence_id) for each in piece.capabilities]
            sketch.scores += [ranked[evidence_id]] if evidence_id in ranked else []


def providers_with_countersigned() -> set[str]:
    """The providers for whom a buyer countersigned something that counts: all others are newcomers."""
    counts = (Evidence.standing == COUNTERSIGNED, Evidence.finished_on > oldest_valid(clock.today()))
    return set(session().scalars(select(Evidence.provider_id).where(*counts).distinct()))
