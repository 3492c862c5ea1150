"""`conference serve` starts, answers, says its address and stops; settings follow from the address."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from conference.cli.serve import reached_at
from conference.settings import Settings
from tests.cli.conftest import Console


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "given", "secure", "public_url"),
    [
        ("127.0.0.1", {}, False, "http://127.0.0.1:8080"),
        ("::1", {}, False, "http://[::1]:8080"),
        ("localhost", {}, False, "http://localhost:8080"),
        ("0.0.0.0", {}, True, "http://0.0.0.0:8080"),
        ("127.0.0.1", {"public_url": "https://c.example"}, True, "https://c.example"),
        ("0.0.0.0", {"public_url": "http://c.example"}, False, "http://c.example"),
        ("127.0.0.1", {"secure_cookies": True}, True, "http://127.0.0.1:8080"),
    ],
)
def test_cookies_go_without_tls_only_where_said_or_on_the_loopback(
    host: str, given: dict[str, object], secure: bool, public_url: str, tmp_path: Path
) -> None:
    found = reached_at(Settings(instance=tmp_path, **given), host, 8080)
    assert (found.secure_cookies, found.public_url) == (secure, public_url)


def test_empty_conference_is_served_by_two_processes_and_stops(tmp_path: Path) -> None:
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CONFERENCE_")}
    environment["CONFERENCE_INSTANCE"] = str(tmp_path / "instance")
    command = [
        sys.executable,
        "-m",
        "conference.cli",
        "serve",
        "--setup",
        "empty",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert "Premiers pas" in _first_answer(server, port)
        finally:
            server.send_signal(signal.SIGTERM)
            out, err = server.communicate(timeout=40)
    assert (server.returncode, err) == (0, "")
    code = (tmp_path / "instance" / "setup-code.txt").read_text().strip()
    assert out.splitlines() == [
        f"Conférence des financeurs: http://127.0.0.1:{port}/  (Ctrl+C stops it)",
        f"First steps: http://127.0.0.1:{port}/premiers-pas?code={code}",
    ]


def _first_answer(server: "subprocess.Popen[str]", port: int) -> str:
    for _ in range(300):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server never answered")


def test_taken_port_is_a_sentence(console: Console) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        answer = console("serve", "--port", str(port))
    assert answer.code == 2
    assert answer.err == (
        f"conference: cannot listen on 127.0.0.1:{port}: Address already in use; choose another with --port\n"
    )
