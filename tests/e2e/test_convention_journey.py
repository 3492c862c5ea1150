"""Does a convention go to its signatures without a mouse, and does the ledger then stop at its ceiling?"""

import re

from playwright.sync_api import Page, expect

from tests.e2e.axe import axe
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in


def opened(page: Page, server: Server, title: str) -> str:
    """The convention whose title begins so; its address."""
    page.goto(f"{server.url}/conventions?q={title}")
    page.locator("main tbody th a").first.click()
    page.wait_for_url(re.compile(r"/conventions/\d+$"))
    return page.url


def sealed(page: Page, server: Server, login: str, title: str) -> str:
    """A signatory seals for its organisation, by the keyboard alone; what the page of signatures says then."""
    sign_in(page, server, login)
    address = opened(page, server, title)
    page.goto(f"{address}/signature")
    page.get_by_role("link", name=re.compile("^Signer par le cachet")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/cachet$"))
    axe(page)
    page.get_by_role("button", name="Signer par le cachet").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Document scellé")).to_be_visible()
    return page.locator("main").inner_text()


def test_two_signatories_seal_and_the_convention_is_signed(page: Page, demo_server: Server) -> None:
    title = "Relais des conducteurs"
    first = sealed(page, demo_server, "signataire.france-travail", title)
    assert "Attendue" in first
    last = sealed(page, demo_server, "signataire.opco-mobilites", title)
    assert "Attendue" not in last and "Signée" in last


def test_a_commitment_beyond_the_ceiling_is_told_what_is_left(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.region")
    address = opened(page, demo_server, "Accompagnement de vingt")
    page.goto(f"{demo_server.url}/engagements/nouveau?convention={address.rsplit('/', 1)[1]}")
    page.locator("#amount").fill("1 000,00")
    page.locator("#decided_on").fill("02/02/2026")
    page.locator("#object").fill("Une place de plus")
    page.get_by_role("button", name="Engager", exact=True).click()
    expect(page.locator("[data-errors]")).to_contain_text(re.compile(r"Il reste 400,00"))
    axe(page)
