"""Does each entry agree with its commitment, its annulation, its yearly shares, and each transfer with its two sides?"""

from typing import Any

from sqlalchemy import text

from conference.services.verifying.finding import Facts, Fault, Finding, one_of


def entries(facts: Facts) -> Finding:
    """Each entry is of its commitment's funder and of its transfer."""
    return one_of(
        facts,
        "entry",
        {
            "the funder of its commitment": """
                SELECT e.id AS "row", 'funder ' || e.funder_id AS found FROM entry e
                JOIN commitment c ON c.id = e.commitment_id WHERE c.funder_id <> e.funder_id""",
            "the transfer of its commitment": """
                SELECT e.id AS "row", 'to_funder ' || coalesce(e.to_funder_id, 0) AS found FROM entry e
                JOIN commitment c ON c.id = e.commitment_id
                WHERE coalesce(c.to_funder_id, 0) <> coalesce(e.to_funder_id, 0)""",
        },
    )


def commitments(facts: Facts) -> Finding:
    """Each commitment has its entries and its balance."""
    return one_of(
        facts,
        "commitment",
        {
            "at least one entry": """
                SELECT c.id AS "row", 'none' AS found FROM commitment c
                WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.commitment_id = c.id)""",
            "a balance": """
                SELECT c.id AS "row", 'none' AS found FROM commitment c
                WHERE NOT EXISTS (SELECT 1 FROM balance b WHERE b.commitment_id = c.id)""",
            "a balance of the same funder": """
                SELECT c.id AS "row", 'funder ' || b.funder_id AS found FROM commitment c
                JOIN balance b ON b.commitment_id = c.id WHERE b.funder_id <> c.funder_id""",
        },
    )


def annulations(facts: Facts) -> Finding:
    """Each annulation is the opposite of the entry that it names, of the same commitment, kind and day."""
    return one_of(
        facts,
        "entry",
        {
            "the opposite amount, same commitment, kind and day, of an entry that is no annulation": """
                SELECT r.id AS "row", 'annuls entry ' || e.id AS found FROM entry r JOIN entry e ON e.id = r.reverses_id
                WHERE r.commitment_id <> e.commitment_id OR r.kind <> e.kind OR r.amount <> -e.amount
                   OR r.effective_on <> e.effective_on OR e.reverses_id IS NOT NULL""",
        },
    )


def yearly_shares(facts: Facts) -> Finding:
    """Yearly shares sum to their entry, which tells of a commitment."""
    return one_of(
        facts,
        "yearly_share",
        {
            "shares that sum to the entry": """
                SELECT e.id AS "row", sum(s.amount) || ' cents of ' || max(e.amount) AS found FROM yearly_share s
                JOIN entry e ON e.id = s.entry_id GROUP BY e.id HAVING sum(s.amount) <> max(e.amount)""",
            "an engagement, a dégagement or a prévision": """
                SELECT e.id AS "row", e.kind AS found FROM yearly_share s JOIN entry e ON e.id = s.entry_id
                WHERE e.kind NOT IN ('forecast', 'commitment', 'release')""",
        },
    )


def transfer_pairs(facts: Facts) -> Finding:
    """The line that spends is of the funder that the transfer goes to, with the same dimensions."""
    return one_of(
        facts,
        "transfer_pair",
        {
            "a line of the funder that receives": """
                SELECT t.id AS "row", 'funder ' || s.funder_id AS found FROM transfer_pair t
                JOIN commitment g ON g.id = t.given_id JOIN commitment s ON s.id = t.spent_id
                WHERE g.to_funder_id IS NULL OR g.to_funder_id <> s.funder_id""",
            "the same dimensions on both sides": """
                SELECT t.id AS "row", 'dimension_set ' || s.dimension_set_id AS found FROM transfer_pair t
                JOIN commitment g ON g.id = t.given_id JOIN commitment s ON s.id = t.spent_id
                WHERE g.dimension_set_id <> s.dimension_set_id OR g.dimension_set_id <> t.dimension_set_id""",
        },
    )


def numbers(facts: Facts) -> Finding:
    """References of commitments run from 1 to their counter, without a hole."""
    query = """
        SELECT substr(reference, 3, 4) AS year, count(*) AS rows, max(CAST(substr(reference, 8) AS INTEGER)) AS last
        FROM commitment GROUP BY substr(reference, 3, 4) ORDER BY 1"""
    counters = {row["series"]: row["last"] for row in _all(facts, "SELECT series, last FROM counter")}
    given = {f"commitment-{row['year']}": (row["rows"], row["last"]) for row in _all(facts, query)}
    for series in sorted({*given, *(name for name in counters if name.startswith("commitment-"))}):
        rows, last = given.get(series, (0, 0))
        if not rows == last == counters.get(series, 0):
            found = f"last number {last}, counter {counters.get(series, 0)}"
            return Finding(len(counters), Fault("counter", series, f"{rows} numbers from 1 to {rows}", found))
    return Finding(len(counters))


def _all(facts: Facts, statement: str) -> list[dict[str, Any]]:
    return [dict(row) for row in facts.session.connection().execute(text(statement)).mappings()]
