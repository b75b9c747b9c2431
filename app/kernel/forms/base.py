"""The form and the field that all others build on: content, problems, and what was typed."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import wtforms
from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms.validators import StopValidation

from app.kernel.forms.reading import clean

STALE = (
    "Somebody else changed this while you were working on it. What you typed is still below. "
    "Press the button again to save it over their changes, or go back to see them first."
)


class Problem(NamedTuple):
    """One line of the error summary, and the id of the input that it leads to."""

    input_id: str
    sentence: str


class Field(wtforms.Field):
    """A field with a hint, a requirement in words and GOV.UK error sentences; `look` names how it is drawn."""

    look = "input"
    verb = "Enter"
    is_content = True

    def __init__(
        self,
        label: str = "",
        *,
        hint: str = "",
        required: str | bool = True,
        mark_optional: bool = True,
        called: str = "",
        width: int | str = "",
        autocomplete: str = "",
        inputmode: str = "",
        prefix: str = "",
        suffix: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.is_question = label.endswith("?") and not called
        self.hint, self.required, self.called = hint, required, called or label.rstrip("?")
        self.is_marked_optional = mark_optional and not required
        self.width, self.autocomplete, self.inputmode = str(width), autocomplete, inputmode
        self.affixes = {"prefix": prefix, "suffix": suffix}
        self.raw_data: list[str] | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing was given."""
        return self.data is None or self.data == "" or self.data == []

    @property
    def typed(self) -> str:
        """What stands in the input: the very words that were typed, or the value that there is."""
        return clean(self.raw_data[0]) if self.raw_data else self.shown()

    @property
    def input_id(self) -> str:
        """The id of the input that an error leads to."""
        return str(self.id)

    def shown(self) -> str:
        """The value as a person would type it."""
        return "" if self.data is None else str(self.data)

    def sentence(self, rest: str) -> str:
        """`must be a real date` -> `The deadline must be a real date`."""
        return f"{self.called[:1].upper()}{self.called[1:]} {rest}"

    def missing(self) -> str:
        """What is said when nothing was given."""
        if isinstance(self.required, str):
            return self.required
        if self.is_question:
            return f"{self.verb} an answer"
        lower = self.called if self.called[:2].isupper() else self.called[:1].lower() + self.called[1:]
        return f"{self.verb} {lower}"

    def check(self) -> None:
        """Refuse a value that is given but will not do: `raise ValidationError(self.sentence(...))`."""

    def pre_validate(self, form: Any) -> None:
        """Say one thing at a time: unreadable, or missing, or not allowed."""
        if self.process_errors:
            raise StopValidation()
        if not self.blank:
            self.check()
        elif self.required:
            raise StopValidation(self.missing())

    def problems(self) -> list[Problem]:
        """The lines of the error summary that lead here."""
        return [Problem(self.input_id, error) for error in self.errors]


class Hidden(Field):
    """Short text that the page carries; whoever posts it can change it."""

    look = "hidden"

    def __init__(self, **options: Any) -> None:
        super().__init__("", required=False, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = clean(valuelist[0])[:200] if valuelist else ""


class Mark(Hidden):
    """What the page knew when it was shown; nothing that a command is given."""

    is_content = False


class Version(Hidden):
    """The version of the row that the page showed."""

    is_content = False

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0] if valuelist else ""
        self.data = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


class Fields:
    """What forms and the rows inside them share."""

    _fields: Any

    @property
    def content(self) -> dict[str, Any]:
        """The cleaned values by name, ready for a command: no token, no version, no button."""
        return {name: field.data for name, field in self._fields.items() if _is_content(field)}

    def fail(self, name: str, sentence: str) -> None:
        """Put a sentence beside the field of this name."""
        field = self._fields[name]
        field.errors = [*field.errors, sentence]

    def problems_of_fields(self) -> Iterator[Problem]:
        """The lines of the error summary, in the order of the fields."""
        for field in self._fields.values():
            if isinstance(field, Field):
                yield from field.problems()
            else:
                yield from (Problem(str(field.id), str(error)) for error in field.errors)


def _is_content(field: wtforms.Field) -> bool:
    foreign = not isinstance(field, (wtforms.SubmitField, wtforms.fields.HiddenField))
    return bool(getattr(field, "is_content", foreign))


class Form(Fields, FlaskForm):  # type: ignore[misc]
    """A form of a page."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What was posted is text, even when it is nothing: no files and no JSON reach a field."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is _Auto:
                return request.form if form.is_submitted() else None
            return formdata

    def accepted(self) -> bool:
        """Whether this was posted to be saved, and is good. Adding and removing rows happens here and saves nothing."""
        return self.is_submitted() and not self.arranged() and self.validate()

    def arranged(self) -> bool:
        """Add or remove the rows that a pressed button asks for; tells whether there was one."""
        pressed = [field.arrange() for field in self._fields.values() if hasattr(field, "arrange")]
        return any(pressed)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """The same as `accepted`, under Flask-WTF's name."""
        return self.accepted()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then the rules across fields."""
        if super().validate(extra_validators=extra_validators):
            self.cross_check()
        return not self.problems

    def cross_check(self) -> None:
        """Rules across fields; runs when each field is good by itself. Calls `fail` and `refuse`."""

    def refuse(self, sentence: str) -> None:
        """Put a sentence about the whole form into the error summary."""
        self.form_errors.append(sentence)

    def is_current(self, thing: Any) -> bool:
        """Whether nobody saved `thing` since this page was shown; otherwise says so, and a second press saves."""
        version = self._fields["version"]
        if version.data == thing.version:
            return True
        version.data = thing.version
        self.refuse(STALE)
        return False

    @property
    def problems(self) -> Sequence[Problem]:
        """All lines of the error summary."""
        return [Problem("", sentence) for sentence in self.form_errors] + list(self.problems_of_fields())

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return 422 if self.problems else 200

    @property
    def pressed(self) -> str:
        """The value of the button named `press`, when there are several."""
        return request.form.get("press", "")[:40]

    @property
    def has_rows(self) -> bool:
        """Whether there are Add and Remove buttons, which must not be what the Enter key presses."""
        return any(hasattr(field, "arrange") for field in self._fields.values())

    @property
    def has_files(self) -> bool:
        """Whether a file can be chosen, which travels in a form of another encoding."""
        return any(getattr(field, "look", "") == "file" for field in self._fields.values())


class VersionedForm(Form):
    """A form that edits a row with a version."""

    version = Version()
