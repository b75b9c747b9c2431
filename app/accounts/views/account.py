"""Pages: one's own account."""

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import commands, queries
from app.accounts.forms import ChangePasswordForm, NameForm
from app.accounts.models import Membership, Person
from app.accounts.policy import may_end_membership, may_register_supplier
from app.accounts.views.blueprint import bp, enter
from app.kernel import clock
from app.kernel.limits import sensitive
from app.kernel.web import actor, guard, see_other, signed_in


@bp.get("/account")
@guard(signed_in)
def account() -> ResponseReturnValue:
    """Who one is, where one belongs, and what waits for an answer."""
    person = actor()
    return render_template(
        "accounts/account.html",
        person=person,
        memberships=sorted(person.memberships, key=lambda m: m.organisation.name),
        invitations=queries.invitations_for(person, clock.now()),
        claims=queries.claims_of(person),
        may_register=may_register_supplier(person),
    )


@bp.route("/account/name", methods=["GET", "POST"])
@guard(signed_in)
def change_name() -> ResponseReturnValue:
    """Be called by another name."""
    person = actor()
    form = NameForm(obj=person)
    if form.accepted():
        commands.change_name(person, **form.content, by=person)
        flask.flash("Your name was changed.", "success")
        return see_other("accounts.account")
    return render_template("accounts/change_name.html", form=form), form.status


@bp.route("/account/password", methods=["GET", "POST"])
@sensitive
@guard(signed_in)
def change_password() -> ResponseReturnValue:
    """Choose a new password; every other browser is signed out."""
    person = actor()
    form = ChangePasswordForm(owner_email=person.email, owner_name=person.name)
    if form.accepted():
        if _knows_password(person, str(form.current.data)):
            commands.change_password(person, str(form.password.data), by=person)
            enter(person)
            flask.flash("Your password was changed. Every other browser is signed out.", "success")
            return see_other("accounts.account")
        form.fail("current", "This is not your current password")
    return render_template("accounts/change_password.html", form=form), form.status


def _knows_password(person: Person, password: str) -> bool:
    """Whether this is the password; tries count as for signing in, since a stolen session must not guess at will."""
    address = request.remote_addr or ""
    if queries.blocked_until(person.email, address):
        return False
    return commands.check_sign_in(person.email, password, address=address) is not None


@bp.post("/memberships/<membership_id>/end")
@guard(may_end_membership, membership=queries.get_membership)
def end_membership(membership: Membership) -> ResponseReturnValue:
    """Leave an organisation, or end somebody's membership of it."""
    person = actor()
    commands.end_membership(membership, by=person)
    if membership.person_id == person.id:
        flask.flash(f"You have left {membership.organisation.name}.", "success")
        return see_other("accounts.account")
    flask.flash(f"{membership.person.name} is no longer in {membership.organisation.name}.", "success")
    return see_other("accounts.organisation", organisation_id=membership.organisation_id)
