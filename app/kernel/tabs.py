"""Tabs: how pages of upper rooms hang on a thing's core page without the lower room knowing them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
from flask import Flask

from app.kernel import web


@dataclass(frozen=True)
class Tab:
    """One sub-page of a thing: its endpoint takes `<noun>_id`; `may(person, thing)` says who sees the tab."""

    endpoint: str
    text: str
    may: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Step(Tab):
    """A tab that is a step towards something: how far a thing has come with it, and what its address calls the thing.

    `standing(thing)` is *done*, *begun*, *empty* or *optional*.
    """

    standing: Callable[[Any], str]
    of: str


def install(app: Flask, tabs: dict[str, list[Tab]]) -> None:
    """Keep the tabs of each noun, in the order in which they are shown."""
    app.extensions["clarion_tabs"] = tabs


def tabs_of(noun: str, thing: Any) -> list[tuple[str, str, bool]]:
    """The tabs of a thing that the actor may see: text, address, and whether it is the page being shown."""
    person = web.actor()
    known: list[Tab] = flask.current_app.extensions["clarion_tabs"].get(noun, [])
    return [
        (tab.text, flask.url_for(tab.endpoint, **{f"{noun}_id": thing.id}), flask.request.endpoint == tab.endpoint)
        for tab in known
        if tab.may(person, thing)
    ]


def steps_of(noun: str, thing: Any) -> list[tuple[str, str, str]]:
    """The steps of a thing that the actor may take: text, address, and how far it has come."""
    person = web.actor()
    known = flask.current_app.extensions["clarion_tabs"].get(noun, [])
    return [
        (step.text, flask.url_for(step.endpoint, **{f"{step.of}_id": thing.id}), step.standing(thing))
        for step in known
        if isinstance(step, Step) and step.may(person, thing)
    ]
