"""Who hears of what, and who does not: each notice reaches the right people once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation, Person
from app.alerts import queries
from app.alerts.commands import deliver_notice, letter
from app.alerts.hearing import RULES
from app.alerts.jobs import deliver
from app.alerts.models import Notification
from app.kernel import clock, jobs, notices, scanning
from app.kernel.db import reading, session, transaction
from app.kernel.display import day
from app.kernel.mail import OutboxMail
from app.kernel.notices import Notice
from app.matching.models import INVITE, MatchDecision
from app.needs import commands as needs
from app.needs.models import Need
from app.needs.queries import get_need
from app.outcomes.commands import end_partnership_early
from app.outcomes.queries import get_partnership
from app.providers.accreditations.commands import remind_of_ends
from app.providers.models import SolutionProfile
from app.responses import commands as responses
from app.responses.interest.queries import get_conversation
from app.reviews.clarifications.commands import answer_clarification
from app.reviews.clarifications.models import Clarification
from app.reviews.replies.commands import answer_feedback_question, ask_about_feedback
from app.reviews.replies.models import FeedbackQuestion
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.needs import make_firsts
from tests.needs.attachments import make as make_file
from tests.needs.questions import make as make_question
from tests.outcomes import make as make_outcome
from tests.providers import make_parts
from tests.responses import make as make_response
from tests.responses.interest import make as make_talk
from tests.reviews import make as make_review

Browse = Callable[..., Browser]


def told(kind: str) -> set[str]:
    """The names of those who were told of notices of this kind, when all jobs are done.

    Who made a provider's profile for the test is its staff too, and goes without a name.
    """
    while jobs.run_due():
        pass
    with reading():
        wanted = select(Person.name).join(Notification, Notification.person_id == Person.id)
        found = session().scalars(wanted.join(Notice).where(Notice.kind == kind))
        return {name for name in found if not name.startswith("Person ")}


def again(need: Need) -> Need:
    """The need in this transaction."""
    return get_need(need.id)


def test_a_change_of_a_need_reaches_owners_and_those_who_follow_it_but_not_who_did_it(store: object) -> None:
    with transaction():
        ministry = make.department()
        author = make.buyer(ministry, "author")
        need = make_need.live_need(ministry, by=author, second=make.buyer(ministry, "second"))
        make.buyer(ministry, "colleague")
        make.officer(ministry, "officer")
        interested = make_response.provider()
        make_response.interest(need, of=interested, by=make_response.staff(interested, "interested"))
        make_response.staff(interested, "their colleague")
        make_response.staff(make_response.provider(), "stranger")
    followers = {"second", "interested", "their colleague"}
    with transaction():
        make_need.move(again(need), "committed", by=author)
    assert told("need.moved") == followers
    with transaction():
        needs.amend_need(again(need), "problem", {"problem": "Worse.", "users": "All."}, reason="We learnt.", by=author)
    assert told("need.amended") == followers
    with transaction():
        needs.withdraw_need(again(need), reason="The money went elsewhere.", by=author)
    assert told("need.withdrawn") == followers


def test_respondents_are_told_of_an_amendment_and_who_withdrew_is_not(store: object) -> None:
    with transaction():
        author = make.buyer(make.department(), "author")
        need = make_need.open_need(
            department=author.organisations()[0], by=author, second=make.buyer(author.organisations()[0], "second")
        )
        for name in ("first", "draft", "gone"):
            provider = make_response.provider()
            maker = {"first": make_response.submitted, "draft": make_response.draft, "gone": make_response.withdrawn}
            maker[name](need, of=provider, by=make_response.staff(provider, name))
    with transaction():
        needs.amend_need(again(need), "problem", {"problem": "Worse.", "users": "All."}, reason="We learnt.", by=author)
    assert told("need.amended") == {"second", "first", "draft"}


def test_no_notification_names_another_respondent(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        for name in ("Alpha Ltd", "Beta Ltd"):
            provider = make_response.provider(name)
            make_response.submitted(need, of=provider, by=make_response.staff(provider, f"staff of {name}"))
    with transaction():
        make_review.notified(again(need))
    assert told("response.feedback") == {"staff of Alpha Ltd", "staff of Beta Ltd"}
    with reading():
        words = [*session().scalars(select(Notification.text)), *session().scalars(select(OutboxMail.subject))]
        assert [each for each in words if "Alpha" in each or "Beta" in each] == []


def test_each_respondent_hears_of_its_own_response_alone(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        first, other = make_response.provider(), make_response.provider()
        make_response.submitted(need, of=other, by=make_response.staff(other, "other"))
    told("response.submitted")
    with transaction():
        response = make_response.submitted(again(need), of=first, by=make_response.staff(first, "first"))
    assert told("response.submitted") == {"other", "first"}
    with reading():
        text = f"Your response to “{need.title}” was submitted"
        found = session().execute(select(Person.name, Notification.text, Notification.path).join(Notification))
        assert ("first", text, f"/responses/{response.id}") in {tuple(row) for row in found}
    with transaction():
        mine = session().get_one(type(response), response.id)
        responses.withdraw_response(mine, by=make_response.staff(first, "colleague"))
    assert told("response.withdrawn") == {"first", "colleague"}


def test_a_closed_need_calls_its_owners_and_the_departments_officers(store: object) -> None:
    with transaction():
        ministry = make.department()
        author, second = make.buyer(ministry, "author"), make.buyer(ministry, "second")
        need = make_need.open_need(department=ministry, by=author, second=second)
        make.officer(ministry, "officer")
        make.officer(make.department(), "officer elsewhere")
        provider = make_response.provider()
        make_response.submitted(need, of=provider, by=make_response.staff(provider, "respondent"))
    with transaction():
        need = again(need)
        make_review.pass_deadline(need)
        needs.close_need(need)
    assert told("need.closed") == {"author", "second", "officer"}


def test_an_invitation_reaches_the_providers_staff(store: object) -> None:
    with transaction():
        need, provider = make_need.open_need(), make_response.provider()
        make_response.staff(provider, "invited")
        make_response.staff(make_response.provider(), "stranger")
        profile = session().scalars(select(SolutionProfile).where(SolutionProfile.provider_id == provider.id)).one()
        officer = make.officer(need.department, "officer")
        decision = MatchDecision(need=need, profile=profile, verb=INVITE, score_milli=1, reasons=[], index_version="1")
        decision.decided_by, decision.decided_at = officer, clock.now()
        session().add(decision)
        session().flush()
        notices.post("match.invited", subject=decision)
    # the staff of the profile's maker are its colleagues
    assert "invited" in told("match.invited")
    assert not {"stranger", "officer"} & told("match.invited")


def partnership_with_people() -> str:
    with transaction():
        ministry = make.department()
        author, second = make.buyer(ministry, "author"), make.buyer(ministry, "second")
        provider = make_response.provider()
        make_response.staff(provider, "staff")
        need = make_need.open_need(department=ministry, by=author, second=second)
        partnership = make_outcome.agreed(need, of=provider, others=2)
        make.officer(ministry, "officer")
        return partnership.id


def test_a_partnership_is_told_to_its_two_sides(store: object) -> None:
    partnership_id = partnership_with_people()
    assert told("partnership.agreed") == {"author", "second", "staff"}
    with transaction():
        partnership = get_partnership(partnership_id)
        make_outcome.start(partnership)
    assert told("partnership.started") in ({"second", "staff"}, {"author", "staff"})
    with transaction():
        partnership = get_partnership(partnership_id)
        staff = session().scalars(select(Person).where(Person.name == "staff")).one()
        make_outcome.record(partnership, by=staff)
    assert told("outcome.reported") == {"author", "second"}
    with transaction():
        make_outcome.record(
            get_partnership(partnership_id), by=session().scalars(select(Person).where(Person.name == "officer")).one()
        )
    assert told("outcome.settled") == {"author", "second", "staff"}


def test_the_reason_of_an_early_end_is_in_the_mail(store: object) -> None:
    partnership_id = partnership_with_people()
    with transaction():
        officer = session().scalars(select(Person).where(Person.name == "officer")).one()
        end_partnership_early(get_partnership(partnership_id), "The money went elsewhere.", by=officer)
    with transaction():
        notice = session().scalars(select(Notice).where(Notice.kind == "partnership.ended_early")).one()
        deliver_notice(notice, "https://clarion.example")
        mails = session().scalars(select(OutboxMail).where(OutboxMail.subject.like("%ended early"))).all()
        assert {"The reason given: The money went elsewhere." in each.body for each in mails} == {True}
        assert {f"https://clarion.example/partnerships/{partnership_id}\n" in each.body for each in mails} == {True}


def test_a_notice_is_delivered_once_however_often_its_job_runs(store: object) -> None:
    with transaction():
        make_need.withdrawn_need()
        notice = session().scalars(select(Notice).where(Notice.kind == "need.withdrawn")).one()
    for _ in range(3):
        deliver({"notice_id": notice.id})
    with reading():
        hearers = session().scalars(select(Notification.person_id).where(Notification.notice_id == notice.id)).all()
        mails = session().scalars(select(OutboxMail).where(OutboxMail.subject.like("%withdrawn"))).all()
        assert (len(hearers), len(set(hearers)), len(mails)) == (1, 1, 1)


def test_leavers_and_erased_people_are_told_nothing(store: object) -> None:
    with transaction():
        author = make.buyer(make.department(), "author")
        second = make.buyer(author.organisations()[0], "second")
        need = make_need.live_need(author.organisations()[0], by=author, second=second)
        interested = make_response.provider()
        erased = make_response.staff(interested, "erased")
        make_response.interest(need, of=interested, by=make_response.staff(interested, "interested"))
        second.memberships[0].left_at, erased.erased_at = clock.now(), clock.now()
    with transaction():
        needs.withdraw_need(again(need), reason="Over.", by=author)
    assert told("need.withdrawn") == {"interested"}


def test_a_changed_answer_that_everybody_reads_reaches_who_follows_the_need_but_not_who_gave_it(store: object) -> None:
    with transaction():
        ministry = make.department()
        author = make.buyer(ministry, "author")
        need = make_need.live_need(ministry, by=author, second=make.buyer(ministry, "second"), rung="committed")
        interested = make_response.provider()
        make_response.interest(need, of=interested, by=make_response.staff(interested, "interested"))
        make_response.staff(make_response.provider(), "stranger")
    with transaction():
        make_firsts.answered(again(need), by=author)
    assert told("need.answered_first") == {"second", "interested"}


@pytest.mark.parametrize("kind", ["award.made", "need.published", "no.such.kind"])
def test_a_notice_that_nobody_hears_is_no_error(store: object, kind: str) -> None:
    with transaction():
        need = make_need.live_need()
        notice = Notice(kind=kind, subject=f"needs:{need.id}", facts={}, at=clock.now())
        session().add(notice)
        session().flush()
        assert deliver_notice(notice, "https://clarion.example") == 0


@pytest.mark.parametrize(
    ("days", "kind", "says"),
    [
        (28, "accreditation.ends_soon", "ends on"),
        (14, "accreditation.ends_soon", "ends on"),
        (0, "accreditation.ends_today", "ends today,"),
        (-7, "accreditation.ended", "ended on"),
    ],
)
def test_the_staff_of_a_provider_alone_hear_that_its_accreditation_ends(
    store: object, days: int, kind: str, says: str
) -> None:
    with transaction():
        provider = make_response.provider()
        make_response.staff(provider, "theirs")
        make_response.staff(make_response.provider(), "rival")
        held = make_parts.accreditation(provider, valid_until=make_parts.in_days(days))
        held.dated_on = make_parts.in_days(-100)
    with transaction():
        assert remind_of_ends() == 1
    assert told(kind) == {"theirs"}
    with reading():
        text = f"Your accreditation “ISO/IEC 27001 information security” {says} {day(make_parts.in_days(days))}"
        assert set(session().scalars(select(Notification.text))) == {text}
        assert set(session().scalars(select(Notification.path))) == {f"/accreditations/{held.id}/edit"}


@pytest.mark.parametrize("kind", RULES)
def test_a_notice_of_a_row_that_is_gone_is_no_error(store: object, kind: str) -> None:
    with transaction():
        notice = Notice(kind=kind, subject="rows:0123456789ab", facts={"side": "buyer"}, at=clock.now())
        session().add(notice)
        session().flush()
        assert deliver_notice(notice, "https://clarion.example") == 0


def test_a_letter_says_what_happened_and_where_to_read_on() -> None:
    body = letter(
        Person(name="Bea Buyer"), "The need “X” was withdrawn", "The reason given: No.\n\n", "https://c.example/n"
    )
    assert body == (
        "Hello Bea Buyer,\n\nThe need “X” was withdrawn.\n\nThe reason given: No.\n\nRead more:\nhttps://c.example/n\n\n"
        "Clarion sends you this because of your role there, and you cannot stop it: it asks for an act, or proves "
        "one.\nDo not reply: nobody reads this address.\n"
    )


def test_the_page_shows_what_is_new_and_marks_it_read(browser: Browse) -> None:
    with transaction():
        need = make_need.live_need(title="Records <b>")
        owner, reader, officer = need.owners[0].person, make.person(), make.officer(need.department)
    with transaction():
        needs.withdraw_need(again(need), reason="Over.", by=officer)
    told("need.withdrawn")
    page = browser(owner).get("/notifications")
    assert "The need “Records <b>” was withdrawn" in page.text
    assert "New" in page.text
    assert page.follow("The need “Records <b>” was withdrawn").h1 == "Records <b>"
    page = page.submit("Mark all as read")
    assert (page.h1, "New" in page.text, "Mark all as read" in page.buttons()) == ("Notifications", False, False)
    assert "You have no notifications." in browser(reader).get("/notifications").text
    assert browser().get("/notifications").h1 == "Sign in"
    with reading():
        assert queries.awaiting(owner, clock.now()) == []


def test_a_conversation_is_heard_of_by_its_two_sides_alone(store: object) -> None:
    with transaction():
        ministry = make.department()
        author = make.buyer(ministry, "author")
        need = make_need.live_need(ministry, by=author, second=make.buyer(ministry, "second"))
        make.officer(ministry, "officer")
        provider, rival = make_response.provider(), make_response.provider()
        make_response.interest(need, of=rival, by=make_response.staff(rival, "rival"))
        by = make_response.staff(provider, "asker")
        make_response.staff(provider, "their colleague")
        conversation = make_talk.conversation(need, of=provider, by=by)
    owners, theirs = {"author", "second"}, {"asker", "their colleague"}
    assert told("conversation.asked") == owners
    for verb, kind, hearers in (
        ("offer", "conversation.answered", theirs),
        ("agree", "conversation.agreed", owners),
        ("take back", "conversation.taken_back", owners),
    ):
        with transaction():
            talk = get_conversation(conversation.id, by)
            make_talk.act(verb, talk, buyer=session().get_one(Person, author.id), staff=by)
        assert told(kind) == hearers


def test_every_notification_leads_to_a_page_that_its_reader_may_see(browser: Browse) -> None:
    with transaction():
        need = make_need.open_need()
        provider = make_response.provider()
        make_outcome.settled(need=need, of=provider)
        live = make_need.live_need()
        make_response.interest(live)
        make_talk.conversation(live, state="agreed")
        make_need.move(live, "committed")
        make_question.answered(make_question.question(live))
    told("outcome.settled")
    with reading():
        rows = (
            session()
            .execute(select(Person, Notification.path, Notice.kind).join(Notification.person).join(Notice))
            .all()
        )
        people = [(person, path, kind) for person, path, kind in rows]
    assert {kind for _, _, kind in people} > {
        "response.feedback",
        "interest.registered",
        "conversation.asked",
        "conversation.answered",
        "conversation.agreed",
        "outcome.reported",
        "need.moved",
        "question.arrived",
        "answer.published",
    }
    for person, path, _ in people:
        browser(person).get(path, 200)


def test_unread_notifications_are_one_thing_on_the_desk(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        owner = need.owners[0].person
        officer = make.officer(need.department)
    for number in range(2):
        with transaction():
            needs.amend_need(again(need), "problem", {"problem": f"{number}.", "users": "All."}, reason="x", by=officer)
    told("need.amended")
    with reading():
        (thing,) = queries.awaiting(owner, clock.now() + timedelta(days=1))
        assert (thing.text, thing.endpoint, thing.group) == (
            "Read 2 notifications",
            "alerts.notifications",
            "Notifications",
        )
        assert queries.count_unread(owner) == 2


def test_the_invited_alone_hear_that_they_can_take_part(store: object) -> None:
    with transaction():
        author = make.buyer(make.department(), "author")
        firms = {name: make.supplier(name) for name in ("First", "Later", "Stranger")}
        people = {name: make.staff(firm, f"staff of {name}") for name, firm in firms.items()}
        make.join(people["First"], firms["Stranger"], "supplier_staff")
        both = make.staff(firms["First"], "both sides")
        make.join(both, author.organisations()[0], "buyer")
        limited = {"audience": "invited", "audience_reason": "security", "audience_note": "It is secret."}
        need = make_need.live_need(
            author.organisations()[0], by=author, **limited, invited_organisations=[firms["First"]]
        )
    assert told("need.invited") == {"staff of First"}
    with transaction():
        content = {**limited, "invited_organisations": [firms["First"].id, firms["Later"].id]}
        needs.amend_need(again(need), "audience", content, reason="One more can.", by=author)
    assert told("need.invited") == {"staff of First", "staff of Later"}
    with reading():
        invited = select(Notification).join(Notice).where(Notice.kind == "need.invited")
        texts = [row.text for row in session().scalars(invited)]
    assert texts == [f"{need.department.name} invited you to take part in “{need.title}”"] * 2


def test_who_was_taken_off_the_list_before_the_notice_went_out_hears_nothing(store: object) -> None:
    with transaction():
        author = make.buyer(make.department(), "author")
        firms = {name: make.supplier(name) for name in ("First", "Later")}
        for name, firm in firms.items():
            make.staff(firm, f"staff of {name}")
        limited = {"audience": "invited", "audience_reason": "security", "audience_note": "It is secret."}
        need = make_need.live_need(
            author.organisations()[0], by=author, **limited, invited_organisations=firms.values()
        )
        content = {**limited, "invited_organisations": [firms["Later"].id]}
        needs.amend_need(need, "audience", content, reason="A slip.", by=author)
    assert told("need.invited") == {"staff of Later"}


def refused_attachment(department: Organisation, by: Person) -> None:
    """A file of a draft, added by this person, that does not pass its check."""
    scanning.use(("false",))
    need = make_need.draft_need(department, by=make.buyer(department, "author"))
    needs.add_owner(need, by, "draft", by=need.owners[0].person)
    make_file.attachment(need, by=by)


@pytest.mark.parametrize(("has_left", "hearer"), [(False, "writer"), (True, "author")])
def test_a_refused_file_is_told_to_who_added_it_or_else_to_the_owners(
    store: object, has_left: bool, hearer: str
) -> None:
    with transaction():
        ministry = make.department()
        make.officer(ministry, "officer")
        writer = make.buyer(ministry, "writer")
        refused_attachment(ministry, by=writer)
        if has_left:
            make.leave(writer, ministry)
    assert told("attachment.refused") == {hearer}
    with reading():
        (text,) = session().scalars(select(Notification.text))
        (path,) = session().scalars(select(Notification.path))
    assert "did not pass its check, and was removed" in text
    assert path.startswith("/needs/")


def test_a_question_reaches_those_who_answer_and_its_answer_all_who_follow(store: object) -> None:
    with transaction():
        ministry = make.department()
        author = make.buyer(ministry, "author")
        need = make_need.open_need(department=ministry, by=author, second=make.buyer(ministry, "publisher"))
        make.officer(ministry, "officer")
        make.buyer(ministry, "colleague")
        make.join(make.officer(ministry, "tied officer"), make.supplier(), "supplier_staff")
        drafting = make_response.provider()
        make_response.draft(need, of=drafting, by=make_response.staff(drafting, "respondent"))
        firm = make.supplier("Asking Ltd")
        asker = make.staff(firm, "asker")
        make.staff(firm, "colleague of the asker")
        make_response.staff(make_response.provider(), "stranger")
        question = make_question.question(need, of=firm, by=asker)
    assert told("question.arrived") == {"author", "officer"}
    with reading():
        arrived = session().scalars(select(Notification)).all()
        assert {(each.text, each.path) for each in arrived} == {
            (f"A question about “{need.title}” waits for an answer", f"/questions/{question.id}")
        }
    with transaction():
        make_question.answered(make_question.again(question))
    followers = {"publisher", "respondent", "asker", "colleague of the asker"}
    assert told("answer.published") == followers
    with transaction():
        make_question.question(again(need), of=firm, by=asker)
        needs.withdraw_need(again(need), reason="Over.", by=author)
    assert told("questions.ended") == {"author", *followers}


def test_a_clarification_reaches_its_respondent_and_its_answer_the_reviewers(store: object) -> None:
    with transaction():
        author = make.officer(make.department(), "author")
        department = author.organisations()[0]
        need = make_need.open_need(department=department, by=author)
        officer = make.officer(department, "officer")
        leaver = make.officer(department, "leaver")
        first, rival = make_response.provider(), make_response.provider()
        speaker = make_response.staff(first, "speaker")
        response = make_response.submitted(need, of=first, by=speaker)
        make_response.staff(first, "their colleague")
        make_response.submitted(need, of=rival, by=make_response.staff(rival, "rival"))
        make.join(leaver, rival.organisation, "supplier_staff")
        make.leave(leaver, rival.organisation)
    with transaction():
        make_review.opened(again(need), by=officer)
        asked = make_review.clarification(make_review.again(response), by=officer)
    assert told("clarification.asked") == {"speaker", "their colleague"}
    with transaction():
        answer_clarification(session().get_one(Clarification, asked.id), answer="We mean May.", by=speaker)
    assert told("clarification.answered") == {"officer"}


def test_a_question_about_feedback_reaches_the_reviewers_and_its_answer_who_asked(store: object) -> None:
    with transaction():
        author = make.officer(make.department(), "author")
        department = author.organisations()[0]
        need = make_need.open_need(department=department, by=author)
        officer = make.officer(department, "officer")
        first, rival = make_response.provider(), make_response.provider()
        speaker = make_response.staff(first, "speaker")
        response = make_response.submitted(need, of=first, by=speaker)
        make_response.submitted(need, of=rival, by=make_response.staff(rival, "rival"))
    with transaction():
        make_review.notified(again(need), by=officer)
        asked = ask_about_feedback(make_review.again(response), text="Why?", by=speaker)
    assert told("feedback.asked") == {"officer"}
    with transaction():
        answer_feedback_question(session().get_one(FeedbackQuestion, asked.id), answer="So.", by=officer)
    assert told("feedback.answered") == {"speaker"}
    with reading():
        wanted = select(Notification.path).join(Notice).where(Notice.kind.in_(("feedback.asked", "feedback.answered")))
        found = set(session().scalars(wanted))
        assert found == {f"/feedback-questions/{asked.id}", f"/responses/{response.id}/result"}
