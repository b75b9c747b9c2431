"""The page on which a provider's staff say what they are looking for."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.providers.models import Provider
from app.providers.policy import may_describe_provider
from app.providers.queries import get_provider
from app.providers.wishes import commands, queries
from app.providers.wishes.forms import WishForm

bp = Blueprint("wishes", __name__, template_folder="templates")


@bp.route("/providers/<provider_id>/looking-for", methods=["GET", "POST"])
@guard(may_describe_provider, provider=get_provider)
def edit(provider: Provider) -> ResponseReturnValue:
    wish = queries.find_wish_of(provider)
    form = WishForm(obj=wish)
    if form.accepted() and (wish is None or form.is_current(wish)):
        commands.tell_wish(provider, **form.content, by=actor())
        flask.flash("What you are looking for was saved.", "success")
        return see_other("providers.show", provider_id=provider.id)
    return render_template("wishes/edit.html", form=form, provider=provider), form.status
