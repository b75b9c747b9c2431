"""A provider's own ideas: drafting, proposing and withdrawing them, and replying to departments."""

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel.errors import NotFound
from app.kernel.paging import page_of
from app.kernel.web import actor, guard, see_other
from app.providers.queries import providers_of
from app.responses.ideas import answering, commands, policy, queries
from app.responses.ideas.forms import DraftForm, ReplyForm, idea_form
from app.responses.ideas.gaps import gaps
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.ideas.views.blueprint import bp, kept


@bp.get("/ideas/mine")
@guard(policy.may_have_ideas)
def mine() -> ResponseReturnValue:
    page = page_of(queries.select_ideas_of(actor()), request.args)
    left = [(each, queries.count_left(each)) for each in providers_of(actor())]
    return render_template("ideas/mine.html", page=page, left=left, most=queries.MOST_A_YEAR)


@bp.route("/ideas/new", methods=["GET", "POST"])
@guard(policy.may_have_ideas)
def draft() -> ResponseReturnValue:
    offered = [each for each in providers_of(actor()) if policy.may_draft_idea(actor(), each)]
    form = DraftForm(offered)
    if form.accepted():
        idea = commands.draft_idea(**form.content, by=actor())
        return see_other("ideas.edit", idea_id=idea.id)
    return render_template("ideas/draft.html", form=form, offered=offered), form.status


@bp.route("/ideas/<idea_id>/edit", methods=["GET", "POST"])
@guard(policy.may_read_own_idea, idea=queries.get_own_idea)
def edit(idea: Idea) -> ResponseReturnValue:
    if not policy.may_change_idea(actor(), idea) and request.method == "GET":
        return see_other("ideas.show", idea_id=idea.id)
    form = idea_form(idea, actor())
    if form.pressed == "propose":
        form.make_strict()
    is_good = form.accepted() and form.is_current(idea)
    if is_good and kept(form, lambda: commands.change_idea(idea, **form.content, by=actor())):
        flask.flash("Saved. Only you and your colleagues read it.", "success")
        return see_other("ideas.propose" if form.pressed == "propose" else "ideas.show", idea_id=idea.id)
    return render_template("ideas/edit.html", form=form, idea=idea), form.status


@bp.route("/ideas/<idea_id>/propose", methods=["GET", "POST"])
@guard(policy.may_propose_idea, idea=queries.get_own_idea)
def propose(idea: Idea) -> ResponseReturnValue:
    if request.method == "POST" and not gaps(idea):
        commands.propose_idea(idea, by=actor())
        flask.flash("Proposed. You are told what departments say.", "success")
        return see_other("ideas.show", idea_id=idea.id)
    page = {"missing": gaps(idea), "left": queries.count_left(idea.provider), "most": queries.MOST_A_YEAR}
    return render_template("ideas/propose.html", idea=idea, **page), 422 if request.method == "POST" else 200


@bp.post("/ideas/<idea_id>/withdraw")
@guard(policy.may_read_own_idea, idea=queries.get_own_idea)
def withdraw(idea: Idea) -> ResponseReturnValue:
    commands.withdraw_idea(idea, by=actor())
    flask.flash("The idea is withdrawn.", "success")
    return see_other("ideas.show", idea_id=idea.id)


def _may_come_to_reply(person: Person | None, idea: Idea | None, answer: IdeaAnswer | None) -> bool:
    """On the address of its own idea alone; what was answered meanwhile is said on the page."""
    if idea is not None and (answer is None or answer.idea_id != idea.id):
        raise NotFound
    return policy.may_read_own_idea(person, idea)


@bp.route("/ideas/<idea_id>/answers/<answer_id>/reply", methods=["GET", "POST"])
@guard(_may_come_to_reply, idea=queries.get_own_idea, answer=queries.get_own_answer)
def reply(idea: Idea, answer: IdeaAnswer) -> ResponseReturnValue:
    if request.method == "GET" and not policy.may_reply(actor(), answer):
        return see_other("ideas.show", idea_id=idea.id)
    form = ReplyForm()
    if form.accepted() and kept(form, lambda: answering.reply_to_question(answer, **form.content, by=actor())):
        flask.flash(f"{answer.department.name} is told.", "success")
        return see_other("ideas.show", idea_id=idea.id)
    return render_template("ideas/reply.html", idea=idea, answer=answer, form=form), form.status
