"""What does the ledger add up to, by whatever one asks? Its entries, read one by one and added up in cents.

No rollup, no query of ours: plain SQL over the append-only tables, then Python integers. It is slow and cannot be wrong in
the same way as what it checks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from conference.data.session import Database

LISTS = ("scheme", "audience", "nature", "level", "territory", "sector")
_QUERY = f"""
SELECT f.code, f.short_name, t.code, e.kind, e.amount, e.booked_month, e.reverses_id, e.id, c.id, c.persons,
       {", ".join(f"{name}.code, {name}.label" for name in LISTS)}
FROM entry e
JOIN commitment c ON c.id = e.commitment_id
JOIN dimension_set d ON d.id = c.dimension_set_id
JOIN organisation f ON f.id = e.funder_id
LEFT JOIN organisation t ON t.id = e.to_funder_id
{" ".join(f"JOIN {name} ON {name}.id = d.{name}_id" for name in LISTS)}
ORDER BY e.id
"""
_SIGNS = {
    "committed": {"commitment": 1, "release": -1},
    "paid": {"payment": 1, "repayment": -1},
    "ordered": {"order": 1},
}


@dataclass(frozen=True)
class Fact:
    """One entry. `codes` and `labels` by axis: funder, month ("2026-03"), year and the lists; `to` the code of the funder that
    it goes through; `decisions` and `persons`: a line and those it foresees, with its first engagement, less with its
    annulation."""

    kind: str
    cents: int
    codes: dict[str, str]
    labels: dict[str, str]
    to: str | None
    line: int
    decisions: int
    persons: int

    @property
    def month(self) -> str:
        """ "2026-03"."""
        return self.codes["month"]


Facts = tuple[Fact, ...]
Chosen = Callable[[Fact], bool]


def read_facts(database: Database) -> Facts:
    """Every entry of the ledger."""
    with database.reading() as session:
        rows = session.connection().exec_driver_sql(_QUERY).fetchall()
    first: dict[int, int] = {}
    facts = []
    for row in rows:
        code, name, to, kind, cents, month, reverses, entry, line, persons, *items = row
        if kind == "commitment" and reverses is None:
            first.setdefault(line, entry)
        counts = kind == "commitment" and first.get(line) in (entry, reverses)
        sign = 0 if not counts else 1 if reverses is None else -1
        codes = {"funder": code, "month": f"{month // 100}-{month % 100:02}", "year": f"{month // 100}"}
        codes |= dict(zip(LISTS, items[::2], strict=True))
        labels = {"funder": name} | dict(zip(LISTS, items[1::2], strict=True))
        facts.append(Fact(kind, int(cents), codes, labels, to, line, sign, sign * (persons or 0)))
    return tuple(facts)


def between(facts: Iterable[Fact], first: str = "", last: str = "9999-12") -> Facts:
    """Entries booked in these months, both included."""
    return tuple(fact for fact in facts if first <= fact.month <= last)


def of(facts: Iterable[Fact], **codes: str) -> Facts:
    """Entries with these codes: of(facts, funder="region", scheme="caf")."""
    return tuple(fact for fact in facts if all(fact.codes[axis] == code for axis, code in codes.items()))


def internal(facts: Facts, funders: Iterable[str] = ()) -> Facts:
    """What goes through another funder; through one of `funders` where these are chosen."""
    chosen = set(funders)
    return tuple(fact for fact in facts if fact.to and (not chosen or fact.to in chosen))


def shared(facts: Facts, funders: Iterable[str] = ()) -> Facts:
    """What is left without it."""
    gone = set(map(id, internal(facts, funders)))
    return tuple(fact for fact in facts if id(fact) not in gone)


def euros(facts: Iterable[Fact], measure: str) -> Decimal:
    """Committed, ordered, paid or still_to_pay."""
    found = tuple(facts)
    if measure == "still_to_pay":
        return euros(found, "committed") - euros(found, "paid")
    signs = _SIGNS[measure]
    return Decimal(sum(signs.get(fact.kind, 0) * fact.cents for fact in found)).scaleb(-2)


def persons(facts: Iterable[Fact]) -> int:
    """Persons foreseen."""
    return sum(fact.persons for fact in facts)


def codes_of(facts: Iterable[Fact], axis: str) -> dict[str, str]:
    """Code → label of what is met along an axis, months and years under their own codes."""
    return {fact.codes[axis]: fact.labels.get(axis, fact.codes[axis]) for fact in facts}
