"""Does the dashboard hold for everyone: every axis, a crossing, the flows, without an entry, with a wrong filter?

The walk through all pages (`test_pages`) opens each route once, as its first link gives it; here are the others, with the
states that no link leads to, the keyboard alone, and paper.
"""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import axe
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in
from tests.e2e.test_pages import overflow
from tests.machine import lacking

NORMAL = (
    "",
    "/par/financeur",
    "/par/mois",
    "/par/annee?annee=toutes",
    "/par/territoire",
    "/croiser?lignes=financeur&colonnes=mois",
    "/croiser?lignes=mois&colonnes=dispositif&annee=toutes",
    "/flux",
)
EMPTY = ("?annee=2001", "/par/mois?annee=2001", "/croiser?annee=2001", "/flux?annee=2001")
WRONG = ("?annee=x", "/par/public?du=2026-05&au=2026-01", "/croiser?lignes=mois&colonnes=mois", "/flux?public=x")


@pytest.mark.parametrize("login", ["gestionnaire.region", "lecture"])
def test_pages_in_every_state_pass_axe_and_fit_a_narrow_screen(page: Page, demo_server: Server, login: str) -> None:
    sign_in(page, demo_server, login)
    for path in (*NORMAL, *EMPTY, *WRONG):
        answer = page.goto(f"{demo_server.url}/tableau-de-bord{path}")
        assert answer is not None
        assert answer.status == (422 if path in WRONG else 200), path
        axe(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert overflow(page) == 0, path
        page.set_viewport_size({"width": 1280, "height": 900})


def test_mistake_is_told_at_the_top_and_leads_to_its_field(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "coordination")
    page.goto(f"{demo_server.url}/tableau-de-bord?du=2026-05&au=2026-01")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ce mois précède le premier")
    alert.get_by_role("link").click()
    expect(page.get_by_label("Au mois")).to_be_focused()


def test_figures_are_filtered_and_opened_with_the_keyboard_alone(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.region")
    page.goto(f"{demo_server.url}/tableau-de-bord/par/territoire")
    page.get_by_label("Financeur").focus()
    page.keyboard.type("Région")
    page.get_by_role("button", name="Afficher").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("financeur=region"))
    figure = page.locator("tfoot a").first
    amount = figure.inner_text().splitlines()[0]
    figure.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/engagements.*financeur=region"))
    assert amount in page.locator("tfoot").inner_text()


def test_paper_shows_filters_figures_and_definitions_and_no_form(
    page: Page, demo_server: Server, tmp_path: Path
) -> None:
    sign_in(page, demo_server, "lecture")
    page.goto(f"{demo_server.url}/tableau-de-bord?annee=toutes&financeur=region")
    (tmp_path / "page.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    try:
        command = ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        lacking("pdftotext")
    words = re.sub(r"\s+", " ", text)
    for said in ("Financeur : Région", "toutes années confondues", "Total partagé", "Précautions", "page 1 / "):
        assert said in words
    assert "La somme des engagements" in words  # a definition, folded on the screen
    assert "Afficher" not in words
    assert "Télécharger" not in words
