"""What mails lead to is there."""

import pytest
from flask import Flask

from conference.services.deep_links import LISTS, PAGES, address
from conference.settings import Settings


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_mails_lead_to_are_pages_of_the_application(app: Flask, settings: Settings) -> None:
    routes = app.url_map.bind("c.example")
    for kind in LISTS:
        for number in (0, 7):
            path = address(settings, kind, number).removeprefix(settings.public_url)
            endpoint, found = routes.match(path, method="GET")
            assert endpoint in app.view_functions, path
            assert list(found.values()) == ([7] if number and kind in PAGES else []), path
