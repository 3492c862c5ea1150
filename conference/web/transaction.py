"""Where does a request's work become lasting?

In one place. `business()` is the request's session: for a GET the database refuses that it writes; for anything else it
commits if and only if the answer's status is below 400. What must be kept whatever happens (failed logins, session
touch, nominative readings) is handed to `after_business` and written by a second session, *traces*, which commits by
itself once the first is closed: one writer at a time, so they can never wait for each other.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, request
from sqlmodel import Session as Session  # the other pages name the type from here

from conference.data.session import Database

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Database:
    """The database of the running application."""
    found: Database = current_app.extensions["database"]
    return found


def business() -> Session:
    """The session of this request, begun at its first use."""
    if "business" not in g:
        opened = database().reading() if request.method in SAFE else database().writing()
        g.business = g.stack.enter_context(opened)
    found: Session = g.business
    return found


@contextmanager
def read_apart() -> Iterator[Session]:
    """A short reading session of its own, for what is needed before the business begins."""
    with database().reading() as session:
        yield session


@contextmanager
def write_apart() -> Iterator[Session]:
    """A short writing session of its own, for what must be kept before the business begins, whatever becomes of it."""
    if "business" in g and request.method not in SAFE:
        raise RuntimeError("the business of this request holds the lock already")
    with database().writing() as session:
        yield session


def after_business(write: Callable[[Session], None]) -> None:
    """Have `write` done in the *traces* session, whatever becomes of the request."""
    g.traces.append(write)


def after_commit(errand: Callable[[], None]) -> None:
    """Have `errand` done once the business of this request is committed, no lock held; not done when it is not."""
    g.errands.append(errand)


def register(app: Flask) -> None:
    """Open the clock of the request first, close its sessions last."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_abandon)


def _begin() -> None:
    g.at = datetime.now(UTC)
    g.stack = ExitStack()
    g.traces = []
    g.errands = []


def _end(response: Response) -> Response:
    if "stack" not in g:
        return response
    if response.status_code >= 400:
        _roll_back()
    g.stack.close()
    g.pop("business", None)
    _write_traces()
    if response.status_code < 400:
        for errand in g.errands:
            errand()
    return response


def _write_traces() -> None:
    traces, g.traces = g.traces, []
    if traces:
        with database().writing() as session:
            for write in traces:
                write(session)


def _abandon(error: BaseException | None) -> None:
    """What an exception left open is rolled back; nothing of it is kept."""
    if "stack" in g:
        _roll_back()
        g.stack.close()


def _roll_back() -> None:
    """Undo what the writing session did; a reading one has nothing to undo, and ends by itself on its own connection."""
    if "business" in g and request.method not in SAFE:
        g.business.rollback()
