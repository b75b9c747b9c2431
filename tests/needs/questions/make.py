"""Short makers of questions and answers, for use inside `with transaction():`; they go through the commands."""

from typing import Any

from app.accounts.models import Organisation, Person
from app.needs import commands as needs
from app.needs.models import ANSWERS, Need
from app.needs.questions import commands, queries
from app.needs.questions.models import ANSWER, PublicAnswer, Question
from tests import make

TYPED = "Must the meters speak the old protocol too?"
WORDING, ANSWERED = "Is the old protocol needed?", "No. The new one alone."


def question(need: Need, *, of: Organisation | None = None, by: Person | None = None, text: str = TYPED) -> Question:
    """A question, of an own supplier where none is named."""
    provider = of or make.supplier()
    return commands.ask_question(need, provider, text=text, by=by or make.staff(provider))


def content(**changed: Any) -> dict[str, Any]:
    """What a form gives of an answer."""
    return {"kind": ANSWER, "wording": WORDING, "text": ANSWERED, "earlier": None, "together": [], **changed}


def answerer(need: Need) -> Person:
    """The first owner who answers."""
    return next(owner.person for owner in need.owners if owner.duty == ANSWERS)


def new_answerer(need: Need, name: str = "") -> Person:
    """Another owner with the duty to answer."""
    person = make.buyer(need.department, name)
    needs.add_owner(need, person, ANSWERS, by=need.owners[0].person)
    return person


def answered(question: Question, **changed: Any) -> PublicAnswer:
    """The answer of a question, published."""
    return commands.publish_answer(question, content(**changed), by=answerer(question.need))


def again(question: Question) -> Question:
    """The question in this transaction."""
    found = queries.session().get(Question, question.id, options=queries.WHOLE)
    assert found is not None
    return found
