"""What does every answer carry to protect the people who read it?

One strict policy: nothing inline, nothing from elsewhere, no frame, no cache of pages that hold data. CSRF protection is
Flask-WTF's; the Flask cookie holds its token and the passing messages, the account's session is our own.

A request is small, but where its view says otherwise (`up_to`) and its sender may use that view: a stranger can make the
server read little.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from conference.domain.permissions import is_granted_somewhere
from conference.settings import Settings

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
BY_SIGNED_TOKEN = ("conference.web.unsubscribe.stop",)
"""Views that mail programs post to without a form: a signed token in their address says what may be done, and nothing else."""
FORM_BYTES = 100_000
"""What surrounds a file in the form that sends it."""
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


def register(app: Flask, settings: Settings) -> CSRFProtect:
    """Set cookies, headers and CSRF protection."""
    app.config.update(
        SESSION_COOKIE_NAME="conference_page",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
        MAX_CONTENT_LENGTH=settings.request_bytes,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=5_000,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.after_request(lambda response: _protect(response, settings.secure_cookies))
    app.before_request(_widen)  # before the protection against forgery, which reads the form
    protection = CSRFProtect(app)
    for view in BY_SIGNED_TOKEN:
        protection.exempt(view)
    return protection


def up_to(setting: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view accepts requests as large as that setting says, in bytes; under `@right`, whose action must be granted."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        view.largest = setting  # type: ignore[attr-defined]
        return view

    return decorate


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    setting = getattr(view, "largest", None)
    if setting and g.actor is not None and is_granted_somewhere(g.actor, getattr(view, "right", "")):
        request.max_content_length = getattr(current_app.extensions["settings"], setting) + FORM_BYTES


def _protect(response: Response, secure: bool) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
