"""Reading catalogues: what was sent and waits, what it would change, and the profiles as a file."""

import csv
import io
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.providers.catalogue.columns import COLUMNS, guarded, value_of
from app.providers.catalogue.models import WAITING, CatalogueUpload
from app.providers.catalogue.planning import Plan, plan_for
from app.providers.catalogue.policy import may_bring_in_catalogue, may_keep_catalogue
from app.providers.models import RETIRED, Provider, SolutionProfile
from app.providers.queries import get_provider

_OF_PROVIDER = joinedload(CatalogueUpload.provider).joinedload(Provider.organisation)


def get_own_provider(provider_id: str, person: Person | None) -> Provider:
    """A provider that the person works for; another's catalogue is not there for anybody else."""
    provider = get_provider(provider_id)
    if not may_keep_catalogue(person, provider):
        raise NotFound
    return provider


def get_own_upload(upload_id: str, person: Person | None) -> CatalogueUpload:
    """A catalogue that was sent for a provider that the person works for."""
    found = session().scalar(select(CatalogueUpload).where(CatalogueUpload.id == upload_id).options(_OF_PROVIDER))
    if found is None or not may_bring_in_catalogue(person, found):
        raise NotFound
    return found


def waiting_uploads(provider: Provider) -> list[CatalogueUpload]:
    """What was sent and neither brought in nor thrown away, the newest first."""
    wanted = select(CatalogueUpload).where(CatalogueUpload.provider_id == provider.id, CatalogueUpload.state == WAITING)
    with_sender = wanted.options(joinedload(CatalogueUpload.uploaded_by))
    return list(session().scalars(with_sender.order_by(CatalogueUpload.uploaded_at.desc(), CatalogueUpload.id)))


def plan_of(upload: CatalogueUpload) -> Plan:
    """What the catalogue would change, held against the profiles as they are at this moment."""
    return plan_for(upload.rows, profiles_of(upload.provider))


def profiles_of(provider: Provider) -> list[SolutionProfile]:
    """All solution profiles of the provider, retired ones too, as far as a catalogue speaks of them."""
    wanted = select(SolutionProfile).where(SolutionProfile.provider_id == provider.id)
    whole = wanted.options(selectinload(SolutionProfile.capabilities), selectinload(SolutionProfile.evidence))
    return list(session().scalars(whole.order_by(SolutionProfile.title, SolutionProfile.id)))


def profiles_as_csv(provider: Provider) -> str:
    """The drafts and the live profiles, in the shape in which they can come back."""
    return _csv(
        [guarded(column.write(value_of(profile, column))) for column in COLUMNS.values()]
        for profile in profiles_of(provider)
        if profile.state != RETIRED
    )


def empty_csv() -> str:
    """A catalogue that has its first line alone."""
    return _csv(())


def _csv(rows: Iterable[list[str]]) -> str:
    """A file for spreadsheets, which know UTF-8 by its mark."""
    target = io.StringIO()
    target.write("\ufeff")
    csv.writer(target).writerows([list(COLUMNS), *rows])
    return target.getvalue()
