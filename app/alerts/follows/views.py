"""Following one need, by a button on its page."""

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.alerts.follows import commands
from app.alerts.policy import may_follow
from app.kernel.web import actor, guard, see_other
from app.needs.models import Need
from app.needs.queries import get_visible_need

bp = Blueprint("follows", __name__, template_folder="templates")


@bp.post("/needs/<need_id>/follow")
@guard(may_follow, need=get_visible_need)
def follow(need: Need) -> ResponseReturnValue:
    commands.follow(need, by=actor())
    flask.flash("You follow this need. Nobody else can see that.", "success")
    return see_other("needs.show", need_id=need.id)


@bp.post("/needs/<need_id>/stop-following")
@guard(may_follow, need=get_visible_need)
def stop(need: Need) -> ResponseReturnValue:
    commands.stop_following(need, by=actor())
    flask.flash("You follow this need no more.", "success")
    return see_other("needs.show", need_id=need.id)
