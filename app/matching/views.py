"""Pages of matching: candidates of a need, one match and the decision on it, and the needs that fit a provider."""

from typing import Any

import flask
from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.accounts.models import Person
from app.kernel import search
from app.kernel.paging import page_from
from app.kernel.web import actor, guard, see_other
from app.matching import commands, policy, queries
from app.matching.forms import DecisionForm
from app.matching.models import INVITE, PASS_OVER
from app.matching.places import OF_EVERY, kept
from app.matching.seen import Seen, seen
from app.needs.models import LIVE, Need
from app.needs.policy import may_see_need
from app.needs.queries import get_visible_need
from app.providers.models import Provider, SolutionProfile
from app.providers.queries import get_provider, get_visible_profile

bp = Blueprint("matching", __name__, template_folder="templates")

SEEN_FOR_SECONDS = 12 * 60 * 60
STANDINGS = {"countersigned": ("Countersigned", "green"), "stated": ("Stated", "blue"), "missing": ("Missing", "grey")}
DECIDED = {"invite": "Invited", "pass_over": "Passed over", "note": "Note"}


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"standing_words": STANDINGS, "decided_words": DECIDED, "mark": search.mark}


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="matching.seen")


@bp.get("/needs/<need_id>/matches")
@guard(policy.may_see_matches, need=get_visible_need)
def candidates(need: Need) -> ResponseReturnValue:
    ranking = queries.candidates(need)
    only_eligible = request.args.get("eligible") == "yes"
    shown = [each for each in ranking.candidates if each.is_eligible or not only_eligible]
    decided: dict[str, list[Any]] = {}
    for decision in queries.decisions_on(need):
        decided.setdefault(decision.profile_id, []).append(decision)
    return render_template(
        "matching/candidates.html",
        need=need,
        page=page_from(shown, request.args, OF_EVERY),
        count=len(ranking.candidates),
        matched=ranking.matched,
        only_eligible=only_eligible,
        decided=decided,
        kept=kept(),
        reasons=ranking.candidates[0].reasons if ranking.candidates else (),
    )


@bp.get("/needs/<need_id>/matches.json")
@guard(policy.may_see_matches, need=get_visible_need)
def export(need: Need) -> ResponseReturnValue:
    facts = {"need": {"id": need.id, "title": need.title}, **queries.candidates(need).as_facts()}
    return facts, {"Content-Disposition": f'attachment; filename="matches-{need.id}.json"'}


@bp.get("/needs/<need_id>/matches/coalitions")
@guard(policy.may_see_matches, need=get_visible_need)
def coalitions(need: Need) -> ResponseReturnValue:
    return render_template("matching/coalitions.html", need=need, told=queries.coalitions_for(need))


@bp.get("/needs/<need_id>/matches/why-not")
@guard(policy.may_see_matches, need=get_visible_need)
def why_not(need: Need) -> ResponseReturnValue:
    name = request.args.get("name", "")[:200].strip()
    return render_template("matching/why_not.html", need=need, name=name, found=queries.standings(need, name))


def _may_see(person: Person | None, need: Need, _profile: SolutionProfile) -> bool:
    return policy.may_see_matches(person, need)


def _may_decide(person: Person | None, need: Need, _profile: SolutionProfile) -> bool:
    return policy.may_decide_match(person, need)


@bp.get("/needs/<need_id>/matches/<profile_id>")
@guard(_may_see, need=get_visible_need, profile=get_visible_profile)
def show_match(need: Need, profile: SolutionProfile) -> ResponseReturnValue:
    return _match_page(need, profile, DecisionForm())


@bp.post("/needs/<need_id>/matches/<profile_id>")
@guard(_may_decide, need=get_visible_need, profile=get_visible_profile)
def decide(need: Need, profile: SolutionProfile) -> ResponseReturnValue:
    form = DecisionForm()
    if not form.accepted():
        return _match_page(need, profile, form)
    what_was_seen = _read_seen(form.seen.data, need, profile)
    if what_was_seen is None:
        form.refuse("This page was open for too long. The match below is as it is now: look at it again, then decide.")
        return _match_page(need, profile, form)
    _decide(need, profile, what_was_seen, form)
    flask.flash(f"{DECIDED[form.verb.data]}: {profile.provider.name}.", "success")
    return see_other("matching.candidates", need_id=need.id)


def _decide(need: Need, profile: SolutionProfile, what_was_seen: Seen, form: DecisionForm) -> None:
    if form.verb.data == INVITE:
        commands.invite_provider(need, profile, what_was_seen, note=form.note.data, by=actor())
    elif form.verb.data == PASS_OVER:
        commands.pass_over_match(need, profile, what_was_seen, reason=form.note.data, by=actor())
    else:
        commands.note_match(need, profile, what_was_seen, note=form.note.data, by=actor())


def _read_seen(token: str, need: Need, profile: SolutionProfile) -> Seen | None:
    """What this person saw of this match within twelve hours, or None for any other token."""
    try:
        found = Seen(**_signer().loads(token, max_age=SEEN_FOR_SECONDS))
    except (BadSignature, TypeError):
        return None
    return found if found.is_of(need.id, profile.id, actor().id) else None


def _match_page(need: Need, profile: SolutionProfile, form: DecisionForm) -> ResponseReturnValue:
    version, candidate = queries.candidate_of(need, profile)
    if candidate is None:
        flask.flash("This solution profile is not published, so it is no candidate.", "info")
        return see_other("matching.candidates", need_id=need.id)
    form.seen.data = _signer().dumps(seen(candidate, version, need.id, actor().id).as_facts())
    page = render_template(
        "matching/match.html",
        need=need,
        candidate=candidate,
        form=form,
        decisions=[each for each in queries.decisions_on(need) if each.profile_id == profile.id],
        may_decide=policy.may_decide_match(actor(), need) and need.state == LIVE and not need.is_past_deadline,
    )
    return page, form.status


@bp.get("/providers/<provider_id>/needs")
@guard(policy.may_see_fitting_needs, provider=get_provider)
def fitting_needs(provider: Provider) -> ResponseReturnValue:
    return render_template(
        "matching/fitting_needs.html",
        provider=provider,
        invitations=queries.invitations_of(provider),
        chosen=queries.needs_invited_to(provider),
        found=queries.needs_that_fit(provider),
    )


@bp.get("/providers/<provider_id>/partners")
@guard(policy.may_see_fitting_needs, provider=get_provider)
def partners(provider: Provider) -> ResponseReturnValue:
    return render_template("matching/partners.html", provider=provider, found=queries.partners_of(provider))


@bp.get("/needs/<need_id>/similar")
@guard(may_see_need, need=get_visible_need)
def similar(need: Need) -> ResponseReturnValue:
    return render_template("matching/similar.html", need=need, found=queries.similar_needs(need))
