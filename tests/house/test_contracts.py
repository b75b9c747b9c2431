"""Each import contract is seen to fail on a planted sin."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import APP, ROOT

# the contract's name, the file that sins, and the sin
SINS = [
    ("The story is told one way", "needs/queries.py", "from app.reviews import queries as later"),
    ("The story is told one way", "drawer/__init__.py", '"""A room that no floor was made for."""'),
    ("Inside a room: rows, rules and reading, changing, pages", "needs/policy.py", "from app.needs import commands"),
    ("One door to Whoosh", "needs/index.py", "import whoosh.index"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """The contracts as `make lint` checks them, on the application in a folder."""
    program = Path(sys.executable).parent / "lint-imports"
    words = [program, "--config", ROOT / "pyproject.toml", "--no-cache"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("contract", "file", "sin"), SINS, ids=[sin[1] for sin in SINS])
def test_a_planted_sin_breaks_its_contract(tmp_path: Path, contract: str, file: str, sin: str) -> None:
    shutil.copytree(APP, tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    (tmp_path / "app" / file).parent.mkdir(exist_ok=True)
    with (tmp_path / "app" / file).open("a") as source:
        source.write(f"\n{sin}\n")
    told = lint(tmp_path)
    assert told.returncode == 1, told
    assert f"{contract} BROKEN" in told.stdout


def test_the_contracts_are_kept() -> None:
    told = lint(ROOT)
    assert told.returncode == 0, told.stdout
