"""Damaged files, full disks and what killed processes leave: searches go on or say so, and the index heals itself."""

import errno
import gc
import random
import resource
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from whoosh.index import open_dir

from app.kernel import search
from app.kernel.db import session, transaction
from app.kernel.search import arrays, place
from app.kernel.search.following import shelf_of
from app.kernel.search.opening import opened
from app.kernel.search.schema import SCHEMA
from app.kernel.search.shelf import NAME
from tests.kernel.search.library import Publisher, book
from tests.kernel.search.looking import build_folder, indexed, kind_folder

pytestmark = pytest.mark.usefixtures("library")

WORDS = ["".join(random.Random(number).choices("abcdefghijklmnop", k=9)) for number in range(1_000)]


def _books(count: int, title: str) -> None:
    rng = random.Random(title)
    with transaction():
        for number in range(count):
            book(f"{title} {number}", text=" ".join(rng.sample(WORDS, 200)))


def titles() -> list[str]:
    return sorted(title for _, title in indexed())


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("damage", ["truncate", "garble", "remove"])
@pytest.mark.parametrize("pattern", ["*.arrays", "*.trm", "*.toc", "mark-*", "../current"])
def test_a_damaged_index_is_built_anew(damage: str, pattern: str) -> None:
    with transaction():
        book("Lasting")
    search.catch_up()
    with transaction():
        book("Later")
    search.catch_up()
    hurt = list(build_folder().glob(pattern))
    assert hurt
    for path in hurt:
        _damage(path, damage)
    search.find("book", "lasting", facets=["subject"])
    search.catch_up()
    assert titles() == ["Lasting", "Later"]


def _damage(path: Path, damage: str) -> None:
    """Another file in its place, so that whoever has the old one open or mapped does not notice."""
    if damage == "remove":
        path.unlink()
    else:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[: len(content) // 2] if damage == "truncate" else b"\xff" * len(content))


@pytest.mark.parametrize("ending", ["trm", "pst"])
def test_what_was_opened_is_closed_when_a_file_has_gone_meanwhile(ending: str) -> None:
    _books(100, "First")
    search.catch_up()
    _books(1, "Second")
    search.catch_up()
    index = open_dir(str(build_folder()), NAME, schema=SCHEMA)
    _first, last = index._segments()
    (build_folder() / f"{last.segment_id()}.{ending}").unlink()
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always")
        with pytest.raises(OSError, match="No such file"):
            opened(index)
        gc.collect()
    assert [str(each.message) for each in left_open] == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("damage", ["truncate", "garble", "remove"])
@pytest.mark.parametrize("pattern", ["*.trm", "*.pst", "*_stored.col", "*.facts.col", "*_text_len.col"])
def test_damage_that_a_commit_meets_is_mended(damage: str, pattern: str) -> None:
    """Nobody searches: the merging of segments finds it, whatever the error is that it causes."""
    _books(5, "Old")
    search.catch_up()
    for path in build_folder().glob(pattern):
        _damage(path, damage)
    _books(5, "New")
    search.catch_up()
    assert len(titles()) == 10
    assert next(search.verify()).faults == []


def test_every_byte_of_an_arrays_file_is_checked(tmp_path: Path) -> None:
    """The length of its head too: with a shorter one all numbers would be read a few bytes too early."""
    path = tmp_path / "some.arrays"
    arrays.save(path, {"count": 5}, {"numbers": np.arange(5), "none": np.zeros(0)})
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bit in (1, 16):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            with pytest.raises(arrays.Damaged):
                arrays.load(path)


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """As on a full disk, every write beyond it is refused."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("size", [0, 100, 1_500, 15_000, 100_000])
def test_a_commit_on_a_full_disk_leaves_the_old_generation_and_no_scrap(
    size: int, caplog: pytest.LogCaptureFixture
) -> None:
    _books(8, "Old")
    search.catch_up()
    before, version = _files(), search.index_version("book")
    _books(8, "New")
    with pytest.raises(OSError, match="File too large"), _no_file_larger_than(size):
        search.catch_up()
    assert (_files(), search.index_version("book"), len(titles())) == (before, version, 8)
    assert (search.lag().changes, search.lag().ready) == (8, True)
    assert "damaged" not in caplog.text
    search.catch_up()
    assert len(titles()) == 16


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("size", [0, 100, 15_000, 60_000])
def test_a_rebuild_on_a_full_disk_leaves_the_old_build_and_no_scrap(size: int) -> None:
    _books(8, "Old")
    search.catch_up()
    before, version = _files(), search.index_version("book")
    with pytest.raises(OSError, match="File too large"), _no_file_larger_than(size):
        search.rebuild(["book"])
    assert (_files(), search.index_version("book"), len(titles())) == (before, version, 8)
    search.rebuild(["book"])
    assert len(titles()) == 8


def test_a_disk_that_is_full_when_the_arrays_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """They come last, after Whoosh's own files."""

    def full(path: Path, *_: object) -> None:
        path.with_name(path.name + ".new").write_bytes(b"the first half")
        raise OSError(errno.ENOSPC, "No space left on device")

    _books(3, "Old")
    search.catch_up()
    before, version = _files(), search.index_version("book")
    _books(3, "New")
    with monkeypatch.context() as patch:
        patch.setattr(arrays, "save", full)
        with pytest.raises(OSError, match="No space"):
            search.catch_up()
        with pytest.raises(OSError, match="No space"):
            search.rebuild(["book"])
    assert (_files(), search.index_version("book"), len(titles())) == (before, version, 3)
    search.catch_up()
    assert len(titles()) == 6


def _files() -> list[Path]:
    return sorted(kind_folder().rglob("*"))


def test_a_fault_of_one_kind_does_not_hold_up_the_others() -> None:
    search.catch_up()
    folder = place.here().folder / "book"
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("in the way")
    with transaction():
        book("Kept waiting")
        session().add(Publisher(name="Faber"))
    with pytest.raises(FileExistsError):
        search.catch_up()
    assert search.find("publisher", "faber").total == 1
    folder.unlink()
    search.catch_up()
    assert titles() == ["Kept waiting"]


def test_what_killed_processes_leave_is_swept() -> None:
    with transaction():
        book("Kept")
    search.catch_up()
    before = _files()
    (kind_folder() / "current.new").write_text("half")
    (kind_folder() / "broken").write_text("0anotherbuild")
    (kind_folder() / "0000killed00").mkdir()
    (kind_folder() / "0000killed00.building").touch()
    for name in ("mark-7", "mark-1.new", "_MAIN_9.toc.17", "MAIN_gone.trm", "MAIN_gone.arrays.new"):
        (build_folder() / name).write_text("")
    (build_folder() / "MAIN.tmp").mkdir(exist_ok=True)
    (build_folder() / "MAIN.tmp" / "some.run").touch()
    shelf_of("book").sweep()
    assert _files() == before
    assert titles() == ["Kept"]


def test_a_report_is_about_the_build_that_was_read_and_not_about_one_made_meanwhile() -> None:
    search.catch_up()
    shelf, read = shelf_of("book"), search.index_version("book")
    shelf.report_broken(read)
    assert (shelf.is_reported(), search.lag().ready) == (True, False)
    search.catch_up()
    assert (shelf.is_reported(), search.lag().ready) == (False, True)
    shelf.report_broken(read)
    assert (shelf.is_reported(), search.lag().ready) == (False, True)
    shelf.sweep()
    assert not (kind_folder() / "broken").exists()
