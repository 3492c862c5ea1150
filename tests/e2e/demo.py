"""How does a test come into the demo conférence?"""

from playwright.sync_api import Page

from conference.services.demo import DOMAIN, PASSWORD
from tests.e2e.conftest import Server


def sign_in(page: Page, server: Server, login: str) -> None:
    """Sign in as a demo account, by the door that everyone uses."""
    page.context.clear_cookies()
    page.goto(f"{server.url}/connexion")
    page.get_by_label("Adresse électronique").fill(f"{login}@{DOMAIN}")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{server.url}/")
