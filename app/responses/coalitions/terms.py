"""The terms of a coalition: who is in it, who answers what, what each agreed to and what is still lacking. Pure."""

from typing import Any

from app.kernel import audit
from app.needs.models import MUST, Requirement
from app.providers.models import Provider
from app.responses.coalitions.models import Part
from app.responses.models import Response

WHOLE = 100


def partners_of(response: Response) -> list[Part]:
    """The parts of those who joined the lead, by name."""
    joined = [part for part in response.parts if not part.is_lead and part.joined_at is not None]
    return sorted(joined, key=lambda part: (part.provider.name, part.id))


def parts_of(response: Response) -> list[Part]:
    """The lead's part first, then those of its partners."""
    return [*(part for part in response.parts if part.is_lead), *partners_of(response)]


def members_of(response: Response) -> list[Provider]:
    """Who answers together: the lead first."""
    return [response.provider, *(part.provider for part in partners_of(response))]


def is_coalition(response: Response) -> bool:
    """Whether anybody joined the lead."""
    return bool(partners_of(response))


def part_answering(response: Response, requirement: Requirement) -> Part | None:
    """Whose requirement it is, where that is said."""
    return next((part for part in parts_of(response) if requirement.id in part.requirement_ids), None)


def provider_answering(response: Response, requirement: Requirement) -> Provider:
    """Whose people answer it: the lead's where nobody else does."""
    part = part_answering(response, requirement)
    return part.provider if part else response.provider


def others_answering(response: Response) -> dict[str, str]:
    """The names of the partners that answer requirements, by the requirement's id."""
    return {each: part.provider.name for part in partners_of(response) for each in part.requirement_ids}


def terms_of(part: Part) -> str:
    """What a partner agrees to, as one text: its share and of which price, what it answers for, and what it answers."""
    told = {
        "price_pence": part.response.price_pence,
        "share": part.share_percent,
        "liability": part.liability,
        "requirements": sorted(part.requirement_ids),
    }
    return audit.canonical(told)


def is_agreed(part: Part) -> bool:
    """Whether its provider confirmed it as it is now: the lead by submitting, a partner by its own act."""
    return part.is_lead or part.agreed_terms == terms_of(part)


def lacking(response: Response) -> list[str]:
    """What a coalition must still settle before it can submit, in sentences; nothing where one answers alone."""
    if not is_coalition(response):
        return []
    parts = parts_of(response)
    return [
        *_unassigned(response),
        *(f"State the share of {part.provider.name}" for part in parts if not part.share_percent),
        *_shares(parts),
        *(f"Say what {part.provider.name} answers for" for part in parts if not part.liability.strip()),
        *(f"{part.provider.name} has not confirmed its part yet" for part in parts if not is_agreed(part)),
    ]


def _unassigned(response: Response) -> list[str]:
    return [
        f"Say who answers requirement {number}, which is a must-have"
        for number, requirement in enumerate(response.need.requirements, start=1)
        if requirement.kind == MUST and part_answering(response, requirement) is None
    ]


def _shares(parts: list[Part]) -> list[str]:
    stated = [part.share_percent for part in parts if part.share_percent is not None]
    if len(stated) < len(parts) or sum(stated) == WHOLE:
        return []
    return [f"The shares add up to {sum(stated)}%: they must add up to {WHOLE}%"]


def said_of_members(response: Response) -> dict[str, Any]:
    """What a submission keeps of its members; nothing where one answers alone, so that such receipts stay as they were.

    `answered_by` has whose each requirement is.
    """
    if not is_coalition(response):
        return {}
    members = [
        {
            "provider": part.provider_id,
            "name": part.provider.name,
            "is_lead": part.is_lead,
            "share_percent": part.share_percent,
            "liability": part.liability,
        }
        for part in parts_of(response)
    ]
    asked = response.need.requirements
    return {"members": members, "answered_by": {each.id: provider_answering(response, each).id for each in asked}}
