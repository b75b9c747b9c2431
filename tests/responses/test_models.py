"""Every verb of a response against every state."""

import pytest

from app.kernel.errors import IllegalMove
from app.responses.models import Response

# verb: from -> to; whatever is not here is refused
TABLE = {
    "submit": {"draft": "submitted"},
    "withdraw": {"draft": "withdrawn", "submitted": "withdrawn"},
    "resume": {"withdrawn": "draft"},
    "reopen": {"submitted": "draft"},
    "open": {"submitted": "opened"},
    "shortlist": {"opened": "shortlisted", "set_aside": "shortlisted"},
    "set_aside": {"opened": "set_aside", "shortlisted": "set_aside"},
    "award": {"shortlisted": "awarded"},
    "not_award": {"opened": "not_awarded", "shortlisted": "not_awarded", "set_aside": "not_awarded"},
}
WAYS = {
    "draft": (),
    "submitted": ("submit",),
    "withdrawn": ("withdraw",),
    "opened": ("submit", "open"),
    "shortlisted": ("submit", "open", "shortlist"),
    "set_aside": ("submit", "open", "set_aside"),
    "awarded": ("submit", "open", "shortlist", "award"),
    "not_awarded": ("submit", "open", "not_award"),
}


def test_the_table_names_every_verb_and_state() -> None:
    assert set(TABLE) == set(Response.MOVES)
    assert set(WAYS) == set(Response.states())


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("verb", TABLE)
def test_verb_against_state(verb: str, state: str) -> None:
    response = Response()
    for step in WAYS[state]:
        response.move(step)
    wanted = TABLE[verb].get(state)
    assert response.can(verb) == (wanted is not None)
    if wanted is None:
        with pytest.raises(IllegalMove):
            response.move(verb)
        assert response.state == state
    else:
        response.move(verb)
        assert response.state == wanted
