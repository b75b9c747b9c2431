"""What of a capability is searchable: its names, its description, and its codes in full and as people shorten them."""

from sqlalchemy.orm import selectinload

from app.capabilities.models import AREA, Capability, CapabilityCode, Synonym
from app.kernel import search


def document(capability: Capability) -> search.Document | None:
    """The capability as the index knows it; retired ones are not found."""
    if capability.retired:
        return None
    phrases = [synonym.phrase for synonym in capability.synonyms]
    return search.Document(
        title=capability.name,
        text=[capability.description, ", ".join(phrases), _codes(capability)],
        names=[capability.name, *phrases],
        capabilities=[capability.id],
        facets={"level": capability.level, "area": _area(capability)},
        stored={"level": capability.level, "description": capability.description},
    )


def _codes(capability: Capability) -> str:
    """`CPV 72212783 7221278 … 72212`, since people search by the beginning of a code."""
    told: list[str] = []
    for code in capability.codes:
        told += [code.scheme, code.code]
        if code.scheme == "CPV":
            told += [code.code[:length] for length in range(7, 3, -1)]
    return " ".join(dict.fromkeys(told))


def _area(capability: Capability) -> str:
    node = capability
    while node.parent and node.level != AREA:
        node = node.parent
    return node.id


search.register(
    search.Searchable(
        kind="capability",
        model=Capability,
        document=document,
        options=(
            selectinload(Capability.synonyms),
            selectinload(Capability.codes),
            selectinload(Capability.parent).selectinload(Capability.parent),
        ),
        touched_by={
            Synonym: lambda row: [row.capability_id],
            CapabilityCode: lambda row: [row.capability_id],
        },
    )
)
