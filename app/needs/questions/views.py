"""Pages of questions: what was answered, asking, and the work of those who answer."""

from typing import Any

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.needs.models import Need
from app.needs.queries import get_visible_need
from app.needs.questions import alike, commands, policy, queries, timing
from app.needs.questions.forms import AnswerForm, AskForm, CorrectForm, HandOverForm
from app.needs.questions.models import WAITING, PublicAnswer, Question
from app.needs.questions.telltales import providers_named_in

bp = Blueprint("questions", __name__, template_folder="templates")


@bp.context_processor
def _rules() -> dict[str, Any]:
    """When questions end and answers are due, for templates."""
    return {"due_at": timing.due_at, "questions_end": timing.questions_end, "takes_questions": timing.takes_questions}


@bp.get("/needs/<need_id>/questions")
@guard(policy.may_read_answers, need=get_visible_need)
def of_need(need: Need) -> ResponseReturnValue:
    person = actor()
    answers = queries.answers_of(need)
    waiting = queries.waiting_questions(need) if policy.may_read_waiting(person, need) else []
    return render_template(
        "questions/of_need.html",
        need=need,
        answers=answers,
        amendments=queries.amendments_after(need),
        standing=queries.standing(need),
        own=queries.own_questions(need, person),
        waiting=waiting,
        drafted=queries.drafted(waiting),
        now=clock.now(),
        may_ask=timing.takes_questions(need) and bool(queries.speakers_for(person, need)),
        correctable={each.id for each in answers if timing.takes_answers(need) and policy.may_correct(person, each)},
        amendable={each.id for each in answers if policy.may_amend_because(person, each)},
        is_handled=policy.is_handled,
    )


@bp.route("/needs/<need_id>/questions/ask", methods=["GET", "POST"])
@guard(policy.may_come_to_ask, need=get_visible_need)
def ask(need: Need) -> ResponseReturnValue:
    speakers = queries.speakers_for(actor(), need)
    form = AskForm(speakers)
    if flask.request.method == "GET":
        return render_template("questions/ask.html", need=need, form=form)
    try:
        # the end of questions comes first: at that moment nothing else is worth mending
        commands.require_questions_taken(need)
        commands.require_inside(speakers)
        if not form.accepted():
            return render_template("questions/ask.html", need=need, form=form), form.status
        commands.ask_question(need, form.organisation.data, text=form.text.data, by=actor())
    except (Conflict, IllegalMove) as refusal:
        form.refuse(f"{refusal.message} Your question was not sent.")
        return render_template("questions/ask.html", need=need, form=form), 409
    flask.flash("Your question has arrived. Only the one officer who handles it can see who asked.", "success")
    return see_other("questions.of_need", need_id=need.id)


@bp.route("/questions/<question_id>", methods=["GET", "POST"])
@guard(policy.may_read_question, question=queries.find_question)
def handle(question: Question) -> ResponseReturnValue:
    if question.state != WAITING or not policy.may_answer(actor(), question):
        return _page(question, None), 409 if flask.request.method == "POST" else 200
    draft = queries.find_draft(question)
    likely = alike.ranked(question, queries.other_questions(question))
    form = AnswerForm(queries.content_of(draft, question), likely, queries.answers_to_name(question.need))
    if not form.is_submitted():
        form.version.data = queries.fingerprint(draft, question)
    elif form.accepted() and form.is_current_draft(draft, question):
        try:
            return _save_or_publish(question, form)
        except (Conflict, IllegalMove) as refusal:
            form.refuse(f"{refusal.message} Nothing was published.")
            return _page(question, form), 409
    return _page(question, form), form.status


def _save_or_publish(question: Question, form: AnswerForm) -> ResponseReturnValue:
    """Save the draft, or publish it; words that may tell who asked are warned of first."""
    if form.pressed != "publish":
        commands.save_draft(question, form.content, by=actor())
        flask.flash("Draft saved. Nobody outside sees it before it is published.", "success")
        return see_other("questions.handle", question_id=question.id)
    texts = (form.wording.data, form.text.data)
    if not form.is_warned_of(providers_named_in(*texts), *texts, typed=question.text):
        return _page(question, form), form.status
    answer = commands.publish_answer(question, form.content, by=actor())
    flask.flash(f"Answer {answer.number} is published. Everybody who follows the need is told now.", "success")
    return see_other("questions.handle", question_id=question.id)


def _page(question: Question, form: AnswerForm | None) -> str:
    """The handling page: who asked stands on it for the officer who handles the question, and for nobody else."""
    person = actor()
    asking = queries.find_asking(question) if policy.may_see_asker(person, question) else None
    may_hand_over = policy.may_hand_over(person, question)
    stored_now = queries.content_of(queries.find_draft(question), question) if form and form.is_stale else {}
    return render_template(
        "questions/handle.html",
        question=question,
        need=question.need,
        form=form,
        stored_now=stored_now,
        asking=asking,
        is_proven=asking is not None and queries.is_proven(asking),
        is_handled=policy.is_handled(question),
        is_mine=policy.handles(person, question),
        may_take_on=policy.may_take_on(person, question),
        hand_over=HandOverForm(queries.officers_to_take(question, person)) if may_hand_over else None,
        may_amend=question.answer is not None and policy.may_amend_because(person, question.answer),
        amendments=queries.amendments_after(question.need).get(question.answer_id or "", []),
        now=clock.now(),
    )


@bp.post("/questions/<question_id>/take-on")
@guard(policy.may_read_question, question=queries.find_question)
def take_on(question: Question) -> ResponseReturnValue:
    commands.take_on_question(question, by=actor())
    flask.flash("You handle this question now.", "success")
    return see_other("questions.handle", question_id=question.id)


@bp.post("/questions/<question_id>/hand-over")
@guard(policy.may_hand_over, question=queries.find_question)
def hand_over(question: Question) -> ResponseReturnValue:
    form = HandOverForm(queries.officers_to_take(question, actor()))
    if not form.accepted():
        raise Conflict("Select an officer to hand the question over to.")
    commands.hand_over_question(question, **form.content, by=actor())
    flask.flash("Handed over. Who asked is not shown to you any more.", "success")
    return see_other("questions.of_need", need_id=question.need_id)


@bp.route("/published-answers/<answer_id>/correct", methods=["GET", "POST"])
@guard(policy.may_correct, answer=queries.find_answer)
def correct(answer: PublicAnswer) -> ResponseReturnValue:
    form = CorrectForm()
    if form.accepted() and form.is_warned_of(providers_named_in(form.text.data), form.text.data):
        try:
            correction = commands.correct_answer(answer, **form.content, by=actor())
        except (Conflict, IllegalMove) as refusal:
            form.refuse(f"{refusal.message} Nothing was published.")
            return render_template("questions/correct.html", answer=answer, need=answer.need, form=form), 409
        flask.flash(f"Answer {correction.number} is published. It corrects answer {answer.number}.", "success")
        return see_other("questions.of_need", need_id=answer.need_id)
    return render_template("questions/correct.html", answer=answer, need=answer.need, form=form), form.status
