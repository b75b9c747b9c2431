"""Makers of providers, solution profiles and evidence for tests, each with something believable in every field."""

from datetime import date, timedelta
from typing import Any

from app.accounts.models import Organisation, Person
from app.capabilities.models import AREA, CAPABILITY, SKILL, Capability
from app.kernel import clock
from app.kernel.db import session
from app.providers import commands
from app.providers.models import COUNTERSIGNED, Evidence, Provider, SolutionProfile
from tests import make


def capability(name: str = "User research", area: str = "Design") -> Capability:
    """The capability of this name, made with its area where it is missing."""
    parent = _node(area, AREA, None)
    return _node(name, CAPABILITY, parent.id)


def skill(name: str, of: Capability) -> Capability:
    """A skill below a capability."""
    return _node(name, SKILL, of.id)


def _node(name: str, level: str, parent_id: str | None) -> Capability:
    slug = f"{'area-' if level == AREA else ''}{name.lower().replace(' ', '-')}"
    found = session().get(Capability, slug)
    if found is None:
        found = Capability(id=slug, name=name, level=level, parent_id=parent_id)
        session().add(found)
        session().flush()
    return found


def provider(organisation: Organisation | None = None, **facts: Any) -> Provider:
    """A supplier's page."""
    made = commands.ensure_provider(organisation or make.supplier())
    for name, value in {
        "about": "We build services.",
        "people": 12,
        "size": "small",
        "places": ["london"],
        **facts,
    }.items():
        setattr(made, name, value)
    session().flush()
    return made


def draft_profile(of: Provider | None = None, *, by: Person | None = None, **facts: Any) -> SolutionProfile:
    """A draft that is complete: it could be published."""
    of = of or provider()
    person = by or make.staff(of.organisation)
    profile = commands.draft_profile(of, title=facts.pop("title", "Research with people who fish"), by=person)
    content = {
        "problem": "Services are built without meeting those who use them.",
        "approach": "We visit people where they work and watch what they do.",
        "users": "Service teams in departments.",
        "technologies": ["Miro"],
        "low_pence": 65_000,
        "high_pence": 90_000,
        "price_unit": "a person a day",
        "clearance": "bpss",
        "places": ["london"],
        "remote": True,
        "standards": ["cyber_essentials"],
        "capabilities": facts.pop("capabilities", None) or [capability()],
    }
    commands.change_profile(profile, **{**content, **facts}, by=person)
    session().flush()
    return profile


def live_profile(of: Provider | None = None, *, by: Person | None = None, **facts: Any) -> SolutionProfile:
    """A published profile."""
    of = of or provider()
    person = by or make.staff(of.organisation)
    profile = draft_profile(of, by=person, **facts)
    commands.publish_profile(profile, by=person)
    session().flush()
    return profile


def evidence(of: Provider, **facts: Any) -> Evidence:
    """A stated piece of evidence."""
    content = {
        "title": "Catch records on paper",
        "client": "Department for Coasts",
        "text": "We watched forty skippers fill in catch records and found where the form failed them.",
        "result": "Errors fell from 31% to 9%.",
        "finished_on": clock.today() - timedelta(days=200),
        "capabilities": [capability()],
    }
    made = commands.state_evidence(of, **{**content, **facts}, by=None)
    session().flush()
    return made


def countersigned(of: Provider, *, source: str = "partnerships:1", **facts: Any) -> Evidence:
    """Evidence that a buyer countersigned through an outcome."""
    content = {
        "standing": COUNTERSIGNED,
        "title": "Licences on the web",
        "client": "Department for Coasts",
        "text": "We built the licence service with the people who use it.",
        "result": "Delivered: 3 of 4 measures reached.",
        "finished_on": date(2026, 6, 1),
        "capabilities": [capability()],
        "achieved_percent": 75,
    }
    made = commands.countersign_evidence(of, source=source, **{**content, **facts}, by=None)
    session().flush()
    return made
