"""Who is asking, and may they?

Every view carries its right: `@right("commitment.create")` names an action of the matrix of `domain.permissions`, and
`@public("why")` the few pages that need no account. A view without either is a defect that a test finds.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for

from conference.domain.permissions import MATRIX, Actor, is_granted_somewhere
from conference.domain.refusal import Forbidden
from conference.services.sessions import SignedIn, signed_in, touch_session
from conference.web.transaction import after_business, read_apart

COOKIE = "conference_session"
View = Callable[..., Any]


def right(action: str) -> Callable[[View], View]:
    """The view needs an account to which the matrix grants `action` on some object; the service checks which."""
    if action not in MATRIX:
        raise KeyError(f"{action} is not an action of the matrix")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.actor is None:
                return to_sign_in()
            if not is_granted_somewhere(g.actor, action):
                raise Forbidden()
            return view(*args, **kwargs)

        guarded.right = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """The view is open to everyone, for `reason`."""

    def decorate(view: View) -> View:
        view.public = reason  # type: ignore[attr-defined]
        return view

    return decorate


def actor() -> Actor:
    """Who asks; only in a view that carries a right."""
    found: Actor | None = g.actor
    if found is None:
        abort(401)
    return found


def to_sign_in() -> Any:
    """Send to the sign-in page, which leads back here."""
    onward = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.sign_in", suite=onward))


def register(app: Flask) -> None:
    """Find the actor before each request."""
    app.before_request(_identify)


def _identify() -> None:
    g.actor, g.signed_in = None, None
    token = request.cookies.get(COOKIE)
    if not token or request.endpoint in (None, "static"):
        return
    settings = current_app.extensions["settings"]
    with read_apart() as session:
        found = signed_in(session, token, at=g.at, idle=settings.session_idle, absolute=settings.session_absolute)
    if found is None:
        return
    g.signed_in = found
    g.actor = None if found.awaits_totp else found.actor
    if found.touch_due:
        _touch_later(found)


def _touch_later(found: SignedIn) -> None:
    at = g.at
    after_business(lambda session: touch_session(session, found.token_hash, at=at))
