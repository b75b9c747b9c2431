"""Lifecycle: verbs move rows between the states of their table, and refuse the rest."""

import pytest

from app.accounts.models import Claim, Invitation
from app.kernel.errors import IllegalMove
from app.kernel.lifecycle import Lifecycle
from app.matching.models import MatchDecision
from app.needs.approvals.models import Approval
from app.needs.attachments.models import Attachment
from app.needs.models import Need, NeedPartner
from app.needs.questions.models import Question
from app.outcomes.models import Partnership
from app.providers.catalogue.models import CatalogueUpload
from app.providers.models import SolutionProfile
from app.responses.coalitions.models import PartnerInvitation
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.interest.models import Conversation
from app.responses.models import Response
from app.reviews.models import Review

MODELS = [
    *(Claim, Invitation, Need, NeedPartner, Approval, Attachment, Question),
    *(CatalogueUpload, Conversation, Idea, IdeaAnswer, SolutionProfile),
    *(PartnerInvitation, Response, Review, Partnership),
]
CASES = [(model, verb, state) for model in MODELS for verb in model.MOVES for state in model.states()]


@pytest.mark.parametrize(("model", "verb", "state"), CASES, ids=lambda value: getattr(value, "__name__", value))
def test_each_verb_moves_from_its_states_alone(model: type[Lifecycle], verb: str, state: str) -> None:
    row = model()
    row.__dict__["state"] = state
    if state in model.MOVES[verb].sources:
        assert row.can(verb)
        row.move(verb)
        assert row.state == model.MOVES[verb].target
    else:
        assert not row.can(verb)
        with pytest.raises(IllegalMove, match=state.replace("_", " ")):
            row.move(verb)
        assert row.state == state


def test_every_model_with_states_is_in_this_table() -> None:
    assert MatchDecision.__mro__.count(Lifecycle) == 0
    assert set(Lifecycle.__subclasses__()) == set(MODELS)


def test_a_row_begins_in_its_initial_state() -> None:
    assert [model().state for model in MODELS] == [model.INITIAL for model in MODELS]
