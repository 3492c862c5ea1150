"""Would what a file tells of a person's steps be paid twice, or by aids that exclude each other?

Said as a warning at the row that brings it, with both lines and the rule, before anything is written. The fundings that are
there are taken with the days that the file gives their steps, and those that it ties are added: the pages then show the same
warning as an alert, to be lifted with a motive. One file is of one funder, so that only a parcours that is there can hold
another funder's line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from sqlmodel import col, select

from conference.data.queries.fundings import fundings_of, lifted_conflicts, step_titles
from conference.data.tables import Commitment, DimensionSet, Nature, Organisation, Scheme
from conference.data.tables.reference import UNKNOWN
from conference.domain.french import format_euros
from conference.domain.funding_conflicts import Conflict, Funding, conflicts
from conference.domain.importing.field import Field
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.period import Period
from conference.services.importing.people_known import KnownParcours
from conference.services.importing.people_outcomes import ChangedStep, NewStep, Outcome, Tie
from conference.services.importing.people_words import Words


@dataclass
class _Touched:
    """A row that changes the days of a step or ties money to it; `step_id` is below zero when it is new."""

    sheet: str | None
    row: PeopleRow
    step_id: int
    title: str
    period: Period
    tie: Tie | None


@dataclass
class Conflicts:
    """Looks at the rows of one parcours at a time: noted one by one, then warned of together."""

    words: Words
    _touched: list[_Touched] = field(default_factory=list)
    _before: dict[int, list[Funding]] = field(default_factory=dict)
    """Fundings of each parcours of the chunk."""
    _lifted: set[tuple[int, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._new = count(-1, -1)
        session = self.words.planner.session
        self._natures = {row.id: (row.code, row.label) for row in session.exec(select(Nature))}
        self._schemes = {row.id: row.code for row in session.exec(select(Scheme))}
        self._kinds = {
            row.id: row.kind for row in session.exec(select(Organisation).where(col(Organisation.is_funder)))
        }

    def read(self, known: Iterable[KnownParcours]) -> None:
        """Read what the rows that come will be compared with: once for some hundreds of parcours."""
        ids = sorted({each.parcours_id for each in known})
        session = self.words.planner.session
        self._before, self._lifted = fundings_of(session, ids), lifted_conflicts(session, ids)

    def note(self, sheet: str | None, row: PeopleRow, outcome: Outcome) -> None:
        """Remember a row that may bring a conflict."""
        if isinstance(outcome, NewStep) and outcome.tie is not None:
            days = Period(outcome.line.first, outcome.line.last)
            self._touched.append(_Touched(sheet, row, next(self._new), outcome.line.title, days, outcome.tie))
        elif isinstance(outcome, ChangedStep):
            days = Period(row.days[Field.FIRST_DAY], row.days[Field.LAST_DAY])
            self._touched.append(_Touched(sheet, row, outcome.step_id, row.texts[Field.STEP_TITLE], days, outcome.tie))

    def warn(self, known: KnownParcours) -> None:
        """Say each conflict that the rows noted bring to `known`, and forget them."""
        touched, self._touched = self._touched, []
        if not touched:
            return
        number = known.parcours_id
        before = self._before.get(number, [])
        after, brought = self._after(before, touched, known)
        if not brought:
            return
        told = {(each.code, each.cause) for each in conflicts(before)}
        told |= {(code, cause) for parcours_id, code, cause in self._lifted if parcours_id == number}
        titles = step_titles(self.words.planner.session, [number]) | {each.step_id: each.title for each in touched}
        for each in conflicts(after):
            origin = brought.get(each.one.key) or brought.get(each.other.key)
            if origin is not None and (each.code, each.cause) not in told:
                column = Field.STEP_COMMITMENT if origin.tie is not None else Field.FIRST_DAY
                self._say(origin, column, each, titles)

    def _after(
        self, before: list[Funding], touched: list[_Touched], known: KnownParcours
    ) -> tuple[list[Funding], dict[str, _Touched]]:
        """The fundings as they will be, and the row that brings or moves each."""
        moved = {each.step_id: each for each in touched}
        days = {step.id: Period(step.first, step.last) for step in known.steps.values()}
        after, brought = [], {}
        for funding in before:
            row = moved.get(funding.step_id)
            if row is not None and days.get(funding.step_id) != row.period:
                funding = _moved(funding, days[funding.step_id], row.period)
                brought[funding.key] = row
            after.append(funding)
        for each in touched:
            if each.tie is not None:
                after.append(funding := self._tied(each, each.tie))
                brought[funding.key] = each
        return after, brought

    def _tied(self, row: _Touched, tie: Tie) -> Funding:
        line = tie.line
        funder = line.key[0]
        if line.known is not None:
            commitment = self.words.planner.session.get_one(Commitment, line.known.commitment_id)
            found = self.words.planner.session.get_one(DimensionSet, commitment.dimension_set_id)
            nature, scheme, first, last = found.nature_id, found.scheme_id, commitment.first, commitment.last
            key = f"commitment:{commitment.id}"
        else:
            assert line.made is not None
            made = line.made
            nature, scheme = made.dimensions.nature, made.dimensions.scheme  # type: ignore[assignment]
            first, last, key = made.row.first, made.row.last, f"line:{line.key[1]}"
        days = row.period
        start, end = first or days.first, last or days.last
        return Funding(
            key,
            row.step_id,
            None,
            self._natures.get(nature, (UNKNOWN, ""))[0],
            funder,
            self._kinds.get(funder, ""),
            self._schemes.get(scheme),
            Period(start, max(start, end)),
            tie.amount,
        )

    def _say(self, origin: _Touched, column: Field, found: Conflict, titles: dict[int, str]) -> None:
        message = f"{self._line(found.one, titles)} et {self._line(found.other, titles)}. {found.rule}"
        self.words.warn(origin.sheet, origin.row, column, found.code, message)

    def _line(self, funding: Funding, titles: dict[int, str]) -> str:
        labels = dict(self._natures.values())
        nature = labels.get(funding.nature, funding.nature).lower()
        name = self.words.planner.parties.name(funding.funder_id)
        step = titles.get(funding.step_id, "étape retirée")
        return f"{name}, {format_euros(funding.amount)} ({nature}, « {step} »)"


def _moved(funding: Funding, old: Period, new: Period) -> Funding:
    """A funding whose step moves: a day that was the step's follows it, one that the commitment says of itself stays."""
    first = new.first if funding.period.first == old.first else funding.period.first
    last = new.last if funding.period.last == old.last else funding.period.last
    return funding._replace(period=Period(first, max(first, last)))
