"""Does a person's income, then a handoff, go through the hands of those who answer for them?

The founding case is found at entry, decided by the coordination without a mouse, and told again when the course is prolonged;
a handoff is accepted, and both funders read the money that moved.
"""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from conference.domain.french import day_in_france
from tests.e2e.axe import axe
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in

TODAY = day_in_france(datetime.now(UTC))


def typed(days: int) -> str:
    """The day so many days from today, as an officer types it."""
    return f"{TODAY + timedelta(days=days):%d/%m/%Y}"


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def open_founding_case(page: Page, server: Server) -> str:
    """A course of 177 days begun a month ago, a benefit of 130 days at 31.00 €; the address of the parcours."""
    page.goto(f"{server.url}/parcours/nouveau")
    page.locator("#kind").select_option(label="Mobilité subie")
    page.locator("#key_situation").select_option(index=3)
    page.locator("#no_benefit").select_option(label="Non")
    page.get_by_role("button", name="Ouvrir le parcours").click()
    page.wait_for_url(re.compile(r"/parcours/\d+/etape$"))
    parcours = page.url.removesuffix("/etape")
    page.locator("main").get_by_role("link", name="Formation", exact=True).click()
    page.locator("#first").fill(typed(-30))
    page.locator("#last").fill(typed(146))
    page.locator("#prescribed").select_option(label="Oui")
    page.locator("#shortage_occupation").select_option(label="Non")
    axe(page)
    page.get_by_role("button", name="Ajouter l’étape").click()
    page.wait_for_url(parcours)
    page.goto(f"{parcours}/droit")
    page.locator("#kind").select_option(label="ARE-formation")
    page.locator("#payer_id").select_option(label="France Travail Poitou-Océan")
    page.locator("#first").fill(typed(-30))
    page.locator("#days_left").fill("130")
    page.locator("#daily_amount").fill("31,00")
    page.get_by_role("button", name="Enregistrer le droit").click()
    page.wait_for_url(parcours)
    return parcours


def test_the_founding_case_is_found_decided_without_a_mouse_and_told_again(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.cci")
    parcours = open_founding_case(page, demo_server)
    told = words(page)
    assert "47 jours, soit 1 457,00 € à trouver" in told
    assert "n’est pas sur la liste des métiers en tension" in told
    pseudonym = page.locator("h1").inner_text().removeprefix("Parcours ")
    sign_in(page, demo_server, "coordination")
    page.goto(f"{demo_server.url}/alertes?type=income_gap")
    page.get_by_role("link", name=re.compile(f"Jours sans revenu de {pseudonym}")).click()
    alert = page.url
    page.locator("#outcome").focus()
    page.keyboard.type("Situation")
    page.keyboard.press("Tab")
    page.keyboard.type("La personne reprend son emploi le mois suivant.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Décision enregistrée")).to_be_visible()
    assert "Situation acceptée" in words(page)
    axe(page)
    sign_in(page, demo_server, "gestionnaire.cci")
    page.goto(parcours)
    page.get_by_role("link", name=re.compile("^Modifier Formation")).click()
    page.locator("#last").fill(typed(161))
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(parcours)
    assert "62 jours, soit 1 922,00 € à trouver" in words(page)
    sign_in(page, demo_server, "coordination")
    page.goto(alert)
    history = words(page)
    assert "Alerte rouverte, 62 jours, 1 922,00 €" in history
    assert "15 jours de plus, 465,00 € de plus" in history


def test_a_handoff_is_accepted_and_both_sides_read_the_money(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.region")
    page.goto(f"{demo_server.url}/relais")
    page.locator("tbody").get_by_role("link", name=re.compile("^R-")).first.click()
    handoff = page.url
    page.goto(f"{handoff}/accepter")
    assert "7 800,00 € demandés" in words(page)
    page.get_by_role("button", name="Accepter le relais").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(handoff)
    assert "Accepté" in words(page)
    axe(page)
    sign_in(page, demo_server, "gestionnaire.opco-sante")
    page.goto(handoff)
    told = words(page)
    assert "Accepté" in told
    assert "7 800,00" in told
    answer = page.goto(f"{handoff}/accepter")
    assert answer is not None
    assert answer.status in (403, 404)


def test_pages_of_a_bulk_decision_hold_for_everyone(page: Page, demo_server: Server) -> None:
    """They are reached by a form alone, so that no walk along the links meets them."""
    sign_in(page, demo_server, "coordination")
    page.goto(f"{demo_server.url}/alertes")
    page.locator("tbody input[name=ids]").first.check()
    page.get_by_role("button", name="Décider des alertes choisies").click()
    expect(page.locator("h1")).to_have_text("Décider de plusieurs alertes")
    judge(page)
    page.locator("#outcome").select_option(label="Autre décision")
    page.locator("#motive").fill("Vu en réunion de coordination.")
    page.get_by_role("button", name="Décider", exact=True).click()
    expect(page.locator("h1")).to_have_text("Compte rendu des décisions")
    assert "1 décidée, 0 laissée ouverte" in words(page)
    judge(page)


def judge(page: Page) -> None:
    """axe, and no scrolling sideways at 320 px."""
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
