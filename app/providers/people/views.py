"""Pages on which a provider's staff keep the list of its people."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.providers.models import Provider, TeamMember
from app.providers.people import commands, policy, queries
from app.providers.people.forms import TeamMemberForm
from app.providers.queries import get_provider

bp = Blueprint("people", __name__, template_folder="templates")


@bp.get("/providers/<provider_id>/people")
@guard(policy.may_keep_team, provider=get_provider)
def of_provider(provider: Provider) -> ResponseReturnValue:
    team, skills = queries.team_of(provider), queries.skills_of(provider)
    return render_template("people/of_provider.html", provider=provider, team=team, skills=skills)


@bp.route("/providers/<provider_id>/people/new", methods=["GET", "POST"])
@guard(policy.may_keep_team, provider=get_provider)
def add(provider: Provider) -> ResponseReturnValue:
    form = TeamMemberForm()
    if form.accepted():
        member = commands.add_team_member(provider, **form.content, by=actor())
        flask.flash(f"{member.name} was added.", "success")
        return see_other("people.of_provider", provider_id=provider.id)
    heading = "Add one of your people"
    page = render_template("people/member.html", form=form, provider=provider, heading=heading, member=None)
    return page, form.status


@bp.route("/team-members/<member_id>/edit", methods=["GET", "POST"])
@guard(policy.may_change_team_member, member=queries.get_team_member)
def change(member: TeamMember) -> ResponseReturnValue:
    form = TeamMemberForm(obj=member)
    if form.accepted() and form.is_current(member):
        commands.change_team_member(member, **form.content, by=actor())
        flask.flash("Saved.", "success")
        return see_other("people.of_provider", provider_id=member.provider_id)
    heading = f"Change {member.name}"
    page = render_template("people/member.html", form=form, provider=member.provider, heading=heading, member=member)
    return page, form.status


@bp.post("/team-members/<member_id>/remove")
@guard(policy.may_change_team_member, member=queries.get_team_member)
def remove(member: TeamMember) -> ResponseReturnValue:
    commands.remove_team_member(member, by=actor())
    flask.flash("They were removed from your people.", "success")
    return see_other("people.of_provider", provider_id=member.provider_id)
