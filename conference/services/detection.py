"""What does the engine say of parcours today, and what does it change in their versions, gaps and alerts?

One path for one parcours and for all of them: `examined` reads and computes, `applied` writes what differs from what is
stored. A recorded fact refreshes its own parcours, in its own transaction; the nightly run (`detection_run`) asks again only
of those that need it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlmodel import Session, col

from conference.data.queries.alert_facts import CHUNK, followed_of
from conference.data.queries.scales import lines_in_force, shipped_with
from conference.data.queries.thresholds import thresholds_of
from conference.data.scales import shipped_scales
from conference.data.tables import CoverageState, Gap
from conference.domain.alert_facts import AlertFacts, Finding, Followed, Today
from conference.domain.alerts import findings
from conference.domain.coverage import coverage
from conference.domain.french import day_in_france
from conference.domain.gaps import gap_parts
from conference.domain.scales import Scales
from conference.domain.thresholds import Thresholds
from conference.services.alerts import moves, said_of, settle_alerts
from conference.services.coverage_versions import (
    Content,
    State,
    add_versions,
    content_of,
    save_states,
    states_of,
)
from conference.services.needs import GapRow, gaps_of, rows_of, save_gaps

EDITION = 1
"""Raise it when the engine or a check answers otherwise for the same facts: every parcours is then asked again."""


@dataclass(frozen=True)
class Asking:
    """What every parcours is asked with: the day, the scales and the thresholds in force, and the digest of both."""

    on: date
    scales: Scales
    thresholds: Thresholds
    digest: str


class Outcome(NamedTuple):
    """What is found of a parcours, and what it differs in from what is stored. `seen` is the state that was compared with."""

    parcours_id: int
    parcours_version: int
    content: Content
    gaps: tuple[GapRow, ...]
    findings: tuple[Finding, ...]
    recheck_on: date | None
    seen: State | None
    new_version: bool
    new_gaps: bool
    new_alerts: bool

    @property
    def same(self) -> bool:
        """Is there nothing to write but the state?"""
        return not (self.new_version or self.new_gaps or self.new_alerts)


def asking(session: Session, on: date) -> Asking:
    """What parcours are asked with on that day."""
    lines, thresholds = lines_in_force(session), thresholds_of(session)
    told = repr((EDITION, _shipped_digest(), lines, sorted(thresholds.chosen.items())))
    return Asking(on, shipped_with(lines), thresholds, sha256(told.encode()).hexdigest())


@cache
def _shipped_digest() -> str:
    scales = shipped_scales()
    rules = [
        (each.code, *(sorted(v) if isinstance(v, frozenset) else v for v in _values(each))) for each in scales.rule_sets
    ]
    told = repr((sorted((code, scale.values) for code, scale in scales.by_code.items()), rules))
    return sha256(told.encode()).hexdigest()


def _values(rules: Any) -> list[Any]:
    return [getattr(rules, name) for name in rules.__slots__]


def refresh(session: Session, parcours_ids: Sequence[int], *, at: datetime) -> dict[int, list[dict[str, Any]]]:
    """Bring versions, gaps, cells and alerts of these parcours up to date, as known at `at`; what their alerts changed, for
    the journal."""
    session.flush()
    asked = asking(session, day_in_france(at))
    return applied(session, examined(session, parcours_ids, asked), asked, at)


def examined(session: Session, parcours_ids: Sequence[int], asked: Asking) -> Iterator[Outcome]:
    """What is found of each of these parcours, in the order of their identifiers. Reads only."""
    ordered = sorted(set(parcours_ids))
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        states = states_of(session, col(CoverageState.parcours_id).in_(chunk))
        gaps = gaps_of(session, col(Gap.parcours_id).in_(chunk))
        said = said_of(session, chunk)
        for followed in followed_of(session, chunk, asked.on):
            number = followed.id
            yield outcome(followed, asked, states.get(number), gaps.get(number, ()), said.get(number, {}))


def outcome(
    followed: Followed, asked: Asking, state: State | None, stored: Sequence[GapRow], said: dict[tuple[str, str], Any]
) -> Outcome:
    """What the engine and the checks find of a parcours, compared with what is stored of it."""
    today = Today(asked.on)
    for right in followed.case.rights:
        if right.known_on is not None:
            today.reached(right.known_on)
    found = coverage(followed.case, asked.scales)
    parts = gap_parts(found, followed.case.steps)
    told = findings(AlertFacts(today, asked.thresholds, followed, found, parts))
    content, rows = content_of(found), rows_of(followed, parts)
    return Outcome(
        followed.id,
        followed.version,
        content,
        rows,
        told,
        today.next,
        state,
        new_version=state is None or state.content != content,
        new_gaps=tuple(stored) != rows,
        new_alerts=bool(moves(followed.id, said, told)),
    )


def applied(
    session: Session, outcomes: Iterable[Outcome], asked: Asking, at: datetime
) -> dict[int, list[dict[str, Any]]]:
    """Write what differs; what the alerts changed, by parcours. The caller holds the right to write, and has made sure that
    the facts are still those that were examined."""
    found = list(outcomes)
    numbers = [
        (one.parcours_id, 1 if one.seen is None else one.seen.number + 1, one.content)
        for one in found
        if one.new_version
    ]
    versions = add_versions(session, numbers, at)
    states = [_state(one, versions) for one in found if not _has_state(one, asked.digest)]
    save_states(session, states, asked.digest)
    save_gaps(session, {one.parcours_id: one.gaps for one in found if one.new_gaps})
    return settle_alerts(session, {one.parcours_id: one.findings for one in found if one.new_alerts}, at=at)


def _state(one: Outcome, versions: dict[int, int]) -> tuple[int, int, int, date | None]:
    version_id = versions.get(one.parcours_id)
    if version_id is None:
        assert one.seen is not None
        version_id = one.seen.version_id
    return one.parcours_id, version_id, one.parcours_version, one.recheck_on


def _has_state(one: Outcome, digest: str) -> bool:
    seen = one.seen
    if seen is None or one.new_version:
        return False
    return (seen.parcours_version, seen.digest, seen.recheck_on) == (one.parcours_version, digest, one.recheck_on)
