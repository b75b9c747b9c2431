"""The house stands as it was drawn; and each rule is seen to fail on a planted sin."""

import ast

import pytest

from tests.house.rules import RULES
from tests.house.source import sins

LONG = "def f():\n" + "    x = 1\n" * 26
SINS = {
    "only_db_commits": ("app/needs/commands.py", "session().commit()"),
    "only_lifecycle_assigns_state": ("app/needs/commands.py", "need.state = 'live'"),
    "only_pages_know_http": ("app/needs/commands.py", "def f():\n    from flask import g"),
    "one_door_to_whoosh": ("app/needs/index.py", "import whoosh.index"),
    "one_door_to_search": ("app/matching/passages.py", "from app.kernel.search.analysis import words_of"),
    "readers_never_import_commands": ("app/needs/queries.py", "from app.needs import commands"),
    "views_are_the_factorys": ("app/home/queries.py", "from app.needs import views"),
    "files_are_short": ("app/needs/forms.py", "\n" * 300 + "x = 1"),
    "functions_are_short": ("app/needs/forms.py", LONG),
    "names_explain": ("app/needs/utils.py", "x = 1"),
    "modules_say_what_they_hold": ("app/needs/forms.py", "x = 1"),
    "models_say_what_a_row_is": ("app/needs/models.py", "class Need:\n    pass"),
    "commands_say_what_they_do": ("app/needs/commands.py", "def post_need():\n    pass"),
    "may_answers_only": ("app/needs/policy.py", "from app.kernel import clock\nfrom app.kernel.clock import now"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule: object) -> None:
    assert sins(rule) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_sees_a_planted_sin(rule: object) -> None:
    path, text = SINS[rule.__name__]  # type: ignore[attr-defined]
    assert sins(rule, {path: ast.parse(text)}) != []
