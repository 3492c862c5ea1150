"""Are the answers kept for parcours those of the engine, and the needs their sum?

States, gaps and cells are compared in the database. The engine itself is asked again of a sample spread over all parcours,
among those whose facts and scales are those of the stored answer.
"""

from datetime import date

from sqlalchemy import select

from conference.data.queries.alert_facts import followed_of
from conference.data.tables import CoverageState, Gap
from conference.domain.alert_facts import Followed
from conference.domain.coverage import coverage
from conference.domain.gaps import gap_parts
from conference.services.coverage_versions import Content, State, content_of, states_of
from conference.services.needs import gaps_of, rows_of
from conference.services.refreshing import asking
from conference.services.verifying.finding import Facts, Fault, Finding, one_of

SAMPLE = 500
"""Parcours that are asked again, at most."""


def coverage_states(facts: Facts) -> Finding:
    """Each state is of the last version of its own parcours, and says as many days of gap as there are rows for."""
    return one_of(
        facts,
        "coverage_state",
        {
            "the last version of its parcours": (
                "SELECT s.parcours_id AS row, s.version_id AS found FROM coverage_state s WHERE s.version_id <> "
                "(SELECT v.id FROM coverage_version v WHERE v.parcours_id = s.parcours_id ORDER BY v.number DESC LIMIT 1)"
            ),
            "as many days of gap as its version": (
                "SELECT s.parcours_id AS row, coalesce(g.days, 0) AS found FROM coverage_state s "
                "JOIN coverage_version v ON v.id = s.version_id "
                "LEFT JOIN (SELECT parcours_id, sum(days) AS days FROM gap GROUP BY parcours_id) g "
                "ON g.parcours_id = s.parcours_id WHERE coalesce(g.days, 0) <> v.gap"
            ),
            "the need of its version": (
                "SELECT s.parcours_id AS row, g.amount AS found FROM coverage_state s "
                "JOIN coverage_version v ON v.id = s.version_id "
                "JOIN (SELECT parcours_id, sum(amount) AS amount FROM gap GROUP BY parcours_id) g "
                "ON g.parcours_id = s.parcours_id WHERE v.need IS NOT NULL AND coalesce(g.amount, -1) <> v.need"
            ),
            "a state beside its gaps": (
                "SELECT g.parcours_id AS row, g.id AS found FROM gap g "
                "WHERE NOT EXISTS (SELECT 1 FROM coverage_state s WHERE s.parcours_id = g.parcours_id)"
            ),
        },
    )


_KEY = ("month", "territory_id", "audience_id", "payer", "reason")
_SUMS = f"""
    SELECT {", ".join(_KEY)}, sum(days) AS days, coalesce(sum(amount), 0) AS amount,
           sum(CASE WHEN amount IS NULL THEN days ELSE 0 END) AS unknown_days, count(DISTINCT parcours_id) AS parcours
    FROM gap GROUP BY {", ".join(_KEY)}"""
_SAME_CELL = " AND ".join(f"x.{name} = c.{name}" for name in _KEY)
_CELL = " || ' ' || ".join(f"CAST(%s.{name} AS TEXT)" for name in _KEY)


def needs(facts: Facts) -> Finding:
    """Each cell of the needs is the sum of its gaps, and each gap is in a cell."""
    measures = ("days", "amount", "unknown_days", "parcours")
    differs = " OR ".join(f"c.{name} <> x.{name}" for name in measures)
    shown = " || ' / ' || ".join(f"CAST(c.{name} AS TEXT)" for name in measures)
    return one_of(
        facts,
        "need_cell",
        {
            "the sum of its gaps": (
                f"SELECT {_CELL.replace('%s', 'c')} AS row, {shown} AS found FROM need_cell c "
                f"LEFT JOIN ({_SUMS}) x ON {_SAME_CELL} WHERE x.days IS NULL OR {differs}"
            ),
            "a cell for its gaps": (
                f"SELECT {_CELL.replace('%s', 'x')} AS row, CAST(x.days AS TEXT) AS found FROM ({_SUMS}) x "
                f"LEFT JOIN need_cell c ON {_SAME_CELL} WHERE c.days IS NULL"
            ),
        },
    )


def answers(facts: Facts) -> Finding:
    """The engine, asked again of a sample, answers what is stored, segments and gaps."""
    session = facts.session
    asked = asking(session, date.max)
    state = CoverageState.__table__  # type: ignore[attr-defined]
    ids = session.execute(select(state.c.parcours_id).order_by(state.c.parcours_id)).scalars().all()
    sample = ids[:: -(-len(ids) // SAMPLE) or 1]
    stored = states_of(session, state.c.parcours_id.in_(sample))
    gaps = gaps_of(session, Gap.__table__.c.parcours_id.in_(sample))  # type: ignore[attr-defined]
    compared = 0
    for followed in followed_of(session, sample, asked.on):
        seen = stored[followed.id]
        if (seen.parcours_version, seen.digest) != (followed.version, asked.digest) or _is_early(followed, seen):
            continue
        compared += 1
        found = coverage(followed.case, asked.scales)
        content, rows = content_of(found), rows_of(followed, gap_parts(found, followed.case.steps))
        if content != seen.content:
            row, said = str(seen.version_id), seen.content
            return Finding(compared, Fault("coverage_version", row, _shown(content), _shown(said)))
        if rows != (there := gaps.get(followed.id, ())):
            return Finding(compared, Fault("gap", f"parcours {followed.id}", str(rows), str(there)))
    return Finding(compared)


def _is_early(followed: Followed, seen: State) -> bool:
    """Was a right recorded with a day of knowledge that the stored answer did not reach?"""
    known = [right.known_on for right in followed.case.rights if right.known_on is not None]
    return seen.recheck_on is not None and any(day >= seen.recheck_on for day in known)


def _shown(content: Content) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(content._fields, content, strict=True))
