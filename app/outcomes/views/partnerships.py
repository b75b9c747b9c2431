"""Pages of partnerships: all of them, one of them, and recording how it went."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.paging import page_of
from app.kernel.web import actor, anyone, guard, see_other
from app.needs.models import Need
from app.needs.policy import may_see_need
from app.needs.queries import get_visible_need
from app.outcomes import commands, forms, queries
from app.outcomes.models import RESULTS, Partnership
from app.outcomes.policy import (
    may_end_partnership,
    may_record_outcome,
    may_see_partnership,
    may_see_what_became,
    may_start_partnership,
    owes_outcome,
    side_of,
)
from app.outcomes.views.blueprint import bp


@bp.get("/partnerships")
@guard(anyone)
def browse() -> ResponseReturnValue:
    """Every partnership that may be seen, the latest first."""
    page = page_of(queries.visible_partnerships(actor()), request.args)
    return render_template("outcomes/browse.html", page=page, RESULTS=RESULTS)


@bp.get("/needs/<need_id>/partnerships")
@guard(may_see_what_became, need=get_visible_need)
def of_need(need: Need) -> ResponseReturnValue:
    """What became of one need."""
    found = [p for p in queries.partnerships_of_need(need) if may_see_partnership(actor(), p)]
    return render_template("outcomes/of_need.html", need=need, partnerships=found, RESULTS=RESULTS)


@bp.get("/partnerships/<partnership_id>")
@guard(may_see_partnership, partnership=queries.get_visible_partnership)
def show(partnership: Partnership) -> ResponseReturnValue:
    """One partnership, with both sides' reports once both are there."""
    person = actor()
    return render_template(
        "outcomes/show.html",
        partners=queries.partners_in(partnership),
        partnership=partnership,
        side=side_of(person, partnership),
        reports={report.side: report for report in partnership.reports},
        owes_outcome=owes_outcome(person, partnership),
        may_start=may_start_partnership(person, partnership) and partnership.can("start"),
        may_record=may_record_outcome(person, partnership) and partnership.takes_reports,
        may_see_next=partnership.next_need is not None and may_see_need(person, partnership.next_need),
        may_end=may_end_partnership(person, partnership) and partnership.can("end_early"),
        RESULTS=RESULTS,
    )


@bp.route("/partnerships/<partnership_id>/start", methods=["GET", "POST"])
@guard(may_start_partnership, partnership=queries.get_visible_partnership)
def start(partnership: Partnership) -> ResponseReturnValue:
    """Say from when to when the work runs."""
    if request.method == "GET" and not partnership.can("start"):
        return see_other("outcomes.show", partnership_id=partnership.id)
    form = forms.StartForm()
    if form.accepted():
        commands.start_partnership(partnership, **form.content, by=actor())
        flash("The partnership has started.", "success")
        return see_other("outcomes.show", partnership_id=partnership.id)
    return render_template("outcomes/start.html", partnership=partnership, form=form), form.status


@bp.route("/partnerships/<partnership_id>/end", methods=["GET", "POST"])
@guard(may_end_partnership, partnership=queries.get_visible_partnership)
def end(partnership: Partnership) -> ResponseReturnValue:
    """End it before its time."""
    if request.method == "GET" and not partnership.can("end_early"):
        return see_other("outcomes.show", partnership_id=partnership.id)
    form = forms.EndForm()
    if form.accepted():
        commands.end_partnership_early(partnership, **form.content, by=actor())
        flash("The partnership was ended.", "success")
        return see_other("outcomes.show", partnership_id=partnership.id)
    return render_template("outcomes/end.html", partnership=partnership, form=form), form.status


@bp.route("/partnerships/<partnership_id>/record", methods=["GET", "POST"])
@guard(may_record_outcome, partnership=queries.get_visible_partnership)
def record(partnership: Partnership) -> ResponseReturnValue:
    """Record how it went, against the need's own success measures."""
    if request.method == "GET" and not partnership.takes_reports:
        return see_other("outcomes.show", partnership_id=partnership.id)
    side = side_of(actor(), partnership)
    own = partnership.report_of(side)
    form = forms.record_form(partnership.need.measures, own)
    if form.accepted() and form.is_current(own or forms.Unwritten()):
        said = {"result": form.result.data, "helped": form.helped.data, "hindered": form.hindered.data}
        commands.record_outcome(partnership, **said, results=form.results, by=actor())
        flash("Your record was saved.", "success")
        return see_other("outcomes.show", partnership_id=partnership.id)
    return render_template("outcomes/record.html", partnership=partnership, form=form, side=side), form.status
