"""Who hears of which notice, and in which words: one rule for each kind of notice, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.alerts import hearers
from app.alerts.of_ideas import owners_whom_it_fits, proposers, who_asked_back, words_of_idea
from app.alerts.queries import (
    doers_of,
)
from app.kernel.db import Base, session
from app.kernel.notices import Notice
from app.matching.models import MatchDecision
from app.needs.attachments.models import Attachment
from app.needs.firsts.models import FirstAnswer
from app.needs.ladder import LADDER
from app.needs.models import Need
from app.needs.questions.models import Question
from app.outcomes.models import Partnership
from app.providers.accreditations.models import Accreditation
from app.responses.coalitions.models import PartnerInvitation
from app.responses.ideas.models import Idea
from app.responses.interest.models import Conversation
from app.responses.models import Response
from app.reviews.clarifications.models import Clarification
from app.reviews.replies.models import FeedbackQuestion

NEED, RESPONSE, PARTNERSHIP = "/needs/{id}", "/responses/{id}", "/partnerships/{id}"
COALITION, INVITATION = f"{RESPONSE}/coalition", "/partner-invitations/{id}"
APPROVAL, DEPARTMENTS = f"{NEED}/approval", f"{NEED}/departments"
QUESTION, ANSWERS = "/questions/{id}", f"{NEED}/questions"
IDEA = "/ideas/{id}"
REVIEW, INTERESTS, RESULT, RECORD = f"{NEED}/review", f"{NEED}/interests", f"{RESPONSE}/result", f"{PARTNERSHIP}/record"
CLARIFICATION, FEEDBACK_QUESTION = "/clarifications/{id}", "/feedback-questions/{id}"
CONVERSATION = "/conversations/{id}"
People = set[str]


@dataclass(frozen=True)
class Rule:
    """What a notice of one kind becomes: its model, who hears it, in which words, at which page, and whether by mail.

    `text` may name the need's {title}, {department}, and a rung {before} and {after}; who did it, by the audit's verb
    `done_by`, is not told of it. Where a thing is about no need, `names` gives what its text may name.
    """

    model: type[Base]
    hearers: Callable[[Any, Notice], People]
    text: str
    path: str
    by_mail: bool = False
    done_by: str = ""
    names: Callable[[Any], dict[str, str]] | None = None


def _to_partner(text: str) -> Rule:
    return Rule(PartnerInvitation, hearers.partner_staff, text, INVITATION, by_mail=True)


def _to_lead(text: str) -> Rule:
    return Rule(PartnerInvitation, hearers.lead_staff, text, INVITATION, by_mail=True)


RULES = {
    "need.prepared": Rule(
        Need, hearers.department, "A contract ends: Clarion began the draft “{title}” for you", NEED, by_mail=True
    ),
    "need.commented": Rule(
        Need, hearers.owners, "There is a comment on your draft “{title}”", f"{NEED}/comments", done_by="comment"
    ),
    "need.joining_asked": Rule(
        Need, hearers.publishers, "Another department asks to join the need “{title}”", DEPARTMENTS, by_mail=True
    ),
    "need.joining_declined": Rule(
        Need, hearers.one_who_asked, "{department} declined that you join the need “{title}”", DEPARTMENTS, by_mail=True
    ),
    "need.approval_asked": Rule(
        Need, hearers.approvers, "You are asked to approve the need “{title}”", APPROVAL, by_mail=True
    ),
    "need.approval_returned": Rule(
        Need, hearers.asker, "The need “{title}” was returned to you", APPROVAL, by_mail=True
    ),
    "need.approved": Rule(Need, hearers.asker, "The need “{title}” was approved, and everybody can read it now", NEED),
    "need.reviewed": Rule(
        Need, hearers.followers, "The department keeps its need “{title}”", NEED, done_by="review_signal"
    ),
    "need.moved": Rule(
        Need,
        hearers.followers,
        "The need “{title}” moved from {before} to {after}",
        NEED,
        by_mail=True,
        done_by="move_rung",
    ),
    "need.amended": Rule(
        Need, hearers.followers, "The need “{title}” was amended", NEED, by_mail=True, done_by="amend"
    ),
    "need.answered_first": Rule(
        FirstAnswer,
        hearers.followers_of_its_need,
        "What was looked at first changed on the need “{title}”",
        NEED,
        done_by="answer_first",
    ),
    "need.withdrawn": Rule(
        Need, hearers.followers, "The need “{title}” was withdrawn", NEED, by_mail=True, done_by="withdraw"
    ),
    "need.closed": Rule(Need, hearers.department, "The need “{title}” has closed: its responses can be opened", REVIEW),
    "need.concluded": Rule(Need, hearers.owners, "The need “{title}” is concluded", NEED, done_by="conclude"),
    "need.invited": Rule(
        Need, hearers.chosen, "{department} invited you to take part in “{title}”", NEED, by_mail=True
    ),
    "attachment.refused": Rule(
        Attachment,
        hearers.who_attached,
        "A file that was attached to “{title}” did not pass its check, and was removed",
        NEED,
        by_mail=True,
    ),
    "interest.registered": Rule(Need, hearers.owners_apart, "A provider registered interest in “{title}”", INTERESTS),
    "conversation.asked": Rule(
        Conversation, hearers.owners_apart, "A provider would like to talk about “{title}”", CONVERSATION, by_mail=True
    ),
    "conversation.answered": Rule(
        Conversation,
        hearers.provider_staff,
        "{department} answered your request to talk about “{title}”",
        CONVERSATION,
        by_mail=True,
    ),
    "conversation.agreed": Rule(
        Conversation,
        hearers.owners_apart,
        "A provider agreed to the time for a talk about “{title}”",
        CONVERSATION,
        by_mail=True,
    ),
    "conversation.taken_back": Rule(
        Conversation, hearers.owners_apart, "A provider took back its request to talk about “{title}”", CONVERSATION
    ),
    "question.arrived": Rule(
        Question, hearers.answerers, "A question about “{title}” waits for an answer", QUESTION, by_mail=True
    ),
    "answer.published": Rule(
        Need,
        hearers.followers,
        "An answer about the need “{title}” was published",
        ANSWERS,
        by_mail=True,
        done_by="publish_answer",
    ),
    "questions.ended": Rule(
        Need, hearers.followers, "Questions about the need “{title}” were not answered before it ended", ANSWERS
    ),
    "idea.fits": Rule(Idea, owners_whom_it_fits, "A provider proposed an idea that fits your need: “{title}”", IDEA),
    "idea.interested": Rule(Idea, proposers, "{department} is interested in your idea “{title}”", IDEA, by_mail=True),
    "idea.asked": Rule(Idea, proposers, "{department} asks about your idea “{title}”", IDEA, by_mail=True),
    "idea.replied": Rule(Idea, who_asked_back, "There is a reply to your question about “{title}”", IDEA, by_mail=True),
    "idea.declined": Rule(Idea, proposers, "{department} declined your idea “{title}”", IDEA, by_mail=True),
    "idea.taken_up": Rule(Idea, proposers, "A department is working on your idea “{title}”", IDEA, by_mail=True),
    "match.invited": Rule(
        MatchDecision, hearers.invited, "{department} invited you to look at the need “{title}”", NEED, by_mail=True
    ),
    "response.submitted": Rule(
        Response, hearers.provider_staff, "Your response to “{title}” was submitted", RESPONSE, by_mail=True
    ),
    "response.withdrawn": Rule(
        Response, hearers.provider_staff, "Your response to “{title}” was withdrawn", RESPONSE, by_mail=True
    ),
    "partner.invite": _to_partner("Another provider asks you to answer the need “{title}” together"),
    "partner.take_back": _to_partner("An invitation to answer the need “{title}” together was taken back"),
    "partner.confirm": _to_partner("You are a partner now in the response to “{title}”"),
    "partner.terms": _to_partner("Your part in the response to “{title}” was stated: confirm it"),
    "partner.part": _to_partner("You are no partner any more in the response to “{title}”"),
    "partner.release": _to_partner("The response to “{title}” was withdrawn, so you are free to answer otherwise"),
    "partner.accept": _to_lead("A provider would answer the need “{title}” with you: confirm it"),
    "partner.decline": _to_lead("A provider will not answer the need “{title}” with you"),
    "partner.agreed": _to_lead("A partner confirmed its part in your response to “{title}”"),
    "partner.leave": _to_lead("A partner left your response to “{title}”: complete it and submit it again"),
    "coalition.changed": Rule(
        Response,
        hearers.partners_staff,
        "The coalition that answers “{title}” has changed: its response must be completed and submitted again",
        COALITION,
        by_mail=True,
    ),
    "response.feedback": Rule(
        Response, hearers.provider_staff, "There is feedback on your response to “{title}”", RESULT, by_mail=True
    ),
    "clarification.asked": Rule(
        Clarification, hearers.who_was_asked, "Clarify your response to “{title}”", CLARIFICATION, by_mail=True
    ),
    "clarification.answered": Rule(
        Clarification,
        hearers.reviewers,
        "A clarification on a response to “{title}” was answered",
        REVIEW,
        by_mail=True,
    ),
    "feedback.asked": Rule(
        FeedbackQuestion,
        hearers.reviewers,
        "A question about feedback on “{title}” waits",
        FEEDBACK_QUESTION,
        by_mail=True,
    ),
    "feedback.answered": Rule(
        Response, hearers.provider_staff, "Your question about feedback on “{title}” was answered", RESULT, by_mail=True
    ),
    "partnership.agreed": Rule(
        Partnership, hearers.both_sides, "A partnership was agreed for “{title}”", PARTNERSHIP, by_mail=True
    ),
    "partnership.started": Rule(
        Partnership, hearers.both_sides, "The work for “{title}” has started", PARTNERSHIP, done_by="start_partnership"
    ),
    "partnership.ended_early": Rule(
        Partnership,
        hearers.both_sides,
        "The partnership for “{title}” was ended early",
        PARTNERSHIP,
        by_mail=True,
        done_by="end_partnership_early",
    ),
    "outcome.reported": Rule(
        Partnership,
        hearers.other_side,
        "The other side has recorded how “{title}” went. It is your turn",
        RECORD,
        by_mail=True,
    ),
    "outcome.settled": Rule(
        Partnership,
        hearers.both_sides,
        "Both sides have recorded how “{title}” went",
        PARTNERSHIP,
        done_by="record_outcome",
    ),
    **{
        f"accreditation.{kind}": Rule(
            Accreditation,
            hearers.holders,
            f"Your accreditation “{{title}}” {says} {{last_day}}",
            "/accreditations/{id}/edit",
            by_mail=True,
            names=hearers.names_of_accreditation,
        )
        for kind, says in (("ends_soon", "ends on"), ("ends_today", "ends today,"), ("ended", "ended on"))
    },
}


def subject_of(notice: Notice, rule: Rule) -> Any:
    """The row that a notice is about, or None where it is gone."""
    return session().get(rule.model, notice.subject.rpartition(":")[2])


def hearers_of(notice: Notice, rule: Rule, thing: Any) -> People:
    """The ids of those who are told."""
    doers = doers_of(notice.subject, rule.done_by, notice.at) if rule.done_by else set()
    return rule.hearers(thing, notice) - doers


def words_of(notice: Notice, rule: Rule, thing: Any) -> str:
    """The sentence of a notification, without its full stop."""
    if isinstance(thing, Idea):
        return words_of_idea(notice, rule.text, thing)
    names = rule.names(thing) if rule.names else _names_of_need(hearers.need_of(thing))
    rungs = {name: _rung(notice.facts.get(name)) for name in ("before", "after")}
    return rule.text.format(**names, **rungs)[:300]


def _names_of_need(need: Need) -> dict[str, str]:
    return {"title": need.title, "department": need.department.name}


def _rung(key: Any) -> str:
    return LADDER[key].label.lower() if key in LADDER else ""


def path_of(thing: Any, rule: Rule) -> str:
    """The page of a notification: a path on this site."""
    return rule.path.format(id=hearers.need_of(thing).id if rule.path.startswith("/needs/") else thing.id)
