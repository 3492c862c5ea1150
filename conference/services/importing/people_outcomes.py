"""What may become of a row about people's parcours?

Told by the plan, written by the writer. Lines are those of the verbs that the forms call; whoever writes adds the file.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from conference.services.importing.entry_plan import Line
from conference.services.income_rights import RightLine
from conference.services.parcours_bulk import ParcoursLine
from conference.services.steps import StepLine


@dataclass(slots=True)
class Told:
    """Where the row is: its sheet, its record, and a digest of what it says."""

    sheet: str | None
    row: int
    facts: str


@dataclass(slots=True)
class Tie:
    """`amount` euros of a commitment that are for the person of the step; the line may be one that the file brings."""

    line: Line
    amount: Decimal


@dataclass(slots=True)
class NewStep:
    """A step to add, to the parcours `parcours_id` or, when None, to the new one that it is told with."""

    told: Told
    line: StepLine
    parcours_id: int | None
    tie: Tie | None = None


@dataclass(slots=True)
class ChangedStep:
    """A step whose facts change; `line` is None when only money is tied to it."""

    told: Told
    step_id: int
    parcours_id: int
    line: StepLine | None
    tie: Tie | None = None


@dataclass(slots=True)
class NewRight:
    """A right to record, on a known parcours or on a new one."""

    told: Told
    line: RightLine
    parcours_id: int | None


@dataclass(slots=True)
class ChangedRight:
    """A right to withdraw and to record again otherwise, as the forms do."""

    told: Told
    right_id: int
    parcours_id: int
    line: RightLine


@dataclass(slots=True)
class NewParcours:
    """A parcours to open, with the steps and rights that the file tells of it."""

    told: Told
    line: ParcoursLine
    steps: list[NewStep] = field(default_factory=list)
    rights: list[NewRight] = field(default_factory=list)


@dataclass(slots=True)
class ChangedParcours:
    """A parcours whose situation changes; `again`: an earlier import of it was undone, this one takes it up."""

    told: Told
    parcours_id: int
    line: ParcoursLine
    again: bool = False


@dataclass(slots=True)
class Same:
    """A row that is there already. `number`: its identifier in `table`."""

    table: str
    number: int


Outcome = NewParcours | ChangedParcours | NewStep | ChangedStep | NewRight | ChangedRight | Same
