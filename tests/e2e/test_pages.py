"""Does every page hold for everyone: axe, a narrow screen, no broken link?

Each role walks the demo from its first page, following the links as a person would; every route that it meets is opened
once, judged by axe, and seen at 320 px, where nothing may overflow but what scrolls by itself.
"""

from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

import conference
from conference.settings import Settings
from tests.e2e.axe import axe, readable, violations
from tests.e2e.conftest import Server
from tests.e2e.demo import sign_in

ROLES = ("gestionnaire.region", "coordination", "lecture", "administration")
DOWNLOADS = (".pdf", ".xlsx", ".csv", ".json", "/fichier", "/document")


FILES = ("/pieces/", "/fichiers/")


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> MapAdapter:
    """Tells which route an address is."""
    app = conference.create_app(Settings(instance=tmp_path_factory.mktemp("routes")))
    return app.url_map.bind("127.0.0.1")


def route_of(addresses: MapAdapter, path: str) -> str | None:
    try:
        endpoint, _ = addresses.match(path)
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)


def links_of(page: Page, server: Server) -> list[str]:
    """Addresses of the same server that the page leads to, in their order."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    whole = [urljoin(page.url, href) for href in found if not href.startswith("#")]
    return [href.split("#")[0] for href in whole if href.startswith(server.url)]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("login", ROLES)
def test_every_page_of_a_role_passes_axe_and_fits_a_narrow_screen(
    page: Page, demo_server: Server, addresses: MapAdapter, login: str
) -> None:
    sign_in(page, demo_server, login)
    waiting, seen, faults = [demo_server.url + "/"], set[str](), []
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        route = route_of(addresses, path)
        if route is None:
            faults.append(f"{address}: no such page")
            continue
        if route in seen or route == "static" or path.endswith(DOWNLOADS) or any(each in path for each in FILES):
            continue
        seen.add(route)
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            faults.append(f"{address}: {answer.status if answer else 'no answer'}")
            continue
        if found := violations(page):
            faults.append(readable(address, found))
        page.set_viewport_size({"width": 320, "height": 800})
        if overflow(page) > 0:
            faults.append(f"{address}: {overflow(page)} px too wide at 320 px")
        page.set_viewport_size({"width": 1280, "height": 900})
        waiting += links_of(page, demo_server)
    assert not faults, "\n" + "\n".join(faults)
    assert len(seen) >= 5, seen


@pytest.mark.parametrize("path", ["/connexion", "/mot-de-passe-oublie", "/mentions-legales", "/accessibilite"])
def test_public_pages_pass_axe(page: Page, demo_server: Server, path: str) -> None:
    page.goto(demo_server.url + path)
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) == 0
