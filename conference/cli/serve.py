"""`conference serve`: the pages, for the demo and in production.

gunicorn: several processes of a few threads each. The application, and with it the database, is made in each process after
the fork: a connection never crosses one; only the modules are loaded before, once for all. One process at a time keeps the
clock of the jobs: whoever holds the lock of `clock.lock`; when it dies the kernel gives the lock to another.
"""

import fcntl
import ipaddress
import os
import socket
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

import conference
from conference.cli.opening import NotReady, example, now, open_instance, read_settings
from conference.domain.permissions import CONSOLE
from conference.services.first_steps import needs_first_steps, setup_address
from conference.services.set_up import set_up
from conference.settings import Settings

THREADS = 4


@click.command(
    "serve", epilog=example("conference serve --setup demo", "conference serve --host 0.0.0.0 --port 8080 --workers 4")
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=f"Processes, of {THREADS} threads each (default: 2 per core, 4 at most).",
)
@click.option("--setup", type=click.Choice(["demo", "empty"]), help="First make the instance, or upgrade it.")
def serve_command(host: str, port: int, workers: int | None, setup: str | None) -> None:
    """Serve the pages until interrupted.

    --setup demo makes the instance, upgrades it when need be, loads the demo the first time and prints its accounts;
    --setup empty starts a real, empty conférence. In production: behind a proxy that does TLS, with CONFERENCE_PUBLIC_URL.
    """
    settings = reached_at(read_settings(), host, port)
    _refuse_taken_port(host, port)
    lines = [
        f"Conférence des financeurs: http://{_shown_host(host)}:{port}/  (Ctrl+C stops it)",
        *_prepare(settings, setup),
    ]
    count = workers or min(4, 2 * (os.cpu_count() or 1))
    for room in conference.PAGES:
        import_module(f"conference.web.{room}")
    Server(settings, bind=f"[{host}]:{port}" if ":" in host else f"{host}:{port}", workers=count, lines=lines).run()


def reached_at(settings: Settings, host: str, port: int) -> Settings:
    """Settings of a server on that address: what the environment does not say follows from it.

    Links in mails lead to the address itself; cookies go without TLS only where the server is on the loopback, or where
    CONFERENCE_PUBLIC_URL says http.
    """
    given = settings.model_fields_set
    changes: dict[str, Any] = {}
    if "public_url" not in given:
        changes["public_url"] = f"http://{_shown_host(host)}:{port}"
    if "secure_cookies" not in given:
        plain = settings.public_url.startswith("http://") if "public_url" in given else _is_loopback(host)
        changes["secure_cookies"] = not plain
    return settings.model_copy(update=changes)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _refuse_taken_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise NotReady(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from None


def _prepare(settings: Settings, setup: str | None) -> list[str]:
    """Make or check the instance; the lines to print with the address."""
    if setup == "demo":
        from conference.cli.demo import fill, told_accounts  # what the demo needs is not loaded to serve a real one

        loaded, accounts = fill(settings)
        if accounts:
            return [*(["The demo has been loaded."] if loaded else []), *told_accounts(accounts)]
        return ["This instance holds a real conférence: the demo was not loaded."]
    if setup == "empty":
        set_up(settings, by=CONSOLE, at=now())
    with open_instance() as instance, instance.database.reading() as session:
        return [f"First steps: {setup_address(settings)}"] if needs_first_steps(session) else []


class Server(BaseApplication):
    """gunicorn on one instance."""

    def __init__(self, settings: Settings, *, bind: str, workers: int, lines: list[str]) -> None:
        self._settings, self._bind, self._workers, self._lines = settings, bind, workers, lines
        super().__init__()

    def load_config(self) -> None:
        """Our settings of gunicorn, none from files or the environment."""
        memory = Path("/dev/shm")
        chosen = {
            "bind": self._bind,
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 5,
            "limit_request_line": 8190,
            "loglevel": "warning",
            "proc_name": "conference",
            "control_socket_disable": True,
            "worker_tmp_dir": str(memory) if os.access(memory, os.W_OK) else None,
            "when_ready": self._ready,
            "post_worker_init": self._keep_clock,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each worker."""
        return conference.create_app(self._settings)

    def _ready(self, _: Any) -> None:
        click.echo("\n".join(self._lines))

    def _keep_clock(self, worker: Any) -> None:
        database = worker.app.callable.extensions["database"]
        arguments = (self._settings, database)
        threading.Thread(target=keep_clock, args=arguments, name="clock", daemon=True).start()


def keep_clock(settings: Settings, database: Any) -> None:
    """Wait for one's turn, then run the jobs' clock as long as this process lives."""
    handle = os.open(settings.instance / "clock.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    import_module("conference.jobs").start_clock(settings, database)  # siblings do not know each other
