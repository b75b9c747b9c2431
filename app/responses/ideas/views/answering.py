"""What a department does with an idea: mark interest, ask back, decline, or take it up as a need."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.responses.ideas import answering, policy, queries
from app.responses.ideas.forms import AskForm, DeclineForm, DepartmentForm, TakeUpForm
from app.responses.ideas.models import Idea
from app.responses.ideas.views.blueprint import bp, kept


@bp.route("/ideas/<idea_id>/interest", methods=["GET", "POST"])
@guard(policy.may_answer_idea, idea=queries.get_read_idea)
def interest(idea: Idea) -> ResponseReturnValue:
    form = DepartmentForm(policy.could_answer(actor(), idea))
    if form.accepted() and kept(form, lambda: answering.mark_interest(idea, **form.content, by=actor())):
        flask.flash(f"{idea.provider.name} is told that your department is interested.", "success")
        return see_other("ideas.show", idea_id=idea.id)
    told = "The provider reads that your department is interested, not who you are."
    page = {"heading": "Mark interest", "button": "Tell the provider", "told": told}
    return render_template("ideas/act.html", idea=idea, form=form, **page), form.status


@bp.route("/ideas/<idea_id>/ask", methods=["GET", "POST"])
@guard(policy.may_answer_idea, idea=queries.get_read_idea)
def ask(idea: Idea) -> ResponseReturnValue:
    form = AskForm(policy.could_answer(actor(), idea))
    if form.accepted() and kept(form, lambda: answering.ask_back(idea, **form.content, by=actor())):
        flask.flash("Your question is sent.", "success")
        return see_other("ideas.show", idea_id=idea.id)
    page = {"heading": "Ask one thing", "button": "Send the question", "told": ""}
    return render_template("ideas/act.html", idea=idea, form=form, **page), form.status


@bp.route("/ideas/<idea_id>/decline", methods=["GET", "POST"])
@guard(policy.may_answer_idea, idea=queries.get_read_idea)
def decline(idea: Idea) -> ResponseReturnValue:
    form = DeclineForm(policy.could_answer(actor(), idea))
    if form.accepted() and kept(form, lambda: answering.decline_idea(idea, **form.content, by=actor())):
        flask.flash(f"{idea.provider.name} is told, with your reason.", "success")
        return see_other("ideas.show", idea_id=idea.id)
    told = "This is your department's answer. Other departments can still take the idea up."
    page = {"heading": "Decline the idea", "button": "Decline", "told": told}
    return render_template("ideas/act.html", idea=idea, form=form, **page), form.status


@bp.route("/ideas/<idea_id>/take-up", methods=["GET", "POST"])
@guard(policy.may_answer_idea, idea=queries.get_read_idea)
def take_up(idea: Idea) -> ResponseReturnValue:
    form = TakeUpForm(policy.could_answer(actor(), idea))
    if not form.is_submitted():
        form.title.process_data(idea.title)
    begun: list[str] = []

    def begin() -> None:
        begun.append(answering.take_up_idea(idea, **form.content, by=actor()).id)

    if form.accepted() and kept(form, begin):
        flask.flash("Your draft is saved. Nobody outside sees it before you publish it.", "success")
        return see_other("needs.edit", need_id=begun[0])
    return render_template("ideas/take_up.html", idea=idea, form=form), form.status
