"""Changing providers by their catalogues: keeping what was sent, bringing it in, throwing it away."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.capabilities.queries import capabilities
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.providers.catalogue.models import WAITING, CatalogueUpload
from app.providers.catalogue.planning import CHANGED, NEW, Plan, plan_for
from app.providers.catalogue.queries import profiles_of
from app.providers.commands import change_profile
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
    held = {profile.id: profile for profile in profiles_of(upload.provider)}
    plan = plan_for(upload.rows, held.values())
    if upload.state == WAITING and plan.mark != mark:
        raise Conflict(MEANWHILE)
    upload.move("bring_in")
    drafted = _draft(upload, [entry.content for entry in plan.of(NEW)], by=by)
    changed = [entry.profile_id for entry in plan.of(CHANGED)]
    for entry in plan.of(CHANGED):
        change_profile(held[entry.profile_id], by=by, **entry.content)
    upload.rows, upload.brought_in_at = [], clock.now()
    facts = {"provider": upload.provider_id, "drafted": drafted, "changed": changed, "refused": plan.counts["refused"]}
    audit.record("bring_in", upload, by=by, facts=facts)
    return plan


def _draft(upload: CatalogueUpload, contents: list[dict[str, Any]], *, by: Person) -> list[str]:
    """Drafts with what the rows say, one entry of the audit for each; their ids. Written together: thousands may be."""
    known = {each.id: each for each in capabilities(id_ for said in contents for id_ in said.get("capabilities", ()))}
    made = [_drafted(upload.provider, said, known) for said in contents]
    session().add_all(made)
    session().flush()
    for profile in made:
        audit.record("draft", profile, by=by, facts={"provider": upload.provider_id, "catalogue": upload.id})
    return [profile.id for profile in made]


def _drafted(provider: Provider, said: dict[str, Any], known: dict[str, Capability]) -> SolutionProfile:
    tagged = sorted((known[id_] for id_ in said.get("capabilities", ()) if id_ in known), key=lambda each: each.name)
    facts = {**said, "capabilities": tagged, "evidence": []}
    return SolutionProfile(provider=provider, created_at=clock.now(), **facts)
