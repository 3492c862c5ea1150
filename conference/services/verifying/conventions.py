"""Are conventions what their parties signed, and does the ledger obey them?

Balances are summed again from the commitments made under each convention; a signed version has every signature, on a text
whose bytes are still there; its plan and its schedule sum; numbers of a year have no hole.
"""

from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from conference.data.tables import ConventionFile
from conference.services.verifying.files import read_again
from conference.services.verifying.finding import Facts, Fault, Finding, one_of

_SUMS = """
    SELECT l.convention_id, sum(b.forecast) AS forecast, sum(b.commitment - b.release) AS committed,
           sum(b.payment - b.repayment) AS paid
    FROM convention_commitment l JOIN balance b ON b.commitment_id = l.commitment_id GROUP BY l.convention_id"""
_SIGNED = "v.status = 'signed'"
_STANDING = "SELECT 1 FROM signature g WHERE g.signatory_id = s.id AND g.taken_back_at IS NULL"


def balances(facts: Facts) -> Finding:
    """Each balance is the sum of the commitments made under its convention, within the ceiling in force."""
    return one_of(
        facts,
        "convention_balance",
        {
            "the sum of its commitments": f"""
                SELECT b.convention_id AS "row",
                    b.forecast || ' / ' || b.committed || ' / ' || b.paid || ' cents' AS found
                FROM convention_balance b LEFT JOIN ({_SUMS}) x ON x.convention_id = b.convention_id
                WHERE b.forecast <> coalesce(x.forecast, 0) OR b.committed <> coalesce(x.committed, 0)
                    OR b.paid <> coalesce(x.paid, 0)""",
            "a balance for its commitments": """
                SELECT l.commitment_id AS "row", 'convention ' || l.convention_id AS found FROM convention_commitment l
                WHERE NOT EXISTS (SELECT 1 FROM convention_balance b WHERE b.convention_id = l.convention_id)""",
            "the ceiling of the version in force": """
                SELECT b.convention_id AS "row", coalesce(CAST(b.ceiling AS TEXT), 'none') AS found
                FROM convention_balance b JOIN convention_version v ON v.convention_id = b.convention_id
                WHERE v.in_force AND coalesce(v.ceiling, -1) <> coalesce(b.ceiling, -1)""",
            "a commitment of a party": """
                SELECT l.commitment_id AS "row", 'funder ' || l.funder_id AS found FROM convention_commitment l
                WHERE NOT EXISTS (SELECT 1 FROM convention_version v JOIN convention_party p ON p.version_id = v.id
                    WHERE v.convention_id = l.convention_id AND v.status = 'signed'
                    AND p.organisation_id = l.funder_id)""",
        },
    )


def payments(facts: Facts) -> Finding:
    """A payment that pays an instalment is one of a commitment made under the same convention."""
    return one_of(
        facts,
        "convention_payment",
        {
            "a payment under its convention": """
                SELECT p.entry_id AS "row", 'convention ' || p.convention_id AS found FROM convention_payment p
                JOIN entry e ON e.id = p.entry_id WHERE e.kind NOT IN ('payment', 'repayment') OR NOT EXISTS (
                    SELECT 1 FROM convention_commitment l
                    WHERE l.commitment_id = e.commitment_id AND l.convention_id = p.convention_id)""",
        },
    )


def signatures(facts: Facts) -> Finding:
    """No version is signed without the signature of every signatory, one for each party at least; its day is the last one."""
    return one_of(
        facts,
        "convention_version",
        {
            "a signature of each signatory": f"""
                SELECT v.id AS "row", 'signatory ' || s.id AS found FROM convention_version v
                JOIN signatory s ON s.version_id = v.id WHERE {_SIGNED} AND NOT EXISTS ({_STANDING})""",
            "a signatory for each party": f"""
                SELECT v.id AS "row", 'organisation ' || p.organisation_id AS found FROM convention_version v
                JOIN convention_party p ON p.version_id = v.id WHERE {_SIGNED} AND NOT EXISTS (
                    SELECT 1 FROM signatory s WHERE s.version_id = v.id AND s.organisation_id = p.organisation_id)""",
            "the day of the last signature": f"""
                SELECT v.id AS "row", CAST(v.signed_on AS TEXT) AS found FROM convention_version v
                JOIN (SELECT s.version_id, max(g.signed_on) AS day FROM signatory s
                    JOIN signature g ON g.signatory_id = s.id WHERE g.taken_back_at IS NULL
                    GROUP BY s.version_id) x ON x.version_id = v.id
                WHERE {_SIGNED} AND v.signed_on <> x.day""",
            "a version in force of a signed convention": """
                SELECT c.id AS "row", c.status AS found FROM convention c
                WHERE c.status IN ('signed', 'active', 'suspended', 'settled', 'terminated') AND NOT EXISTS (
                    SELECT 1 FROM convention_version v WHERE v.convention_id = c.id AND v.in_force)""",
        },
    )


def plans(facts: Facts) -> Finding:
    """What is put to signature sums: the plan to the ceiling, the schedule of a party to what it puts in."""
    put = "v.status IN ('to_sign', 'signed')"
    return one_of(
        facts,
        "convention_version",
        {
            "a plan that sums to the ceiling": f"""
                SELECT v.id AS "row", sum(s.amount) || ' cents of ' || v.ceiling AS found FROM convention_version v
                JOIN convention_share s ON s.version_id = v.id WHERE {put} AND v.ceiling IS NOT NULL
                GROUP BY v.id, v.ceiling HAVING sum(s.amount) <> v.ceiling""",
            "a schedule that sums to the plan of its party": f"""
                SELECT v.id AS "row", i.organisation_id || ': ' || sum(i.amount) || ' cents' AS found
                FROM convention_version v JOIN convention_instalment i ON i.version_id = v.id WHERE {put}
                GROUP BY v.id, i.organisation_id HAVING sum(i.amount) <> coalesce((SELECT sum(s.amount)
                    FROM convention_share s WHERE s.version_id = v.id AND s.organisation_id = i.organisation_id), 0)""",
        },
    )


def files(facts: Facts) -> Finding:
    """The files of conventions are the bytes that were kept, the text put to signature among them."""
    session = facts.session
    missing = one_of(
        facts,
        "convention_version",
        {
            "the file of its text": """
                SELECT v.id AS "row", v.file_sha256 AS found FROM convention_version v
                WHERE v.status IN ('to_sign', 'signed') AND NOT EXISTS (SELECT 1 FROM convention_file f
                    WHERE f.version_id = v.id AND f.kind = 'text' AND f.sha256 = v.file_sha256)""",
        },
    )
    if missing.fault:
        return missing
    rows = session.exec(select(ConventionFile.id, ConventionFile.sha256).order_by(col(ConventionFile.id))).all()
    return read_again(facts, "convention_file", [(number or 0, sha256) for number, sha256 in rows])


def numbers(facts: Facts) -> Finding:
    """Numbers of conventions run from 1 to their counter within each year, without a hole."""
    given = {
        f"convention-{row['year']}": (row["rows"], row["last"])
        for row in _all(
            facts,
            "SELECT substr(number, 3, 4) AS year, count(*) AS rows, max(CAST(substr(number, 8) AS INTEGER)) AS last "
            "FROM convention WHERE number IS NOT NULL GROUP BY substr(number, 3, 4)",
        )
    }
    counters = {row["series"]: row["last"] for row in _all(facts, "SELECT series, last FROM counter")}
    for series in sorted({*given, *(name for name in counters if name.startswith("convention-"))}):
        rows, last = given.get(series, (0, 0))
        if not rows == last == counters.get(series, 0):
            found = f"last number {last}, counter {counters.get(series, 0)}"
            return Finding(len(given), Fault("counter", series, f"{rows} numbers from 1 to {rows}", found))
    return Finding(len(given))


def _all(facts: Facts, statement: str) -> list[dict[str, Any]]:
    return [dict(row) for row in facts.session.connection().execute(text(statement)).mappings()]
