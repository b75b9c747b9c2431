"""Pages on which departments join a need, and keep their own line."""

from collections.abc import Callable

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel.errors import Conflict, NotFound
from app.kernel.forms import Form
from app.kernel.web import actor, guard, see_other
from app.needs.extending import offer_of_time
from app.needs.joint import commands, policy, queries
from app.needs.joint.forms import DeclineForm, JoinForm, LeaveForm, LineForm
from app.needs.models import Need, NeedPartner
from app.needs.policy import may_publish_need
from app.needs.queries import get_visible_need

bp = Blueprint("joint", __name__, template_folder="templates")
May = Callable[[Person | None, NeedPartner], bool]
STATES = {
    "asked": "Asks to join",
    "joined": "Holds the need",
    "declined": "Declined",
    "taken_back": "Taken back",
    "left": "Left",
}


@bp.get("/needs/<need_id>/departments")
@guard(policy.may_see_departments, need=get_visible_need)
def departments(need: Need) -> ResponseReturnValue:
    person = actor()
    shown = [each for each in need.partners if each.state == "joined" or _is_party(person, need, each)]
    return render_template(
        "joint/departments.html",
        need=need,
        partners=shown,
        states=STATES,
        may=policy,
        may_join=policy.may_join(person, need),
    )


def _is_party(person: Person, need: Need, partner: NeedPartner) -> bool:
    """Whether the person may read what a department asked: its own people, and who answers."""
    return policy.speaks_for(person, partner) or may_publish_need(person, need)


@bp.route("/needs/<need_id>/join", methods=["GET", "POST"])
@guard(policy.may_join, need=get_visible_need)
def join(need: Need) -> ResponseReturnValue:
    form = JoinForm(policy.could_join(actor(), need))
    if form.accepted() and _kept(form, lambda: commands.ask_to_join(need, **form.content, by=actor())):
        flask.flash(f"{need.department.name} is asked. You are told what it answers.", "success")
        return see_other("joint.departments", need_id=need.id)
    return render_template("joint/join.html", need=need, form=form), form.status


def _of(may: May) -> Callable[[Person | None, Need, NeedPartner], bool]:
    """The guard of an act on one department's part, on the address of its own need alone."""

    def of_its_need(person: Person | None, need: Need, partner: NeedPartner) -> bool:
        if partner.need_id != need.id:
            raise NotFound
        return may(person, partner)

    return of_its_need


@bp.post("/needs/<need_id>/departments/<partner_id>/accept")
@guard(_of(policy.may_answer_joining), need=get_visible_need, partner=queries.get_partner)
def accept(need: Need, partner: NeedPartner) -> ResponseReturnValue:
    amendment = commands.accept_partner(partner, by=actor())
    flask.flash(f"{partner.department.name} holds the need with you: amendment {amendment.number}.", "success")
    return see_other("joint.departments", need_id=need.id)


@bp.route("/needs/<need_id>/departments/<partner_id>/decline", methods=["GET", "POST"])
@guard(_of(policy.may_decline_joining), need=get_visible_need, partner=queries.get_partner)
def decline(need: Need, partner: NeedPartner) -> ResponseReturnValue:
    form = DeclineForm()
    if form.accepted() and _kept(form, lambda: commands.decline_partner(partner, **form.content, by=actor())):
        flask.flash("Declined, with your reason.", "success")
        return see_other("joint.departments", need_id=need.id)
    heading = f"Decline that {partner.department.name} joins"
    return render_template("joint/act.html", need=need, form=form, heading=heading, button="Decline"), form.status


@bp.post("/needs/<need_id>/departments/<partner_id>/take-back")
@guard(_of(policy.may_take_back), need=get_visible_need, partner=queries.get_partner)
def take_back(need: Need, partner: NeedPartner) -> ResponseReturnValue:
    commands.take_back_joining(partner, by=actor())
    flask.flash("The request is taken back.", "success")
    return see_other("needs.show", need_id=need.id)


@bp.route("/needs/<need_id>/departments/<partner_id>/leave", methods=["GET", "POST"])
@guard(_of(policy.may_leave), need=get_visible_need, partner=queries.get_partner)
def leave(need: Need, partner: NeedPartner) -> ResponseReturnValue:
    form = LeaveForm()
    if form.accepted() and _kept(form, lambda: commands.leave_need(partner, **form.content, by=actor())):
        flask.flash(f"{partner.department.name} has left the need.", "success")
        return see_other("needs.show", need_id=need.id)
    heading = f"{partner.department.name} leaves this need"
    return render_template(
        "joint/act.html", need=need, form=form, heading=heading, button="Leave the need"
    ), form.status


@bp.route("/needs/<need_id>/departments/<partner_id>/money", methods=["GET", "POST"])
@guard(_of(policy.may_change_line), need=get_visible_need, partner=queries.get_partner)
def money(need: Need, partner: NeedPartner) -> ResponseReturnValue:
    form = LineForm(obj=None if flask.request.method == "POST" else partner)
    if flask.request.method == "GET":
        form.reason.process_data("")
    if form.accepted() and _kept(form, lambda: commands.change_line(partner, **form.content, by=actor())):
        flask.flash("Your money line is changed, by an amendment.", "success")
        offer = offer_of_time(need)
        if offer:
            flask.flash(f"Suppliers have {offer.left}. {need.department.name} can give them more time.", "info")
        return see_other("joint.departments", need_id=need.id)
    heading = f"Money of {partner.department.name}"
    button = "Publish the amendment"
    return render_template("joint/act.html", need=need, form=form, heading=heading, button=button), form.status


def _kept(form: Form, act: Callable[[], object]) -> bool:
    """Whether the act was done; otherwise the form says why not."""
    try:
        act()
    except Conflict as refusal:
        form.refuse(refusal.message)
        return False
    return True
