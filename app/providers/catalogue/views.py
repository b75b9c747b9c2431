"""Pages of catalogues: sending one, looking at what it would change, bringing it in; and the files to take away."""

import flask
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.kernel import files
from app.kernel.display import plural
from app.kernel.errors import Conflict
from app.kernel.paging import page_from
from app.kernel.requests import takes_files
from app.kernel.web import actor, guard, see_other
from app.providers.catalogue import commands, policy, queries
from app.providers.catalogue.columns import COLUMNS
from app.providers.catalogue.forms import BringInForm, UploadForm
from app.providers.catalogue.models import BROUGHT_IN, CatalogueUpload
from app.providers.catalogue.planning import CHANGED, FATES, NEW, Plan
from app.providers.catalogue.reading import WrongCatalogue, read_catalogue
from app.providers.models import Provider

bp = Blueprint("catalogue", __name__, template_folder="templates")
TITLES = {"new": "New", "changed": "Changed", "unchanged": "Unchanged", "refused": "Refused"}


@bp.route("/providers/<provider_id>/catalogue", methods=["GET", "POST"])
@takes_files
@guard(policy.may_keep_catalogue, provider=queries.get_own_provider)
def of_provider(provider: Provider) -> ResponseReturnValue:
    form = UploadForm()
    if form.accepted():
        sent = form.content["file"]
        try:
            rows = read_catalogue(files.path_of(sent.digest).read_bytes())
        except WrongCatalogue as wrong:
            form.fail("file", str(wrong))
        else:
            upload = commands.keep_upload(provider, name=sent.name, rows=rows, by=actor())
            return see_other("catalogue.preview", upload_id=upload.id)
    waiting = queries.waiting_uploads(provider)
    page = render_template(
        "catalogue/of_provider.html", provider=provider, form=form, waiting=waiting, columns=COLUMNS.values()
    )
    return page, form.status


@bp.get("/providers/<provider_id>/catalogue/profiles.csv")
@guard(policy.may_keep_catalogue, provider=queries.get_own_provider)
def export(provider: Provider) -> ResponseReturnValue:
    return _file(queries.profiles_as_csv(provider), "solution-profiles.csv")


@bp.get("/providers/<provider_id>/catalogue/example.csv")
@guard(policy.may_keep_catalogue, provider=queries.get_own_provider)
def example(provider: Provider) -> ResponseReturnValue:
    return _file(queries.empty_csv(), "catalogue.csv")


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/catalogue-uploads/<upload_id>")
@guard(policy.may_bring_in_catalogue, upload=queries.get_own_upload)
def preview(upload: CatalogueUpload) -> ResponseReturnValue:
    if upload.state == BROUGHT_IN:
        return see_other("catalogue.of_provider", provider_id=upload.provider_id)
    return _preview(upload, queries.plan_of(upload), BringInForm())


@bp.post("/catalogue-uploads/<upload_id>/bring-in")
@guard(policy.may_bring_in_catalogue, upload=queries.get_own_upload)
def bring_in(upload: CatalogueUpload) -> ResponseReturnValue:
    if upload.state == BROUGHT_IN:
        flask.flash("These changes were brought in already.", "info")
        return see_other("catalogue.of_provider", provider_id=upload.provider_id)
    form = BringInForm()
    if not form.accepted():
        return _preview(upload, queries.plan_of(upload), form)
    try:
        counts = commands.bring_in_catalogue(upload, mark=form.mark.data, by=actor()).counts
    except Conflict as conflict:
        form.refuse(conflict.message)
        return _preview(upload, queries.plan_of(upload), form)
    told = f"{plural(counts[NEW], 'draft was made', 'drafts were made')}, and "
    told += f"{plural(counts[CHANGED], 'solution profile', 'solution profiles')} changed."
    flask.flash(f"Brought in: {told} Publish a draft when it is complete.", "success")
    return see_other("providers.mine")


@bp.post("/catalogue-uploads/<upload_id>/drop")
@guard(policy.may_bring_in_catalogue, upload=queries.get_own_upload)
def drop(upload: CatalogueUpload) -> ResponseReturnValue:
    commands.drop_upload(upload, by=actor())
    flask.flash("The file was thrown away. Nothing was changed.", "success")
    return see_other("catalogue.of_provider", provider_id=upload.provider_id)


def _preview(upload: CatalogueUpload, plan: Plan, form: BringInForm) -> ResponseReturnValue:
    form.mark.data = plan.mark
    wanted = flask.request.args.get("show", "")
    first = next((fate for fate in ("changed", "new", "refused", "unchanged") if plan.of(fate)), NEW)
    shown = wanted if wanted in FATES else first
    page = render_template(
        "catalogue/preview.html",
        upload=upload,
        form=form,
        counts=plan.counts,
        titles=TITLES,
        shown=shown,
        page=page_from(plan.of(shown), flask.request.args),
    )
    return page, form.status
