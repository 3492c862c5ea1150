"""Who spends what, and when: the figures of the shared dashboard?

Everybody sees aggregates (SEMANTICS §4). One read of the funder × month cells of the rollups gives every figure of the
page, so that they agree with one another by construction, and the cost depends on the number of funders and months,
never on that of the entries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.data.queries.commitment_order import sort_key
from conference.data.queries.totals import Selection, TotalRow, Totals, minus, plus, totals
from conference.data.tables import AnnualBudget, MonthState, Organisation
from conference.domain.ledger import Balance
from conference.domain.permissions import Actor, Relation, is_granted_somewhere, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class FunderFigures:
    """One funder: what it committed and paid, and the part of it that it pays through another funder selected too."""

    code: str
    name: str
    gross: Balance
    internal: Balance
    budget: Decimal | None
    """What it means to spend in the year asked, when it said so."""


@dataclass(frozen=True)
class PeriodFigures:
    """One booked month, or one year of them: `first` and `last` are the first days of its first and last months."""

    first: date
    last: date
    gross: Balance
    internal: Balance

    @property
    def shared(self) -> Balance:
        """Sum of funders − internal transfers."""
        return minus(self.gross, self.internal)


@dataclass(frozen=True)
class Dashboard:
    """The figures of the selection. `expected`: funders that exist in the period; `present`: those that have an entry."""

    year: int | None
    funder: tuple[str, str] | None
    funders: tuple[FunderFigures, ...]
    months: tuple[PeriodFigures, ...]
    years: tuple[PeriodFigures, ...]
    sum_of_funders: Balance
    internal_transfers: Balance
    shared_total: Balance
    present: int
    expected: int
    known_years: tuple[int, ...]
    known_funders: tuple[tuple[str, str], ...]
    opens_lines: bool


def dashboard(session: Session, reader: Actor, *, year: int | None = None, funder: str | None = None) -> Dashboard:
    """Figures of the booked months of `year` (None: all) and of the funder of code `funder` (None: all).

    Raises NotFound when no funder has that code.
    """
    require(reader, "dashboard.read", Relation.OTHER)
    organisations = _funders(session)
    chosen = [each for each in organisations if each.code == funder]
    if funder is not None and not chosen:
        raise NotFound()
    selected = chosen or organisations
    found = totals(session, ("funder", "month"), _selection(year, chosen))
    years = tuple(sorted({month.year for month in session.exec(_booked_months())}))
    return Dashboard(
        year=year,
        funder=(chosen[0].code, chosen[0].short_name) if chosen else None,
        funders=_by_funder(found.rows, selected, _budgets(session, year)),
        months=_by_period(found, lambda month: (month, month)),
        years=_by_period(found, lambda month: (month.replace(month=1), month.replace(month=12))),
        sum_of_funders=found.sum_of_funders,
        internal_transfers=found.internal_transfers,
        shared_total=found.shared_total,
        present=len({row.key[0] for row in found.rows}),
        expected=len(_expected(selected, found.rows, year)),
        known_years=years,
        known_funders=tuple((each.code, each.short_name) for each in organisations),
        opens_lines=is_granted_somewhere(reader, "commitment.list"),
    )


def _funders(session: Session) -> list[Organisation]:
    rows = session.exec(select(Organisation).where(col(Organisation.is_funder)).order_by(col(Organisation.id))).all()
    return sorted(rows, key=lambda row: (sort_key(row.short_name), row.code))


def _booked_months() -> SelectOfScalar[date]:
    return select(col(MonthState.month)).where(MonthState.entry_count > 0)


def _selection(year: int | None, chosen: list[Organisation]) -> Selection:
    return Selection(
        funder_ids=frozenset(each.id for each in chosen if each.id is not None) if chosen else None,
        first_month=date(year, 1, 1) if year else None,
        last_month=date(year, 12, 1) if year else None,
    )


def _budgets(session: Session, year: int | None) -> dict[int, Decimal]:
    if year is None:
        return {}
    return {row.funder_id: row.amount for row in session.exec(select(AnnualBudget).where(AnnualBudget.year == year))}


def _by_funder(
    rows: Iterable[TotalRow], selected: list[Organisation], budgets: dict[int, Decimal]
) -> tuple[FunderFigures, ...]:
    sums: dict[str, tuple[Balance, Balance]] = {}
    for row in rows:
        gross, internal = sums.get(row.key[0], (Balance(), Balance()))
        sums[row.key[0]] = plus(gross, row.gross), plus(internal, row.internal)
    return tuple(
        FunderFigures(
            each.code, each.short_name, *sums.get(each.code, (Balance(), Balance())), budgets.get(each.id or 0)
        )
        for each in selected
        if each.code in sums or each.id in budgets
    )


def _by_period(found: Totals, period_of: Callable[[date], tuple[date, date]]) -> tuple[PeriodFigures, ...]:
    sums: dict[tuple[date, date], tuple[Balance, Balance]] = {}
    for row in found.rows:
        key = period_of(row.key[1])
        gross, internal = sums.get(key, (Balance(), Balance()))
        sums[key] = plus(gross, row.gross), plus(internal, row.internal)
    return tuple(PeriodFigures(*key, *sums[key]) for key in sorted(sums))


def _expected(selected: list[Organisation], rows: Iterable[TotalRow], year: int | None) -> set[str]:
    """Funders in being at some time of the year asked (all years: not ended), and any that has an entry anyhow."""
    living = {
        each.code
        for each in selected
        if (each.last is None or (year is not None and each.last.year >= year))
        and (each.first is None or year is None or each.first.year <= year)
    }
    return living | {row.key[0] for row in rows}
