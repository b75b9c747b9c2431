"""Reading the vocabulary: its tree, what texts name, and what outside codes mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.capabilities.models import AREA, Capability, CapabilityCode, OutsideCode, Synonym
from app.capabilities.tree import Branch, Node, Tree
from app.kernel import db
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.importing import unusable_text

KEPT = "capabilities.tree"
_made: tuple[Any, Tree] | None = None


def tree() -> Tree:
    """The vocabulary as this transaction sees it: two short queries once in a transaction, made anew if it changed."""
    global _made
    kept = session().info
    if KEPT not in kept:
        seen = (_node_rows(), _synonym_rows())
        made = _made
        if made is None or made[0] != seen:
            made = _made = (seen, Tree([Node(*row) for row in seen[0]], seen[1]))
        kept[KEPT] = made[1]
    return kept[KEPT]  # type: ignore[no-any-return]


def forget_tree() -> None:
    """Have the tree read again in this transaction, since the vocabulary changed in it."""
    session().info.pop(KEPT, None)


def _node_rows() -> list[tuple[Any, ...]]:
    of = Capability
    rows = session().execute(select(of.id, of.level, of.parent_id, of.name, of.description, of.retired).order_by(of.id))
    return [tuple(row) for row in rows]


def _synonym_rows() -> list[tuple[str, str]]:
    rows = session().execute(select(Synonym.phrase, Synonym.capability_id).order_by(Synonym.phrase))
    return [(row[0], row[1]) for row in rows]


def capability_tree() -> tuple[Branch, ...]:
    """The areas with their capabilities and skills, by name, without what is retired."""
    return tree().branches


def get_capability(capability_id: str, _person: Any = None) -> Capability:
    """The capability with its synonyms and codes; retired ones are still found, since old needs speak of them."""
    found = session().get(
        Capability, capability_id, options=[selectinload(Capability.synonyms), selectinload(Capability.codes)]
    )
    if found is None:
        raise NotFound
    return found


def capabilities(ids: Iterable[str]) -> list[Capability]:
    """The capabilities with these ids, in their order; unknown ids are left out."""
    wanted = list(dict.fromkeys(ids))
    found = {row.id: row for row in session().scalars(select(Capability).where(Capability.id.in_(wanted)))}
    return [found[each] for each in wanted if each in found]


def recognise(text: str) -> list[str]:
    """The ids of the capabilities that a text names, by name or synonym, in its order; the longest phrase counts."""
    return tree().matcher.recognise(text)


def capabilities_named(text: str) -> list[Capability]:
    """The capabilities that a text names, in its order."""
    return capabilities(recognise(text))


def find_capability_named(phrase: str) -> Capability | None:
    """The capability whose name or synonym this whole phrase is."""
    found = tree().matcher.named(phrase)
    return session().get(Capability, found) if found else None


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """Names by id, of the ids that are known."""
    nodes = tree().nodes
    return {each: nodes[each].name for each in ids if each in nodes}


def areas_of(ids: Iterable[str]) -> list[str]:
    """The ids of the areas in which these capabilities are, each once."""
    found: dict[str, None] = {}
    for each in ids:
        node = tree().nodes.get(each)
        lineage = [node, *tree().above(each)] if node else []
        found.update((broader.id, None) for broader in lineage if broader.level == AREA)
    return list(found)


def with_broader(ids: Iterable[str]) -> list[str]:
    """These capabilities and everything that they are beneath, areas left out, each once."""
    found: dict[str, None] = {}
    for each in ids:
        found[each] = None
        found.update((node.id, None) for node in tree().above(each) if node.level != AREA)
    return list(found)


def filters_for(words: str) -> list[dict[str, list[str]]]:
    """What to search for in place of words that nothing has: the capabilities they name, then the broader ones.

    Filters as `search.find` takes them: first those of all capabilities that are named, and areas last.
    """
    known = tree()
    lineages = [[known.nodes[each], *known.above(each)] for each in recognise(words)]
    steps = [node for level in zip_longest(*lineages) for node in level if node]
    found = {node.id: "area" if node.level == AREA else "capability" for node in steps}
    order = sorted(found.items(), key=lambda pair: pair[1] == "area")
    return [{facet: [capability_id]} for capability_id, facet in order]


def name_in(filters: Mapping[str, Sequence[str]] | None) -> str:
    """The name of the capability that one of these filters asks for; "" for none."""
    return next(iter(names_of(chain.from_iterable((filters or {}).values())).values()), "")


def choices() -> dict[str, list[tuple[str, str]]]:
    """What a form offers: for each area the capabilities, each followed by its skills, as (id, name)."""
    return {
        area.node.name: [(node.id, node.name) for branch in area.below for node in (branch.node, *branch.nodes_below)]
        for area in capability_tree()
    }


def synonyms() -> dict[str, list[str]]:
    """For the search: each name with what else people write for it; opens a reading of its own where none is open."""
    if not db.has_session():
        with db.reading():
            return synonyms()
    found: dict[str, list[str]] = {}
    for phrase, owner in tree().synonyms:
        node = tree().nodes[owner]
        if not node.retired:
            found.setdefault(node.name, []).append(phrase)
    return found


def codes_of(capability: Capability) -> list[tuple[str, str, str]]:
    """The outside codes of a capability: scheme, code and what the scheme calls it (empty before its import)."""
    labels = _labels([(code.scheme, code.code) for code in capability.codes])
    return [(code.scheme, code.code, labels.get((code.scheme, code.code), "")) for code in capability.codes]


def _labels(codes: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    known = select(OutsideCode.scheme, OutsideCode.code, OutsideCode.label).where(
        OutsideCode.code.in_([code for _, code in codes])
    )
    return {(row.scheme, row.code): row.label for row in session().execute(known)}


def codes_named(text: str, most: int = 20) -> list[tuple[OutsideCode, list[Capability]]]:
    """The outside codes that a text asks for (`CPV 72212`, a whole label), each with what it stands for here."""
    label = " ".join(text.split())[:300]
    if not label or unusable_text(label):
        return []
    begun = [OutsideCode.code.startswith(digits) for digits in re.findall(r"\b\d{3,8}\b", label)[:5]]
    wanted = or_(OutsideCode.label.ilike(_escaped(label), escape="\\"), *begun)
    found = session().scalars(select(OutsideCode).where(wanted).order_by(OutsideCode.code).limit(most))
    return [(code, capabilities(capability_ids_with_code(code.scheme, code.code))) for code in found.all()]


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def capability_ids_with_code(scheme: str, code: str) -> list[str]:
    """The capabilities linked to a code; for CPV, to the nearest broader code that any is linked to."""
    for candidate in _lineage(code) if scheme == "CPV" else [code]:
        linked = select(CapabilityCode.capability_id).where(
            CapabilityCode.scheme == scheme, CapabilityCode.code == candidate
        )
        if found := sorted(session().scalars(linked)):
            return found
    return []


def _lineage(code: str) -> list[str]:
    """A CPV code, then the broader ones, which have noughts in place of its last digits, down to three digits."""
    digits = code[:8]
    return list(dict.fromkeys(digits[:length].ljust(8, "0") for length in range(8, 2, -1)))
