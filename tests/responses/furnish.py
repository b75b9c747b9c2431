"""The world of the sweep: sealed answers full of canary words, and a row of everything that has an address."""

from typing import Any

from app.accounts.models import Person
from app.alerts.follows.commands import follow
from app.alerts.searches.commands import watch_fit
from app.kernel import clock
from app.kernel.db import session
from app.needs.comments.commands import comment_on
from app.needs.joint.commands import ask_to_join
from app.needs.models import Need
from app.needs.starting.commands import keep_template
from app.providers.catalogue.commands import keep_upload
from app.responses.commands import register_interest, withdraw_response
from app.responses.ideas import answering
from app.responses.interest.models import OFFERED
from app.reviews.replies.commands import ask_about_feedback, rate_feedback
from tests import make
from tests.alerts import make as make_alert
from tests.needs import make as make_need
from tests.needs.attachments import make as make_file
from tests.needs.questions import make as make_question
from tests.outcomes import make as make_outcome
from tests.providers import make_parts
from tests.responses import make as make_response
from tests.responses.coalitions import make as make_coalition
from tests.responses.conftest import World
from tests.responses.ideas import make as make_idea
from tests.responses.interest import make as make_interest
from tests.responses.sweep import CANARY, PRICE, word_of
from tests.reviews import make as make_review


def answers(world: World) -> None:
    """A submitted coalition, a draft of one provider, and a withdrawn answer: the canary in all that can be written.

    With it come somebody of its partner, and somebody of a provider that was asked and has not answered.
    """
    told: dict[str, Any] = {"words": CANARY, "price_pence": PRICE}
    need, staff = session().get_one(Need, world.need.id), session().merge(world.staff)
    partner, asked = make_response.provider("Pier Ltd"), make_response.provider("Jetty Ltd")
    world.people["partner_staff"] = make_response.staff(partner, "Partner staff")
    world.people["asked_staff"] = make_response.staff(asked, "Asked staff")
    make_response.draft(need, **told)
    response = make_response.draft(need, of=session().merge(world.provider), by=staff, **told)
    make_coalition.submitted(response, partner, by=staff, partner_by=world.people["partner_staff"], words=CANARY)
    make_coalition.invited(response, asked, by=staff, words=f"Shall we {word_of('partner invitation')}?")
    owner = make_response.provider()
    by = make_response.staff(owner)
    withdraw_response(make_response.submitted(need, of=owner, by=by, **told), by=by)


def everything(world: World) -> None:
    """A row of everything that has an address, and each other secret where it is written."""
    author, staff = session().merge(world.author), session().merge(world.staff)
    _of_departments(world, author)
    _of_providers(world, staff)
    _of_ideas(world, author, staff)
    _of_a_reviewed_need(world, author, staff)
    everybody_listens(world, session().get_one(Need, world.need.id), session().get_one(Need, world.early.id))
    make_alert.saved(staff, f"q={word_of('saved search')}", name=word_of("saved search"))


def _of_departments(world: World, author: Person) -> None:
    ministry, early, officer = (
        author.organisations()[0],
        session().get_one(Need, world.early.id),
        session().merge(world.officer),
    )
    draft = make_need.draft_need(ministry, by=author)
    comment_on(draft, "problem", "Shorter.", by=author)
    make_file.attachment(draft, by=author)
    keep_template(early, name="Harbours", note="For harbours.", by=officer)
    elsewhere = session().merge(world.elsewhere)
    ask_to_join(early, elsewhere.organisations()[0], reason="We have tides too.", by=elsewhere)
    make_question.answered(make_question.question(session().get_one(Need, world.need.id)))
    make_outcome.running()
    make.mail_domain(ministry, "tides.example")
    make.invitation(ministry, "new@tides.example", "buyer", officer)
    make.claim(make.person(), ministry)


def _of_providers(world: World, staff: Person) -> None:
    provider, early = session().merge(world.provider), session().get_one(Need, world.early.id)
    note = f"We have {word_of('interest')}."
    register_interest(early, provider, people=3, from_on=clock.today(), note=note, by=staff)
    about = f"Of {word_of('conversation')}?"
    make_interest.conversation(early, of=provider, by=staff, about=about, state=OFFERED)
    make_parts.team_member(provider, by=staff)
    make_parts.accreditation(provider)
    make_parts.wish(provider)
    title = f"A {word_of('catalogue upload')}"
    keep_upload(provider, name="ours.csv", rows=[{"row": 2, "cells": {"title": title}}], by=staff)


def _of_ideas(world: World, author: Person, staff: Person) -> None:
    provider = session().merge(world.provider)
    make_idea.drafted(provider, by=staff, proposal=f"A {word_of('idea in draft')}.")
    idea = make_idea.proposed(provider, by=staff, proposal=f"An {word_of('idea proposed')}.")
    asked, officer = f"Is it a {word_of('question to an idea')}?", session().merge(world.officer)
    answering.ask_back(idea, author.organisations()[0], question=asked, by=officer)


def _of_a_reviewed_need(world: World, author: Person, staff: Person) -> None:
    """Two needs past their deadline: one where a clarification waits, one whose respondent was told and asks why."""
    provider, ministry = session().merge(world.provider), author.organisations()[0]
    officer, owner = session().merge(world.officer), session().merge(world.owner)
    for is_told in (False, True):
        need = make_need.open_need(department=ministry, by=author, second=owner)
        response = make_response.submitted(need, of=provider, by=staff)
        if is_told:
            make_review.notified(need, by=officer)
            ask_about_feedback(response, text=f"Why {word_of('question of feedback')}?", by=staff)
            rate_feedback(response, useful="no", sentence=word_of("rating of feedback"), by=staff)
        else:
            make_review.opened(need, by=officer)
            make_review.clarification(response, by=officer, question=f"What is {word_of('clarification')}?")


def everybody_listens(world: World, *needs: Need) -> None:
    """Every role follows these needs and keeps a search that finds them; who works for a provider watches what fits."""
    for person in {each.id: each for each in world.people.values()}.values():
        mine = session().merge(person)
        for need in needs:
            follow(need, by=mine)
        make_alert.saved(mine, "q=records", how_often="daily", name="Records")
    for role, provider in {"staff": world.provider, "rival_staff": world.rival, "team_staff": world.team}.items():
        watch_fit(session().merge(provider), how_often="daily", by=session().merge(world.people[role]))


def four_drafts(need: Need) -> list[tuple[str, Person]]:
    """Four answers that can be submitted, and by whom: two of them coalitions; the last has asked somebody besides."""
    made = []
    for number in range(4):
        lead = make_response.provider()
        by = make_response.staff(lead)
        response = make_response.draft(need, of=lead, by=by)
        if number % 2:
            partner = make_response.provider()
            partner_by = make_response.staff(partner)
            make_coalition.joined(response, partner, by=by, partner_by=partner_by)
            make_coalition.settled(response, by=by, people={partner.id: partner_by})
        if number == 3:
            make_coalition.invited(response, make_response.provider(), by=by)
        made.append((response.id, by))
    return made
