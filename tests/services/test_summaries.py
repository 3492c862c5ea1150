"""Does the summary of a month tell the figures of the ledger to the cent, in its document, its annex and its JSON?"""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from conference.data.queries.totals import Selection, totals
from conference.data.session import Database
from conference.documents.grid import Grid
from conference.documents.summary_grids import all_grids, annex_grids
from conference.domain.french import format_euros
from conference.domain.ledger import EntrySource
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import NotFound
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment, reverse_entry
from conference.services.months import close_month
from conference.services.summaries import MadeSummary, made_summary
from tests.seeds import AT, World, commit, make_world

MARCH = date(2026, 3, 1)
LATER = datetime(2026, 5, 2, 9, 30, tzinfo=UTC)
FORMULA = "=1+1"


@pytest.fixture
def world(database: Database) -> World:
    """Two years of three funders: a transfer, a payment, several schemes and audiences, many persons but one decision."""
    made = make_world(database)
    with database.writing() as session:
        commit(session, made, "region", "1000.00", to_funder_id=made["opco"], persons=25)
        commit(session, made, "region", "2500.55", persons=40, object=FORMULA, dimensions=Dimensions(scheme=3))
        commit(session, made, "region", "777.01", date(2026, 1, 12), dimensions=Dimensions(scheme=2, audience=3))
        commit(session, made, "region", "900.00", date(2025, 3, 4), persons=12)
        spent = commit(session, made, "opco", "1000.00", persons=3, dimensions=Dimensions(territory=2))
        record_payment(
            session,
            spent,
            amount=Decimal("412.34"),
            paid_on=date(2026, 3, 9),
            by=made.actors["opco"],
            at=LATER,
            source=EntrySource.FORM,
        )
        commit(session, made, "france_travail", "500.00", date(2016, 11, 3))
        commit(session, made, "france_travail", "60.07", date(2026, 4, 3), persons=50)
    return made


def made(database: Database, **options: Any) -> MadeSummary:
    with database.reading() as session:
        return made_summary(session, MARCH, **{"threshold": 11, "by": CONSOLE, **options})


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def annex(made: MadeSummary) -> dict[str, list[tuple[Any, ...]]]:
    return sheets(next(content for name, content in made.files.items() if name.endswith("-annexe.xlsx")))


def pdf_text(made: MadeSummary) -> str:
    content = made.files[f"{made.summary.reference}.pdf"]
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, check=True, capture_output=True)
    return " ".join(done.stdout.decode().split())


def amounts(grids: tuple[Grid, ...]) -> Iterator[Decimal]:
    for grid in grids:
        for row in grid.rows:
            yield from (cell for cell in row.cells if isinstance(cell, Decimal))


def test_every_total_is_that_of_the_ledger(database: Database, world: World) -> None:
    told = made(database).facts()
    periods = {
        "month": Selection(first_month=MARCH, last_month=MARCH),
        "year": Selection(first_month=date(2026, 1, 1), last_month=MARCH),
        "month_year_before": Selection(first_month=date(2025, 3, 1), last_month=date(2025, 3, 1)),
        "year_before": Selection(first_month=date(2025, 1, 1), last_month=date(2025, 3, 1)),
        "all_time": Selection(last_month=MARCH),
    }
    for period, selection in periods.items():
        with database.reading() as session:
            found = totals(session, ("funder",), selection)
        sums = {
            "shared_total": found.shared_total,
            "sum_of_funders": found.sum_of_funders,
            "internal_transfers": found.internal_transfers,
        }
        for name, balance in sums.items():
            for measure in told[name][period]:
                assert told[name][period][measure] == f"{getattr(balance, measure):.2f}", (name, period, measure)
        by_code = {row.key[0]: row.gross for row in found.rows}
        for funder in told["funders"]:
            expected = by_code.get(funder["code"])
            assert Decimal(funder[period]["committed"]) == (expected.committed if expected else 0)
    assert told["shared_total"]["year"] == {"committed": "4277.56", "paid": "412.34", "still_to_pay": "3865.22"}
    assert told["internal_transfers"]["month"] == {"committed": "1000.00", "paid": "0.00"}


def test_document_annex_and_json_hold_the_same_amounts(database: Database, world: World) -> None:
    found = made(database)
    text = pdf_text(found)
    for amount in amounts(all_grids(found.summary)):
        shown = " ".join(format_euros(amount).removesuffix("\u00a0€").split())
        assert shown in text, shown
    pages = annex(found)
    for grid in annex_grids(found.summary):
        rows = [row for row in pages[grid.name] if row[0] is not None]
        for told in grid.rows:
            cells = tuple(None if cell == "" else cell for cell in told.cells)
            numbers = [tuple(_plain(cell) for cell in row) for row in rows]
            assert tuple(_plain(cell) for cell in cells) in numbers, (grid.name, told)
    for amount in re.findall(r"'(-?\d+\.\d\d)'", str(found.facts())):
        shown = " ".join(format_euros(Decimal(amount)).removesuffix("\u00a0€").split())
        assert shown in text, amount


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    return Decimal(str(cell)).quantize(Decimal("0.01")) if isinstance(cell, int | float | Decimal) else cell


def test_every_table_adds_up_to_the_shared_total(database: Database, world: World) -> None:
    summary = made(database).summary
    year = summary.key.year
    assert year.now.committed == Decimal("4277.56")
    for found in (summary.by_nature, summary.by_territory):
        assert (
            sum(each.year.now.committed for each in found.members)
            == year.now.committed
            == found.total.year.now.committed
        )
        assert sum(each.year.before.paid for each in found.all) == year.before.paid
    rows = summary.crossing.rows
    assert sum(row.total for row in rows) == summary.crossing.total.total == year.now.committed
    assert sum(summary.crossing.total.committed) == year.now.committed
    assert sum(each.committed for each in summary.flows.all) == year.now.committed
    assert sum(each.paid for each in summary.flows.listed) == year.now.paid == summary.flows.total.paid
    assert sum(each.compared.now.committed for each in summary.twelve_months) == summary.twelve_total.now.committed


@pytest.mark.parametrize("scope", [None, "region"])
def test_lines_of_the_annex_add_up_to_the_month_by_funder(database: Database, world: World, scope: str | None) -> None:
    found = made(database, scope=scope)
    rows = annex(found)["Lignes"]
    head = next(rank for rank, row in enumerate(rows) if "Financeur" in row)
    place = {name: rank for rank, name in enumerate(rows[head])}
    sums: dict[str, list[Decimal]] = {}
    for row in rows[head + 1 : -1]:
        funder = sums.setdefault(row[place["Financeur"]], [Decimal(0), Decimal(0)])
        for rank, name in enumerate(("Engagé du mois (€)", "Payé du mois (€)")):
            funder[rank] += Decimal(str(row[place[name]])).quantize(Decimal("0.01"))
    expected = {
        each.label: [each.month.now.committed, each.month.now.paid]
        for each in found.summary.by_funder.funders
        if each.month.now.entries
    }
    assert sums == expected
    assert expected["Région Exemple"][0] == Decimal("3500.55")
    total = [sum(funder[rank] for funder in sums.values()) for rank in (0, 1)]
    assert [rows[-1][place[name]] for name in ("Engagé du mois (€)", "Payé du mois (€)")] == [
        float(each) for each in total
    ]


def test_lines_show_to_each_what_the_matrix_grants(database: Database, world: World) -> None:
    """(who, scope) → sees the Région's object, sees the lines."""
    cases = {
        ("region", None): (True, True),
        ("region", "region"): (True, True),
        ("region", "opco"): (False, True),
        ("opco", None): (False, True),
        ("opco", "region"): (False, True),
        ("coordinator", None): (False, True),
        ("admin", "region"): (False, True),
        ("reader", None): (False, False),
        ("reader", "region"): (False, False),
        ("console", None): (False, True),
        ("console", "region"): (True, True),
    }
    for (who, scope), (whole, lines) in cases.items():
        actor = CONSOLE if who == "console" else world.actors[who]
        pages = annex(made(database, scope=scope, by=actor))
        told = str(pages)
        assert (FORMULA in told, "Lignes" in pages) == (whole, lines), (who, scope)
        if lines and (who, scope) not in (("opco", None), ("region", None)) and not whole:
            assert "Objet" not in str(pages["Lignes"]), (who, scope)
            assert "Personnes" not in str(pages["Lignes"]), (who, scope)
        if scope == "opco":
            assert "Région Exemple" not in str(pages["Lignes"])


def test_formulas_stay_texts(database: Database, world: World) -> None:
    found = made(database, scope="region")
    book = openpyxl.load_workbook(BytesIO(found.files["SYN-2026-03-region-annexe.xlsx"]))
    cells = [cell for row in book["Lignes"].iter_rows() for cell in row if cell.value == FORMULA]
    assert [cell.data_type for cell in cells] == ["s"]


def test_scope_of_one_funder_counts_that_funder_alone(database: Database, world: World) -> None:
    told = made(database, scope="opco").facts()
    assert (told["scope"], told["reference"]) == ("opco", "SYN-2026-03-opco")
    assert told["shared_total"]["all_time"] == {"committed": "1000.00", "paid": "412.34", "still_to_pay": "587.66"}
    assert [each["name"] for each in told["files"]] == ["SYN-2026-03-opco.pdf", "SYN-2026-03-opco-annexe.xlsx"]
    with pytest.raises(NotFound):
        made(database, scope="inconnu")
    with pytest.raises(NotFound):
        made(database, scope="centre")


def test_it_is_known_when_its_last_entry_was_learnt(database: Database, world: World) -> None:
    assert made(database).summary.known_on == LATER
    assert made(database, scope="region").summary.known_on == AT
    with database.reading() as session:
        assert made_summary(session, date(2015, 1, 1), threshold=11).summary.known_on is None


def test_same_ledger_same_bytes_and_an_entry_of_the_month_changes_them(database: Database, world: World) -> None:
    first = made(database).files
    assert made(database).files == first
    with database.writing() as session:
        commit(session, world, "france_travail", "10.00", date(2026, 4, 20))
    assert made(database).files == first, "an entry of a later month is not in it"
    with database.writing() as session:
        commit(session, world, "france_travail", "10.00", date(2026, 3, 20))
    assert all(made(database).files[name] != content for name, content in first.items())


def test_provisional_until_the_month_is_closed(database: Database, world: World) -> None:
    assert "Provisoire" in pdf_text(made(database))
    with database.writing() as session:
        close_month(session, month=MARCH, by=CONSOLE, at=LATER)
    closed = made(database)
    assert closed.facts()["provisional"] is False
    assert "Démonstration" not in pdf_text(closed)
    assert "Mois clôturé" in str(annex(closed)["Lire"])


def test_what_is_annulled_leaves_its_month(database: Database, world: World) -> None:
    with database.writing() as session:
        wrong = commit(session, world, "region", "333.33", date(2026, 3, 5), persons=20)
        entry = session.connection().exec_driver_sql(f"SELECT id FROM entry WHERE commitment_id = {wrong}").scalar_one()
    before = made(database).summary.key.month.now
    with database.writing() as session:
        reverse_entry(session, entry, motive="Erreur de saisie", by=world.actors["region"], at=LATER)
    after = made(database).summary.key.month.now
    assert (before.committed - after.committed, before.persons - after.persons) == (Decimal("333.33"), 20)


def test_completeness_tells_the_last_day_of_who_is_silent(database: Database, world: World) -> None:
    told = {each.label: each for each in made(database).summary.sent}
    assert list(told) == ["France Travail", "OPCO Exemple", "Région Exemple"]
    silent, opco = told["France Travail"], told["OPCO Exemple"]
    assert (silent.entries, silent.last_on, silent.last_recorded_at) == (0, date(2016, 11, 3), AT)
    assert (opco.entries, opco.last_on, opco.last_recorded_at) == (2, date(2026, 3, 9), LATER)
    assert "2 financeurs sur 3 ont au moins une écriture" in pdf_text(made(database))
