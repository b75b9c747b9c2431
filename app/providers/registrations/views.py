"""The page on which a provider's staff state its registrations."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.providers.models import Provider
from app.providers.policy import may_describe_provider
from app.providers.queries import get_provider
from app.providers.registrations import commands, queries
from app.providers.registrations.forms import RegistrationsForm

bp = Blueprint("registrations", __name__, template_folder="templates")


@bp.route("/providers/<provider_id>/registrations", methods=["GET", "POST"])
@guard(may_describe_provider, provider=get_provider)
def edit(provider: Provider) -> ResponseReturnValue:
    stated = [{"scheme": each.scheme, "identifier": each.number} for each in queries.registrations_of(provider)]
    form = RegistrationsForm(data={"registrations": stated})
    if form.accepted():
        commands.state_registrations(provider, **form.content, by=actor())
        flask.flash("Your registrations were saved.", "success")
        return see_other("providers.show", provider_id=provider.id)
    own = queries.known_numbers_of(provider)[0]
    return render_template("registrations/edit.html", form=form, provider=provider, own=own), form.status
