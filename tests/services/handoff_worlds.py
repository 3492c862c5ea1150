"""What do the tests of handoffs start from? A course that the Région pays, and the OPCO that could take its end.

Money and parcours are made by the services; the plan and what ties a line to a step are written as its own forms would.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.session import Database
from conference.data.tables import (
    Balance,
    Entry,
    Handoff,
    HandoffShare,
    Nature,
    PlanCost,
    PlanInstalment,
    PlanShare,
    StepFunder,
    StepFunding,
)
from conference.domain.case import StepKind
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import HandoffLine, draft_handoff, propose_handoff
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, make_world

FIRST, LAST, NEW_YEAR = date(2025, 9, 1), date(2026, 8, 31), date(2026, 1, 1)
SCHEDULE = ((date(2025, 10, 1), "2500.00"), (date(2026, 2, 1), "3500.00"))
EARLY = date(2025, 9, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """One parcours of the Région with one step that its commitment pays."""

    world: World
    parcours: int
    step: int
    commitment: int
    nature: int
    other_nature: int


def natures(session: Session) -> tuple[int, int]:
    """The two first natures of cost that say something."""
    query = select(Nature.id).where(Nature.code != "non_renseigne").order_by(col(Nature.position), col(Nature.id))
    first, second = session.exec(query.limit(2)).all()
    return first or 0, second or 0


def open_course(
    session: Session, world: World, *, who: str = "region", first: date = FIRST, last: date = LAST, title: str = "Cours"
) -> tuple[int, int]:
    """(parcours, step) of the organisation of `who`."""
    by = world.actors[who]
    parcours = open_parcours(
        session,
        referent_id=by.organisation_id or 0,
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.OTHER,
        by=by,
        at=AT,
    )
    step = add_step(session, parcours.id or 0, StepLine(StepKind.TRAINING, title, first, last), by=by, at=AT)
    return parcours.id or 0, step.id or 0


def pay_step(
    session: Session,
    world: World,
    step_id: int,
    amount: str,
    *,
    who: str = "region",
    schedule: tuple[tuple[date, str], ...] = (),
    part: str | None = None,
    planned: bool = True,
    decided_on: date = EARLY,
    **more: Any,
) -> int:
    """A commitment of `who` that pays the step, `part` euros of it for this person, with its share of the plan."""
    by = world.actors[who]
    nature, _ = natures(session)
    line = CommitmentLine(
        by.organisation_id or 0, Decimal(amount), decided_on, dimensions=Dimensions(nature=nature), **more
    )
    commitment = commit_funds(session, line, by=by, at=AT, source=EntrySource.FORM).id or 0
    own = Decimal(part or amount)
    session.add(StepFunding(commitment_id=commitment, step_id=step_id, amount=own))
    if planned:
        cost = PlanCost(step_id=step_id, nature_id=nature, amount=own)
        session.add(cost)
        session.flush()
        share = PlanShare(cost_id=cost.id or 0, funder_id=line.funder_id, amount=own, commitment_id=commitment)
        session.add(share)
        session.flush()
        for day, euros in schedule:
            session.add(PlanInstalment(share_id=share.id or 0, due_on=day, amount=Decimal(euros)))
    session.flush()
    return commitment


def make_course(database: Database, *, schedule: tuple[tuple[date, str], ...] = SCHEDULE, **more: Any) -> Course:
    """The case of money.md 1: 6,000.00 committed for the year by the Région."""
    world = make_world(database)
    with database.writing() as session:
        parcours, step = open_course(session, world)
        commitment = pay_step(session, world, step, "6000.00", schedule=schedule, **more)
        return Course(world, parcours, step, commitment, *natures(session))


def line_to(course: Course, asked: str | tuple[tuple[int, Decimal], ...] = "4500.00", **more: Any) -> HandoffLine:
    """To the OPCO on New Year's Day."""
    told = {"sender_id": course.world["region"], "receiver_id": course.world["opco"], "from_step_id": course.step}
    told |= {"first_day": NEW_YEAR, "asked": ((course.nature, Decimal(asked)),) if isinstance(asked, str) else asked}
    return HandoffLine(**{**told, **more})


def propose(session: Session, course: Course, *, at: datetime = AT, **more: Any) -> int:
    """A proposal of the Région; its identifier."""
    by = course.world.actors["region"]
    handoff = draft_handoff(session, course.parcours, line_to(course, **more), by=by, at=at)
    propose_handoff(session, handoff.id or 0, by=by, at=at)
    return handoff.id or 0


def ledger(session: Session) -> list[tuple[int, str, Decimal, date]]:
    """Every entry: what a handoff that moves no money must leave as it is."""
    rows = session.exec(select(Entry).order_by(col(Entry.id)))
    return [(row.commitment_id, row.kind, row.amount, row.effective_on) for row in rows]


def funders_of(session: Session, step_id: int) -> set[int]:
    return set(session.exec(select(StepFunder.organisation_id).where(StepFunder.step_id == step_id)))


def pay(session: Session, course: Course, amount: str, commitment: int | None = None) -> None:
    record_payment(
        session,
        commitment or course.commitment,
        amount=Decimal(amount),
        paid_on=date(2025, 12, 1),
        by=course.world.actors["region"],
        at=AT,
        source=EntrySource.FORM,
    )


def totals(session: Session, commitment_id: int) -> tuple[str, str]:
    """(committed, paid) of a commitment."""
    row = session.get_one(Balance, commitment_id, populate_existing=True)
    return str(row.commitment - row.release), str(row.payment - row.repayment)


def accept(session: Session, course: Course, number: int, who: str = "opco", **more: object) -> Handoff:
    return accept_handoff(session, number, by=course.world.actors[who], at=AT + DAY, **more)  # type: ignore[arg-type]


def taken_by_opco(session: Session, number: int) -> list[int]:
    query = select(HandoffShare.commitment_id).where(HandoffShare.handoff_id == number)
    return [each for each in session.exec(query) if each is not None]
