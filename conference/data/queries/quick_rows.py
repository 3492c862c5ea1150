"""What must be read of very many parcours to know which of them are wholly paid and leave nothing to say?

Plain tuples straight from the driver, without the types of the columns: of a million persons most are settled by whole numbers
alone, and making objects of their rows would cost more than the answer. Days are given as ordinals, amounts in cents. Those
for which something else is recorded (a gap, an open alert, a handoff that waits or failed) are named, so that the caller takes
the long way.
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


class QuickRight(NamedTuple):
    """A right: first and last day as ordinals, its exact daily amount, its kind and payer, the day it was known."""

    first: int
    last: int
    rate: Rate | None
    kind: str
    payer_id: int
    known_on: date


class QuickState(NamedTuple):
    """The state of a parcours, and its last version as stored: days counted, cents, text."""

    version_id: int
    parcours_version: int
    digest: str
    recheck_on: date | None
    number: int
    content: tuple[Any, ...]


class QuickRows(NamedTuple):
    """A chunk: version of each parcours, its live steps (first, last, needs an income), rights, state; `others` are the
    parcours of which something else is recorded."""

    versions: dict[int, int]
    steps: dict[int, list[tuple[int, int, bool]]]
    rights: dict[int, list[QuickRight]]
    states: dict[int, QuickState]
    others: set[int]


_CONTENT = "needed, covered, presumed, available, gap, overlap, reduced, loss, need, segments"


def quick_rows(session: Session, ids: Sequence[int]) -> QuickRows:
    """The rows of these parcours, given in order, in seven queries."""
    wanted = set(ids)
    dense = ids[-1] - ids[0] < DENSE * len(ids)
    among = f"BETWEEN {int(ids[0])} AND {int(ids[-1])}" if dense else f"IN ({', '.join(str(int(each)) for each in ids)})"
    versions = {row[0]: row[1] for row in _rows(session, f"SELECT id, version FROM parcours WHERE id {among}")}
    return QuickRows(
        {number: version for number, version in versions.items() if number in wanted},
        _steps(session, among),
        _rights(session, among),
        _states(session, among),
        _others(session, among),
    )


def _rows(session: Session, statement: str) -> Sequence[Any]:
    result = session.connection().exec_driver_sql(statement)
    rows: Sequence[Any] = result.cursor.fetchall() if result.cursor is not None else ()
    result.close()
    return rows


def _steps(session: Session, among: str) -> dict[int, list[tuple[int, int, bool]]]:
    found: dict[int, list[tuple[int, int, bool]]] = {}
    statement = f"SELECT parcours_id, first, last, needs_income FROM step WHERE parcours_id {among} AND withdrawn_at IS NULL"
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
        right = QuickRight(
            ordinal(first), ordinal(last), exact_rate(kind, daily, monthly), kind, payer_id, day_of(known_on)
        )
        if parcours_id in found:
            found[parcours_id].append(right)
        else:
            found[parcours_id] = [right]
    return found


def _states(session: Session, among: str) -> dict[int, QuickState]:
    statement = (
        f"SELECT s.parcours_id, version_id, parcours_version, scales_digest, recheck_on, number, {_CONTENT} "
        "FROM coverage_state s JOIN coverage_version v ON v.id = s.version_id "
        f"WHERE s.parcours_id {among}"
    )
    return {
        row[0]: QuickState(row[1], row[2], row[3], None if row[4] is None else day_of(row[4]), row[5], tuple(row[6:]))
        for row in _rows(session, statement)
    }


def _others(session: Session, among: str) -> set[int]:
    statement = (
        f"SELECT parcours_id FROM gap WHERE parcours_id {among} "
        f"UNION SELECT parcours_id FROM alert WHERE parcours_id {among} AND status = 'open' "
        f"UNION SELECT parcours_id FROM handoff WHERE parcours_id {among} "
        "AND status IN ('proposed', 'refused', 'expired')"
    )
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
