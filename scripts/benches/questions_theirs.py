"""The alternatives of `questions`: DuckDB or polars over every entry, in memory, with all the cores of the machine.

Each gets what makes it fastest: codes as an ENUM or a Categorical, one table without a join, sums of plain columns.
Loading is not measured; one answer is asked before the measure, so that all of it is warm.
"""

import sys
from collections.abc import Callable
from typing import Any

from warm import QUESTIONS, tell

Answer = Callable[[tuple[str, ...]], list[tuple[Any, ...]]]
LISTS = ("funder", "scheme", "audience", "nature", "level", "territory", "sector")
SUMS = ("committed", "ordered", "paid")


def duckdb_answer(path: str) -> Answer:
    """Ask DuckDB."""
    import duckdb

    connection = duckdb.connect()
    for name in LISTS:
        connection.execute(f"CREATE TYPE {name}_code AS ENUM (SELECT DISTINCT {name} FROM '{path}' ORDER BY 1)")
    codes = ", ".join(f"{name}::{name}_code AS {name}" for name in LISTS)
    connection.execute(f"CREATE TABLE entries AS SELECT * REPLACE ({codes}) FROM '{path}'")
    sums = [f"sum({name})::BIGINT" for name in SUMS] + ["count(*)"]
    sums += [f"coalesce(sum({name}) FILTER (WHERE internal), 0)::BIGINT" for name in SUMS]
    sums += ["count(*) FILTER (WHERE internal)"]

    def answer(axes: tuple[str, ...]) -> list[tuple[Any, ...]]:
        keys = ", ".join(axes)
        return connection.execute(
            f"SELECT {keys}, {', '.join(sums)} FROM entries GROUP BY {keys} ORDER BY {keys}"
        ).fetchall()

    return answer


def polars_answer(path: str) -> Answer:
    """Ask polars."""
    import polars

    frame = polars.read_parquet(path).with_columns(polars.col(LISTS).cast(polars.Categorical))
    internal = polars.col("internal")
    sums = [polars.col(name).sum() for name in SUMS] + [polars.len().alias("entries")]
    sums += [polars.col(name).filter(internal).sum().alias(f"internal_{name}") for name in SUMS]
    sums += [internal.sum().alias("internal_entries")]

    def answer(axes: tuple[str, ...]) -> list[tuple[Any, ...]]:
        return frame.lazy().group_by(axes).agg(sums).sort(axes).collect().rows()

    return answer


def main(engine: str, path: str, repeat: str) -> None:
    """Answer every question `repeat` times, tell how long and what."""
    answer = {"duckdb": duckdb_answer, "polars": polars_answer}[engine](path)
    tell({name: lambda axes=axes: answer(axes) for name, axes in QUESTIONS.items()}, int(repeat))


if __name__ == "__main__":
    main(*sys.argv[1:])
