"""What became, or would become, of the rows of a file, in figures?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from conference.domain.money import ZERO
from conference.services.importing.entry_plan import NewEntry, SameEntry
from conference.services.importing.plan import Adjustment, NewLine, Unchanged


@dataclass
class Tally:
    """What became, or would become, of the rows. `accepted` in euros: created rows and new amounts of adjusted ones.

    `people`: rows about people created or adjusted, by kind (parcours, steps, rights).
    """

    created: int = 0
    adjusted: int = 0
    unchanged: int = 0
    accepted: Decimal = ZERO
    funders: set[int] = field(default_factory=set)
    people: dict[str, int] = field(default_factory=dict)

    def add(self, outcomes: Iterable[object]) -> None:
        """Count these outcomes of the ledger."""
        for each in outcomes:
            match each:
                case NewLine() | NewEntry(replaces=None):
                    self.created += 1
                    self.accepted += each.row.amount
                case Adjustment() | NewEntry():
                    self.adjusted += 1
                    self.accepted += each.row.amount
                case Unchanged() | SameEntry():
                    self.unchanged += 1
