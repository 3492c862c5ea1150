"""What do the rules read of one step: the step, the person, and the rights recorded around it?

Rules are functions of a `Course` and of a run of its unpaid days. Steps that follow each other without a hole are one
course for the lengths that run from its first paid day, and for a benefit that was being paid when it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conference.domain.case import Person, Step
from conference.domain.period import Period
from conference.domain.rights import Right
from conference.domain.scales import RuleSet, Scales

FRANCE_TRAVAIL = ("france_travail", "pole_emploi")
LOCAL_AUTHORITIES = ("region", "commune", "departement", "collectivite", "metropole", "conseil_", "epci", "intercommun")


@dataclass(frozen=True, slots=True)
class Course:
    """One step with its surroundings. `rights`: those known on the day asked, the one shown first; `before`: the steps
    that it follows without a hole, the nearest first."""

    step: Step
    person: Person
    rights: Sequence[Right]
    scales: Scales
    before: tuple[Step, ...] = ()

    @property
    def first(self) -> date:
        return self.step.period.first

    @property
    def last(self) -> date:
        return self.step.period.last

    @property
    def chain_first(self) -> date:
        """The first day of the steps that follow each other up to this one."""
        return min(self.first, *(step.period.first for step in self.before)) if self.before else self.first

    @property
    def rules(self) -> RuleSet | None:
        """The relay rules of the day it was registered."""
        return self.scales.rule_set(self.step.registered)

    def paid_on(self, day: date) -> Right | None:
        """The right shown that day, if any."""
        return next((right for right in self.rights if right.period.contains(day)), None)

    def benefits(self, kinds: frozenset[str]) -> list[Right]:
        """The rights of these kinds, in the order of their last day."""
        return sorted((one for one in self.rights if one.kind in kinds), key=lambda one: one.period.last)

    def benefit_on(self, day: date, kinds: frozenset[str]) -> Right | None:
        return next((right for right in self.rights if right.kind in kinds and right.period.contains(day)), None)

    def last_benefit(self, run: Period, kinds: frozenset[str]) -> Right | None:
        """The last right of these kinds that ended before the run; of several that end together, the one shown first."""
        ended = [right for right in self.rights if right.kind in kinds and right.period.last < run.first]
        return max(ended, key=lambda right: right.period.last) if ended else None

    def is_funded_by(self, *prefixes: str) -> bool:
        return any(funder.startswith(prefixes) for funder in self.step.funders)


def courses(
    person: Person, steps: Sequence[Step], rights: Sequence[Right], scales: Scales
) -> list[tuple[Course, Period]]:
    """Each step that needs an income with its days, in order; a day that two steps share belongs to the first of them."""
    found: list[tuple[Course, Period]] = []
    taken: list[Period] = []
    chain: tuple[Step, ...] = ()
    for step in sorted((one for one in steps if one.needs_income), key=_in_order):
        if chain and not any(each.period.touches(step.period) for each in chain):
            chain = ()
        course = Course(step, person, rights, scales, chain)
        found += [(course, run) for run in (step.period.subtract(taken) if taken else [step.period])]
        taken.append(step.period)
        chain = (step, *chain)
    return sorted(found, key=lambda each: each[1])


def _in_order(step: Step) -> tuple[Period, str]:
    return step.period, step.id
