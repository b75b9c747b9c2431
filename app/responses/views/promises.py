"""Drafting what a response promises: its team, the knowledge that is passed on, the assets that are released."""

from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard
from app.responses import policy
from app.responses.models import Response, SubmissionReceipt
from app.responses.promises import commands
from app.responses.promises.forms import AssetsForm, TransferForm, team_form
from app.responses.promises.queries import people_of
from app.responses.views.blueprint import bp
from app.responses.views.doors import own_response
from app.responses.views.saving import section


@bp.route("/responses/<response_id>/edit/team", methods=["GET", "POST"])
@guard(policy.may_lead_response, response=own_response)
def edit_team(response: Response) -> ResponseReturnValue:
    people = people_of(response)
    form = team_form(people, response)

    def save() -> SubmissionReceipt | None:
        return commands.name_team(response, parts=form.parts, by=actor())

    template = "responses/edit_team.html"
    return section(response, lambda: response, form, save, template, is_strict=False, people=people)


@bp.route("/responses/<response_id>/edit/knowledge-transfer", methods=["GET", "POST"])
@guard(policy.may_lead_response, response=own_response)
def edit_transfer(response: Response) -> ResponseReturnValue:
    form = TransferForm(obj=response)

    def save() -> SubmissionReceipt | None:
        return commands.promise_transfer(response, **form.content, by=actor())

    return section(response, lambda: response, form, save, "responses/edit_transfer.html", is_strict=False)


@bp.route("/responses/<response_id>/edit/assets", methods=["GET", "POST"])
@guard(policy.may_lead_response, response=own_response)
def edit_assets(response: Response) -> ResponseReturnValue:
    form = AssetsForm(obj=response)

    def save() -> SubmissionReceipt | None:
        return commands.promise_assets(response, **form.content, by=actor())

    return section(response, lambda: response, form, save, "responses/edit_assets.html", is_strict=False)
