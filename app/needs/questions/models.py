"""Rows of questions: what was asked, apart from that who asked, drafts of answers, and what was published."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, Person
from app.kernel.db import Base, RandomId
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need

WAITING, ANSWERED, DECLINED, ENDED = "waiting", "answered", "declined", "ended"
# what a published answer is: the last is said once for all questions that were still waiting at a need's end
ANSWER, ALREADY, DECLINE, CORRECTION, END = "answer", "already", "decline", "correction", "end"
MOST_CHARACTERS, MOST_UNANSWERED = 2_000, 20


class PublicAnswer(RandomId, Base):
    """One answer as everybody reads it, with the question in the answerer's words; it never changes."""

    __tablename__ = "public_answers"
    __table_args__ = (UniqueConstraint("need_id", "number"),)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    # the answer that it corrects, or that had answered the question already
    earlier_id: Mapped[str | None] = mapped_column(ForeignKey("public_answers.id"))
    need: Mapped[Need] = relationship()
    earlier: Mapped["PublicAnswer | None"] = relationship(remote_side="PublicAnswer.id")


class Question(Lifecycle, RandomId, Base):
    """One question about a need as it was typed, for those who answer; who asked it stands in another row."""

    __tablename__ = "questions"
    NOUN, INITIAL = "question", WAITING
    MOVES = {
        "answer": move(WAITING, to=ANSWERED),
        "decline": move(WAITING, to=DECLINED),
        "end": move(WAITING, to=ENDED),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    # the officer who handles it: the only one to whom its asker is shown
    handler_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    taken_on_at: Mapped[datetime | None]
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("public_answers.id"), index=True)
    need: Mapped[Need] = relationship()
    handler: Mapped[Person | None] = relationship()
    answer: Mapped[PublicAnswer | None] = relationship()


class Asking(RandomId, Base):
    """Who asked a question, and for which provider; the audit holds a commitment to it, which the salt opens."""

    __tablename__ = "askings"
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32))
    question: Mapped[Question] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AnswerDraft(RandomId, Base):
    """What will answer a question, as far as it is written; those who answer share it."""

    __tablename__ = "answer_drafts"
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    earlier_id: Mapped[str | None] = mapped_column(ForeignKey("public_answers.id"))
    # the ids of the other questions that it will answer too
    together: Mapped[list[str]] = mapped_column(JSON)
    saved_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime]
    question: Mapped[Question] = relationship()
