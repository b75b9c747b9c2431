"""Changing questions: asking, taking on, handing over, drafting, and publishing answers to everybody at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.accounts.models import Organisation, Person
from app.kernel import audit, clock, display, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.audience import organisations_inside
from app.needs.models import LIVE, WITHDRAWN, Need
from app.needs.questions import policy, queries, timing
from app.needs.questions.models import (
    ALREADY,
    ANSWER,
    CORRECTION,
    DECLINE,
    END,
    MOST_CHARACTERS,
    MOST_UNANSWERED,
    WAITING,
    AnswerDraft,
    Asking,
    PublicAnswer,
    Question,
)

KINDS = (ANSWER, ALREADY, DECLINE)


def ask_question(need: Need, organisation: Organisation, *, text: str, by: Person) -> Question:
    """Ask about a live need for a provider, before questions end; those who answer are told that one arrived."""
    if not policy.may_come_to_ask(by, need):
        raise NotAllowed("Only staff of a provider who are not of the buying side can ask.")
    require_questions_taken(need)
    if not policy.may_ask(by, need, organisation):
        raise NotAllowed("You cannot ask for this provider.")
    require_inside(organisations_inside(need, [organisation.id]))
    said = _question_text(text)
    if queries.count_unanswered(need, organisation) >= MOST_UNANSWERED:
        raise Conflict(f"{MOST_UNANSWERED} of your questions wait for an answer. Ask again when some are answered.")
    question = Question(need=need, text=said, asked_at=clock.now())
    session().add(question)
    session().flush()
    _keep_asker(question, organisation, by)
    notices.post("question.arrived", subject=question)
    return question


def require_questions_taken(need: Need) -> None:
    """Refuse a question that comes when the need has ended, or at or after the end of questions."""
    if need.state != LIVE or need.is_past_deadline:
        raise IllegalMove(f"This need is {need.shown_state}: it takes no more questions.")
    if not timing.takes_questions(need):
        end = display.deadline(timing.questions_end(need), need.time_zone)
        raise IllegalMove(f"Questions about this need could be asked until {end}. That moment has passed.")


def require_inside(inside: Collection[Any]) -> None:
    """Refuse a question where none of who would ask is in the need's audience."""
    if not inside:
        raise IllegalMove("Not everybody can take part in this need, and you are outside. The need says why.")


def _question_text(text: str) -> str:
    said = text.strip()
    if not said:
        raise Conflict("Enter your question.")
    if len(said) > MOST_CHARACTERS:
        raise Conflict(f"A question has at most {MOST_CHARACTERS:,} characters.")
    return said


def _keep_asker(question: Question, organisation: Organisation, by: Person) -> None:
    """Keep who asked apart from what was asked; the audit names nobody, and commits to it so that it can be proved."""
    asking = Asking(question=question, person_id=by.id, organisation_id=organisation.id, salt=audit.new_salt())
    session().add(asking)
    session().flush()
    commitment = audit.commitment(queries.facts_of(asking), asking.salt)
    audit.record("ask", question, by=None, facts={"need": question.need_id, "commitment": commitment})


def take_on_question(question: Question, *, by: Person) -> None:
    """Handle a question as the one officer who does: from now on who asked it is shown to them."""
    _require_waiting(question)
    if policy.is_handled(question):
        raise Conflict("Another officer handles this question already.")
    if not policy.may_take_on(by, question):
        raise NotAllowed("Only procurement officers of the department take questions on.")
    question.handler, question.taken_on_at = by, clock.now()
    audit.record("take_on", question, by=by)


def hand_over_question(question: Question, officer: Person, *, by: Person) -> None:
    """Hand a question to another officer, who alone is shown from now on who asked it."""
    _require_waiting(question)
    if not policy.may_hand_over(by, question):
        raise NotAllowed("Only the officer who handles the question hands it over.")
    if officer.id == by.id or not policy.may_handle(officer, question):
        raise Conflict("Choose another procurement officer of the department who works for no provider.")
    question.handler, question.taken_on_at = officer, clock.now()
    audit.record("hand_over", question, by=by, facts={"to": officer.id})


def save_draft(question: Question, content: Mapping[str, Any], *, by: Person) -> AnswerDraft:
    """Keep what is written of an answer, finished or not."""
    _require_waiting(question)
    draft = queries.find_draft(question) or AnswerDraft(question=question)
    draft.kind, draft.wording, draft.text = content["kind"], content["wording"].strip(), content["text"].strip()
    draft.earlier_id = content["earlier"] or None
    draft.together = sorted(content["together"])
    draft.saved_by_id, draft.saved_at = by.id, clock.now()
    session().add(draft)
    # words alone that somebody typed could tell who asked, so the audit says that there was a draft, not what it said
    audit.record("draft_answer", question, by=by)
    return draft


def publish_answer(question: Question, content: Mapping[str, Any], *, by: Person) -> PublicAnswer:
    """Answer or decline a question, and those put with it, for everybody at once.

    Moves: questions waiting -> answered | declined.
    """
    need = question.need
    _require_answers_taken(need)
    settled = [question, *_chosen(question, content["together"])]
    kind, earlier = content["kind"], _earlier(need, content["earlier"], content["kind"])
    wording, text = content["wording"].strip(), content["text"].strip()
    if kind not in KINDS or not wording or (not text and kind != ALREADY):
        raise Conflict("Enter the question as everybody will read it, and the answer or the reason.")
    for each in settled:
        each.move("decline" if kind == DECLINE else "answer")
    if kind == ALREADY and earlier is not None and not text:
        text = f"This was answered already: see answer {earlier.number}."
    answer = _publish(need, kind, wording, text, earlier)
    for each in settled:
        each.answer = answer
    _tell(answer, by, {"questions": [each.id for each in settled]})
    return answer


def correct_answer(answer: PublicAnswer, *, text: str, by: Person) -> PublicAnswer:
    """Publish a correction of what was published, which stays as it is."""
    _require_answers_taken(answer.need)
    if answer.kind == END:
        raise Conflict("That the need has ended cannot be corrected.")
    if not text.strip():
        raise Conflict("Enter the corrected answer.")
    correction = _publish(answer.need, CORRECTION, answer.wording, text.strip(), answer)
    _tell(correction, by, {})
    return correction


def end_questions(need: Need) -> int:
    """Say once, for everybody, that the questions still waiting are not answered, since the need has ended; how many.

    Moves: questions waiting -> ended.
    """
    waiting = queries.waiting_questions(need)
    if not waiting:
        return 0
    how = "was withdrawn" if need.state == WITHDRAWN else "closed"
    told = display.plural(len(waiting), "question was", "questions were")
    answer = _publish(need, END, "", f"This need {how} before {told} answered. No answer will follow.", None)
    for each in waiting:
        each.move("end")
        each.answer = answer
    facts = {"number": answer.number, "questions": [each.id for each in waiting]}
    audit.record("end_questions", need, by=None, facts=facts)
    notices.post("questions.ended", subject=need)
    return len(waiting)


def _require_waiting(question: Question) -> None:
    if question.state != WAITING:
        raise IllegalMove(f"This question is {question.state} already.")


def _require_answers_taken(need: Need) -> None:
    if not timing.takes_answers(need):
        raise IllegalMove(f"This need is {need.shown_state}: answers could be published until then.")


def _chosen(question: Question, ids: Sequence[str]) -> list[Question]:
    """The questions of the same need that are answered together with this one."""
    known = {each.id: each for each in queries.other_questions(question)}
    wanted = [each for each in dict.fromkeys(ids) if each != question.id]
    if any(each not in known for each in wanted):
        raise Conflict("One of the questions that you put together was answered meanwhile. Look at them again.")
    return [known[each] for each in wanted]


def _earlier(need: Need, answer_id: str | None, kind: str) -> PublicAnswer | None:
    if kind != ALREADY:
        return None
    found = queries.find_cause(need, answer_id or "")
    if found is None:
        raise Conflict("Select the answer that answered this already.")
    return found


def _publish(need: Need, kind: str, wording: str, text: str, earlier: PublicAnswer | None) -> PublicAnswer:
    answer = PublicAnswer(need=need, number=queries.count_answers(need) + 1, kind=kind, wording=wording, text=text)
    answer.published_at, answer.earlier = clock.now(), earlier
    session().add(answer)
    session().flush()
    return answer


def _tell(answer: PublicAnswer, by: Person, facts: dict[str, Any]) -> None:
    """One audit entry and one notice: everybody hears of the same words at the same moment."""
    told = {"number": answer.number, "kind": answer.kind, "wording": answer.wording, "text": answer.text}
    earlier = {"earlier": answer.earlier_id} if answer.earlier_id else {}
    audit.record("publish_answer", answer.need, by=by, facts={"answer": answer.id, **told, **earlier, **facts})
    notices.post("answer.published", subject=answer.need, facts={"answer": answer.id})
