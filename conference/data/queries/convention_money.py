"""What was planned, engaged and paid under a convention, by party and year, and of which lines is each figure made?

Sums are told to those who reach the convention; of another funder's line they see its masked columns alone (SEMANTICS §4):
each figure links to the list of commitments under that convention, which shows every line as its reader may see it. A year is
that of the yearly share where a line has some, else that of the day that the entry concerns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import case, extract, func, literal, select
from sqlmodel import Session, col

from conference.data.queries.conventions import reached_conventions
from conference.data.tables import (
    Convention,
    ConventionBalance,
    ConventionCommitment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
    Entry,
    Organisation,
    YearlyShare,
)
from conference.domain.ledger import EntryKind
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class Spent:
    """Euros planned, engaged for good, waiting for a second confirmation, and paid."""

    planned: Decimal = ZERO
    committed: Decimal = ZERO
    forecast: Decimal = ZERO
    paid: Decimal = ZERO

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.planned + other.planned,
            self.committed + other.committed,
            self.forecast + other.forecast,
            self.paid + other.paid,
        )


@dataclass(frozen=True)
class PartyMoney:
    """A party: `code` selects its lines in the list of commitments, `lines` how many there are; `years` in order."""

    organisation_id: int
    code: str
    name: str
    lines: int
    years: tuple[tuple[int, Spent], ...]

    @property
    def total(self) -> Spent:
        """All years together."""
        return sum((spent for _, spent in self.years), Spent())


@dataclass(frozen=True)
class ConventionMoney:
    """The money of a convention; `ceiling` and `left` None without an envelope."""

    number: str
    ceiling: Decimal | None
    total: Spent
    parties: tuple[PartyMoney, ...]

    @property
    def left(self) -> Decimal | None:
        """What of the envelope nothing engages."""
        return None if self.ceiling is None else self.ceiling - self.total.committed - self.total.forecast

    @property
    def years(self) -> tuple[int, ...]:
        """Every year that a plan or an entry speaks of."""
        return tuple(sorted({year for party in self.parties for year, _ in party.years}))

    def of_year(self, year: int) -> Spent:
        """All parties together in that year."""
        return sum((spent for party in self.parties for each, spent in party.years if each == year), Spent())


@dataclass(frozen=True)
class Consumption:
    """What a list shows of a convention, in euros; `share` of the envelope engaged, 0 to 1, None without one."""

    ceiling: Decimal | None
    committed: Decimal
    forecast: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal | None:
        """What of the envelope nothing engages."""
        return None if self.ceiling is None else self.ceiling - self.committed - self.forecast

    @property
    def share(self) -> Decimal | None:
        """Part of the envelope that is engaged."""
        return None if not self.ceiling else (self.committed + self.forecast) / self.ceiling


def consumption(session: Session, reader: Actor, convention_ids: Sequence[int]) -> dict[int, Consumption]:
    """The consumption of each of these conventions that the reader sees and that was signed, in one query."""
    query = (
        select(ConventionBalance)
        .join(Convention, col(Convention.id) == col(ConventionBalance.convention_id))
        .where(col(Convention.id).in_(convention_ids), reached_conventions(reader))
    )
    rows = session.execute(query).scalars().all()
    return {row.convention_id: Consumption(row.ceiling, row.committed, row.forecast, row.paid) for row in rows}


def convention_money(session: Session, reader: Actor, convention_id: int) -> ConventionMoney:
    """The money of a convention by party and year. NotFound when the reader does not reach it."""
    require(reader, "convention.list", Relation.OTHER)
    found = session.execute(
        select(Convention).where(col(Convention.id) == convention_id, reached_conventions(reader))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    balance = session.get(ConventionBalance, convention_id)
    version_id = _shown_version(session, convention_id)
    cells: dict[int, dict[int, Spent]] = {}
    for organisation_id, year, spent in (*_planned(session, version_id), *_entered(session, convention_id)):
        years = cells.setdefault(organisation_id, {})
        years[year] = years.get(year, Spent()) + spent
    parties = _parties(session, convention_id, version_id, cells)
    total = sum((party.total for party in parties), Spent())
    return ConventionMoney(found.number or "", balance.ceiling if balance else None, total, parties)


def _shown_version(session: Session, convention_id: int) -> int:
    """The version in force, else the first one."""
    query = (
        select(col(ConventionVersion.id))
        .where(col(ConventionVersion.convention_id) == convention_id)
        .order_by(col(ConventionVersion.in_force).desc(), col(ConventionVersion.rank))
        .limit(1)
    )
    return int(session.execute(query).scalar_one())


def _planned(session: Session, version_id: int) -> list[tuple[int, int, Spent]]:
    query = (
        select(col(ConventionShare.organisation_id), col(ConventionShare.year), func.sum(col(ConventionShare.amount)))
        .where(col(ConventionShare.version_id) == version_id)
        .group_by(col(ConventionShare.organisation_id), col(ConventionShare.year))
    )
    return [(row[0], row[1], Spent(planned=row[2])) for row in session.execute(query)]


def _entered(session: Session, convention_id: int) -> list[tuple[int, int, Spent]]:
    amount = func.coalesce(col(YearlyShare.amount), col(Entry.amount))
    year: Any = func.coalesce(col(YearlyShare.year), extract("year", col(Entry.effective_on)))
    kind = col(Entry.kind)

    def total(plus: EntryKind, minus: EntryKind | None = None) -> Any:
        signed = case((kind == plus.value, amount), (kind == (minus.value if minus else ""), -amount), else_=literal(0))
        return func.sum(signed, type_=Entry.__table__.c.amount.type)  # type: ignore[attr-defined]

    query = (
        select(
            col(ConventionCommitment.funder_id),
            year,
            total(EntryKind.COMMITMENT, EntryKind.RELEASE),
            total(EntryKind.FORECAST),
            total(EntryKind.PAYMENT, EntryKind.REPAYMENT),
        )
        .join(Entry, col(Entry.commitment_id) == col(ConventionCommitment.commitment_id))
        .outerjoin(YearlyShare, col(YearlyShare.entry_id) == col(Entry.id))
        .where(col(ConventionCommitment.convention_id) == convention_id)
        .group_by(col(ConventionCommitment.funder_id), year)
    )
    return [(row[0], int(row[1]), Spent(ZERO, row[2], row[3], row[4])) for row in session.execute(query)]


def _parties(
    session: Session, convention_id: int, version_id: int, cells: dict[int, dict[int, Spent]]
) -> tuple[PartyMoney, ...]:
    """Every party of the version, in order, then those that were parties before and engaged something."""
    lines = {
        row[0]: row[1]
        for row in session.execute(
            select(col(ConventionCommitment.funder_id), func.count())
            .where(col(ConventionCommitment.convention_id) == convention_id)
            .group_by(col(ConventionCommitment.funder_id))
        )
    }
    ranks = {
        row[0]: row[1]
        for row in session.execute(
            select(col(ConventionParty.organisation_id), col(ConventionParty.rank)).where(
                col(ConventionParty.version_id) == version_id
            )
        )
    }
    query = select(Organisation).where(col(Organisation.id).in_({*ranks, *cells}))
    found = sorted(
        session.execute(query).scalars(), key=lambda row: (ranks.get(row.id or 0, len(ranks) + 1), row.id or 0)
    )
    return tuple(
        PartyMoney(
            row.id or 0,
            row.code,
            row.short_name,
            lines.get(row.id or 0, 0),
            tuple(sorted(cells.get(row.id or 0, {}).items())),
        )
        for row in found
    )
