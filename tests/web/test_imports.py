"""A file is sent from the page, read, explained when need be, shown, confirmed; only what was shown is written, once."""

import io
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

import conference
from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.data.tables import Account
from conference.services.staging import Stage, StagedImport, stage_file
from conference.settings import Settings
from tests.seeds import World, make_world
from tests.services.scdl_files import COLUMNS, SIRET_TOWN, own_table, scdl
from tests.web.ledger_pages import Browsers

REGION = {"nomAttribuant": "Région Exemple", "idAttribuant": ""}
NEW = "/echanges/importer"
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def post_file(browsers: Browsers, who: str, content: bytes, name: str = "subventions.csv") -> TestResponse:
    client = browsers(who)
    fields = {"csrf_token": client.token(NEW), "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(fields)  # by hand: the client would leave the temporary file of a large one open
    return client.post(NEW, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def send(browsers: Browsers, who: str, content: bytes, name: str = "subventions.csv") -> str:
    """Send a file; the address of its page."""
    sent = post_file(browsers, who, content, name)
    assert sent.status_code == 302, sent.text
    return sent.location


def press(browsers: Browsers, who: str, page: str, verb: str, **data: str) -> TestResponse:
    return browsers(who).post(f"{page}/{verb}", token_from=page, data=data)


def import_file(browsers: Browsers, who: str, content: bytes, name: str = "subventions.csv") -> str:
    """Send and confirm; the address of the result."""
    page = send(browsers, who, content, name)
    assert press(browsers, who, page, "importer").location == page
    result = browsers(who).get(page)
    assert result.status_code == 302
    return result.location.removesuffix("?fait=1")


def committed(database: Database) -> str:
    with database.reading() as session:
        return str(totals(session, ("funder",)).shared_total.committed)


def words(page: TestResponse) -> str:
    """Its text, on one line, with plain spaces."""
    return " ".join(re.sub("<[^>]+>", " ", page.text).replace("\u202f", " ").replace("\xa0", " ").split())


def test_officer_sends_its_file_sees_what_it_would_do_then_opens_its_lines(
    browsers: Browsers, database: Database
) -> None:
    content = scdl({**REGION}, {**REGION, "montant": "x"}, {**REGION, "montant": "y,00"}, {"montant": "50"})
    page = send(browsers, "region", content)
    shown = browsers("region").get(page)
    assert "2 montants illisibles I3, I4" in words(shown)
    assert "1 ligne d’un autre financeur" in words(shown)
    assert "Importer la ligne valide" in shown.text
    assert committed(database) == "0.00"
    press(browsers, "region", page, "importer")
    result = browsers("region").get(page, follow_redirects=True)
    assert committed(database) == "900.00"
    assert "Le fichier est importé." in result.text
    assert "2 montants illisibles I3, I4" in words(result)
    assert "/engagements?fichier=1" in result.text
    lines = browsers("region").get("/engagements?fichier=1").text
    line = browsers("region").get(re.findall(r'href="(/engagements/\d+)"', lines)[0])
    assert "Fichier « subventions.csv » , ligne 2" in words(line)
    assert '<a href="/echanges/1">subventions.csv</a>' in line.text
    history = words(browsers("region").get("/echanges"))
    assert "subventions.csv" in history
    assert "900,00 importé" in history


def test_first_rows_are_shown_as_they_are_read_and_which_column_was_read_as_what(browsers: Browsers) -> None:
    content = scdl({**REGION, "dateConvention": "14/05/2025", "montant": "58 400,00", "objet": "Soudure"})
    shown = words(browsers("region").get(send(browsers, "region", content)))
    assert "2 14 mai 2025 58 400,00 Région Exemple CLUB EXEMPLE 52499120500013 Soudure" in shown
    assert "C : dateConvention Date de la décision" in shown
    assert "Importer Ne rien importer" in shown.replace("&#34;", '"')


def test_same_file_again_brings_nothing_and_has_no_button_to_import(browsers: Browsers) -> None:
    import_file(browsers, "region", scdl({**REGION}))
    again = browsers("region").get(send(browsers, "region", scdl({**REGION})))
    assert "n’apporte rien de nouveau" in words(again)
    assert '/importer"' not in again.text.replace(f'href="{NEW}"', "")


def test_what_is_cancelled_records_nothing_and_is_over(browsers: Browsers, database: Database) -> None:
    page = send(browsers, "region", scdl({**REGION}))
    assert press(browsers, "region", page, "annuler").location == page
    assert "abandonné" in words(browsers("region").get(page))
    assert browsers("region").post(f"{page}/importer", token_from=NEW).status_code == 409
    assert committed(database) == "0.00"


def test_confirming_twice_imports_once(browsers: Browsers, database: Database) -> None:
    page = send(browsers, "region", scdl({**REGION}))
    press(browsers, "region", page, "importer")
    assert browsers("region").post(f"{page}/importer", token_from=NEW).status_code == 409
    assert browsers("region").post(f"{page}/annuler", token_from=NEW).status_code == 409
    assert committed(database) == "900.00"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("scan.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj"), ("a.xlsx", b"PK\x03\x04broken")],
)
def test_what_is_no_table_gets_a_sentence(name: str, content: bytes, browsers: Browsers, database: Database) -> None:
    page = browsers("region").get(send(browsers, "region", content, name))
    assert page.status_code == 200
    assert "Ce fichier n’a pas pu être lu" in page.text
    assert "Choisir un autre fichier" in page.text
    assert "imprévue" not in page.text


def test_no_file_is_said_at_the_field(browsers: Browsers) -> None:
    answer = browsers("region").post(NEW, token_from=NEW, data={"file": (io.BytesIO(b""), "")})
    assert answer.status_code == 422
    assert '<a href="#file">' in answer.text
    assert "Choisissez un fichier." in answer.text


def test_columns_are_explained_once_and_remembered_for_the_organisation(browsers: Browsers, database: Database) -> None:
    page = send(browsers, "region", own_table(("Club", "1 250,00", "14/05/2025"), ("Centre", "50", "15/05/2025")))
    asked = words(browsers("region").get(page))
    assert "Dire ce que sont les colonnes" in asked
    assert "B : Combien Ne pas reprendre" in asked
    assert "1 250,00 50" in asked
    refused = press(
        browsers, "region", page, "colonnes", **{"colonne-0": "beneficiary_name", "colonne-2": "decided_on"}
    )
    assert refused.status_code == 422
    assert "Dites quelle colonne est le montant." in refused.text
    assert re.search(r'value="decided_on" selected', refused.text)
    twice = press(browsers, "region", page, "colonnes", **{"colonne-0": "amount", "colonne-1": "amount"})
    assert '<a href="#colonne-0">' in twice.text
    assert twice.text.count('aria-invalid="true"') == 2
    chosen = {"colonne-0": "beneficiary_name", "colonne-1": "amount", "colonne-2": "decided_on"}
    assert press(browsers, "region", page, "colonnes", **chosen).location == page
    assert "B : Combien Montant" in words(browsers("region").get(page))
    press(browsers, "region", page, "importer")
    assert committed(database) == "1300.00"
    other = own_table(("Autre", "7,00", "16/05/2025"), headings="QUI;combien;Quand ")
    colleague = browsers("region_signatory").get(send(browsers, "region_signatory", other))
    assert "Vérifier avant d’importer" in colleague.text
    stranger = browsers("opco").get(send(browsers, "opco", other))
    assert "Dire ce que sont les colonnes" in stranger.text


def test_columns_can_be_said_again_before_importing(browsers: Browsers) -> None:
    page = send(browsers, "region", own_table(("12", "1250", "14/05/2025")))
    first = {"colonne-0": "amount", "colonne-2": "decided_on"}
    press(browsers, "region", page, "colonnes", **first)
    assert f"{page}/colonnes" in browsers("region").get(page).text
    assert re.search(r'value="amount" selected', browsers("region").get(f"{page}/colonnes").text)
    press(browsers, "region", page, "colonnes", **{"colonne-1": "amount", "colonne-2": "decided_on"})
    assert "1 250,00" in words(browsers("region").get(page))


def test_columns_of_a_known_format_are_not_asked(browsers: Browsers) -> None:
    page = send(browsers, "region", scdl({**REGION}))
    assert browsers("region").get(f"{page}/colonnes").location == page
    assert press(browsers, "region", page, "colonnes", **{"colonne-0": "amount"}).status_code == 409


def test_officer_says_that_an_unknown_name_is_its_own(browsers: Browsers, database: Database) -> None:
    content = scdl(
        {"nomAttribuant": "Conseil régional Exemple", "idAttribuant": ""},
        {"nomAttribuant": "OPCO Exemple", "idAttribuant": ""},
    )
    page = send(browsers, "region", content)
    shown = browsers("region").get(page)
    assert "2 lignes sont refusées" in words(shown)
    assert "Ce sont nos lignes, sous un autre nom" in shown.text
    press(browsers, "region", page, "noms")
    read = browsers("region").get(page)
    assert "Ce sont nos lignes" not in read.text
    assert "1 ligne d’un autre financeur" in words(read)
    press(browsers, "region", page, "importer")
    assert committed(database) == "900.00"


def test_coordinator_enters_the_file_of_a_funder_without_account_only(browsers: Browsers, database: Database) -> None:
    page = send(browsers, "coordinator", scdl({"idAttribuant": SIRET_TOWN}, {**REGION}))
    shown = browsers("coordinator").get(page)
    assert "a un compte" in shown.text
    assert "Ce sont nos lignes" not in shown.text
    press(browsers, "coordinator", page, "importer")
    assert committed(database) == "900.00"
    assert "financeur=ville_exemple" in browsers("coordinator").get(page, follow_redirects=True).text


def test_large_file_is_read_and_written_by_a_process_of_its_own(browsers: Browsers, database: Database) -> None:
    content = scdl(*({**REGION, "objet": f"Action {i} " + "x" * 200} for i in range(4000)))
    page = send(browsers, "region", content)
    working = browsers("region").get(page)
    assert "Lecture du fichier" in working.text or "Vérifier" in working.text
    shown = wait_for(lambda: browsers("region").get(page), "Vérifier avant d’importer")
    assert "Importer" in shown.text
    press(browsers, "region", page, "importer")
    wait_for(lambda: browsers("region").get(page, follow_redirects=True), "Le fichier est importé.")
    assert committed(database) == "3600000.00"


def wait_for(look: Callable[[], TestResponse], told: str) -> TestResponse:
    end = monotonic() + 60
    while told not in (page := look()).text:
        assert monotonic() < end, words(page)
        assert "pas pu être lu" not in page.text, words(page)
        sleep(0.3)
    return page


def staged_by(browsers: Browsers, instance: Path, who: str, *, age: timedelta) -> tuple[StagedImport, str]:
    """A file whose reading has not begun, left for that long; and the address of its page."""
    by = browsers.world.actors[who]
    staged = stage_file(instance, io.BytesIO(scdl({**REGION})), "subventions.csv", by=by, at=datetime.now(UTC))
    then = (datetime.now(UTC) - age).timestamp()
    os.utime(staged.folder / "state.json", (then, then))
    return staged, f"/echanges/depots/{staged.folder.name}"


@sqlite_only
def test_page_at_work_tells_how_far_it_is_and_reloads_without_script(browsers: Browsers, settings: Settings) -> None:
    staged, page = staged_by(browsers, settings.instance, "region", age=timedelta(0))
    staged.change(stage=Stage.READING, done=34, total=100)
    shown = browsers("region").get(page)
    assert '<progress id="work" max="100" value="34">' in shown.text
    assert "Lecture du fichier : 34 %" in words(shown)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown.text
    press(browsers, "region", page, "annuler")
    assert "abandonné" in words(browsers("region").get(page))


@sqlite_only
def test_files_in_waiting_are_found_again_by_their_sender_alone(browsers: Browsers) -> None:
    page = send(browsers, "region", scdl({**REGION}))
    shown = browsers("region").get("/echanges")
    assert f'href="{page}"' in shown.text
    assert "subventions.csv à confirmer" in words(shown)
    assert "subventions.csv" not in browsers("region_signatory").get("/echanges").text
    press(browsers, "region", page, "annuler")
    assert "subventions.csv" not in browsers("region").get("/echanges").text


@sqlite_only
def test_interrupted_reading_is_said_and_taken_up_again(browsers: Browsers, settings: Settings) -> None:
    _, page = staged_by(browsers, settings.instance, "region", age=timedelta(minutes=5))
    shown = browsers("region").get(page)
    assert "s’est interrompue" in shown.text
    assert "refresh" not in shown.text
    press(browsers, "region", page, "reprendre")
    assert "Vérifier avant d’importer" in browsers("region").get(page).text


def test_import_is_undone_with_a_motive_on_a_page_that_says_what_will_happen(
    browsers: Browsers, database: Database
) -> None:
    result = import_file(browsers, "region", scdl({**REGION}, {**REGION, "objet": "Autre"}))
    paid = browsers("region").get("/engagements?fichier=1").text
    line = re.findall(r'href="/engagements/(\d+)"', paid)[0]
    form = f"/engagements/{line}/ecriture?type=payment"
    data = {"amount": "100", "effective_on": "02/04/2025", "version": "1"}
    assert browsers("region").post(form, token_from=form, data=data).status_code == 302
    undo = f"{result}/annuler"
    asked = words(browsers("region").get(undo))
    assert "Une ligne revient à ce qu’elle était" in asked
    assert "Une ligne reste telle quelle" in asked
    assert "Elle a été payée depuis" in asked
    assert browsers("region").post(undo, token_from=undo, data={"motive": " "}).status_code == 422
    assert committed(database) == "1800.00"
    assert browsers("region").post(undo, token_from=undo, data={"motive": "Mauvais fichier"}).location == result
    assert committed(database) == "900.00"
    shown = browsers("region").get(result)
    assert "Cet import est annulé" in words(shown)
    assert "Mauvais fichier" in shown.text
    assert "Annuler cet import" not in shown.text
    assert "annulé" in words(browsers("region").get("/echanges"))
    assert browsers("region").get(undo).location == result
    assert browsers("region").post(undo, token_from=NEW, data={"motive": "encore"}).status_code == 409


def test_original_file_is_given_back_to_its_sender_alone(browsers: Browsers) -> None:
    content = scdl({**REGION, "objet": "Objet-à-taire"}, {**REGION, "montant": "Montant-à-taire"})
    result = import_file(browsers, "region", content, "année 2025.csv")
    assert "Montant-à-taire" in browsers("region").get(result).text
    for who in ("region", "region_signatory"):
        given = browsers(who).get(f"{result}/fichier")
        assert given.data == content
        assert given.headers["Content-Disposition"] == "attachment; filename*=UTF-8''ann%C3%A9e%202025.csv"
        assert given.mimetype == "application/octet-stream"
    seen = browsers("coordinator").get(result)
    assert seen.status_code == 200
    assert "Télécharger" not in seen.text
    assert "à-taire" not in seen.text
    assert "1 montant illisible – –" in words(seen)
    assert browsers("coordinator").get(f"{result}/fichier").status_code == 404


def test_refused_rows_come_back_as_a_workbook_that_can_be_corrected_and_sent_again(
    browsers: Browsers, database: Database
) -> None:
    content = scdl({**REGION}, {**REGION, "montant": "douze", "objet": "=1+1"}, {**REGION, "montant": ""})
    page = send(browsers, "region", content)
    before = browsers("region").get(f"{page}/refus.xlsx")
    press(browsers, "region", page, "importer")
    result = browsers("region").get(page).location.removesuffix("?fait=1")
    given = browsers("region").get(f"{result}/refus.xlsx")
    assert given.data == before.data
    assert given.headers["Content-Disposition"] == "attachment; filename*=UTF-8''refus-subventions.xlsx"
    [sheet] = load_workbook(io.BytesIO(given.data)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [*COLUMNS, "Ligne du fichier", "Motif du refus"]
    assert [(row[COLUMNS.index("montant")], row[COLUMNS.index("objet")], row[-2]) for row in rows[1:]] == [
        ("douze", "=1+1", 3),
        (None, "Fonctionnement", 4),
    ]
    assert "« douze »" in str(rows[1][-1])
    assert rows[2][-1] == "Le montant manque."
    sheet.cell(2, COLUMNS.index("montant") + 1).value = "12"
    sheet.delete_rows(3)
    corrected = io.BytesIO()
    sheet.parent.save(corrected)
    import_file(browsers, "region", corrected.getvalue(), "refus-subventions.xlsx")
    assert committed(database) == "912.00"


def test_template_is_filled_in_and_read_without_a_question(browsers: Browsers, database: Database) -> None:
    assert "/echanges/modele.xlsx" in browsers("region").get(NEW).text
    given = browsers("region").get("/echanges/modele.xlsx")
    assert given.headers["Content-Disposition"] == 'attachment; filename="modele-engagements.xlsx"'
    book = load_workbook(io.BytesIO(given.data))
    lines, entries = book["Engagements"], book["Écritures"]
    _fill(lines, {"Référence": "CR-1", "Date de la décision": date(2025, 5, 14), "Montant": 1250.5, "Objet": "Soudure"})
    _fill(entries, {"Référence de l’engagement": "CR-1", "Date": date(2025, 6, 1), "Montant": 400})
    filled = io.BytesIO()
    book.save(filled)
    page = send(browsers, "region", filled.getvalue(), "modele.xlsx")
    shown = words(browsers("region").get(page))
    assert "14 mai 2025 1 250,50" in shown
    assert "1 juin 2025 400,00 Paiement CR-1" in shown or "1er juin 2025 400,00 Paiement CR-1" in shown
    press(browsers, "region", page, "importer")
    assert committed(database) == "1250.50"
    line = words(browsers("region").get("/engagements/1"))
    assert "Fichier « modele.xlsx » , feuille Engagements , ligne" in line
    assert re.search(r"Paiement 01/06/2025 .* Compte region modele.xlsx, Écritures, ligne \d+", line)


def _fill(sheet: Worksheet, values: dict[str, object]) -> None:
    """Write a row under the last one, in the columns whose headings begin with these words."""
    rows = list(sheet.iter_rows())
    headings = next(row for row in rows if any(str(cell.value or "").startswith("Montant") for cell in row))
    target = max(cell.row or 0 for row in rows for cell in row if cell.value is not None) + 1
    for name, value in values.items():
        column = next(cell.column for cell in headings if re.fullmatch(rf"{name}(?: \(.*\))?(?: \*)?", str(cell.value)))
        sheet.cell(target, column or 1).value = value


def test_no_refused_row_no_workbook(browsers: Browsers) -> None:
    page = send(browsers, "region", scdl({**REGION}))
    assert browsers("region").get(f"{page}/refus.xlsx").status_code == 404
    assert "refus.xlsx" not in browsers("region").get(page).text


def test_funder_may_not_open_a_coordinators_file_that_holds_lines_of_others(
    browsers: Browsers, database: Database
) -> None:
    """Its refused rows are another's: of these a funder sees no object nor provider (SEMANTICS §4)."""
    alone = {"nomAttribuant": "France Travail", "idAttribuant": ""}
    content = scdl({**alone}, {**REGION, "objet": "Objet-à-taire"})
    with database.writing() as session:
        session.get_one(Account, browsers.world.actors["france_travail"].account_id).is_active = False
    result = import_file(browsers, "coordinator", content)
    with database.writing() as session:
        session.get_one(Account, browsers.world.actors["france_travail"].account_id).is_active = True
    seen = browsers("france_travail").get(result)
    assert seen.status_code == 200
    assert "Objet-à-taire" not in seen.text
    assert browsers("france_travail").get(f"{result}/fichier").status_code == 404
    assert browsers("france_travail").get(f"{result}/refus.xlsx").status_code == 404
    assert browsers("coordinator").get(f"{result}/fichier").data == content


def test_nobody_else_reaches_a_staged_file_nor_another_funder_an_imported_one(browsers: Browsers, app: Flask) -> None:
    waiting = send(browsers, "region", scdl({**REGION, "objet": "Attente"})).rpartition("/")[2]
    import_file(browsers, "region", scdl({**REGION}))
    app.config["WTF_CSRF_ENABLED"] = False
    walked = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(("imports.", "importing.")) or not rule.arguments:
            continue
        strangers = ["opco", "region_signatory", "coordinator"] if "staged_id" in rule.arguments else ["opco"]
        built = rule.build({"staged_id": waiting} if "staged_id" in rule.arguments else {"import_id": 1})
        assert built is not None
        for who in strangers:
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = browsers(who).flask.open(built[1], method=method, data={"motive": "x"})
                assert answer.status_code == 404, (who, method, rule.rule)
                walked += 1
    assert walked >= 20
    assert "subventions.csv" not in browsers("opco").get("/echanges").text
    assert "subventions.csv" in browsers("coordinator").get("/echanges").text
    assert browsers("reader").get("/echanges").status_code == 403
    assert "Vérifier" in browsers("region").get(f"/echanges/depots/{waiting}").text


@sqlite_only
def test_only_who_may_import_sends_a_large_request(settings: Settings, database: Database, world: World) -> None:
    app = conference.create_app(settings.model_copy(update={"request_bytes": 50_000, "import_bytes": 200_000}))
    try:
        browsers = Browsers(app, database, world)
        large, too_large = (b"x;y\n" * count for count in (40_000, 80_000))
        assert post_file(browsers, "region", large).status_code == 302
        refused = post_file(browsers, "region", too_large)
        assert refused.status_code == 413
        assert "Ce fichier dépasse 200 ko" in words(refused)
        assert '<a href="#file">' in refused.text
        data = {"file": (io.BytesIO(large), "a.csv")}
        assert browsers("reader").post(NEW, data=data, content_type="multipart/form-data").status_code == 413
    finally:
        app.extensions["database"].dispose()
