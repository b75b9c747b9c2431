"""The demo world: written content (`content/`), played through the real commands over the two years up to today.

Read in this order: library (the content as facts), calendar, timelines and replies (what is drawn from it: when, who),
world (rows and script), acts (each room's moments), building (one transaction, the index, the rest).
The draws are seeded by name, so the world is the same at every run, and as old as the day of the run.
"""

from app.config import Settings
from app.demo.building import demo_password, fill, has_demo_world
from app.demo.library import read_library

__all__ = ["fill", "sign_in_hint"]


def sign_in_hint(settings: Settings) -> list[str]:
    """Who to sign in as, where there is a demo world."""
    if not has_demo_world():
        return []
    people = ", ".join(each["email"] for each in read_library().cast["people"])
    return [f"Sign in as {people}", f"with the password {demo_password(settings)}"]
