"""Pages of attachments: the list with its form, a title, a removal; and the files themselves."""

from typing import Any

import flask
from flask import Blueprint, Response, render_template, send_file
from flask.typing import ResponseReturnValue

from app.kernel import files
from app.kernel.errors import IllegalMove
from app.kernel.filetypes import TYPES
from app.kernel.requests import takes_files
from app.kernel.web import actor, guard, see_other
from app.needs import queries as needs
from app.needs.attachments import commands, policy, queries, wording
from app.needs.attachments.forms import AmendForm, AttachForm, RemoveForm, RenameForm
from app.needs.attachments.models import MOST_ATTACHMENTS, REFUSED, Attachment
from app.needs.commands import require_amendable
from app.needs.extending import offer_of_time
from app.needs.models import DRAFT, Need

bp = Blueprint("attachments", __name__, template_folder="templates")
SAFE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """What the pages of a need show of its attachments."""
    return {
        "attachments_of": queries.attachments_of,
        "attachment_size": wording.size_of,
        "attachment_kind": wording.kind_of,
        "attachment_standing": wording.standing_of,
        "attachments_task": attachments_task,
        "may_attach": policy.may_attach,
        "may_download": policy.may_download,
    }


def attachments_task(need: Need) -> tuple[str, str, str, str]:
    """The line of a draft's task list: title, address, state in words, colour."""
    count = len(queries.current_attachments_of(need))
    address = flask.url_for("attachments.of_need", need_id=need.id)
    return ("Attachments", address, f"{count} added" if count else "Optional", "" if count else "grey")


@bp.route("/needs/<need_id>/attachments", methods=["GET", "POST"])
@takes_files
@guard(policy.may_attach, need=needs.get_visible_need)
def of_need(need: Need) -> ResponseReturnValue:
    is_draft = need.state == DRAFT
    if not is_draft:
        require_amendable(need)
    form = AttachForm() if is_draft else AmendForm()
    if form.accepted() and _can_be_added(need, form):
        commands.attach_file(need, **form.content, by=actor())
        flask.flash(f"The file is added{'' if is_draft else ', and those who follow the need are told'}.", "success")
        return _on_from(need)
    found = queries.current_attachments_of(need)
    is_full = len([each for each in found if each.state != REFUSED]) >= MOST_ATTACHMENTS
    return render_template(
        "attachments/of_need.html", need=need, form=form, found=found, is_full=is_full, most=MOST_ATTACHMENTS
    ), form.status


def _on_from(need: Need) -> ResponseReturnValue:
    """To the list; near the deadline to where it is moved later, since suppliers have more to read."""
    offer = offer_of_time(need)
    if offer is None:
        return see_other("attachments.of_need", need_id=need.id)
    flask.flash(f"Suppliers have {offer.left}. You can give them more time here.", "info")
    return see_other("needs.amend_section", need_id=need.id, section="timing")


def _can_be_added(need: Need, form: AttachForm) -> bool:
    """Whether the file can be added to this need; otherwise the form says why not, beside the file."""
    refusal = commands.why_not(need, form.content["file"])
    if refusal:
        form.fail("file", refusal)
    return not refusal


@bp.get("/attachments/<attachment_id>")
@guard(policy.may_download, attachment=queries.get_readable)
def download(attachment: Attachment) -> ResponseReturnValue:
    known = TYPES[attachment.ending]
    response: Response = send_file(
        files.path_of(attachment.digest),
        mimetype=known.mime,
        as_attachment=True,
        download_name=attachment.name,
        etag=attachment.digest,
        last_modified=attachment.added_at,
        conditional=True,
    )
    response.headers.update(SAFE_HEADERS)
    return response


@bp.route("/attachments/<attachment_id>/rename", methods=["GET", "POST"])
@guard(policy.may_change_attachment, attachment=queries.get_visible)
def rename(attachment: Attachment) -> ResponseReturnValue:
    if attachment.need.state != DRAFT:
        raise IllegalMove("This need was published: a title stays as it is. Remove the file and add it again.")
    form = RenameForm(obj=attachment)
    if form.accepted():
        commands.rename_attachment(attachment, **form.content, by=actor())
        flask.flash("The title is changed.", "success")
        return see_other("attachments.of_need", need_id=attachment.need_id)
    return render_template("attachments/rename.html", attachment=attachment, form=form), form.status


@bp.route("/attachments/<attachment_id>/remove", methods=["GET", "POST"])
@guard(policy.may_change_attachment, attachment=queries.get_visible)
def remove(attachment: Attachment) -> ResponseReturnValue:
    is_draft = attachment.need.state == DRAFT
    if not is_draft:
        require_amendable(attachment.need)
    form = None if is_draft else RemoveForm()
    if flask.request.method == "POST" and (form is None or form.accepted()):
        commands.remove_attachment(attachment, **(form.content if form else {}), by=actor())
        flask.flash("The file is removed.", "success")
        return _on_from(attachment.need)
    page = render_template("attachments/remove.html", attachment=attachment, form=form)
    return page, form.status if form else 200
