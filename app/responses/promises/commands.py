"""Changing what a response promises. Each change of a submitted response submits it again, with a new receipt."""

from collections.abc import Mapping
from dataclasses import replace

from app.accounts.models import Person
from app.kernel.errors import Conflict, NotAllowed
from app.providers.models import TeamMember
from app.responses.commands import require_changeable, require_none
from app.responses.models import SUBMITTED, Response, SubmissionReceipt
from app.responses.promised import Promise, PromisedAsset, TeamPlace
from app.responses.promises.queries import people_of
from app.responses.receipts import keep_change
from app.responses.submissions import asset_gaps, promise_gaps


def name_team(response: Response, *, parts: Mapping[str, str], by: Person) -> SubmissionReceipt | None:
    """Name who would work, each with a part; they are copied, so that nothing that changes later changes the answer.

    `parts` goes by the id of the provider's person. Who left its page since stays as they were named before.
    """
    require_changeable(response)
    known = {member.id: place_of(member, response) for member in people_of(response)}
    known = {place.member: place for place in response.team} | known
    if not set(parts) <= set(known):
        raise NotAllowed("A team is named of the provider's own people.")
    response.team = [replace(known[member], part=part) for member, part in parts.items()]
    return keep_change(response, by)


def place_of(member: TeamMember, response: Response) -> TeamPlace:
    """A person as they stand now, without a part yet; a partner's with its name."""
    can = tuple(capability.name for capability in member.capabilities)
    partner = member.provider.name if member.provider_id != response.provider_id else ""
    return TeamPlace(member.id, member.name, ", ".join(filter(None, (member.job, partner))), can, "")


def promise_transfer(
    response: Response, *, promises: list[Promise], knowledge_transfer: str, by: Person
) -> SubmissionReceipt | None:
    """Say who learns what, by when, and how."""
    require_changeable(response)
    if response.state == SUBMITTED:
        require_none(promise_gaps(promises))
    response.promises, response.knowledge_transfer = promises, knowledge_transfer
    return keep_change(response, by)


def promise_assets(response: Response, *, assets: list[PromisedAsset], by: Person) -> SubmissionReceipt | None:
    """Say what will be released for reuse, under which licence, when."""
    require_changeable(response)
    if response.state == SUBMITTED:
        require_none(asset_gaps(assets))
    if len({(asset.kind, asset.name.casefold()) for asset in assets}) < len(assets):
        raise Conflict("Name each thing that you will release once.")
    response.assets = assets
    return keep_change(response, by)
