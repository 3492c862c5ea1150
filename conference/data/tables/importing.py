"""Files that came in: what each was, who sent it, what became of each of its rows, and how its columns were read."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, word_check
from conference.domain.importing.remarks import RemarkKind


class ImportFile(SQLModel, table=True):
    """One imported file; its bytes are kept in the instance folder under their SHA-256. `rows`: its records read.

    `staged_id` names the staged import that it was, so that one interrupted at its very end is not done twice.
    """

    __tablename__ = "import_file"
    __table_args__ = (
        CheckConstraint(
            "(undone_at IS NULL AND undo_motive IS NULL) OR (undone_at IS NOT NULL AND length(undo_motive) > 0)",
            name="motive_of_undo",
        ),
        UniqueConstraint("staged_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    filename: str = Field(max_length=200)
    sha256: str = Field(max_length=64, index=True)
    size: int = Field(sa_type=Identifier)
    staged_id: str | None = Field(default=None, max_length=40)
    profile: str = Field(max_length=40)
    funder_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    rows: int = 0
    created: int = 0
    adjusted: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0
    accepted_amount: Decimal = Field(default=Decimal("0.00"), sa_type=Cents)
    imported_at: datetime = Field(sa_type=Instant)
    imported_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    undo_motive: str | None = Field(default=None, max_length=500)
    undone: int = 0


class ImportRemark(SQLModel, table=True):
    """What was said of one row of an imported file; `row` 0 is the file itself, `message` of a gone line its reference."""

    __tablename__ = "import_remark"
    __table_args__ = (
        word_check("kind", RemarkKind),
        Index("ix_import_remark_import_file_id", "import_file_id", "kind", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    import_file_id: int = Field(foreign_key="import_file.id", sa_type=Identifier)
    kind: str
    sheet: str | None = Field(default=None, max_length=120)
    row: int
    cell: str | None = Field(default=None, max_length=20)
    code: str = Field(max_length=60)
    message: str = Field(max_length=500)


class ColumnMapping(SQLModel, table=True):
    """How an organisation reads the columns of its own table: `digest` is that of its headings, `columns` a JSON list of
    fields (null: left)."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    organisation_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    digest: str = Field(max_length=64)
    columns: str
    chosen_at: datetime = Field(sa_type=Instant)
    chosen_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
