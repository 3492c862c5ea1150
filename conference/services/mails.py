"""How does a message leave the house?

Plain text in French, by SMTP, or as an `.eml` file of `instance/mails/` where no server is set (the demo). Always after
the commit that made it true, never inside: a mail cannot be rolled back, and a slow server must not hold the lock.
A server that fails breaks nothing: `send` answers False, and the caller says that the message did not leave. `transmit`
says why: who sends once (`services.outbox`) must know whether the server may have taken the message before it went silent.
"""

import logging
import os
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from enum import Enum
from typing import Any

from conference.domain.french import PARIS, format_date, format_instant
from conference.services.links import SentLink
from conference.services.sealing import Seal
from conference.settings import Settings

PATIENCE_SECONDS = 10
MOST_SEALS = 31
LONGEST_LINE = 998
"""Characters in a header's line, by the standard. By default Python encodes an address of more than 78 as if it were words,
and no mail program finds the link again."""
SIGNATURE = "Ce message est envoyé par l’outil de la conférence. Merci de ne pas y répondre."


class Why(Enum):
    """Why a message did not leave: no server answered, this message may pass later, it never will, or nobody knows."""

    UNREACHED = "unreached"
    LATER = "later"
    NEVER = "never"
    UNSURE = "unsure"


class NotSent(Exception):
    """The message did not leave, or nobody can say that it did (`Why.UNSURE`)."""

    def __init__(self, why: Why, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.why = why


def link_mail(link: SentLink, *, settings: Settings, conference_name: str) -> EmailMessage:
    """The mail that carries an invitation or a reset link."""
    until = format_instant(link.expires_at.astimezone(PARIS))
    address = link_address(settings, link.token)
    if link.purpose == "invitation":
        return _message(
            settings,
            link.email,
            f"Votre accès à {conference_name}",
            f"Bonjour {link.name},",
            f"Un compte vous attend sur l’outil partagé de {conference_name}. "
            "Pour l’ouvrir, choisissez votre mot de passe :",
            address,
            f"Ce lien sert une seule fois et reste valable jusqu’au {until}.",
        )
    return _message(
        settings,
        link.email,
        f"Nouveau mot de passe – {conference_name}",
        f"Bonjour {link.name},",
        "Quelqu’un, sans doute vous, a demandé à choisir un nouveau mot de passe. Pour le faire :",
        address,
        f"Ce lien sert une seule fois et reste valable jusqu’au {until}. "
        "Si vous n’avez rien demandé, ignorez ce message : votre mot de passe ne change pas.",
    )


def seal_words(seals: Sequence[Seal], *, conference_name: str) -> tuple[str, str]:
    """Subject and text of the mail that tells an administrator the seals just made, so that a rewritten journal is found.

    After a long rest of the machine the latest month of them is enough: each covers all that precedes it.
    """
    lines = (
        f"{format_date(seal.day)}, jusqu’à l’écriture numéro {seal.last_id} :\n{seal.seal}"
        for seal in seals[-MOST_SEALS:]
    )
    paragraphs = (
        "Bonjour,",
        "Le journal de la conférence vient d’être scellé :",
        *lines,
        (
            "Gardez ce message. La page Journal doit toujours montrer ces mêmes sceaux : "
            "si l’un d’eux diffère, le journal a été réécrit."
        ),
    )
    return f"Sceau du journal du {format_date(seals[-1].day)} – {conference_name}", "\n\n".join(paragraphs)


def link_address(settings: Settings, token: str) -> str:
    """Where a link leads."""
    return f"{settings.public_url.rstrip('/')}/lien/{token}"


def plain_mail(
    to: str, subject: str, body: str, *, settings: Settings, headers: Mapping[str, str], identifier: str
) -> EmailMessage:
    """A mail of one text. `identifier` makes its Message-ID, the same at each try, so that a mailbox can tell a copy."""
    message = _message(settings, to, subject, body)
    message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
    message["Message-ID"] = f"<{identifier}@{_host(settings)}>"
    for name, value in headers.items():
        message[name] = value
    return message


def send(message: EmailMessage, *, settings: Settings, at: datetime) -> bool:
    """Send `message`, or write it to the instance's folder. False, and a line in the log, when it did not leave."""
    try:
        transmit(message, settings=settings, at=at)
    except NotSent as error:
        logging.getLogger("conference").error("a mail did not leave: %s", error)
        return False
    return True


def transmit(message: EmailMessage, *, settings: Settings, at: datetime) -> None:
    """Hand `message` to the server, or write it to the instance's folder. Raises NotSent, with the reason."""
    message["Date"] = format_datetime(at)
    if "Message-ID" not in message:
        message["Message-ID"] = make_msgid(domain=_host(settings))
    if settings.smtp_host:
        _by_smtp(message, settings)
        return
    try:
        _to_folder(message, settings, at)
    except OSError as error:
        raise NotSent(Why.UNREACHED, error) from error


def _message(settings: Settings, to: str, subject: str, *paragraphs: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, to
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    message.set_content("\n\n".join((*paragraphs, f"-- \n{SIGNATURE}")) + "\n", cte="quoted-printable")
    return message


class _Server(smtplib.SMTP):
    """A server that remembers whether it was handed the text of a message: silent after that, it may have taken it."""

    handed = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handed = True
        return super().data(msg)


def _by_smtp(message: EmailMessage, settings: Settings) -> None:
    try:
        server = _greeted(settings)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(Why.UNREACHED, error) from error
    try:
        server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_why(error, handed=server.handed), error) from error
    finally:
        with suppress(OSError, smtplib.SMTPException):  # what the server says once it has answered changes nothing
            server.quit()
        server.close()


def _greeted(settings: Settings) -> _Server:
    """A server ready to take a message."""
    assert settings.smtp_host
    server = _Server(settings.smtp_host, settings.smtp_port, timeout=PATIENCE_SECONDS)
    try:
        if settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password or "")
    except BaseException:
        server.close()
        raise
    return server


def _why(error: Exception, *, handed: bool) -> Why:
    """What the failure of a message means: codes of 500 and more are for ever, those below are for now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return Why.NEVER if all(code >= 500 for code, _ in error.recipients.values()) else Why.LATER
    if isinstance(error, smtplib.SMTPResponseException):
        return Why.NEVER if error.smtp_code >= 500 else Why.LATER
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Why.NEVER
    return Why.UNSURE if handed else Why.UNREACHED


def _host(settings: Settings) -> str:
    return parseaddr(settings.mail_from)[1].partition("@")[2] or "localhost"


def _to_folder(message: EmailMessage, settings: Settings, at: datetime) -> None:
    folder = settings.instance / "mails"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{at:%Y%m%d-%H%M%S}-{str(message['Message-ID']).strip('<>').partition('@')[0]}.eml"
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes())
