"""Do balances, rollups and months say what the entries add up to?

Balances are compared in the database, commitment by commitment. Rollups are added up from the entries once, at the
finest grain, folded, and compared both ways: a cell that should be there and is not, one that should not and is.
"""

from sqlalchemy import MappingResult, text

from conference.data.tables.sums import DECISIONS, MEASURES
from conference.services.verifying.finding import Facts, Fault, Finding

Cells = dict[tuple[int, ...], tuple[int, ...]]
"""Sums in cents of each measure, then entries, lines and persons, by (month, funder, to_funder, dimension_set)."""
_COUNTED = (*MEASURES, "entry_count", *DECISIONS)

_SUMS = ", ".join(
    f"""coalesce(sum(CASE WHEN e.kind = '{kind}' THEN e.amount END), 0) AS "{kind}\"""" for kind in MEASURES
)
_LIVE = "e.reverses_id IS NULL AND r.id IS NULL"
_BALANCES = f"""
    SELECT e.commitment_id, {_SUMS}, count(*) AS entry_count,
           coalesce(sum(CASE e.kind WHEN 'commitment' THEN s.amount WHEN 'release' THEN -s.amount END), 0) AS shared,
           min(CASE WHEN {_LIVE} AND e.kind = 'commitment' THEN e.effective_on END) AS committed_on,
           min(CASE WHEN {_LIVE} AND e.kind NOT IN ('commitment', 'forecast') THEN e.effective_on END) AS moved_on
    FROM entry e LEFT JOIN entry r ON r.reverses_id = e.id
    LEFT JOIN (SELECT entry_id, sum(amount) AS amount FROM yearly_share GROUP BY entry_id) s ON s.entry_id = e.id
    GROUP BY e.commitment_id"""
_ENGAGED = "CASE WHEN e.id = f.id THEN 1 WHEN e.reverses_id = f.id THEN -1 ELSE 0 END"
"""A decision counts with its first engagement, and no more with the annulation of that entry."""
_COMPARED = (*MEASURES, "entry_count", "shared", "committed_on", "moved_on")


def balances(facts: Facts) -> Finding:
    """Each balance is the sum of the entries of its commitment."""
    differs = " OR ".join(_differs(name) for name in _COMPARED)
    both = ", ".join(f'b."{name}" AS "found_{name}", x."{name}" AS "wanted_{name}"' for name in _COMPARED)
    row = facts.first(
        f"SELECT b.commitment_id AS id, {both} FROM balance b LEFT JOIN ({_BALANCES}) x ON x.commitment_id = b.commitment_id "
        f"WHERE x.commitment_id IS NULL OR {differs} LIMIT 1"
    )
    rows = facts.count("balance")
    if row is not None:
        name = next(name for name in _COMPARED if str(row[f"found_{name}"]) != str(row[f"wanted_{name}"]))
        expected, found = f"{name} {row[f'wanted_{name}']}", f"{name} {row[f'found_{name}']}"
        return Finding(rows, Fault("balance", str(row["id"]), expected, found))
    living = "SELECT commitment_id AS id, identity FROM balance WHERE identity IS NOT NULL AND entry_count > 0"
    emptied = facts.first(f"{living} AND commitment = 0 AND forecast = 0 LIMIT 1")
    if emptied is not None:
        return Finding(
            rows, Fault("balance", str(emptied["id"]), "no identity once cancelled", str(emptied["identity"]))
        )
    return Finding(rows)


def _differs(name: str) -> str:
    return f"coalesce(CAST(b.\"{name}\" AS TEXT), '-') <> coalesce(CAST(x.\"{name}\" AS TEXT), '-')"


def rollup_month(facts: Facts) -> Finding:
    """By month, funder, transfer and dimensions."""
    return _compare(facts, "rollup_month", (0, 1, 2, 3))


def rollup_total(facts: Facts) -> Finding:
    """By funder, transfer and dimensions."""
    return _compare(facts, "rollup_total", (1, 2, 3))


def rollup_funder(facts: Facts) -> Finding:
    """By month, funder and transfer; also the last day and the last instant of each."""
    found = _compare(facts, "rollup_funder", (0, 1, 2))
    if found.fault is not None:
        return found
    row = facts.first(
        """SELECT r.month, r.funder_id, r.last_on, r.last_recorded_at, x.day, x.instant FROM rollup_funder r
           JOIN (SELECT booked_month, funder_id, coalesce(to_funder_id, 0) AS to_funder_id, max(effective_on) AS day,
                        max(recorded_at) AS instant FROM entry GROUP BY 1, 2, 3) x
             ON x.booked_month = r.month AND x.funder_id = r.funder_id AND x.to_funder_id = r.to_funder_id
           WHERE r.last_on <> x.day OR r.last_recorded_at <> x.instant LIMIT 1"""
    )
    if row is None:
        return found
    where = f"month={row['month']}, funder_id={row['funder_id']}"
    expected, stored = (row["day"], row["instant"]), (row["last_on"], row["last_recorded_at"])
    return Finding(found.rows, Fault("rollup_funder", where, " ".join(map(str, expected)), " ".join(map(str, stored))))


def months(facts: Facts) -> Finding:
    """Number and sum of the entries of each month; a closed month may have none."""
    amounts = len(MEASURES)
    wanted = {key: (sum(sums[:amounts]), sums[amounts]) for key, sums in fold(_cells(facts), (0,)).items()}
    stored = {
        (row["month"],): (row["entry_total"], row["entry_count"])
        for row in _rows(facts, "SELECT month, entry_total, entry_count FROM month_state")
    }
    for key in sorted({*wanted, *stored}):
        expected, found = wanted.get(key, (0, 0)), stored.get(key, (0, 0))
        if expected != found:
            return Finding(len(stored), Fault("month_state", str(key[0]), _month(expected), _month(found)))
    return Finding(len(stored))


def _month(sums: tuple[int, int]) -> str:
    return f"{sums[1]} entries, {sums[0]} cents"


_KEYS = ("month", "funder_id", "to_funder_id", "dimension_set_id")


def _compare(facts: Facts, table: str, kept: tuple[int, ...]) -> Finding:
    wanted = fold(_cells(facts), kept)
    names = [_KEYS[i] for i in kept]
    columns = ", ".join(f'"{name}"' for name in (*names, *_COUNTED))
    rows = 0
    for row in _rows(facts, f'SELECT {columns} FROM "{table}" ORDER BY {", ".join(names)}'):
        rows += 1
        key = tuple(row[name] for name in names)
        found = tuple(row[name] for name in _COUNTED)
        expected = wanted.pop(key, None)
        if expected != found:
            return Finding(rows, Fault(table, _said(names, key), _sums(expected), _sums(found)))
    for key in sorted(wanted):
        return Finding(rows, Fault(table, _said(names, key), _sums(wanted[key]), "no row"))
    return Finding(rows)


def _said(names: list[str], key: tuple[int, ...]) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(names, key, strict=True))


def _sums(sums: tuple[int, ...] | None) -> str:
    if sums is None:
        return "no row"
    told = [f"{name} {value}" for name, value in zip(_COUNTED, sums, strict=True) if value]
    return ", ".join(told) or "all zero"


def _cells(facts: Facts) -> Cells:
    """Every cell, added up from the entries; read once per session."""
    cache: dict[str, Cells] = facts.session.info
    if "verified_cells" not in cache:
        query = f"""
            SELECT e.booked_month, e.funder_id, coalesce(e.to_funder_id, 0) AS to_funder_id, c.dimension_set_id,
                   {_SUMS}, count(*) AS entry_count,
                   sum({_ENGAGED}) AS line_count, sum({_ENGAGED} * coalesce(c.persons, 0)) AS person_count
            FROM entry e JOIN commitment c ON c.id = e.commitment_id
            LEFT JOIN (SELECT commitment_id, min(id) AS id FROM entry WHERE kind = 'commitment' AND reverses_id IS NULL
                       GROUP BY commitment_id) f ON f.commitment_id = e.commitment_id
            GROUP BY 1, 2, 3, 4"""
        rows = facts.session.connection().execute(text(query))
        cache["verified_cells"] = {tuple(map(int, row[:4])): tuple(map(int, row[4:])) for row in rows}
    return cache["verified_cells"]


def fold(cells: Cells, kept: tuple[int, ...]) -> Cells:
    """Cells added up over the keys that are not kept."""
    folded: Cells = {}
    for key, sums in cells.items():
        short = tuple(key[i] for i in kept)
        before = folded.get(short)
        folded[short] = sums if before is None else tuple(a + b for a, b in zip(before, sums, strict=True))
    return folded


def _rows(facts: Facts, statement: str) -> MappingResult:
    return facts.session.connection().execute(text(statement)).mappings()
