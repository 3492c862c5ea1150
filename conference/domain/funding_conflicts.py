"""Is a person's step paid twice, by aids that exclude each other, too little or too much?

Decision: a **funding** is what one funder pays, or plans to pay, of one nature of cost of one step: a share of the plan, or a
commitment tied to the step without a share. Two fundings of different funders are **double funding** when they pay the same
nature on days that both cover, unless they are shares of one and the same cost: those are an agreed plan, and what exceeds it
is told as over-funding. A funding that was handed over ends the day before its handoff. Aids that exclude each other are data,
dated, with their text (DOMAIN §2); they exclude each other whatever the nature. All is a warning: a person lifts it with a
motive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from conference.domain.money import ZERO
from conference.domain.period import Period


class Funding(NamedTuple):
    """What one funder pays of one nature of a step. `key` names the line (`share:12`, `commitment:40`); `cost_id` the cost of
    the plan that it is a share of, None when it has none; `scheme` the code of its scheme, None when it is not said."""

    key: str
    step_id: int
    cost_id: int | None
    nature: str
    funder_id: int
    funder_kind: str
    scheme: str | None
    period: Period
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two sets of aids that exclude each other on the days from `first` to `last` (None: still)."""

    code: str
    text: str
    law: str
    one: frozenset[tuple[str, str]]
    other: frozenset[tuple[str, str]]
    first: date
    last: date | None = None

    def applies(self, one: Funding, other: Funding, days: Period) -> bool:
        """Do these fundings exclude each other on one of these days?"""
        if days.last < self.first or (self.last is not None and days.first > self.last):
            return False
        return any(_is_in(left, self.one) and _is_in(right, self.other) for left, right in ((one, other), (other, one)))


EXCLUSIONS = (
    Exclusion(
        "aif_region",
        "L’aide individuelle à la formation de France Travail et l’aide individuelle d’une Région s’excluent.",
        "Instruction de Pôle emploi sur l’aide individuelle à la formation, depuis 2019",
        one=frozenset({("aif", "")}),
        other=frozenset({("cheque_formation", "region"), ("cheque_formation", "")}),
        first=date(2019, 1, 1),
    ),
)
"""Each pair is (code of the scheme, kind of the funder, "" for any)."""


class Conflict(NamedTuple):
    """Two fundings that should not stand together. `code`: `double_funding` or `not_cumulable`; `rule`: why, in French, with
    its text; `days`: those that both cover."""

    code: str
    one: Funding
    other: Funding
    days: Period
    rule: str

    @property
    def cause(self) -> str:
        """What makes it the same conflict tomorrow: both lines, never a date or an amount."""
        return "|".join(sorted((self.one.key, self.other.key)))


DOUBLE = "Deux financeurs paient la même nature de coût d’une même personne sur les mêmes jours, hors d’un plan commun."


def conflicts(fundings: Iterable[Funding]) -> tuple[Conflict, ...]:
    """Every conflict between fundings of one person, in the order of their keys. An exclusion is told before a doubling; two
    lines that meet on several steps are told once, on the first."""
    ordered = sorted(fundings, key=lambda each: (each.key, each.period, each.step_id))
    found: dict[tuple[str, str], Conflict] = {}
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            days = one.period.intersection(other.period)
            if days is None or one.funder_id == other.funder_id:
                continue
            if (rule := _exclusion(one, other, days)) is not None:
                told = Conflict("not_cumulable", one, other, days, f"{rule.text} ({rule.law}.)")
            elif one.nature == other.nature and (one.cost_id is None or one.cost_id != other.cost_id):
                told = Conflict("double_funding", one, other, days, DOUBLE)
            else:
                continue
            found.setdefault((told.code, told.cause), told)
    return tuple(found.values())


class Planned(NamedTuple):
    """A step's plan: what it costs and what its shares take, by cost, in euros."""

    step_id: int
    costs: Sequence[tuple[Decimal, Decimal]]

    @property
    def missing(self) -> Decimal:
        """Euros that no share takes yet."""
        return sum((max(cost - taken, ZERO) for cost, taken in self.costs), ZERO)

    @property
    def beyond(self) -> Decimal:
        """Euros that shares take beyond what is planned."""
        return sum((max(taken - cost, ZERO) for cost, taken in self.costs), ZERO)


def _exclusion(one: Funding, other: Funding, days: Period) -> Exclusion | None:
    return next((rule for rule in EXCLUSIONS if rule.applies(one, other, days)), None)


def _is_in(funding: Funding, aids: frozenset[tuple[str, str]]) -> bool:
    return funding.scheme is not None and bool({(funding.scheme, funding.funder_kind), (funding.scheme, "")} & aids)
