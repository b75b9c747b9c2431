"""The page of one conversation: the department answers on it, the provider agrees to a time or takes it back."""

from typing import Any

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.kernel.web import actor, guard, see_other
from app.responses.interest import commands, policy, queries
from app.responses.interest.forms import DECLINE, OFFER, AnswerConversationForm
from app.responses.interest.models import STATES, Conversation

bp = Blueprint("interest", __name__, template_folder="templates")


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"conversation_states": STATES}


def own_or_asked(conversation_id: str, person: Person | None) -> Conversation | None:
    """The conversation, to its two sides; nobody is sent to sign in whatever the id."""
    return queries.get_conversation(conversation_id, person) if person else None


@bp.route("/conversations/<conversation_id>", methods=["GET", "POST"])
@guard(policy.may_read_conversation, conversation=own_or_asked)
def conversation(conversation: Conversation) -> ResponseReturnValue:
    form = AnswerConversationForm(data={"version": conversation.version})
    form.offer_answers(conversation, can_meet=policy.may_meet(actor(), conversation))
    if flask.request.method == "POST" and _answered(form, conversation):
        flask.flash("Your answer is sent.", "success")
        return see_other("responses.interests", need_id=conversation.need_id)
    page = {"conversation": conversation, "need": conversation.need, "may": policy, "form": form}
    return render_template("interest/conversation.html", **page), form.status


def _answered(form: AnswerConversationForm, conversation: Conversation) -> bool:
    """Whether the answer was given; otherwise the form says why not."""
    if not policy.may_answer_for(actor(), conversation.need):
        raise NotAllowed("Officers and owners who answer suppliers can answer this.")
    if not form.accepted() or not form.is_current(conversation):
        return False
    try:
        _answer(form, conversation)
    except (IllegalMove, Conflict) as refusal:
        form.refuse(refusal.message)
        return False
    return True


def _answer(form: AnswerConversationForm, conversation: Conversation) -> None:
    verb, answer = form.verb.data, form.answer.data
    if verb == OFFER:
        commands.offer_time(conversation, offered_for=form.offered_for.data, answer=answer, by=actor())
    elif verb == DECLINE:
        commands.decline_conversation(conversation, answer=answer, by=actor())
    else:
        commands.promise_contact(conversation, answer=answer, by=actor())


def _speaks(person: Person | None, conversation: Conversation | None) -> bool:
    return conversation is not None and policy.speaks_in(person, conversation)


@bp.post("/conversations/<conversation_id>/agree")
@guard(_speaks, conversation=own_or_asked)
def agree(conversation: Conversation) -> ResponseReturnValue:
    commands.agree_to_time(conversation, by=actor())
    flask.flash("Agreed. The department is told.", "success")
    return _back(conversation)


@bp.post("/conversations/<conversation_id>/take-back")
@guard(_speaks, conversation=own_or_asked)
def take_back(conversation: Conversation) -> ResponseReturnValue:
    commands.take_back_conversation(conversation, by=actor())
    flask.flash("Your request for a conversation is taken back.", "success")
    return _back(conversation)


def _back(conversation: Conversation) -> ResponseReturnValue:
    return see_other("responses.register_interest", need_id=conversation.need_id, provider=conversation.provider_id)
