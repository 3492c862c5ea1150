"""Who could take over the days that no recorded right pays: each scheme in force says yes, no or to check, and why?

One row per scheme and run of days. Adding a scheme is one function of `schemes` under its decorator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conference.domain import convention_pay
from conference.domain.convention_pay import Purse
from conference.domain.course import Course
from conference.domain.period import Period, merge
from conference.domain.presumed import Presumption
from conference.domain.schemes import SCHEMES
from conference.domain.segment import Takeover
from conference.domain.verdict import Verdict


def takeover(course: Course, run: Period, presumed: Presumption, held: Sequence[Purse], paid: bool) -> list[Takeover]:
    """The rows of one run of a course; `paid`: a convention pays some of its days."""
    rows = []
    if presumed.relay is not None:
        rows.append(Takeover(run, presumed.relay.scheme.value, presumed.relay.verdict, presumed.relay.why))
    trainee = presumed.trainee
    rows.append(Takeover(run, "trainee_pay", trainee.verdict, trainee.why))
    verdict, why = convention_pay.takeover(course, run, held, paid)
    rows.append(Takeover(run, "convention", verdict, why))
    for scheme in SCHEMES:
        if scheme.is_in_force(run.first):
            condition = scheme.says(course, run)
            rows.append(Takeover(run, scheme.code, condition.verdict, (condition,)))
    return rows


def joined_rows(rows: Sequence[Takeover]) -> tuple[Takeover, ...]:
    """One row per scheme and unpaid run: where the run goes on through several steps, what each of them says put
    together."""
    distinct = list({id(row.period): row.period for row in rows}.values())
    if len(distinct) < 2:
        return tuple(rows)
    runs = merge(distinct)
    if len(runs) == len(distinct):
        return tuple(rows)
    found: dict[tuple[Period, str], list[Takeover]] = {}
    for row in rows:
        whole = next(run for run in runs if run.covers(row.period))
        found.setdefault((whole, row.scheme), []).append(row)
    return tuple(
        _together(run, scheme, parts) for (run, scheme), parts in sorted(found.items(), key=lambda one: one[0][0])
    )


def _together(run: Period, scheme: str, rows: Iterable[Takeover]) -> Takeover:
    """Yes or no when all say so, else to check."""
    rows = list(rows)
    verdicts = {row.verdict for row in rows}
    why = tuple(dict.fromkeys(condition for row in rows for condition in row.why))
    return Takeover(run, scheme, verdicts.pop() if len(verdicts) == 1 else Verdict.TO_CHECK, why)
