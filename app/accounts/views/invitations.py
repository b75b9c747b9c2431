"""Pages: invite somebody, take an invitation back, accept one."""

from functools import partial

import flask
from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from app.accounts import commands, queries
from app.accounts.forms import InviteForm, NewAccountForm
from app.accounts.models import Invitation, Organisation, Person
from app.accounts.policy import may_accept_invitation, may_cancel_invitation, may_invite
from app.accounts.views.blueprint import bp, dead_link, enter, start_page
from app.kernel import clock
from app.kernel.limits import sensitive
from app.kernel.web import absolute, actor, anyone, guard, see_other


@bp.route("/organisations/<organisation_id>/invite", methods=["GET", "POST"])
@sensitive
@guard(may_invite, organisation=queries.get_organisation)
def invite(organisation: Organisation) -> ResponseReturnValue:
    """Invite the holder of an address into the organisation."""
    form = InviteForm(organisation, partial(queries.why_not_invite, by=actor()))
    if form.accepted():
        commands.invite_person(organisation, **form.content, link=_link, by=actor())
        flask.flash(f"An invitation was sent to {form.email.data}.", "success")
        return see_other("accounts.organisation", organisation_id=organisation.id)
    domains = queries.domains_of(organisation)
    return render_template("accounts/invite.html", form=form, organisation=organisation, domains=domains), form.status


def _link(secret: str) -> str:
    return absolute("accounts.invitation", secret=secret)


@bp.post("/invitations/<invitation_id>/cancel")
@guard(may_cancel_invitation, invitation=queries.get_invitation)
def cancel_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Take an invitation back."""
    commands.cancel_invitation(invitation, by=actor())
    flask.flash(f"The invitation to {invitation.email} was cancelled.", "success")
    return see_other("accounts.organisation", organisation_id=invitation.organisation_id)


@bp.post("/invitations/<invitation_id>/accept")
@guard(may_accept_invitation, invitation=queries.get_offered_invitation)
def accept_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Accept an invitation to one's own address."""
    return _accept(invitation, actor())


def _accept(invitation: Invitation, person: Person) -> ResponseReturnValue:
    commands.accept_invitation(invitation, by=person)
    flask.flash(f"You are now in {invitation.organisation.name}.", "success")
    return see_other("accounts.organisation", organisation_id=invitation.organisation_id)


@bp.route("/invitations/<secret>", methods=["GET", "POST"])
@sensitive
@guard(anyone)
def invitation(secret: str) -> ResponseReturnValue:
    """The page of the mailed link: it accepts for who has the address, and registers who has no account."""
    offered = queries.find_invitation_by_secret(secret)
    reason = _why_dead(offered)
    if offered is None or reason:
        return dead_link(reason)
    person = actor()
    if person is None and queries.find_account_at(offered.email) is None:
        return _register(offered)
    may_accept = may_accept_invitation(person, offered)
    if flask.request.method == "POST" and may_accept:
        return _accept(offered, person)
    page = {"invitation": offered, "person": person, "secret": secret, "may_accept": may_accept}
    return render_template("accounts/invitation.html", **page)


def _why_dead(offered: Invitation | None) -> str:
    if offered is None:
        return "It is not complete, or it was changed on its way."
    if not offered.can("accept"):
        return "It was used already." if offered.state == "accepted" else "The invitation was taken back."
    return "It is too old. Ask for a new invitation." if clock.now() >= offered.expires_at else ""


def _register(offered: Invitation) -> ResponseReturnValue:
    form = NewAccountForm(owner_email=offered.email)
    if form.accepted():
        enter(commands.register_by_invitation(offered, **form.content))
        flask.flash(f"You are registered, and in {offered.organisation.name}.", "success")
        return redirect(start_page(), 303)
    return render_template("accounts/register_by_invitation.html", form=form, invitation=offered), form.status
