"""What does the bonus or malus of a convention come to, and whose results are still missing?

The persons counted are those whose step a commitment made under the convention pays, each once, by the last of their steps.
Who reaches a parcours is told its pseudonym where its result is missing; of the others a number. Who does not reach them all
sees no count that would tell what became of few persons, but the price that the parties owe each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.queries.parcours import reached_parcours
from conference.data.tables import (
    Convention,
    ConventionBonus,
    ConventionCommitment,
    ConventionVersion,
    Parcours,
    Step,
    StepFunding,
    StepResult,
)
from conference.domain.bonus import MISSING, BonusWorking, bonus, working_lines
from conference.domain.convention_facts import BonusFacts
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound
from conference.domain.results import WorkResult


@dataclass(frozen=True)
class MissingPerson:
    """A person whose result is missing, whom the reader reaches."""

    parcours_id: int
    pseudonym: str
    step_id: int


@dataclass(frozen=True)
class BonusView:
    """The working of a bonus. `lines` is empty where it would tell what became of few persons; `others`: how many missing
    results are those of persons whom the reader does not reach."""

    working: BonusWorking
    table: tuple[BonusFacts, ...]
    lines: tuple[tuple[str, str], ...]
    missing: tuple[MissingPerson, ...]
    others: int

    @property
    def price(self) -> Decimal | None:
        """The price to pay, None when it is not computed."""
        return self.working.price


def bonus_view(session: Session, reader: Actor, convention_id: int, *, threshold: int) -> BonusView | None:
    """The bonus of the version in force; None where it has no table. NotFound when the reader does not reach the convention.

    `threshold`: the smallest number of persons that a screen tells to who does not reach them.
    """
    found = session.exec(
        select(Convention.id).where(Convention.id == convention_id, reached_conventions(reader))
    ).first()
    if found is None:
        raise NotFound()
    version = session.exec(
        select(ConventionVersion).where(
            ConventionVersion.convention_id == convention_id, col(ConventionVersion.in_force).is_(True)
        )
    ).first()
    table = _table(session, version.id or 0) if version is not None else ()
    if version is None or version.bonus_base is None or not table:
        return None
    rows = _persons(session, reader, convention_id)
    working = bonus(version.bonus_base, table, [row[3] for row in rows])
    lacking = [row for row in rows if row[3] in MISSING]
    named = tuple(MissingPerson(number, name, step) for number, name, step, _, reached in lacking if reached)
    whole = all(row[4] for row in rows)
    few = min(working.at_work, working.persons - working.at_work) < threshold
    lines = () if few and not whole else tuple(working_lines(working))
    return BonusView(working, table, lines, named, len(lacking) - len(named))


def _table(session: Session, version_id: int) -> tuple[BonusFacts, ...]:
    query = select(ConventionBonus).where(ConventionBonus.version_id == version_id)
    rows = session.exec(query.order_by(col(ConventionBonus.from_rate)))
    return tuple(BonusFacts(row.from_rate, row.percent) for row in rows)


def _persons(
    session: Session, reader: Actor, convention_id: int
) -> Sequence[tuple[int, str, int, WorkResult | None, bool]]:
    """(parcours, pseudonym, step, result, reached) of each person, by its last step paid under the convention."""
    under = select(ConventionCommitment.commitment_id).where(ConventionCommitment.convention_id == convention_id)
    paid = select(StepFunding.step_id).where(col(StepFunding.commitment_id).in_(under))
    query: Any = (
        select(Parcours.id, Parcours.pseudonym, Step.id, StepResult.work_3_months)
        .join(Step, col(Step.parcours_id) == col(Parcours.id))
        .join(StepResult, col(StepResult.step_id) == col(Step.id), isouter=True)
        .where(col(Step.id).in_(paid), col(Step.withdrawn_at).is_(None))
        .order_by(col(Parcours.id), col(Step.last), col(Step.id))
    )
    last = {row[0]: row for row in session.exec(query)}
    mine = set(
        session.exec(
            select(Parcours.id).where(col(Parcours.id).in_(list(last)), reached_parcours(reader, col(Parcours.id)))
        )
    )
    return [
        (number, name, step, None if work is None else WorkResult(work), number in mine)
        for number, name, step, work in last.values()
    ]
