"""The page of a provider, and what its staff do with it."""

from typing import Any

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.models import Organisation
from app.kernel.web import actor, guard, see_other, signed_in
from app.providers import commands, policy, queries
from app.providers.forms import ProviderForm
from app.providers.models import Provider
from app.providers.portrait import portrait_of
from app.providers.views.blueprint import bp


@bp.get("/providers/mine")
@guard(signed_in)
def mine() -> ResponseReturnValue:
    providers = queries.providers_of(actor())
    held = [
        (provider, queries.profiles_of(provider, actor()), queries.evidence_of(provider, actor()))
        for provider in providers
    ]
    without_page = queries.organisations_without_page(actor())
    return render_template("providers/mine.html", held=held, without_page=without_page)


@bp.post("/organisations/<organisation_id>/provider")
@guard(policy.may_begin_provider, organisation=queries.get_organisation_without_page)
def begin(organisation: Organisation) -> ResponseReturnValue:
    provider = commands.ensure_provider(organisation, by=actor())
    return see_other("providers.edit", provider_id=provider.id)


def _is_public(person: Any, provider: Provider) -> bool:
    """A provider's page is for everybody."""
    return True


@bp.get("/providers/<provider_id>")
@guard(_is_public, provider=queries.get_provider)
def show(provider: Provider) -> ResponseReturnValue:
    return render_template(
        "providers/show.html",
        provider=provider,
        portrait=portrait_of(provider, actor()),
        is_staff=policy.is_staff_of(actor(), provider),
    )


@bp.route("/providers/<provider_id>/edit", methods=["GET", "POST"])
@guard(policy.may_describe_provider, provider=queries.get_provider)
def edit(provider: Provider) -> ResponseReturnValue:
    form = ProviderForm(obj=provider)
    is_stale = False
    if form.accepted():
        is_stale = not form.is_current(provider)
        if not is_stale:
            commands.describe_provider(provider, **form.content, by=actor())
            flask.flash("Your page was saved.", "success")
            return see_other("providers.show", provider_id=provider.id)
    return render_template("providers/edit.html", form=form, provider=provider, is_stale=is_stale), form.status
