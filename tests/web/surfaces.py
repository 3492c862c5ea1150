"""What do the tests of the figures share? A ledger with all the ways to read it, and what a row of a table should add up.

All is compared with the entries added up one by one (`ledger_oracle`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conference.data.session import Database
from tests.seeds import World
from tests.web.ledger_oracle import Facts, between, codes_of, euros, of, persons
from tests.web.page_client import PageClient
from tests.web.told_tables import Cell, page_tables, plain, told

WORDS = {
    "funder": "financeur",
    "month": "mois",
    "year": "annee",
    "scheme": "dispositif",
    "audience": "public",
    "nature": "nature",
    "level": "niveau",
    "territory": "territoire",
    "sector": "secteur",
}
MEASURES = {"Engagé": "committed", "Mandaté": "ordered", "Payé": "paid", "Reste à payer": "still_to_pay"}
FOOT = ("Somme des financeurs", "Transferts internes, à retirer", "Total partagé")
SCREEN, PUBLISHED = 5, 11
"""Thresholds under which a count of persons is not shown, by default."""
ZERO = Decimal("0.00")


ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Where the same pages are made of the same cells, one engine is enough."""


@dataclass
class Surfaces:
    """A ledger and all the ways to read it."""

    client: PageClient
    database: Database
    world: World
    facts: Facts
    command: Callable[..., Any]
    folder: Path
    follows: bool = True
    """Are the lines behind each figure opened and added up? It is slow: for some selections only."""
    lists: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def years(self) -> list[str]:
        return sorted(codes_of(self.facts, "year"))

    @property
    def last(self) -> str:
        """The last month that holds entries."""
        return max(fact.month for fact in self.facts)

    def page(self, address: str) -> str:
        answer = self.client.flask.get(address)  # that pages are fit to be shown is tried elsewhere
        assert answer.status_code == 200, address
        return answer.text

    def file(self, address: str) -> bytes:
        answer = self.client.flask.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return bytes(answer.data)


@dataclass(frozen=True)
class Part:
    """What a row or a figure should add up: entries now and a year earlier (None: not compared), and how transfers count."""

    now: Facts
    before: Facts | None
    how: Callable[[Facts], Facts]
    sign: int = 1

    def amount(self, measure: str) -> Decimal:
        return self.sign * euros(self.how(self.now), measure)

    def earlier(self) -> Decimal:
        return self.sign * euros(self.how(self.before or ()), "committed")

    def only(self, **codes: str) -> "Part":
        """The part of one member; a month is compared with that of a year earlier."""
        earlier = {axis: f"{int(code[:4]) - 1}{code[4:]}" if axis == "month" else code for axis, code in codes.items()}
        before = None if self.before is None else of(self.before, **earlier)
        return Part(of(self.now, **codes), before, self.how, self.sign)


def gross(facts: Facts) -> Facts:
    return facts


def minus(facts: Facts, others: Facts) -> Facts:
    gone = set(map(id, others))
    return tuple(fact for fact in facts if id(fact) not in gone)


def listed(surfaces: Surfaces, address: str) -> dict[str, Decimal]:
    """The sums of the list at an address, lines that are not shown included."""
    if address in surfaces.lists:
        return surfaces.lists[address]
    html = surfaces.client.flask.get(f"{address}{'&' if '?' in address else '?'}taille=20").text
    text = plain(re.sub(r"<[^>]+>", " ", html))
    sums = {"committed": ZERO, "paid": ZERO, "still_to_pay": ZERO}
    for foot in re.findall(r"<tfoot>.*?</tfoot>", html, re.DOTALL):
        [[total]] = [table.rows for table in page_tables(f"<table>{foot}</table>")]
        values = [cell for cell in total.cells if isinstance(cell, Decimal)]
        sums = {name: sums[name] + value for name, value in zip(sums, values, strict=True)}
    for amounts in re.findall(r"que vous ne voyez qu’ensemble : (.*?) € engagés, (.*?) € payés", text):
        committed, paid = map(told, amounts)
        sums = {
            "committed": sums["committed"] + committed,
            "paid": sums["paid"] + paid,
            "still_to_pay": sums["still_to_pay"] + committed - paid,
        }
    both = re.findall(r"Total partagé, chaque transfert compté une fois[^:]* : (.*?) € et (.*?) €", text)
    committed, paid = map(told, both[0]) if both else (sums["committed"], sums["paid"])
    without = {"shared_committed": committed, "shared_paid": paid, "shared_still_to_pay": committed - paid}
    surfaces.lists[address] = sums | without
    return surfaces.lists[address]


def a_year_before(surfaces: Surfaces, facts: Facts, first: str, last: str) -> Facts:
    """The same months a year earlier, none beyond the last one that is known."""
    cut = min(last, surfaces.last) if surfaces.last >= first else last
    return between(facts, f"{int(first[:4]) - 1}{first[4:]}", f"{int(cut[:4]) - 1}{cut[4:]}")


def selections(surfaces: Surfaces) -> Iterator[tuple[str, Facts, Facts | None, str]]:
    """(words of the address, entries, those of a year earlier, code of the only funder or "")."""
    facts = surfaces.facts
    yield "annee=toutes", facts, None, ""
    last, year = surfaces.years[-1], surfaces.years[-2]
    yield f"annee={last}", of(facts, year=last), a_year_before(surfaces, facts, f"{last}-01", f"{last}-12"), ""
    funder = Counter(fact.codes["funder"] for fact in of(facts, year=year)).most_common(1)[0][0]
    own = of(facts, funder=funder)
    before = a_year_before(surfaces, own, f"{year}-01", f"{year}-12")
    yield f"annee={year}&financeur={funder}", of(own, year=year), before, funder
    scheme = Counter(fact.codes["scheme"] for fact in facts).most_common(1)[0][0]
    some = of(facts, scheme=scheme)
    earlier = a_year_before(surfaces, some, f"{year}-02", f"{year}-09")
    yield f"dispositif={scheme}&du={year}-02&au={year}-09", between(some, f"{year}-02", f"{year}-09"), earlier, ""


def shown_persons(facts: Facts, threshold: int = SCREEN) -> Cell:
    count = persons(facts)
    return f"< {threshold}" if 0 < count < threshold else count


def month_words(code: str) -> str:
    names = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    return f"{names[int(code[5:]) - 1]} {code[:4]}"


def capital(name: str) -> str:
    return plain(name[:1].upper() + name[1:])
