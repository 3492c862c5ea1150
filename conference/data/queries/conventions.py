"""Which conventions does the reader see, where do they stand, and what is left of their envelopes?

A convention is seen by its parties and by coordinators (SEMANTICS §4); a version that is not signed yet is told to them alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, true
from sqlmodel import Session, col, select

from conference.data.tables import (
    Convention,
    ConventionBalance,
    ConventionParty,
    ConventionVersion,
    Organisation,
)
from conference.domain.convention import ENDED, IN_FORCE, ConventionStatus
from conference.domain.permissions import Actor, Relation, is_granted, require

PAGE = 50
"""Conventions on one page of the list."""
ENDING_DAYS = 90
"""A convention that ends within so many days is shown as ending."""
TABS = ("en-preparation", "a-signer", "en-vigueur", "finissent", "terminees", "toutes")


@dataclass(frozen=True)
class ConventionFilters:
    """What the list is asked for; `on` is today."""

    on: date
    tab: str = "toutes"
    kind: str = ""
    words: str = ""


@dataclass(frozen=True)
class ConventionRow:
    """One convention: the version in force, or the one being drafted. `avenant`: rank and state of an open avenant.

    `committed` includes what waits for a second confirmation; `left` None without an envelope or before the signature.
    """

    id: int
    reference: str
    kind: str
    status: str
    title: str
    parties: tuple[str, ...]
    first: date | None
    last: date | None
    rank: int
    ceiling: Decimal | None
    committed: Decimal | None
    paid: Decimal | None
    left: Decimal | None
    avenant: tuple[int, str] | None = None


@dataclass(frozen=True)
class ConventionList:
    """One page of the list."""

    rows: tuple[ConventionRow, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


def reached_conventions(reader: Actor) -> ColumnElement[bool]:
    """The condition under which `reader` sees a row of `convention`."""
    if is_granted(reader, "convention.read", Relation.OTHER):
        return true()
    mine = (
        select(ConventionVersion.convention_id)
        .join(ConventionParty, col(ConventionParty.version_id) == col(ConventionVersion.id))
        .where(ConventionParty.organisation_id == (reader.organisation_id or 0))
    )
    return or_(col(Convention.owner_id) == (reader.organisation_id or 0), col(Convention.id).in_(mine))


def convention_list(session: Session, reader: Actor, filters: ConventionFilters, *, page: int = 1) -> ConventionList:
    """Conventions that `reader` sees, the latest first. Raises Forbidden."""
    require(reader, "convention.list", Relation.OTHER)
    conditions = [reached_conventions(reader), *_conditions(filters)]
    counted = select(func.count()).select_from(Convention).join(ConventionVersion, _shown()).where(*conditions)
    total = session.exec(counted).one()
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    query = (
        select(Convention, ConventionVersion, ConventionBalance)
        .join(ConventionVersion, _shown())
        .join(ConventionBalance, col(ConventionBalance.convention_id) == col(Convention.id), isouter=True)
        .where(*conditions)
        .order_by(col(Convention.id).desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.exec(query).all()
    names = _parties(session, [version.id or 0 for _, version, _ in found])
    avenants = _avenants(session, [convention.id or 0 for convention, _, _ in found])
    rows = tuple(_row(c, v, b, names.get(v.id or 0, ()), avenants.get(c.id or 0)) for c, v, b in found)
    return ConventionList(rows, total, page)


def tab_counts(session: Session, reader: Actor, filters: ConventionFilters) -> dict[str, int]:
    """How many conventions each tab holds."""
    counts = {}
    for tab in TABS:
        conditions = [reached_conventions(reader), *_conditions(ConventionFilters(filters.on, tab))]
        query = select(func.count()).select_from(Convention).join(ConventionVersion, _shown()).where(*conditions)
        counts[tab] = session.exec(query).one()
    return counts


def _shown() -> ColumnElement[bool]:
    """The version that a list shows of a convention: that in force, else the first one."""
    in_force = (
        select(ConventionVersion.convention_id).where(col(ConventionVersion.in_force).is_(True)).scalar_subquery()
    )
    return (col(ConventionVersion.convention_id) == col(Convention.id)) & or_(
        col(ConventionVersion.in_force).is_(True),
        (col(ConventionVersion.rank) == 0) & col(Convention.id).not_in(in_force),
    )


def _conditions(filters: ConventionFilters) -> list[Any]:
    status = col(Convention.status)
    by_tab: dict[str, list[Any]] = {
        "en-preparation": [status.in_(_words(ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW))],
        "a-signer": [status == ConventionStatus.TO_SIGN.value],
        "en-vigueur": [status.in_(_words(*IN_FORCE, ConventionStatus.SUSPENDED))],
        "finissent": [
            status.in_(_words(*IN_FORCE, ConventionStatus.SUSPENDED)),
            col(ConventionVersion.last) <= filters.on + timedelta(days=ENDING_DAYS),
        ],
        "terminees": [status.in_(_words(*ENDED))],
    }
    conditions = by_tab.get(filters.tab, [])
    if filters.kind:
        conditions = [*conditions, col(Convention.kind) == filters.kind]
    if filters.words:
        pattern = f"%{_escaped(filters.words)}%"
        conditions = [
            *conditions,
            or_(
                col(ConventionVersion.title).ilike(pattern, escape="\\"),
                col(Convention.number).ilike(pattern, escape="\\"),
            ),
        ]
    return conditions


def _words(*statuses: ConventionStatus) -> list[str]:
    return [status.value for status in statuses]


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(
    convention: Convention,
    version: ConventionVersion,
    balance: ConventionBalance | None,
    parties: tuple[str, ...],
    avenant: tuple[int, str] | None,
) -> ConventionRow:
    engaged = balance.committed + balance.forecast if balance is not None else None
    ceiling = balance.ceiling if balance is not None else version.ceiling
    return ConventionRow(
        id=convention.id or 0,
        reference=convention.number or f"Projet {convention.id}",
        kind=convention.kind,
        status=convention.status,
        title=version.title,
        parties=parties,
        first=version.first,
        last=version.last,
        rank=version.rank,
        ceiling=ceiling,
        committed=engaged,
        paid=balance.paid if balance is not None else None,
        left=ceiling - engaged if ceiling is not None and engaged is not None else None,
        avenant=avenant,
    )


def _parties(session: Session, version_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(ConventionParty.version_id, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(ConventionParty.organisation_id))
        .where(col(ConventionParty.version_id).in_(version_ids))
        .order_by(col(ConventionParty.version_id), col(ConventionParty.rank))
    )
    found: dict[int, tuple[str, ...]] = {}
    for version_id, name in session.exec(query):
        found[version_id] = (*found.get(version_id, ()), name)
    return found


def _avenants(session: Session, convention_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """(rank, state) of the avenant that each convention has in the making."""
    query = select(ConventionVersion.convention_id, ConventionVersion.rank, ConventionVersion.status).where(
        col(ConventionVersion.convention_id).in_(convention_ids),
        ConventionVersion.rank > 0,
        col(ConventionVersion.status).in_(
            _words(ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW, ConventionStatus.TO_SIGN)
        ),
    )
    return {convention_id: (rank, status) for convention_id, rank, status in session.exec(query)}
