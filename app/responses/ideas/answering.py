"""What a department says to an idea, and what its provider says back."""

from app.accounts.models import Organisation, Person
from app.kernel import audit, clock, notices
from app.kernel.db import constrained, session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.models import Need
from app.needs.starting.commands import start_from_words
from app.responses.ideas import policy
from app.responses.ideas.models import DECLINED, INTERESTED, TAKEN_UP, Idea, IdeaAnswer
from app.responses.ideas.origin import content_from


def mark_interest(idea: Idea, department: Organisation, *, by: Person) -> IdeaAnswer:
    """Say that a department is interested. Moves: answer looking, declined -> interested."""
    answer = _answer(idea, department, by)
    if answer.state in (INTERESTED, TAKEN_UP):
        raise Conflict(f"{department.name} has said so already.")
    answer.move("mark_interest")
    answer.interested_at = clock.now()
    _tell("mark_interest", "idea.interested", answer, by)
    return answer


def ask_back(idea: Idea, department: Organisation, *, question: str, by: Person) -> IdeaAnswer:
    """Ask the provider one thing about its idea."""
    answer = _answer(idea, department, by)
    if answer.question:
        raise Conflict(f"{department.name} has asked about this idea already. Each department can ask one thing.")
    answer.question, answer.asked_at, answer.asked_by_id = question, clock.now(), by.id
    _tell("ask_back", "idea.asked", answer, by)
    return answer


def decline_idea(idea: Idea, department: Organisation, *, reason: str, by: Person) -> IdeaAnswer:
    """Say no, with the reason, also after taking it up. Moves: answer looking, interested, taken_up -> declined."""
    answer = _answer(idea, department, by)
    if answer.state == DECLINED:
        raise Conflict(f"{department.name} has declined this idea already.")
    if answer.published_need:
        raise Conflict("The need that began with this idea is published: what becomes of it is the answer.")
    answer.move("decline")
    answer.declined_at, answer.reason = clock.now(), reason
    _tell("decline_idea", "idea.declined", answer, by)
    return answer


def take_up_idea(idea: Idea, department: Organisation, *, title: str, by: Person) -> Need:
    """Begin a draft need with the words of an idea. Moves: answer looking, interested, declined -> taken_up."""
    answer = _answer(idea, department, by)
    if answer.need_id:
        raise Conflict(f"{department.name} has begun a need with this idea already.")
    answer.move("take_up")
    need = start_from_words(department, title=title, content=content_from(idea), by=by)
    answer.need, answer.taken_up_at = need, clock.now()
    session().flush()
    audit.record("take_up_idea", answer, by=by, facts={"idea": idea.id, "need": need.id})
    # which department it is tells of a draft that nobody else knows of, so it is not told before it is published
    notices.post("idea.taken_up", subject=idea)
    return need


def reply_to_question(answer: IdeaAnswer, *, reply: str, by: Person) -> None:
    """Answer what a department asked; it is kept as it is."""
    if not policy.may_reply(by, answer):
        raise IllegalMove("This question was answered already, or the idea was withdrawn.")
    answer.reply, answer.replied_at = reply, clock.now()
    session().flush()
    audit.record("reply_to_question", answer, by=by)
    facts = {"department": answer.department_id, "asked_by": answer.asked_by_id}
    notices.post("idea.replied", subject=answer.idea, facts=facts)


def _answer(idea: Idea, department: Organisation, by: Person) -> IdeaAnswer:
    """What the department said so far, or its first word."""
    if department.id not in {each.id for each in policy.could_answer(by, idea)}:
        raise NotAllowed("Staff of a department answer an idea that is proposed, if they work for no provider.")
    found = idea.answer_of(department.id)
    if found is not None:
        return found
    answer = IdeaAnswer(department=department, began_at=clock.now())
    with constrained("A colleague answered this idea at the same moment."):
        idea.answers.append(answer)
    return answer


def _tell(verb: str, kind: str, answer: IdeaAnswer, by: Person) -> None:
    session().flush()
    audit.record(verb, answer, by=by, facts={"idea": answer.idea_id, "department": answer.department_id})
    notices.post(kind, subject=answer.idea, facts={"department": answer.department_id})
