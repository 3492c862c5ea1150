"""Who takes part: funders, providers, the secretariat.

An organisation is never deleted: it has dates of validity and a successor, so that a line of an Assedic of 2008 stays
readable and leads to France Travail.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, word_check


class OrganisationKind(StrEnum):
    """What an organisation is, then and now (DOMAIN §1)."""

    REGION = "region"
    ASSEDIC = "assedic"
    ANPE = "anpe"
    FRANCE_TRAVAIL = "france_travail"
    POLE_EMPLOI = "pole_emploi"
    OPCA = "opca"
    OPCO = "opco"
    AGEFIPH = "agefiph"
    FONGECIF = "fongecif"
    TRANSITIONS_PRO = "transitions_pro"
    ETAT = "etat"
    CHAMBRE = "chambre"
    DEPARTEMENT = "departement"
    COMMUNE = "commune"
    PROVIDER = "provider"
    COORDINATION = "coordination"
    OTHER = "other"


class Organisation(SQLModel, table=True):
    """A legal person. `code` is stable, `siret` checked, `to_check` marks one that an import created."""

    __table_args__ = (
        UniqueConstraint("code"),
        word_check("kind", OrganisationKind),
        CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name="dates_in_order"),
        CheckConstraint("confirmation_threshold IS NULL OR confirmation_threshold > 0", name="threshold_positive"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret_length"),
        CheckConstraint("successor_id IS NULL OR successor_id <> id", name="successor_is_another"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    code: str = Field(max_length=60)
    name: str = Field(max_length=200)
    short_name: str = Field(max_length=60)
    kind: str
    siret: str | None = Field(default=None, index=True)
    is_funder: bool = False
    to_check: bool = False
    first: date | None = None
    last: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    confirmation_threshold: Decimal | None = Field(default=None, sa_type=Cents)
    version: int = Field(default=1)
