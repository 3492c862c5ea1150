"""Does money follow persons after any sequence of handoffs, payments and corrections?

Funders draft, propose, accept in part or whole, refuse, withdraw, let expire, pay, raise, release, annul and close months, in
any order. Only an acceptance moves money between funders; what it releases was left to pay, and no more than was shown; what
is refused leaves nothing; `verify` finds no fault.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlmodel import Session, col, select

from conference.data.session import Database
from conference.data.tables import (
    Balance,
    Commitment,
    Entry,
    Handoff,
    HandoffRelease,
    HandoffShare,
    PlanCost,
    PlanShare,
)
from conference.domain.handoff import HandoffMotive
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import ZERO, round_cents
from conference.domain.refusal import Refusal
from conference.services.entries import record_entry, reverse_entry
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import (
    HandoffLine,
    draft_handoff,
    expire_handoffs,
    propose_handoff,
    refuse_handoff,
    withdraw_handoff,
)
from conference.services.months import close_month
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, make_world
from tests.services.handoff_worlds import SCHEDULE, funders_of, ledger, natures, open_course, pay_step

FUNDERS = ("region", "opco", "france_travail")
VERBS = (
    ("propose",) * 4 + ("accept",) * 4 + ("refuse", "withdraw", "expire", "payment", "payment", "release", "commitment")
)
VERBS += ("settlement", "annul", "close")
STEPS, PACE = 90, 30


class Story:
    """Three courses of the Région: one with a schedule, one without, one paid by a line shared by twelve people."""

    def __init__(self, database: Database, world: World, random: Random) -> None:
        self.database, self.world, self.random = database, world, random
        self.accepted = 0
        with database.writing() as session:
            self.nature = natures(session)[0]
            self.courses = [open_course(session, world, title=f"Cours {each}") for each in range(3)]
            pay_step(session, world, self.courses[0][1], "6000.00", schedule=SCHEDULE)
            pay_step(session, world, self.courses[1][1], "4000.00")
            pay_step(session, world, self.courses[2][1], "12000.00", part="1000.00", planned=False, persons=12)

    def attempt(self, work: Callable[[Session], object]) -> bool:
        """Do it whole, or not at all when it is refused."""
        try:
            with self.database.writing() as session:
                work(session)
            return True
        except Refusal:
            return False

    def tell(self, verb: str) -> None:
        """One operation; only an acceptance, or an entry of one's own, changes the ledger."""
        with self.database.reading() as session:
            before = ledger(session)
        moves = getattr(self, f"_{verb}")()
        with self.database.reading() as session:
            after = ledger(session)
        assert after[: len(before)] == before
        assert moves or after == before, verb

    def _propose(self) -> bool:
        parcours, step = self.random.choice(self.courses)
        with self.database.reading() as session:
            paying = funders_of(session, step)
        sender = self.random.choice([code for code in FUNDERS if self.world[code] in paying])
        receiver = self.random.choice([code for code in FUNDERS if code != sender])
        line = HandoffLine(
            self.world[sender],
            self.world[receiver],
            step,
            date(2025, 9, 1) + timedelta(self.random.randrange(365)),
            ((self.nature, Decimal(self.random.randrange(1, 300_000)).scaleb(-2)),)
            if self.random.random() < 0.9
            else (),
        )
        by = self.world.actors[sender]

        def work(session: Session) -> None:
            draft = draft_handoff(session, parcours, line, by=by, at=AT)
            propose_handoff(session, draft.id or 0, by=by, at=AT)

        self.attempt(work)
        return False

    def _accept(self) -> bool:
        number, _, receiver = self._waiting()
        if number is None:
            return False
        with self.database.reading() as session:
            left = self._left(session, number)
            query = select(HandoffShare.nature_id, col(HandoffShare.asked)).where(HandoffShare.handoff_id == number)
            asked = session.exec(query).all()
        part = self.random.choice((1, 1, 2, 3))
        taken = {nature: round_cents(amount / part) for nature, amount in asked}
        by = self.world.actors[receiver]
        if not self.attempt(lambda session: accept_handoff(session, number, accepted=taken, by=by, at=AT)):
            return False
        self.accepted += 1
        with self.database.reading() as session:
            for row in session.exec(select(HandoffRelease).where(HandoffRelease.handoff_id == number)):
                assert row.released is not None
                assert ZERO <= row.released <= min(row.foreseen, left[row.commitment_id])
        return True

    def _refuse(self) -> bool:
        number, _, receiver = self._waiting()
        by = self.world.actors[receiver]
        self.attempt(
            lambda session: refuse_handoff(
                session, number or 0, motive=self.random.choice(list(HandoffMotive)), answer="Non", by=by, at=AT
            )
        )
        return False

    def _withdraw(self) -> bool:
        number, sender, _ = self._waiting()
        self.attempt(lambda session: withdraw_handoff(session, number or 0, by=self.world.actors[sender], at=AT))
        return False

    def _expire(self) -> bool:
        on = AT.date() + timedelta(self.random.choice((3, 3, 40)))
        self.attempt(lambda session: expire_handoffs(session, on=on, at=AT))
        return False

    def _payment(self) -> bool:
        return self._entry(EntryKind.PAYMENT)

    def _release(self) -> bool:
        return self._entry(EntryKind.RELEASE)

    def _commitment(self) -> bool:
        return self._entry(EntryKind.COMMITMENT)

    def _settlement(self) -> bool:
        return self._entry(EntryKind.SETTLEMENT)

    def _entry(self, kind: EntryKind) -> bool:
        number, who = self._line()
        day = date(2026, 1, 1) + timedelta(self.random.randrange(100))
        amount = Decimal(self.random.randrange(1, 100_000)).scaleb(-2)
        return self.attempt(
            lambda session: record_entry(
                session,
                number,
                kind=kind,
                amount=amount,
                effective_on=day,
                by=self.world.actors[who],
                at=AT,
                source=EntrySource.FORM,
            )
        )

    def _annul(self) -> bool:
        number, who = self._line()
        with self.database.reading() as session:
            entries = session.exec(select(Entry.id).where(Entry.commitment_id == number)).all()
        entry = self.random.choice(list(entries)) or 0
        by = self.world.actors[who]
        return self.attempt(lambda session: reverse_entry(session, entry, motive="Essai", by=by, at=AT))

    def _close(self) -> bool:
        month, by = date(2026, self.random.randrange(1, 4), 1), self.world.actors["coordinator"]
        self.attempt(lambda session: close_month(session, month=month, by=by, at=AT))
        return False

    def _line(self) -> tuple[int, str]:
        codes = {self.world[code]: code for code in FUNDERS}
        with self.database.reading() as session:
            rows = session.exec(select(Commitment.id, Commitment.funder_id).order_by(col(Commitment.id))).all()
        number, funder = self.random.choice(list(rows))
        return number or 0, codes[funder]

    def _waiting(self) -> tuple[int | None, str, str]:
        codes = {self.world[code]: code for code in FUNDERS}
        with self.database.reading() as session:
            query = select(Handoff.id, Handoff.sender_id, Handoff.receiver_id)
            rows = session.exec(query.where(Handoff.status == "proposed").order_by(col(Handoff.id))).all()
        if not rows:
            return None, "region", "opco"
        number, sender, receiver = self.random.choice(list(rows))
        return number, codes[sender], codes[receiver]

    def _left(self, session: Session, number: int) -> dict[int, Decimal]:
        query = select(Balance).join(HandoffRelease, col(HandoffRelease.commitment_id) == col(Balance.commitment_id))
        rows = session.exec(query.where(HandoffRelease.handoff_id == number)).all()
        return {row.commitment_id: row.commitment - row.release - row.payment + row.repayment for row in rows}


@pytest.mark.parametrize("seed", range(2))
def test_money_follows_persons_whatever_happens(database: Database, settings: Settings, seed: int) -> None:
    random = Random(seed)
    story = Story(database, make_world(database), random)
    for count in range(1, STEPS + 1):
        story.tell(random.choice(VERBS))
        if count % PACE == 0:
            with database.reading() as session:
                report = verify(session, instance=settings.instance)
                assert report.first_fault is None, report.first_fault
                _refuse_odd_plans(session)
    assert story.accepted >= 3


def _refuse_odd_plans(session: Session) -> None:
    """Each share is positive, and one funder has one share of a cost."""
    shares = session.exec(select(PlanShare)).all()
    assert all(share.amount > 0 for share in shares)
    assert len({(share.cost_id, share.funder_id) for share in shares}) == len(shares)
    assert {share.cost_id for share in shares} <= {cost.id for cost in session.exec(select(PlanCost))}
