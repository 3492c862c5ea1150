"""Which values of the law hold here: those that are shipped, and those that this conférence dated itself?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.scales import shipped_scales
from conference.data.tables import Account, ScaleValue
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound
from conference.domain.scales import DatedValue, Scales
from conference.domain.units import exact


@dataclass(frozen=True)
class LocalValue:
    """One value that the conférence dated. `recorded_by` and `withdrawn_by` are None to who may not keep the scales."""

    id: int
    code: str
    line: DatedValue
    recorded_at: datetime
    recorded_by: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    motive: str


def scales_of(session: Session) -> Scales:
    """Every scale and rule set in force here: one immutable argument for the engine."""
    return shipped_with(lines_in_force(session))


def shipped_with(lines: Iterable[tuple[str, DatedValue]]) -> Scales:
    """The shipped scales with these lines of the conférence."""
    lines = list(lines)
    return shipped_scales().with_local(lines) if lines else shipped_scales()


def lines_in_force(session: Session) -> list[tuple[str, DatedValue]]:
    """Code and line of every local value that is not withdrawn. One whose scale is no longer shipped is left aside."""
    known = shipped_scales().by_code
    query = select(ScaleValue).where(col(ScaleValue.withdrawn_at).is_(None)).order_by(col(ScaleValue.first))
    return [(row.code, _line(row)) for row in session.exec(query) if row.code in known]


def local_values(session: Session, reader: Actor, code: str = "") -> list[LocalValue]:
    """Every value that the conférence dated, withdrawn ones included, latest recorded first; of one scale when `code` is
    given."""
    require(reader, "scale.read", Relation.OTHER)
    query = select(ScaleValue).order_by(col(ScaleValue.id).desc())
    if code:
        query = query.where(ScaleValue.code == code)
    rows = [row for row in session.exec(query) if row.code in shipped_scales().by_code]
    names = _names(session, rows) if is_granted(reader, "scale.edit", Relation.OTHER) else {}
    return [_shown(row, names) for row in rows]


def local_value(session: Session, reader: Actor, value_id: int) -> LocalValue:
    """One of them, for who keeps the scales. NotFound when there is none."""
    require(reader, "scale.edit", Relation.OTHER)
    row = session.get(ScaleValue, value_id)
    if row is None or row.code not in shipped_scales().by_code:
        raise NotFound()
    return _shown(row, _names(session, [row]))


def _names(session: Session, rows: Iterable[ScaleValue]) -> dict[int | None, str]:
    ids = {account for row in rows for account in (row.recorded_by, row.withdrawn_by) if account}
    query = select(Account.id, Account.name).where(col(Account.id).in_(sorted(ids)))
    return dict(session.exec(query).all())


def _shown(row: ScaleValue, names: dict[int | None, str]) -> LocalValue:
    return LocalValue(
        row.id or 0,
        row.code,
        _line(row),
        row.recorded_at,
        names.get(row.recorded_by),
        row.withdrawn_at,
        names.get(row.withdrawn_by),
        row.withdrawn_motive,
    )


def _line(row: ScaleValue) -> DatedValue:
    amount = exact(row.amount, shipped_scales().by_code[row.code].unit)
    return DatedValue(
        row.first, row.last, amount, row.law, row.source, row.checked_on, row.to_check, row.note, is_local=True
    )
