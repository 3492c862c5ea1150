"""Which signed conventions could pay the days of whom, and how much is left of each?

Signed and begun: a convention that is suspended or ended pays nobody. What is left is its ceiling less what is committed and
what waits for a second confirmation; without a ceiling it is not known, so that the day stays a gap to check (SEMANTICS §6).
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from conference.data.tables import Convention, ConventionBalance, ConventionIncome, ConventionVersion
from conference.domain import case
from conference.domain.convention import ConventionStatus
from conference.domain.money import ZERO
from conference.domain.period import Period
from conference.domain.rights import RightKind


class PayingConvention(NamedTuple):
    """A convention as the engine is told of it, for whom it pays (None: everybody, everywhere)."""

    convention: case.Convention
    audience_id: int | None
    territory_id: int | None

    def reaches(self, audience_id: int | None, territory_id: int | None) -> bool:
        """Does it pay the persons of that audience and territory? One that nobody has said is of none."""
        return self.audience_id in (None, audience_id) and self.territory_id in (None, territory_id)


def paying_conventions(session: Session) -> tuple[PayingConvention, ...]:
    """Every convention that now pays days without income, in one query. Asks no right: who calls it tells sums, or has."""
    query = (
        select(
            col(ConventionIncome.payer_id),
            col(ConventionIncome.kind),
            col(ConventionIncome.daily_amount),
            col(ConventionIncome.audience_id),
            col(ConventionIncome.territory_id),
            col(ConventionVersion.first),
            col(ConventionVersion.last),
            col(ConventionBalance.ceiling),
            col(ConventionBalance.committed),
            col(ConventionBalance.forecast),
        )
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionIncome.version_id))
        .join(Convention, col(Convention.id) == col(ConventionVersion.convention_id))
        .join(ConventionBalance, col(ConventionBalance.convention_id) == col(Convention.id))
        .where(
            col(ConventionVersion.in_force).is_(True),
            col(Convention.status) == ConventionStatus.ACTIVE.value,
            col(ConventionVersion.first).is_not(None),
            col(ConventionVersion.last).is_not(None),
        )
        .order_by(col(Convention.id))
    )
    return tuple(
        PayingConvention(
            case.Convention(
                str(row.payer_id),
                RightKind(row.kind),
                Period(row.first, row.last),
                _left(row.ceiling, row.committed, row.forecast),
                row.daily_amount,
            ),
            row.audience_id,
            row.territory_id,
        )
        for row in session.execute(query)
    )


def conventions_for(
    found: Sequence[PayingConvention], audience_id: int | None, territory_id: int | None
) -> tuple[case.Convention, ...]:
    """Those of `found` that pay the persons of that audience and territory."""
    return tuple(each.convention for each in found if each.reaches(audience_id, territory_id))


def _left(ceiling: Decimal | None, committed: Decimal, forecast: Decimal) -> Decimal | None:
    return None if ceiling is None else max(ceiling - committed - forecast, ZERO)
