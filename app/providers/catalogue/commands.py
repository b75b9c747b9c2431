"""Changing providers by their catalogues: keeping what was sent, bringing it in, throwing it away."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.providers.catalogue.models import WAITING, CatalogueUpload
from app.providers.catalogue.planning import CHANGED, NEW, Plan
from app.providers.catalogue.queries import plan_of
from app.providers.commands import change_profile, draft_profile
from app.providers.models import Provider, SolutionProfile

MEANWHILE = (
    "Your solution profiles changed after this preview was made. Look at what would change now, and press again."
)


def keep_upload(provider: Provider, *, name: str, rows: list[dict[str, Any]], by: Person) -> CatalogueUpload:
    """Keep what a file says until somebody brings it in; it takes the place of what the same person sent before."""
    mine = select(CatalogueUpload).where(
        CatalogueUpload.provider_id == provider.id,
        CatalogueUpload.uploaded_by_id == by.id,
        CatalogueUpload.state == WAITING,
    )
    for earlier in session().scalars(mine):
        drop_upload(earlier, by=by)
    upload = CatalogueUpload(provider=provider, name=name[:120], rows=rows, uploaded_by_id=by.id)
    upload.uploaded_at = clock.now()
    session().add(upload)
    audit.record("upload", upload, by=by, facts={"provider": provider.id, "rows": len(rows)})
    return upload


def drop_upload(upload: CatalogueUpload, *, by: Person) -> None:
    """Throw away what was sent; no solution profile was touched."""
    if upload.state != WAITING:
        raise Conflict("These changes were brought in already.")
    audit.record("drop", upload, by=by, facts={"provider": upload.provider_id})
    session().delete(upload)


def bring_in_catalogue(upload: CatalogueUpload, *, mark: str, by: Person) -> Plan:
    """Do exactly what the preview of this mark showed: new rows become drafts, changed ones change their profiles.

    Moves: catalogue waiting -> brought in
    """
    upload.move("bring_in")
    plan = plan_of(upload)
    if plan.mark != mark:
        raise Conflict(MEANWHILE)
    drafted = [_draft(upload.provider, entry.content, by=by) for entry in plan.of(NEW)]
    changed = [entry.profile_id for entry in plan.of(CHANGED)]
    for entry in plan.of(CHANGED):
        change_profile(session().get_one(SolutionProfile, entry.profile_id), by=by, **entry.content)
    upload.rows, upload.brought_in_at = [], clock.now()
    facts = {"provider": upload.provider_id, "drafted": drafted, "changed": changed, "refused": plan.counts["refused"]}
    audit.record("bring_in", upload, by=by, facts=facts)
    return plan


def _draft(provider: Provider, content: dict[str, Any], *, by: Person) -> str:
    """A draft with what the row says; its id."""
    rest = {name: value for name, value in content.items() if name != "title"}
    profile = draft_profile(provider, title=content["title"], by=by)
    profile.capabilities, profile.evidence = [], []
    if rest:
        change_profile(profile, by=by, **rest)
    return profile.id
