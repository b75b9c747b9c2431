"""A throw-away application that shows every field and macro, for the tests of the look and of the forms."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, flash, render_template
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from app.kernel import templating
from app.kernel.forms import (
    Choice,
    Choices,
    Day,
    Email,
    Hidden,
    LongText,
    Moment,
    Money,
    Password,
    Row,
    Rows,
    Text,
    VersionedForm,
    Whole,
    YesNo,
)
from app.kernel.paging import Page

AREAS = {
    "Data": [("d1", "Data engineering"), ("d2", "Data science", "Models and forecasts")],
    "Cloud": [("c1", "Kubernetes"), ("c2", "Networks")],
}


class RequirementRow(Row):
    """One requirement, as needs will have them."""

    text = Text("What is required", required="Enter a requirement", max_length=80)
    kind = Choice("Must or nice?", [("must", "Must have"), ("nice", "Nice to have")], default="must")
    weight = Whole("Weight", least=0, most=100, width=3, suffix="points")
    skills = Choices("Capabilities", AREAS, style="selects", most=3, required=False)


class EveryField(VersionedForm):
    """One of each."""

    title = Text("Title", hint="What you would say to a colleague", required="Enter a title", max_length=40)
    problem = LongText("What is the problem?", required="Describe the problem", called="The problem", max_words=20)
    users = LongText("Who has it?", max_length=100, required=False)
    notes = LongText("Notes", required=False)
    rung = Choice(
        "How firm is it?",
        [("horizon", "On the horizon", "Years away"), ("open", "Open")],
        required="Select how firm it is",
    )
    area = Choice("Area", AREAS, required=False)
    place = Choice("Place", [(n, f"Place {n}") for n in range(12)], required=False)
    standards = Choices("Standards", [("a", "WCAG 2.2"), ("b", "ISO 27001")], required=False)
    capabilities = Choices("Capabilities needed", AREAS, most=3, hint="Open a group to choose from it")
    remote = YesNo("Can it be done remotely?")
    low_pence = Money("Lowest price", least=100_00)
    share = Whole("Share for price", most=100, suffix="%", required=False, mark_optional=False)
    wanted_on = Day("When do you want it by?", called="The date", earliest=lambda: date(2026, 1, 1), required=False)
    deadline_at = Moment("Deadline", required="Enter the deadline")
    email = Email()
    password = Password(new=True, hint="At least 12 characters")
    reference = Hidden()
    requirements = Rows(
        "Requirements", RequirementRow, called="requirement", required="Add at least one requirement", show=2, most=4
    )


GOOD: dict[str, Any] = {
    "version": "1",
    "title": "Data",
    "problem": "It is late",
    "rung": "open",
    "area": "c1",
    "place": "3",
    "standards": "a",
    "capabilities": ["d1", "c2"],
    "remote": "True",
    "low_pence": "£1,250.50",
    "wanted_on-day": "3",
    "wanted_on-month": "mar",
    "wanted_on-year": "2027",
    "deadline_at-day": "1",
    "deadline_at-month": "7",
    "deadline_at-year": "2027",
    "deadline_at-time": "5pm",
    "email": "Ada@Demo.Example",
    "password": "correct horse battery",
    "reference": "r",
    "requirements-0-text": "Speed",
    "requirements-0-kind": "must",
    "requirements-0-weight": "60",
    "requirements-0-skills": ["d2", ""],
    "requirements-1-text": "",
    "requirements-1-kind": "must",
    "requirements-1-weight": "",
    "requirements-1-skills": ["", "", ""],
}


def make_gallery() -> Flask:
    """The application; its /form tells what was accepted, as JSON would."""
    app = Flask("app")
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_ENABLED=False, TESTING=True, PROPAGATE_EXCEPTIONS=True)
    CSRFProtect(app)
    templating.install(app)
    pages = FileSystemLoader(Path(__file__).parent / "pages")
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader or pages, pages])
    app.jinja_env.globals["asset"] = lambda name: f"/static/{name}"
    app.context_processor(_layout)
    app.add_url_rule("/form", "form", _form, methods=["GET", "POST"])
    app.add_url_rule("/lists", "lists", _lists)
    app.add_url_rule("/errors/<name>", "errors", _error)
    return app


def _layout() -> dict[str, Any]:
    return {
        "actor": None,
        "navigation": [
            {"text": "Needs", "href": "/lists", "active": True},
            {"text": "Providers", "href": "/form", "active": False},
        ],
        "account_links": [
            {"text": "Ada Price", "href": "/account"},
            {"text": "Sign out", "href": "/sign-out", "post": True},
        ],
    }


def _error(name: str) -> str:
    return render_template(f"errors/{name}.html", message="So it is.")


def _form() -> tuple[str, int, dict[str, str]]:
    form = EveryField()
    if form.accepted():
        return repr(form.content), 200, {"Content-Type": "text/plain"}
    return render_template("form.html", form=form), form.status, {}


def _lists() -> str:
    flash("Need published", "success")
    flash("Two & three", "info")
    flash("It did not work", "error")
    groups = [
        {
            "name": "rung",
            "title": "How firm",
            "options": [{"value": "open", "text": "Open", "count": 12, "chosen": True}],
        },
        {"name": "area", "title": "Area", "options": [{"value": "d", "text": "Data", "count": 1200, "chosen": False}]},
    ]
    page = Page(["Patient records", Markup("Border <mark>data</mark>")], 6, 2, 40)
    return render_template("lists.html", groups=groups, page=page, moment=datetime(2026, 11, 1, 17, tzinfo=UTC))
