"""Who signs a version of a convention, by which means, and the files that prove it.

A file is never replaced: a second sending adds a row beside the first. A signature taken back keeps its row, its file and its
motive; a signatory has one standing signature at most.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant, word_check
from conference.domain.convention import ConventionFileKind, SignatureMeans


class Signatory(SQLModel, table=True):
    """A person who signs for a party, in the order `rank` where it is imposed. `delegate_of`: the function of who gave the
    delegation, "" for none; `proof_id` is the file that proves it."""

    __table_args__ = (
        UniqueConstraint("version_id", "rank"),
        ForeignKeyConstraint(
            ["version_id", "organisation_id"], ["convention_party.version_id", "convention_party.organisation_id"]
        ),
        CheckConstraint("length(name) > 0", name="name_written"),
        CheckConstraint("rank > 0", name="rank_positive"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    version_id: int = Field(index=True, sa_type=Identifier)
    organisation_id: int = Field(index=True, sa_type=Identifier)
    rank: int
    name: str = Field(max_length=200)
    function: str = Field(default="", max_length=200)
    delegate_of: str = Field(default="", max_length=200)
    proof_id: int | None = Field(default=None, foreign_key="convention_file.id", sa_type=Identifier)


class ConventionFile(SQLModel, table=True):
    """A file of a convention; its bytes lie in the instance folder under their SHA-256. `pages`: which pages of the file that
    was sent it is made of, such as « 3-8 », "" for all of it. `finding`: what was read of its signatures, in French."""

    __tablename__ = "convention_file"
    __table_args__ = (
        word_check("kind", ConventionFileKind),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    convention_id: int = Field(foreign_key="convention.id", index=True, sa_type=Identifier)
    version_id: int | None = Field(default=None, foreign_key="convention_version.id", index=True, sa_type=Identifier)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    kind: str
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int = Field(sa_type=Identifier)
    sha256: str = Field(max_length=64, index=True)
    pages: str = Field(default="", max_length=60)
    finding: str = Field(default="", max_length=2000)
    added_at: datetime = Field(sa_type=Instant)
    added_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)


class Signature(SQLModel, table=True):
    """A signatory signed on a day, by `means`; `file_id` proves it."""

    __table_args__ = (
        word_check("means", SignatureMeans),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_motive = '')", name="motive_of_taking_back"),
        Index(
            "uq_signature_standing",
            "signatory_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    signatory_id: int = Field(foreign_key="signatory.id", sa_type=Identifier)
    means: str
    signed_on: date
    file_id: int = Field(foreign_key="convention_file.id", sa_type=Identifier)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    taken_back_at: datetime | None = Field(default=None, sa_type=Instant)
    taken_back_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    taken_back_motive: str = Field(default="", max_length=500)
