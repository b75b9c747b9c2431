"""What followers of a need hear: what everybody can read on its page, in words that presume no part in it."""

from app.alerts.follows.queries import follows_of
from app.alerts.models import Alert
from app.kernel.notices import Notice
from app.needs.models import DRAFT, Need

# the kinds that followers hear of, each with the page that shows it to everybody; all others are told to parties alone
FOLLOWED = {
    "need.moved": "/needs/{id}",
    "need.reviewed": "/needs/{id}",
    "need.amended": "/needs/{id}",
    "need.withdrawn": "/needs/{id}",
    "answer.published": "/needs/{id}/questions",
    "need.closed": "/needs/{id}",
    "need.concluded": "/needs/{id}/partnerships",
}
WORDS = {
    "need.closed": "The need “{title}” has closed",
    "need.concluded": "The need “{title}” is concluded: read what became of it",
}


def followers_of(notice: Notice, thing: object) -> dict[str, Alert]:
    """{person id: their alert} of those who hear of a notice because they follow the need."""
    if notice.kind not in FOLLOWED or not isinstance(thing, Need) or thing.state == DRAFT:
        return {}
    return {alert.person_id: alert for alert in follows_of(thing)}


def words_for_followers(notice: Notice, need: Need, text: str) -> tuple[str, str]:
    """The sentence and the page of a notification for somebody who follows."""
    words = WORDS.get(notice.kind, "")
    told = words.format(title=need.title)[:300] if words else text
    return told, FOLLOWED[notice.kind].format(id=need.id)
