"""Does the month's summary show every figure on pages that can be read alone, say what it is, and stay the same?"""

import csv
import dataclasses
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pikepdf
import pytest

from conference.documents.grid import Grid, grid_table
from conference.documents.summary import summary_pdf
from conference.documents.summary_content import Gaps
from conference.documents.summary_grids import all_grids
from conference.domain.french import format_euros
from tests.documents.samples import compared, month_summary
from tests.documents.verapdf.validator import Validator


def figures(grids: tuple[Grid, ...]) -> set[str]:
    """Every amount of the tables as it is written in the document."""
    amounts = [cell for grid in grids for row in grid.rows for cell in row.cells if isinstance(cell, Decimal)]
    return {format_euros(each).removesuffix("\u00a0€").replace("\u202f", " ") for each in amounts}


@pytest.mark.parametrize(("funders", "pages"), [(0, 5), (1, 8), (12, 8)])
def test_summary_shows_every_figure_on_a_few_pages(read_text: Callable[[bytes], str], funders: int, pages: int) -> None:
    summary = month_summary(funders)
    text = read_text(summary_pdf(summary))
    assert 3 <= text.count("\f") <= pages
    shown = set(re.findall(r"−?\d{1,3}(?: \d{3})*,\d\d", text))
    assert figures(all_grids(summary)) <= shown


def test_summary_says_what_it_is(read_text: Callable[[bytes], str]) -> None:
    text = " ".join(read_text(summary_pdf(month_summary())).split())
    for words in (
        "Synthèse de mars 2026",
        "Conférence des financeurs de Bretagne",
        "Démonstration – Provisoire",
        "SYN-2026-03",
        "Périmètre : tous les financeurs",
        "Connu le 9 avril 2026 à 16:32",
        "11 financeurs sur 12 ont au moins une écriture comptabilisée en mars 2026",
        "1 243 jours",
        "Mars 2026 n’est pas clôturé",
    ):
        assert words in text


def test_summary_of_one_funder_bears_its_name_and_no_sum(read_text: Callable[[bytes], str]) -> None:
    summary = month_summary(1, scope=("region", "Région Bretagne"))
    text = " ".join(read_text(summary_pdf(summary)).split())
    assert "SYN-2026-03-region" in text
    assert "Périmètre : Région Bretagne seul" in text
    assert "Somme des financeurs" not in text


def test_closed_summary_of_a_real_conference_bears_no_mention(read_text: Callable[[bytes], str]) -> None:
    summary = dataclasses.replace(month_summary(provisional=False, demo=False), precautions=())
    text = read_text(summary_pdf(summary))
    assert "Démonstration" not in text
    assert "rovisoire" not in text
    assert "Aucune précaution particulière." in text


def test_same_figures_same_bytes_and_another_cent_other_bytes() -> None:
    summary = month_summary()
    assert summary_pdf(summary) == summary_pdf(month_summary())
    other = dataclasses.replace(summary, twelve_total=compared(Decimal("0.01")))
    assert summary_pdf(summary) != summary_pdf(other)


@pytest.mark.parametrize("funders", [0, 12, 60])
def test_summary_keeps_both_standards(validator: Validator, funders: int) -> None:
    assert validator.broken_rules(summary_pdf(month_summary(funders))) == []


def test_small_number_of_parcours_hides_its_days_and_euros_too(read_text: Callable[[bytes], str]) -> None:
    hidden = dataclasses.replace(month_summary(), gaps=Gaps(0, 0, None, is_hidden=True), known_on=None)
    content = summary_pdf(hidden)
    text = " ".join(read_text(content).split())
    assert "Parcours concernés < 11 Jours sans revenu non montré Besoin de relais (€) non montré" in text
    assert "Aucune écriture connue" in text
    rows = attached(content, "SYN-2026-03.csv")
    told = {row[1]: row[3] for row in rows if row and row[0] == "Ruptures de revenu en cours"}
    assert set(told.values()) == {"<\u00a011", "non montré"}


def test_need_that_is_not_known_is_to_check_and_no_gap_is_said(read_text: Callable[[bytes], str]) -> None:
    unknown = dataclasses.replace(month_summary(), gaps=Gaps(12, 40, None))
    assert "Besoin de relais (€) à vérifier" in " ".join(read_text(summary_pdf(unknown)).split())
    none = dataclasses.replace(month_summary(), gaps=Gaps(0, 0, Decimal(0)))
    assert "Aucune rupture de revenu connue" in read_text(summary_pdf(none))


@pytest.mark.parametrize(("month", "title"), [(4, "Synthèse d’avril 2026"), (8, "Synthèse d’août 2026"), (5, "de mai")])
def test_title_elides(read_text: Callable[[bytes], str], month: int, title: str) -> None:
    summary = dataclasses.replace(month_summary(1), month=date(2026, month, 1))
    assert title in " ".join(read_text(summary_pdf(summary)).split())


def test_attached_csv_holds_each_figure_of_the_tables() -> None:
    summary = month_summary(2)
    rows = attached(summary_pdf(summary), "SYN-2026-03.csv")
    start = rows.index(["Tableau", "Ligne", "Colonne", "Valeur"]) + 1
    expected = sum(len(row.cells) - 1 for grid in all_grids(summary) for row in grid.rows)
    assert len(rows) - start == expected
    first = summary.by_funder.funders[0].month.now.committed
    caption = "Engagé et payé par financeur, mars\u00a02026, en euros"
    assert [caption, "Région Bretagne", "Engagé, 2026", str(first).replace(".", ",")] in rows


def test_no_heading_is_left_alone_at_the_foot_of_a_page(read_text: Callable[[bytes], str]) -> None:
    for funders in (1, 7, 12, 23, 31):
        for page in read_text(summary_pdf(month_summary(funders))).split("\f")[:-1]:
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            assert not re.match(r"\d+\.(\d+)? \D", lines[-2]), lines[-2]


def test_amounts_of_a_whole_country_are_not_cut(read_text: Callable[[bytes], str]) -> None:
    large = compared(Decimal("9876543210.87"))
    summary = month_summary(3)
    shared = dataclasses.replace(
        summary.by_funder.shared, label="Un financeur au nom particulièrement long, délégation régionale", month=large
    )
    by_funder = dataclasses.replace(summary.by_funder, shared=shared)
    key = dataclasses.replace(summary.key, month=large)
    text = read_text(summary_pdf(dataclasses.replace(summary, by_funder=by_funder, key=key)))
    assert text.count("9 876 543 210,87") == 3
    assert text.count("8 888 888 889,78") == 3


def test_a_grid_is_written_in_french() -> None:
    table = grid_table(all_grids(month_summary())[0])
    assert [column.heading for column in table.columns][-1] == "Décisions"
    assert table.rows[0].cells[:2] == ("Mars\u00a02026", "7\u202f163\u202f207,10")
    assert table.rows[2].cells[-1] == "0"


def attached(content: bytes, name: str) -> list[list[str]]:
    with pikepdf.open(BytesIO(content)) as pdf:
        text = pdf.attachments[name].get_file().read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))
