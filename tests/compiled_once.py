"""What need not be compiled again for the application of each test?

Each test makes the whole application, on a database of its own. Two of its parts depend on the code alone, and took most
of the 170 ms of processor up to its first page: the compiled templates, and what compiles the addresses. They are kept for
the whole test process, through the two places that Jinja and Flask give for it.
"""

from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_templates: dict[str, bytes] = {}
_addresses: dict[tuple[Any, ...], dict[str, Any]] = {}


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
        """Fill `_parts`, `_trace`, `_converters` and the two builders, as Werkzeug does."""
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, str(self.defaults))
        if key not in _addresses:
            super().compile()
            names = ("_parts", "_trace", "_converters")
            _addresses[key] = {name: getattr(self, name) for name in names} | {
                name: getattr(self, name).__func__ for name in ("_build", "_build_unknown")
            }
            return
        for name, value in _addresses[key].items():
            setattr(self, name, value.__get__(self, None) if callable(value) else value)


def keep_addresses() -> None:
    """Every application of this process made from now on compiles an address that none did before."""
    Flask.url_rule_class = KeptRule


def keep_templates(app: Flask) -> Flask:
    """The application, which compiles a template that none did before."""
    app.jinja_env.bytecode_cache = KeptTemplates()
    return app
