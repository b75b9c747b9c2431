"""No module imports itself by a detour, function-local imports included."""

import ast

from tests.house.rules import imported
from tests.house.source import modules


def graph(source: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Module to the modules of the application that it imports."""
    names = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree for path, tree in source.items()
    }
    return {name: targets_of(name, tree, set(names)) for name, tree in names.items()}


def targets_of(name: str, tree: ast.Module, known: set[str]) -> set[str]:
    """The modules that a module names; `from package import module` names the module, not the package around it."""
    found = {target for _, target in imported(tree) if target in known}
    packages = {target for target in found if any(other.startswith(f"{target}.") for other in found)}
    return found - packages - {name}


def circle(edges: dict[str, set[str]]) -> list[str]:
    """One circle, or nothing."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return way[way.index(name) :]
        if name in done:
            return []
        for target in sorted(edges[name]):
            found = walk(target, [*way, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in sorted(edges) if (found := walk(name, []))), [])


def test_no_circles() -> None:
    assert circle(graph(modules())) == []


def test_a_planted_circle_is_seen() -> None:
    sources = {
        "app/a.py": "import app.b",
        "app/b.py": "def f():\n    from app.c import x",
        "app/c.py": "from app import a",
    }
    planted = {path: ast.parse(text) for path, text in sources.items()}
    assert circle(graph(planted)) == ["app.a", "app.b", "app.c"]
