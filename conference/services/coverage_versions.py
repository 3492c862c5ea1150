"""Which answers did the engine give for a parcours, and of which facts is the one of today?

A version is stored only when the answer differs from the last one, and is never changed; its segments are compact JSON,
read back by `segments_of`. `coverage_state` says of which version of the parcours, and of which scales and thresholds, the
current answer is, and on which day the checks must be asked again though no fact changed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from typing import Any, NamedTuple

import sqlalchemy
from sqlmodel import Session, col, select

from conference.data.tables import CoverageState, CoverageVersion
from conference.data.upsert import insert_columns, save_columns
from conference.domain.money import from_cents
from conference.domain.period import Period
from conference.domain.segment import Coverage, Segment
from conference.services.numbering import next_id


class Content(NamedTuple):
    """What a version holds: days counted, gross euros, and its segments as text."""

    needed: int
    covered: int
    presumed: int
    available: int
    gap: int
    overlap: int
    reduced: int
    loss: Decimal
    need: Decimal | None
    segments: str


class StoredSegment(NamedTuple):
    """A segment as it was stored: codes are those of the engine, `daily_amount` and `amount` gross euros."""

    period: Period
    status: str
    kind: str | None
    payer: str | None
    daily_amount: Decimal | None
    amount: Decimal | None
    reason: str


class State(NamedTuple):
    """The state of a parcours as stored, with what its last version holds."""

    parcours_id: int
    version_id: int
    parcours_version: int
    digest: str
    recheck_on: date | None
    number: int
    content: Content


def content_of(found: Coverage) -> Content:
    """What a version of this answer holds."""
    days, reduced = found.days, found.reduced
    return Content(*days, reduced.days, reduced.loss, found.need, segments_text(found.segments))


def segments_text(segments: Iterable[Segment]) -> str:
    """The segments as compact JSON: first, last, status, kind, payer, cents a day, cents, reason."""
    return json.dumps([_told(segment) for segment in segments], separators=(",", ":"), ensure_ascii=False)


def segments_of(text: str) -> tuple[StoredSegment, ...]:
    """The segments of a stored version, in the order of their days."""
    return tuple(_stored(*each) for each in json.loads(text))


def versions_of(session: Session, parcours_id: int) -> Sequence[CoverageVersion]:
    """Every version of a parcours, the first one first. For callers that have checked their reader."""
    query = select(CoverageVersion).where(CoverageVersion.parcours_id == parcours_id)
    return session.exec(query.order_by(col(CoverageVersion.number))).all()


def states_of(session: Session, condition: Any) -> dict[int, State]:
    """The states that a condition on `coverage_state` chooses, by parcours."""
    version, state = CoverageVersion.__table__, CoverageState.__table__  # type: ignore[attr-defined]
    query = sqlalchemy.select(
        *(state.c.parcours_id, state.c.version_id, state.c.parcours_version, state.c.scales_digest, state.c.recheck_on),
        version.c.number,
        *(version.c[name] for name in Content._fields),
    )
    rows = session.execute(query.join(version, version.c.id == state.c.version_id).where(condition))
    return {row[0]: State(row[0], row[1], row[2], row[3], row[4], row[5], Content(*row[6:])) for row in rows}


def add_versions(session: Session, found: Sequence[tuple[int, int, Content]], at: datetime) -> dict[int, int]:
    """Store a version for each (parcours, number, content); the identifier of each, by parcours."""
    if not found:
        return {}
    first = next_id(session, CoverageVersion)
    ids = range(first, first + len(found))
    contents = list(zip(*(content for _, _, content in found), strict=True))
    columns: dict[str, Any] = {
        "id": ids,
        "parcours_id": [parcours_id for parcours_id, _, _ in found],
        "number": [number for _, number, _ in found],
        "computed_at": repeat(at),
        **dict(zip(Content._fields, contents, strict=True)),
    }
    insert_columns(session, CoverageVersion.__table__, columns)  # type: ignore[attr-defined]
    return {parcours_id: number for number, (parcours_id, _, _) in zip(ids, found, strict=True)}


def save_states(session: Session, rows: Sequence[tuple[int, int, int, date | None]], digest: str) -> None:
    """Write the state of each (parcours, version, version of the parcours, day to ask again)."""
    if not rows:
        return
    parcours, versions, of, recheck = zip(*rows, strict=True)
    columns: Mapping[str, Any] = {
        "parcours_id": parcours,
        "version_id": versions,
        "parcours_version": of,
        "scales_digest": repeat(digest),
        "recheck_on": recheck,
    }
    save_columns(session, CoverageState.__table__, columns)  # type: ignore[attr-defined]


def _told(segment: Segment) -> list[Any]:
    rate = segment.rate
    return [
        segment.first.isoformat(),
        segment.last.isoformat(),
        segment.status.value,
        None if segment.kind is None else str(segment.kind),
        segment.payer,
        None if rate is None else rate.cents_for(1),
        None if rate is None else rate.cents_for(segment.days),
        segment.reason.code.value,
    ]


def _stored(
    first: str,
    last: str,
    status: str,
    kind: str | None,
    payer: str | None,
    a_day: int | None,
    cents: int | None,
    reason: str,
) -> StoredSegment:
    return StoredSegment(
        Period(date.fromisoformat(first), date.fromisoformat(last)),
        status,
        kind,
        payer,
        None if a_day is None else from_cents(a_day),
        None if cents is None else from_cents(cents),
        reason,
    )
