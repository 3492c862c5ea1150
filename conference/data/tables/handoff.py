"""Handoffs: a person passes from one funder's step to another funder, with the money.

`snapshot` is the frozen JSON that the receiver was shown, without any identity; what the sender releases and what the receiver
is asked are rows of their own, so that each euro leads to its commitment.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, word_check
from conference.domain.handoff import HandoffMotive, HandoffStatus


class Handoff(SQLModel, table=True):
    """One proposal of `sender_id` to `receiver_id`, for the days from `first_day` on. `answer_by`: the day it expires after.

    `read_at`: the receiver opened it; `outcome_read_at`: the sender opened the answer.
    """

    __table_args__ = (
        UniqueConstraint("reference"),
        word_check("status", HandoffStatus),
        word_check("motive", HandoffMotive),
        CheckConstraint("sender_id <> receiver_id", name="two_funders"),
        CheckConstraint("motive IS NULL OR status = 'refused'", name="motive_of_refusal"),
        CheckConstraint("status = 'draft' OR proposed_at IS NOT NULL OR status = 'withdrawn'", name="proposed_once"),
        Index("ix_handoff_receiver_id", "receiver_id", "status"),
        Index("ix_handoff_sender_id", "sender_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    reference: str = Field(max_length=20)
    parcours_id: int = Field(foreign_key="parcours.id", index=True, sa_type=Identifier)
    sender_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    receiver_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    from_step_id: int = Field(foreign_key="step.id", sa_type=Identifier)
    to_step_id: int | None = Field(default=None, foreign_key="step.id", sa_type=Identifier)
    first_day: date
    status: str
    answer_by: date | None = None
    message: str = Field(default="", max_length=2000)
    motive: str | None = None
    answer: str = Field(default="", max_length=2000)
    snapshot: str = ""
    created_at: datetime = Field(sa_type=Instant)
    created_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    proposed_at: datetime | None = Field(default=None, sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    outcome_read_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=1)


class HandoffShare(SQLModel, table=True):
    """What the receiver is asked to take of one nature of cost, and what it took, in euros; the rest is to be found."""

    __tablename__ = "handoff_share"
    __table_args__ = (
        CheckConstraint("asked > 0", name="asked_positive"),
        CheckConstraint("accepted IS NULL OR accepted >= 0", name="accepted_not_negative"),
    )

    handoff_id: int = Field(primary_key=True, foreign_key="handoff.id", sa_type=Identifier)
    nature_id: int = Field(primary_key=True, foreign_key="nature.id", sa_type=Identifier)
    asked: Decimal = Field(sa_type=Cents)
    accepted: Decimal | None = Field(default=None, sa_type=Cents)
    commitment_id: int | None = Field(default=None, foreign_key="commitment.id", index=True, sa_type=Identifier)


class HandoffRelease(SQLModel, table=True):
    """What the sender would release of one commitment, frozen at the proposal, and the dégagement made at the acceptance."""

    __tablename__ = "handoff_release"
    __table_args__ = (CheckConstraint("foreseen >= 0", name="foreseen_not_negative"),)

    handoff_id: int = Field(primary_key=True, foreign_key="handoff.id", sa_type=Identifier)
    commitment_id: int = Field(primary_key=True, foreign_key="commitment.id", index=True, sa_type=Identifier)
    foreseen: Decimal = Field(sa_type=Cents)
    released: Decimal | None = Field(default=None, sa_type=Cents)
    entry_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=Identifier)
