"""Which reference lists are shipped with the product?

One TOML file per list, in the order in which it is shown. Decision: each code keeps the list and version that it
comes from (`version`, given once for the file or by the item), since an official code means nothing without it; an
item that ended stays, dated, with its successor. A date is given only where it is certain. The file is checked whole
when it is read: a parent, a successor or a date that does not hold raises, so that no instance starts from a bad list.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

NAMES = ("schemes", "audiences", "natures", "levels", "territories", "sectors")
"""The shipped lists, each a file of this package."""


@dataclass(frozen=True)
class ShippedItem:
    """One item of a shipped list; `parent` and `successor` are codes of the same list.

    `kind` is the type of territory, the nomenclature of a level, `section` or `division` of a sector, and for a scheme
    the kind of organisation that mainly funds it. `lheo` is the code of the exchange language LHÉO 2.3.
    """

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


@cache
def shipped_list(name: str) -> tuple[ShippedItem, ...]:
    """Items of the shipped list `name` (one of `NAMES`), in their order. Raises ValueError for any other name."""
    if name not in NAMES:
        raise ValueError(f"no shipped list is called {name!r}; there are {', '.join(NAMES)}")
    return parse(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def parse(text: str) -> tuple[ShippedItem, ...]:
    """Items of a list written in TOML. Raises ValueError naming every fault."""
    raw = tomllib.loads(text)
    version = raw.get("version")
    items = tuple(ShippedItem(**{"version": version, **item}) for item in raw["item"])
    found = list(faults(items))
    if found:
        raise ValueError("; ".join(found))
    return items


def faults(items: Sequence[ShippedItem]) -> Iterator[str]:
    """What does not hold in a list: codes twice, links to nothing, dates in disorder, no version."""
    codes = Counter(item.code for item in items)
    yield from (f"{code} is there {count} times" for code, count in codes.items() if count > 1)
    for item in items:
        for link in (item.parent, item.successor):
            if link is not None and (link not in codes or link == item.code):
                yield f"{item.code} refers to {link}, which is not another item"
        if item.first and item.last and item.last < item.first:
            yield f"{item.code} ends before it starts"
        if item.successor and not item.last:
            yield f"{item.code} has a successor but no end"
        if not item.version:
            yield f"{item.code} does not say which list it comes from"
