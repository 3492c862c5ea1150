"""Which essential data of conventions are published for a year?

Conventions that grant money and say that their data are published, first signed that year, as the version in force says them
now. A reader sees those that it reaches; the command line and coordinators see them all.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.tables import (
    Convention,
    ConventionInstalment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
    Organisation,
)
from conference.domain.convention import PartyRole
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require
from conference.domain.scdl import Body, Grant, lacks_of, row_of


@dataclass(frozen=True)
class Published:
    """The rows of a year, and what keeps others out: (number of the convention, why)."""

    rows: tuple[tuple[str, ...], ...]
    lacking: tuple[tuple[str, str], ...]


def published(session: Session, reader: Actor, year: int) -> Published:
    """The essential data of the conventions signed in `year` that `reader` reaches. Raises Forbidden."""
    require(reader, "convention.publish", Relation.OTHER)
    rows, lacking = [], []
    for grant in grants(session, reader, year):
        lacks = tuple(lacks_of(grant))
        if lacks:
            lacking += [(grant.number, lack) for lack in lacks]
        else:
            rows.append(row_of(grant))
    return Published(tuple(rows), tuple(dict.fromkeys(lacking)))


def grants(session: Session, reader: Actor, year: int) -> list[Grant]:
    """What each payer gives each beneficiary, by number, payer and beneficiary."""
    origin = aliased(ConventionVersion)
    query = (
        select(Convention, ConventionVersion, col(origin.signed_on))
        .join(ConventionVersion, col(ConventionVersion.convention_id) == col(Convention.id))
        .join(origin, col(origin.convention_id) == col(Convention.id))
        .where(
            col(ConventionVersion.in_force).is_(True),
            col(ConventionVersion.is_grant).is_(True),
            origin.rank == 0,
            col(origin.signed_on).between(date(year, 1, 1), date(year, 12, 31)),
            reached_conventions(reader),
        )
        .order_by(col(Convention.number))
    )
    found: list[Grant] = []
    for convention, version, signed_on in session.exec(query).all():
        found += _grants(session, convention, version, signed_on)
    return found


def _grants(
    session: Session, convention: Convention, version: ConventionVersion, signed_on: date | None
) -> list[Grant]:
    sums: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    wholes: dict[int, Decimal] = defaultdict(lambda: ZERO)
    receiver = version.beneficiary_id or _receiver(session, version.id or 0)
    for share in session.exec(select(ConventionShare).where(ConventionShare.version_id == version.id)):
        to = share.beneficiary_id or receiver
        if to is not None and to != share.organisation_id:
            sums[share.organisation_id, to] += share.amount
            wholes[share.organisation_id] += share.amount
    bodies = _bodies(session, [each for pair in sums for each in pair])
    due = _due(session, version.id or 0)
    return [
        Grant(
            number=convention.number or "",
            payer=bodies[payer],
            beneficiary=bodies[to],
            signed_on=signed_on or version.signed_on or date.min,
            decision=version.decision_reference,
            object=version.title,
            amount=amount,
            whole=wholes[payer],
            conditions=version.payment_conditions,
            due=due.get(payer, ()),
            first=version.first or date.min,
            last=version.last or date.max,
            eu_notified=version.eu_notified,
        )
        for (payer, to), amount in sorted(sums.items())
    ]


def _receiver(session: Session, version_id: int) -> int | None:
    """The party that receives, where the version names no other beneficiary and there is one."""
    query = select(ConventionParty.organisation_id).where(
        ConventionParty.version_id == version_id, ConventionParty.role == PartyRole.BENEFICIARY.value
    )
    found = session.exec(query).all()
    return found[0] if len(found) == 1 else None


def _bodies(session: Session, ids: Sequence[int]) -> dict[int, Body]:
    query = select(Organisation).where(col(Organisation.id).in_(set(ids)))
    return {row.id or 0: Body(row.name, row.siret) for row in session.exec(query)}


def _due(session: Session, version_id: int) -> dict[int, tuple[date, ...]]:
    query = (
        select(ConventionInstalment)
        .where(ConventionInstalment.version_id == version_id)
        .order_by(col(ConventionInstalment.due_on), col(ConventionInstalment.key))
    )
    found: dict[int, tuple[date, ...]] = {}
    for row in session.exec(query):
        found[row.organisation_id] = (*found.get(row.organisation_id, ()), row.due_on)
    return found
