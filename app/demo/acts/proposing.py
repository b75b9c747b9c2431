"""Providers propose ideas that nobody asked for; departments answer some, and begin needs with others."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from app.accounts.models import BUYER
from app.capabilities.queries import capabilities
from app.demo.world import World
from app.kernel import clock
from app.needs.commands import publish_need, save_section
from app.needs.models import Need
from app.responses.ideas import answering, commands
from app.responses.ideas.models import Idea

Written = Mapping[str, Any]
ANSWERED_AFTER, A_DRAFT = 5, -2


def propose(world: World) -> None:
    """Put every idea of a provider that is here into the script, with what departments say to it."""
    for number, written in enumerate(world.words("ideas")):
        if written["by"] in world.library.providers:
            made: list[Idea] = []
            at = partial(_at, world, number)
            at(written.get("day", A_DRAFT), partial(_write, world, written, made))
            if "withdrawn" in written:
                at(written["withdrawn"], partial(_withdraw, world, written, made))
            for place, answer in enumerate(written.get("answers", []), 1):
                if answer["of"] in world.library.departments:
                    at(written["day"] + ANSWERED_AFTER * place, partial(_say, world, written, made, answer))


def _at(world: World, number: int, day: float, act: Callable[[], None]) -> None:
    moment = min(world.calendar.at(day, 11, number), world.calendar.now - timedelta(minutes=number + 1))
    world.script.add(moment, act)


def _write(world: World, written: Written, made: list[Idea]) -> None:
    by, provider = world.speaker(written["by"], written["title"]), world.providers[written["by"]]
    low, high, weeks = written["takes"]
    idea = commands.draft_idea(provider, title=written["title"], by=by)
    content = {name: written[name] for name in ("problem", "users", "proposal")}
    evidence = world.evidence.get(written["by"], [])[:2]
    content |= {"low_pence": low * 100_000, "high_pence": high * 100_000, "weeks": weeks, "evidence": evidence}
    tagged = capabilities(written["caps"])
    commands.change_idea(idea, **content, capabilities=tagged, public_summary=written.get("public", ""), by=by)
    if "day" in written:
        commands.propose_idea(idea, by=by)
    made.append(idea)


def _withdraw(world: World, written: Written, made: list[Idea]) -> None:
    commands.withdraw_idea(made[0], by=world.speaker(written["by"], written["title"]))


def _say(world: World, written: Written, made: list[Idea], answer: Written) -> None:
    idea, department, by = made[0], world.bodies[answer["of"]], world.people[answer["of"], BUYER][0]
    if answer["says"] == "interest":
        answering.mark_interest(idea, department, by=by)
    elif answer["says"] == "decline":
        answering.decline_idea(idea, department, reason=answer["words"], by=by)
    elif answer["says"] == "ask":
        asked = answering.ask_back(idea, department, question=answer["words"], by=by)
        if answer["reply"]:
            speaker = world.speaker(written["by"], written["title"])
            answering.reply_to_question(asked, reply=answer["reply"], by=speaker)
    else:
        need = answering.take_up_idea(idea, department, title=answer["title"], by=by)
        if "published" in answer:
            _publish(need, answer, by)


def _publish(need: Need, answer: Written, by: Any) -> None:
    today = clock.today()
    save_section(need, "basics", {"summary": answer["summary"]}, by=by)
    signal = {"confidence_need": "low", "confidence_money": "low"}
    days = {"expected_open_on": today + timedelta(days=300), "review_on": today + timedelta(days=150)}
    save_section(need, "rung", {**signal, **days}, by=by)
    publish_need(need, by=by)
