"""Does the ledger keep its figures whatever is done to it? The cases of money told in words, on both engines."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from conference.data.queries.totals import Selection, totals
from conference.data.session import Database
from conference.data.tables import Balance, Commitment, Entry
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.commitments import CommitmentLine, commit_funds, confirm_commitment, shares_of
from conference.services.entries import pay_in_bulk, record_entry, record_payment, reverse_entry
from conference.services.months import close_month
from conference.services.organisations import set_confirmation_threshold
from conference.services.transfers import pair_transfer
from tests.seeds import AT, World, commit, make_world

PAID_ON = date(2026, 3, 20)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def pay(session: Session, world: World, who: str, commitment_id: int, amount: str, on: date = PAID_ON) -> Entry:
    return record_payment(
        session,
        commitment_id,
        amount=Decimal(amount),
        paid_on=on,
        by=world.actors[who],
        at=AT,
        source=EntrySource.FORM,
    )


def test_wrong_amount_is_reversed_and_entered_again(database: Database, world: World) -> None:
    """money.md 6: 1,250.00 typed 12,500.00."""
    with database.writing() as session:
        line = commit(session, world, "region", "20000.00")
        wrong = pay(session, world, "region", line, "12500.00")
        reverse_entry(session, wrong.id or 0, motive="Erreur de saisie", by=world.actors["region"], at=AT)
        pay(session, world, "region", line, "1250.00")
    with database.reading() as session:
        amounts = session.exec(
            select(Entry.amount).where(Entry.kind == EntryKind.PAYMENT).order_by(Entry.id)  # type: ignore[arg-type]
        ).all()
        assert amounts == [Decimal("12500.00"), Decimal("-12500.00"), Decimal("1250.00")]
        assert totals(session, ["funder"]).shared_total.paid == Decimal("1250.00")
        assert totals(session, ["month"]).shared_total.still_to_pay == Decimal("18750.00")


def test_transfer_is_counted_once_for_each_month_and_filter(database: Database, world: World) -> None:
    """money.md 2: Région 1,000.00 through an OPCO that pays the centre 1,000.00."""
    with database.writing() as session:
        given = commit(session, world, "region", "1000.00", to_funder_id=world["opco"])
        spent = commit(session, world, "opco", "1000.00", provider_id=world["centre"])
        pay(session, world, "region", given, "1000.00")
        pay(session, world, "opco", spent, "1000.00")
        pair_transfer(session, given_id=given, spent_id=spent, by=world.actors["opco"], at=AT)
    with database.reading() as session:
        for selection in (Selection(), Selection(first_month=date(2026, 3, 1), last_month=date(2026, 3, 1))):
            found = totals(session, ["funder"], selection)
            assert [(row.key[0], row.gross.paid) for row in found.rows] == [("opco", 1000), ("region", 1000)]
            assert found.internal_transfers.paid == 1000
            assert found.shared_total.paid == 1000
        alone = totals(session, ["funder"], Selection(funder_ids=frozenset({world["region"]})))
        assert (alone.shared_total.paid, alone.internal_transfers.paid) == (1000, 0)
        april = totals(session, ["funder"], Selection(first_month=date(2026, 4, 1)))
        assert (april.rows, april.shared_total.paid) == ((), 0)


def test_pairing_needs_the_receiver_and_the_same_dimensions(database: Database, world: World) -> None:
    with database.writing() as session:
        given = commit(session, world, "region", "1000.00", to_funder_id=world["opco"])
        spent = commit(session, world, "opco", "1000.00")
        with pytest.raises(Forbidden):
            pair_transfer(session, given_id=given, spent_id=spent, by=world.actors["france_travail"], at=AT)
        with pytest.raises(NotFound):
            pair_transfer(session, given_id=spent, spent_id=spent, by=world.actors["opco"], at=AT)


def test_payment_beyond_what_is_committed_is_refused(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        pay(session, world, "region", line, "60.00")
        with pytest.raises(Refusal, match=r"100,00.€") as refused:
            pay(session, world, "region", line, "40.01")
        assert (refused.value.field, refused.value.code) == ("amount", "balance_paid_within_committed")
        session.rollback()


@pytest.mark.parametrize(
    ("kind", "amount", "code"),
    [
        (EntryKind.RELEASE, "40.01", "balance_paid_within_committed"),
        (EntryKind.REPAYMENT, "60.01", "balance_repaid_within_paid"),
        (EntryKind.SETTLEMENT, "59.99", "balance_paid_within_settled"),
        (EntryKind.SETTLEMENT, "100.01", "balance_settled_within_committed"),
        (EntryKind.ORDER, "100.01", "balance_ordered_within_settled"),
        (EntryKind.ORDER, "59.99", "balance_paid_within_ordered"),
    ],
)
def test_each_rule_is_refused_by_the_service(
    database: Database, world: World, kind: EntryKind, amount: str, code: str
) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        pay(session, world, "region", line, "60.00")
        with pytest.raises(Refusal) as refused:
            record_entry(
                session,
                line,
                kind=kind,
                amount=Decimal(amount),
                effective_on=PAID_ON,
                by=world.actors["region"],
                at=AT,
                source=EntrySource.FORM,
            )
        assert refused.value.code == code
        session.rollback()


def test_the_database_itself_refuses_a_broken_balance(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
    with pytest.raises(DBAPIError, match="ck_balance_paid_within_committed"), database.writing() as session:
        row = session.get_one(Balance, line)
        row.payment = Decimal("100.01")
        session.add(row)
        session.flush()


@pytest.mark.parametrize("verb", ["UPDATE entry SET amount = amount", "DELETE FROM entry", "DELETE FROM commitment"])
def test_append_only_tables_refuse_change(database: Database, world: World, verb: str) -> None:
    from sqlalchemy import text

    with database.writing() as session:
        commit(session, world, "region", "100.00")
    with pytest.raises(DBAPIError, match="append_only"), database.writing() as session:
        session.execute(text(verb))


def test_closed_month_takes_no_entry(database: Database, world: World) -> None:
    """A payment of March that comes after March's closing is booked in April."""
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        close_month(session, month=date(2026, 3, 1), by=world.actors["coordinator"], at=AT)
        late = pay(session, world, "region", line, "60.00", on=date(2026, 3, 28))
        assert (late.effective_on, late.booked_month) == (date(2026, 3, 28), date(2026, 4, 1))
    with pytest.raises(DBAPIError, match="closed_month_takes_no_entry"), database.writing() as session:
        from conference.services.posting import Posting, post

        commitment = session.get_one(Commitment, line)
        posting = Posting(
            line, commitment.funder_id, None, commitment.dimension_set_id, EntryKind.PAYMENT, Decimal("1.00"),
            PAID_ON, date(2026, 3, 1), EntrySource.FORM,
        )  # fmt: skip
        post(session, [posting], by_id=None, at=AT)


def test_commitment_above_the_threshold_waits_for_a_second_person(database: Database, world: World) -> None:
    with database.writing() as session:
        signatory = world.actors["region_signatory"]
        set_confirmation_threshold(session, world["region"], threshold=Decimal("5000.00"), by=signatory, at=AT)
        line = commit(session, world, "region", "5000.01")
        assert totals(session, ["funder"]).shared_total.committed == 0
        with pytest.raises(Refusal) as refused:
            confirm_commitment(session, line, by=world.actors["region"], at=AT)
        assert refused.value.code == "signatory_needed"
        with pytest.raises(Refusal) as awaiting:
            pay(session, world, "region", line, "1.00")
        assert awaiting.value.code == "awaiting"
        confirm_commitment(session, line, by=signatory, at=AT)
        assert totals(session, ["funder"]).shared_total.committed == Decimal("5000.01")
        with pytest.raises(Conflict):
            confirm_commitment(session, line, by=signatory, at=AT)
        own = commit(session, world, "region_signatory", "9000.00")
        with pytest.raises(Refusal) as same_person:
            confirm_commitment(session, own, by=signatory, at=AT)
        assert same_person.value.code == "second_person_needed"


def test_release_and_its_annulation_share_the_years(database: Database, world: World) -> None:
    shares = ((2026, Decimal("66.67")), (2027, Decimal("33.33")))
    with database.writing() as session:
        line = commit(session, world, "region", "100.00", shares=shares)
        release = record_entry(
            session, line, kind=EntryKind.RELEASE, amount=Decimal("10.00"), effective_on=PAID_ON,
            by=world.actors["region"], at=AT, source=EntrySource.FORM,
        )  # fmt: skip
        assert shares_of(session, release.id or 0) == ((2026, Decimal("6.67")), (2027, Decimal("3.33")))
        assert session.get_one(Balance, line).shared == Decimal("90.00")
        reverse_entry(session, release.id or 0, motive="Erreur", by=world.actors["region"], at=AT)
        session.expire_all()
        assert session.get_one(Balance, line).shared == Decimal("100.00")


YEARS = ((2026, Decimal("200.00")), (2027, Decimal("100.00")))


def record(session: Session, world: World, line: int, kind: EntryKind, amount: str) -> int:
    entry = record_entry(
        session, line, kind=kind, amount=Decimal(amount), effective_on=PAID_ON, by=world.actors["region"], at=AT,
        source=EntrySource.FORM,
    )  # fmt: skip
    return entry.id or 0


@pytest.mark.parametrize("kind", [EntryKind.FORECAST, EntryKind.COMMITMENT])
def test_what_is_added_to_a_prevision_of_several_years_is_confirmed(
    database: Database, world: World, kind: EntryKind
) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "300.00", forecast=True, shares=YEARS)
        added = record(session, world, line, kind, "100.00")
        assert shares_of(session, added) == ((2026, Decimal("66.67")), (2027, Decimal("33.33")))
        confirm_commitment(session, line, by=world.actors["region_signatory"], at=AT)
        session.expire_all()
        balance = session.get_one(Balance, line)
        assert (balance.commitment, balance.shared) == (Decimal("400.00"), Decimal("400.00"))


def test_release_of_all_is_annulled_after_a_rise(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "300.00", shares=YEARS)
        release = record(session, world, line, EntryKind.RELEASE, "300.00")
        record(session, world, line, EntryKind.COMMITMENT, "100.00")
        reverse_entry(session, release, motive="Erreur", by=world.actors["region"], at=AT)
        session.expire_all()
        assert session.get_one(Balance, line).shared == Decimal("400.00")


def test_transfer_goes_to_a_funder(database: Database, world: World) -> None:
    for receiver in (world["centre"], 999_999):
        with database.writing() as session, pytest.raises(Refusal, match="financeur"):
            commit(session, world, "region", "10.00", to_funder_id=receiver)


def test_another_funder_cannot_write_nor_learn(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        with pytest.raises(NotFound):
            pay(session, world, "opco", line, "1.00")
        with pytest.raises(NotFound):
            pay(session, world, "opco", 999_999, "1.00")
        with pytest.raises(Forbidden):
            commit_funds(
                session,
                CommitmentLine(funder_id=world["opco"], amount=Decimal(1), decided_on=PAID_ON),
                by=world.actors["region"],
                at=AT,
                source=EntrySource.FORM,
            )


def test_own_reference_is_unique_until_the_line_is_cancelled(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00", funder_reference="2026-17")
        with pytest.raises(Refusal) as taken:
            commit(session, world, "region", "100.00", funder_reference="2026-17")
        assert taken.value.field == "funder_reference"
        commit(session, world, "opco", "100.00", funder_reference="2026-17")
        entry = session.exec(select(Entry).where(Entry.commitment_id == line)).one()
        reverse_entry(session, entry.id or 0, motive="Double", by=world.actors["region"], at=AT)
        commit(session, world, "region", "100.00", funder_reference="2026-17")
        with pytest.raises(Refusal, match="annulé"):
            pay(session, world, "region", line, "1.00")


def test_own_reference_is_free_again_when_what_was_paid_was_given_back(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00", funder_reference="2026-17")
        record(session, world, line, EntryKind.PAYMENT, "40.00")
        record(session, world, line, EntryKind.REPAYMENT, "40.00")
        first = session.exec(select(Entry).where(Entry.commitment_id == line).order_by(col(Entry.id))).first()
        assert first is not None
        reverse_entry(session, first.id or 0, motive="Double", by=world.actors["region"], at=AT)
        commit(session, world, "region", "100.00", funder_reference="2026-17")


def test_payment_before_the_engagement_is_refused(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "100.00", decided_on=date(2026, 3, 10))
        with pytest.raises(Refusal) as refused:
            pay(session, world, "region", line, "1.00", on=date(2026, 3, 9))
        assert refused.value.field == "effective_on"
        session.rollback()


def test_future_payment_is_refused(database: Database, world: World) -> None:
    late_evening = datetime(2026, 4, 20, 22, 30, tzinfo=UTC)  # already 21 April in Paris
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        record_payment(
            session, line, amount=Decimal(1), paid_on=date(2026, 4, 21), by=world.actors["region"], at=late_evening,
            source=EntrySource.FORM,
        )  # fmt: skip
        with pytest.raises(Refusal) as refused:
            pay(session, world, "region", line, "1.00", on=date(2026, 4, 21))
        assert refused.value.code == "future"


def test_bulk_payment_reports_what_was_refused_and_why(database: Database, world: World) -> None:
    with database.writing() as session:
        first, second = commit(session, world, "region", "100.00"), commit(session, world, "region", "50.00")
        later = commit(session, world, "region", "10.00", decided_on=date(2026, 4, 1))
        others = commit(session, world, "opco", "70.00")
        pay(session, world, "region", second, "50.00")
        report = pay_in_bulk(session, [first, second, later, others], paid_on=PAID_ON, by=world.actors["region"], at=AT)
        assert [(line.commitment_id, line.amount, line.refusal is None) for line in report] == [
            (first, Decimal("100.00"), True),
            (second, None, False),
            (later, None, False),
            (others, None, False),
        ]
        assert report[3].reference == ""
        assert totals(session, ["funder"]).shared_total.paid == Decimal("150.00")


def test_annulling_a_release_does_not_pass_under_the_threshold(database: Database, world: World) -> None:
    """Commit 900, release 800, commit 850 more, annul the release: 1,750 would be committed by one person alone."""
    officer, signatory = world.actors["region"], world.actors["region_signatory"]
    with database.writing() as session:
        set_confirmation_threshold(session, world["region"], threshold=Decimal("1000.00"), by=signatory, at=AT)
        line = commit(session, world, "region", "900.00")
        kinds = ((EntryKind.RELEASE, Decimal("800.00")), (EntryKind.COMMITMENT, Decimal("850.00")))
        release, rise = (
            record_entry(
                session,
                line,
                kind=kind,
                amount=amount,
                effective_on=PAID_ON,
                by=officer,
                at=AT,
                source=EntrySource.FORM,
            )
            for kind, amount in kinds
        )
        assert rise.kind == EntryKind.COMMITMENT
        with pytest.raises(Refusal) as refused:
            reverse_entry(session, release.id or 0, motive="Erreur", by=officer, at=AT)
        assert refused.value.code == "signatory_needed"
        assert totals(session, ["funder"]).shared_total.committed == Decimal("950.00")
        reverse_entry(session, release.id or 0, motive="Erreur", by=signatory, at=AT)
        assert totals(session, ["funder"]).shared_total.committed == Decimal("1750.00")


def test_a_wrong_release_under_the_threshold_is_annulled_by_its_author(database: Database, world: World) -> None:
    officer, signatory = world.actors["region"], world.actors["region_signatory"]
    with database.writing() as session:
        set_confirmation_threshold(session, world["region"], threshold=Decimal("1000.00"), by=signatory, at=AT)
        line = commit(session, world, "region", "900.00")
        release = record_entry(
            session,
            line,
            kind=EntryKind.RELEASE,
            amount=Decimal("100.00"),
            effective_on=PAID_ON,
            by=officer,
            at=AT,
            source=EntrySource.FORM,
        )
        reverse_entry(session, release.id or 0, motive="Erreur", by=officer, at=AT)
        assert totals(session, ["funder"]).shared_total.committed == Decimal("900.00")
