"""Repeated groups: rows of a small form that are added and removed by buttons, on the server, without JavaScript."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import wtforms
from flask import request
from wtforms.utils import unset_value

from app.kernel.forms.base import Field, Fields, Problem

_INDEX = re.compile(r"\d{1,3}", re.ASCII)


class Row(Fields, wtforms.Form):
    """The small form of one row."""

    number = 1

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything here: such a row is left out."""
        return all(
            (field.blank or field.data == field.default) and not field.process_errors
            for field in self._fields.values()
            if isinstance(field, Field) and field.look != "hidden"
        )


class Rows(Field):
    """A list of rows; gives a list of dicts. Rows left blank are dropped, and nobody can post more than `most`."""

    look = "rows"

    def __init__(
        self,
        label: str = "",
        row: type[Row] = Row,
        *,
        called: str = "row",
        show: int = 1,
        most: int = 30,
        **options: Any,
    ) -> None:
        super().__init__(label, called=called, **options)
        self.row_type, self.show, self.most = row, show, most
        self.rows: list[Row] = []

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.object_data = [] if data is unset_value or data is None else list(data)
        if formdata is None:
            self.rows = [self._row(None, number, thing) for number, thing in enumerate(self.object_data)]
        else:
            posted = [self._row(formdata, number, None) for number in self._numbers(formdata)]
            self.rows = [self._renumbered(row, number) for number, row in enumerate(posted)]
        while len(self.rows) < self.show:
            self.rows.append(self._row(None, len(self.rows), None))

    def _numbers(self, formdata: Any) -> Sequence[int]:
        """The numbers of the posted rows, in order; absurd ones and too many are passed over."""
        starts = f"{self.name}-"
        heads = {name[len(starts) :].split("-", 1)[0] for name in formdata if name.startswith(starts)}
        return sorted({int(head) for head in heads if _INDEX.fullmatch(head)})[: self.most]

    def _row(self, formdata: Any, number: int, thing: Any) -> Row:
        prefix = f"{self.name}-{number}"
        values = {"data": thing} if isinstance(thing, dict) else {"obj": thing}
        row = self.row_type(formdata, prefix=prefix, **values)
        row.number = number + 1
        return row

    def _renumbered(self, row: Row, number: int) -> Row:
        """The same row, with what was typed, at another place."""
        row.number = number + 1
        for short_name, field in row._fields.items():
            field.name = field.id = f"{self.name}-{number}-{short_name}"
            field.label.field_id = field.id
        return row

    def arrange(self) -> bool:
        """Do what a pressed Add or Remove button asks for; tells whether one was pressed."""
        removed = request.form.get(f"{self.name}-remove", "")
        if _INDEX.fullmatch(removed):
            self.rows = [row for row in self.rows if row.number != int(removed)] or [self._row(None, 0, None)]
            self.rows = [self._renumbered(row, number) for number, row in enumerate(self.rows)]
        elif f"{self.name}-add" in request.form and len(self.rows) < self.most:
            self.rows.append(self._row(None, len(self.rows), None))
        return f"{self.name}-add" in request.form or f"{self.name}-remove" in request.form

    @property
    def filled(self) -> list[Row]:
        """The rows that somebody wrote in."""
        return [row for row in self.rows if not row.is_blank]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The content of the rows that somebody wrote in."""
        return [row.content for row in self.filled]

    @data.setter
    def data(self, value: Any) -> None:
        """WTForms clears it at the start; the rows are what counts."""

    @property
    def blank(self) -> bool:
        return not self.filled

    @property
    def input_id(self) -> str:
        first = next((field for field in self.rows[0]._fields.values() if isinstance(field, Field)), None)
        return first.input_id if first else str(self.id)

    def missing(self) -> str:
        return self.required if isinstance(self.required, str) else f"Add at least one {self.called}"

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check the rows that somebody wrote in, then the rules on them all."""
        results = [row.validate() for row in self.filled]
        good = all(results)
        return super().validate(form, extra_validators if good else ()) and good

    def problems(self) -> list[Problem]:
        return [Problem(self.input_id, str(error)) for error in self.errors] + list(self._row_problems())

    def _row_problems(self) -> Iterator[Problem]:
        name = f"{self.called[:1].upper()}{self.called[1:]}"
        for row in self.rows:
            yield from (Problem(p.input_id, f"{name} {row.number}: {p.sentence}") for p in row.problems_of_fields())
