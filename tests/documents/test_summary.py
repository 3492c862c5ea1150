"""Does the month's summary hold every figure on one page, say what it is, and stay the same?"""

import csv
import dataclasses
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pikepdf
import pytest

from conference.documents.summary import Amounts, GapFigures, MonthSummary, SummaryLine, summary_pdf
from conference.domain.french import format_euros
from tests.documents.samples import month_summary
from tests.documents.verapdf.validator import Validator


def figures(summary: MonthSummary) -> list[str]:
    """Every amount that the page must show, as it is written there."""
    lines = (*summary.lines, summary.sum_of_funders, summary.internal_transfers, summary.shared_total)
    amounts = [each for line in lines for each in (line.month, line.year, line.all_time)]
    euros = [euro for each in amounts for euro in (each.committed, each.paid, each.still_to_pay)]
    euros += [euro for _, committed, paid in summary.twelve_months for euro in (committed, paid)]
    return [format_euros(euro).removesuffix("\u00a0€").replace("\u202f", " ") for euro in euros]


@pytest.mark.parametrize("funders", [0, 1, 12])
def test_summary_is_one_page_and_shows_every_figure(read_text: Callable[[bytes], str], funders: int) -> None:
    summary = month_summary(funders)
    text = read_text(summary_pdf(summary))
    assert text.count("\f") == 1
    shown = set(re.findall(r"−?\d{1,3}(?: \d{3})*,\d\d", text))
    assert set(figures(summary)) <= shown
    assert "38 457,20" in shown


def test_summary_says_what_it_is(read_text: Callable[[bytes], str]) -> None:
    text = " ".join(read_text(summary_pdf(month_summary())).split())
    for words in (
        "Synthèse de mars 2026",
        "Conférence des financeurs de Bretagne",
        "Démonstration – Provisoire",
        "SYN-2026-03",
        "Connu le 9 avril 2026 à 16:32",
        "Parcours concernés : 37. Sans revenu : 1 243 jours.",
        "11 financeurs sur 12 ont envoyé leurs chiffres",
    ):
        assert words in text


def test_closed_summary_of_a_real_conference_bears_no_mention(read_text: Callable[[bytes], str]) -> None:
    text = read_text(summary_pdf(month_summary(provisional=False, demo=False)))
    assert "Démonstration" not in text
    assert "rovisoire" not in text


def test_same_figures_same_bytes_and_another_cent_other_bytes() -> None:
    summary = month_summary()
    assert summary_pdf(summary) == summary_pdf(month_summary())
    total = dataclasses.replace(summary.shared_total, label="Total commun.")
    assert summary_pdf(summary) != summary_pdf(dataclasses.replace(summary, shared_total=total))


@pytest.mark.parametrize("funders", [0, 12, 60])
def test_summary_keeps_both_standards(validator: Validator, funders: int) -> None:
    assert validator.broken_rules(summary_pdf(month_summary(funders))) == []


def test_count_under_the_threshold_is_masked_and_unknown_need_is_to_check(read_text: Callable[[bytes], str]) -> None:
    masked = dataclasses.replace(month_summary(), gaps=GapFigures(None, 1, None), known_on=None)
    text = " ".join(read_text(summary_pdf(masked)).split())
    assert "Parcours concernés : moins de 5. Sans revenu : 1 jour. Besoin de relais : montant à vérifier." in text
    assert "Aucune écriture connue" in text


@pytest.mark.parametrize(("month", "title"), [(4, "Synthèse d’avril 2026"), (8, "Synthèse d’août 2026"), (5, "de mai")])
def test_title_elides(read_text: Callable[[bytes], str], month: int, title: str) -> None:
    summary = dataclasses.replace(month_summary(1), month=date(2026, month, 1))
    assert title in " ".join(read_text(summary_pdf(summary)).split())


def test_attached_csv_holds_the_same_figures() -> None:
    summary = month_summary(2)
    with pikepdf.open(BytesIO(summary_pdf(summary))) as pdf:
        content = pdf.attachments["SYN-2026-03.csv"].get_file().read_bytes()
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    start = rows.index(["Tableau", "Libellé", "Période", "Engagé", "Payé", "Reste à payer"]) + 1
    assert len(rows) - start == 3 * 5 + 12 + 3
    first = summary.lines[0].month
    paid = [str(each).replace(".", ",") for each in (first.committed, first.paid, first.still_to_pay)]
    assert rows[start] == ["Financeurs", "Région Bretagne", "2026-03", *paid]


def test_amounts_of_a_whole_country_are_not_cut(read_text: Callable[[bytes], str]) -> None:
    large = Amounts(Decimal("9876543210.87"), Decimal("-9876543210.86"), Decimal("1234567890.12"))
    line = SummaryLine("Un financeur au nom particulièrement long, délégation régionale", large, large, large)
    text = read_text(summary_pdf(dataclasses.replace(month_summary(3), shared_total=line)))
    assert text.count("9 876 543 210,87") == 4
    assert text.count("−9 876 543 210,86") == 4
