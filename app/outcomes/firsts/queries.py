"""Finding what might answer each question of a need: finished work, neighbours' needs, in-house teams.

Assets come into the first question beside finished work: `_reuse` is where their candidates are added.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select

from app.accounts.models import Person
from app.accounts.queries import organisations_by_id
from app.kernel import search
from app.kernel.db import session
from app.matching.queries import alike, candidates_among, capabilities_shared, words_shared
from app.needs.firsts.choices import IN_HOUSE, NEIGHBOURS, QUESTIONS, REUSE, Question
from app.needs.firsts.policy import may_answer_first
from app.needs.firsts.shown import Shown
from app.needs.models import CONCLUDED, LIVE, Need
from app.needs.policy import may_see_need
from app.needs.queries import held_by, needs_in_order
from app.outcomes.firsts.wording import shown_neighbour, shown_team, shown_work
from app.outcomes.models import Partnership
from app.outcomes.queries import load_partnerships_by_id, told_by_both
from app.providers.queries import in_house_provider_ids

MOST, MOST_BOUGHT, LOOKED_AT, CLOSER_LOOK = 5, 3, 2_000, 20


@dataclass(frozen=True)
class Offered:
    """The candidates for one question, the best first; without an index nobody can say whether there are any."""

    question: Question
    candidates: tuple[Shown, ...]
    is_ready: bool = True


def offered_to(person: Person, need: Need) -> dict[str, Offered]:
    """The live candidates for each question that this person answers for the need, in the order of the questions."""
    found = {}
    for key, (kind, find) in _FINDERS.items():
        if may_answer_first(person, need, key):
            is_ready = search.find(kind, size=0).ready
            found[key] = Offered(QUESTIONS[key], tuple(find(person, need)) if is_ready else (), is_ready)
    return found


# Finished work


def _reuse(_person: Person, need: Need) -> Iterator[Shown]:
    """At most five partnerships of which both sides spoke, then at most three that others had and nobody spoke of."""
    like = {each.need_id: each for each in alike(need, CONCLUDED, limit=LOOKED_AT)}
    place = {need_id: at for at, need_id in enumerate(like)}
    work = sorted(_work_for(list(like)), key=lambda row: (place[row.need_id], row.id))
    spoken = [row for row in work if row.is_told]
    bought = [row for row in work if not row.is_told and row.department_id not in need.department_ids]
    words = words_shared(need, {row.need_id for row in (*spoken[:CLOSER_LOOK], *bought[:CLOSER_LOOK])})
    told = [row for row in spoken if like[row.need_id].overlaps(words.get(row.need_id, ()))][:MOST]
    told += [row for row in bought if like[row.need_id].overlaps(words.get(row.need_id, ()))][:MOST_BOUGHT]
    known = load_partnerships_by_id([row.id for row in told])
    both = capabilities_shared(need, [row.need_id for row in told])
    for row in told:
        yield shown_work(known[row.id], both.get(row.need_id, ()), words[row.need_id])


def _work_for(need_ids: Sequence[str]) -> Sequence[Row[str, str, str, bool]]:
    """The partnerships of these needs: id, need, department, and whether both sides recorded how they went."""
    is_told = Partnership.id.in_(told_by_both()).label("is_told")
    wanted = select(Partnership.id, Partnership.need_id, Need.department_id, is_told).join(Partnership.need)
    return session().execute(wanted.where(Partnership.need_id.in_(need_ids), Need.state == CONCLUDED)).all()


# Neighbours


def _neighbours(person: Person, need: Need) -> Iterator[Shown]:
    ours = session().scalars(select(Need.id).where(held_by(need.department_ids), Need.state == LIVE))
    like = {each.need_id: each for each in alike(need, LIVE, exclude=list(ours), limit=CLOSER_LOOK)}
    words = words_shared(need, like)
    overlapping = [each for each in like if like[each].overlaps(words.get(each, ()))]
    live = [each for each in needs_in_order(overlapping) if each.state == LIVE and not each.is_past_deadline]
    both = capabilities_shared(need, [each.id for each in live])
    for each in [each for each in live if may_see_need(person, each)][:MOST]:
        yield shown_neighbour(each, both.get(each.id, ()), words[each.id])


# In-house teams


def _in_house(_person: Person, need: Need) -> Iterator[Shown]:
    found = candidates_among(need, in_house_provider_ids(), MOST)
    parents = organisations_by_id(each.provider.organisation.parent_id for each in found)
    for each in found:
        parent = parents.get(each.provider.organisation.parent_id or "")
        words = [word for word, _ in each.words]
        yield shown_team(each.provider, parent, each.reasons, each.constraints, words)


# which index has to be there, and who looks in it
_FINDERS = {
    REUSE: ("need", _reuse),
    NEIGHBOURS: ("need", _neighbours),
    IN_HOUSE: ("profile", _in_house),
}
