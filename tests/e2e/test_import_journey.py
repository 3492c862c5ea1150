"""Can a newcomer bring in the file that a funder already has, as it is, and trust what the page says of it?

A file of our own with the oddities of real ones (titles above the headings, old encoding, decimal commas, a date that is
none) in a real browser: read, shown, imported, its total on the list equal to the file's less its refused rows, the refused
rows downloaded, corrected and sent again; the same file again changes nothing; the whole of it undone. Then a table whose
columns nobody knows, a large file that is read by a process of its own, and each file of the shared folder where it is there.
"""

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from conference.domain.french import parse_euros
from tests.e2e.axe import axe
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in
from tests.e2e.test_journey import cells

HEADINGS = "Nom attribuant;Date convention;Référence décision;Nom bénéficiaire;SIRET bénéficiaire;Objet;Montant (en €)"
FUNDER = "Communauté de communes d’Essai"
ROWS = (
    (f"{FUNDER};2026/01/30;D-1;Centre de l’Île;224 900 019 000 15';Remise à niveau;58 400,00"),
    (f"{FUNDER};30/01/2026;D-2;Centre de l’Île;;Remise à niveau;1 234,56 €"),
    (f"{FUNDER};45/13/2026;;Centre de l’Île;;Sans date;700"),
    (f"{FUNDER};2026-02-20;D-4;Greta d’Essai;;Anglais;50 000 euros"),
)
TOTAL = Decimal("58400.00") + Decimal("1234.56") + Decimal("50000.00")
DATA = Path(__file__).parents[3] / "shared" / "data"
PUBLISHED = {
    "deux-sevres.xls": "29988907.79",
    "maine-et-loire-conventions.csv": "8327364.88",
    "poitiers-2017.csv": "11548359.23",
    "scdl-exemple-valide-2.1.1.csv": "2821393.50",
    "somme-2018-03-30.csv": "2493742.00",
    "vendee-2017.csv": "1721009.54",
    "vendee-2018.csv": "14232562.49",
    "vendee-2019-03.csv": "6969345.00",
    "vendee-2019-07.csv": "673456.08",
    "vendee.xlsx": "2367625.00",
}
"""Total of each file, summed apart from our readers (a search for the amounts in the text, or the workbook's own sum)."""


def file_of(*rows: str, headings: str = HEADINGS) -> bytes:
    """A table as a funder keeps it: a title, a blank line, headings, rows; Windows encoding."""
    lines = ["Conventions de l’année;;;;;;", "", headings, *rows]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def choose(page: Page, server: Server, name: str, content: bytes | Path) -> None:
    """Send a file by the form."""
    page.goto(f"{server.url}/echanges/importer")
    given: Any = content if isinstance(content, Path) else {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Fichier").set_input_files(given)
    page.get_by_role("button", name="Lire le fichier").click()


def confirm(page: Page) -> None:
    """Import what is shown, and wait for the page that says what became of it."""
    page.get_by_role("button", name=re.compile("^Importer")).click()
    page.wait_for_url(re.compile(r"/echanges/\d+"), timeout=120_000)


def figures(page: Page) -> list[str]:
    """The counts of the page: created, adjusted, unchanged, refused, warnings, amount."""
    row = page.locator("main table").first.locator("tbody tr").first
    return [re.sub(r"[\u00a0\u202f]", " ", text) for text in row.locator("th, td").all_inner_texts()]


def listed_total(page: Page) -> Decimal:
    """The sum of what is committed on the list that the import leads to."""
    page.get_by_role("link", name="Voir les lignes").click()
    page.wait_for_url(re.compile("/engagements"))
    told = page.locator("main tfoot").inner_text() if page.locator("main tfoot").count() else cells(page)
    found = re.search(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})*,\d{2}", told)
    assert found is not None, told
    return parse_euros(found[0])


def test_a_file_comes_in_as_it_is_and_its_refused_rows_come_back(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "coordination")
    choose(page, demo_server, "essai.csv", file_of(*ROWS))
    expect(page.get_by_role("heading", name="Vérifier avant d’importer")).to_be_visible()
    told = cells(page)
    for part in ("109 634,56", "B6", "n’existe pas", "30 janvier 2026"):
        assert part in told, part
    axe(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Télécharger les lignes refusées")).click()
    refused: Any = openpyxl.load_workbook(BytesIO(Path(waiting.value.path()).read_bytes())).active
    values = [[cell.value for cell in row] for row in refused.iter_rows()]
    assert values[0][-2:] == ["Ligne du fichier", "Motif du refus"]
    assert (values[1][5], values[1][-2]) == ("Sans date", 6)
    confirm(page)
    assert (figures(page)[0], figures(page)[3]) == ("3", "1")
    axe(page)
    result = page.url
    assert listed_total(page) == TOTAL
    refused["B2"] = "15/03/2026"
    corrected = BytesIO()
    refused.parent.save(corrected)
    choose(page, demo_server, "corrige.xlsx", corrected.getvalue())
    confirm(page)
    assert (figures(page)[0], figures(page)[3]) == ("1", "0")
    choose(page, demo_server, "essai.csv", file_of(*ROWS))
    assert "Ce fichier n’apporte rien de nouveau" in cells(page)
    page.goto(result)
    page.get_by_role("link", name="Annuler cet import").click()
    assert "3" in cells(page)
    axe(page)
    page.get_by_label("Motif").fill("Fichier d’essai")
    page.get_by_role("button", name=re.compile("Annuler")).last.click()
    page.wait_for_url(re.compile(r"/echanges/\d+"))
    assert "annulé" in cells(page)
    assert listed_total(page) == Decimal("700.00")


def test_unknown_columns_are_explained_once_with_the_keyboard(page: Page, demo_server: Server) -> None:
    headings = "Qui;Quand;Combien;Pourquoi"
    sign_in(page, demo_server, "gestionnaire.cci")
    choose(page, demo_server, "tableau.csv", f"{headings}\nCentre;14/05/2026;1 250,00;Bilan\n".encode())
    axe(page)
    fields = page.locator("main select")
    for place, label in enumerate(("Prestataire", "Date de la décision", "Montant", "Objet")):
        fields.nth(place).focus()
        fields.nth(place).select_option(label=label)
    page.get_by_role("button", name=re.compile("Lire|Continuer|Valider|Enregistrer")).first.press("Enter")
    page.wait_for_load_state()
    assert "1 250,00" in cells(page)
    confirm(page)
    assert figures(page)[0] == "1"
    choose(page, demo_server, "suite.csv", f"{headings}\nCentre;15/05/2026;300;Bilan\n".encode())
    expect(page.get_by_role("heading", name="Vérifier avant d’importer")).to_be_visible()


def test_a_large_file_is_read_apart_while_the_server_answers(page: Page, demo_server: Server) -> None:
    rows = [f"{FUNDER};2026-03-02;L-{n};Centre;;Session {n};10,00" for n in range(15_000)]
    sign_in(page, demo_server, "coordination")
    choose(page, demo_server, "grand.csv", file_of(*rows))
    assert page.request.get(f"{demo_server.url}/tableau-de-bord").ok
    page.get_by_role("button", name=re.compile("^Importer")).wait_for(timeout=120_000)
    assert "150 000,00" in cells(page)
    axe(page)
    page.get_by_role("button", name="Ne rien importer").click()
    page.wait_for_load_state()
    assert "Rien n’est enregistré" in cells(page) or "abandonné" in cells(page)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_published_files_come_in_whole(page: Page, demo_server: Server, name: str) -> None:
    if not (DATA / name).exists():
        pytest.skip("the published files are not beside the checkout")
    sign_in(page, demo_server, "coordination")
    choose(page, demo_server, name, DATA / name)
    page.get_by_role("button", name=re.compile("^Importer")).wait_for(timeout=60_000)
    confirm(page)
    created, adjusted, _, refused, _, amount = figures(page)
    assert (adjusted, refused, parse_euros(amount)) == ("0", "0", Decimal(PUBLISHED[name]))
    assert int(created.replace(" ", "")) > 0
    choose(page, demo_server, name, DATA / name)
    page.get_by_text("Ce fichier n’apporte rien de nouveau").wait_for(timeout=60_000)
