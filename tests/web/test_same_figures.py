"""Is every figure the same wherever it is read: the files themselves, the command, the list, the exports?

With the dashboard (`test_same_dashboard`) and the summary (`test_same_summary`), each cell is compared with the entries of
the ledger added up one by one: a column that nobody checks fails the test. On a ledger of our own with what goes wrong in
files and what people do, and on the public files where they stand beside the repository.
"""

import re
from collections import Counter
from decimal import Decimal

from conference.data.session import Database
from tests.web.ledger_oracle import Facts, codes_of, euros, internal, of, read_facts, shared
from tests.web.odd_ledger import odd_ledger, public_ledger
from tests.web.surfaces import ON_SQLITE, PUBLISHED, WORDS, ZERO, Surfaces, listed, selections
from tests.web.told_tables import Cell, ToldTable, book_tables, csv_table, page_tables, plain

RATIOS = ("Part", "Évolution")


def test_ledger_holds_what_the_files_add_up_to(database: Database, source: str) -> None:
    if source == "public":
        _, accepted = public_ledger(database)
        facts = read_facts(database)
        assert euros(facts, "committed") == accepted == Decimal("81143765.51")
        return
    _, sums = odd_ledger(database)
    facts = read_facts(database)
    found = Counter[tuple[str, str]]()
    for fact in facts:
        if fact.kind == "commitment" and (fact.labels["funder"], fact.month) in sums:
            found[fact.labels["funder"], fact.month] += fact.cents
    for year in ("2024", "2025", "2026"):  # what was typed beside the files
        found["Région Exemple", f"{year}-02"] -= 70000_10
        found["OPCO Exemple", f"{year}-03"] -= 65000_05
    assert +found == sums


def test_command_tells_the_ledger(surfaces: Surfaces) -> None:
    for axis in WORDS:
        for year in (None, *surfaces.years):
            facts = surfaces.facts if year is None else of(surfaces.facts, year=year)
            answer = surfaces.command("totals", "--by", axis, *(["--year", year] if year else []))
            rows = {row[axis] if axis != "year" else str(row[axis]): row for row in answer["rows"]}
            assert set(rows) == set(codes_of(facts, axis))
            for code, row in rows.items():
                assert_sums(row, of(facts, **{axis: code}))
            assert_sums(answer["sum_of_funders"], facts)
            assert_sums(answer["internal_transfers"], internal(facts))
            assert_sums(answer["total"], shared(facts))


def assert_sums(told_sums: dict[str, str], facts: Facts) -> None:
    for measure in ("committed", "paid", "still_to_pay"):
        assert told_sums[measure] == f"{euros(facts, measure):.2f}", measure


def test_list_tells_the_ledger(surfaces: Surfaces) -> None:
    for year in (None, *surfaces.years):
        facts = surfaces.facts if year is None else of(surfaces.facts, year=year)
        words = f"?annee={year}" if year else ""
        assert listed(surfaces, f"/engagements{words}") == sums_of(facts)
        for read, ending in ((csv_table, "csv"), (lambda content: next(iter(book_tables(content).values())), "xlsx")):
            table = read(surfaces.file(f"/engagements/export.{ending}{words}"))
            for axis, heading in (("funder", "Financeur"), ("scheme", "Dispositif"), ("territory", "Territoire")):
                found: dict[str, Decimal] = {}
                for row in table.rows[:-1]:
                    name = table.column(row, heading)
                    found[name] = found.get(name, ZERO) + table.column(row, "Engagé")
                names = codes_of(facts, axis)
                assert found == {plain(names[code]): euros(of(facts, **{axis: code}), "committed") for code in names}


def sums_of(facts: Facts) -> dict[str, Decimal]:
    """What a list says of a selection: its own sums, then those without internal transfers."""
    return {measure: euros(facts, measure) for measure in ("committed", "paid", "still_to_pay")} | {
        f"shared_{measure}": euros(shared(facts), measure) for measure in ("committed", "paid", "still_to_pay")
    }


@ON_SQLITE
def test_exports_tell_the_page(surfaces: Surfaces) -> None:
    for words, *_ in list(selections(surfaces))[:2]:
        for path in ("", *(f"/par/{word}" for word in WORDS.values()), "/flux", "/croiser"):
            html = surfaces.page(f"/tableau-de-bord{path}?{words}")
            links = re.findall(r'href="(/tableau-de-bord/export\.[^"]+)"', html)
            tables = page_tables(html)
            assert len(links) == 2 * len(tables)
            for table, pair in zip(tables, zip(links[::2], links[1::2], strict=True), strict=True):
                book, text = (surfaces.file(link.replace("&amp;", "&")) for link in pair)
                for exported in (next(iter(book_tables(book).values())), csv_table(text)):
                    assert_exported(exported, table)


def assert_exported(exported: ToldTable, table: ToldTable) -> None:
    """Row by row what the page shows; a page that gathers its smallest members has their sums."""
    gathers = any(each.startswith("Autres (") for each in (*table.headings, *(row.label for row in table.rows)))
    assert exported.caption == table.caption
    if gathers:
        assert_same(table.headings[-1:], table.rows[-1].cells[-1:], exported.rows[-1].cells[-1:], table.caption)
        return
    assert exported.headings == table.headings
    for row, other in zip(table.rows, exported.rows, strict=True):
        assert_same(table.headings, row.cells, other.cells, (table.caption, row.label))


def assert_same(headings: tuple[str, ...], shown: tuple[Cell, ...], exported: tuple[Cell, ...], where: object) -> None:
    for heading, cell, other in zip(headings, shown, exported, strict=True):
        if heading == "Personnes prévues":  # published: hidden under a higher threshold, and so is what would tell it
            assert other == cell or "protégé" in str(other), (where, heading)
            assert not (isinstance(other, int) and other and other < PUBLISHED), (where, heading)
            continue
        if heading in RATIOS and cell is not None:  # a ratio, which a file writes as a spreadsheet reads it
            cell = str(cell).lstrip("+").replace("\u2212", "-").replace(" ", "")
            assert re.fullmatch(r"-?\d+,\d%", cell), (where, heading)
            assert other == cell, (where, heading, other)
            continue
        assert other == cell or str(other) == str(cell), (where, heading, cell, other)
