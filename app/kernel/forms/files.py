"""A field for a file: kept in the store before the form is read, and checked by its content."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from werkzeug.datastructures import FileStorage
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from app.kernel import files, filetypes
from app.kernel.forms.base import Field
from app.kernel.forms.reading import one_line

MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME, LONGEST_ENDING = 120, 20
UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
AGAIN = "Choose the file again: your browser does not keep it"


@dataclass(frozen=True)
class Received:
    """A file of this request as it came: kept, or too large to be kept."""

    name: str
    kept: files.Kept | None


def receive(most: int = MOST_BYTES) -> Mapping[str, Received]:
    """Keep the files of this request, each once, however often the request is played again."""
    if "received" not in g:
        g.received = {name: _received(file, most) for name, file in request.files.items() if file.filename}
    found: Mapping[str, Received] = g.received
    return found


def _received(file: FileStorage, most: int) -> Received:
    name = plain_name(file.filename or "")
    try:
        return Received(name, files.keep(file.stream, most))
    except files.TooLarge:
        return Received(name, None)


def plain_name(name: str) -> str:
    """A file's name as it may be shown and saved: no folder, nothing unseen, and not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = one_line(last).translate(UNSAFE).rstrip(". ").rpartition(".")
    stem, ending = (stem, ending[:LONGEST_ENDING]) if dot else (ending, "")
    short = stem.strip(". ")[: LONGEST_NAME - len(ending) - 1] or "file"
    return f"{short}.{ending}" if ending else short


class File(Field):
    """One file, as an Upload; None when none was chosen."""

    look = "file"
    verb = "Choose"

    def __init__(self, label: str = "", *, most_bytes: int = MOST_BYTES, **options: Any) -> None:
        super().__init__(label, **options)
        self.most_bytes = most_bytes
        self.received: Received | None = None

    @property
    def accept(self) -> str:
        """What the browser offers to choose from."""
        return ",".join(f".{ending}" for ending in (*filetypes.TYPES, *filetypes.ALIASES))

    @property
    def blank(self) -> bool:
        return self.received is None

    @property
    def typed(self) -> str:
        return ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Look among the files: the form itself has text alone."""
        self.process_errors, self.data = [], None
        self.object_data = self.raw_data = None
        self.received = receive(self.most_bytes).get(str(self.name)) if formdata is not None else None

    def check(self) -> None:
        """Refuse what is too large or not of a type that is taken, and give an Upload of the rest."""
        received = self.received
        if received is None or received.kept is None:
            raise ValidationError(self.sentence(f"must be {self.most_bytes // 1024**2} MB or smaller"))
        kept = received.kept
        try:
            known = filetypes.recognise(files.path_of(kept.digest), received.name)
        except filetypes.Refused as refused:
            raise ValidationError(self.sentence(str(refused))) from None
        self.data = files.Upload(received.name, known.ending, kept.digest, kept.size)

    def ask_again(self) -> None:
        """Say that the file has to be chosen again, where it was good and something else was not."""
        if self.data is not None and not self.errors:
            self.errors = [*self.errors, AGAIN]
