"""Deciding on matches."""

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.matching.models import INVITE, NOTE, PASS_OVER, MatchDecision
from app.matching.parties import may_take_part
from app.matching.queries import find_invitation
from app.matching.seen import Seen
from app.needs.models import LIVE, Need
from app.providers.models import SolutionProfile


def invite_provider(need: Need, profile: SolutionProfile, seen: Seen, *, note: str = "", by: Person) -> MatchDecision:
    """Invite the profile's provider to the need; its staff are told. Nobody is invited twice."""
    if not may_take_part(need, profile.provider):
        raise Conflict(f"{profile.provider.name} cannot take part in this need. Change who can take part first.")
    if find_invitation(need, profile.provider):
        raise Conflict(f"{profile.provider.name} was invited already.")
    decision = _decide(INVITE, need, profile, seen, note, by)
    facts = {"need_id": need.id, "profile_id": profile.id, "provider_id": profile.provider_id}
    notices.post("match.invited", subject=decision, facts=facts)
    return decision


def pass_over_match(need: Need, profile: SolutionProfile, seen: Seen, *, reason: str, by: Person) -> MatchDecision:
    """Pass a match over, with the reason. The provider is not told, and may still answer the need."""
    if not reason:
        raise Conflict("Give the reason for passing this match over.")
    return _decide(PASS_OVER, need, profile, seen, reason, by)


def note_match(need: Need, profile: SolutionProfile, seen: Seen, *, note: str, by: Person) -> MatchDecision:
    """Keep a note on a match, for colleagues."""
    if not note:
        raise Conflict("Write the note.")
    return _decide(NOTE, need, profile, seen, note, by)


def _decide(verb: str, need: Need, profile: SolutionProfile, seen: Seen, note: str, by: Person) -> MatchDecision:
    if need.state != LIVE or need.is_past_deadline:
        raise Conflict("Matches can be decided on only while the need is live.")
    if not seen.is_of(need.id, profile.id, by.id):
        raise Conflict("This is not the match that you were shown. Look at it again.")
    decision = MatchDecision(
        need=need,
        profile=profile,
        verb=verb,
        note=note,
        score_milli=seen.score_milli,
        parts=seen.parts,
        reasons=seen.reasons,
        constraints=seen.constraints,
        index_version=seen.index_version,
        decided_by=by,
        decided_at=clock.now(),
    )
    session().add(decision)
    facts = {"verb": verb, "need": need.id, "profile": profile.id, "score_milli": seen.score_milli}
    audit.record("decide", decision, by=by, facts={**facts, "index_version": seen.index_version})
    return decision
