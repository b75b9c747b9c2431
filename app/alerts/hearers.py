"""Who hears of a notice: for each kind of thing, the people on its sides."""

from collections.abc import Iterable
from typing import Any

from app.alerts.queries import (
    answerers_of,
    buying_side_of,
    officers_of,
    owners_of,
    people,
    providers_concerned,
    staff_of,
    without_provider_people,
)
from app.kernel.display import day
from app.kernel.notices import Notice
from app.matching.models import MatchDecision
from app.needs.attachments.models import Attachment
from app.needs.firsts.models import FirstAnswer
from app.needs.models import DRAFTS, INVITED, PUBLISHES, Need
from app.needs.questions.models import Question
from app.outcomes.models import BUYER_SIDE, Partnership
from app.providers.accreditations.models import Accreditation
from app.responses.coalitions.models import PartnerInvitation
from app.responses.coalitions.terms import members_of
from app.responses.interest.models import Conversation
from app.responses.models import Response
from app.reviews.clarifications.models import Clarification
from app.reviews.queries import is_of_a_respondent
from app.reviews.replies.models import FeedbackQuestion

People = set[str]


def need_of(thing: Any) -> Need:
    """The need that a thing is about."""
    return thing if isinstance(thing, Need) else thing.need


def owners(thing: Any, _notice: Notice) -> People:
    return owners_of(need_of(thing))


def owners_apart(thing: Any, _notice: Notice) -> People:
    """Owners who may read of rivals: those who work for no provider."""
    return without_provider_people(owners_of(need_of(thing)))


def who_attached(attachment: Attachment, _notice: Notice) -> People:
    """Whoever added a file, while they own the need still; else its owners."""
    owners = owners_of(attachment.need)
    return owners & {attachment.added_by_id or ""} or owners


def department(need: Need, _notice: Notice) -> People:
    return without_provider_people(owners_of(need) | officers_of(need))


def followers_of_its_need(answer: FirstAnswer, notice: Notice) -> People:
    return followers(answer.need, notice)


def across(need: Need, organisation_ids: Iterable[str]) -> People:
    """The staff of providers, but who is of the need's buying side: they would learn there who answers."""
    return staff_of(organisation_ids) - buying_side_of(need)


def provider_staff(thing: Response | Partnership | Conversation, _notice: Notice) -> People:
    providers = members_of(thing) if isinstance(thing, Response) else [thing.provider]
    return across(thing.need, [each.organisation_id for each in providers])


def partners_staff(response: Response, _notice: Notice) -> People:
    return across(response.need, [each.organisation_id for each in members_of(response)[1:]])


def lead_staff(invitation: PartnerInvitation, _notice: Notice) -> People:
    return across(invitation.need, [invitation.response.provider.organisation_id])


def partner_staff(invitation: PartnerInvitation, _notice: Notice) -> People:
    return across(invitation.need, [invitation.provider.organisation_id])


def who_was_asked(clarification: Clarification, notice: Notice) -> People:
    return provider_staff(clarification.response, notice)


def reviewers(thing: Clarification | FeedbackQuestion, _notice: Notice) -> People:
    """The officers who may review the need: not who wrote it, nor who works or worked for a respondent."""
    need = thing.need
    writers = {owner.person_id for owner in need.owners if owner.duty == DRAFTS} | {need.author_id or ""}
    known = people(without_provider_people(officers_of(need)) - writers)
    return {person.id for person in known if not is_of_a_respondent(person, need)}


def invited(decision: MatchDecision, _notice: Notice) -> People:
    return across(decision.need, [decision.profile.provider.organisation_id])


def chosen(need: Need, notice: Notice) -> People:
    """The staff of those who were invited and are still: an amendment may have come before this is told."""
    invited = {each.id for each in need.invited_organisations} if need.audience == INVITED else set()
    return across(need, invited & set(notice.facts["organisations"]))


def answerers(question: Question, _notice: Notice) -> People:
    """Those who answer: officers and owners with the duty, who work for no provider, since rivals ask."""
    return without_provider_people(answerers_of(question.need) | officers_of(question.need))


def followers(need: Need, _notice: Notice) -> People:
    return owners_of(need) | across(need, providers_concerned(need))


def both_sides(partnership: Partnership, notice: Notice) -> People:
    return owners_of(partnership.need) | provider_staff(partnership, notice)


def holders(accreditation: Accreditation, notice: Notice) -> People:
    """The staff of whose it is, unless it was renewed since."""
    is_renewed = str(accreditation.valid_until) != notice.facts["valid_until"]
    return set() if is_renewed else staff_of([accreditation.provider.organisation_id])


def names_of_accreditation(accreditation: Accreditation) -> dict[str, str]:
    return {"title": accreditation.title, "last_day": day(accreditation.valid_until)}


def other_side(partnership: Partnership, notice: Notice) -> People:
    if notice.facts["side"] == BUYER_SIDE:
        return provider_staff(partnership, notice)
    theirs = staff_of([partnership.provider.organisation_id])
    return (owners_of(partnership.need) - theirs) or (officers_of(partnership.need) - theirs)


def approvers(need: Need, notice: Notice) -> People:
    """The officers who may approve it: not who asked, nor who wrote it."""
    writers = {owner.person_id for owner in need.owners if owner.duty == DRAFTS}
    return without_provider_people(officers_of(need)) - writers - {notice.facts["asked_by"], need.author_id}


def publishers(need: Need, _notice: Notice) -> People:
    return owners_of(need) & {owner.person_id for owner in need.owners if owner.duty == PUBLISHES}


def one_who_asked(_need: Need, notice: Notice) -> People:
    return {notice.facts["asked_by"]}


def asker(need: Need, notice: Notice) -> People:
    return owners_of(need) & {notice.facts["asked_by"]}
