"""Which reference lists are shipped with the product?

One TOML file per list, each code with the list and version that it comes from.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files


@dataclass(frozen=True)
class ShippedItem:
    """One item of a shipped list; `parent` and `successor` are codes of the same list."""

    code: str
    label: str
    kind: str | None = None
    parent: str | None = None
    successor: str | None = None
    lheo: str | None = None
    version: str | None = None
    definition: str | None = None
    first: date | None = None
    last: date | None = None


def shipped_list(name: str) -> tuple[ShippedItem, ...]:
    """Items of the shipped list `name` (schemes, audiences, natures, levels, territories, sectors), in their order."""
    raw = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(ShippedItem(**item) for item in raw["item"])
