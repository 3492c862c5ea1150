"""What need not be compiled again for each test?

Each test makes the whole application, on a database of its own. What depends on the code alone is kept for the whole test
process, as it is in a server: the compiled templates, what compiles the addresses (72 ms of processor for an application)
and the SQL of the statements, which SQLAlchemy keeps by dialect object and by engine (a third of a test of a service).
"""

from typing import Any

import sqlalchemy
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import Dialect
from werkzeug.routing import Rule

import conference.data.session

_templates: dict[str, bytes] = {}
_addresses: dict[tuple[Any, ...], dict[str, Any]] = {}
_dialects: dict[str, Dialect] = {}
_statements: dict[str, Any] = {}


class KeptTemplates(BytecodeCache):
    """Compiled templates, by the digest of their name; a template that changed is compiled again (Jinja compares)."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what an earlier application compiled, if it did."""
        if bucket.key in _templates:
            bucket.bytecode_from_string(_templates[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        _templates[bucket.key] = bucket.bytecode_to_string()


class KeptRule(Rule):
    """An address that the first application compiles; those of the others take what it found."""

    def compile(self) -> None:
        """Fill `arguments`, `_parts`, `_trace`, `_converters` and the two builders, as Werkzeug does."""
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, str(self.defaults))
        if key not in _addresses:
            super().compile()
            names = ("arguments", "_parts", "_trace", "_converters")
            _addresses[key] = {name: getattr(self, name) for name in names} | {
                name: getattr(self, name).__func__ for name in ("_build", "_build_unknown")
            }
            return
        for name, value in _addresses[key].items():
            setattr(self, name, value.__get__(self, None) if callable(value) else value)


def keep_statements() -> None:
    """Every database opened from now on in this process shares the compiled statements of those of its kind."""
    conference.data.session.create_engine = _engine  # type: ignore[attr-defined]


def _engine(url: str, **options: Any) -> Engine:
    engine = sqlalchemy.create_engine(url, **options)
    known = _dialects.get(engine.dialect.name)
    if known is None or known.server_version_info is None:  # it learns what its server can at the first connection
        _dialects[engine.dialect.name] = engine.dialect
        _statements[engine.dialect.name] = engine._compiled_cache
    else:
        engine.dialect = known
        engine._compiled_cache = _statements[known.name]
    return engine


def keep_addresses() -> None:
    """Every application of this process made from now on compiles an address that none did before."""
    Flask.url_rule_class = KeptRule


def keep_templates(app: Flask) -> Flask:
    """The application, which compiles a template that none did before."""
    app.jinja_env.bytecode_cache = KeptTemplates()
    return app
