"""When does a mail leave, and who waits for it?

After the commit. An invitation is sent while the administrator waits, who is then told whether it left. If it did not,
the administrator is shown the link, once, to hand it over: that gives nothing that the administrator did not have, who
could as well have invited an address of its own. The link of a reset is never shown: it would open somebody's account
without that person knowing. A reset is made and sent by a thread of its own, so that the page answers in the same time
whether the address has an account or not.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from flask import Flask, current_app, flash, g

from conference.data.queries.profile import shown_profile
from conference.services.links import SentLink, request_reset
from conference.services.mails import link_address, link_mail, send
from conference.settings import Settings
from conference.web.transaction import after_commit, business, database


def send_invitation(link: SentLink) -> None:
    """Send `link` once the request is committed, and tell the administrator how it went."""
    settings: Settings = current_app.extensions["settings"]
    message, at = link_mail(link, settings=settings, conference_name=shown_profile(business()).name), g.at

    def errand() -> None:
        if send(message, settings=settings, at=at):
            flash(f"L’invitation est partie à {link.email}.", "good")
            return
        address = link_address(settings, link.token)
        flash(
            f"Le message n’est pas parti. Transmettez vous-même ce lien, montré cette fois seulement : {address}", "bad"
        )

    after_commit(errand)


def send_reset(email: str) -> None:
    """Write to `email` if an account has it; nothing is told either way."""
    settings: Settings = current_app.extensions["settings"]
    base, at = database(), g.at

    def errand() -> None:
        _reset(email, settings, at, base.writing)

    in_background(current_app, errand)


def in_background(app: Flask, errand: Callable[[], None]) -> "Future[None]":
    """Do `errand` in the one thread of this process that is kept for it."""
    if "errands" not in app.extensions:
        app.extensions["errands"] = ThreadPoolExecutor(max_workers=1, thread_name_prefix="errands")
    pool: ThreadPoolExecutor = app.extensions["errands"]
    return pool.submit(_logged, app, errand)


def _logged(app: Flask, errand: Callable[[], None]) -> None:
    try:
        errand()
    except Exception:
        app.logger.exception("an errand failed")


def _reset(email: str, settings: Settings, at: datetime, writing: Callable[[], object]) -> None:
    with writing() as session:  # type: ignore[attr-defined]
        link = request_reset(session, email, at=at)
        name = shown_profile(session).name
    if link is not None:
        send(link_mail(link, settings=settings, conference_name=name), settings=settings, at=at)
