"""Fields that are typed: text, numbers, money, addresses and passwords."""

import unicodedata
from collections.abc import Callable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms.validators import ValidationError

from app.kernel.forms.base import Field
from app.kernel.forms.reading import MOST_PENCE, one_line, paragraphs, read_pence, read_whole


class Text(Field):
    """One line of text; `` when blank. Always with a limit, so that it fits its column."""

    def __init__(self, label: str = "", *, max_length: int = 200, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = one_line(valuelist[0]) if valuelist else ""

    def check(self) -> None:
        if len(self.data) > self.max_length:
            raise ValidationError(self.sentence(f"must be {self.max_length:,} characters or fewer"))


class LongText(Text):
    """Paragraphs; `` when blank. May be limited in words too, and then the page counts down."""

    look = "textarea"

    def __init__(
        self, label: str = "", *, max_length: int = 5_000, max_words: int = 0, lines: int = 5, **options: Any
    ) -> None:
        super().__init__(label, max_length=max_length, **options)
        self.max_words, self.lines = max_words, lines

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = paragraphs(valuelist[0]) if valuelist else ""

    def check(self) -> None:
        if self.max_words and len(self.data.split()) > self.max_words:
            raise ValidationError(self.sentence(f"must be {self.max_words:,} words or fewer"))
        super().check()


class Email(Text):
    """An email address, lower case; `` when blank."""

    def __init__(self, label: str = "Email address", *, autocomplete: str = "email", **options: Any) -> None:
        options.setdefault("required", "Enter an email address")
        super().__init__(label, max_length=254, autocomplete=autocomplete, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = one_line(valuelist[0]).lower() if valuelist else ""

    def check(self) -> None:
        super().check()
        try:
            self.data = validate_email(self.data, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            raise ValidationError("Enter an email address in the correct format, like name@example.com") from None


class Password(Field):
    """A password, never shown again. A new one has at least 12 characters."""

    look = "password"
    LEAST, MOST = 12, 200

    def __init__(self, label: str = "Password", *, new: bool = False, **options: Any) -> None:
        options.setdefault("required", "Enter a password")
        options.setdefault("autocomplete", "new-password" if new else "current-password")
        super().__init__(label, **options)
        self.is_new = new

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = unicodedata.normalize("NFC", valuelist[0]) if valuelist else ""

    @property
    def typed(self) -> str:
        return ""

    def check(self) -> None:
        if self.is_new and len(self.data) < self.LEAST:
            raise ValidationError(self.sentence(f"must be {self.LEAST} characters or more"))
        if len(self.data) > self.MOST:
            raise ValidationError(self.sentence(f"must be {self.MOST} characters or fewer"))


class _Amount(Field):
    """A number that is read by `read`, and has bounds."""

    def __init__(self, label: str, *, least: int, most: int, read: Callable[[str], int], **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most, self.read = least, most, read

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and one_line(valuelist[0]):
            try:
                self.data = self.read(valuelist[0])
            except ValueError as error:
                raise ValueError(self.sentence(str(error))) from None

    def check(self) -> None:
        if self.data < self.least:
            raise ValidationError(self.sentence(f"must be {self.amount(self.least)} or more"))
        if self.data > self.most:
            raise ValidationError(self.sentence(f"must be {self.amount(self.most)} or less"))

    def amount(self, value: int) -> str:
        """The number in a sentence."""
        return f"{value:,}"


class Whole(_Amount):
    """A whole number, or None."""

    def __init__(self, label: str = "", *, least: int = 0, most: int = 1_000_000_000, **options: Any) -> None:
        options = {"inputmode": "numeric", "width": 5} | options
        super().__init__(label, least=least, most=most, read=read_whole, **options)


class Money(_Amount):
    """Pence, or None, typed as pounds."""

    def __init__(self, label: str = "", *, least: int = 0, most: int = MOST_PENCE, **options: Any) -> None:
        options = {"prefix": "£", "inputmode": "decimal", "width": 10} | options
        super().__init__(label, least=least, most=most, read=read_pence, **options)

    @property
    def typed(self) -> str:
        return super().typed.removeprefix("£")

    def shown(self) -> str:
        return "" if self.data is None else self.amount(self.data).removeprefix("£")

    def amount(self, value: int) -> str:
        return f"£{value // 100:,}" + (f".{value % 100:02}" if value % 100 else "")
