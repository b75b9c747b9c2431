"""Addresses that stop mail: signed, so that they work signed out, for nobody else, and as long as mail is kept."""

from dataclasses import dataclass

from app.kernel import instance, signing

PURPOSE = "alerts.unsubscribe"
ALERT, PERIOD, TOPIC = "alert", "period", "topic"


@dataclass(frozen=True)
class Stop:
    """What an address stops: one alert, a person's mail of one frequency, or a person's mail about one topic."""

    what: str
    whose: str
    which: str = ""


def address_to(stop: Stop) -> str:
    """The address that stops this, on the site itself."""
    return f"{instance.address()}/unsubscribe/{signing.sign(PURPOSE, [stop.what, stop.whose, stop.which])}"


def read_stop(token: str) -> Stop | None:
    """What an address stops; None for what is none of ours."""
    value = signing.read(PURPOSE, token[:400])
    is_whole = isinstance(value, list) and len(value) == 3 and all(isinstance(part, str) for part in value)
    return Stop(*value) if is_whole and value[0] in (ALERT, PERIOD, TOPIC) else None
