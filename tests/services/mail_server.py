"""A real SMTP server for the tests, which keeps what it receives and can be told to behave badly."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from conference.settings import Settings


class MailServer:
    """What was received, and what to answer: `recipients` to the addresses, `texts` to the texts, by address."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.silent: set[str] = set()
        self.port = free_port()

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take an address, or answer what was told."""
        if address not in self.recipients:
            envelope.rcpt_tos.append(address)
        return self.recipients.get(address, "250 OK")

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Keep a text; hang up without an answer for those who are to be `silent`."""
        (address,) = envelope.rcpt_tos
        if address in self.texts:
            return self.texts[address]
        self.received.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if address in self.silent:
            server.transport.abort()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What an address received."""
        return [message for message in self.received if message["To"] == address]


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server() -> Iterator[MailServer]:
    """A server, until the end of the block."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def mailing_settings(settings: Settings, port: int) -> Settings:
    """The same settings, with mails going to that port."""
    changes = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False, "public_url": "https://c.example"}
    return settings.model_copy(update=changes)


def smtp_environment(settings: Settings) -> dict[str, str]:
    """What tells another process of these settings."""
    return settings.environment() | {
        "CONFERENCE_SMTP_HOST": str(settings.smtp_host),
        "CONFERENCE_SMTP_PORT": str(settings.smtp_port),
        "CONFERENCE_SMTP_STARTTLS": "false",
        "CONFERENCE_PUBLIC_URL": settings.public_url,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
