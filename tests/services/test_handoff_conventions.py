"""Does a handoff fall under the receiver's convention, and is it refused whole over its ceiling (SEMANTICS §7)?"""

from datetime import date
from decimal import Decimal

import pytest

from conference.data.session import Database
from conference.data.tables import ConventionBalance, ConventionCommitment, Handoff
from conference.domain.refusal import Refusal
from conference.services.convention_money import link_commitment, set_ceiling
from tests.seeds import AT
from tests.services.convention_worlds import signed_convention
from tests.services.handoff_worlds import accept, ledger, make_course, propose, taken_by_opco, totals

DAYS = {"first": date(2025, 9, 1), "last": date(2026, 12, 31)}


def test_the_only_relay_between_the_two(database: Database) -> None:
    course = make_course(database)
    with database.writing() as session:
        relay = signed_convention(session, course.world, "4499.99", kind="relay", **DAYS)  # type: ignore[arg-type]
        number = propose(session, course)
    with database.reading() as session:
        before = ledger(session)
    with pytest.raises(Refusal, match=r"Il reste 4.499,99"), database.writing() as session:
        accept(session, course, number)
    with database.reading() as session:
        assert ledger(session) == before, "the whole acceptance is refused"
        assert session.get_one(Handoff, number).status == "proposed"
        assert session.get_one(ConventionBalance, relay).committed == 0
    with database.writing() as session:
        set_ceiling(session, relay, Decimal(4500))
        accept(session, course, number)
        [taken] = taken_by_opco(session, number)
        assert session.get_one(ConventionCommitment, taken).convention_id == relay
        assert session.get_one(ConventionBalance, relay).committed == Decimal(4500)
        assert totals(session, course.commitment) == ("2500.00", "0.00")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_the_sender_releases_under_the_same_one_is_free_again(database: Database) -> None:
    course = make_course(database)
    with database.writing() as session:
        relay = signed_convention(session, course.world, "7000", kind="relay", **DAYS)  # type: ignore[arg-type]
        link_commitment(session, course.commitment, relay, by=course.world.actors["region"], at=AT)
        number = propose(session, course)
        accept(session, course, number)
        assert session.get_one(ConventionBalance, relay).committed == Decimal(7000), "6,000 less 3,500, and 4,500"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_receiver_chooses(database: Database) -> None:
    course = make_course(database)
    with database.writing() as session:
        told = {"kind": "relay", **DAYS}
        first = signed_convention(session, course.world, "100", **told)  # type: ignore[arg-type]
        signed_convention(session, course.world, None, number="C-2026-002", **told)  # type: ignore[arg-type]
        third = signed_convention(session, course.world, None, number="C-2026-003", parties=("opco",), **DAYS)
        foreign = signed_convention(session, course.world, None, number="C-2026-004", parties=("region",), **DAYS)
        number = propose(session, course)
        with pytest.raises(Refusal, match="choisissez celle qui s’applique"):
            accept(session, course, number)
        with pytest.raises(Refusal, match="de votre organisme"):
            accept(session, course, number, convention_id=foreign)
        with pytest.raises(Refusal, match=r"Il reste 100,00"):
            accept(session, course, number, convention_id=first)
        accept(session, course, number, convention_id=third)
        [taken] = taken_by_opco(session, number)
        assert session.get_one(ConventionCommitment, taken).convention_id == third
