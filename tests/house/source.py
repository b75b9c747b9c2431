"""The source as the house rules see it: files, trees, packages."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
ROOMS = (
    *("accounts", "capabilities", "needs", "providers", "matching", "responses", "reviews", "outcomes"),
    *("insight", "alerts", "publication", "home"),
)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the application, by its path from the root."""
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in sorted(APP.rglob("*.py"))}


def sins(rule: object, source: dict[str, ast.Module] | None = None) -> list[str]:
    """What a rule says of every module: `path:line what`."""
    found = modules() if source is None else source
    return [f"{path}:{line} {what}" for path, tree in found.items() for line, what in rule(path, tree)]  # type: ignore[operator]
