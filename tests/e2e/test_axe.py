"""Does the guard of accessibility, and that of the browser's console, catch what they are for?"""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import axe, violations

POLICY = "default-src 'none'"
GOOD = (
    "<!doctype html><html lang=fr><head><title>Accueil</title></head>"
    "<body><main><h1>Accueil</h1><p>Rien n’attend.</p></main></body></html>"
)
BAD = "<!doctype html><html><head></head><body><h1>Accueil</h1><img src='data:,'><input name=a></body></html>"
SCRIPTED = GOOD.replace("</body>", "<script>document.title = 'x'</script></body>")


@pytest.fixture
def strict_site() -> Iterator[str]:
    """Address of a site with a strict content policy: `/good`, `/bad` and `/scripted`."""
    bodies = {"/good": GOOD, "/bad": BAD, "/scripted": SCRIPTED}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_axe_accepts_a_good_page_under_a_strict_policy(page: Page, strict_site: str) -> None:
    page.goto(f"{strict_site}/good")
    axe(page)


@pytest.mark.expects_console_errors
def test_axe_names_every_fault_of_a_bad_page(page: Page, strict_site: str) -> None:
    page.goto(f"{strict_site}/bad")
    found = {rule["id"] for rule in violations(page)}
    assert {"document-title", "html-has-lang", "image-alt", "label"} <= found
    with pytest.raises(AssertionError, match=r"image-alt \(critical\)"):
        axe(page)


@pytest.mark.expects_console_errors
def test_breach_of_the_policy_is_seen_on_the_console(page: Page, console: list[str], strict_site: str) -> None:
    page.goto(f"{strict_site}/scripted")
    assert page.title() == "Accueil"
    assert len(console) == 1
    assert "Content Security Policy" in console[0]
