"""Reading questions and answers. Who asked is read by `find_asking` and `own_questions` alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import OFFICER, PROVIDER_ROLES, Membership, Organisation, Person
from app.accounts.queries import buyers_of
from app.kernel import audit
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.audience import organisations_inside
from app.needs.models import ANSWERS, LIVE, Amendment, Need, NeedOwner
from app.needs.queries import held_by
from app.needs.questions import policy, timing
from app.needs.questions.models import (
    ANSWER,
    ANSWERED,
    DECLINED,
    END,
    WAITING,
    AnswerDraft,
    Asking,
    PublicAnswer,
    Question,
)

_NEED = selectinload(Question.need)
WHOLE: tuple[Any, ...] = (
    _NEED.selectinload(Need.department),
    _NEED.selectinload(Need.owners).selectinload(NeedOwner.person).selectinload(Person.memberships),
    selectinload(Question.handler).selectinload(Person.memberships).joinedload(Membership.organisation),
    joinedload(Question.answer),
)


def find_question(question_id: str, person: Person | None) -> Question | None:
    """The question of this id for those who answer; nobody is sent to sign in first, whatever the id."""
    if person is None:
        return None
    question = session().scalar(select(Question).where(Question.id == question_id).options(*WHOLE))
    if not policy.may_read_question(person, question):
        raise NotFound
    return question


def find_answer(answer_id: str, person: Person | None) -> PublicAnswer | None:
    """The published answer of this id for those who answer questions of its need."""
    if person is None:
        return None
    answer = session().scalar(select(PublicAnswer).where(PublicAnswer.id == answer_id))
    if answer is None or not policy.may_read_waiting(person, answer.need):
        raise NotFound
    return answer


def waiting_questions(need: Need) -> list[Question]:
    """The need's unanswered questions, the oldest first."""
    wanted = select(Question).where(Question.need_id == need.id, Question.state == WAITING)
    return list(session().scalars(wanted.order_by(Question.asked_at, Question.id).options(*WHOLE)))


def other_questions(question: Question) -> list[Question]:
    """The other unanswered questions of the same need."""
    return [other for other in waiting_questions(question.need) if other.id != question.id]


def answers_of(need: Need) -> list[PublicAnswer]:
    """What was published, in the order of publication."""
    found = select(PublicAnswer).where(PublicAnswer.need_id == need.id).options(joinedload(PublicAnswer.earlier))
    return list(session().scalars(found.order_by(PublicAnswer.number)))


def answers_to_name(need: Need) -> list[PublicAnswer]:
    """The answers to which another can refer."""
    return [answer for answer in answers_of(need) if answer.kind != END]


def count_answers(need: Need) -> int:
    """How many answers were published for the need."""
    return session().scalar(select(func.count()).where(PublicAnswer.need_id == need.id)) or 0


def find_cause(need: Need, answer_id: str) -> PublicAnswer | None:
    """The need's published answer of this id, from which an amendment may follow."""
    wanted = select(PublicAnswer).where(PublicAnswer.id == answer_id[:12], PublicAnswer.need_id == need.id)
    return session().scalar(wanted.where(PublicAnswer.kind != END)) if answer_id.isalnum() else None


def answer_numbers(amendments: Iterable[Amendment]) -> dict[str, int]:
    """The numbers of the answers from which these amendments followed, by the answers' ids."""
    ids = {each.answer_id for each in amendments if each.answer_id}
    if not ids:
        return {}
    found = session().scalars(select(PublicAnswer).where(PublicAnswer.id.in_(ids)))
    return {answer.id: answer.number for answer in found}


def amendments_after(need: Need) -> dict[str, list[int]]:
    """The numbers of the need's amendments that followed from an answer, by the answers' ids."""
    rows = select(Amendment.answer_id, Amendment.number).where(Amendment.need_id == need.id)
    found: dict[str, list[int]] = {}
    for answer_id, number in session().execute(rows.where(Amendment.answer_id.is_not(None)).order_by(Amendment.number)):
        found.setdefault(str(answer_id), []).append(number)
    return found


# How it stands, for everybody: how many and since which day, never who or at which hour


@dataclass(frozen=True)
class Standing:
    """How many questions wait, since when the oldest does, and how many working days answers took in the median."""

    waiting: int
    oldest: datetime | None
    days: float | None


def standing(need: Need) -> Standing:
    """How the questions of a need stand."""
    waits = select(func.count(), func.min(Question.asked_at)).where(Question.need_id == need.id)
    count, oldest = session().execute(waits.where(Question.state == WAITING)).one()
    settled = select(Question.asked_at, PublicAnswer.published_at).join(PublicAnswer).where(Question.need_id == need.id)
    pairs = session().execute(settled.where(Question.state.in_((ANSWERED, DECLINED)))).all()
    taken = [timing.working_days_between(asked, published, need) for asked, published in pairs]
    return Standing(count, oldest, median(taken) if taken else None)


# Who asked


def find_asking(question: Question) -> Asking | None:
    """Who asked: for the officer who handles the question, after `policy.may_see_asker`."""
    wanted = select(Asking).where(Asking.question_id == question.id)
    return session().scalar(wanted.options(joinedload(Asking.person), joinedload(Asking.organisation)))


def is_proven(asking: Asking) -> bool:
    """Whether the audit holds the commitment to this very asker and text, made when the question arrived."""
    entries = select(audit.AuditEntry).where(audit.AuditEntry.stream == audit.name_of(asking.question))
    entry = session().scalar(entries.where(audit.AuditEntry.verb == "ask"))
    told = audit.commitment(facts_of(asking), asking.salt)
    return entry is not None and entry.facts.get("commitment") == told


def facts_of(asking: Asking) -> dict[str, Any]:
    """What the audit commits to when a question is asked."""
    question = asking.question
    return {
        "question": question.id,
        "person": asking.person_id,
        "organisation": asking.organisation_id,
        "text": question.text,
        "asked_at": question.asked_at,
    }


def own_questions(need: Need, person: Person | None) -> list[Question]:
    """The questions that the person's own providers asked about a need, the newest first."""
    if not policy.may_come_to_ask(person, need) or person is None:
        return []
    ours = [organisation.id for organisation in person.organisations(*PROVIDER_ROLES)]
    wanted = select(Question).join(Asking).where(Question.need_id == need.id, Asking.organisation_id.in_(ours))
    found = wanted.options(joinedload(Question.answer)).order_by(Question.asked_at.desc(), Question.id)
    return list(session().scalars(found))


def count_unanswered(need: Need, organisation: Organisation) -> int:
    """How many questions of one provider wait for an answer about a need."""
    asked = select(func.count()).select_from(Question).join(Asking)
    own = asked.where(Question.need_id == need.id, Asking.organisation_id == organisation.id)
    return session().scalar(own.where(Question.state == WAITING)) or 0


def speakers_for(person: Person | None, need: Need) -> list[Organisation]:
    """The providers for which the person may ask about a need: those whom its audience takes in."""
    if person is None or not policy.may_come_to_ask(person, need):
        return []
    own = [each for each in person.organisations(*PROVIDER_ROLES) if policy.may_ask(person, need, each)]
    inside = organisations_inside(need, [each.id for each in own])
    return [each for each in own if each.id in inside]


# Drafts of answers


def find_draft(question: Question) -> AnswerDraft | None:
    """What is written of the answer so far."""
    return session().scalar(select(AnswerDraft).where(AnswerDraft.question_id == question.id))


def drafted(questions: Sequence[Question]) -> set[str]:
    """The ids of those questions whose answer was begun."""
    begun = select(AnswerDraft.question_id).where(AnswerDraft.question_id.in_([each.id for each in questions]))
    return set(session().scalars(begun))


def content_of(draft: AnswerDraft | None, question: Question) -> dict[str, Any]:
    """What the draft holds; before it is begun, the question as it was typed."""
    if draft is None:
        return {"kind": ANSWER, "wording": question.text, "text": "", "earlier": None, "together": []}
    return {
        "kind": draft.kind,
        "wording": draft.wording,
        "text": draft.text,
        "earlier": draft.earlier_id,
        "together": list(draft.together),
    }


def fingerprint(draft: AnswerDraft | None, question: Question) -> str:
    """A short mark of what the draft holds: a form that carries it can tell whether somebody changed it meanwhile."""
    return audit.fingerprint(content_of(draft, question))


def officers_to_take(question: Question, person: Person) -> list[Person]:
    """The other officers to whom the question can be handed over."""
    staff = {each.id: each for department in question.need.departments for each in buyers_of(department)}
    return [each for each in staff.values() if each.id != person.id and policy.may_handle(each, question)]


# The desk


def awaiting(person: Person, _now: datetime) -> list[Awaiting]:
    """Questions that wait for this person's answer, or for an officer to take them on; overdue ones too."""
    departments = [each.organisation_id for each in person.memberships if each.role == OFFICER]
    owned = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id, NeedOwner.duty == ANSWERS)
    concerned = or_(held_by(departments), Need.id.in_(owned))
    wanted = _waiting_of_live_needs().where(concerned).order_by(Question.asked_at, Question.id)
    return [
        Awaiting(
            f"Answer a question: {question.need.title}",
            "questions.handle",
            {"question_id": question.id},
            since=question.asked_at,
            due_at=timing.due_at(question.need, question.asked_at),
            group="Questions",
        )
        for question in session().scalars(wanted)
        if policy.may_answer(person, question) or policy.may_take_on(person, question)
    ]


def _waiting_of_live_needs() -> Select[Question]:
    live = select(Question).join(Need, Need.id == Question.need_id).where(Need.state == LIVE)
    return live.where(Question.state == WAITING).options(*WHOLE)
