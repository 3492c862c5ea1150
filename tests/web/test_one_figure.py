"""Is one file's total the same wherever it is read: command, list, dashboard, totals, PDF?

On a small file of ours, and on the published example of the format where it is present.
"""

import re
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.domain.french import format_euros
from conference.services.summaries import summary_files
from tests.machine import lacking
from tests.seeds import make_world, sign_in_token
from tests.services.scdl_files import scdl
from tests.services.sending import send
from tests.web.page_client import PageClient

EXAMPLE = Path(__file__).parents[3] / "shared" / "data" / "scdl-exemple-valide-2.1.1.csv"
OURS = scdl(
    {"referenceDecision": "A", "montant": "1234567.89", "dateConvention": "2013-10-04"},
    {"referenceDecision": "B", "montant": "0.01", "dateConvention": "2026-03-31"},
    {"referenceDecision": "C", "montant": "98765.43", "nomAttribuant": "AUTRE VILLE", "idAttribuant": ""},
)


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize("source", ["ours", "example"])
def test_the_total_of_a_file_is_the_same_everywhere(
    app: Flask, database: Database, tmp_path: Path, source: str
) -> None:
    if source == "example" and not EXAMPLE.exists():
        pytest.skip("the published example is not beside the checkout")
    content, rows, expected = (
        (OURS, 3, Decimal("1333333.33")) if source == "ours" else (EXAMPLE.read_bytes(), 29, Decimal("2821393.50"))
    )
    world = make_world(database)
    outcome = send(database, content)
    assert outcome.counts() == (rows, 0, 0, [], expected)
    with database.reading() as session:
        for by in (["funder"], ["month"], ["year", "scheme"], ["funder", "month", "territory"]):
            assert totals(session, by).shared_total.committed == expected, by
        pdf = next(iter(summary_files(session, date(2026, 4, 1), threshold=11).items()))
    written = format_euros(expected)
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors["coordinator"]))
    assert plain(written) in plain(client.get("/tableau-de-bord?annee=toutes").text)
    listed = plain(client.get("/engagements").text)
    assert plain(written).removesuffix(" €") in listed
    assert f"{rows} lignes" in listed
    (tmp_path / pdf[0]).write_bytes(pdf[1])
    assert plain(written).removesuffix(" €") in plain(_text(tmp_path / pdf[0]))


def _text(path: Path) -> str:
    try:
        return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        lacking("pdftotext")
