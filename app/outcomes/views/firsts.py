"""The page on which owners answer what is looked at first, with live candidates for each question."""

import flask
from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.kernel.forms.base import STALE
from app.kernel.web import actor, guard, see_other
from app.needs.firsts.choices import QUESTIONS
from app.needs.firsts.commands import answer_first
from app.needs.firsts.policy import is_answerable, may_answer_firsts
from app.needs.firsts.queries import answers_of, unanswered_firsts
from app.needs.models import OPEN, Need
from app.needs.queries import get_visible_need
from app.outcomes.firsts.forms import FirstsForm, firsts_form
from app.outcomes.firsts.queries import offered_to
from app.outcomes.firsts.seen import Seen, seen
from app.outcomes.views.blueprint import bp

SEEN_FOR_SECONDS = 12 * 60 * 60
TOO_LONG = "This page was open for too long. The candidates below are as they are now: look at them again, then save."


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="outcomes.firsts")


@bp.route("/needs/<need_id>/first", methods=["GET", "POST"])
@guard(may_answer_firsts, need=get_visible_need)
def firsts(need: Need) -> ResponseReturnValue:
    """Answer the three questions, all or some."""
    if request.method == "GET" and not is_answerable(need):
        return see_other("needs.show", need_id=need.id)
    answers = answers_of(need)
    shown = _read_seen(request.form.get("seen", ""), need) if request.method == "POST" else None
    offered = shown.offered() if shown else offered_to(actor(), need)
    form = firsts_form(offered, answers)
    if form.accepted() and _is_as_shown(form, shown, need):
        for key, said in form.given.items():
            answer_first(need, key, **said, seen=offered[key].candidates, by=actor())
        flask.flash("Your answers are saved.", "success")
        return see_other("outcomes.firsts", need_id=need.id)
    if request.method == "POST" and shown is None:
        form.refuse(TOO_LONG)
    form.seen.data = _signer().dumps(seen(need.id, actor().id, offered, answers).as_facts())
    left = [QUESTIONS[key] for key in unanswered_firsts(need, OPEN)]
    page = {"need": need, "form": form, "offered": offered, "left": left, "questions": QUESTIONS}
    return render_template("outcomes/firsts.html", **page), form.status


def _read_seen(token: str, need: Need) -> Seen | None:
    """What this person was shown for this need within twelve hours, or None for any other token."""
    try:
        found = Seen(**_signer().loads(token, max_age=SEEN_FOR_SECONDS))
    except (BadSignature, TypeError):
        return None
    return found if found.is_of(need.id, actor().id) else None


def _is_as_shown(form: FirstsForm, shown: Seen | None, need: Need) -> bool:
    """Whether no colleague changed an answer, that this form would change again, since the page was shown."""
    if shown is None:
        return False
    for answer in answers_of(need):
        said = form.given.get(answer.question)
        is_other = said and any(getattr(answer, name) != value for name, value in said.items())
        if is_other and shown.versions.get(answer.question) != answer.version:
            form.refuse(STALE)
            return False
    return True
