"""In what order are the lines of the ledger shown?

A total order, so that no line is on two pages or on none. A column that is hidden on others' lines puts them all
together at the end: an order would tell what it holds. Labels are sorted in Python, where accents have their French
place on both engines, and given to the database as ranks.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, extract, func, literal, null, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import MASKED, C, D, O
from conference.data.tables import REFERENCE_TABLES
from conference.domain.money import ZERO

SORTS = (
    "date",
    "committed",
    "paid",
    "still_to_pay",
    "funder",
    *REFERENCE_TABLES,
    "reference",
    "object",
    "provider",
)
"""Keys of the orders; "-" before one turns it."""


def order_by(session: Session, sort: str, own: ColumnElement[bool], amounts: Any) -> list[Any]:
    """ORDER BY of the list for `sort`; ValueError when it is not one of SORTS."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS:
        raise ValueError(f"unknown sort {sort!r}; known: {', '.join(SORTS)}")
    expressions = _expressions(session, key, own, amounts)
    hidden_last = [] if key in MASKED or key == "date" else [case((own, 0), else_=1)]
    chosen = [expression.desc() if down else expression.asc() for expression in expressions]
    return [*hidden_last, *chosen, *_ties(own, amounts)]


def _expressions(session: Session, key: str, own: ColumnElement[bool], amounts: Any) -> list[Any]:
    if key == "date":
        return _date(own)
    if key in REFERENCE_TABLES:
        table: Any = REFERENCE_TABLES[key].__table__  # type: ignore[attr-defined]
        labels = {row.id: row.label for row in session.connection().execute(select(table.c.id, table.c.label))}
        rank = _rank(labels, D.c[f"{key}_id"])
        return [rank if key in MASKED else case((own, rank), else_=null())]
    if key == "funder":
        rows = session.connection().execute(select(O.c.id, O.c.short_name).where(O.c.is_funder))
        return [_rank({row.id: row.short_name for row in rows}, C.c.funder_id)]
    if key == "provider":
        name = select(func.lower(O.c.name)).where(O.c.id == C.c.provider_id).scalar_subquery()
        return [case((own, func.coalesce(name, "")), else_="")]
    if key in ("reference", "object"):
        return [case((own, func.lower(C.c[key])), else_="")]
    return [_amount(key, amounts)]


def _date(own: ColumnElement[bool]) -> list[Any]:
    """By month for everybody, by day for own lines."""
    year, month = extract("year", C.c.decided_on), extract("month", C.c.decided_on)
    return [year, month, case((own, extract("day", C.c.decided_on)), else_=0)]


def _amount(key: str, amounts: Any) -> Any:
    sums = {name: func.coalesce(amounts.c[name], ZERO) for name in ("commitment", "release", "payment", "repayment")}
    committed, paid = sums["commitment"] - sums["release"], sums["payment"] - sums["repayment"]
    return {"committed": committed, "paid": paid, "still_to_pay": committed - paid}[key]


def _ties(own: ColumnElement[bool], amounts: Any) -> list[Any]:
    """After the order asked: the latest first; others' lines by what they show, before the identifier decides."""
    dates = [expression.desc() for expression in _date(own)]
    mine = case((own, C.c.id), else_=0).desc()
    shown = [D.c[f"{name}_id"] for name in REFERENCE_TABLES if name in MASKED]
    sums = [_amount("committed", amounts).desc(), _amount("paid", amounts).desc()]
    return [*dates, mine, C.c.funder_id, *sums, *shown, C.c.id]


def _rank(labels: Mapping[int, str], column: Any) -> Any:
    if not labels:
        return literal(0)
    ordered = sorted(labels, key=lambda key: (sort_key(labels[key]), key))
    return case({key: position for position, key in enumerate(ordered)}, value=column, else_=len(ordered))


def sort_key(text: str) -> str:
    """`text` without accents or case, for the French order of names."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
