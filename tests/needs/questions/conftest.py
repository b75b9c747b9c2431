"""One open need with somebody on each side of it, and a question that was asked."""

from dataclasses import dataclass

import pytest

from app.accounts.models import Organisation, Person
from app.kernel import db
from app.kernel.db import session, transaction
from app.needs.models import PUBLISHES, READS, Need, NeedOwner
from app.needs.questions.models import Question
from tests import make
from tests.needs import make as make_need
from tests.needs.questions import make as make_question

ASKER, FIRM, TELLTALE = "Zuleika Pemberwick", "Quagglethorpe Ltd", "vantablue"


@dataclass
class Asked:
    """A need, the question about it with its telltale, and people in every role."""

    need: Need
    question: Question
    firm: Organisation
    rival: Organisation
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        return self.people[role]


@pytest.fixture
def asked(store: db.Database) -> Asked:
    with transaction():
        ministry = make.department("Ministry of Meters")
        author = make.buyer(ministry, "Author")
        need = make_need.open_need(department=ministry, by=author, title="Read the meters")
        firm, rival = make.supplier(FIRM), make.supplier("Otherwise Ltd")
        publisher = make.buyer(ministry, "Publisher")
        reader = make.buyer(ministry, "Reader")
        session().add_all(
            [
                NeedOwner(need=need, person=publisher, duty=PUBLISHES),
                NeedOwner(need=need, person=reader, duty=READS),
            ]
        )
        people = {
            "author": author,
            "publisher": publisher,
            "reader": reader,
            "buyer": make.buyer(ministry, "Buyer"),
            "officer": make.officer(ministry, "Officer"),
            "handler": make.officer(ministry, "Handler"),
            "elsewhere": make.officer(make.department(), "Officer elsewhere"),
            "operator": make.operator(),
            "asker": make.staff(firm, ASKER),
            "colleague": make.lead(firm, "Colleague of the asker"),
            "rival_staff": make.staff(rival, "Rival staff"),
            "team_staff": make.staff(make.team(ministry), "Team staff"),
        }
        text = f"Our {TELLTALE} sensors speak the old protocol. Must they speak the new one too?"
        question = make_question.question(need, of=firm, by=people["asker"], text=text)
        session().flush()
    return Asked(need, question, firm, rival, people)
