"""Many writers at once, on a real database: nothing acknowledged is lost, and nothing late gets in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove
from app.needs.models import Need
from app.responses import commands, queries
from app.responses.models import OPENED, Response, SubmissionReceipt
from app.responses.submissions import is_intact
from app.reviews import commands as reviews
from app.reviews.models import Review
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World

WRITERS = 16


def submit_until_late(response_id: str, start: Barrier) -> list[int]:
    """Change one submitted response until the deadline: the prices of the receipts that were acknowledged."""
    told: list[int] = []
    start.wait()
    for price in range(1, 10_000):
        try:
            number = in_transaction(lambda price=price: _change(response_id, price))  # type: ignore[misc]
        except IllegalMove:
            return told
        told.append(number)
    raise AssertionError("the deadline never came")


def _change(response_id: str, price: int) -> int:
    response = session().get_one(Response, response_id)
    by = queries.find_last_receipt(response).submitted_by  # type: ignore[union-attr]
    offer = {name: getattr(response, name) for name in ("profile", "summary", "available_from", "knowledge_transfer")}
    receipt = commands.describe_offer(response, **offer, price_pence=price, by=by)
    assert receipt is not None
    return receipt.number


def open_when_due(need_id: str, officer_id: str, start: Barrier) -> datetime:
    """Try to open the responses until the deadline lets it: the moment at which they were."""
    from app.accounts.models import Person

    def attempt() -> datetime:
        officer = session().get_one(Person, officer_id)
        return reviews.open_responses(session().get_one(Need, need_id), by=officer).opened_at

    start.wait()
    while True:
        try:
            return in_transaction(attempt)
        except IllegalMove:
            continue


def due_in(need: Need, seconds: float) -> datetime:
    """Set the deadline a moment ahead, in a transaction whose clock is fresh."""
    with transaction():
        deadline = clock.now() + timedelta(seconds=seconds)
        session().get_one(Need, need.id).deadline_at = deadline
    return deadline


def storm(world: World, seconds: float) -> None:
    """16 writers change 16 submitted responses while an officer tries to open them, across the deadline."""
    with transaction():
        responses = make_response.submitted_many(session().merge(world.need), WRITERS)
    need, deadline = world.need, due_in(world.need, seconds)
    start = Barrier(WRITERS + 1)
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        opening = pool.submit(open_when_due, need.id, world.officer.id, start)
        writing = [pool.submit(submit_until_late, response.id, start) for response in responses]
        told = {response.id: future.result(60) for response, future in zip(responses, writing, strict=True)}
        opened_at = opening.result(60)
    assert sum(len(numbers) for numbers in told.values()) > 0
    assert opened_at >= deadline
    with reading():
        for response_id, numbers in told.items():
            _check(session().get_one(Response, response_id), numbers, deadline)


def _check(response: Response, told: list[int], deadline: datetime) -> None:
    receipts = queries.receipts_of(response)
    assert [receipt.number for receipt in reversed(receipts)] == [1, *told]
    assert all(receipt.submitted_at < deadline and is_intact(receipt) for receipt in receipts)
    assert response.state == OPENED
    assert response.price_pence == receipts[0].content["price_pence"]
    assert queries.receipt_faults(receipts[0]) == []
    submission = queries.submissions_of([response])[response.id]
    assert submission.price_pence == response.price_pence


def test_sixteen_writers_at_the_edge_while_an_officer_opens(world: World) -> None:
    storm(world, seconds=0.8)


@pytest.mark.slow
def test_the_storm_again_and_longer(world: World) -> None:
    storm(world, seconds=20)


def test_first_submissions_race_the_opening(world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        drafts = [make_response.draft(need) for _ in range(WRITERS)]
        authors = {draft.id: draft.provider.organisation_id for draft in drafts}
    due_in(need, 0.15)
    start = Barrier(WRITERS + 1)

    def submit(response_id: str) -> bool:
        from app.accounts.models import Membership

        def work() -> None:
            response = session().get_one(Response, response_id)
            by = session().scalars(select(Membership).filter_by(organisation_id=authors[response_id])).first()
            assert by is not None
            commands.submit_response(response, by=by.person)

        start.wait()
        try:
            in_transaction(work)
        except IllegalMove:
            return False
        return True

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        opening = pool.submit(open_when_due, need.id, world.officer.id, start)
        told = dict(zip(authors, pool.map(submit, authors), strict=True))
        opening.result(60)
    with reading():
        assert {row.id: row.state == OPENED for row in session().scalars(select(Response))} == told


def test_sixteen_submissions_straddle_the_deadline_and_at_the_deadline_itself_is_late(world: World) -> None:
    """Each writer's clock stands a microsecond from its neighbour's; the transaction's one reading decides."""
    with transaction():
        need = session().merge(world.need)
        drafts = [make_response.draft(need) for _ in range(WRITERS)]
        moments = {draft.id: timedelta(microseconds=place - WRITERS // 2) for place, draft in enumerate(drafts)}
        deadline = clock.now() + timedelta(hours=1)
        need.deadline_at = deadline
    start = Barrier(WRITERS)

    def submit(response_id: str) -> bool:
        from app.accounts.models import Membership

        def work() -> None:
            response = session().get_one(Response, response_id)
            theirs = select(Membership).filter_by(organisation_id=response.provider.organisation_id)
            by = session().scalars(theirs.order_by(Membership.id)).first()
            assert by is not None
            commands.submit_response(response, by=by.person)

        start.wait()
        try:
            with clock.at(deadline + moments[response_id]):
                in_transaction(work)
        except IllegalMove:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        told = dict(zip(moments, pool.map(submit, moments), strict=True))
    assert told == {response_id: moment < timedelta(0) for response_id, moment in moments.items()}
    with clock.at(deadline + timedelta(seconds=1)):
        open_when_due(need.id, world.officer.id, Barrier(1))
    with reading():
        assert {row.id: row.state == OPENED for row in session().scalars(select(Response))} == told
        receipts = session().scalars(select(SubmissionReceipt)).all()
        in_time = {moment for moment in moments.values() if moment < timedelta(0)}
        assert {receipt.submitted_at - deadline for receipt in receipts} == in_time


def test_fifty_parallel_starts_give_one_response(world: World) -> None:
    start = Barrier(50)

    def begin(_: int) -> str:
        start.wait()
        try:
            return in_transaction(_start(world))
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(50) as pool:
        told = list(pool.map(begin, range(50)))
    with reading():
        assert session().scalar(select(func.count()).select_from(Response)) == 1
        only = session().scalars(select(Response)).one()
    assert sorted(set(told)) == sorted({"conflict", only.id})
    assert told.count(only.id) == 1


def _start(world: World):  # type: ignore[no-untyped-def]
    from app.accounts.models import Person
    from app.providers.models import Provider

    def work() -> str:
        need, provider = session().get_one(Need, world.need.id), session().get_one(Provider, world.provider.id)
        return commands.start_response(need, provider, by=session().get_one(Person, world.staff.id)).id

    return work


def test_parallel_presses_of_start_all_arrive_at_one_draft(app: Flask, world: World) -> None:
    browsers = [Browser(app, person) for person in (world.staff, world.lead) for _ in range(4)]
    tokens = [browser.token() for browser in browsers]
    start = Barrier(len(browsers))

    def press(place: int) -> str:
        start.wait()
        data = {"csrf_token": tokens[place], "provider": world.provider.id}
        return str(browsers[place].client.post(f"/needs/{world.need.id}/respond", data=data).location)

    with ThreadPoolExecutor(len(browsers)) as pool:
        led = set(pool.map(press, range(len(browsers))))
    with reading():
        only = session().scalars(select(Response)).one()
    assert led <= {f"/responses/{only.id}/edit", f"/needs/{world.need.id}/respond"}
    assert browsers[0].get(f"/needs/{world.need.id}/respond").path == f"/responses/{only.id}/edit"


def test_two_officers_open_at_once_and_one_is_told_so(world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        make_response.submitted_many(need, 3)
        need.deadline_at = clock.now() - timedelta(seconds=1)
    start = Barrier(8)

    def attempt(_: int) -> bool:
        from app.accounts.models import Person

        start.wait()
        try:
            in_transaction(
                lambda: reviews.open_responses(
                    session().get_one(Need, need.id), by=session().get_one(Person, world.officer.id)
                )
            )
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    with reading():
        assert session().scalar(select(func.count()).select_from(Review)) == 1
        assert session().scalar(select(func.count()).select_from(SubmissionReceipt)) == 3
