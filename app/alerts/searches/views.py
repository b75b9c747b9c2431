"""Pages of one's own alerts: all of them, one saved search, how each is told, pausing and deleting."""

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.alerts.models import DAILY, HOW_OFTEN, Alert
from app.alerts.policy import may_hear_of_fit, owns
from app.alerts.searches import commands, queries
from app.alerts.searches.forms import OftenForm, SearchForm
from app.kernel.errors import Conflict
from app.kernel.paging import page_of
from app.kernel.web import actor, guard, see_other, signed_in
from app.matching.fitting import needs_that_fit
from app.needs import browsing
from app.needs.ladder import LADDER
from app.needs.queries import needs_in_order
from app.providers.models import Provider
from app.providers.queries import get_provider

bp = Blueprint("searches", __name__, template_folder="templates")
SHOWN = 30
ADDRESS_OF = {"search": "searches.show", "fit": "searches.show", "follow": "searches.change"}


@bp.get("/alerts")
@guard(signed_in)
def mine() -> ResponseReturnValue:
    person = actor()
    alerts = queries.alerts_of(person)
    return render_template(
        "searches/mine.html",
        alerts={kind: [each for each in alerts if each.kind == kind] for kind in ADDRESS_OF},
        address_of_kind=ADDRESS_OF,
        how_often=HOW_OFTEN,
        unwatched=queries.unwatched_providers(person, alerts),
    )


@bp.route("/alerts/save", methods=["GET", "POST"])
@guard(signed_in)
def save() -> ResponseReturnValue:
    """Save what the needs page's address asks for: read as that page reads it, so that it means the same later."""
    asked = browsing.read_address(request.args)
    form = SearchForm()
    if request.method == "GET":
        form.name.process_data(asked.words[:100] or "All new needs")
    if form.accepted():
        try:
            commands.save_search(**form.content, query=browsing.query_of(asked), by=actor())
        except Conflict as refusal:
            form.refuse(refusal.message)
        else:
            flask.flash("Your search is saved.", "success")
            return see_other("searches.mine")
    return render_template("searches/save.html", form=form, asked=asked, filters=_filters(asked)), form.status


def _filters(asked: browsing.Asked) -> list[tuple[str, str]]:
    """The filters in words."""
    return [
        (browsing.FACETS[facet], ", ".join(asked.names[facet][value] for value in values))
        for facet, values in asked.filters.items()
        if values
    ]


@bp.get("/alerts/<alert_id>")
@guard(owns, alert=queries.get_own_alert)
def show(alert: Alert) -> ResponseReturnValue:
    """What a search finds now, the newest first, with what is new; or which needs fit a provider, and why."""
    if alert.is_follow and alert.need:
        return see_other("needs.show", need_id=alert.need.id)
    page = page_of(queries.findings_of(alert), request.args)
    return render_template(
        "searches/show.html", alert=alert, page=page, needs=_needs_now(alert), how_often=HOW_OFTEN, rungs=LADDER
    )


def _needs_now(alert: Alert) -> list[tuple[object, str, bool]]:
    """Needs, why, and whether each is new: published, or moved, since the person last said that they have seen it."""
    if alert.is_search:
        asked = browsing.read_address(browsing.typed(f"{alert.query}&sort=newest"))
        found = [(need, "") for need in needs_in_order([hit.row_id for hit in browsing.ask(asked).hits])]
    elif alert.provider and may_hear_of_fit(actor(), alert.provider):
        fitting = needs_that_fit(alert.provider)
        found = [
            (each.need, f"“{each.profile.title}” shows {each.count_met} of {len(each.reasons)} things asked for.")
            for each in fitting
        ]
    else:
        found = []
    steps = queries.last_steps([need.id for need, _ in found])
    return [(need, why, need.id in steps and steps[need.id] > alert.looked_at) for need, why in found[:SHOWN]]


@bp.post("/alerts/<alert_id>/seen")
@guard(owns, alert=queries.get_own_alert)
def mark_seen(alert: Alert) -> ResponseReturnValue:
    commands.mark_looked_at(alert, by=actor())
    return see_other("searches.show", alert_id=alert.id)


@bp.route("/alerts/<alert_id>/change", methods=["GET", "POST"])
@guard(owns, alert=queries.get_own_alert)
def change(alert: Alert) -> ResponseReturnValue:
    form = (SearchForm if alert.is_search else OftenForm)(obj=alert if request.method == "GET" else None)
    if form.accepted():
        commands.change_alert(alert, **form.content, by=actor())
        flask.flash("Saved.", "success")
        return see_other("searches.mine")
    return render_template("searches/change.html", form=form, alert=alert), form.status


@bp.post("/alerts/<alert_id>/pause")
@guard(owns, alert=queries.get_own_alert)
def pause(alert: Alert) -> ResponseReturnValue:
    commands.pause_alert(alert, by=actor())
    flask.flash("Paused. You hear nothing of it until you resume it.", "success")
    return see_other("searches.mine")


@bp.post("/alerts/<alert_id>/resume")
@guard(owns, alert=queries.get_own_alert)
def resume(alert: Alert) -> ResponseReturnValue:
    commands.resume_alert(alert, by=actor())
    flask.flash("You hear of it again, of what is new from now on.", "success")
    return see_other("searches.mine")


@bp.post("/alerts/<alert_id>/delete")
@guard(owns, alert=queries.get_own_alert)
def delete(alert: Alert) -> ResponseReturnValue:
    commands.delete_alert(alert, by=actor())
    flask.flash("Deleted.", "success")
    return see_other("searches.mine")


@bp.post("/providers/<provider_id>/watch-fit")
@guard(may_hear_of_fit, provider=get_provider)
def watch(provider: Provider) -> ResponseReturnValue:
    commands.watch_fit(provider, how_often=DAILY, by=actor())
    flask.flash("You hear once a day of new needs that fit, when there are some.", "success")
    return see_other("searches.mine")
