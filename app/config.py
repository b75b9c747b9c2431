"""Settings: one frozen dataclass, read once from the environment, every name documented.

`SETTINGS` is the documentation: `clarion settings` prints it, and a test holds docs/settings.md to it.
"""

import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class BadSetting(Exception):
    """A setting whose value cannot be used; the message names it and says what would do."""


@dataclass(frozen=True)
class Setting:
    """One name in the environment: its default, what it means, and how its text is read."""

    name: str
    default: str
    meaning: str
    read: Callable[[str, str], Any]


def _host(name: str, value: str) -> str:
    if not value.isprintable() or " " in value or "/" in value:
        raise BadSetting(f"{name} must be a host name or an address, not {value!r}.")
    return value


def _level(name: str, value: str) -> str:
    if value.lower() not in {"debug", "info", "warning", "error"}:
        raise BadSetting(f"{name} must be debug, info, warning or error, not {value!r}.")
    return value.lower()


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise BadSetting(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
        return int(value)

    return read


def _yes_no(name: str, value: str) -> bool:
    if value.lower() not in {"yes", "no"}:
        raise BadSetting(f"{name} must be yes or no, not {value!r}.")
    return value.lower() == "yes"


def _folder(name: str, value: str) -> Path:
    folder = Path(value).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise BadSetting(f"{name} must be a folder, and {value!r} is a file.")
    return folder


def _database(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        url = make_url(value)
    except ArgumentError:
        raise BadSetting(f"{name} must be a database address such as postgresql://user@host/clarion.") from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"postgresql+psycopg", "sqlite"}:
        raise BadSetting(f"{name} must start with postgresql:// or sqlite:///, not {url.drivername}://.")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise BadSetting(f"{name} must name a file: a database in memory is another one in each process.")
    return url.render_as_string(hide_password=False)


def _url(*schemes: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        try:
            url = urlsplit(value)
            usable = url.scheme in schemes and bool(url.hostname) and (url.port is None or url.port > 0)
        except ValueError:
            usable = False
        if value and not usable:
            raise BadSetting(f"{name} must be an address that starts with {' or '.join(s + '://' for s in schemes)}.")
        return value.rstrip("/")

    return read


def _address(name: str, value: str) -> str:
    if "@" not in value or any(character in value for character in "\r\n\0"):
        raise BadSetting(f"{name} must be a mail address, not {value!r}.")
    return value


def _secret(name: str, value: str) -> str:
    if value and len(value) < 32:
        raise BadSetting(f"{name} must have at least 32 characters.")
    return value


def _password(name: str, value: str) -> str:
    if value and len(value) < 12:
        raise BadSetting(f"{name} must have at least 12 characters.")
    return value


def _command(name: str, value: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(value))
    except ValueError:
        raise BadSetting(f"{name} has a quotation mark that is not closed.") from None
    if words and shutil.which(words[0]) is None:
        raise BadSetting(f"{name} must begin with a program that can be run here, not {words[0]!r}.")
    return words


SETTINGS = {
    "instance": Setting(
        "CLARION_INSTANCE", "instance", "The folder of the database, the index, files, mail and secrets.", _folder
    ),
    "host": Setting("CLARION_HOST", "127.0.0.1", "The address to listen on.", _host),
    "port": Setting("CLARION_PORT", "8000", "The port to listen on.", _whole(1, 65535)),
    "workers": Setting("CLARION_WORKERS", "2", "How many server processes.", _whole(1, 64)),
    "threads": Setting("CLARION_THREADS", "4", "How many threads in each server process.", _whole(1, 64)),
    "database_url": Setting(
        "DATABASE_URL", "", "postgresql://… or sqlite:///…; by default SQLite in the instance folder.", _database
    ),
    "public_url": Setting(
        "CLARION_PUBLIC_URL",
        "",
        "Where people reach Clarion, for links in mail; by default host and port. With https:// cookies are secure.",
        _url("http", "https"),
    ),
    "proxies": Setting(
        "CLARION_PROXIES", "0", "How many proxies in front are trusted to tell the address of the person.", _whole(0, 5)
    ),
    "secret_key": Setting(
        "CLARION_SECRET_KEY",
        "",
        "Signs sessions and mailed links; by default made once and kept in the instance folder.",
        _secret,
    ),
    "sealing_key": Setting(
        "CLARION_SEALING_KEY",
        "",
        "Encrypts responses until they are opened, and the same on every machine: keep a copy, apart from the "
        "database's; by default made once and kept in the instance folder.",
        _secret,
    ),
    "demo_password": Setting(
        "CLARION_DEMO_PASSWORD",
        "",
        "The password of the demo people; by default made at random, kept in the instance folder and printed.",
        _password,
    ),
    "smtp_url": Setting(
        "CLARION_SMTP_URL",
        "",
        "smtp://user:password@host:port, smtp+tls:// or smtps://; by default mail goes to mail/ in the instance.",
        _url("smtp", "smtps", "smtp+tls"),
    ),
    "mail_from": Setting("CLARION_MAIL_FROM", "Clarion <clarion@localhost>", "The sender of mail.", _address),
    "background": Setting(
        "CLARION_BACKGROUND",
        "yes",
        "Whether server processes also follow the index and run jobs; with no, start `clarion worker` beside them.",
        _yes_no,
    ),
    "newcomer_places": Setting(
        "CLARION_NEWCOMER_PLACES",
        "2",
        "Of every ten places among a need's matches, how many go to eligible providers with little record.",
        _whole(0, 5),
    ),
    "scan": Setting(
        "CLARION_SCAN",
        "",
        "A command that checks an attached file, whose path is added to it: it ends with 0 for clean, 1 for refused, "
        "and anything else to be run again later; by default files are not scanned.",
        _command,
    ),
    "log_level": Setting("CLARION_LOG_LEVEL", "warning", "debug, info, warning or error.", _level),
}


@dataclass(frozen=True)
class Settings:
    """What the environment asked for, checked."""

    instance: Path
    host: str
    port: int
    workers: int
    threads: int
    database_url: str
    public_url: str
    proxies: int
    secret_key: str
    sealing_key: str
    demo_password: str
    smtp_url: str
    mail_from: str
    background: bool
    newcomer_places: int
    scan: tuple[str, ...]
    log_level: str

    @property
    def database(self) -> str:
        """The database's address; SQLite under the instance folder unless told otherwise."""
        return self.database_url or f"sqlite:///{self.instance / 'clarion.sqlite3'}"

    @property
    def address(self) -> str:
        """Where people reach this server."""
        return self.public_url or f"http://{self.host}:{self.port}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting; an unusable one, or a misspelt name, raises BadSetting."""
    found = os.environ if environment is None else environment
    known = {setting.name for setting in SETTINGS.values()}
    for name in found:
        if name.startswith("CLARION_") and name not in known:
            raise BadSetting(f"{name} is not a setting of Clarion; `clarion settings` lists them.")
    values = {
        key: setting.read(setting.name, found.get(setting.name) or setting.default) for key, setting in SETTINGS.items()
    }
    assert set(values) == {field.name for field in fields(Settings)}  # noqa: S101
    return Settings(**values)
