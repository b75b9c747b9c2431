"""Solution profiles: reading them, and drafting, changing, publishing and retiring them."""

from typing import Any

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.web import actor, guard, see_other
from app.providers import commands, policy, queries
from app.providers.accreditations.queries import accreditations_of, claims_behind
from app.providers.completeness import CAPABILITIES, CONSTRAINTS, EVIDENCE, OFFER, PRICE, SECTIONS, Proposed, gaps
from app.providers.forms import NewProfileForm, section_form
from app.providers.models import LIVE, Provider, SolutionProfile
from app.providers.views.blueprint import bp

TITLES = {
    OFFER: "What you offer",
    CAPABILITIES: "Capabilities and technologies",
    PRICE: "Price",
    CONSTRAINTS: "Clearance, places and standards",
    EVIDENCE: "Evidence of past work",
}


@bp.get("/profiles/<profile_id>")
@guard(policy.may_see_profile, profile=queries.get_visible_profile)
def show_profile(profile: SolutionProfile) -> ResponseReturnValue:
    is_staff = policy.is_staff_of(actor(), profile.provider)
    return render_template(
        "providers/profile.html",
        profile=profile,
        is_staff=is_staff,
        claims=claims_behind(profile.standards, accreditations_of(profile.provider), clock.today()),
        missing=gaps(profile) if is_staff else [],
    )


@bp.route("/providers/<provider_id>/profiles/new", methods=["GET", "POST"])
@guard(policy.may_draft_profile, provider=queries.get_provider)
def draft_profile(provider: Provider) -> ResponseReturnValue:
    form = NewProfileForm()
    if form.accepted():
        profile = commands.draft_profile(provider, **form.content, by=actor())
        return see_other("providers.edit_profile", profile_id=profile.id)
    return render_template("providers/draft.html", form=form, provider=provider), form.status


@bp.get("/profiles/<profile_id>/edit")
@guard(policy.may_change_profile, profile=queries.get_visible_profile)
def edit_profile(profile: SolutionProfile) -> ResponseReturnValue:
    missing = gaps(profile)
    tasks = [_task(profile, section, {gap.section for gap in missing}) for section in SECTIONS]
    return render_template("providers/edit_profile.html", profile=profile, tasks=tasks, missing=missing)


def _task(profile: SolutionProfile, section: str, lacking: set[str]) -> tuple[str, str, str, str]:
    url = flask.url_for("providers.edit_section", profile_id=profile.id, section=section)
    if section in lacking:
        return TITLES[section], url, "Incomplete", "blue"
    is_empty = section == EVIDENCE and not profile.evidence
    return TITLES[section], url, "Optional" if is_empty else "Completed", "grey" if is_empty else ""


@bp.route("/profiles/<profile_id>/edit/<section>", methods=["GET", "POST"])
@guard(policy.may_change_profile, profile=queries.get_visible_profile)
def edit_section(profile: SolutionProfile, section: str) -> ResponseReturnValue:
    if section not in SECTIONS:
        raise NotFound
    form = section_form(section, profile, actor())
    is_stale = False
    if form.accepted() and _stays_whole(form, profile):
        is_stale = not form.is_current(profile)
        if not is_stale:
            commands.change_profile(profile, **form.content, by=actor())
            return see_other("providers.edit_profile", profile_id=profile.id)
    return (
        render_template(
            "providers/edit_section.html",
            form=form,
            profile=profile,
            section=section,
            title=TITLES[section],
            is_stale=is_stale,
        ),
        form.status,
    )


def _stays_whole(form: Any, profile: SolutionProfile) -> bool:
    """A live profile stays complete: what would be missing is said beside its field."""
    if profile.state == LIVE:
        for gap in gaps(Proposed(profile, form.content)):
            if gap.field in form.content:
                form.fail(gap.field, gap.says)
    return not form.problems


@bp.post("/profiles/<profile_id>/publish")
@guard(policy.may_publish_profile, profile=queries.get_visible_profile)
def publish_profile(profile: SolutionProfile) -> ResponseReturnValue:
    if profile.can("publish") and gaps(profile):
        flask.flash("This solution profile is not complete yet.", "error")
        return see_other("providers.edit_profile", profile_id=profile.id)
    commands.publish_profile(profile, by=actor())
    flask.flash("Published. Departments can find it now.", "success")
    return see_other("providers.show_profile", profile_id=profile.id)


@bp.post("/profiles/<profile_id>/retire")
@guard(policy.may_retire_profile, profile=queries.get_visible_profile)
def retire_profile(profile: SolutionProfile) -> ResponseReturnValue:
    commands.retire_profile(profile, by=actor())
    flask.flash("Retired. Only you and your colleagues see it now.", "success")
    return see_other("providers.show_profile", profile_id=profile.id)


@bp.post("/profiles/<profile_id>/revive")
@guard(policy.may_revive_profile, profile=queries.get_visible_profile)
def revive_profile(profile: SolutionProfile) -> ResponseReturnValue:
    commands.revive_profile(profile, by=actor())
    flask.flash("It is a draft again.", "success")
    return see_other("providers.edit_profile", profile_id=profile.id)
