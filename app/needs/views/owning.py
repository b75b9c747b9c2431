"""Pages for the owners of a need and their duties."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.queries import buyers_of
from app.kernel.errors import Conflict, NotFound
from app.kernel.web import actor, guard, see_other
from app.needs import commands, policy, queries
from app.needs.forms import OwnerForm
from app.needs.models import Need
from app.needs.views.blueprint import bp


@bp.route("/needs/<need_id>/owners", methods=["GET", "POST"])
@guard(policy.may_choose_owners, need=queries.get_visible_need)
def owners(need: Need) -> ResponseReturnValue:
    form = OwnerForm([each for department in need.departments for each in buyers_of(department)])
    if form.accepted():
        try:
            commands.add_owner(need, **form.content, by=actor())
        except Conflict as refusal:
            form.refuse(refusal.message)
        else:
            flask.flash("The duty is given.", "success")
            return see_other("needs.owners", need_id=need.id)
    return render_template("needs/owners.html", need=need, form=form), form.status


@bp.post("/needs/<need_id>/owners/<owner_id>/remove")
@guard(policy.may_choose_owners, need=queries.get_visible_need)
def remove_owner(need: Need, owner_id: str) -> ResponseReturnValue:
    owner = next((owner for owner in need.owners if owner.id == owner_id), None)
    if owner is None:
        raise NotFound
    commands.remove_owner(need, owner, by=actor())
    flask.flash("The duty is taken away.", "success")
    if not policy.may_choose_owners(actor(), need):
        return see_other("needs.mine")
    return see_other("needs.owners", need_id=need.id)
