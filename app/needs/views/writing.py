"""Pages on which a need is written: posting it, and its sections as a task list."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.models import DEPARTMENT_ROLES
from app.kernel.web import actor, guard, see_other
from app.needs import commands, ladder, policy, queries
from app.needs.approvals.queries import find_asked
from app.needs.comments.queries import count_open, open_comments
from app.needs.forms import PostForm, SectionForm, section_form
from app.needs.models import DRAFT, Need
from app.needs.sections import SECTIONS, Section, standing, told
from app.needs.views.amending import amend_section
from app.needs.views.blueprint import bp, section_named


@bp.route("/needs/new", methods=["GET", "POST"])
@guard(policy.may_post_need)
def post() -> ResponseReturnValue:
    form = PostForm(actor().organisations(*DEPARTMENT_ROLES))
    if form.accepted():
        need = commands.post_need(**form.content, by=actor())
        flask.flash("Draft saved. Nobody outside sees it before you publish it.", "success")
        return see_other("needs.edit", need_id=need.id)
    return render_template("needs/post.html", form=form), form.status


@bp.get("/needs/<need_id>/edit")
@guard(policy.may_edit_need, need=queries.get_visible_need)
def edit(need: Need) -> ResponseReturnValue:
    if need.state != DRAFT:
        return see_other("needs.amend", need_id=need.id)
    lacks = ladder.missing(need)
    return render_template(
        "needs/edit.html",
        need=need,
        lacks=lacks,
        groups=_groups(need, lacks),
        may_publish=policy.may_publish_need(actor(), need),
        may_choose_owners=policy.may_choose_owners(actor(), need),
        comments=count_open(need),
        asked=find_asked(need),
    )


def _groups(need: Need, lacks: list[ladder.Missing]) -> dict[str, list[tuple[Section, str]]]:
    """The sections under their headings, each with how far it has come."""
    found: dict[str, list[tuple[Section, str]]] = {}
    for section in SECTIONS.values():
        found.setdefault(section.group, []).append((section, standing(need, section.key, lacks)))
    return found


@bp.route("/needs/<need_id>/edit/<section>", methods=["GET", "POST"])
@guard(policy.may_edit_need, need=queries.get_visible_need)
def edit_section(need: Need, section: str) -> ResponseReturnValue:
    known = section_named(section)
    if need.state != DRAFT and flask.request.method == "POST":
        # a colleague published it meanwhile: what was typed can become an amendment
        return amend_section(need_id=need.id, section=section)
    if need.state != DRAFT:
        return see_other("needs.amend_section", need_id=need.id, section=section)
    form = section_form(need, section)
    if form.accepted() and form.is_current_section(need, section):
        commands.save_section(need, section, form.content, by=actor())
        return _on_from(need, section, form)
    lacks = [lack for lack in ladder.missing(need) if lack.section == section]
    stored_now = told(need, section) if form.is_stale else []
    return render_template(
        "needs/edit_section.html",
        need=need,
        section=known,
        form=form,
        lacks=lacks,
        stored_now=stored_now,
        said=open_comments(need, section),
    ), form.status


def _on_from(need: Need, section: str, form: SectionForm) -> Response:
    """To the next section, or back to the list, as the pressed button says."""
    keys = list(SECTIONS)
    following = keys[keys.index(section) + 1 :]
    if form.pressed == "next" and following:
        return see_other("needs.edit_section", need_id=need.id, section=following[0])
    flask.flash(f"{SECTIONS[section].title}: saved.", "success")
    return see_other("needs.edit", need_id=need.id)
