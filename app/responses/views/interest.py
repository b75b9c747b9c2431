"""Interest below open: registering, changing and withdrawing it, and what the department sees."""

from datetime import date
from typing import Any

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.matching.parties import may_take_part, party_of
from app.needs.models import LIVE, OPEN, Need
from app.needs.queries import get_visible_need
from app.providers.models import Provider
from app.responses import commands, policy, queries
from app.responses.amended import amendments_unseen
from app.responses.interest import policy as talking
from app.responses.interest.commands import ask_for_conversation
from app.responses.interest.forms import InterestForm, suggested
from app.responses.interest.market import market_of
from app.responses.interest.models import Conversation
from app.responses.interest.queries import conversations_in, find_conversation
from app.responses.models import Interest
from app.responses.views.blueprint import bp
from app.responses.views.doors import chosen_provider, outside, own_interest


@bp.route("/needs/<need_id>/interest", methods=["GET", "POST"])
@guard(policy.may_come_to_respond, need=get_visible_need)
def register_interest(need: Need) -> ResponseReturnValue:
    if need.rung == OPEN:
        return see_other("responses.start", need_id=need.id)
    provider, speakers = chosen_provider(request.args.get("provider", ""), need, actor())
    if provider is None:
        return render_template("responses/no_provider.html", need=need)
    interest = queries.find_interest(need, provider)
    if need.state == LIVE and not may_take_part(need, provider):
        return outside(need, interest)
    conversation = find_conversation(need, provider)
    form = _interest_form(need, provider, interest, conversation)
    page = {"need": need, "provider": provider, "speakers": speakers, "interest": interest, "form": form}
    page |= {"conversation": conversation, "may": talking}
    page["unseen"] = amendments_unseen(interest) if interest else []
    if request.method == "POST":
        return _save_interest(page)
    return render_template("responses/interest.html", **page)


def _interest_form(
    need: Need, provider: Provider, interest: Interest | None, conversation: Conversation | None
) -> InterestForm:
    """The form, with what is known already: what the provider shows in public, and that it asked to talk."""
    held = party_of(provider).capabilities if interest is None else ()
    empty = {"version": 0, "capabilities": suggested(need, held)}
    form = InterestForm(obj=interest) if interest else InterestForm(data=empty)
    form.offer_capabilities(need)
    if conversation is not None and conversation.is_current:
        form.leave_out_conversation()
    return form


def _save_interest(page: dict[str, Any]) -> ResponseReturnValue:
    form, interest, need, provider = page["form"], page["interest"], page["need"], page["provider"]
    try:
        commands.require_interest_taken(need)
        if not form.accepted():
            return render_template("responses/interest.html", **page), form.status
        if form.version.data != (interest.version if interest else 0):
            return _clash(page)
        if interest:
            commands.change_interest(interest, **form.capacity, by=actor())
        else:
            commands.register_interest(need, provider, **form.capacity, by=actor())
        if form.asks:
            ask_for_conversation(need, provider, about=form.asks, by=actor())
    except (Conflict, IllegalMove) as refusal:
        form.refuse(f"{refusal.message} What you typed was not saved.")
        return render_template("responses/interest.html", **page), 409
    flask.flash("Your interest is registered.", "success")
    return see_other("responses.register_interest", need_id=need.id, provider=provider.id)


def _clash(page: dict[str, Any]) -> ResponseReturnValue:
    interest, form = page["interest"], page["form"]
    form.version.data = interest.version if interest else 0
    form.refuse("A colleague changed this while you were working on it. Save again to replace what they saved.")
    return render_template("responses/interest.html", **page), 409


@bp.route("/interests/<interest_id>/withdraw", methods=["POST"])
@guard(policy.may_read_interest, interest=own_interest)
def withdraw_interest(interest: Interest) -> ResponseReturnValue:
    need_id, provider_id = interest.need_id, interest.provider_id
    commands.withdraw_interest(interest, by=actor())
    flask.flash("Your interest is withdrawn.", "success")
    return see_other("responses.register_interest", need_id=need_id, provider=provider_id)


@bp.route("/needs/<need_id>/interests")
@guard(policy.may_read_interests, need=get_visible_need)
def interests(need: Need) -> ResponseReturnValue:
    found = queries.interests_in(need)
    first: date | None = min((interest.from_on for interest in found), default=None)
    page = {"interests": found, "market": market_of(need, found), "first": first, "talks": conversations_in(need)}
    return render_template("responses/interests.html", need=need, may_answer=talking.may_answer_for, **page)
