"""Pages: an organisation, its people, and the requests to join it."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts import commands, policy, queries
from app.accounts.forms import ClaimForm, RoleForm, TeamForm
from app.accounts.models import REGISTERS, ROLES, Claim, Membership, Organisation
from app.accounts.views.blueprint import bp
from app.kernel import clock
from app.kernel.errors import IllegalMove
from app.kernel.limits import sensitive
from app.kernel.web import absolute, actor, guard, see_other


@bp.get("/organisations/<organisation_id>")
@guard(policy.may_see_organisation, organisation=queries.get_organisation)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    """What the register says; to members who is in it; to its managers what waits for them."""
    person = actor()
    sees, manages = policy.may_see_people(person, organisation), policy.may_manage_people(person, organisation)
    return render_template(
        "accounts/organisation.html",
        organisation=organisation,
        register=REGISTERS.get(organisation.register, organisation.register),
        sees_people=sees,
        manages=manages,
        may=policy,
        person=person,
        members=queries.members_of(organisation) if sees else [],
        invitations=queries.open_invitations(organisation, clock.now()) if manages else [],
        claims=queries.waiting_claims(organisation) if manages else [],
        teams=queries.teams_of(organisation) if organisation.is_department else [],
        domains=queries.domains_of(organisation) if sees else [],
        asked=queries.find_waiting_claim(person, organisation) if person else None,
    )


@bp.post("/memberships/<membership_id>/role")
@guard(policy.may_change_role, membership=queries.get_membership)
def change_role(membership: Membership) -> ResponseReturnValue:
    """Give a member another role."""
    form = RoleForm()
    if not form.accepted() or form.role.data not in membership.organisation.roles:
        raise IllegalMove("There is no such role in this organisation.")
    role = str(form.role.data)
    commands.change_role(membership, role, by=actor())
    flask.flash(f"{membership.person.name} is now {ROLES[role].lower()}.", "success")
    return see_other("accounts.organisation", organisation_id=membership.organisation_id)


@bp.route("/organisations/<organisation_id>/claim", methods=["GET", "POST"])
@sensitive
@guard(policy.may_claim_organisation, organisation=queries.get_organisation)
def claim(organisation: Organisation) -> ResponseReturnValue:
    """Ask to join a supplier that is in the register already."""
    form = ClaimForm()
    if form.accepted():
        link = absolute("accounts.organisation", organisation_id=organisation.id)
        commands.claim_organisation(organisation, **form.content, link=link, by=actor())
        flask.flash(f"Your request to join {organisation.name} was sent. You get a mail with the answer.", "success")
        return see_other("accounts.account")
    return render_template("accounts/claim.html", form=form, organisation=organisation), form.status


@bp.post("/claims/<claim_id>/accept")
@guard(policy.may_answer_claim, claim=queries.get_claim)
def accept_claim(claim: Claim) -> ResponseReturnValue:
    """Let somebody join."""
    commands.accept_claim(claim, by=actor())
    flask.flash(f"{claim.person.name} is now in {claim.organisation.name}.", "success")
    return see_other("accounts.organisation", organisation_id=claim.organisation_id)


@bp.post("/claims/<claim_id>/refuse")
@guard(policy.may_answer_claim, claim=queries.get_claim)
def refuse_claim(claim: Claim) -> ResponseReturnValue:
    """Let somebody not join."""
    commands.refuse_claim(claim, by=actor())
    flask.flash(f"The request of {claim.person.name} was refused.", "success")
    return see_other("accounts.organisation", organisation_id=claim.organisation_id)


@bp.post("/claims/<claim_id>/withdraw")
@guard(policy.may_withdraw_claim, claim=queries.get_claim)
def withdraw_claim(claim: Claim) -> ResponseReturnValue:
    """Take one's own request back."""
    commands.withdraw_claim(claim, by=actor())
    flask.flash(f"Your request to join {claim.organisation.name} was taken back.", "success")
    return see_other("accounts.account")


@bp.route("/organisations/<organisation_id>/teams/new", methods=["GET", "POST"])
@guard(policy.may_create_team, organisation=queries.get_organisation)
def create_team(organisation: Organisation) -> ResponseReturnValue:
    """Enter an in-house team of a department."""
    form = TeamForm()
    if form.accepted():
        team = commands.create_team(organisation, **form.content, by=actor())
        flask.flash(f"{team.name} was created. Invite its people now.", "success")
        return see_other("accounts.organisation", organisation_id=team.id)
    return render_template("accounts/create_team.html", form=form, organisation=organisation), form.status
