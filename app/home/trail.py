"""Reading the audit, as far as a person may."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.accounts.models import OFFICER, Invitation, MailDomain, Membership, Organisation, Person
from app.kernel.audit import AuditEntry
from app.matching.models import MatchDecision
from app.needs.firsts.models import FirstAnswer
from app.needs.models import Need
from app.needs.queries import held_by
from app.needs.questions.models import Question
from app.needs.starting.models import NeedTemplate
from app.outcomes.models import Partnership
from app.providers.policy import works_for_a_provider
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.interest.models import Conversation
from app.responses.models import SEALED, Interest, Response
from app.reviews.models import Review
from app.reviews.queries import answered_by

# what was looked at first names the in-house teams that the engine put forward
LEADS_OWN = ("save_section", "comment", "settle_comment", "decline_partner")
# who asked whom to answer together, and who did not: nobody's to read, also once the answers are opened
AMONG_PROVIDERS = (Part, PartnerInvitation)
COMPETITION = (
    *AMONG_PROVIDERS,
    *(Conversation, FirstAnswer, Idea, IdeaAnswer, Interest, MatchDecision, Question, Response, Review),
)


def visible_entries(person: Person, stream: str = "") -> Select[AuditEntry]:
    """The audit as a person may read it, newest first: an operator all but what is sealed, an officer their own.

    A sealed response's stream would tell that there is a response, so it is nobody's until it is opened. Who works
    for a provider reads nothing of who is invited to needs or interested in them, and of how needs are matched and
    reviewed; who left a provider that answered reads nothing of that review.
    """
    entries = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.stream, AuditEntry.position.desc())
    if stream:
        entries = entries.where(AuditEntry.stream == stream)
    entries = entries.where(~_is_of_the_writing())
    if works_for_a_provider(person):
        entries = entries.where(~_names_the_invited())
    if person.is_operator:
        return entries.where(_is_not_closed_to(person))
    return entries.where(AuditEntry.stream.in_(_streams_of_departments(person)), ~_is_the_leads_own(person))


def _is_the_leads_own(person: Person) -> ColumnElement[bool]:
    """SQL of what the department that leads a need said among itself, which a partner's officers do not read."""
    led = _named(Need, Need.id).where(Need.department_id.in_([each.id for each in person.organisations(OFFICER)]))
    return and_(
        AuditEntry.stream.like(f"{Need.__tablename__}:%"),
        AuditEntry.verb.in_(LEADS_OWN),
        AuditEntry.stream.not_in(led),
    )


def _is_of_the_writing() -> ColumnElement[bool]:
    """SQL of what came before a response's last submission: it names who wrote, also for partners that left since."""
    same = aliased(AuditEntry)
    sent = select(func.max(same.position)).where(same.stream == AuditEntry.stream, same.verb.in_(("submit", "change")))
    is_before = AuditEntry.position < sent.correlate(AuditEntry).scalar_subquery()
    return AuditEntry.stream.like(f"{Response.__tablename__}:%") & is_before


def _names_the_invited() -> ColumnElement[bool]:
    """SQL of the entries that have the ids of those who were invited to take part in a need."""
    wrote = AuditEntry.stream.like(f"{Need.__tablename__}:%") & AuditEntry.verb.in_(("save_section", "amend"))
    return and_(wrote, func.coalesce(AuditEntry.facts["section"].as_string(), "") == "audience")


def _is_not_closed_to(person: Person) -> ColumnElement[bool]:
    """SQL of what an operator may read: no sealed response, and nothing of a competition of their own provider."""
    if works_for_a_provider(person):
        return and_(*(AuditEntry.stream.not_like(f"{model.__tablename__}:%") for model in COMPETITION))
    opened = _named(Response, Response.id).where(_is_opened(), ~_is_answered_by(person, Response.need_id))
    reviews = _named(Review, Review.id).where(_is_answered_by(person, Review.need_id))
    return and_(
        or_(AuditEntry.stream.not_like("responses:%"), AuditEntry.stream.in_(opened)),
        AuditEntry.stream.not_in(reviews),
        *(AuditEntry.stream.not_like(f"{model.__tablename__}:%") for model in AMONG_PROVIDERS),
        AuditEntry.stream.not_in(_named(Idea, Idea.id).where(Idea.proposed_at.is_(None))),
    )


def _streams_of_departments(person: Person) -> Any:
    ids = [organisation.id for organisation in person.organisations(OFFICER)]
    ours = held_by(ids)
    return union_all(
        _named(Need, Need.id).where(ours),
        *([] if works_for_a_provider(person) else _streams_of_competitions(person, ours, ids)),
        _named(Partnership, Partnership.id).join(Need, Need.id == Partnership.need_id).where(ours),
        *(
            _named(model, model.id).where(model.organisation_id.in_(ids))
            for model in (Membership, Invitation, MailDomain)
        ),
        _named(Organisation, Organisation.id).where(Organisation.id.in_(ids)),
        _named(NeedTemplate, NeedTemplate.id).where(NeedTemplate.department_id.in_(ids)),
    )


def _streams_of_competitions(person: Person, ours: ColumnElement[bool], ids: Sequence[str]) -> list[Select[Any]]:
    free = ours & ~_is_answered_by(person, Need.id)
    return [
        _named(Interest, Interest.id).join(Need, Need.id == Interest.need_id).where(ours),
        _named(Conversation, Conversation.id).join(Need, Need.id == Conversation.need_id).where(ours),
        _named(IdeaAnswer, IdeaAnswer.id).where(IdeaAnswer.department_id.in_(ids)),
        _named(FirstAnswer, FirstAnswer.id).join(Need, Need.id == FirstAnswer.need_id).where(ours),
        _named(MatchDecision, MatchDecision.id).join(Need, Need.id == MatchDecision.need_id).where(ours),
        _named(Response, Response.id).join(Need, Need.id == Response.need_id).where(_is_opened(), free),
        _named(Review, Review.id).join(Need, Need.id == Review.need_id).where(free),
        _named(Question, Question.id).join(Need, Need.id == Question.need_id).where(ours),
    ]


def _is_opened() -> ColumnElement[bool]:
    return Response.state.not_in(SEALED)


def _is_answered_by(person: Person, need_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """SQL of a need to which a provider of the person's own, of today or of then, began a response."""
    return need_id.in_(answered_by(person))


def _named(model: Any, column: InstrumentedAttribute[str]) -> Select[Any]:
    return select(literal(f"{model.__tablename__}:") + column)
