"""Measures of the dashboard and of the summary, on generated ledgers.

`questions`: the six questions of the dashboard against DuckDB and polars over every entry. `pages`: the dashboard and the
list at the server, through the whole application. `summary`: the month's PDF from the ledger against WeasyPrint that prints
the same tables (it is given them ready, and draws no chart) as PDF/UA.
"""

import os
import subprocess
import sys
from pathlib import Path

from warm_measuring import WarmMeasure, WarmSide

HERE = Path(__file__).parent
SMALL, MIDDLE, LARGE = 100_000, 1_000_000, 10_000_000


def measures(folder: Path, scale: float, other_python: str, *, large: bool) -> list[WarmMeasure]:
    """The measures, on instances kept in `folder`; `other_python` has the alternatives' libraries."""
    ledgers = _Ledgers(folder, other_python)
    sizes = [int(size * scale) for size in (SMALL, MIDDLE, *([LARGE] if large else []))]
    million = [int(MIDDLE * scale)]
    return [
        WarmMeasure(
            "questions",
            "six questions of the dashboard, sums to the cent",
            "20 times faster at 1,000,000 entries, 200 at 10,000,000; growth at most 1.3",
            sizes,
            ledgers.questions,
        ),
        WarmMeasure(
            "pages",
            "pages at the server, for an officer who is signed in",
            "50 ms",
            million,
            ledgers.pages,
        ),
        WarmMeasure(
            "summary",
            "a month's summary, tagged PDF",
            "10 times faster than WeasyPrint",
            million,
            ledgers.summary,
        ),
    ]


class _Ledgers:
    """Generated instances by size, made when they are first needed and then kept."""

    def __init__(self, folder: Path, other_python: str) -> None:
        self._folder, self._other = folder, other_python

    def _instance(self, size: int) -> dict[str, str]:
        environment = {"CONFERENCE_INSTANCE": str(self._folder / f"ledger-{size}")}
        done = self._folder / f"ledger-{size}.done"
        if not done.exists():
            print(f"generating {size:,} entries", file=sys.stderr, flush=True)
            for words in (["init", "--json"], ["generate", "--entries", str(size)]):
                command = [sys.executable, "-m", "conference.cli", *words]
                quiet = subprocess.DEVNULL
                subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=quiet, stderr=quiet)
            done.touch()
        return environment

    def questions(self, size: int) -> list[WarmSide]:
        """Ours, DuckDB, polars."""
        environment = self._instance(size)
        database, table = (
            self._folder / f"ledger-{size}" / "conference.sqlite",
            self._folder / f"entries-{size}.parquet",
        )
        subprocess.run([self._other, str(HERE / "exporting.py"), str(database), str(table)], check=True)
        theirs = str(HERE / "questions_theirs.py")
        return [
            WarmSide("ours", [sys.executable, str(HERE / "questions_ours.py"), "51"], environment),
            WarmSide("DuckDB", [self._other, theirs, "duckdb", str(table), "11"], {}),
            WarmSide("polars", [self._other, theirs, "polars", str(table), "11"], {}),
        ]

    def pages(self, size: int) -> list[WarmSide]:
        """Ours alone."""
        return [WarmSide("server", [sys.executable, str(HERE / "pages.py"), "41"], self._instance(size))]

    def summary(self, size: int) -> list[WarmSide]:
        """Ours, WeasyPrint."""
        environment, page = self._instance(size), str(self._folder / f"summary-{size}.html")
        ours = [sys.executable, str(HERE / "summary_ours.py"), page]
        subprocess.run(ours, env={**os.environ, **environment}, check=True)
        return [
            WarmSide("ours", [*ours, "9"], environment),
            WarmSide("WeasyPrint", [self._other, str(HERE / "summary_weasyprint.py"), page, "5"], {}),
        ]
