"""Who hears of which notice, and in which words: one rule for each kind of notice, as data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.alerts.of_ideas import owners_whom_it_fits, proposers, who_asked_back, words_of_idea
from app.alerts.queries import (
    answerers_of,
    buying_side_of,
    doers_of,
    officers_of,
    owners_of,
    people,
    providers_concerned,
    staff_of,
    without_provider_people,
)
from app.kernel.db import Base, session
from app.kernel.display import day
from app.kernel.notices import Notice
from app.matching.models import MatchDecision
from app.needs.attachments.models import Attachment
from app.needs.firsts.models import FirstAnswer
from app.needs.ladder import LADDER
from app.needs.models import DRAFTS, INVITED, PUBLISHES, Need
from app.needs.questions.models import Question
from app.outcomes.models import BUYER_SIDE, Partnership
from app.providers.accreditations.models import Accreditation
from app.responses.coalitions.models import PartnerInvitation
from app.responses.coalitions.terms import members_of
from app.responses.ideas.models import Idea
from app.responses.interest.models import Conversation
from app.responses.models import Response
from app.reviews.clarifications.models import Clarification
from app.reviews.queries import is_of_a_respondent
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


def need_of(thing: Any) -> Need:
    """The need that a thing is about."""
    return thing if isinstance(thing, Need) else thing.need


def _owners(thing: Any, _notice: Notice) -> People:
    return owners_of(need_of(thing))


def _owners_apart(thing: Any, _notice: Notice) -> People:
    """Owners who may read of rivals: those who work for no provider."""
    return without_provider_people(owners_of(need_of(thing)))


def _who_attached(attachment: Attachment, _notice: Notice) -> People:
    """Whoever added a file, while they own the need still; else its owners."""
    owners = owners_of(attachment.need)
    return owners & {attachment.added_by_id or ""} or owners


def _department(need: Need, _notice: Notice) -> People:
    return without_provider_people(owners_of(need) | officers_of(need))


def _followers_of_its_need(answer: FirstAnswer, notice: Notice) -> People:
    return _followers(answer.need, notice)


def _across(need: Need, organisation_ids: Iterable[str]) -> People:
    """The staff of providers, but who is of the need's buying side: they would learn there who answers."""
    return staff_of(organisation_ids) - buying_side_of(need)


def _provider_staff(thing: Response | Partnership | Conversation, _notice: Notice) -> People:
    providers = members_of(thing) if isinstance(thing, Response) else [thing.provider]
    return _across(thing.need, [each.organisation_id for each in providers])


def _partners_staff(response: Response, _notice: Notice) -> People:
    return _across(response.need, [each.organisation_id for each in members_of(response)[1:]])


def _lead_staff(invitation: PartnerInvitation, _notice: Notice) -> People:
    return _across(invitation.need, [invitation.response.provider.organisation_id])


def _partner_staff(invitation: PartnerInvitation, _notice: Notice) -> People:
    return _across(invitation.need, [invitation.provider.organisation_id])


def _who_was_asked(clarification: Clarification, notice: Notice) -> People:
    return _provider_staff(clarification.response, notice)


def _reviewers(thing: Clarification | FeedbackQuestion, _notice: Notice) -> People:
    """The officers who may review the need: not who wrote it, nor who works or worked for a respondent."""
    need = thing.need
    writers = {owner.person_id for owner in need.owners if owner.duty == DRAFTS} | {need.author_id or ""}
    known = people(without_provider_people(officers_of(need)) - writers)
    return {person.id for person in known if not is_of_a_respondent(person, need)}


def _invited(decision: MatchDecision, _notice: Notice) -> People:
    return _across(decision.need, [decision.profile.provider.organisation_id])


def _chosen(need: Need, notice: Notice) -> People:
    """The staff of those who were invited and are still: an amendment may have come before this is told."""
    invited = {each.id for each in need.invited_organisations} if need.audience == INVITED else set()
    return _across(need, invited & set(notice.facts["organisations"]))


def _answerers(question: Question, _notice: Notice) -> People:
    """Those who answer: officers and owners with the duty, who work for no provider, since rivals ask."""
    return without_provider_people(answerers_of(question.need) | officers_of(question.need))


def _followers(need: Need, _notice: Notice) -> People:
    return owners_of(need) | _across(need, providers_concerned(need))


def _both_sides(partnership: Partnership, notice: Notice) -> People:
    return owners_of(partnership.need) | _provider_staff(partnership, notice)


def _holders(accreditation: Accreditation, notice: Notice) -> People:
    """The staff of whose it is, unless it was renewed since."""
    is_renewed = str(accreditation.valid_until) != notice.facts["valid_until"]
    return set() if is_renewed else staff_of([accreditation.provider.organisation_id])


def _names_of_accreditation(accreditation: Accreditation) -> dict[str, str]:
    return {"title": accreditation.title, "last_day": day(accreditation.valid_until)}


def _other_side(partnership: Partnership, notice: Notice) -> People:
    if notice.facts["side"] == BUYER_SIDE:
        return _provider_staff(partnership, notice)
    theirs = staff_of([partnership.provider.organisation_id])
    return (owners_of(partnership.need) - theirs) or (officers_of(partnership.need) - theirs)


def _approvers(need: Need, notice: Notice) -> People:
    """The officers who may approve it: not who asked, nor who wrote it."""
    writers = {owner.person_id for owner in need.owners if owner.duty == DRAFTS}
    return without_provider_people(officers_of(need)) - writers - {notice.facts["asked_by"], need.author_id}


def _publishers(need: Need, _notice: Notice) -> People:
    return owners_of(need) & {owner.person_id for owner in need.owners if owner.duty == PUBLISHES}


def _one_who_asked(_need: Need, notice: Notice) -> People:
    return {notice.facts["asked_by"]}


def _asker(need: Need, notice: Notice) -> People:
    return owners_of(need) & {notice.facts["asked_by"]}


def _to_partner(text: str) -> Rule:
    return Rule(PartnerInvitation, _partner_staff, text, INVITATION, by_mail=True)


def _to_lead(text: str) -> Rule:
    return Rule(PartnerInvitation, _lead_staff, text, INVITATION, by_mail=True)


RULES = {
    "need.prepared": Rule(
        Need, _department, "A contract ends: Clarion began the draft “{title}” for you", NEED, by_mail=True
    ),
    "need.commented": Rule(
        Need, _owners, "There is a comment on your draft “{title}”", f"{NEED}/comments", done_by="comment"
    ),
    "need.joining_asked": Rule(
        Need, _publishers, "Another department asks to join the need “{title}”", DEPARTMENTS, by_mail=True
    ),
    "need.joining_declined": Rule(
        Need, _one_who_asked, "{department} declined that you join the need “{title}”", DEPARTMENTS, by_mail=True
    ),
    "need.approval_asked": Rule(
        Need, _approvers, "You are asked to approve the need “{title}”", APPROVAL, by_mail=True
    ),
    "need.approval_returned": Rule(Need, _asker, "The need “{title}” was returned to you", APPROVAL, by_mail=True),
    "need.approved": Rule(Need, _asker, "The need “{title}” was approved, and everybody can read it now", NEED),
    "need.reviewed": Rule(Need, _followers, "The department keeps its need “{title}”", NEED, done_by="review_signal"),
    "need.moved": Rule(
        Need, _followers, "The need “{title}” moved from {before} to {after}", NEED, by_mail=True, done_by="move_rung"
    ),
    "need.amended": Rule(Need, _followers, "The need “{title}” was amended", NEED, by_mail=True, done_by="amend"),
    "need.answered_first": Rule(
        FirstAnswer,
        _followers_of_its_need,
        "What was looked at first changed on the need “{title}”",
        NEED,
        done_by="answer_first",
    ),
    "need.withdrawn": Rule(
        Need, _followers, "The need “{title}” was withdrawn", NEED, by_mail=True, done_by="withdraw"
    ),
    "need.closed": Rule(Need, _department, "The need “{title}” has closed: its responses can be opened", REVIEW),
    "need.concluded": Rule(Need, _owners, "The need “{title}” is concluded", NEED, done_by="conclude"),
    "need.invited": Rule(Need, _chosen, "{department} invited you to take part in “{title}”", NEED, by_mail=True),
    "attachment.refused": Rule(
        Attachment,
        _who_attached,
        "A file that was attached to “{title}” did not pass its check, and was removed",
        NEED,
        by_mail=True,
    ),
    "interest.registered": Rule(Need, _owners_apart, "A provider registered interest in “{title}”", INTERESTS),
    "conversation.asked": Rule(
        Conversation, _owners_apart, "A provider would like to talk about “{title}”", CONVERSATION, by_mail=True
    ),
    "conversation.answered": Rule(
        Conversation,
        _provider_staff,
        "{department} answered your request to talk about “{title}”",
        CONVERSATION,
        by_mail=True,
    ),
    "conversation.agreed": Rule(
        Conversation,
        _owners_apart,
        "A provider agreed to the time for a talk about “{title}”",
        CONVERSATION,
        by_mail=True,
    ),
    "conversation.taken_back": Rule(
        Conversation, _owners_apart, "A provider took back its request to talk about “{title}”", CONVERSATION
    ),
    "question.arrived": Rule(
        Question, _answerers, "A question about “{title}” waits for an answer", QUESTION, by_mail=True
    ),
    "answer.published": Rule(
        Need,
        _followers,
        "An answer about the need “{title}” was published",
        ANSWERS,
        by_mail=True,
        done_by="publish_answer",
    ),
    "questions.ended": Rule(
        Need, _followers, "Questions about the need “{title}” were not answered before it ended", ANSWERS
    ),
    "idea.fits": Rule(Idea, owners_whom_it_fits, "A provider proposed an idea that fits your need: “{title}”", IDEA),
    "idea.interested": Rule(Idea, proposers, "{department} is interested in your idea “{title}”", IDEA, by_mail=True),
    "idea.asked": Rule(Idea, proposers, "{department} asks about your idea “{title}”", IDEA, by_mail=True),
    "idea.replied": Rule(Idea, who_asked_back, "There is a reply to your question about “{title}”", IDEA, by_mail=True),
    "idea.declined": Rule(Idea, proposers, "{department} declined your idea “{title}”", IDEA, by_mail=True),
    "idea.taken_up": Rule(Idea, proposers, "A department is working on your idea “{title}”", IDEA, by_mail=True),
    "match.invited": Rule(
        MatchDecision, _invited, "{department} invited you to look at the need “{title}”", NEED, by_mail=True
    ),
    "response.submitted": Rule(
        Response, _provider_staff, "Your response to “{title}” was submitted", RESPONSE, by_mail=True
    ),
    "response.withdrawn": Rule(
        Response, _provider_staff, "Your response to “{title}” was withdrawn", RESPONSE, by_mail=True
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
    "partner.leave": _to_lead("A partner left your response to “{title}”"),
    "coalition.changed": Rule(
        Response,
        _partners_staff,
        "The coalition that answers “{title}” has changed: its response must be completed and submitted again",
        COALITION,
        by_mail=True,
    ),
    "response.feedback": Rule(
        Response, _provider_staff, "There is feedback on your response to “{title}”", RESULT, by_mail=True
    ),
    "clarification.asked": Rule(
        Clarification, _who_was_asked, "Clarify your response to “{title}”", CLARIFICATION, by_mail=True
    ),
    "clarification.answered": Rule(
        Clarification, _reviewers, "A clarification on a response to “{title}” was answered", REVIEW, by_mail=True
    ),
    "feedback.asked": Rule(
        FeedbackQuestion, _reviewers, "A question about feedback on “{title}” waits", FEEDBACK_QUESTION, by_mail=True
    ),
    "feedback.answered": Rule(
        Response, _provider_staff, "Your question about feedback on “{title}” was answered", RESULT, by_mail=True
    ),
    "partnership.agreed": Rule(
        Partnership, _both_sides, "A partnership was agreed for “{title}”", PARTNERSHIP, by_mail=True
    ),
    "partnership.started": Rule(
        Partnership, _both_sides, "The work for “{title}” has started", PARTNERSHIP, done_by="start_partnership"
    ),
    "partnership.ended_early": Rule(
        Partnership,
        _both_sides,
        "The partnership for “{title}” was ended early",
        PARTNERSHIP,
        by_mail=True,
        done_by="end_partnership_early",
    ),
    "outcome.reported": Rule(
        Partnership,
        _other_side,
        "The other side has recorded how “{title}” went. It is your turn",
        RECORD,
        by_mail=True,
    ),
    "outcome.settled": Rule(
        Partnership, _both_sides, "Both sides have recorded how “{title}” went", PARTNERSHIP, done_by="record_outcome"
    ),
    **{
        f"accreditation.{kind}": Rule(
            Accreditation,
            _holders,
            f"Your accreditation “{{title}}” {says} {{last_day}}",
            "/accreditations/{id}/edit",
            by_mail=True,
            names=_names_of_accreditation,
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
    names = rule.names(thing) if rule.names else _names_of_need(need_of(thing))
    rungs = {name: _rung(notice.facts.get(name)) for name in ("before", "after")}
    return rule.text.format(**names, **rungs)[:300]


def _names_of_need(need: Need) -> dict[str, str]:
    return {"title": need.title, "department": need.department.name}


def _rung(key: Any) -> str:
    return LADDER[key].label.lower() if key in LADDER else ""


def path_of(thing: Any, rule: Rule) -> str:
    """The page of a notification: a path on this site."""
    return rule.path.format(id=need_of(thing).id if rule.path.startswith("/needs/") else thing.id)
