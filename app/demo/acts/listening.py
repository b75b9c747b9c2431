"""What demo people want to hear of: saved searches, needs that fit, followed needs, and the digests of these."""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.queries import find_person_by_email
from app.alerts.digests.commands import note_findings, write_digest
from app.alerts.digests.timing import period_of
from app.alerts.follows.commands import follow
from app.alerts.models import AT_ONCE, DAILY, WEEKLY, Alert
from app.alerts.searches.commands import change_alert, pause_alert, save_search, watch_fit
from app.alerts.searches.finding import news_of
from app.demo.world import World
from app.kernel import clock
from app.kernel.db import session
from app.kernel.schedule import next_daily
from app.needs.models import LIVE, Need
from app.needs.queries import WHOLE
from app.providers.queries import providers_of

BEGAN = timedelta(days=45)
# who keeps which search: a name, what it asks for, how often it is told, and whether it is paused
SEARCHES = {
    "supplier@demo.example": (
        ("Calls that are open now", "rung=open", AT_ONCE, False),
        ("Anything with maps", "q=map", WEEKLY, False),
        ("First signs of data work", "q=data&rung=horizon", DAILY, True),
    ),
    "supplier2@demo.example": (("What takes shape", "rung=shaping", DAILY, False),),
    "buyer@demo.example": (("What others plan on forms", "q=form", WEEKLY, False),),
    "officer@demo.example": (("Everything that is committed", "rung=committed", WEEKLY, False),),
}
FOLLOWED = {"supplier@demo.example": 3, "buyer@demo.example": 2, "officer@demo.example": 1}


def listen(world: World) -> None:
    """Have people save their searches and follow needs, some weeks ago."""
    with clock.at(world.calendar.now - BEGAN), clock.frozen():
        for email, searches in SEARCHES.items():
            person = find_person_by_email(email)
            if person:
                _keep(person, searches)
        _follow(world)


def _keep(person: Person, searches: tuple[tuple[str, str, str, bool], ...]) -> None:
    for name, query, how_often, is_paused in searches:
        alert = save_search(name=name, query=query, how_often=how_often, by=person)
        if is_paused:
            pause_alert(alert, by=person)
    for provider in providers_of(person):
        watch_fit(provider, how_often=DAILY, by=person)


def _follow(world: World) -> None:
    live = [need for _, need in sorted(world.needs.items()) if need.state == LIVE]
    for email, count in FOLLOWED.items():
        person = find_person_by_email(email)
        for need in live[:count] if person else []:
            alert = follow(need, by=person)  # type: ignore[arg-type]
            if need is not live[0]:
                change_alert(alert, how_often=DAILY, by=person)  # type: ignore[arg-type]


def find() -> None:
    """Match what was published since then, as the job would have; the index must have it."""
    since = clock.now() - BEGAN
    fresh = select(Need).where(Need.state == LIVE, Need.published_at > since).order_by(Need.published_at, Need.id)
    for need in session().scalars(fresh.options(*WHOLE)).all():
        if need.published_at:
            with clock.at(need.published_at), clock.frozen():
                note_findings(need.id, news_of(need, need.published_at))


def tell(*how_often: str) -> None:
    """Write the digests of the last period."""
    due = next_daily(clock.now() - timedelta(days=1))
    people = session().scalars(select(Alert.person_id).distinct().order_by(Alert.person_id)).all()
    for person_id in people:
        for each in how_often:
            with clock.at(due), clock.frozen():
                write_digest(person_id, each, period_of(each, due))
