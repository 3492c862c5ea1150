"""What does a selection of lines add up to, and how many are they, without going through them?

A selection by funders and items of lists is one that the rollups know: its sums come from them, and its lines are counted in
an index. Of others' lines those that hold no amount say nothing and are not counted: they are few, and have an index of their
own. Any other filter is answered line by line (`commitments`).
"""

from typing import Any

from sqlalchemy import case, func, literal_column, not_, or_, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import B, C, Filters, O, chosen, is_own
from conference.data.tables import RollupTotal
from conference.data.tables.metadata import table_of
from conference.data.tables.sums import MEASURES, is_silent
from conference.domain.permissions import Actor

R: Any = table_of(RollupTotal)


def is_plain(filters: Filters) -> bool:
    """Does the selection use nothing but funders and items of lists?"""
    return not (filters.own_only or filters.status or filters.by_month or filters.convention)


def line_conditions(filters: Filters, reader: Actor) -> list[Any]:
    """SQL conditions of a plain selection, on `commitment` alone."""
    own = is_own(reader)
    silent = select(B.c.commitment_id).where(is_silent(B.c))
    return [*chosen(filters, C.c.funder_id, C.c.dimension_set_id), or_(own, C.c.id.not_in(silent))]


def plain_sums(session: Session, reader: Actor, filters: Filters) -> list[Any]:
    """Rows (is own, then each measure, then each measure of what is internal) of a plain selection, from the rollups. Others'
    prévisions are in no sum."""
    mine = is_own(reader, R.c.funder_id)
    own = case((mine, 1), else_=0).label("is_mine")
    if filters.funders:
        inside = R.c.to_funder_id.in_(select(O.c.id).where(O.c.code.in_(filters.funders)))
    else:
        inside = R.c.to_funder_id != 0
    seen = {kind: func.sum(R.c[kind]) for kind in MEASURES} | {"forecast": func.sum(R.c.forecast).filter(mine)}
    sums = [seen[kind] for kind in MEASURES] + [func.sum(R.c[kind]).filter(inside) for kind in MEASURES]
    query = select(own, *sums).where(*chosen(filters, R.c.funder_id, R.c.dimension_set_id))
    return list(session.connection().execute(query.group_by(literal_column("is_mine"))))


def plain_counts(session: Session, reader: Actor, filters: Filters) -> dict[int, int]:
    """Number of lines of a plain selection: {1: own ones, 0: others' that hold an amount}."""
    own, asked = is_own(reader), chosen(filters, C.c.funder_id, C.c.dimension_set_id)
    silent = select(func.count()).select_from(B.join(C, C.c.id == B.c.commitment_id))
    connection = session.connection()
    whole, mine, nothing = (
        int(connection.execute(query).scalar_one())
        for query in (
            select(func.count()).select_from(C).where(*asked),  # each of the three is a range of an index
            select(func.count()).select_from(C).where(own, *asked),
            silent.where(is_silent(B.c), not_(own), *asked),
        )
    )
    return {1: mine, 0: whole - mine - nothing}
