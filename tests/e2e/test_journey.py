"""Can a newcomer do the job in a browser, as the README says?

The officer of one funder commits, pays, mistakes an amount, reverses it, transfers; another funder sees only what the
matrix grants and spends the transfer; the administrator reads the journal. With the keyboard alone where it says so.
"""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from conference.domain.french import day_in_france
from tests.e2e.axe import axe
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in

OBJECT = "Parcours d’essai de la découverte"


def commit(page: Page, server: Server, amount: str, **fields: str) -> str:
    """Record a commitment by its form; the address of its page."""
    page.goto(f"{server.url}/engagements/nouveau")
    page.get_by_label("Montant engagé").fill(amount)
    page.get_by_label("Objet").fill(fields.get("object", OBJECT))
    if "through" in fields:
        page.get_by_text("Période, personnes, références, transfert").click()
        page.get_by_label("Verser par un autre financeur").select_option(label=fields["through"])
    page.get_by_role("button", name="Engager").click()
    page.wait_for_url(re.compile(r"/engagements/\d+$"))
    return page.url


def pay(page: Page, line: str, amount: str) -> None:
    page.goto(f"{line}/ecriture?type=payment")
    page.get_by_label("Montant").fill(amount)
    page.get_by_role("button", name="Payer").click()


def cells(page: Page) -> str:
    """The page's text with ordinary spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", page.locator("main").inner_text())


def test_an_officer_commits_pays_mistakes_and_reverses(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.region")
    line = commit(page, demo_server, "20 000,00")
    pay(page, line, "12500")
    page.get_by_role("link", name=re.compile("Annuler.*Paiement", re.IGNORECASE)).click()
    page.get_by_role("button", name="Annuler l’écriture").click()
    expect(page.get_by_text("Indiquez le motif de l’annulation.").first).to_be_visible()
    axe(page)
    page.get_by_label("Motif de l’annulation").fill("Un zéro de trop")
    page.get_by_role("button", name="Annuler l’écriture").click()
    page.wait_for_url(line)
    pay(page, line, "1 250,00")
    page.wait_for_url(line)
    told = cells(page)
    for figure in ("20 000,00", "12 500,00", "−12 500,00", "1 250,00", "18 750,00", "Un zéro de trop"):
        assert figure in told, figure
    axe(page)


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.cci")
    page.goto(f"{demo_server.url}/engagements/nouveau")
    page.get_by_label("Montant engagé").fill("12.50,00")
    page.get_by_label("Objet").fill(OBJECT)
    page.get_by_role("button", name="Engager").click()
    assert "Le montant « 12.50,00 » n’est pas lisible" in cells(page)
    expect(page.get_by_label("Montant engagé")).to_have_value("12.50,00")
    expect(page.get_by_label("Montant engagé")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Objet")).to_have_value(OBJECT)
    axe(page)
    page.get_by_label("Montant engagé").fill("1250")
    page.get_by_role("button", name="Engager").click()
    page.wait_for_url(re.compile(r"/engagements/\d+$"))
    line = page.url
    pay(page, line, "1250,01")
    assert "dépasserait le montant engagé (1 250,00 €)" in cells(page)
    axe(page)


def test_a_transfer_is_paired_by_the_other_funder_and_counted_once(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.etat")
    page.goto(f"{demo_server.url}/tableau-de-bord")
    before = shared_total(page)
    commit(page, demo_server, "1 000,00", through="OPCO Mobilités", object="Secret de la ligne transférée")
    sign_in(page, demo_server, "gestionnaire.opco-mobilites")
    page.goto(f"{demo_server.url}/transferts")
    assert "Secret de la ligne transférée" not in cells(page)
    axe(page)
    page.get_by_role("row").filter(has_text="État").get_by_role("link", name="Créer ma ligne").first.click()
    page.get_by_label("Objet").fill("Dépense du transfert")
    page.get_by_role("button", name="Engager").click()
    page.wait_for_url(re.compile(r"/engagements/\d+$"))
    assert "Transfert reçu de État" in cells(page)
    page.goto(f"{demo_server.url}/tableau-de-bord")
    assert shared_total(page) - before == 100_000


def shared_total(page: Page) -> int:
    """Cents committed in the shared total of the dashboard."""
    row = page.get_by_role("row").filter(has_text="Total partagé").first.inner_text()
    found = re.search(r"(\d[\d\s\u00a0\u202f]*),(\d\d)", row)
    assert found is not None
    return int(re.sub(r"\D", "", found[1])) * 100 + int(found[2])


def test_another_funder_sees_only_what_is_granted(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.agefiph")
    line = commit(page, demo_server, "4 321,09", object="Objet réservé à l’Agefiph")
    reference = page.locator("h1").inner_text().removeprefix("Engagement ")
    sign_in(page, demo_server, "gestionnaire.region")
    answer = page.goto(line)
    assert answer is not None
    assert answer.status == 404
    month = f"{day_in_france(datetime.now(UTC)):%Y-%m}"
    page.goto(f"{demo_server.url}/engagements?financeur=agefiph&du={month}&au={month}")
    told = cells(page)
    assert "4 321,09" in told
    assert "Objet réservé" not in told
    assert reference not in told


def test_the_administrator_reads_the_journal(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.cci")
    commit(page, demo_server, "77,00")
    reference = page.locator("h1").inner_text().removeprefix("Engagement ")
    sign_in(page, demo_server, "administration")
    page.goto(f"{demo_server.url}/administration/journal")
    assert reference in cells(page)
    assert "Julie Perrin" in cells(page)
    axe(page)


def test_the_first_commitment_needs_no_mouse(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.opco-batiment")
    page.goto(f"{demo_server.url}/engagements")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.get_by_role("link", name="Nouvel engagement").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/engagements/nouveau"))
    page.get_by_label("Montant engagé").focus()
    page.keyboard.type("250")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Saisi sans souris")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/engagements/\d+$"))
    assert "Saisi sans souris" in cells(page)
