"""Pages: register with an address that is proved first."""

import flask
from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from app.accounts import commands, queries, tokens
from app.accounts.forms import AddressForm, NewAccountForm
from app.accounts.tokens import BadToken, Purpose
from app.accounts.views.blueprint import bp, dead_link, enter, signing_key, start_page
from app.kernel import clock
from app.kernel.limits import sensitive
from app.kernel.web import absolute, actor, anyone, guard, see_other

USED = "It was used already: there is an account for this email address. You can sign in."


@bp.route("/register", methods=["GET", "POST"])
@sensitive
@guard(anyone)
def register() -> ResponseReturnValue:
    """Ask for the link that proves an address; the answer does not tell whether there is an account."""
    if actor():
        return redirect(start_page(), 303)
    form = AddressForm()
    if form.accepted():
        email = str(form.email.data)
        token = tokens.sign(signing_key(), Purpose.REGISTER, email, until=clock.now() + tokens.REGISTER_FOR)
        commands.ask_to_register(
            email,
            link=absolute("accounts.finish_registration", token=token),
            sign_in_link=absolute("accounts.sign_in"),
            reset_link=absolute("accounts.forgotten_password"),
        )
        return see_other("accounts.registration_sent")
    return render_template("accounts/register.html", form=form), form.status


@bp.get("/register/sent")
@guard(anyone)
def registration_sent() -> ResponseReturnValue:
    """Look into your letter box."""
    return render_template("accounts/sent.html", what="finish registering", lasts="24 hours")


@bp.route("/register/<token>", methods=["GET", "POST"])
@sensitive
@guard(anyone)
def finish_registration(token: str) -> ResponseReturnValue:
    """Choose a name and a password under an address that is proved."""
    try:
        email = tokens.read(signing_key(), Purpose.REGISTER, token, now=clock.now())
    except BadToken as error:
        return dead_link(str(error))
    if queries.find_account_at(email):
        return dead_link(USED)
    form = NewAccountForm(owner_email=email)
    department = queries.find_department_of(email)
    if form.accepted():
        person = commands.register_person(email, **form.content)
        enter(person)
        if not department:
            return see_other("accounts.find_supplier")
        flask.flash(f"You are registered, as a buyer of {department.name}.", "success")
        return redirect(start_page(), 303)
    page = render_template("accounts/finish_registration.html", form=form, email=email, department=department)
    return page, form.status
