"""What does the summary of a month hold, before it is written?

Frozen figures that a service fills: the documents format them and compute nothing. Sums are exact to the cent; a count of
persons that may not be published is None (`hidden`), with what would tell it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from conference.domain.figures import Sums

Count = int | None
"""A number of persons; None where it may not be published."""


@dataclass(frozen=True)
class Compared:
    """Sums of a period, of the same months a year earlier, and their difference."""

    now: Sums
    before: Sums
    change: Sums


@dataclass(frozen=True)
class Persons:
    """Persons foreseen by the decisions of the year up to the month, and of the same months a year earlier; what is paid
    through another funder is counted there."""

    now: Count
    before: Count


@dataclass(frozen=True)
class KeyNumbers:
    """The whole selection: its month, its year up to that month, and everything up to the end of that month. Persons are
    told of the year alone: shorter periods would tell small numbers by difference."""

    month: Compared
    year: Compared
    ever: Compared
    persons: Persons


@dataclass(frozen=True)
class FunderFigures:
    """A funder, or a sum of funders: the month, the year up to it, and everything up to the end of it. `transferred`: what is
    paid through another funder, in `ever`."""

    code: str
    label: str
    month: Compared
    year: Compared
    ever: Sums
    transferred: Sums
    persons: Persons


@dataclass(frozen=True)
class MemberFigures:
    """One item of a list: the year up to the month, transfers taken out."""

    code: str
    label: str
    year: Compared


@dataclass(frozen=True)
class ByFunder:
    """Funders, their sum, what is internal to them, and what is left once it is taken out; of one funder, that one and no
    internal transfer."""

    funders: tuple[FunderFigures, ...]
    total: FunderFigures
    internal: FunderFigures
    shared: FunderFigures


@dataclass(frozen=True)
class ByMember:
    """Members of an axis, internal transfers taken out, and their total, which is the shared total. `members`: those that
    the document shows, the smallest gathered in the last; `all`: each of them."""

    members: tuple[MemberFigures, ...]
    all: tuple[MemberFigures, ...]
    total: MemberFigures


@dataclass(frozen=True)
class CrossRow:
    """One scheme: committed by audience, as many as columns, then all audiences committed and paid."""

    label: str
    committed: tuple[Decimal, ...]
    total: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Crossing:
    """Schemes × audiences; the smallest of each are gathered. `total` holds the margins of the columns."""

    columns: tuple[str, ...]
    rows: tuple[CrossRow, ...]
    total: CrossRow


@dataclass(frozen=True)
class FlowFigures:
    """What a funder engages and pays by a scheme for an audience."""

    funder: str
    scheme: str
    audience: str
    committed: Decimal
    paid: Decimal


@dataclass(frozen=True)
class WhoFundsWhat:
    """Flows of the year: `all` of them; those that are `drawn`, between the largest members of each stage; the largest of
    these, `listed` beside the drawing, what is left gathered in the last; and their total."""

    all: tuple[FlowFigures, ...]
    drawn: tuple[FlowFigures, ...]
    listed: tuple[FlowFigures, ...]
    total: FlowFigures


@dataclass(frozen=True)
class MonthFigures:
    """One month and the same month a year earlier."""

    month: date
    compared: Compared


@dataclass(frozen=True)
class FunderSent:
    """What is known of a funder: entries of the month, and, of all that is booked up to it, the last day that they concern
    and when the last was learnt."""

    label: str
    is_expected: bool
    entries: int
    last_on: date | None
    last_recorded_at: datetime | None


@dataclass(frozen=True)
class Gaps:
    """Income gaps: people in a parcours, days, euros (None as soon as one is not known). When the number of people may not
    be published nothing is told: days and euros would be those of a few persons."""

    parcours: int
    days: int
    need: Decimal | None
    is_hidden: bool = False


@dataclass(frozen=True)
class MonthSummary:
    """All that the summary shows. `month` is its first day; `known_on` the aware instant of the last entry included; `scope`
    the code and name of the one funder that it is about, None for the whole conférence; `threshold` the number of persons
    under which a count is not published."""

    conference: str
    region: str
    month: date
    scope: tuple[str, str] | None
    provisional: bool
    demo: bool
    known_on: datetime | None
    threshold: int
    key: KeyNumbers
    by_funder: ByFunder
    crossing: Crossing
    by_nature: ByMember
    by_territory: ByMember
    flows: WhoFundsWhat
    twelve_months: tuple[MonthFigures, ...]
    twelve_total: Compared
    sent: tuple[FunderSent, ...]
    gaps: Gaps
    precautions: tuple[str, ...]

    @property
    def reference(self) -> str:
        """ "SYN-2026-03", and the funder's code where the summary is about one."""
        return f"SYN-{self.month:%Y-%m}" + (f"-{self.scope[0]}" if self.scope else "")
