"""Respondents rate their feedback, and some ask their one question; officers have answered all but the latest."""

from datetime import datetime, timedelta
from functools import partial

from app.demo.calendar import draw
from app.demo.replies import Reply
from app.demo.world import World
from app.kernel import clock
from app.reviews.replies.commands import answer_feedback_question, ask_about_feedback, rate_feedback
from app.reviews.replies.models import NO, PARTLY, YES, FeedbackQuestion

RATED, ASKED = 0.45, 0.08
RATED_AFTER, ASKED_AFTER, ANSWERED_AFTER = timedelta(days=2), timedelta(days=1), timedelta(days=6)
SAID = (YES, YES, YES, PARTLY, NO)
ALWAYS = "beach-signs"


def reply_to_feedback(world: World, reply: Reply, told: datetime) -> None:
    """Put what a respondent says back into the script; of one need that was told lately, every respondent asks."""
    source, now = draw("reply", reply.need, reply.provider), world.calendar.now
    rated, asked = source.random() < RATED, source.random() < ASKED or reply.need == ALWAYS
    if rated and told + RATED_AFTER < now:
        world.script.add(told + RATED_AFTER, partial(_rate, world, reply))
    moment = min(told + ASKED_AFTER, now - timedelta(minutes=40))
    if asked and told < moment:
        world.script.add(moment, partial(_ask, world, reply))


def _rate(world: World, reply: Reply) -> None:
    source = draw("rating", reply.need, reply.provider)
    useful = source.choice(SAID)
    sentence = source.choice(world.words("replies")["rated"][useful])
    response, by = world.responses[reply.need, reply.provider], world.speaker(reply.provider, reply.need)
    rate_feedback(response, useful=useful, sentence=sentence, by=by)


def _ask(world: World, reply: Reply) -> None:
    words = draw("feedback question", reply.need, reply.provider).choice(world.words("replies")["asked"])
    response, by = world.responses[reply.need, reply.provider], world.speaker(reply.provider, reply.need)
    asked = ask_about_feedback(response, text=words["question"], by=by)
    if clock.now() + ANSWERED_AFTER < world.calendar.now:
        moment = clock.now() + ANSWERED_AFTER
        world.script.add(moment, partial(_answer, world, reply, asked, words["answer"]))


def _answer(world: World, reply: Reply, asked: FeedbackQuestion, words: str) -> None:
    answer_feedback_question(asked, answer=words, by=world.officer(reply.need))
