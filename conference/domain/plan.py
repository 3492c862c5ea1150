"""What does a step cost by nature, who takes which part, and what is still to find?

Shares are euros; those said in per cent are shared by largest remainder, so that 40 % and 60 % of any cost sum to it to the
cent (SEMANTICS §1). A share whose schedule is told has instalments that sum to it. The cost of a collective action is shared
between its persons the same way, in the order in which they were enrolled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conference.domain.money import ZERO, round_cents, split
from conference.domain.period import Period

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """What one funder takes of a cost, in euros; `percent` where it was said so. `is_fixed`: it is a commitment already."""

    funder_id: int
    amount: Decimal
    percent: Decimal | None = None
    is_fixed: bool = False


def to_find(cost: Decimal, shares: Sequence[Share]) -> Decimal:
    """Euros of the cost that no share takes; negative when they take more."""
    return cost - sum((share.amount for share in shares), ZERO)


def by_percent(cost: Decimal, shares: Sequence[Share]) -> tuple[Share, ...]:
    """The shares with the euros of those said in per cent found again from `cost`; those in euros and the fixed ones stay.

    Shares in per cent that make up 100 with each other sum to the cent, by largest remainder in the order given.
    """
    free = [share for share in shares if share.percent is not None and not share.is_fixed]
    percents = [share.percent or ZERO for share in free]
    rest = WHOLE - sum(percents, ZERO)
    parts = (
        split(cost, [*percents, rest])
        if free and rest >= 0
        else [round_cents(cost * each / WHOLE) for each in percents]
    )
    found = iter(parts)
    return tuple(Share(each.funder_id, next(found), each.percent) if each in free else each for each in shares)


def by_year(
    amount: Decimal, period: Period, instalments: Sequence[tuple[date, Decimal]]
) -> tuple[tuple[int, Decimal], ...]:
    """(year, euros) of a share: by its schedule, else by the calendar days of each year; one year gives nothing to share."""
    if instalments:
        years: dict[int, Decimal] = {}
        for day, part in sorted(instalments):
            years[day.year] = years.get(day.year, ZERO) + part
        return tuple(years.items()) if len(years) > 1 else ()
    span = range(period.first.year, period.last.year + 1)
    if len(span) == 1:
        return ()
    days = [(min(period.last, date(year, 12, 31)) - max(period.first, date(year, 1, 1))).days + 1 for year in span]
    return tuple((year, part) for year, part in zip(span, split(amount, days), strict=True) if part)


def per_person(amount: Decimal, persons: int) -> tuple[Decimal, ...]:
    """`amount` euros shared between so many persons, in their order, to the cent. Raises ValueError for none."""
    return tuple(split(amount, [1] * persons))
