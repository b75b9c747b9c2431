"""Every address has a guard, and the list of addresses changes only knowingly."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from tests.house.source import APP

KNOWN = Path(__file__).parent / "routes.txt"


def listing(app: Flask) -> list[str]:
    """Each rule: methods, address, endpoint and the predicate that guards it."""
    lines = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        predicate = getattr(app.view_functions[rule.endpoint], "guarded_by", None)
        lines.append(f"{methods} {rule.rule} {rule.endpoint} {getattr(predicate, '__name__', 'NO GUARD')}")
    return lines


def test_every_route_has_a_guard(app: Flask) -> None:
    assert [line for line in listing(app) if line.endswith("NO GUARD")] == []


def test_the_addresses_are_those_that_were_meant(app: Flask) -> None:
    """After a change that is meant: `make routes`."""
    assert listing(app) == KNOWN.read_text().splitlines()


def test_an_unguarded_route_is_seen(app: Flask) -> None:
    made = Flask("planted")
    made.add_url_rule("/open", "open", lambda: "")
    assert any(line.endswith("NO GUARD") for line in listing(made))


@pytest.fixture
def template_names(app: Flask) -> list[str]:
    """The templates of ours, as they are named in `extends` and `render_template`."""
    folders = [APP / "templates", *APP.glob("**/templates")]
    return sorted(str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.html"))


def test_every_template_compiles_and_refuses_unknown_names(app: Flask, template_names: list[str]) -> None:
    assert len(template_names) > 20
    for name in template_names:
        app.jinja_env.get_template(name)
    assert issubclass(app.jinja_env.undefined, StrictUndefined)
