"""Who takes part, who came before, who came after?

The directory is everybody's: names, kinds, SIRET, dates and successors are public facts. The threshold and the budgets
of a funder are its own.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from conference.data.queries.commitment_order import sort_key
from conference.data.tables import AnnualBudget, Organisation
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class ShownOrganisation:
    """One organisation, its successor named."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    siret: str | None
    is_funder: bool
    to_check: bool
    first: date | None
    last: date | None
    successor_id: int | None
    successor: str | None
    version: int


@dataclass(frozen=True)
class Lineage:
    """What came before and after an organisation, as (identifier, name, first day, last day), oldest first."""

    before: tuple[tuple[int, str, date | None, date | None], ...]
    after: tuple[tuple[int, str, date | None, date | None], ...]


@dataclass(frozen=True)
class OwnSettings:
    """What a funder decides for itself: its threshold in euros (None: no second confirmation), its budgets by year."""

    threshold: Decimal | None
    budgets: tuple[tuple[int, Decimal], ...]


def shown_organisations(
    session: Session, reader: Actor, *, text: str = "", kind: str = "", state: str = ""
) -> list[ShownOrganisation]:
    """Organisations by name, filtered. `state`: funders, to_check, ended (on no day asked: those with a last day)."""
    require(reader, "directory.read", Relation.OTHER)
    conditions = []
    if kind:
        conditions.append(col(Organisation.kind) == kind)
    if state == "funders":
        conditions.append(col(Organisation.is_funder).is_(True))
    if state == "to_check":
        conditions.append(col(Organisation.to_check).is_(True))
    if state == "ended":
        conditions.append(col(Organisation.last).is_not(None))
    successor = aliased(Organisation)
    query = select(Organisation, successor.short_name).outerjoin(
        successor, col(successor.id) == col(Organisation.successor_id)
    )
    rows = session.exec(query.where(*conditions).order_by(col(Organisation.id)))
    found = [_shown(organisation, name) for organisation, name in rows]
    sought = text.casefold().replace(" ", "")
    kept = [row for row in found if sought in f"{row.name}{row.short_name}{row.siret}".casefold().replace(" ", "")]
    return sorted(kept, key=lambda row: (sort_key(row.name), row.id))


def organisation_names(session: Session, reader: Actor) -> list[tuple[int, str]]:
    """Every organisation, (identifier, name), by name: what a list of a form offers."""
    return [(row.id, row.name) for row in shown_organisations(session, reader)]


def shown_organisation(session: Session, reader: Actor, organisation_id: int) -> ShownOrganisation:
    """One organisation. Raises NotFound."""
    require(reader, "directory.read", Relation.OTHER)
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound()
    successor = session.get(Organisation, organisation.successor_id) if organisation.successor_id else None
    return _shown(organisation, successor.short_name if successor else None)


def lineage(session: Session, reader: Actor, organisation_id: int) -> Lineage:
    """Who came before it (directly or not) and who came after."""
    require(reader, "directory.read", Relation.OTHER)
    rows = {row.id or 0: row for row in session.exec(select(Organisation))}
    after, following = [], rows[organisation_id].successor_id
    while following is not None and following not in after:
        after.append(following)
        following = rows[following].successor_id
    before: list[int] = []
    level = [organisation_id]
    while level := [i for i, row in rows.items() if row.successor_id in level and i not in before]:
        before.extend(level)
    before.sort(key=lambda i: (rows[i].first or date.min, i))
    told = {i: (i, row.name, row.first, row.last) for i, row in rows.items()}
    return Lineage(tuple(told[i] for i in before), tuple(told[i] for i in after))


def own_settings(session: Session, reader: Actor) -> OwnSettings:
    """Threshold and budgets of the reader's organisation, those that the matrix lets it see."""
    organisation = session.get(Organisation, reader.organisation_id)
    if organisation is None:
        raise NotFound()
    query = select(AnnualBudget).where(AnnualBudget.funder_id == organisation.id)
    rows = session.exec(query.order_by(col(AnnualBudget.year).desc()))
    budgets = tuple((row.year, row.amount) for row in rows)
    may_see = is_granted(reader, "budget.edit", Relation.OWN)
    return OwnSettings(organisation.confirmation_threshold, budgets if may_see else ())


def _shown(row: Organisation, successor: str | None) -> ShownOrganisation:
    return ShownOrganisation(
        id=row.id or 0,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        siret=row.siret,
        is_funder=row.is_funder,
        to_check=row.to_check,
        first=row.first,
        last=row.last,
        successor_id=row.successor_id,
        successor=successor,
        version=row.version,
    )
