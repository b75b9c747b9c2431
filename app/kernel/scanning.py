"""Scanning: a command of the installation's own choice that says whether a file is clean."""

import os
import signal
import subprocess
from pathlib import Path

LIMIT_SECONDS = 60.0
CLEAN, REFUSED = 0, 1
_command: tuple[str, ...] = ()
_limit = LIMIT_SECONDS


class CannotTell(Exception):
    """The command neither cleared nor refused the file: it is to be asked again."""


def use(command: tuple[str, ...], limit: float = LIMIT_SECONDS) -> None:
    """Have files scanned by this command, or by none; it ends within `limit` seconds or is ended."""
    global _command, _limit
    _command, _limit = command, limit


def is_set() -> bool:
    """Whether files are scanned here."""
    return bool(_command)


def is_clean(path: Path) -> bool:
    """Ask the command, without a shell, without our secrets and outside any transaction; may raise CannotTell."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    quiet = subprocess.DEVNULL
    try:
        running = subprocess.Popen(  # noqa: S603
            [*_command, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=True
        )
    except OSError as error:
        raise CannotTell(f"the scan cannot be run ({error.strerror})") from error
    status = _end(running)
    if status not in (CLEAN, REFUSED):
        raise CannotTell(f"the scan ended with {status}")
    return status == CLEAN


def _end(running: subprocess.Popen[bytes]) -> int:
    """Wait for the command and, beyond the limit, end it with whatever it started."""
    try:
        return running.wait(_limit)
    except subprocess.TimeoutExpired:
        raise CannotTell(f"the scan took longer than {_limit:g} seconds") from None
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
