"""Reading the mails that were written, as their receivers would."""

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from app.kernel.db import reading, session
from app.kernel.mail import OutboxMail


def letters_to(email: str) -> list[OutboxMail]:
    """The mails written to an address, oldest first."""
    with reading():
        statement = select(OutboxMail).where(OutboxMail.to == email)
        return list(session().scalars(statement.order_by(OutboxMail.written_at)))


def link_to(email: str) -> str:
    """The path of the first link in the last mail to an address."""
    found = re.search(r"https?://\S+", letters_to(email)[-1].body)
    assert found, "no link in the mail"
    url = urlsplit(found[0])
    assert url.netloc == "127.0.0.1:8000", "the link leads to the address of the settings"
    return url._replace(scheme="", netloc="").geturl()
