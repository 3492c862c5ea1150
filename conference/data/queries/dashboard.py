"""What does the dashboard need beside its cells: years that hold entries, budgets, whose lines the viewer sees whole?"""

from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.tables import AnnualBudget, MonthState, Organisation
from conference.domain.permissions import Actor, Relation, Role, is_granted


def booked_years(session: Session) -> tuple[int, ...]:
    """Years of the months that hold entries, in order."""
    months = session.exec(select(col(MonthState.month)).where(col(MonthState.entry_count) > 0))
    return tuple(sorted({month.year for month in months}))


def budgets_of(session: Session, year: int) -> dict[str, Decimal]:
    """What each funder means to spend in `year`, by code, for those who said so."""
    query = select(col(Organisation.code), col(AnnualBudget.amount)).join(
        AnnualBudget, col(AnnualBudget.funder_id) == col(Organisation.id)
    )
    return dict(session.exec(query.where(col(AnnualBudget.year) == year)).all())


def own_funder_code(session: Session, reader: Actor) -> str | None:
    """Code of the funder whose lines `reader` sees whole, if any."""
    if reader.role is Role.CONSOLE or not is_granted(reader, "commitment.read", Relation.OWN):
        return None
    row = session.get(Organisation, reader.organisation_id) if reader.organisation_id is not None else None
    return row.code if row is not None and row.is_funder else None
