"""Is the envelope of a convention kept, whoever commits and when? Case 8 of money.md, and every entry that moves it."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import (
    Commitment,
    Convention,
    ConventionBalance,
    ConventionCommitment,
    ConventionVersion,
    Entry,
)
from conference.domain.importing.remarks import RemarkKind
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.commitments import CommitmentLine, commit_funds, confirm_commitment, record_commitments
from conference.services.convention_money import link_commitment, set_ceiling, unlink_commitment
from conference.services.dimensions import Dimensions
from conference.services.entries import pay_in_bulk, record_entry, record_payment, reverse_entry
from conference.services.organisations import set_confirmation_threshold
from conference.services.plans import PlanOf, commit_shares, set_cost, set_share
from tests.seeds import AT, commit, make_world
from tests.services.convention_worlds import add_instalment, add_version, signed_convention, version_of
from tests.services.handoff_worlds import natures, open_course
from tests.services.scdl_files import scdl
from tests.services.sending import send

DAY = date(2026, 3, 2)


def _balance(session: Session, convention_id: int) -> tuple[Decimal, Decimal, Decimal]:
    row = session.get_one(ConventionBalance, convention_id)
    return row.forecast, row.committed, row.paid


def _euros(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def test_two_officers_at_the_same_instant(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        commit(session, world, "region", "49600", convention_id=convention_id)
    said: list[str] = []
    barrier = threading.Barrier(2)

    def one(who: str) -> None:
        barrier.wait(timeout=30)
        try:
            with database.writing() as session:
                commit(session, world, who, "300", convention_id=convention_id)
            said.append("passed")
        except Refusal as refusal:
            said.append(refusal.message)

    threads = [threading.Thread(target=one, args=(who,)) for who in ("region", "opco")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [refused] = [each for each in said if each != "passed"]
    assert refused.replace("\u202f", " ").replace("\xa0", " ") == (
        "Cette convention a un plafond de 50 000,00 €. Il reste 100,00 €."
    )
    with database.reading() as session:
        assert _balance(session, convention_id) == _euros("0", "49900", "0")
        assert len(session.exec(select(ConventionCommitment)).all()) == 2
        assert len(session.exec(select(Entry)).all()) == 2, "the refused line left nothing"


def test_the_database_keeps_the_ceiling_by_itself(database: Database) -> None:
    world = make_world(database)
    with pytest.raises(IntegrityError, match="within_ceiling"), database.writing() as session:
        convention_id = signed_convention(session, world, "100")
        session.get_one(ConventionBalance, convention_id).committed = Decimal("100.01")
        session.flush()


def test_every_entry_moves_the_balance(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        convention_id = signed_convention(session, world, "1000")
        first = commit(session, world, "region", "600", convention_id=convention_id)
        other = commit(session, world, "opco", "250")
        link_commitment(session, other, convention_id, by=world.actors["opco"], at=AT)
        assert _balance(session, convention_id) == _euros("0", "850", "0")
        record_payment(session, first, amount=Decimal(400), paid_on=DAY, by=region, at=AT, source=EntrySource.FORM)
        assert _balance(session, convention_id) == _euros("0", "850", "400")
        told = {"effective_on": DAY, "by": region, "at": AT, "source": EntrySource.FORM}
        with pytest.raises(Refusal, match=r"Il reste 150,00"):
            record_entry(session, first, kind=EntryKind.COMMITMENT, amount=Decimal("150.01"), **told)  # type: ignore[arg-type]
        session.rollback()


def test_releases_repayments_and_annulations_lower_it(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        convention_id = signed_convention(session, world, "1000")
        number = commit(session, world, "region", "1000", convention_id=convention_id)
        told = {"effective_on": DAY, "by": region, "at": AT, "source": EntrySource.FORM}
        paid = record_entry(session, number, kind=EntryKind.PAYMENT, amount=Decimal(500), **told)  # type: ignore[arg-type]
        record_entry(session, number, kind=EntryKind.REPAYMENT, amount=Decimal(200), **told)  # type: ignore[arg-type]
        released = record_entry(session, number, kind=EntryKind.RELEASE, amount=Decimal(300), **told)  # type: ignore[arg-type]
        assert _balance(session, convention_id) == _euros("0", "700", "300")
        commit(session, world, "opco", "300", convention_id=convention_id)
        with pytest.raises(Refusal, match=r"Il reste 0,00"):
            reverse_entry(session, released.id or 0, motive="Erreur", by=region, at=AT)
        assert paid.id


def test_what_waits_for_its_second_person_counts(database: Database) -> None:
    world = make_world(database)
    signatory = world.actors["region_signatory"]
    with database.writing() as session:
        set_confirmation_threshold(session, world["region"], threshold=Decimal(500), by=signatory, at=AT)
        convention_id = signed_convention(session, world, "1000")
        number = commit(session, world, "region", "900", convention_id=convention_id)
        assert _balance(session, convention_id) == _euros("900", "0", "0")
        with pytest.raises(Refusal, match=r"Il reste 100,00"), session.begin_nested():
            commit(session, world, "opco", "101", convention_id=convention_id)
        confirm_commitment(session, number, by=signatory, at=AT)
        assert _balance(session, convention_id) == _euros("0", "900", "0")


def test_an_avenant_raises_the_ceiling_and_the_refused_commitment_passes(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        convention_id = signed_convention(session, world, "1000")
        commit(session, world, "region", "900", convention_id=convention_id)
        with pytest.raises(Refusal, match=r"Il reste 100,00"), session.begin_nested():
            commit(session, world, "opco", "200", convention_id=convention_id)
        with pytest.raises(Refusal, match=r"900,00\s€ sont déjà engagés"):
            set_ceiling(session, convention_id, Decimal("899.99"))
        set_ceiling(session, convention_id, Decimal(1100))
        commit(session, world, "opco", "200", convention_id=convention_id)
        assert _balance(session, convention_id) == _euros("0", "1100", "0")


def test_who_and_what_may_be_put_under_a_convention(database: Database) -> None:
    world = make_world(database)
    region, opco, elsewhere = (world.actors[each] for each in ("region", "opco", "france_travail"))
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        add_instalment(session, world, version_of(session, convention_id), 1, "opco", date(2026, 6, 1), "1000")
        mine, theirs = commit(session, world, "region", "100"), commit(session, world, "france_travail", "100")
        with pytest.raises(NotFound):
            link_commitment(session, mine, convention_id, by=opco, at=AT)
        with pytest.raises(NotFound):
            link_commitment(session, theirs, convention_id, by=elsewhere, at=AT)
        with pytest.raises(Refusal, match="à la charge de votre organisme"):
            link_commitment(session, mine, convention_id, 1, by=region, at=AT)
        late = commit(session, world, "region", "100", first=date(2027, 1, 1), last=date(2027, 6, 30))
        with pytest.raises(Refusal, match="n’y entrent pas"):
            link_commitment(session, late, convention_id, by=region, at=AT)
        link_commitment(session, mine, convention_id, by=region, at=AT)
        with pytest.raises(Conflict):
            link_commitment(session, mine, convention_id, by=region, at=AT)
        with pytest.raises(Refusal, match="n’est pas une partie"):
            commit(session, world, "france_travail", "100", convention_id=convention_id)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_convention_that_is_suspended_takes_no_commitment_but_lets_pay(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        number = commit(session, world, "region", "100", convention_id=convention_id)
        session.get_one(Convention, convention_id).status = "suspended"
        session.flush()
        told = {"effective_on": DAY, "by": region, "at": AT, "source": EntrySource.FORM}
        with pytest.raises(Refusal, match="n’est pas en vigueur"), session.begin_nested():
            record_entry(session, number, kind=EntryKind.COMMITMENT, amount=Decimal(1), **told)  # type: ignore[arg-type]
        record_entry(session, number, kind=EntryKind.PAYMENT, amount=Decimal(100), **told)  # type: ignore[arg-type]
        assert _balance(session, convention_id) == _euros("0", "100", "100")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_was_put_there_by_mistake_goes_away(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        number = commit(session, world, "region", "100", convention_id=convention_id)
        with pytest.raises(Refusal, match="motif"):
            unlink_commitment(session, number, motive=" ", by=region, at=AT)
        unlink_commitment(session, number, motive="Autre convention", by=region, at=AT)
        assert _balance(session, convention_id) == _euros("0", "0", "0")
        record_payment(session, number, amount=Decimal(10), paid_on=DAY, by=region, at=AT, source=EntrySource.FORM)
        assert _balance(session, convention_id) == _euros("0", "0", "0")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_lines_recorded_together_pass_or_fall_together(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        convention_id = signed_convention(session, world, "1000")
    lines = [
        CommitmentLine(world["region"], Decimal(amount), DAY, convention_id=convention_id) for amount in (600, 500)
    ]
    with pytest.raises(Refusal, match=r"Il reste 400,00"), database.writing() as session:
        record_commitments(session, lines, by=world.actors["region"], at=AT, source=EntrySource.FORM)
    with database.reading() as session:
        assert _balance(session, convention_id) == _euros("0", "0", "0")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_parties_in_force_are_those_of_the_avenant(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        _leave(session, convention_id)
        add_version(session, world, convention_id, "60000", rank=1, parties=("region", "france_travail"))
        with pytest.raises(Refusal, match="n’est pas une partie"), session.begin_nested():
            commit(session, world, "opco", "100", convention_id=convention_id)
        line = CommitmentLine(world["france_travail"], Decimal(100), DAY, convention_id=convention_id)
        commit_funds(session, line, by=world.actors["france_travail"], at=AT, source=EntrySource.FORM)


def _leave(session: Session, convention_id: int) -> None:
    session.get_one(ConventionVersion, version_of(session, convention_id)).in_force = False
    session.flush()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_is_refused_row_by_row_over_the_ceiling(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]

    def rows(*amounts: str) -> bytes:
        named = {"nomAttribuant": "Région Exemple", "idAttribuant": "", "dateConvention": "2026-03-02"}
        return scdl(*({**named, "objet": f"Action {n}", "montant": amount} for n, amount in enumerate(amounts)))

    assert send(database, rows("400", "300", "200"), by=region).state.created == 3
    with database.writing() as session:
        convention_id = signed_convention(session, world, "1000")
        for number in session.exec(select(Commitment.id)).all():
            link_commitment(session, number or 0, convention_id, by=region, at=AT)
    found = send(database, rows("600", "100", "400"), by=region)
    assert (found.counts()[1], found.codes()) == (2, ["convention_ceiling"]), "100 is left, 200 are asked"
    [refused] = found.remarks[RemarkKind.REFUSED]
    assert "Il reste 100,00" in refused.message
    with database.writing() as session:
        assert _balance(session, convention_id) == _euros("0", "900", "0")
        session.get_one(Convention, convention_id).status = "suspended"
    assert send(database, rows("401", "100", "400"), by=region).codes() == ["convention_not_in_force"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_batch_without_any_convention_asks_once(database: Database) -> None:
    world = make_world(database)
    asked: list[str] = []
    with database.writing() as session:
        numbers = [commit(session, world, "region", "10") for _ in range(30)]

        def heard(_c: Any, _u: Any, statement: str, *_: Any) -> None:
            asked.extend([statement] * ("convention" in statement))

        event.listen(database.engine, "before_cursor_execute", heard)
        pay_in_bulk(session, numbers, paid_on=DAY, by=world.actors["region"], at=AT)
        assert len(asked) == 1
        commit(session, world, "region", "10")
        assert len(asked) == 1, "a new line is under none"
        event.remove(database.engine, "before_cursor_execute", heard)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_shares_of_a_plan_are_committed_under_the_convention_drafted_from_it(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        _, step = open_course(session, world)
        nature, _ = natures(session)
        cost = set_cost(session, PlanOf(step), nature, Decimal(600), by=region, at=AT)
        assert cost is not None
        share = set_share(session, cost.id or 0, world["region"], amount=Decimal(600), by=region, at=AT)
        convention_id = signed_convention(session, world, "599.99", last=date(2027, 12, 31))
        session.get_one(Convention, convention_id).step_id = step
        told = {"decided_on": DAY, "by": region, "at": AT, "source": EntrySource.FORM}
        with pytest.raises(Refusal, match=r"Il reste 599,99"), session.begin_nested():
            commit_shares(session, [share.id or 0], Dimensions(), **told)  # type: ignore[arg-type]
        set_ceiling(session, convention_id, Decimal(600))
        [number] = commit_shares(session, [share.id or 0], Dimensions(), **told)  # type: ignore[arg-type]
        assert session.get_one(ConventionCommitment, number).convention_id == convention_id
