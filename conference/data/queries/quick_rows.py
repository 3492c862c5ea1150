"""What must be read of very many parcours to know which of them are wholly paid and leave nothing to say?

Plain tuples straight from the driver, without the types of the columns: of a million persons most are settled by whole numbers
alone, and making objects of their rows would cost more than the answer. Days are given as ordinals, amounts in cents. Those
of whom something else is recorded are named, so that the caller takes the long way: a gap, an open alert, a handoff that waits
or failed, a plan out of balance, two funders.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlmodel import Session

from conference.domain.money import from_cents
from conference.domain.rate import Rate, by_day, by_month, by_thirtieth
from conference.domain.rights import RightKind

DENSE = 2
"""A chunk is read as a range of identifiers where it holds one in so many of them."""


QuickRight = tuple[int, int, Rate | None, str, int, date]
"""A right: first and last day as ordinals, its exact daily amount, its kind and payer, the day it was known."""


class QuickParcours(NamedTuple):
    """A parcours: its version, then its state (None: it has none) with the number of its last version and, where that one has
    no day paid twice or less than before, its segments as stored."""

    id: int
    version: int
    version_id: int | None
    parcours_version: int | None
    digest: str | None
    recheck_on: date | None
    number: int | None
    segments: str | None


class QuickRows(NamedTuple):
    """A chunk: each parcours, its live steps (first, last, needs an income) and rights; `others` are the parcours of which
    something else is recorded."""

    parcours: list[QuickParcours]
    steps: dict[int, list[tuple[int, int, bool]]]
    rights: dict[int, list[QuickRight]]
    others: set[int]


def quick_rows(session: Session, ids: Sequence[int]) -> QuickRows:
    """The rows of these parcours, given in order, in four queries."""
    dense = ids[-1] - ids[0] < DENSE * len(ids)
    among = (
        f"BETWEEN {int(ids[0])} AND {int(ids[-1])}" if dense else f"IN ({', '.join(str(int(each)) for each in ids)})"
    )
    wanted = set(ids)
    parcours = [each for each in _parcours(session, among) if each[0] in wanted]
    return QuickRows(parcours, _steps(session, among), _rights(session, among), _others(session, among))


def _rows(session: Session, statement: str) -> Sequence[Any]:
    result = session.connection().exec_driver_sql(statement)
    rows: Sequence[Any] = result.cursor.fetchall() if result.cursor is not None else ()
    result.close()
    return rows


def _parcours(session: Session, among: str) -> list[QuickParcours]:
    statement = (
        "SELECT p.id, p.version, s.version_id, s.parcours_version, s.scales_digest, s.recheck_on, v.number, "
        "CASE WHEN v.overlap = 0 AND v.reduced = 0 THEN v.segments END FROM parcours p "
        "LEFT JOIN coverage_state s ON s.parcours_id = p.id LEFT JOIN coverage_version v ON v.id = s.version_id "
        f"WHERE p.id {among} ORDER BY p.id"
    )
    return [
        QuickParcours(
            row[0], row[1], row[2], row[3], row[4], None if row[5] is None else day_of(row[5]), row[6], row[7]
        )
        for row in _rows(session, statement)
    ]


def _steps(session: Session, among: str) -> dict[int, list[tuple[int, int, bool]]]:
    found: dict[int, list[tuple[int, int, bool]]] = {}
    statement = (
        f"SELECT parcours_id, first, last, needs_income FROM step WHERE parcours_id {among} AND withdrawn_at IS NULL"
    )
    for parcours_id, first, last, needs in _rows(session, statement):
        step = ordinal(first), ordinal(last), bool(needs)
        if parcours_id in found:
            found[parcours_id].append(step)
        else:
            found[parcours_id] = [step]
    return found


def _rights(session: Session, among: str) -> dict[int, list[QuickRight]]:
    found: dict[int, list[QuickRight]] = {}
    statement = (
        "SELECT parcours_id, first, last, daily_amount, monthly_amount, kind, payer_id, known_on FROM income_right "
        f"WHERE parcours_id {among} AND withdrawn_at IS NULL"
    )
    for parcours_id, first, last, daily, monthly, kind, payer_id, known_on in _rows(session, statement):
        right = ordinal(first), ordinal(last), exact_rate(kind, daily, monthly), kind, payer_id, day_of(known_on)
        if parcours_id in found:
            found[parcours_id].append(right)
        else:
            found[parcours_id] = [right]
    return found


def _others(session: Session, among: str) -> set[int]:
    # CASE keeps SQLite from going through every open alert by the index of their status, once a chunk.
    statement = f"""
        SELECT parcours_id FROM gap WHERE parcours_id {among}
        UNION SELECT parcours_id FROM alert WHERE parcours_id {among} AND CASE status WHEN 'open' THEN 1 ELSE 0 END = 1
        UNION SELECT parcours_id FROM handoff WHERE parcours_id {among} AND status IN ('proposed', 'refused', 'expired')
        UNION SELECT parcours_id FROM (
            SELECT t.parcours_id FROM step t JOIN plan_cost c ON c.step_id = t.id
            LEFT JOIN plan_share h ON h.cost_id = c.id WHERE t.parcours_id {among}
            GROUP BY t.parcours_id, c.id, c.amount HAVING coalesce(sum(h.amount), 0) <> c.amount
            UNION SELECT t.parcours_id FROM step t JOIN plan_cost c ON c.action_id = t.action_id
            LEFT JOIN plan_share h ON h.cost_id = c.id WHERE t.parcours_id {among}
            GROUP BY t.parcours_id, t.id, c.id, c.amount HAVING coalesce(sum(h.amount), 0) <> c.amount
        ) unbalanced
        UNION SELECT parcours_id FROM (
            SELECT t.parcours_id, h.funder_id FROM step t JOIN plan_cost c ON c.step_id = t.id
            JOIN plan_share h ON h.cost_id = c.id WHERE t.parcours_id {among}
            UNION SELECT t.parcours_id, h.funder_id FROM step t JOIN plan_cost c ON c.action_id = t.action_id
            JOIN plan_share h ON h.cost_id = c.id WHERE t.parcours_id {among}
            UNION SELECT t.parcours_id, m.funder_id FROM step t JOIN step_funding f ON f.step_id = t.id
            JOIN commitment m ON m.id = f.commitment_id WHERE t.parcours_id {among}
        ) funders GROUP BY parcours_id HAVING count(*) > 1
    """
    return {row[0] for row in _rows(session, statement)}


@lru_cache(maxsize=65_536)
def ordinal(day: str | date) -> int:
    """A day as the driver gives it (text on SQLite), as a proleptic ordinal."""
    return day_of(day).toordinal()


@lru_cache(maxsize=65_536)
def day_of(day: str | date) -> date:
    """A day as the driver gives it, as a date."""
    return date.fromisoformat(day) if isinstance(day, str) else day


@lru_cache(maxsize=65_536)
def exact_rate(kind: str, daily: int | None, monthly: int | None) -> Rate | None:
    """The exact daily amount of a right, from cents a day or a month, as `Right.rate`."""
    if daily is not None:
        return by_day(from_cents(daily))
    if monthly is None:
        return None
    return (by_thirtieth if kind == RightKind.TRAINEE_PAY else by_month)(from_cents(monthly))
