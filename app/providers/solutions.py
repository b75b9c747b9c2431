"""Bringing in digital public goods: each row a live solution profile of the organisation that owns it, once."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.capabilities.queries import capabilities
from app.kernel import clock, importing
from app.kernel.db import session
from app.kernel.importing import BadRow, File, Imported, Progress, Row, Take, Taken, bring_in, open_table, record_batch
from app.providers.goods import REGISTER, SHAPES, Good, read_good
from app.providers.models import Provider, SolutionProfile
from app.providers.suppliers import Suppliers


def import_solutions(
    path: Path, progress: Progress | None = None, *, reports: Path | None = None, preview: bool = False
) -> Imported:
    """Bring in digital public goods, outside any transaction; again and again without doubling."""
    with open_table(path) as table:
        importing.recognise(table, SHAPES)
        told = lambda counts: record_batch(File("solutions_files", table.name), counts)
        return bring_in(table, _prepare, reports=reports, closing=told, progress=progress, preview=preview)


def _prepare(rows: list[Row]) -> Take:
    return _Intake({f"{REGISTER}:{row.values.get('id')}".strip() for row in rows}).take


class _Intake:
    """What a batch needs: the register, the providers that were begun, the profiles that came in before."""

    def __init__(self, sources: set[str]) -> None:
        self.suppliers = Suppliers.load(REGISTER)
        there = select(SolutionProfile).where(SolutionProfile.source.in_(sources))
        whole = there.options(selectinload(SolutionProfile.capabilities))
        self.profiles = {profile.source: profile for profile in session().scalars(whole)}

    def take(self, row: Row) -> Taken:
        """Make the profile, or bring it up to date; what can be wrong with a row is found before anything is made."""
        good = read_good(row)
        profile = self.profiles.get(good.source)
        if profile is None:
            self.profiles[good.source] = _publish(self.suppliers.find_or_begin(good.owner), good)
            return Taken.ADDED
        if profile.source_said is None:
            raise BadRow("A solution profile that came from elsewhere has this id already.")
        return _renew(profile, good)


def _publish(provider: Provider, good: Good) -> SolutionProfile:
    """A public register lists it, so it is live although it says little.

    Moves: profile draft -> live
    """
    now = clock.now()
    profile = SolutionProfile(provider=provider, source=good.source, created_at=now, published_at=now)
    _follow(profile, good.said)
    profile.evidence, profile.source_said = [], good.said
    profile.move("publish")
    session().add(profile)
    return profile


def _renew(profile: SolutionProfile, good: Good) -> Taken:
    """Follow the file field by field, but only where the profile still says what the file said before.

    What differs from that was written by the provider, who knows better than a list about it; the rest it left to us.
    """
    before = profile.source_said or {}
    if before == good.said:
        return Taken.UNCHANGED
    news = {name: value for name, value in good.said.items() if value != before.get(name)}
    ours = {name: value for name, value in news.items() if _as_said(profile, name) == before.get(name)}
    _follow(profile, ours)
    profile.source_said = good.said
    return Taken.CHANGED if ours else Taken.UNCHANGED


def _follow(profile: SolutionProfile, said: dict[str, Any]) -> None:
    for name, value in said.items():
        setattr(profile, name, capabilities(value) if name == "capabilities" else value)


def _as_said(profile: SolutionProfile, name: str) -> Any:
    """What the profile says, in the form in which a file says it."""
    if name == "capabilities":
        return sorted(capability.id for capability in profile.capabilities)
    return getattr(profile, name)
