"""Files that came in: what each was, who sent it, what became of it."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant


class ImportFile(SQLModel, table=True):
    """One imported file; its bytes are kept in the instance folder under their SHA-256."""

    __tablename__ = "import_file"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    filename: str = Field(max_length=200)
    sha256: str = Field(max_length=64, index=True)
    size: int = Field(sa_type=Identifier)
    profile: str = Field(max_length=40)
    funder_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    created: int = 0
    adjusted: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0
    accepted_amount: Decimal = Field(default=Decimal("0.00"), sa_type=Cents)
    report: str = "[]"
    imported_at: datetime = Field(sa_type=Instant)
    imported_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
