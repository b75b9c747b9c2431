"""What lies half done on desks at the end: an approval, a request to join, a comment, a file and a template."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from app.accounts.models import BUYER
from app.demo.world import World
from app.kernel import clock, files
from app.needs.approvals.commands import ask_approval
from app.needs.attachments.commands import attach_file
from app.needs.comments.commands import comment_on
from app.needs.joint.commands import ask_to_join
from app.needs.models import OPEN
from app.needs.starting.commands import keep_template

Written = Mapping[str, Any]


def leave_open(world: World) -> None:
    """Do what the cast names, as far as its needs are in this world."""
    acts = {"approval": _approval, "joining": _joining, "comment": _comment, "file": _file, "template": _template}
    for name, act in acts.items():
        written = world.library.cast["left_open"][name]
        if written["need"] in world.needs and written.get("by", written["need"]) in {*world.bodies, written["need"]}:
            act(world, written)


def _approval(world: World, written: Written) -> None:
    now, by = clock.now(), world.author(written["need"])
    ask_approval(
        world.needs[written["need"]],
        OPEN,
        reason=written["reason"],
        deadline_at=now + timedelta(days=40),
        questions_until=now + timedelta(days=25),
        by=by,
    )


def _joining(world: World, written: Written) -> None:
    department, asker = world.bodies[written["by"]], world.people[written["by"], BUYER][0]
    money = {"low_pence": written["low"] * 100, "high_pence": written["high"] * 100, "approved": False}
    ask_to_join(world.needs[written["need"]], department, reason=written["reason"], **money, by=asker)


def _comment(world: World, written: Written) -> None:
    by = world.officer(written["need"])
    comment_on(world.needs[written["need"]], written["section"], written["text"], by=by)


def _file(world: World, written: Written) -> None:
    kept = files.keep(BytesIO(written["text"].encode()), 1_000_000)
    file = files.Upload(written["name"], "txt", kept.digest, kept.size)
    attach_file(world.needs[written["need"]], title=written["title"], file=file, by=world.author(written["need"]))


def _template(world: World, written: Written) -> None:
    by = world.officer(written["need"])
    keep_template(world.needs[written["need"]], name=written["name"], note=written["note"], by=by)
