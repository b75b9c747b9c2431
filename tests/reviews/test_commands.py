"""Commands of reviews."""

from app.kernel.db import session, transaction
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review


def test_the_whole_way(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        first, second = make_response.submitted_many(need, 2)
        review = make_review.notified(need, winners={first: 100})
        session().flush()
        assert (need.state, review.state, first.state, second.state) == (
            "concluded",
            "notified",
            "awarded",
            "not_awarded",
        )
