"""Templates: strict about names that are missing, except inside GOV.UK's own macros, which count on leniency."""

from collections.abc import Callable, MutableMapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

import jinja2
from flask import Flask, request
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template, Undefined

from app.kernel.display import FILTERS, money_range

GOVUK = "govuk_frontend_jinja"


class GovukLoader(PackageLoader):
    """Loads `govuk_frontend_jinja/...` into an environment of its own, where a missing parameter is just empty."""

    def __init__(self) -> None:
        super().__init__(GOVUK)
        self.lenient: Environment | None = None

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """The macros' template, compiled once, in the lenient environment."""
        if PurePosixPath(name).parts[:1] != (GOVUK,):
            raise jinja2.TemplateNotFound(name)
        if self.lenient is None:
            self.lenient = environment.overlay(undefined=Undefined)
            self.lenient.loader = _Prefixed(self)
        return self.lenient.get_template(name, globals=globals)


class _Prefixed(jinja2.BaseLoader):
    """The source of GOV.UK's templates, under the names by which they import each other."""

    def __init__(self, package: PackageLoader) -> None:
        self.package = package

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        return self.package.get_source(environment, template.removeprefix(f"{GOVUK}/"))


def address_with(**changes: Any) -> str:
    """This page's address with some parameters changed; None takes one away."""
    values = request.args.to_dict(flat=False)
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value if isinstance(value, list) else [value]
    query = urlencode(values, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def install(app: Flask) -> None:
    """Give the application's templates their loader, their strictness, the filters and the globals."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    own = environment.loader
    environment.loader = ChoiceLoader([GovukLoader(), *([own] if own else [])])
    environment.filters.update(FILTERS)
    environment.globals.update(address_with=address_with, money_range=money_range)
