"""The store of files: whole, once, and swept of what nobody names."""

import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.kernel import files
from tests.sample_files import PDF

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    files.use(tmp_path / "files")
    return tmp_path / "files"


def keep(content: bytes = PDF, most: int = 1000) -> files.Kept:
    return files.keep(io.BytesIO(content), most)


def all_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def age(path: Path, days: float) -> None:
    then = (NOW - days * DAY).timestamp()
    os.utime(path, (then, then))


def test_a_file_stands_under_its_hash_for_nobody_else_to_read(folder: Path) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    assert keep() == files.Kept(digest, len(PDF))
    path = folder / digest[:2] / digest[2:]
    assert (files.path_of(digest), path.read_bytes()) == (path, PDF)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (folder, path.parent, path)]
    assert modes == [0o700, 0o700, 0o600]


def test_the_same_content_twice_is_one_file(folder: Path) -> None:
    assert keep() == keep()
    assert len(all_files(folder)) == 1


@pytest.mark.parametrize(("length", "is_kept"), [(999, True), (1000, True), (1001, False), (500_000, False)])
def test_a_file_that_is_too_large_leaves_nothing(folder: Path, length: int, is_kept: bool) -> None:
    if is_kept:
        assert keep(b"x" * length).size == length
    else:
        with pytest.raises(files.TooLarge):
            keep(b"x" * length)
        assert all_files(folder) == []


class Broken(io.BytesIO):
    """A connection that ends in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionError
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ConnectionError):
        files.keep(Broken(b"x" * 200_000), 10**6)
    assert all_files(folder) == []


def test_many_threads_keep_the_same_content_and_it_stands_whole(folder: Path) -> None:
    content = os.urandom(300_000)
    threads = [threading.Thread(target=keep, args=(content, 10**6)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all_files(folder) == [hashlib.sha256(content).hexdigest()[2:]]
    assert files.path_of(hashlib.sha256(content).hexdigest()).read_bytes() == content


def test_the_sweep_takes_what_is_old_and_not_used_and_nothing_else(folder: Path) -> None:
    used, orphan, young = keep(b"used"), keep(b"orphan"), keep(b"young")
    draft, young_draft = folder / ".new-crashed", folder / ".new-under-way"
    draft.touch(), young_draft.touch()
    for path in (files.path_of(used.digest), files.path_of(orphan.digest), draft):
        age(path, 2)
    assert files.sweep({used.digest}, NOW - DAY) == 2
    assert all_files(folder) == sorted([".new-under-way", used.digest[2:], young.digest[2:]])


def test_content_that_comes_again_is_young_again(folder: Path) -> None:
    kept = keep()
    age(files.path_of(kept.digest), 2)
    keep()
    assert files.sweep(set(), NOW - DAY) == 0
    assert files.stands(kept.digest)


def test_a_removal_is_once_and_for_all_and_twice_is_no_error(folder: Path) -> None:
    kept = keep()
    files.remove(kept.digest)
    files.remove(kept.digest)
    assert not files.stands(kept.digest)


def test_a_sweep_of_a_store_that_nobody_used_yet_finds_nothing(folder: Path) -> None:
    assert files.sweep(set(), NOW) == 0


KILLED = """
import io, os, signal, sys
from pathlib import Path
from app.kernel import files
class Dies(io.BytesIO):
    def read(self, size=-1, /):
        if sys.argv[2] == "writing" and self.tell() >= 100_000:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)
files.use(Path(sys.argv[1]))
files.keep(Dies(b"x" * 200_000), 10**6)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["writing", "before the row"])
def test_a_kill_leaves_an_orphan_at_most_and_the_sweep_takes_it(folder: Path, moment: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder), moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    left = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    assert len(left) == 1
    assert files.stands(hashlib.sha256(b"x" * 200_000).hexdigest()) == (moment == "before the row")
    age(left[0], 2)
    assert files.sweep(set(), NOW - DAY) == 1
    assert all_files(folder) == []
