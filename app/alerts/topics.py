"""Topics of notifications whose mail a person may choose; other mail asks for an act or proves one, and always goes."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.alerts.models import AT_ONCE, NEVER


@dataclass(frozen=True)
class Topic:
    """Some kinds of notices that belong together: how people know them, and how their mail goes unless they choose."""

    key: str
    title: str
    hint: str
    kinds: frozenset[str]
    usual: str


TOPICS = {
    topic.key: topic
    for topic in (
        Topic(
            "moves",
            "A need moves on, or stays where it is",
            "Needs that you own, are interested in or answer.",
            frozenset({"need.moved", "need.reviewed", "need.concluded", "need.answered_first"}),
            AT_ONCE,
        ),
        Topic(
            "answers",
            "Answers to questions",
            "Of needs that you own, are interested in or answer.",
            frozenset({"answer.published", "questions.ended"}),
            AT_ONCE,
        ),
        Topic(
            "invitations",
            "A department invites you to look at a need",
            "Because the engine found that you fit.",
            frozenset({"match.invited"}),
            AT_ONCE,
        ),
        Topic(
            "drafts",
            "Drafts of needs",
            "Comments, and drafts that Clarion begins when a contract ends.",
            frozenset({"need.commented", "need.prepared"}),
            NEVER,
        ),
        Topic(
            "interest",
            "Interest in your needs",
            "That somebody registered interest: who it is stands on the page.",
            frozenset({"interest.registered"}),
            NEVER,
        ),
        Topic(
            "partnerships",
            "How partnerships go",
            "That work started, ended early, or was recorded by both sides.",
            frozenset({"partnership.started", "partnership.ended_early", "outcome.settled"}),
            AT_ONCE,
        ),
    )
}
_TOPIC_OF = {kind: topic for topic in TOPICS.values() for kind in topic.kinds}


def topic_of(kind: str) -> Topic | None:
    """The topic of a kind of notice; None for what is not a choice."""
    return _TOPIC_OF.get(kind)


def how_mailed(kind: str, by_mail: bool, choices: Mapping[str, str]) -> str:
    """How the mail of a notice goes for somebody who chose this: {topic: how often}."""
    topic = topic_of(kind)
    chosen = choices.get(topic.key) if topic else None
    return chosen or (AT_ONCE if by_mail else NEVER)
