"""Does the ledger hold after any sequence of operations?

Random officers commit, forecast, confirm, raise, settle, order, pay, give back, release, reverse anything, close months
and send files whose amounts change, in any order; what is refused leaves nothing. After each story `verify` finds no
fault, each balance is what a naive model says, and the totals by every axis are the sum of the entries.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitments import list_commitments
from conference.data.queries.totals import Selection, totals
from conference.data.session import Database
from conference.data.tables import Balance, Commitment, Entry, MonthState
from conference.domain import ledger
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import ZERO, from_cents, round_cents, split
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Refusal
from conference.services.commitments import confirm_commitment
from conference.services.entries import pay_in_bulk, record_entry, reverse_entry
from conference.services.importing.undo import undo_import
from conference.services.months import close_month
from conference.services.organisations import set_confirmation_threshold
from conference.services.staging import Stage
from conference.services.transfers import pair_transfer
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.services.scdl_files import scdl
from tests.services.sending import send

FUNDERS = ("region", "opco", "france_travail")
VERBS = (
    *(
        "commit",
        "commit",
        "commit",
        "forecast",
        "transfer",
        "confirm",
        "confirm",
        "bulk",
        "reverse",
        "reverse",
        "close",
        "import",
    ),
    *("payment", "payment", "payment", "repayment", "settlement", "order", "release", "commitment"),
)
STEPS, PACE = 160, 40
"""Operations of one story, and how often everything is checked."""


class Story:
    """One database, the lines that this story made, and what each must hold according to a model of our own."""

    def __init__(self, database: Database, world: World) -> None:
        self.database, self.world = database, world
        self.lines: list[tuple[int, str]] = []
        self.rows = [
            {"nomAttribuant": name, "idAttribuant": "", "objet": f"Action {number}", "dateConvention": "2026-01-05"}
            for number in range(3)
            for name in ("Région Exemple", "OPCO Exemple")
        ]

    def attempt(self, work: Callable[[Session], None]) -> None:
        """Do it whole, or not at all when it is refused."""
        try:
            with self.database.writing() as session:
                work(session)
        except Refusal:
            pass

    def tell(self, verb: str, pick: int, amount: Decimal, day: date) -> None:
        """One operation."""
        if verb in ("commit", "forecast", "transfer"):
            self.attempt(lambda session: self._commit(session, verb, pick, amount, day))
        elif verb == "close":
            month, by = day.replace(day=1), self.world.actors["coordinator"]
            self.attempt(lambda session: void(close_month(session, month=month, by=by, at=AT)))
        elif verb == "import":
            self._import(pick, amount)
        elif self.lines:
            line, who = self.lines[pick % len(self.lines)]
            self.attempt(lambda session: self._follow(session, verb, pick, line, who, amount, day))

    def _commit(self, session: Session, verb: str, pick: int, amount: Decimal, day: date) -> None:
        who, day = FUNDERS[pick % 3], date(2026, 1, 1 + day.day % 10)  # early, so that what follows is not before
        shares = tuple(zip((2026, 2027), split(amount, [2, 1]), strict=True)) if pick % 2 and amount > 1 else ()
        to = self.world[FUNDERS[(pick + 1) % 3]] if verb == "transfer" else None
        line = commit(
            session, self.world, who, str(amount), day, forecast=verb == "forecast", shares=shares, to_funder_id=to
        )
        if to is not None and FUNDERS[(pick + 1) % 3] == "opco":
            spent = commit(session, self.world, "opco", str(amount), day)
            pair_transfer(session, given_id=line, spent_id=spent, by=self.world.actors["opco"], at=AT)
            self.lines.append((spent, "opco"))
        self.lines.append((line, who))

    def _import(self, pick: int, amount: Decimal) -> None:
        """Rows of two funders, whose amounts change from one file to the next; the same file again changes nothing; now and
        then the whole of it is undone, and what was undone is created again."""
        self.rows[pick % len(self.rows)]["montant"] = str(amount)
        content = scdl(*self.rows)
        first = send(self.database, content)
        assert first.state.stage is Stage.DONE, first.state.message
        again = send(self.database, content)
        assert (again.state.created, again.state.adjusted) == (0, 0)
        if pick % 3 == 0 and first.state.created + first.state.adjusted:
            number = first.state.import_file_id or 0
            self.attempt(lambda session: void(undo_import(session, number, motive="Essai", by=CONSOLE, at=AT)))
        with self.database.reading() as session:
            self._note_new_lines(session)

    def _note_new_lines(self, session: Session) -> None:
        known = {line for line, _ in self.lines}
        codes = {self.world[code]: code for code in FUNDERS}
        for line, funder in session.exec(select(Commitment.id, Commitment.funder_id).order_by(col(Commitment.id))):
            if line is not None and line not in known:
                self.lines.append((line, codes[funder]))

    def _follow(self, session: Session, verb: str, pick: int, line: int, who: str, amount: Decimal, day: date) -> None:
        by = self.world.actors[who]
        if verb == "reverse":
            entries = session.exec(select(Entry.id).where(Entry.commitment_id == line).order_by(col(Entry.id))).all()
            reverse_entry(session, entries[pick % len(entries)] or 0, motive="Essai", by=by, at=AT)
        elif verb == "confirm":
            confirm_commitment(session, line, by=by, at=AT)
        elif verb == "bulk":
            own = [each for each, owner in self.lines if owner == who]
            pay_in_bulk(session, own, paid_on=day, by=by, at=AT)
        else:
            record_entry(
                session,
                line,
                kind=EntryKind(verb),
                amount=round_cents(amount / (5 if verb == "payment" else 2)) or amount,
                effective_on=day,
                by=by,
                at=AT,
                source=EntrySource.FORM,
            )


def void(_: object) -> None:
    """Nothing: a result that the test does not need."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_leaves_a_ledger_that_holds(database: Database, settings: Settings, seed: int) -> None:
    world, chance = make_world(database), Random(seed)
    signatory = world.actors["opco_signatory"]
    with database.writing() as session:
        set_confirmation_threshold(session, world["opco"], threshold=Decimal("150.00"), by=signatory, at=AT)
    story = Story(database, world)
    for step in range(1, STEPS + 1):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(109))
        story.tell(chance.choice(VERBS), chance.randrange(10_000), from_cents(chance.randrange(1, 20_000)), day)
        if step % PACE == 0:
            with database.reading() as session:
                faults = [check for check in verify(session, instance=settings.instance).checks if not check.ok]
                assert [check for check in faults if check.name != "import_files"] == []  # no file is kept here
                balances_are_those_of_the_entries(session)
                totals_are_those_of_the_entries(session, world)
    with database.reading() as session:  # the story was not all refusals
        assert set(session.exec(select(Entry.kind))) >= {"commitment", "forecast", "payment", "release"}
        assert session.exec(select(Entry.id).where(col(Entry.reverses_id).is_not(None))).first() is not None
        assert session.exec(select(col(MonthState.month)).where(col(MonthState.closed_at).is_not(None))).first()


def balances_are_those_of_the_entries(session: Session) -> None:
    expected: dict[int, ledger.Balance] = defaultdict(ledger.Balance)
    for entry in session.exec(select(Entry)):
        expected[entry.commitment_id] = expected[entry.commitment_id].plus(EntryKind(entry.kind), entry.amount)
    for row in session.exec(select(Balance)):
        found = ledger.Balance(**{kind.value: getattr(row, kind.value) for kind in EntryKind})
        assert found == expected[row.commitment_id]
        assert list(ledger.faults(found)) == []


def totals_are_those_of_the_entries(session: Session, world: World) -> None:
    funders: dict[int, str] = {world[code]: code for code in FUNDERS}
    paid: dict[tuple[str, date], Decimal] = defaultdict(lambda: ZERO)
    internal = ZERO
    for entry in session.exec(select(Entry)):
        sign = {EntryKind.PAYMENT: 1, EntryKind.REPAYMENT: -1}.get(EntryKind(entry.kind), 0)
        paid[funders[entry.funder_id], entry.booked_month] += sign * entry.amount
        internal += sign * entry.amount if entry.to_funder_id is not None else ZERO
    found = totals(session, ["funder", "month"])
    assert {row.key: row.gross.paid for row in found.rows} == dict(paid)
    assert found.internal_transfers.paid == internal
    assert found.shared_total.paid == sum(paid.values()) - internal
    for axes in (["scheme"], ["year", "nature"], ["month", "territory"]):
        assert totals(session, axes).sum_of_funders == found.sum_of_funders
    alone = totals(session, ["month"], Selection(funder_ids=frozenset({world["region"]})))
    assert alone.shared_total.paid == sum(amount for (code, _), amount in paid.items() if code == "region")
    assert session.exec(select(Commitment.id)).first() is not None or found.rows == ()
    listed = list_commitments(session, world.actors["coordinator"], Filters())
    assert (listed.totals.sums.paid, listed.shared_paid) == (found.sum_of_funders.paid, found.shared_total.paid)
