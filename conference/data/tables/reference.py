"""The six lists that describe a line: scheme, audience, nature, level, territory, sector.

Alike in shape, apart as tables: a foreign key can then only hold a member of its own list. Items are dated and never
deleted; each list has one item `non_renseigne`, so that an unknown dimension is a value and not a hole.
"""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier

UNKNOWN = "non_renseigne"
"""Code of the item of each list that says that the datum is not known."""


class ReferenceItem(SQLModel):
    """Columns that the six lists share. `source` names the list and version that the code comes from."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    code: str = Field(max_length=60)
    label: str = Field(max_length=200)
    kind: str | None = Field(default=None, max_length=40)
    parent_code: str | None = Field(default=None, max_length=60)
    successor_code: str | None = Field(default=None, max_length=60)
    lheo: str | None = Field(default=None, max_length=20)
    source: str | None = Field(default=None, max_length=120)
    definition: str | None = Field(default=None, max_length=500)
    first: date | None = None
    last: date | None = None
    position: int = 0
    version: int = Field(default=1)


def _rules() -> tuple[CheckConstraint | UniqueConstraint, ...]:
    return (
        UniqueConstraint("code"),
        CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name="dates_in_order"),
    )


class Scheme(ReferenceItem, table=True):
    """Dispositif."""

    __table_args__ = _rules()


class Audience(ReferenceItem, table=True):
    """Public."""

    __table_args__ = _rules()


class Nature(ReferenceItem, table=True):
    """Nature de coût."""

    __table_args__ = _rules()


class Level(ReferenceItem, table=True):
    """Niveau de qualification, nomenclatures de 1969 et de 2019."""

    __table_args__ = _rules()


class Territory(ReferenceItem, table=True):
    """Région, département ou bassin d'emploi."""

    __table_args__ = _rules()


class Sector(ReferenceItem, table=True):
    """Secteur d'activité."""

    __table_args__ = _rules()


REFERENCE_TABLES: dict[str, type[ReferenceItem]] = {
    "scheme": Scheme,
    "audience": Audience,
    "nature": Nature,
    "level": Level,
    "territory": Territory,
    "sector": Sector,
}
"""The lists by the noun that names them on every floor; also the order of the dimensions."""
