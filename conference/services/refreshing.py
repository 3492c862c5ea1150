"""What does the engine say of parcours today, and what does it change in their versions, gaps and alerts?

One path for one parcours and for all of them: `examined` reads and computes, `applied` writes what differs from what is
stored. A recorded fact refreshes its own parcours, in its own transaction (`refresh`); `detection` asks again of those that
need it. Where many are asked at once, those wholly paid by recorded rights with nothing else to say are settled by whole
numbers (`quick_answer`); all others go through the one engine and every check.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlmodel import Session, col

from conference.data.queries.alert_facts import CHUNK, followed_of
from conference.data.queries.quick_rows import QuickParcours, quick_rows
from conference.data.queries.scales import lines_in_force, shipped_with
from conference.data.queries.thresholds import thresholds_of
from conference.data.scales import shipped_scales
from conference.data.tables import CoverageState, Gap
from conference.domain.alert_facts import AlertFacts, Finding, Followed, Today
from conference.domain.alerts import Said, findings
from conference.domain.coverage import coverage
from conference.domain.french import day_in_france
from conference.domain.gaps import gap_parts
from conference.domain.scales import RuleSet, Scales
from conference.domain.thresholds import Thresholds
from conference.services.alerts import moves, said_of, settle_alerts
from conference.services.coverage_versions import Content, State, add_versions, content_of, save_states, states_of
from conference.services.needs import GapRow, gaps_of, rows_of, save_gaps
from conference.services.quick_answers import paid_content, quick_answer

EDITION = 3
"""Raise it when the engine or a check answers otherwise for the same facts: every parcours is then asked again."""
MANY = 20
"""From so many parcours on, the quick pass is worth its queries."""


@dataclass(frozen=True)
class Asking:
    """What every parcours is asked with: the day, the scales and the thresholds in force, and the digest of both."""

    on: date
    scales: Scales
    thresholds: Thresholds
    digest: str


class Seen(NamedTuple):
    """The state that an outcome was compared with."""

    version_id: int
    number: int
    parcours_version: int
    digest: str
    recheck_on: date | None


class Outcome(NamedTuple):
    """What is to be written of a parcours: its answer, gaps and findings, each None where it is what is stored already."""

    parcours_id: int
    parcours_version: int
    recheck_on: date | None
    seen: Seen | None
    content: Content | None = None
    gaps: tuple[GapRow, ...] | None = None
    findings: tuple[Finding, ...] | None = None

    def is_stored(self, digest: str) -> bool:
        """Is there nothing to write at all, not even the state?"""
        if self.seen is None or self.differs:
            return False
        seen = self.seen
        return (seen.parcours_version, seen.digest, seen.recheck_on) == (self.parcours_version, digest, self.recheck_on)

    @property
    def differs(self) -> bool:
        """Is there more to write than the state?"""
        return not (self.content is None and self.gaps is None and self.findings is None)


def asking(session: Session, on: date) -> Asking:
    """What parcours are asked with on that day."""
    lines, thresholds = lines_in_force(session), thresholds_of(session)
    told = repr((EDITION, _shipped_digest(), lines, sorted(thresholds.chosen.items())))
    return Asking(on, shipped_with(lines), thresholds, sha256(told.encode()).hexdigest())


@cache
def _shipped_digest() -> str:
    scales = shipped_scales()
    values = sorted((code, scale.values) for code, scale in scales.by_code.items())
    return sha256(repr((values, [_told(rules) for rules in scales.rule_sets])).encode()).hexdigest()


def _told(rules: RuleSet) -> str:
    """A set of kinds has no order of its own: two processes would tell it differently."""
    return repr((sorted(rules.after), replace(rules, after=frozenset())))


def refresh(session: Session, parcours_ids: Sequence[int], *, at: datetime) -> dict[int, list[dict[str, Any]]]:
    """Bring versions, gaps, cells and alerts of these parcours up to date, as known at `at`; what their alerts changed, for
    the journal."""
    session.flush()
    asked = asking(session, day_in_france(at))
    return applied(session, examined(session, parcours_ids, asked), asked, at)


def examined(session: Session, parcours_ids: Sequence[int], asked: Asking) -> Iterator[Outcome]:
    """What is to be written of each of these parcours, chunk by chunk. Reads only."""
    ordered = sorted(set(parcours_ids))
    left: list[int] = []
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        if len(chunk) < MANY:
            left += chunk
        else:
            yield from _settled(session, chunk, asked, left)
        # Those left by several chunks are read together: as many queries for five hundred as for a hundred.
        while len(left) >= CHUNK:
            yield from examined_one_by_one(session, left[:CHUNK], asked)
            del left[:CHUNK]
    yield from examined_one_by_one(session, left, asked)


def _settled(session: Session, chunk: Sequence[int], asked: Asking, left: list[int]) -> Iterator[Outcome]:
    """The outcomes of the quick pass; the others are added to `left`."""
    rows = quick_rows(session, chunk)
    for row in rows.parcours:
        number = row.id
        answer = None
        if number not in rows.others:
            answer = quick_answer(rows.steps.get(number, ()), rows.rights.get(number, ()), asked.on, asked.thresholds)
        if answer is None:
            left.append(number)
            continue
        days, segments, recheck_on = answer
        content = None if row.segments == segments else paid_content(days, segments)
        yield Outcome(number, row.version, recheck_on, _quickly_seen(row), content)


def _quickly_seen(row: QuickParcours) -> Seen | None:
    if row.version_id is None:
        return None
    assert row.number is not None and row.parcours_version is not None and row.digest is not None
    return Seen(row.version_id, row.number, row.parcours_version, row.digest, row.recheck_on)


def examined_one_by_one(session: Session, chunk: Sequence[int], asked: Asking) -> Iterator[Outcome]:
    """What the engine and every check say of each of these parcours, `CHUNK` at most."""
    if not chunk:
        return
    states = states_of(session, col(CoverageState.parcours_id).in_(chunk))
    gaps = gaps_of(session, col(Gap.parcours_id).in_(chunk))
    said = said_of(session, chunk)
    for followed in followed_of(session, chunk, asked.on):
        number = followed.id
        yield outcome(followed, asked, states.get(number), gaps.get(number, ()), said.get(number, {}))


def outcome(
    followed: Followed,
    asked: Asking,
    state: State | None,
    stored: Sequence[GapRow],
    said: Mapping[tuple[str, str], Said],
) -> Outcome:
    """What the engine and the checks find of a parcours, where it differs from what is stored of it."""
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
        today.next,
        None if state is None else _seen(state),
        None if state is not None and state.content == content else content,
        None if tuple(stored) == rows else rows,
        told if moves(followed.id, said, told) else None,
    )


def _seen(state: State) -> Seen:
    return Seen(state.version_id, state.number, state.parcours_version, state.digest, state.recheck_on)


def applied(
    session: Session, outcomes: Iterable[Outcome], asked: Asking, at: datetime
) -> dict[int, list[dict[str, Any]]]:
    """Write what differs; what the alerts changed, by parcours. The caller holds the right to write, and has made sure that
    the facts and the states are still those that were examined.

    Where another day than that of `at` was asked about, the states say to ask again from today on.
    """
    today = day_in_france(at)
    if asked.on != today:
        outcomes = (one._replace(recheck_on=min(asked.on, today)) for one in outcomes)
    found = [one for one in outcomes if not one.is_stored(asked.digest)]
    versions = add_versions(
        session,
        [(one.parcours_id, 1 + (one.seen.number if one.seen else 0), one.content) for one in found if one.content],
        at,
    )
    save_states(session, [_state(one, versions) for one in found], asked.digest)
    save_gaps(session, {one.parcours_id: one.gaps for one in found if one.gaps is not None})
    return settle_alerts(session, {one.parcours_id: one.findings for one in found if one.findings is not None}, at=at)


def _state(one: Outcome, versions: Mapping[int, int]) -> tuple[int, int, int, date | None]:
    version_id = versions.get(one.parcours_id)
    if version_id is None:
        assert one.seen is not None
        version_id = one.seen.version_id
    return one.parcours_id, version_id, one.parcours_version, one.recheck_on
