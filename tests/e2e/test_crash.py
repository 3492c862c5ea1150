"""Is what the server acknowledged still there, whatever kills it, and whoever writes at once?

The real command on a real port, written to by clients over HTTP: killed with -9 twenty times, processes and all, no
acknowledged commitment is lost and `verify` stays green; thirty-two writers at once meet no error.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Commitment, Entry
from conference.settings import Settings
from tests.e2e.started_again import start_again
from tests.seeds import World, make_world, sign_in_token

KILLS = 20
WRITERS = 6
COMMAND = str(Path(sys.executable).parent / "conference")


@dataclass
class Served:
    """The real server on an instance, which can be killed and started again."""

    environment: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | ForkServerProcess | None = None

    @property
    def arguments(self) -> list[str]:
        return ["serve", "--port", str(self.port), "--workers", "2"]

    def start(self) -> None:
        """Serve, and wait for the first answer."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, *self.arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_served(self.process.poll)

    def start_again(self) -> None:
        """The same, from a process that has read the program already."""
        process = self.process = start_again(self.arguments, self.environment, self.log)
        self._wait_until_served(lambda: process.exitcode)

    def _wait_until_served(self, exit_code: Callable[[], int | None]) -> None:
        for _ in range(600):
            with suppress(OSError, http.client.HTTPException):
                if request(self.port, "GET", "/sante", {})[0] == 200:
                    return
            assert exit_code() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        """kill -9 of the server and of all its processes."""
        assert self.process is not None and self.process.pid is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if isinstance(self.process, subprocess.Popen):
            self.process.wait(20)
        else:
            self.process.join(20)
        # Its workers, whom nobody waits for, hold the port until the kernel has ended them.
        for _ in range(200):
            with suppress(OSError), socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", self.port))
                return
            time.sleep(0.02)


@dataclass
class Writer:
    """A client that commits one euro more each time, and remembers what was acknowledged: {number: reference}."""

    name: str
    port: int
    cookie: str
    token: str
    acknowledged: dict[int, str] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    sent: int = 0

    def write(self) -> None:
        """One commitment with a reference of its own; a broken connection acknowledges nothing."""
        self.sent += 1
        reference = f"{self.name}-{self.sent}"
        fields = {"csrf_token": self.token, "amount": f"{self.sent},01", "decided_on": "02/03/2026"}
        fields |= {"object": "Essai de panne", "funder_reference": reference}
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        status, location, body = request(self.port, "POST", "/engagements/nouveau", headers, urlencode(fields))
        if status in (302, 303) and (found := re.search(r"/engagements/(\d+)$", location)):
            self.acknowledged[int(found[1])] = reference
        else:
            self.refused.append((status, body[:2000]))


def request(
    port: int, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> tuple[int, str, str]:
    """(status, Location, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        cookies = "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])
        return answer.status, answer.headers.get("Location", cookies), answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def served(settings: Settings, world: World, tmp_path: Path) -> Served:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "CONFERENCE_INSTANCE": str(settings.instance),
        "CONFERENCE_DATABASE_URL": settings.database_url or settings.url,
    }
    return Served(environment, port, tmp_path / "server.log")


def make_writers(served: Served, database: Database, world: World, count: int) -> list[Writer]:
    """Clients signed in as the officer of the Région, each with its form's token."""
    writers = []
    for number in range(count):
        session = f"conference_session={sign_in_token(database, world.actors['region'])}"
        status, cookie, page = request(served.port, "GET", "/engagements/nouveau", {"Cookie": session})
        assert status == 200, page
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert found is not None
        writers.append(Writer(f"w{number}", served.port, f"{session}; {cookie}", found[1]))
    return writers


def run_together(writers: list[Writer], work: Callable[[Writer], None]) -> list[BaseException]:
    """Each writer in a thread of its own; whatever went wrong in them."""
    failures: list[BaseException] = []

    def guarded(writer: Writer) -> None:
        try:
            work(writer)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def stored(database: Database) -> dict[int, str | None]:
    with database.reading() as session:
        rows = session.exec(select(Commitment.id, Commitment.funder_reference)).all()
        entries = set(session.exec(select(Entry.commitment_id)))
    return {number: reference for number, reference in rows if number in entries and number is not None}


def assert_verified(served: Served) -> None:
    told = subprocess.run([COMMAND, "verify", "--json"], env=served.environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    assert json.loads(told.stdout)["ok"] is True


def test_kill_9_loses_nothing_that_was_acknowledged(served: Served, database: Database, world: World) -> None:
    served.start()
    writers = make_writers(served, database, world, WRITERS)
    chance = random.Random(9)
    stopped = threading.Event()

    def write_through_crashes(writer: Writer) -> None:
        while not stopped.is_set():
            try:
                writer.write()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    unserved: list[BaseException] = []

    def crash() -> None:
        try:
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.1, 0.7))
                served.kill()
                served.start_again()
        except BaseException as failure:
            unserved.append(failure)
        finally:
            stopped.set()

    killer = threading.Thread(target=crash)
    killer.start()
    failures = run_together(writers, write_through_crashes)
    killer.join()
    served.kill()
    assert failures + unserved == []
    assert [refusal for writer in writers for refusal in writer.refused] == []
    acknowledged = {number: reference for writer in writers for number, reference in writer.acknowledged.items()}
    assert len(acknowledged) >= KILLS
    kept = stored(database)
    assert {number: kept.get(number) for number in acknowledged} == acknowledged
    assert_verified(served)


def test_thirty_two_writers_at_once_meet_no_error(served: Served, database: Database, world: World) -> None:
    served.start()
    try:
        writers = make_writers(served, database, world, 32)

        def write_three(writer: Writer) -> None:
            for _ in range(3):
                writer.write()

        assert run_together(writers, write_three) == []
    finally:
        served.kill()
    assert [refusal for writer in writers for refusal in writer.refused] == []
    assert len(stored(database)) == 96
    assert_verified(served)
