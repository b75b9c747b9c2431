"""Changing needs: drafts, the ladder, amendments, endings and owners."""

from app.needs.commands.amending import amend_need, amendment_faults, as_amended, tell_amendment, write_amendment
from app.needs.commands.ending import close_due_needs, close_need, conclude_need, withdraw_need
from app.needs.commands.owning import add_owner, remove_owner
from app.needs.commands.publishing import (
    as_moved,
    lacks_of_step,
    move_rung,
    publish_need,
    require_ready,
    review_signal,
    said_of,
)
from app.needs.commands.rules import (
    CLOSE_DUE,
    given_reason,
    require_amendable,
    require_before_deadline,
    require_movable,
    require_withdrawable,
)
from app.needs.commands.writing import post_need, prepare_draft, save_section

__all__ = [
    "CLOSE_DUE",
    "add_owner",
    "amend_need",
    "amendment_faults",
    "as_amended",
    "as_moved",
    "close_due_needs",
    "close_need",
    "conclude_need",
    "given_reason",
    "lacks_of_step",
    "move_rung",
    "post_need",
    "prepare_draft",
    "publish_need",
    "remove_owner",
    "require_amendable",
    "require_before_deadline",
    "require_movable",
    "require_ready",
    "require_withdrawable",
    "review_signal",
    "said_of",
    "save_section",
    "tell_amendment",
    "withdraw_need",
    "write_amendment",
]
