"""Is every page that a test opens fit to be shown? A client that reads each one before handing it over.

    client = PageClient(app)
    page = client.get("/engagements")          # AssertionError names the defects of the page, whatever its status
    page = client.post("/engagements", data={"amount": "12"}, token_from="/engagements/nouveau")

The answer is Werkzeug's TestResponse, redirects followed or not as asked. `page_checks` holds the checks.
"""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.web.page_checks import defects

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PageClient:
    """Flask's test client, with cookies, that checks every HTML page it receives."""

    def __init__(self, app: Flask) -> None:
        """A new browser on `app`, signed in as nobody."""
        self.flask = app.test_client()

    def get(self, address: str, **options: Any) -> TestResponse:
        """Open a page; options are those of Flask's client (`query_string`, `follow_redirects`, `headers`)."""
        return self._checked("GET", address, options)

    def post(self, address: str, token_from: str | None = None, **options: Any) -> TestResponse:
        """Send a form; with `token_from`, opens that page first and sends its token along, as a browser does."""
        if token_from is not None:
            options["data"] = {**options.get("data", {}), "csrf_token": self.token(token_from)}
        return self._checked("POST", address, options)

    def token(self, address: str) -> str:
        """The token against forgery on the page at that address. AssertionError when it has none."""
        found = _TOKEN.search(self.get(address, follow_redirects=True).text)
        assert found, f"{address} holds no form with a token"
        return found[1]

    def _checked(self, method: str, address: str, options: dict[str, Any]) -> TestResponse:
        response = self.flask.open(address, method=method, **options)
        # A redirect's own body is Werkzeug's and nobody reads it.
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            check_page(response.text, f"{method} {address} ({response.status_code})")
        return response


def check_page(html: str, name: str = "page") -> None:
    """AssertionError that lists the defects of a page; nothing when there are none."""
    found = defects(html)
    assert not found, f"{name} has {len(found)} defects:\n  " + "\n  ".join(found)
