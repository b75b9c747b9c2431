"""Pages for everybody: the search for needs, and a need as a brief."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.capabilities.queries import name_in
from app.kernel import web
from app.kernel.paging import Page, page_of
from app.kernel.templating import address_with
from app.kernel.web import actor, guard
from app.needs import audience, brief, browsing, ladder, policy, queries
from app.needs.firsts.queries import told_to
from app.needs.models import CLOSED, CONCLUDED, DRAFT, FIRM, LIVE, WITHDRAWN, Need
from app.needs.questions.queries import answer_numbers
from app.needs.views.blueprint import bp

SHOWN = {"drafts": (DRAFT,), "live": (LIVE,), "ended": (CLOSED, CONCLUDED, WITHDRAWN), "all": ()}


@bp.get("/needs")
@guard(web.anyone)
def browse() -> ResponseReturnValue:
    asked = browsing.read_address(request.args)
    found = browsing.ask(asked)
    needs = {need.id: need for need in queries.needs_in_order([hit.row_id for hit in found.hits])}
    hits = [(hit, needs[hit.row_id]) for hit in found.hits if hit.row_id in needs]
    return render_template(
        "needs/browse.html",
        asked=asked,
        found=found,
        broader=name_in(found.instead),
        page=Page(hits, found.page, found.size, found.total),
        groups=browsing.groups(asked, found),
        chosen=_chosen(asked),
        query=browsing.query_of(asked),
        sorts=list(browsing.SORTS.items()),
        may_post=policy.may_post_need(actor()),
    )


def _chosen(asked: browsing.Asked) -> list[tuple[str, str]]:
    """Each chosen filter in words, and the address without it."""
    return [
        (asked.names[facet][value], address_with(page=None, **{facet: _without(values, value)}))
        for facet, values in asked.filters.items()
        for value in values
    ]


def _without(values: list[str], value: str) -> list[str] | None:
    return [each for each in values if each != value] or None


@bp.get("/needs/ladder")
@guard(web.anyone)
def show_ladder() -> ResponseReturnValue:
    return render_template("needs/ladder.html", asked_at=ladder.asked_at, firm=FIRM)


@bp.get("/needs/mine")
@guard(policy.may_post_need)
def mine() -> ResponseReturnValue:
    person = actor()
    wanted = request.args.get("show", "all")
    shown = wanted if wanted in SHOWN else "all"
    page = page_of(queries.select_needs_of(person, *SHOWN[shown]), request.args)
    return render_template("needs/mine.html", page=page, shown=shown)


@bp.get("/needs/<need_id>")
@guard(policy.may_see_need, need=queries.get_visible_need)
def show(need: Need) -> ResponseReturnValue:
    person = actor()
    amendments = queries.amendments_of(need)
    return render_template(
        "needs/show.html",
        need=need,
        facts=brief.facts(need),
        constraints=brief.constraints(need),
        owners=brief.owners(need, with_names=policy.may_see_owner_names(person, need)),
        acts=_acts(need),
        history=brief.history(need, queries.moves_of(need), amendments),
        amendments=amendments,
        first_answers=told_to(person, need),
        version=len(amendments) + 1,
        audience=audience.shown(need, person),
        answer_numbers=answer_numbers(amendments),
    )


def _acts(need: Need) -> list[tuple[str, str]]:
    return [(text, url_for(endpoint, need_id=need.id)) for text, endpoint in brief.acts(need, actor())]
