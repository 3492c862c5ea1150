"""How does a test look at the application as a person would, in a real Chromium?

`demo_server` is the real command (`conference serve --setup demo`) on an instance of its own and a free port; the tests
of this folder share it, on one worker, so each makes the rows that it changes. `page` is a new browser context: it
fails the test when the page logged an error, which is also how a breach of the content policy shows. `axe(page)`, of
`tests.e2e.axe`, runs axe-core.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.machine import lacking

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # as root Chromium refuses its sandbox; it opens our own pages only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a page; `tests.workers` keeps them on one worker, which alone starts a server and a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Server:
    """A running server: its address, its instance folder and what it printed at its start."""

    url: str
    instance: Path
    log: Path


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo conférence, served by the real command on a free port of 127.0.0.1."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}", folder / "instance", folder / "log")
    environment = os.environ | {"CONFERENCE_INSTANCE": str(server.instance), "CONFERENCE_PUBLIC_URL": server.url}
    command = [Path(sys.executable).parent / "conference", "serve", "--setup", "demo", "--port", str(port)]
    with server.log.open("w") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait_until_served(process, server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_served(process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(server.url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return  # it answers; whether it answers well is for the tests to say
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{server.log.read_text()}", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    executable = shutil.which("chromium")
    if executable is None:
        lacking("Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, headless=True, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def console() -> list[str]:
    """Errors that the page of this test logged, in order."""
    return []


@pytest.fixture
def page(browser: Browser, console: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a context of its own (no cookie), in French, 1,280 px wide; an error on its console fails the test.

    `@pytest.mark.expects_console_errors` is for a test that opens a bad page on purpose.
    """

    def keep(message: ConsoleMessage) -> None:
        # A status of 404 or 422 is logged too, and is for the test to judge.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            console.append(message.text)

    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.on("console", keep)
    opened.on("pageerror", lambda error: console.append(str(error)))
    yield opened
    context.close()
    if request.node.get_closest_marker("expects_console_errors") is None:
        assert console == []
