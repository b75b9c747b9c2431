"""Short makers of attachments, for use inside `with transaction():`."""

import io
from itertools import count

from app.accounts.models import Person
from app.kernel import files
from app.kernel.files import Upload
from app.needs.attachments import commands
from app.needs.attachments.models import Attachment
from app.needs.models import Need
from tests.sample_files import pdf

_numbers = count(1)


def upload(content: bytes = b"", name: str = "plan.pdf") -> Upload:
    """A file as a form gives it, that stands in the store; a PDF of its own where none is given."""
    kept = files.keep(io.BytesIO(content or pdf(next(_numbers))), 10**8)
    return Upload(name, name.rpartition(".")[2], kept.digest, kept.size)


def attachment(need: Need, *, title: str = "", content: bytes = b"", by: Person | None = None) -> Attachment:
    """A file attached to the need."""
    reason = "Suppliers asked." if need.state == "live" else ""
    author = by or need.owners[0].person
    return commands.attach_file(need, title=title or "Plan", file=upload(content), reason=reason, by=author)


def removed(need: Need) -> Attachment:
    """A file that an amendment took from a live need."""
    made = attachment(need)
    commands.remove_attachment(made, reason="It was an old one.", by=need.owners[0].person)
    return made
