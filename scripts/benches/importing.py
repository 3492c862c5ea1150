"""Measures of the import.

`import_csv`: a file of a million grants, end to end as the command line does it (recognised, read, checked, planned, written
with balances and rollups, journal), against `csv` + `sqlite3.executemany` into the same tables with the same indexes and
nothing else. `read_xlsx`: a workbook of a hundred thousand rows by our reader (a child process with a limit on its memory)
against openpyxl's read-only mode.
"""

import json
from pathlib import Path
from random import Random

from measuring import Measure, Side

HERE = Path(__file__).parent
COLUMNS = (
    "nomAttribuant idAttribuant dateConvention referenceDecision nomBeneficiaire idBeneficiaire rnaBeneficiaire objet montant "
    "nature conditionsVersement datesPeriodeVersement idRAE notificationUE pourcentageSubvention dispositifAide"
).split()
CSV_ROWS, XLSX_ROWS = 1_000_000, 100_000


def measures(folder: Path, scale: float) -> list[Measure]:
    """The measures of the import, on files made in `folder`."""
    csv_rows, xlsx_rows = int(CSV_ROWS * scale), int(XLSX_ROWS * scale)
    source, book = folder / "grants.csv", folder / "grants.xlsx"
    return [
        Measure(
            "import_csv",
            f"{csv_rows:,} CSV rows, file to ledger",
            "at most 2, ours under 200 MB",
            lambda: write_csv(source, csv_rows),
            Side(
                "conference import",
                ["-m", "conference.cli", "import", str(source), "--json"],
                {"CONFERENCE_INSTANCE": str(folder / "ours")},
                lambda: _fresh(folder / "ours"),
                lambda printed: json.loads(printed)["accepted_amount"],
            ),
            Side(
                "csv + sqlite3.executemany, same tables",
                [str(HERE / "plain_import.py"), str(source), str(folder / "theirs" / "conference.sqlite")],
                {},
                lambda: _fresh(folder / "theirs"),
                str.strip,
            ),
        ),
        Measure(
            "read_xlsx",
            f"{xlsx_rows:,} XLSX rows read",
            "below 1",
            lambda: write_xlsx(book, xlsx_rows),
            Side("documents.reading", [str(HERE / "read_ours.py"), str(book)], {}, lambda: None, str.strip),
            Side("openpyxl read_only", [str(HERE / "read_openpyxl.py"), str(book)], {}, lambda: None, str.strip),
        ),
    ]


def _fresh(folder: Path) -> None:
    """An empty instance in `folder`, as `conference init` makes it."""
    import os
    import shutil
    import subprocess
    import sys

    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "conference.cli", "init", "--json"]
    environment = {**os.environ, "CONFERENCE_INSTANCE": str(folder)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def write_csv(path: Path, rows: int) -> None:
    """A well-formed SCDL file: one funder, two thousand receivers, amounts to the cent."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\r\n")
        for row in grants(rows):
            file.write(",".join(row) + "\r\n")


def write_xlsx(path: Path, rows: int) -> None:
    """The same table as a workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        for number, row in enumerate(grants(rows), start=1):
            for column, cell in enumerate(row):
                if COLUMNS[column] == "montant":
                    sheet.write_number(number, column, float(cell))
                else:
                    sheet.write_string(number, column, cell)


def grants(rows: int):  # noqa: ANN201  (an iterator of lists of text)
    """Rows of a table of grants, the same at each run."""
    random = Random(2026)
    receivers = [(f"ORGANISME {i}", _siret(random)) for i in range(2000)]
    for i in range(rows):
        year, (name, siret) = 2021 + i % 5, receivers[random.randrange(2000)]
        yield [
            "REGION EXEMPLE",
            "23350001600040",
            f"{year}-{1 + i % 12:02d}-{1 + i % 28:02d}",
            f"{year}-{i % 500:04d}",
            name,
            siret,
            "",
            f"Formation qualifiante du groupe {i % 977} session {i}",
            f"{random.randrange(100, 5_000_000) / 100:.2f}",
            "aide en numéraire",
            "échelonné",
            f"{year}-01-15/{year}-12-31",
            "",
            "non",
            "1",
            "",
        ]


def _siret(random: Random) -> str:
    stem = "".join(str(random.randrange(10)) for _ in range(13))
    doubled = [int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(stem + "0"))]
    return stem + str(-sum(each - 9 if each > 9 else each for each in doubled) % 10)
