"""How is a "no" shown?

A Refusal that a form did not show itself becomes a page with its sentence and the right status; what we did not foresee
says that nothing was recorded, and is logged whole.
"""

import logging

from flask import Flask, g, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from conference.data.constraints import refusal_of
from conference.data.queries.profile import shown_profile
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.web.transaction import read_apart

Answer = tuple[str, int]


def register(app: Flask) -> None:
    """Attach a page to each kind of error."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(IntegrityError, _broken_rule)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _page(code: int, explanation: str = "") -> Answer:
    """What frames the page is read apart: where a query failed, PostgreSQL answers no other in that transaction."""
    if "profile" not in g:
        with read_apart() as session:
            g.profile = shown_profile(session)
    return render_template("errors/error.html", code=code, explanation=explanation), code


def _refused(refusal: Refusal) -> Answer:
    if isinstance(refusal, NotFound):
        return _page(404)
    if isinstance(refusal, Forbidden):
        return _page(403)
    return _page(409 if isinstance(refusal, Conflict) else 422, refusal.message)


def _broken_rule(error: IntegrityError) -> Answer:
    try:
        return _refused(refusal_of(error))
    except IntegrityError:
        return _unforeseen(error)


def _stale_form(error: CSRFError) -> Answer:
    return _page(400, "Ce formulaire est resté ouvert trop longtemps. Rechargez la page, puis recommencez.")


def _http(error: HTTPException) -> Answer | Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    return _page(error.code)


def _unforeseen(error: Exception) -> Answer:
    logging.getLogger("conference").exception("unforeseen error", exc_info=error)
    return _page(500)
