"""Evidence: reading it, and stating, changing and removing what a provider says of its past work."""

from typing import Any

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.providers import commands, policy, queries
from app.providers.forms import EvidenceForm
from app.providers.models import Evidence, Provider
from app.providers.views.blueprint import bp


def _is_loaded(person: Any, evidence: Evidence) -> bool:
    """The loader gave it, so the person may see it."""
    return True


@bp.get("/evidence/<evidence_id>")
@guard(_is_loaded, evidence=queries.get_visible_evidence)
def show_evidence(evidence: Evidence) -> ResponseReturnValue:
    return render_template(
        "providers/evidence.html",
        evidence=evidence,
        may_change=policy.may_change_evidence(actor(), evidence),
    )


@bp.route("/providers/<provider_id>/evidence/new", methods=["GET", "POST"])
@guard(policy.may_state_evidence, provider=queries.get_provider)
def state_evidence(provider: Provider) -> ResponseReturnValue:
    form = EvidenceForm()
    if form.accepted():
        evidence = commands.state_evidence(provider, **form.content, by=actor())
        flask.flash("Saved. Add it to the solution profiles that it supports, so that departments see it.", "success")
        return see_other("providers.show_evidence", evidence_id=evidence.id)
    return render_template("providers/state_evidence.html", form=form, provider=provider), form.status


@bp.route("/evidence/<evidence_id>/edit", methods=["GET", "POST"])
@guard(policy.may_change_evidence, evidence=queries.get_visible_evidence)
def change_evidence(evidence: Evidence) -> ResponseReturnValue:
    form = EvidenceForm(obj=evidence)
    is_stale = False
    if form.accepted():
        is_stale = not form.is_current(evidence)
        if not is_stale:
            commands.change_evidence(evidence, **form.content, by=actor())
            return see_other("providers.show_evidence", evidence_id=evidence.id)
    return render_template(
        "providers/change_evidence.html", form=form, evidence=evidence, is_stale=is_stale
    ), form.status


@bp.post("/evidence/<evidence_id>/remove")
@guard(policy.may_remove_evidence, evidence=queries.get_visible_evidence)
def remove_evidence(evidence: Evidence) -> ResponseReturnValue:
    provider_id = evidence.provider_id
    commands.remove_evidence(evidence, by=actor())
    flask.flash("The evidence was removed.", "success")
    return see_other("providers.show", provider_id=provider_id)
