"""Scanning, with real small scripts."""

import os
import time
from pathlib import Path

import pytest

from app.kernel import scanning
from app.kernel.scanning import CannotTell


def script(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A program of this body, which is given an argument of its own before the file's path."""
    path = tmp_path / "a scan.sh"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return (str(path), "--quick")


def ask(tmp_path: Path, body: str, content: str = "", limit: float = 20) -> bool:
    path = tmp_path / "it; touch owned"
    path.write_text(content)
    scanning.use(script(tmp_path, body), limit)
    try:
        return scanning.is_clean(path)
    finally:
        scanning.use(())


@pytest.mark.parametrize(("content", "is_clean"), [("good", True), ("EICAR", False)])
def test_the_command_reads_the_file_and_its_status_decides(tmp_path: Path, content: str, is_clean: bool) -> None:
    body = '[ "$1" = --quick ] && [ $# = 2 ] || exit 9\nif grep -q EICAR "$2"; then exit 1; fi'
    assert ask(tmp_path, body, content) == is_clean
    assert not Path("owned").exists()


@pytest.mark.parametrize("body", ["exit 2", "exit 127", "kill -9 $$"])
def test_any_other_end_is_no_answer(tmp_path: Path, body: str) -> None:
    with pytest.raises(CannotTell, match="ended with"):
        ask(tmp_path, body)


def test_a_scan_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="longer than"):
        ask(tmp_path, f"sh -c 'echo $$ > {tmp_path}/child; exec sleep 60'", limit=0.5)
    child, until = int((tmp_path / "child").read_text()), time.monotonic() + 10
    while is_running(child):
        assert time.monotonic() < until, "what the scan started goes on"
        time.sleep(0.02)


def is_running(number: int) -> bool:
    """Whether a process works still; one that ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_that_is_gone_is_no_answer(tmp_path: Path) -> None:
    scanning.use(("/nowhere/scan",))
    with pytest.raises(CannotTell, match="cannot be run"):
        scanning.is_clean(tmp_path)
    scanning.use(())


def test_our_secrets_are_not_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLARION_SECRET_KEY", "x" * 40)
    assert os.environ["CLARION_SECRET_KEY"]
    assert ask(tmp_path, '[ -z "$CLARION_SECRET_KEY" ]')
