"""The simulator answered in a real browser: axe, a narrow screen, the keyboard."""

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import axe
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in

pytestmark = pytest.mark.browser


def test_answer_passes_axe_and_fits_a_narrow_screen(page: Page, demo_server: Server) -> None:
    sign_in(page, demo_server, "gestionnaire.region")
    page.goto(f"{demo_server.url}/aide/simuler?exemple=1")
    page.get_by_role("button", name="Simuler", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Qui paierait chaque jour").wait_for()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
