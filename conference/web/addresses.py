"""What may an address hold?

Numbers that an identifier can be: a larger one is no page (404). Any text but the character NUL, which no keyboard types
and PostgreSQL does not keep (400). Given to the database, both would be errors of ours.
"""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class IdentifierConverter(IntegerConverter):
    """`<int:…>` of an address: 0 to `LARGEST`."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=LARGEST)


def register(app: Flask) -> None:
    """Read every `<int:…>` so, and refuse NUL. Before the first route, after what finds who asks."""
    app.url_map.converters["int"] = IdentifierConverter
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if "%00" in request.query_string.decode("latin-1") or "\0" in request.path:
        abort(400)
