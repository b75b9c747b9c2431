"""Bringing in a catalogue of services: each row a live solution profile of a supplier, once."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.capabilities.models import Capability
from app.capabilities.queries import recognise
from app.kernel import clock, importing
from app.kernel.db import session
from app.kernel.importing import BadRow, File, Imported, Progress, Row, Take, Taken, bring_in, open_table, record_batch
from app.providers.models import Provider, SolutionProfile
from app.providers.prices import read_price
from app.providers.suppliers import Suppliers, name_key

REGISTER = "GB-GCLOUD"
SHAPES = {"G-Cloud services": ("supplier", "service", "price", "url")}


def import_services(
    path: Path, progress: Progress | None = None, *, reports: Path | None = None, preview: bool = False
) -> Imported:
    """Bring in a catalogue, outside any transaction; again and again without doubling. WrongFile when it is none."""
    with open_table(path) as table:
        importing.recognise(table, SHAPES)
        told = lambda counts: record_batch(File("catalogues", table.name), counts)
        return bring_in(table, _prepare, reports=reports, closing=told, progress=progress, preview=preview)


def _prepare(rows: list[Row]) -> Take:
    return _Intake({source for row in rows if (source := _source(row))}).take


def _source(row: Row) -> str | None:
    """The last part of the address, which names the service for ever; None where that is no web address."""
    try:
        address = urlsplit(str(row.values.get("url") or "").strip())
    except ValueError:
        return None
    last = address.path.rstrip("/").rpartition("/")[2]
    is_web = address.scheme in ("http", "https") and bool(address.netloc)
    return f"{REGISTER}:{last}" if is_web and last and len(last) <= 100 else None


class _Intake:
    """What a batch needs: the register, the providers that were begun, the profiles that came in before."""

    def __init__(self, sources: set[str]) -> None:
        self.suppliers = Suppliers.load(REGISTER)
        self.capabilities = {each.id: each for each in session().scalars(select(Capability))}
        with_name = joinedload(SolutionProfile.provider).joinedload(Provider.organisation)
        there = select(SolutionProfile).where(SolutionProfile.source.in_(sources)).options(with_name)
        self.profiles = {profile.source: profile for profile in session().scalars(there)}

    def take(self, row: Row) -> Taken:
        """Make the profile, or bring it up to date; what can be wrong with a row is found before anything is made."""
        title, supplier = row.needed("service", most=200), row.needed("supplier", most=200)
        url, price = row.needed("url", most=300), read_price(row.text("price", most=200))
        source = _source(row)
        if source is None:
            raise BadRow("url must be the web address of the service, such as https://example.com/services/123.")
        told = {"title": title, "source_url": url, **price._asdict()}
        profile = self.profiles.get(source)
        if profile is None:
            self.profiles[source] = self._publish(self.suppliers.find_or_begin(supplier), source, told)
            return Taken.ADDED
        owner = profile.provider.organisation
        if name_key(supplier) not in (name_key(owner.name), owner.number):
            raise BadRow(f"{profile.provider.name} has this service already.")
        return _renew(profile, told)

    def _publish(self, provider: Provider, source: str, told: dict[str, Any]) -> SolutionProfile:
        """A catalogue published it, so it is live although it says little.

        Moves: profile draft -> live
        """
        now = clock.now()
        profile = SolutionProfile(provider=provider, source=source, created_at=now, published_at=now, **told)
        named = recognise(str(told["title"]))
        profile.capabilities = [self.capabilities[each] for each in named if each in self.capabilities]
        profile.evidence = []
        profile.move("publish")
        session().add(profile)
        return profile


def _renew(profile: SolutionProfile, told: dict[str, Any]) -> Taken:
    """Follow the catalogue in what it says; what the provider added or retired since stays as it is."""
    changed = {name: value for name, value in told.items() if getattr(profile, name) != value}
    for name, value in changed.items():
        setattr(profile, name, value)
    return Taken.CHANGED if changed else Taken.UNCHANGED
