"""Those who answer in the speed bench: the engine, and others behind the same interface.

Each is loaded when it is called for, since what it needs may not be installed.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from app.bench.peers.peer import Page, Peer, Unable

__all__ = ["PEERS", "Page", "Peer", "Unable"]


def _engine(folder: Path) -> Peer:
    from app.bench.peers.with_clarion import Engine

    return Engine(folder)


def _tantivy(folder: Path) -> Peer:
    from app.bench.peers.with_tantivy import Tantivy

    return Tantivy(folder)


def _sqlite(folder: Path) -> Peer:
    from app.bench.peers.with_sqlite import Fts5

    return Fts5(folder)


def _bm25s(folder: Path) -> Peer:
    from app.bench.peers.with_bm25s import Bm25s

    return Bm25s(folder)


def _whoosh(folder: Path) -> Peer:
    from app.bench.peers.with_whoosh import NaiveWhoosh

    return NaiveWhoosh(folder)


# by the name that the report gives each; ModuleNotFoundError from one that is not installed
PEERS: Mapping[str, Callable[[Path], Peer]] = {
    "engine": _engine,
    "tantivy": _tantivy,
    "sqlite_fts5": _sqlite,
    "bm25s": _bm25s,
    "whoosh": _whoosh,
}
