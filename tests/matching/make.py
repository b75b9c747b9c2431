"""Makers for matching: a need that asks for two things, and providers that can do them to different degrees."""

from typing import Any

from app.needs.models import Need
from app.providers.models import SolutionProfile
from tests import make
from tests.needs import make as make_need
from tests.providers import make as make_provider

MIGRATE = "Move two million patient records without loss"
HOST = "Host the records in two regions"


def need(**fields: Any) -> Need:
    """A live need for data migration (a must, heavier) and cloud hosting, without constraints."""
    data, cloud = make_need.capability("Data migration"), make_need.capability("Cloud hosting", "Infrastructure")
    asked = {
        "title": "Patient records in one place",
        "requirements": [
            make_need.requirement(MIGRATE, weight=50, capabilities=[data]),
            make_need.requirement(HOST, kind="nice", weight=20, capabilities=[cloud]),
        ],
        "capabilities": [data],
        "clearance": "none",
        "places": [],
        "remote": None,
        "standards": [],
        **fields,
    }
    return make_need.live_need(make.department(), rung="shaping", **asked)


def profile(name: str, *capabilities: str, **facts: Any) -> SolutionProfile:
    """A live profile of a supplier with this name, and these capabilities."""
    areas = {"Cloud hosting": "Infrastructure"}
    held = [make_need.capability(each, areas.get(each, "Data")) for each in capabilities]
    told = {
        "title": f"What {name} does",
        "problem": "Things lie about.",
        "approach": "We put them in order.",
        "users": "Everyone.",
        "technologies": [],
    }
    organisation = facts.pop("organisation", None) or make.supplier(name)
    page = make_provider.provider(organisation)
    return make_provider.live_profile(page, capabilities=held, **{**told, **facts})
