"""What does a figure of the dashboard hold, and by what can it be told?

`Sums` are those of a selection of entries, exact to the cent. Persons are those that the decisions foresee: one person in
three decisions counts three times, so a mean by person is told by decision and never by head.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from conference.domain.money import ZERO


class Axis(StrEnum):
    """What figures are told by; the lists in the order of the dimensions."""

    FUNDER = "funder"
    MONTH = "month"
    YEAR = "year"
    SCHEME = "scheme"
    AUDIENCE = "audience"
    NATURE = "nature"
    LEVEL = "level"
    TERRITORY = "territory"
    SECTOR = "sector"


LIST_AXES = (Axis.SCHEME, Axis.AUDIENCE, Axis.NATURE, Axis.LEVEL, Axis.TERRITORY, Axis.SECTOR)
"""The axes that are lists of the conférence."""


class Measure(StrEnum):
    """A sum in euros."""

    COMMITTED = "committed"
    ORDERED = "ordered"
    PAID = "paid"
    STILL_TO_PAY = "still_to_pay"


@dataclass(frozen=True, slots=True)
class Sums:
    """Euros committed (engagements − dégagements), ordered (mandatements), paid (paiements − reversements); persons and
    lines of the decisions engaged in the selection; number of entries."""

    committed: Decimal = ZERO
    ordered: Decimal = ZERO
    paid: Decimal = ZERO
    persons: int = 0
    lines: int = 0
    entries: int = 0

    @property
    def still_to_pay(self) -> Decimal:
        """Committed − paid."""
        return self.committed - self.paid

    def of(self, measure: Measure) -> Decimal:
        """The sum named `measure`, in euros."""
        value: Decimal = getattr(self, measure.value)
        return value

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.committed + other.committed,
            self.ordered + other.ordered,
            self.paid + other.paid,
            self.persons + other.persons,
            self.lines + other.lines,
            self.entries + other.entries,
        )

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(
            self.committed - other.committed,
            self.ordered - other.ordered,
            self.paid - other.paid,
            self.persons - other.persons,
            self.lines - other.lines,
            self.entries - other.entries,
        )


NO_SUMS = Sums()


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole (0.4 of it), or with its sign a change (+0.123). Written in French with one decimal."""

    value: Decimal
    signed: bool = False

    @property
    def percent(self) -> Decimal:
        """In percents, to one decimal, halves away from zero; never −0."""
        return (self.value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP) + Decimal("0.0")

    def __str__(self) -> str:
        percent = self.percent
        sign = "\u2212" if percent < 0 else "+" if self.signed and percent else ""
        return f"{sign}{abs(percent):,f}".replace(",", "\u202f").replace(".", ",") + "\u00a0%"


def share(part: Decimal, whole: Decimal) -> Ratio | None:
    """`part` of `whole`; None where there is none."""
    return Ratio(part / whole) if whole else None


def change(now: Decimal, before: Decimal | None) -> Ratio | None:
    """How `now` differs from `before`; None where there is nothing to compare with."""
    return Ratio((now - before) / before, signed=True) if before is not None and before > 0 else None
