"""What does a convention pay once it is known how many persons are back at work three months after their course?

A price, and a table: from a rate on, so many percent are added to it (a malus takes them off). At work is lasting or short
work on that day: the rate is that of return to work, and the table asks for no length; further training is not work. Whoever
could not be reached is missing, like whoever nobody asked: with one result missing nothing is computed, since one person may
change the line of the table. Rates are compared exactly, never rounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from conference.domain.convention_facts import BonusFacts
from conference.domain.french import format_euros, format_number
from conference.domain.money import ZERO, round_cents
from conference.domain.results import WorkResult

AT_WORK = frozenset({WorkResult.LASTING, WorkResult.SHORT})
MISSING = frozenset({None, WorkResult.UNREACHED})
WHOLE = 100


@dataclass(frozen=True, slots=True)
class BonusWorking:
    """How a price is settled. `missing`: persons whose result is not known; without any, `rate` (percent, exact), `line`
    (None: under the first line of the table), `change` and `price` in euros are known, else None."""

    base: Decimal
    persons: int
    at_work: int
    missing: int
    rate: Fraction | None = None
    line: BonusFacts | None = None
    change: Decimal | None = None
    price: Decimal | None = None

    @property
    def is_computed(self) -> bool:
        """Is the price known?"""
        return self.price is not None


def bonus(base: Decimal, table: Iterable[BonusFacts], results: Sequence[WorkResult | None]) -> BonusWorking:
    """The price of `base` euros by `table` and the result of each person three months after; nobody gives no price."""
    at_work = sum(result in AT_WORK for result in results)
    missing = sum(result in MISSING for result in results)
    if missing or not results:
        return BonusWorking(base, len(results), at_work, missing)
    rate = Fraction(at_work * WHOLE, len(results))
    line = line_of(table, rate)
    change = ZERO if line is None else round_cents(base * line.percent / WHOLE)
    return BonusWorking(base, len(results), at_work, 0, rate, line, change, base + change)


def line_of(table: Iterable[BonusFacts], rate: Fraction) -> BonusFacts | None:
    """The line of the table that a rate falls in: the highest one that it reaches."""
    reached = [line for line in table if Fraction(line.from_rate) <= rate]
    return max(reached, key=lambda line: line.from_rate, default=None)


def working_lines(found: BonusWorking) -> list[tuple[str, str]]:
    """The working, line by line: what, and how much, in French."""
    lines = [
        ("Prix convenu", format_euros(found.base)),
        ("Personnes dont l’étape est payée sous cette convention", format_number(found.persons)),
        ("Personnes en emploi trois mois après, durable ou court", format_number(found.at_work)),
    ]
    if found.rate is None or found.price is None or found.change is None:
        return [*lines, ("Résultats manquants", format_number(found.missing))]
    shown = _percent(found.rate)
    lines.append(("Taux de retour à l’emploi", f"{found.at_work} / {found.persons} = {shown}"))
    if found.line is None:
        lines.append(("Barème", "aucune ligne ne s’applique à ce taux\u202f: le prix ne change pas"))
    else:
        added = "" if found.line.percent < 0 else "+"
        lines.append(
            ("Barème", f"à partir de {_percent(found.line.from_rate)}\u202f: {added}{_percent(found.line.percent)}")
        )
    sign = "−" if found.change < 0 else "+"
    lines.append(("Bonus ou malus", f"{sign}\u00a0{format_euros(abs(found.change))}"))
    return [*lines, ("Prix à payer", format_euros(found.price))]


def _percent(rate: Fraction | Decimal) -> str:
    """« 60 % », « 55,56 % », « −10 % »; a rate that does not fall on a hundredth is said about."""
    value = Fraction(rate)
    about = round(abs(value) * WHOLE)
    text = format_number(about // WHOLE) + (f",{about % WHOLE:02d}" if about % WHOLE else "")
    told = "environ " if Fraction(about, WHOLE) != abs(value) else ""
    return f"{told}{'−' if value < 0 else ''}{text}\u00a0%"
