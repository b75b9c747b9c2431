"""The instance folder: what one installation keeps, and opening it for this process."""

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.config import BadSetting, Settings
from app.kernel import db, files, mail, scanning, sealing, search, signing


@dataclass(frozen=True)
class Instance:
    """An opened instance: its settings and its secrets."""

    settings: Settings
    secret_key: str


Synonyms = Callable[[], Mapping[str, Sequence[str]]]
_address = "http://localhost"


def address() -> str:
    """Where people reach the opened instance, for links in mail: without a slash at the end."""
    return _address


def open_instance(settings: Settings, synonyms: Synonyms | None = None) -> Instance:
    """Make the folder where it is missing, and connect database, post box and index for this process."""
    global _address
    folder, _address = settings.instance, settings.address
    os.umask(0o077)  # the folder may stand there already, open to others: what is made in it is not
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret_key = settings.secret_key or kept_secret(folder / "secret_key", 64)
        signing.use(secret_key)
        sealing.use(settings.sealing_key or kept_secret(folder / "sealing_key", 64))
    except OSError as error:
        raise BadSetting(f"CLARION_INSTANCE: {folder} cannot be written to ({error.strerror}).") from error
    is_sqlite = settings.database.startswith("sqlite")
    db.connect(db.Database(db.make_engine(settings.database), folder / "write.lock" if is_sqlite else None))
    mail.use(mail.Postbox(settings.mail_from, folder / "mail", settings.smtp_url))
    files.use(folder / "files")
    scanning.use(settings.scan)
    search.connect(folder / "index", synonyms=synonyms)
    return Instance(settings, secret_key)


def kept_secret(path: Path, characters: int) -> str:
    """The secret in this file, made at random the first time; of several processes at once, one makes it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(characters)[:characters])
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
