"""The one door to Whoosh: what is searchable, the log that the index follows, finding, ranking and marking.

Read in this order: documents, changes, schema, opening, shelf, writing, following; then compiling, snapshot,
recurrence, lexicon, reading; then analysis, query, scoring, ordering, finding, watching, ranking; then standing,
verifying.
"""

from datetime import datetime

from app.kernel import db
from app.kernel.search import changes
from app.kernel.search.analysis import words_of
from app.kernel.search.documents import Document, Searchable, kinds, register
from app.kernel.search.finding import Found, Hit, find
from app.kernel.search.following import Follower, catch_up, follow, rebuild
from app.kernel.search.groups import Groups, groups
from app.kernel.search.marking import mark
from app.kernel.search.place import connect
from app.kernel.search.ranking import Ranked, Why, explain, more_like, rank, rank_plainly
from app.kernel.search.shelf import Broken
from app.kernel.search.snapshot import Snapshot, strongest
from app.kernel.search.standing import KindStatus, Lag, Status, index_version, lag, status
from app.kernel.search.verifying import Verified, verify
from app.kernel.search.voting import Voted, vote
from app.kernel.search.watching import which_find

__all__ = [
    "Broken",
    "Document",
    "Follower",
    "Found",
    "Groups",
    "Hit",
    "KindStatus",
    "Lag",
    "Ranked",
    "Searchable",
    "Snapshot",
    "Status",
    "Verified",
    "Voted",
    "Why",
    "catch_up",
    "connect",
    "explain",
    "find",
    "follow",
    "groups",
    "index_version",
    "kinds",
    "lag",
    "mark",
    "more_like",
    "prune",
    "rank",
    "rank_plainly",
    "rebuild",
    "register",
    "status",
    "strongest",
    "verify",
    "vote",
    "which_find",
    "words_of",
]


def prune(before: datetime) -> int:
    """Forget change lines older than a moment, in the transaction under way; returns how many."""
    return changes.prune(db.session(), before)
