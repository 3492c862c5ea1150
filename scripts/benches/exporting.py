"""Which table do DuckDB and polars get? The entries of an instance with the codes of their dimensions, as one Parquet file.

Signed cents are already told apart by what they count for (committed, ordered, paid), so that the alternatives only have
to sum: making this table is not measured. Run by the Python of the bench, which does not know the project.
"""

import sqlite3
import sys
from pathlib import Path

import polars

LISTS = ("scheme", "audience", "nature", "level", "territory", "sector")
CHUNK = 500_000
ENTRIES = """
SELECT e.booked_month, e.booked_month / 100, e.funder_id, e.to_funder_id IS NOT NULL, c.dimension_set_id,
  CASE e.kind WHEN 'commitment' THEN e.amount WHEN 'release' THEN -e.amount ELSE 0 END,
  CASE e.kind WHEN 'order' THEN e.amount ELSE 0 END,
  CASE e.kind WHEN 'payment' THEN e.amount WHEN 'repayment' THEN -e.amount ELSE 0 END
FROM entry e JOIN commitment c ON c.id = e.commitment_id
"""
NAMES = ("month", "year", "funder", "internal", "set", "committed", "ordered", "paid")
SETS = f"SELECT d.id, {', '.join(f'{name}.code' for name in LISTS)} FROM dimension_set d " + " ".join(
    f"JOIN {name} ON {name}.id = d.{name}_id" for name in LISTS
)


def export(source: str, target: str) -> None:
    """Write the entries of the SQLite file `source` to `target`, once."""
    if Path(target).exists():
        return
    connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    funders = dict(connection.execute("SELECT id, code FROM organisation WHERE is_funder"))
    sets = {row[0]: row[1:] for row in connection.execute(SETS)}
    cursor = connection.execute(ENTRIES)
    frames = []
    while rows := cursor.fetchmany(CHUNK):
        frames.append(_frame(rows, funders, sets))
    polars.concat(frames).write_parquet(target)


def _frame(rows: list[tuple[int, ...]], funders: dict[int, str], sets: dict[int, tuple[str, ...]]) -> polars.DataFrame:
    frame = polars.DataFrame(rows, schema=dict.fromkeys(NAMES, polars.Int64), orient="row")
    codes = [
        polars.col("set").replace_strict({each: known[place] for each, known in sets.items()}).alias(name)
        for place, name in enumerate(LISTS)
    ]
    small = [polars.col("month", "year").cast(polars.Int32), polars.col("internal").cast(polars.Boolean)]
    return frame.with_columns(polars.col("funder").replace_strict(funders), *small, *codes).drop("set")


if __name__ == "__main__":
    export(*sys.argv[1:])
