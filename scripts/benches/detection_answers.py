"""What was answered for a sample of parcours, for both ways of `detection` to agree on?"""

from typing import Any

from sqlalchemy import text
from warm import digest

from conference.data.session import Database

VERSIONS = (
    "SELECT v.parcours_id, v.number, v.needed, v.covered, v.presumed, v.available, v.gap, v.overlap, v.reduced, v.loss, "
    "v.need, v.segments, s.recheck_on FROM coverage_version v JOIN coverage_state s ON s.version_id = v.id"
)
GAPS = (
    "SELECT parcours_id, step_id, month, first, last, days, amount, reason, payer, territory_id, audience_id FROM gap"
)
ALERTS = "SELECT parcours_id, code, cause, status, severity, due_on, days, need, message FROM alert"


def sample_of(database: Database, count: int) -> list[int]:
    """`count` identifiers, spread over all parcours."""
    with database.reading() as session:
        ids = [row[0] for row in session.connection().execute(text("SELECT id FROM parcours ORDER BY id"))]
    return ids[:: max(1, len(ids) // count)][:count]


def answers(database: Database, sample: list[int]) -> dict[str, str]:
    """A digest of the versions, of the gaps and of the alerts of these parcours."""
    with database.reading() as session:
        connection = session.connection()
        told = {}
        for name, query in (("versions", VERSIONS), ("gaps", GAPS), ("alerts", ALERTS)):
            rows: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(text(query))]
            wanted = set(sample)
            told[name] = digest([row for row in rows if row[0] in wanted])
    return told
