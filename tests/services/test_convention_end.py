"""What does the end of a convention give back, to whom, and what are its instalments and figures until then?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitments import list_commitments
from conference.data.queries.convention_choices import convention_choices, under_convention
from conference.data.queries.convention_money import consumption, convention_money
from conference.data.queries.instalments import due_instalments, instalments_of
from conference.data.session import Database
from conference.data.tables import Convention, ConventionBalance, ConventionEvent, Entry, JournalEntry
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.convention_end import releasable, release_own, settle_convention, terminate_convention
from conference.services.convention_money import unlink_commitment
from conference.services.entries import record_entry, record_payment, reverse_entry
from conference.services.instalments import pay_instalment, point_payment
from conference.services.months import close_month
from conference.services.organisations import set_confirmation_threshold
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.services.convention_worlds import add_instalment, add_share, signed_convention, version_of

PAID = date(2026, 4, 1)
FORM = EntrySource.FORM


def in_use(session: Session, world: World) -> tuple[int, int, int, int]:
    """A convention of 50,000.00: 1,000.00 of the Région of which 400.00 is paid, 300.00 that wait, 500.00 of the OPCO."""
    convention_id = signed_convention(session, world)
    mine = commit(session, world, "region", "1000", convention_id=convention_id, shares=_shares("600", "400"))
    record_payment(session, mine, amount=Decimal(400), paid_on=PAID, by=world.actors["region"], at=AT, source=FORM)
    waits = commit(session, world, "region", "300", convention_id=convention_id, forecast=True)
    theirs = commit(session, world, "opco", "500", convention_id=convention_id)
    return convention_id, mine, waits, theirs


def _shares(first: str, second: str) -> tuple[tuple[int, Decimal], ...]:
    return ((2026, Decimal(first)), (2027, Decimal(second)))


def _balance(session: Session, convention_id: int) -> tuple[str, str, str]:
    row = session.get_one(ConventionBalance, convention_id, populate_existing=True)
    return str(row.forecast), str(row.committed), str(row.paid)


def test_settling_releases_what_is_not_spent(database: Database, settings: Settings) -> None:
    world = make_world(database)
    signatory, opco = world.actors["region_signatory"], world.actors["opco"]
    with database.writing() as session:
        convention_id, mine, waits, theirs = in_use(session, world)
        assert _balance(session, convention_id) == ("300.00", "1500.00", "400.00")
        shown = releasable(session, convention_id, by=signatory)
        assert [(each.organisation, each.lines, each.unspent, each.waiting, each.is_own) for each in shown] == [
            ("Région Exemple", 2, Decimal(600), Decimal(300), True),
            ("OPCO Exemple", 1, Decimal(500), Decimal(0), False),
        ]
        before = len(session.exec(select(JournalEntry)).all())
        with pytest.raises(Refusal, match="motif"):
            settle_convention(session, convention_id, motive=" ", by=signatory, at=AT)
        with pytest.raises(Forbidden):
            settle_convention(session, convention_id, motive="Fini", by=world.actors["region"], at=AT)
        settle_convention(session, convention_id, motive="Tout est fait", by=signatory, at=AT)
        assert len(session.exec(select(JournalEntry)).all()) == before + 1, "one journal entry"
        assert session.exec(select(ConventionEvent.motive)).all() == ["Tout est fait"]
        convention = session.get_one(Convention, convention_id)
        assert (convention.status, convention.ended_on) == ("settled", AT.date())
        assert _balance(session, convention_id) == ("0.00", "900.00", "400.00")
        entries = session.exec(select(Entry).where(Entry.kind == "release")).all()
        assert [(each.commitment_id, each.amount, each.effective_on) for each in entries] == [
            (mine, Decimal(600), AT.date())
        ]
        with pytest.raises(Conflict):
            terminate_convention(session, convention_id, motive="Encore", by=signatory, at=AT)
        assert release_own(session, convention_id, by=opco, at=AT) == Decimal(500)
        with pytest.raises(Refusal, match="ne reste rien"):
            release_own(session, convention_id, by=opco, at=AT)
        assert _balance(session, convention_id) == ("0.00", "400.00", "400.00")
        assert not releasable(session, convention_id, by=signatory)
        assert waits and theirs
    with database.reading() as session:
        found = {each.name for each in verify(session, instance=settings.instance).checks if each.fault}
        assert found <= {"convention_signatures", "convention_files", "convention_numbers"}, "rows without a signature"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_coordinator_ends_it_and_touches_no_line(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        convention_id, *_ = in_use(session, world)
        coordinator = world.actors["coordinator"]
        assert not any(each.is_own for each in releasable(session, convention_id, by=coordinator))
        with pytest.raises(Refusal, match="pas terminée"):
            release_own(session, convention_id, by=world.actors["opco"], at=AT)
        terminate_convention(session, convention_id, motive="Défaut", by=coordinator, at=AT)
        assert _balance(session, convention_id) == ("300.00", "1500.00", "400.00")
        with pytest.raises(NotFound):
            releasable(session, convention_id, by=world.actors["france_travail"])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_is_booked_in_the_first_open_month_and_spares_what_is_settled(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region_signatory"]
    with database.writing() as session:
        convention_id, mine, *_ = in_use(session, world)
        told = {"effective_on": PAID, "by": region, "at": AT, "source": FORM}
        record_entry(session, mine, kind=EntryKind.SETTLEMENT, amount=Decimal(700), **told)  # type: ignore[arg-type]
        for month in range(1, 5):
            close_month(session, month=date(2026, month, 1), by=world.actors["coordinator"], at=AT)
        settle_convention(session, convention_id, motive="Tout est fait", by=region, at=AT)
        [release] = session.exec(select(Entry).where(Entry.kind == "release")).all()
        assert (release.amount, release.booked_month) == (Decimal(300), date(2026, 5, 1))


def test_instalments_follow_the_payments(database: Database) -> None:
    world = make_world(database)
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        convention_id, mine, *_ = in_use(session, world)
        version = version_of(session, convention_id)
        add_instalment(session, world, version, 1, "region", date(2026, 4, 10), "500")
        add_instalment(session, world, version, 2, "region", date(2026, 6, 30), "500")
        add_instalment(session, world, version, 3, "opco", date(2026, 4, 10), "500")
        first = session.exec(select(Entry).where(Entry.kind == "payment")).one()
        assert [(row.key, row.left, row.days_late) for row in due_instalments(session, region, AT.date())] == [
            (1, Decimal(500), 10),
            (2, Decimal(500), 0),
        ]
        point_payment(session, first.id or 0, 1, by=region, at=AT)
        with pytest.raises(NotFound):
            point_payment(session, first.id or 0, 3, by=opco, at=AT)
        with pytest.raises(Refusal, match="à la charge"):
            point_payment(session, first.id or 0, 3, by=region, at=AT)
        last = pay_instalment(session, mine, 1, amount=Decimal(100), paid_on=PAID, by=region, at=AT)
        assert [row.key for row in due_instalments(session, region, AT.date())] == [2]
        assert not due_instalments(session, region, AT.date(), within=70)
        reverse_entry(session, last.id or 0, motive="Erreur", by=region, at=AT)
        [late] = due_instalments(session, region, AT.date(), within=0)
        assert (late.paid, late.left, late.is_late) == (Decimal(400), Decimal(100), True)
        told = {"effective_on": PAID, "by": region, "at": AT, "source": FORM}
        back = record_entry(session, mine, kind=EntryKind.REPAYMENT, amount=Decimal(50), **told)  # type: ignore[arg-type]
        point_payment(session, back.id or 0, 1, by=region, at=AT)
        rows = instalments_of(session, opco, convention_id, AT.date())
        assert [(row.key, row.paid) for row in rows] == [(1, Decimal(350)), (3, Decimal(0)), (2, Decimal(0))]
        assert instalments_of(session, world.actors["france_travail"], convention_id, AT.date()) == []
        unlink_commitment(session, mine, motive="Autre", by=region, at=AT)
        assert not any(row.paid for row in instalments_of(session, opco, convention_id, AT.date()))


def test_a_commitment_for_one_instalment_sends_its_payments_there(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        add_instalment(session, world, version_of(session, convention_id), 1, "region", date(2026, 4, 10), "500")
        number = commit(session, world, "region", "500", convention_id=convention_id, instalment_key=1)
        paid = record_payment(session, number, amount=Decimal(500), paid_on=PAID, by=region, at=AT, source=FORM)
        assert not due_instalments(session, region, AT.date())
        reverse_entry(session, paid.id or 0, motive="Erreur", by=region, at=AT)
        assert [row.left for row in due_instalments(session, region, AT.date())] == [Decimal(500)]
        [choice] = convention_choices(session, region)
        assert (choice.left, [each.key for each in choice.instalments]) == (Decimal(49500), [1])
        assert convention_choices(session, world.actors["opco"])[0].instalments == ()
        under = under_convention(session, region, number)
        assert under is not None and under.instalment is not None and under.instalment.key == 1


def test_the_money_by_party_and_year_and_its_lines(database: Database) -> None:
    world = make_world(database)
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        convention_id, *_ = in_use(session, world)
        add_share(session, world, version_of(session, convention_id), "region", 2026, "30000")
        commit(session, world, "region", "77")
    with database.reading() as session:
        money = convention_money(session, opco, convention_id)
        assert (money.ceiling, money.left, money.years) == (Decimal(50000), Decimal(48200), (2026, 2027))
        told = {
            (party.code, year): tuple(str(each) for each in vars(spent).values())
            for party in money.parties
            for year, spent in party.years
        }
        assert told == {
            ("region", 2026): ("30000.00", "600.00", "300.00", "400.00"),
            ("region", 2027): ("0.00", "400.00", "0.00", "0.00"),
            ("opco", 2026): ("0.00", "500.00", "0.00", "0.00"),
        }
        assert [party.lines for party in money.parties] == [2, 1]
        with pytest.raises(NotFound):
            convention_money(session, world.actors["france_travail"], convention_id)
        seen = consumption(session, region, [convention_id])[convention_id]
        assert (seen.left, seen.share) == (Decimal(48200), Decimal("0.036"))
        assert consumption(session, world.actors["france_travail"], [convention_id]) == {}
        page = list_commitments(session, opco, Filters(convention="C-2026-001"))
        assert sorted((line.funder, line.is_own) for line in page.lines) == [
            ("OPCO Exemple", True),
            ("Région Exemple", False),
        ], "what waits at another funder says nothing"


def test_what_waits_alone_is_cancelled(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        signatory = world.actors["region_signatory"]
        set_confirmation_threshold(session, world["region"], threshold=Decimal(10), by=signatory, at=AT)
        convention_id = signed_convention(session, world, "1000")
        commit(session, world, "region", "1000", convention_id=convention_id)
        terminate_convention(session, convention_id, motive="Défaut", by=signatory, at=AT)
        assert _balance(session, convention_id) == ("0.00", "0.00", "0.00"), "what waited is cancelled"
        assert session.exec(select(Entry.amount).order_by(col(Entry.id))).all() == [Decimal(1000), Decimal(-1000)]
