"""The house rules, each a function from a module to its sins, so that a planted sin can be shown to be seen."""

import ast
from collections.abc import Iterator
from pathlib import Path, PurePath

Sin = tuple[int, str]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "handler", "processor", "service"}
MAY_KNOW_HTTP = {
    "views",
    "forms",
    "web",
    "requests",
    "templating",
    "display",
    "paging",
    "health",
    "limits",
    "tabs",
    "factory",
    "server",
}
# names that WTForms and SQLAlchemy chose
HOOKS = {"process_formdata", "process_data", "process_bind_param", "process_result_value"}
ROOM_FILES = {"models", "policy", "queries", "commands", "forms", "views", "index"}
SEARCH_MODULES = {path.stem for path in (Path(__file__).parents[2] / "app/kernel/search").glob("*.py")}
HTTP = {"flask", "werkzeug", "flask_login", "flask_wtf", "wtforms", "flask_limiter"}
LONGEST_FUNCTION, LONGEST_FILE = 25, 300


def stem(path: str) -> str:
    """The name of a module's file; `views/officer.py` counts as views, and so for each name of a room's files."""
    folders = [part for part in PurePath(path).parts[2:-1] if part in ROOM_FILES]
    return folders[0] if folders else PurePath(path).stem


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module that is imported, function-local imports included, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def only_db_commits(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Nobody but kernel/db.py commits or rolls back; other engines that are measured have their own."""
    if path == "app/kernel/db.py" or path.startswith(("app/kernel/search/", "app/bench/peers/")):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}:
            yield node.lineno, f"calls .{node.attr}"


def only_lifecycle_assigns_state(path: str, tree: ast.Module) -> Iterator[Sin]:
    """`x.state = …` and `state=` in an update stand in kernel/lifecycle.py alone."""
    if path == "app/kernel/lifecycle.py":
        return
    for node in ast.walk(tree):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        )
        if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets):
            yield node.lineno, "assigns a state"
        is_update = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "values"
        if is_update and any(keyword.arg == "state" for keyword in node.keywords):
            yield node.lineno, "updates a state"


def only_pages_know_http(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Views, forms and the kernel's page modules know HTTP; rows, rules and commands do not."""
    if stem(path) in MAY_KNOW_HTTP:
        return
    for line, name in imported(tree):
        if name.split(".")[0] in HTTP:
            yield line, f"imports {name}"


def one_door_to_whoosh(path: str, tree: ast.Module) -> Iterator[Sin]:
    """kernel/search alone imports Whoosh, and the bench that measures it beside other engines."""
    if not path.startswith(("app/kernel/search/", "app/bench/peers/")):
        yield from ((line, f"imports {name}") for line, name in imported(tree) if name.split(".")[0] == "whoosh")


def one_door_to_search(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Other packages import `search`, never a module of it; but benches look inside what they measure."""
    if not path.startswith(("app/kernel/search/", "app/bench/")):
        for line, name in imported(tree):
            if name.startswith("app.kernel.search.") and name.split(".")[3] in SEARCH_MODULES:
                yield line, f"imports {name}"


def readers_never_import_commands(path: str, tree: ast.Module) -> Iterator[Sin]:
    """queries, policy and models never import commands."""
    if stem(path) in {"queries", "policy", "models"}:
        yield from ((line, f"imports {name}") for line, name in imported(tree) if "commands" in name.split("."))


def views_are_the_factorys(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Only the factory imports a room's views."""
    if path != "app/factory.py" and "/views/" not in path:
        for line, name in imported(tree):
            if name.startswith("app.") and "views" in name.split("."):
                yield line, f"imports {name}"


def files_are_short(path: str, tree: ast.Module) -> Iterator[Sin]:
    """A file ends by line 300."""
    last = max((getattr(node, "end_lineno", 0) or 0 for node in ast.walk(tree)), default=0)
    if last > LONGEST_FILE:
        yield last, f"has {last} lines"


def functions_are_short(path: str, tree: ast.Module) -> Iterator[Sin]:
    """A function has at most 25 lines, its docstring and decorators apart."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            if length > LONGEST_FUNCTION:
                yield node.lineno, f"{node.name} has {length} lines"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(getattr(first, "value", None), ast.Constant)
    return (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring else 0


def names_explain(path: str, tree: ast.Module) -> Iterator[Sin]:
    """No module is a drawer, and no function begins with do_ or process_."""
    if FORBIDDEN_NAMES & set(PurePath(path).with_suffix("").parts):
        yield 1, "is named as a drawer"
    for node in ast.walk(tree):
        is_ours = isinstance(node, ast.FunctionDef) and node.name not in HOOKS
        if is_ours and node.name.lstrip("_").startswith(("do_", "process_")):
            yield node.lineno, f"{node.name} does not say what it does"


def modules_say_what_they_hold(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Each module begins with a sentence."""
    if not ast.get_docstring(tree):
        yield 1, "has no docstring"


def models_say_what_a_row_is(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Each model says what one row is in the world."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and stem(path) == "models" and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def commands_say_what_they_do(path: str, tree: ast.Module) -> Iterator[Sin]:
    """A public command says what it does."""
    if stem(path) != "commands":
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def may_answers_only(path: str, tree: ast.Module) -> Iterator[Sin]:
    """Policy is pure: no session, no query, no clock."""
    if stem(path) == "policy":
        for line, name in imported(tree):
            if name in {"app.kernel.db", "app.kernel.clock"} or ".queries" in name or name.startswith("sqlalchemy"):
                yield line, f"imports {name}"


RULES = [
    only_db_commits,
    only_lifecycle_assigns_state,
    only_pages_know_http,
    one_door_to_whoosh,
    one_door_to_search,
    readers_never_import_commands,
    views_are_the_factorys,
    files_are_short,
    functions_are_short,
    names_explain,
    modules_say_what_they_hold,
    models_say_what_a_row_is,
    commands_say_what_they_do,
    may_answers_only,
]
