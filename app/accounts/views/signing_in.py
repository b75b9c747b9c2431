"""Pages: sign in, sign out, and a new password for who forgot it."""

import math
from datetime import datetime

import flask
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from app.accounts import commands, queries, tokens
from app.accounts.forms import AddressForm, NewPasswordForm, SignInForm
from app.accounts.models import Person
from app.accounts.tokens import BadToken, Purpose
from app.accounts.views.blueprint import bp, dead_link, enter, signing_key, start_page
from app.kernel import clock
from app.kernel.limits import sensitive
from app.kernel.requests import keeps_refused
from app.kernel.web import absolute, actor, anyone, guard, local_path, see_other

WRONG = "Your email address and password do not match an account. Check both, or choose a new password."


@bp.route("/sign-in", methods=["GET", "POST"])
@keeps_refused
@sensitive
@guard(anyone)
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to where the person wanted to go."""
    wanted = local_path(request.args.get("next")) or start_page()
    if actor():
        return redirect(wanted, 303)
    form = SignInForm()
    if form.accepted():
        email, address = str(form.email.data), request.remote_addr or ""
        until = queries.blocked_until(email, address)
        if until:
            return _blocked(until)
        person = commands.check_sign_in(email, str(form.password.data), address=address)
        if person:
            enter(person)
            return redirect(wanted, 303)
        form.refuse(WRONG)
    return render_template("accounts/sign_in.html", form=form), form.status


def _blocked(until: datetime) -> ResponseReturnValue:
    minutes = math.ceil((until - clock.now()).total_seconds() / 60)
    return render_template("accounts/blocked.html", minutes=minutes), 429


@bp.post("/sign-out")
@guard(anyone)
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    logout_user()
    flask.session.clear()
    flask.flash("You are signed out.", "success")
    return see_other("accounts.sign_in")


@bp.route("/forgotten-password", methods=["GET", "POST"])
@sensitive
@guard(anyone)
def forgotten_password() -> ResponseReturnValue:
    """Ask for a link to choose a new password; the answer does not tell whether there is an account."""
    form = AddressForm()
    if form.accepted():
        person = queries.find_person_by_email(str(form.email.data))
        if person:
            token = tokens.sign_reset(signing_key(), person, until=clock.now() + tokens.RESET_FOR)
            commands.send_reset(person, link=absolute("accounts.reset_password", token=token))
        return see_other("accounts.reset_sent")
    return render_template("accounts/forgotten_password.html", form=form), form.status


@bp.get("/forgotten-password/sent")
@guard(anyone)
def reset_sent() -> ResponseReturnValue:
    """Look into your letter box."""
    return render_template("accounts/sent.html", what="choose a new password", lasts="one hour")


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@sensitive
@guard(anyone)
def reset_password(token: str) -> ResponseReturnValue:
    """Choose a new password by a mailed link."""
    try:
        person = _holder_of(token)
    except BadToken as error:
        return dead_link(str(error))
    form = NewPasswordForm(owner_email=person.email, owner_name=person.name)
    if form.accepted():
        commands.reset_password(person, str(form.password.data))
        flask.session.clear()
        flask.flash("You have a new password. Sign in with it.", "success")
        return see_other("accounts.sign_in")
    return render_template("accounts/reset_password.html", form=form), form.status


def _holder_of(token: str) -> Person:
    value = tokens.read(signing_key(), Purpose.RESET, token, now=clock.now())
    person_id, _, fingerprint = value.partition(".")
    person = queries.find_person(person_id)
    if person is None or tokens.fingerprint(person) != fingerprint:
        raise BadToken("It was used already, or your password was changed since it was sent.")
    return person
