"""What do the tests of the ledger's pages share? A signed-in browser on a small world, and a form already filled."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from conference.data.session import Database
from tests.seeds import World, sign_in_token
from tests.web.page_client import PageClient


@dataclass
class Browsers:
    """One browser per account of the world, opened when first asked for."""

    app: Flask
    database: Database
    world: World

    def __post_init__(self) -> None:
        self._open: dict[str, PageClient] = {}

    def __call__(self, who: str) -> PageClient:
        """The browser of that account, signed in."""
        if who not in self._open:
            client = PageClient(self.app)
            client.flask.set_cookie("conference_session", sign_in_token(self.database, self.world.actors[who]))
            self._open[who] = client
        return self._open[who]


TYPED = {"amount": "1 250,00", "decided_on": "14/05/2026", "object": "Formation de soudeur"}
"""The least that an officer types for a commitment."""


def commit_by_form(client: PageClient, **typed: Any) -> TestResponse:
    """Send the form of a new commitment."""
    return client.post("/engagements/nouveau", token_from="/engagements/nouveau", data={**TYPED, **typed})


def version_of(client: PageClient, address: str) -> str:
    """The version that the form at that address carries."""
    text = client.get(address).text
    return text.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
