"""Commands of responses."""

from app.kernel.db import session, transaction
from app.responses import queries
from app.responses.models import SUBMITTED
from app.responses.submissions import is_intact
from tests.needs import make as make_need
from tests.responses import make as make_response


def test_submit_response_makes_a_receipt_that_holds(store: object) -> None:
    with transaction():
        response = make_response.submitted(make_need.open_need())
        session().flush()
        receipt = queries.find_last_receipt(response)
        assert receipt is not None
        assert (response.state, receipt.number) == (SUBMITTED, 1)
        assert is_intact(receipt)
        assert queries.receipt_faults(receipt) == []
