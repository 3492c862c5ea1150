"""Who a parcours is about, apart and encrypted; and the files of one person that two funders agreed to join.

`wrapped_key` is the person's own key under the instance's key; `sealed` the identity under the person's key. Erasing empties
both: nothing can read it again. `digest` is keyed by the instance: it tells that two files are alike, not of whom.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class Identity(SQLModel, table=True):
    """The identity of a parcours' person. The NIR is never kept (SEMANTICS §4)."""

    __table_args__ = (
        CheckConstraint("(erased_at IS NULL) = (wrapped_key <> '')", name="key_until_erased"),
        CheckConstraint("(wrapped_key = '') = (sealed = '')", name="sealed_with_its_key"),
    )

    parcours_id: int = Field(primary_key=True, foreign_key="parcours.id", sa_type=Identifier)
    wrapped_key: str = ""
    sealed: str = ""
    digest: str = Field(default="", max_length=64, index=True)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=1)


class ParcoursMerge(SQLModel, table=True):
    """Two parcours of one person: `merged_id` goes into `kept_id` once both referents agree; `moved` is JSON of what moved,
    for the undoing."""

    __tablename__ = "parcours_merge"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two_parcours"),
        CheckConstraint("status IN ('asked', 'agreed', 'refused', 'withdrawn', 'undone')", name="status_known"),
        Index("ix_parcours_merge_merged_id", "merged_id", "status"),
        Index("ix_parcours_merge_kept_id", "kept_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    kept_id: int = Field(foreign_key="parcours.id", sa_type=Identifier)
    merged_id: int = Field(foreign_key="parcours.id", sa_type=Identifier)
    asked_by_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    answered_by_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    status: str = "asked"
    motive: str = Field(default="", max_length=500)
    moved: str = "{}"
    asked_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
