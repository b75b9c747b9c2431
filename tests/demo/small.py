"""A corner of the demo world that is played in seconds: two departments, a dozen providers, needs of every state."""

from dataclasses import replace

from app.demo.library import Library, read_library

DEPARTMENTS = {"coasts", "hazards"}
STORIES = {
    "sluice-controls",
    "mooring-licences",
    "wreck-records",
    "lock-keepers-tablet",
    "siren-test",
    "buoy-batteries",
    "canal-bookings",
}
SUPPLIERS = {"saltmarsh", "bulwark", "thistledown", "gullside", "hartsmere", "brackenfold", "foxpaper", "cinderpath"}
TEAMS = {"waterways-studio"}


def small_library() -> Library:
    """The corner, with the cast cut down to it."""
    whole = read_library()
    providers = SUPPLIERS | TEAMS
    cast = dict(whole.cast)
    cast["people"] = [each for each in cast["people"] if each.get("at", "coasts") in DEPARTMENTS | providers]
    cast["claims"] = [each for each in cast["claims"] if each.get("at", "saltmarsh") in providers]
    cast["responses"] = {"mooring-licences": 4, "wreck-records": 5, "lock-keepers-tablet": 4, "sluice-controls": 3}
    for name in ("acts", "decisions"):
        cast[name] = [each for each in cast[name] if each["need"] in STORIES and each["provider"] in providers]
    return replace(
        whole,
        departments={key: body for key, body in whole.departments.items() if key in DEPARTMENTS},
        teams={key: body for key, body in whole.teams.items() if key in TEAMS},
        suppliers={key: body for key, body in whole.suppliers.items() if key in SUPPLIERS},
        stories={key: replace(story, jointly=()) for key, story in whole.stories.items() if key in STORIES},
        offers=tuple(offer for offer in whole.offers if offer.provider in providers),
        endings={key: ending for key, ending in whole.endings.items() if key in STORIES},
        cast=cast,
    )
