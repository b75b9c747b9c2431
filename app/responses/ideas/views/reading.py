"""Reading ideas: one of them, all of them, those that fit, and what everybody may read."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.capabilities.queries import choices, names_of
from app.kernel import clock
from app.kernel.paging import page_from, page_of
from app.kernel.web import actor, guard
from app.needs.models import Need
from app.needs.queries import get_visible_need
from app.providers.models import Provider
from app.providers.queries import get_provider
from app.responses.ideas import fitting, policy, queries
from app.responses.ideas.models import UNANSWERED_AFTER, Idea
from app.responses.ideas.telling import count_working, told
from app.responses.ideas.views.blueprint import bp


@bp.get("/ideas")
@guard(policy.may_look_at_ideas)
def browse() -> ResponseReturnValue:
    words = " ".join(request.args.get("q", "")[:500].replace("\0", " ").split())
    wanted = request.args.get("capability", "")[:80].replace("\0", "")
    capability_id = wanted if wanted in names_of([wanted]) else ""
    page = page_of(queries.select_current(words, capability_id), request.args)
    asked = {"words": words, "capability": capability_id, "choices": choices()}
    return render_template("ideas/browse.html", page=page, ours=queries.department_ids_of(actor()), **asked)


@bp.get("/ideas/for-us")
@guard(policy.may_look_at_ideas)
def for_us() -> ResponseReturnValue:
    page = page_from(fitting.ideas_for(actor()), request.args)
    return render_template("ideas/for_us.html", page=page, ours=queries.department_ids_of(actor()))


@bp.get("/needs/<need_id>/ideas")
@guard(policy.may_find_ideas, need=get_visible_need)
def of_need(need: Need) -> ResponseReturnValue:
    found = fitting.ideas_that_fit([need])
    return render_template("ideas/of_need.html", need=need, found=found, ours=queries.department_ids_of(actor()))


@bp.get("/ideas/<idea_id>")
@guard(policy.may_see_idea, idea=queries.get_visible_idea)
def show(idea: Idea) -> ResponseReturnValue:
    person = actor()
    if not policy.may_read_idea(person, idea):
        return render_template("ideas/public.html", idea=idea)
    ours = queries.department_ids_of(person)
    waits = idea.proposed_at is not None and clock.now() - idea.proposed_at >= UNANSWERED_AFTER
    return render_template(
        "ideas/show.html",
        idea=idea,
        is_own=policy.may_read_own_idea(person, idea),
        told=told(idea),
        count_working=count_working(idea),
        own_answers=[each for each in idea.answers if each.department_id in ours],
        ours=ours,
        may=policy,
        waits_long=waits,
        days=UNANSWERED_AFTER.days,
    )


@bp.get("/providers/<provider_id>/ideas")
@guard(policy.may_see_public_ideas, provider=get_provider)
def of_provider(provider: Provider) -> ResponseReturnValue:
    return render_template("ideas/of_provider.html", provider=provider, ideas=queries.public_ideas_of(provider))
