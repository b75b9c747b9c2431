"""Pages on which a provider's staff keep its accreditations."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.providers.accreditations import commands, policy, queries
from app.providers.accreditations.forms import OTHER, AccreditationForm
from app.providers.accreditations.models import Accreditation
from app.providers.models import Provider
from app.providers.queries import get_provider

bp = Blueprint("accreditations", __name__, template_folder="templates")


@bp.route("/providers/<provider_id>/accreditations/new", methods=["GET", "POST"])
@guard(policy.may_add_accreditation, provider=get_provider)
def add(provider: Provider) -> ResponseReturnValue:
    form = AccreditationForm(data={"standard": flask.request.args.get("standard", "")})
    if form.accepted():
        made = commands.add_accreditation(provider, **form.content, by=actor())
        flask.flash(f"{made.title} is on your page.", "success")
        return see_other("providers.show", provider_id=provider.id)
    heading = "Add an accreditation"
    page = render_template("accreditations/edit.html", form=form, provider=provider, heading=heading, row=None)
    return page, form.status


@bp.route("/accreditations/<accreditation_id>/edit", methods=["GET", "POST"])
@guard(policy.may_change_accreditation, accreditation=queries.get_accreditation)
def change(accreditation: Accreditation) -> ResponseReturnValue:
    form = AccreditationForm(obj=accreditation)
    if not form.is_submitted() and not accreditation.standard:
        form.standard.process_data(OTHER)
    if form.accepted() and form.is_current(accreditation):
        commands.change_accreditation(accreditation, **form.content, by=actor())
        flask.flash("Saved.", "success")
        return see_other("providers.show", provider_id=accreditation.provider_id)
    heading, provider = f"Renew or change {accreditation.title}", accreditation.provider
    page = render_template("accreditations/edit.html", form=form, provider=provider, heading=heading, row=accreditation)
    return page, form.status


@bp.post("/accreditations/<accreditation_id>/remove")
@guard(policy.may_change_accreditation, accreditation=queries.get_accreditation)
def remove(accreditation: Accreditation) -> ResponseReturnValue:
    provider_id = accreditation.provider_id
    commands.remove_accreditation(accreditation, by=actor())
    flask.flash("The accreditation was removed.", "success")
    return see_other("providers.show", provider_id=provider_id)
