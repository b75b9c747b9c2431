"""Forms of alerts: how often, and what a saved search is called."""

from app.alerts.models import DAILY, HOW_OFTEN
from app.kernel.forms import Choice, Form, Text


def _how_often() -> Choice:
    return Choice(
        "How do you want to hear of it by mail?",
        list(HOW_OFTEN.items()),
        hint="What is found always stands on its page, too.",
        required="Choose how often",
        default=DAILY,
    )


class OftenForm(Form):
    """How one alert is told."""

    how_often = _how_often()


class SearchForm(Form):
    """A saved search: its name, and how it is told."""

    name = Text("What do you call it?", hint="For you alone.", required="Enter a name", max_length=100)
    how_often = _how_often()
