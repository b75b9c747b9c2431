"""A need with three submitted responses, a draft and a withdrawn one, and people on both sides."""

from dataclasses import dataclass

import pytest

from app.accounts.models import Person
from app.kernel import db
from app.kernel.db import transaction
from app.needs.models import Need
from app.responses.models import Response
from app.reviews import commands, queries
from tests import make
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review

CANARY = "zanzibarquill"


@dataclass
class Bench:
    """What an officer finds after the deadline."""

    need: Need
    responses: list[Response]
    draft: Response
    withdrawn: Response
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        return self.people[role]


@pytest.fixture
def sealed(store: db.Database) -> Bench:
    """Before the deadline."""
    with transaction():
        ministry = make.department("Ministry of Tides")
        author = make.officer(ministry, "Author")
        need = make_need.open_need(department=ministry, by=author, title="Move the tide tables")
        providers = [
            make_response.provider(name) for name in ("Anchor Ltd", "Buoy Ltd", "Cable Ltd", "Dock Ltd", "Eddy Ltd")
        ]
        staff = [make_response.staff(provider, f"Staff of {provider.name}") for provider in providers]
        responses = [
            make_response.submitted(
                need, of=providers[place], by=staff[place], words=f"{CANARY}{place}", price_pence=123_456_700 + place
            )
            for place in range(3)
        ]
        both = make.officer(ministry, "Both sides")
        make.join(both, providers[0].organisation, "supplier_staff")
        people = {
            "author": author,
            "officer": make.officer(ministry, "Officer"),
            "second": make.officer(ministry, "Second officer"),
            "buyer": make.buyer(ministry, "Buyer"),
            "owner": next(owner.person for owner in need.owners if owner.person_id != author.id),
            "elsewhere": make.officer(make.department(), "Officer elsewhere"),
            "operator": make.operator(),
            "both": both,
            "staff": staff[0],
            "rival": staff[1],
            "outsider": make.staff(make_response.provider("Far Ltd").organisation),
        }
        draft = make_response.draft(need, of=providers[3], by=staff[3], words=f"{CANARY}draft")
        withdrawn = make_response.withdrawn(need, of=providers[4], by=staff[4])
    return Bench(need, responses, draft, withdrawn, people)


@pytest.fixture
def due(sealed: Bench) -> Bench:
    """After the deadline, still sealed."""
    with transaction() as session:
        make_review.pass_deadline(session.get_one(Need, sealed.need.id))
    return sealed


@pytest.fixture
def opened(due: Bench) -> Bench:
    """Opened by the officer."""
    with transaction() as session:
        make_review.opened(session.get_one(Need, due.need.id), by=due.officer)
    return due


@pytest.fixture
def decided(opened: Bench) -> Bench:
    """Decided by the officer: the first won, the second was set aside, the third stood somewhere."""
    with transaction() as session:
        first, second, _ = (session.get_one(Response, each.id) for each in opened.responses)
        commands.shortlist_response(first, by=opened.officer)
        commands.set_aside_response(second, reason="It leaves out the second region.", by=opened.officer)
        review = queries.get_review(session.get_one(Need, opened.need.id))
        commands.decide_review(review, awards={first: 5_000_00}, reason="Because.", by=opened.officer)
    return opened


@pytest.fixture
def told(decided: Bench) -> Bench:
    """Every respondent was told, so that the need is concluded."""
    with transaction() as session:
        make_review.give_all_feedback(session.get_one(Need, decided.need.id), by=decided.officer)
    return decided
