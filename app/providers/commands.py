"""Changing providers: their pages, solution profiles and evidence."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import object_session
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Organisation, Person
from app.capabilities.models import Capability
from app.capabilities.queries import capabilities
from app.kernel import audit, clock
from app.kernel.db import constrained, session
from app.kernel.errors import Conflict
from app.providers.choices import size_of
from app.providers.completeness import gaps
from app.providers.models import COUNTERSIGNED, DISPUTED, LIVE, STATED, Evidence, Provider, SolutionProfile
from app.providers.queries import find_provider_of, is_shown_by_live_profile

# what of a profile the audit keeps when everybody can read it
WORDS = ("title", "problem", "approach", "users", "technologies", "capabilities", "evidence")


class Told(TypedDict):
    """What a piece of evidence says: what was done, for whom, what came of it, and what that shows."""

    title: str
    client: str
    text: str
    result: str
    finished_on: date
    capabilities: Iterable[Capability | str]


def _with_capabilities(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with capabilities as rows, where forms gave their ids."""
    given = content.get("capabilities")
    if given is None:
        return dict(content)
    ids = [each if isinstance(each, str) else each.id for each in given]
    return {**content, "capabilities": sorted(capabilities(ids), key=lambda capability: capability.name)}


def ensure_provider(organisation: Organisation, *, by: Person | None = None) -> Provider:
    """Begin the page of a supplier or an in-house team, or give the one that is there."""
    if not organisation.is_provider:
        raise Conflict(f"{organisation.name} is neither a supplier nor an in-house team.")
    found = find_provider_of(organisation.id)
    if found:
        return found
    provider = Provider(organisation=organisation)
    session().add(provider)
    audit.record("begin", provider, by=by, facts={"organisation": organisation.id})
    return provider


def describe_provider(provider: Provider, *, about: str, people: int | None, places: list[str], by: Person) -> None:
    """Say who the provider is. Its size follows from the number of people."""
    before = {"people": provider.people, "size": provider.size, "places": provider.places}
    provider.about, provider.people, provider.places = about, people, places
    provider.size = size_of(people) or provider.size
    facts = {"before": before, "after": {"people": people, "size": provider.size, "places": places}}
    audit.record("describe", provider, by=by, facts=facts)


def draft_profile(provider: Provider, *, title: str, by: Person) -> SolutionProfile:
    """Begin a solution profile, seen by the provider's own staff alone."""
    profile = SolutionProfile(provider=provider, title=title, created_at=clock.now())
    session().add(profile)
    audit.record("draft", profile, by=by, facts={"provider": provider.id})
    return profile


def change_profile(profile: SolutionProfile, *, by: Person, **content: Any) -> None:
    """Change what a profile says; a live one must stay whole.

    `content` names attributes of SolutionProfile; `capabilities` and `evidence` are rows.
    """
    if profile.can("revive"):
        raise Conflict("This solution profile is retired. Bring it back before you change it.")
    content = _with_capabilities(content)
    removed = [each for each in profile.evidence if each not in content.get("evidence", profile.evidence)]
    facts = _difference(profile, content, is_public=profile.state == LIVE)
    for name, value in content.items():
        setattr(profile, name, value)
    if profile.state == LIVE and (missing := gaps(profile)):
        raise Conflict(f"A published solution profile must stay complete. {missing[0].says}.")
    _touch(profile, *removed)
    audit.record("change", profile, by=by, facts=facts)


def _difference(row: SolutionProfile | Evidence, content: dict[str, Any], *, is_public: bool) -> dict[str, Any]:
    """What the changed fields of a public row said and say now, for the audit; of a draft only which they are."""
    changed = sorted(name for name, value in content.items() if getattr(row, name) != value)
    if not is_public:
        return {"changed": changed}
    return {
        "before": {name: _told(getattr(row, name)) for name in changed},
        "after": {name: _told(content[name]) for name in changed},
    }


def _told(value: Any) -> Any:
    """A value as the audit keeps it: other rows by their ids."""
    if isinstance(value, list | tuple):
        return [_told(each) for each in value]
    return getattr(value, "id", value)


def _touch(*rows: SolutionProfile | Evidence) -> None:
    """Have the rows written although only their lists changed, so that their versions and the index move on."""
    for row in rows:
        if object_session(row):
            flag_modified(row, "title")


def publish_profile(profile: SolutionProfile, *, by: Person) -> None:
    """Show a profile to everybody.

    Moves: profile draft -> live
    """
    if profile.can("publish") and (missing := gaps(profile)):
        raise Conflict(f"This solution profile is not complete. {missing[0].says}.")
    profile.move("publish")
    profile.published_at = clock.now()
    audit.record("publish", profile, by=by, facts={"after": {name: _told(getattr(profile, name)) for name in WORDS}})


def retire_profile(profile: SolutionProfile, *, by: Person) -> None:
    """Take a profile out of sight and search; what pointed at it keeps doing so.

    Moves: profile live -> retired
    """
    profile.move("retire")
    audit.record("retire", profile, by=by)


def revive_profile(profile: SolutionProfile, *, by: Person) -> None:
    """Make a draft of a retired profile again.

    Moves: profile retired -> draft
    """
    profile.move("revive")
    audit.record("revive", profile, by=by)


def state_evidence(provider: Provider, *, by: Person | None, **told: Unpack[Told]) -> Evidence:
    """Claim past work. It is stated until a buyer countersigns a piece of its own."""
    evidence = Evidence(provider=provider, standing=STATED, created_at=clock.now(), **_with_capabilities(told))
    session().add(evidence)
    audit.record("state", evidence, by=by, facts={"provider": provider.id})
    return evidence


def change_evidence(evidence: Evidence, *, by: Person, **content: Any) -> None:
    """Change what was stated; what a buyer spoke on stands as it is."""
    _refuse_spoken_on(evidence)
    content = _with_capabilities(content)
    facts = _difference(evidence, content, is_public=is_shown_by_live_profile(evidence))
    for name, value in content.items():
        setattr(evidence, name, value)
    _touch(evidence)
    audit.record("change", evidence, by=by, facts=facts)


def remove_evidence(evidence: Evidence, *, by: Person) -> None:
    """Take a stated claim away, from its profiles too; one that an answer points to stays."""
    _refuse_spoken_on(evidence)
    nothing = dict.fromkeys(("title", "client", "text", "result", "finished_on"))
    facts = _difference(evidence, nothing, is_public=is_shown_by_live_profile(evidence))
    for profile in session().scalars(
        select(SolutionProfile).where(SolutionProfile.evidence.any(Evidence.id == evidence.id))
    ):
        profile.evidence.remove(evidence)
        _touch(profile)
    audit.record("remove", evidence, by=by, facts=facts)
    with constrained("You used this evidence in an answer to a need, so it cannot be removed."):
        session().delete(evidence)


def _refuse_spoken_on(evidence: Evidence) -> None:
    if not evidence.is_stated:
        raise Conflict("A buyer has spoken on this evidence, so it stands as it is.")


def countersign_evidence(
    provider: Provider,
    *,
    source: str,
    standing: str,
    achieved_percent: int | None = None,
    profile: SolutionProfile | None = None,
    by: Person | None,
    **told: Unpack[Told],
) -> Evidence:
    """Keep what a buyer said of past work: one piece of evidence for each `source`, made or brought up to date.

    `standing` is countersigned or disputed; `achieved_percent` (0 to 100) feeds the track record; a `profile` shows it.
    """
    if standing not in (COUNTERSIGNED, DISPUTED):
        raise ValueError(f"{standing} is not what a buyer makes of evidence")
    evidence = session().scalar(select(Evidence).where(Evidence.source == source))
    if evidence is None:
        evidence = Evidence(provider_id=provider.id, source=source, created_at=clock.now())
    _say(evidence, standing=standing, achieved_percent=achieved_percent, **told)
    session().add(evidence)
    if profile is not None and evidence not in profile.evidence:
        profile.evidence.append(evidence)
        _touch(profile)
    audit.record("countersign", evidence, by=by, facts={"source": source, "standing": standing})
    return evidence


def _say(evidence: Evidence, **told: Any) -> None:
    for name, value in _with_capabilities(told).items():
        setattr(evidence, name, value[:200] if name in ("title", "client") else value)
    _touch(evidence)
