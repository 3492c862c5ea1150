"""Is every figure of a summary that of the ledger: JSON, document, annex? Cell by cell; see `test_same_figures`."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.web.ledger_oracle import Fact, Facts, between, codes_of, euros, internal, of, persons, shared
from tests.web.surfaces import FOOT, ON_SQLITE, PUBLISHED, ZERO, Surfaces, capital, gross, minus, month_words
from tests.web.told_tables import Cell, ToldRow, ToldTable, book_tables, pdf_rows, plain, told


@ON_SQLITE
def test_summary_tells_the_ledger(surfaces: Surfaces) -> None:
    middle = f"{surfaces.years[-2]}-03"
    for month in (surfaces.last, middle):
        for scope in ("", busiest(surfaces.facts)):
            arguments = ["--scope", scope] if scope else []
            facts = surfaces.command("summary", month, *arguments, "--out", str(surfaces.folder))
            names = [each["name"] for each in facts["files"]]
            pdf, annex = ((surfaces.folder / name).read_bytes() for name in names)
            own = of(surfaces.facts, funder=scope) if scope else surfaces.facts
            without = gross if scope else shared
            assert_facts(facts, own, month, without)
            tables = book_tables(annex)
            assert_annex(tables, own, month, without)
            lines = pdf_rows(pdf)
            assert_document(lines, tables)
            assert_key_figures(lines, periods(own, month), without)
            parameter = f"?perimetre={scope}" if scope else ""
            assert surfaces.file(f"/syntheses/{month}.pdf{parameter}") == pdf


def busiest(facts: Facts) -> str:
    """The funder with most entries, among those who give to another one where some do."""
    giving = {fact.codes["funder"] for fact in internal(facts)}
    found = Counter(fact.codes["funder"] for fact in facts if not giving or fact.codes["funder"] in giving)
    return found.most_common(1)[0][0]


def periods(facts: Facts, month: str) -> dict[str, Facts]:
    """Entries of each period of a summary."""
    earlier = f"{int(month[:4]) - 1}{month[4:]}"
    return {
        "month": between(facts, month, month),
        "month_year_before": between(facts, earlier, earlier),
        "year": between(facts, f"{month[:4]}-01", month),
        "year_before": between(facts, f"{earlier[:4]}-01", earlier),
        "all_time": between(facts, "", month),
        "all_time_year_before": between(facts, "", earlier),
    }


BEFORE = {"month": "month_year_before", "year": "year_before", "all_time": "all_time_year_before"}


def assert_facts(told_facts: dict[str, Any], facts: Facts, month: str, without: Callable[[Facts], Facts]) -> None:
    by_period = periods(facts, month)
    parts = {"sum_of_funders": gross, "shared_total": without}
    for name, how in parts.items():
        for period, sums in told_facts[name].items():
            assert_some(sums, how(by_period[period]), (name, period))
    inner = {period: minus(each, without(each)) for period, each in by_period.items()}
    for period, sums in told_facts["internal_transfers"].items():
        assert_some(sums, inner[period], ("internal", period))
    for funder in told_facts["funders"]:
        for period, sums in funder.items():
            if period in by_period:
                assert_some(sums, of(by_period[period], funder=funder["code"]), (funder["code"], period))
    for axis in ("nature", "territory"):
        items = {each["code"]: each for each in told_facts[axis]["items"]}
        assert set(items) == set(codes_of((*by_period["year"], *by_period["year_before"]), axis))
        for code, item in items.items():
            assert_some(item, without(of(by_period["year"], **{axis: code})), (axis, code))
            assert_some(item["year_before"], without(of(by_period["year_before"], **{axis: code})), (axis, code))
        assert_some(told_facts[axis], without(by_period["year"]), axis)
    assert_some(told_facts["scheme_audience"], without(by_period["year"]), "crossing")
    assert_some(told_facts["flows"], without(by_period["year"]), "flows")
    for each in told_facts["months"]:
        assert_some(each, without(between(facts, each["month"], each["month"])), each["month"])
    assert told_facts["completeness"]["entries"] == len(by_period["month"])


def assert_some(sums: dict[str, Any], facts: Facts, where: object) -> None:
    checked = [measure for measure in ("committed", "paid", "still_to_pay") if measure in sums]
    assert checked
    for measure in checked:
        assert sums[measure] == f"{euros(facts, measure):.2f}", (where, measure)


def assert_annex(tables: dict[str, ToldTable], facts: Facts, month: str, without: Callable[[Facts], Facts]) -> None:
    """Every figure of the workbook."""
    by_period = periods(facts, month)
    assert_key_sheet(tables["Chiffres clés"], by_period, without)
    whole = without is shared
    for name, period in (("Financeurs, mois", "month"), ("Financeurs, année", "year")):
        assert (name in tables) == whole, name
        for row in tables[name].rows if whole else ():
            now, before = (funder_part(row.label, by_period[each], without) for each in (period, BEFORE[period]))
            assert_compared(row, now, before, (name, row.label))
    for row in tables["Depuis l’origine"].rows:
        assert_ever(row, by_period, without)
    for name, axis in (("Nature", "nature"), ("Territoire", "territory"), ("Tous les territoires", "territory")):
        for row in tables[name].rows if name in tables else ():
            parts = [member_part(row.label, by_period[each], axis, without) for each in ("year", "year_before")]
            if not row.label.startswith("Autres "):
                assert_compared(row, parts[0], parts[1], (name, row.label))
    assert_crossed(tables["Dispositif × public"], without(by_period["year"]))
    assert_all_flows(tables["Tous les flux"], without(by_period["year"]))
    assert_months(tables["Douze mois"], without(facts), month)
    for row in tables["Complétude"].rows:
        assert row.cells[2] == len(funder_part(row.label, by_period["month"], without)), row
    summed = ("Nature", "Territoire", "Tous les flux", "Qui finance quoi", "Dispositif × public", "Douze mois")
    for name in summed:
        assert_adds_up(tables[name])
    lines = tables["Lignes"]
    for place, measure in ((-3, "committed"), (-2, "paid"), (-1, "still_to_pay")):
        assert lines.rows[-1].cells[place] == euros(by_period["month"], measure), measure
    assert_adds_up(lines)


def assert_key_sheet(table: ToldTable, by_period: dict[str, Facts], without: Callable[[Facts], Facts]) -> None:
    """Month, year and all time: each now, a year earlier, and the difference."""
    rows = iter(table.rows)
    for period in ("month", "year", "all_time"):
        now, before = key_row(without(by_period[period])), key_row(without(by_period[BEFORE[period]]))
        for expected in (now, before, [this - that for this, that in zip(now, before, strict=True)]):
            assert list(next(rows).cells[1:5]) == expected, period
    assert next(rows, None) is None


def key_row(facts: Facts) -> list[Decimal]:
    """The three sums, then the lines engaged less those whose engagement is annulled."""
    sums = [euros(facts, measure) for measure in ("committed", "paid", "still_to_pay")]
    return [*sums, Decimal(sum(fact.decisions for fact in facts))]


def assert_ever(row: ToldRow, by_period: dict[str, Facts], without: Callable[[Facts], Facts]) -> None:
    facts = funder_part(row.label, by_period["all_time"], without)
    inner = internal(facts)
    sums = [euros(facts, "committed"), euros(inner, "committed"), euros(facts, "paid"), euros(inner, "paid")]
    has_inner = row.label not in ("Transferts internes", FOOT[2])
    expected = [value if has_inner or place % 2 == 0 else None for place, value in enumerate(sums)]
    assert list(row.cells[1:6]) == [*expected, euros(facts, "still_to_pay")], row
    for cell, period in zip(row.cells[6:], ("year", "year_before"), strict=True):
        count = persons(shared(funder_part(row.label, by_period[period], without)))
        assert cell == (None if row.label in (FOOT[0], "Transferts internes") else count) or "masqué" in str(cell), row
        assert not (isinstance(cell, int) and 0 < cell < PUBLISHED), row


def assert_crossed(table: ToldTable, facts: Facts) -> None:
    """Schemes in rows, audiences in columns, their sums at the end of both."""
    columns = [capital(re.sub(r"^Engagé par public, ", "", each)) for each in table.headings[1:-2]]
    named = {capital(fact.labels["audience"]) for fact in facts} & set(columns)
    [gathered] = [name for name in columns if name not in named] or [""]
    for row in table.rows:
        if row.label.startswith("Autres "):
            continue
        part = member_part(row.label, facts, "scheme", gross)
        assert row.cells[-2:] == (euros(part, "committed"), euros(part, "paid")), row
        for name, cell in zip(columns, row.cells[1:-2], strict=True):
            own = [fact for fact in part if name == (audience_of(fact) if audience_of(fact) in named else gathered)]
            assert (cell or ZERO) == euros(own, "committed"), (row.label, name)


def audience_of(fact: Fact) -> str:
    return capital(fact.labels["audience"])


def assert_all_flows(table: ToldTable, facts: Facts) -> None:
    axes = ("funder", "scheme", "audience")
    for row in table.rows[:-1]:
        part = [fact for fact in facts if tuple(plain(fact.labels[axis]) for axis in axes) == row.cells[:3]]
        assert part, row
        assert row.cells[3:] == (euros(part, "committed"), euros(part, "paid")), row
    whole = (euros(facts, "committed"), euros(facts, "paid"))
    assert whole == (table.rows[-1].cells[3:] if table.rows else (ZERO, ZERO))


def assert_months(table: ToldTable, facts: Facts, month: str) -> None:
    """Twelve months that end with `month`, then their sum."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    codes = [f"{each // 12}-{each % 12 + 1:02}" for each in range(number - 11, number + 1)]
    for row, (first, last) in zip(table.rows, [*zip(codes, codes, strict=True), (codes[0], codes[-1])], strict=True):
        assert row.label == (capital(month_words(first)) if first == last else "Total des douze mois")
        now = between(facts, first, last)
        before = between(facts, f"{int(first[:4]) - 1}{first[4:]}", f"{int(last[:4]) - 1}{last[4:]}")
        assert list(row.cells[1:]) == [euros(part, each) for each in ("committed", "paid") for part in (now, before)], (
            row
        )


def funder_part(name: str, facts: Facts, without: Callable[[Facts], Facts]) -> Facts:
    if name == FOOT[0]:
        return facts
    if name == "Transferts internes":
        return minus(facts, without(facts))
    if name == FOOT[2]:
        return without(facts)
    return tuple(fact for fact in facts if plain(fact.labels["funder"]) == name)


def member_part(name: str, facts: Facts, axis: str, without: Callable[[Facts], Facts]) -> Facts:
    kept = facts if name in (FOOT[2], "Total") else tuple(fact for fact in facts if plain(fact.labels[axis]) == name)
    return without(kept)


def assert_compared(row: ToldRow, now: Facts, before: Facts, where: object) -> None:
    expected: list[Decimal] = []
    for measure in ("committed", "paid"):
        this, that = euros(now, measure), euros(before, measure)
        expected += [this, that, this - that]
    assert list(row.cells[1:]) == expected, where


def assert_adds_up(table: ToldTable) -> None:
    for place in range(1, len(table.headings) if table.rows else 0):
        cells = [row.cells[place] for row in table.rows]
        if isinstance(cells[-1], Decimal):
            assert sum((cell or ZERO for cell in cells[:-1]), ZERO) == cells[-1], (table.caption, place)


def assert_document(lines: list[list[Cell]], tables: dict[str, ToldTable]) -> None:
    """Each row of the annex stands in the document, figure by figure, and the document holds no other row of amounts."""
    skipped = {"Lire", "Lignes", "Tous les flux", "Tous les territoires", "Ruptures de revenu", "Complétude"}
    rows = [row.cells for name, table in tables.items() if name not in skipped for row in table.rows]
    figures = Counter(figures_of(cells) for cells in rows)
    found = Counter(figures_of(cells) for cells in lines)
    missing = +(figures - found)
    assert missing == Counter(), missing
    amounts, told_amounts = (
        Counter(each for each in kind.elements() if two_amounts(each)) for kind in (figures, found)
    )
    assert told_amounts == amounts, +(told_amounts - amounts)


def assert_key_figures(lines: list[list[Cell]], by_period: dict[str, Facts], without: Callable[[Facts], Facts]) -> None:
    """The amounts above the first table: the month, what is still to pay, and the month a year earlier."""
    first = next(place for place, line in enumerate(lines) if line[0] == "1. Chiffres clés")
    last = next(place for place, line in enumerate(lines) if str(line[0]).startswith("Chiffres clés, "))
    amounts = re.findall(
        r"[−\d][\d ]*,\d\d(?= €)", " | ".join(str(cell) for line in lines[first:last] for cell in line)
    )
    month, before = without(by_period["month"]), without(by_period["month_year_before"])
    expected = [euros(month, "committed"), euros(month, "paid"), euros(without(by_period["all_time"]), "still_to_pay")]
    expected += [euros(before, measure) for measure in ("committed", "paid")]
    assert Counter(map(told, amounts)) == Counter(expected)


def figures_of(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """From the first figure of a row to its end; a blank reads as nothing."""
    kept = [place for place, cell in enumerate(cells) if place and isinstance(cell, Decimal | int)]
    return tuple(cells[kept[0] :]) if kept else ()


def two_amounts(figures: tuple[Cell, ...]) -> bool:
    return sum(isinstance(cell, Decimal) for cell in figures) > 1
