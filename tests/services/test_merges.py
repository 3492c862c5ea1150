"""Do two files of one person become one with both agreements, and two again?"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.identity import (
    Similar,
    kept_of,
    merges_of,
    merges_to_answer,
    similar_followers,
    similar_parcours,
)
from conference.data.queries.parcours_list import parcours_list
from conference.data.session import Database
from conference.data.tables import Handoff, IncomeRight, JournalEntry, Parcours, ParcoursMerge, Step, StepFunder
from conference.domain.case import StepKind
from conference.domain.handoff import HandoffStatus
from conference.domain.identity import Person
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.identities import erase_identity, read_identity, record_identity
from conference.services.income_rights import RightLine, record_right
from conference.services.merges import answer_merge, ask_merge, likeness_token, undo_merge, withdraw_merge
from conference.services.steps import StepLine, add_step
from conference.services.verification import verify
from tests.seeds import AT, World, make_world
from tests.services.test_identities import opened

ONE = Person("Le Goff", "Anatoline, Marie", date(1990, 5, 2))
SAME = Person("LEGOFF", "anatoline", date(1990, 5, 2))
OTHER = Person("Le Goff", "Anatoline", date(1991, 5, 2))


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def both(database: Database, world: World, tmp_path: Path) -> tuple[int, int]:
    """Two parcours of one person: the Région's and the OPCO's, each with a course and a right."""
    with database.writing() as session:
        numbers = []
        for who, person in (("region", ONE), ("opco", SAME)):
            number = opened(session, world, who)
            record_identity(session, number, person, instance=tmp_path, by=world.actors[who], at=AT)
            line = RightLine(RightKind.AREF, world[who], date(2026, 5, 1), date(2026, 5, 31), Decimal("40.00"))
            record_right(session, number, line, by=world.actors[who], at=AT)
            numbers.append(number)
    return numbers[0], numbers[1]


def asked(session: Session, world: World, both: tuple[int, int], tmp_path: Path, keep_mine: bool = True) -> int:
    token = likeness_token(tmp_path, *both)
    row = ask_merge(session, both[0], token, keep_mine=keep_mine, instance=tmp_path, by=world.actors["region"], at=AT)
    return row.id or 0


def holdings(session: Session, parcours_id: int) -> tuple[list[int | None], list[int | None]]:
    steps = session.exec(select(Step.id).where(Step.parcours_id == parcours_id).order_by(col(Step.id))).all()
    rights = session.exec(select(IncomeRight.id).where(IncomeRight.parcours_id == parcours_id)).all()
    return list(steps), list(rights)


def test_both_are_told_and_nobody_else(database: Database, world: World, both: tuple[int, int], tmp_path: Path) -> None:
    with database.reading() as session:
        assert similar_parcours(session, world.actors["region"], both[0]) == (Similar(both[1], "OPCO Exemple", None),)
        assert similar_followers(session, world.actors["opco"], both[1]) == ("Région Exemple",)
        for who in ("opco", "france_travail", "coordinator", "reader", "admin"):
            assert similar_followers(session, world.actors[who], both[0]) == ()


def test_other_birth_date_is_nobody_similar(database: Database, world: World, tmp_path: Path) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        one, two = opened(session, world), opened(session, world)
        record_identity(session, one, ONE, instance=tmp_path, by=region, at=AT)
        record_identity(session, two, OTHER, instance=tmp_path, by=region, at=AT)
        assert similar_parcours(session, region, one) == ()


def test_agreement_moves_everything(database: Database, world: World, both: tuple[int, int], tmp_path: Path) -> None:
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        before = [holdings(session, number) for number in both]
        merge = asked(session, world, both, tmp_path)
        assert session.get_one(Parcours, both[1]).merged_into_id is None
        assert [(each.id, each.other) for each in merges_to_answer(session, opco)] == [(merge, None)]
        assert merges_to_answer(session, region) == ()
        answer_merge(session, merge, agrees=True, by=opco, at=AT)
    with database.reading() as session:
        steps, rights = holdings(session, both[0])
        assert (steps, sorted(rights)) == (  # type: ignore[type-var]
            before[0][0] + before[1][0],
            sorted(before[0][1] + before[1][1]),  # type: ignore[type-var]
        )
        assert holdings(session, both[1]) == ([], [])
        assert kept_of(session, opco, both[1]) == both[0]
        assert kept_of(session, world.actors["france_travail"], both[1]) is None
        assert read_identity(session, both[0], instance=tmp_path, by=opco) == ONE
        assert similar_parcours(session, region, both[0]) == ()
        assert [each.other for each in merges_of(session, opco, both[0])] == ["P-2026-000001"]
        told = session.exec(select(JournalEntry.object_id).where(JournalEntry.verb == "agree_merge")).all()
        assert sorted(told) == sorted(both)  # type: ignore[type-var]
        assert verify(session, instance=tmp_path).first_fault is None


def test_undone_is_as_before_and_what_came_since_stays_where_it_belongs(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        before = [holdings(session, number) for number in both]
        disabled = session.get_one(Parcours, both[1])
        disabled.disabled = True
        session.add(disabled)
        merge = asked(session, world, both, tmp_path)
        answer_merge(session, merge, agrees=True, by=opco, at=AT)
        assert session.get_one(Parcours, both[0]).disabled is True
        line = StepLine(StepKind.TRAINING, "Après", date(2026, 10, 1), date(2026, 10, 5))
        added = add_step(session, both[0], line, by=opco, at=AT).id
        with pytest.raises(Conflict):
            add_step(session, both[1], line, by=opco, at=AT)
        with pytest.raises(Refusal) as silent:
            undo_merge(session, merge, motive=" ", by=region, at=AT)
        assert silent.value.field == "motive"
        undo_merge(session, merge, motive="Deux personnes", by=region, at=AT)
        assert holdings(session, both[0]) == ([*before[0][0], added], before[0][1])
        assert holdings(session, both[1]) == before[1]
        assert session.get_one(Parcours, both[0]).disabled is None
        assert session.get_one(Parcours, both[1]).merged_into_id is None
        assert read_identity(session, both[1], instance=tmp_path, by=opco) == SAME
        with pytest.raises(Conflict):
            undo_merge(session, merge, motive="Encore", by=opco, at=AT)
    with database.reading() as session:
        assert verify(session, instance=tmp_path).first_fault is None


def test_referent_of_the_joined_one_goes_on_reading_without_any_share(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    opco = world.actors["opco"]
    with database.writing() as session:
        for share in session.exec(select(StepFunder).where(StepFunder.organisation_id == world["opco"])):
            session.delete(share)
        merge = asked(session, world, both, tmp_path)
        with pytest.raises(NotFound):
            read_identity(session, both[0], instance=tmp_path, by=opco)
        answer_merge(session, merge, agrees=True, by=opco, at=AT)
        assert kept_of(session, opco, both[1]) == both[0]
        assert read_identity(session, both[0], instance=tmp_path, by=opco) == ONE
        assert [each.id for each in parcours_list(session, opco, on=date(2026, 4, 20)).lines] == [both[0]]
        assert [each.id for each in parcours_list(session, opco, on=date(2026, 4, 20), q="P-2026-000002").lines] == [
            both[1]
        ]
        undo_merge(session, merge, motive="Deux personnes", by=opco, at=AT)
        with pytest.raises(NotFound):
            read_identity(session, both[0], instance=tmp_path, by=opco)


def test_own_references_of_two_funders_never_meet(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    with database.writing() as session:
        for step in session.exec(select(Step)):
            step.own_reference = "1"
        for right in session.exec(select(IncomeRight)):
            right.own_reference = "x" * 120
        merge = asked(session, world, both, tmp_path)
        answer_merge(session, merge, agrees=True, by=world.actors["opco"], at=AT)
        found = session.exec(select(Step.own_reference).where(Step.parcours_id == both[0])).all()
        assert sorted(str(each) for each in found) == ["1", "P-2026-000002/1"]
        undo_merge(session, merge, motive="Erreur", by=world.actors["opco"], at=AT)
        assert set(session.exec(select(Step.own_reference))) == {"1"}
        assert set(session.exec(select(IncomeRight.own_reference))) == {"x" * 120}


def test_refusal_and_withdrawal_move_nothing(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        before = [holdings(session, number) for number in both]
        merge = asked(session, world, both, tmp_path)
        with pytest.raises(Conflict):
            asked(session, world, both, tmp_path, keep_mine=False)
        with pytest.raises(Refusal):
            answer_merge(session, merge, agrees=False, by=opco, at=AT)
        answer_merge(session, merge, agrees=False, motive="Une autre personne", by=opco, at=AT)
        with pytest.raises(Conflict):
            answer_merge(session, merge, agrees=True, by=opco, at=AT)
        again = asked(session, world, both, tmp_path, keep_mine=False)
        withdraw_merge(session, again, by=region, at=AT)
        with pytest.raises(Conflict):
            answer_merge(session, again, agrees=True, by=opco, at=AT)
        assert [holdings(session, number) for number in both] == before
        assert [row.status for row in session.exec(select(ParcoursMerge))] == ["refused", "withdrawn"]


def test_each_side_does_its_own_part(database: Database, world: World, both: tuple[int, int], tmp_path: Path) -> None:
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        merge = asked(session, world, both, tmp_path)
        with pytest.raises(NotFound):
            answer_merge(session, merge, agrees=True, by=region, at=AT)
        with pytest.raises(NotFound):
            withdraw_merge(session, merge, by=opco, at=AT)
        for who in ("france_travail", "coordinator", "admin", "reader"):
            for attempt in (
                lambda by=world.actors[who]: answer_merge(session, merge, agrees=True, by=by, at=AT),
                lambda by=world.actors[who]: withdraw_merge(session, merge, by=by, at=AT),
                lambda by=world.actors[who]: undo_merge(session, merge, motive="Non", by=by, at=AT),
            ):
                with pytest.raises(NotFound):
                    attempt()
        token = likeness_token(tmp_path, *both)
        for who in ("opco", "coordinator"):
            with pytest.raises((NotFound, Forbidden)):
                ask_merge(session, both[0], token, keep_mine=True, instance=tmp_path, by=world.actors[who], at=AT)


def test_only_a_similar_one_can_be_asked_for(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        third = opened(session, world, "opco")
        for token in (likeness_token(tmp_path, both[0], third), likeness_token(tmp_path, both[1], both[0]), "", "é"):
            with pytest.raises(Refusal) as refused:
                ask_merge(session, both[0], token, keep_mine=True, instance=tmp_path, by=region, at=AT)
            assert refused.value.code == "not_alike"


def test_one_organisation_joins_its_own_two_at_once(database: Database, world: World, tmp_path: Path) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        one, two = opened(session, world), opened(session, world)
        for number in (one, two):
            record_identity(session, number, ONE, instance=tmp_path, by=region, at=AT)
        token = likeness_token(tmp_path, one, two)
        row = ask_merge(session, one, token, keep_mine=False, instance=tmp_path, by=region, at=AT)
        assert (row.status, session.get_one(Parcours, one).merged_into_id) == ("agreed", two)


def test_no_chain(database: Database, world: World, both: tuple[int, int], tmp_path: Path) -> None:
    """Who received another is not joined to a third; the third may be joined to it."""
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        answer_merge(session, asked(session, world, both, tmp_path), agrees=True, by=opco, at=AT)
        third = opened(session, world, "region")
        record_identity(session, third, ONE, instance=tmp_path, by=region, at=AT)
        token = likeness_token(tmp_path, both[0], third)
        with pytest.raises(Refusal) as refused:
            ask_merge(session, both[0], token, keep_mine=False, instance=tmp_path, by=region, at=AT)
        assert refused.value.code == "chain"
        ask_merge(session, both[0], token, keep_mine=True, instance=tmp_path, by=region, at=AT)
        assert session.get_one(Parcours, third).merged_into_id == both[0]


def handoff(
    session: Session, parcours_id: int, world: World, steps: tuple[int, int | None], status: HandoffStatus
) -> int:
    row = Handoff(
        reference=f"R-2026-{steps[0]:06d}",
        parcours_id=parcours_id,
        sender_id=world["region"],
        receiver_id=world["opco"],
        from_step_id=steps[0],
        to_step_id=steps[1],
        first_day=date(2026, 7, 1),
        status=status.value,
        created_at=AT,
        proposed_at=AT,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def test_handoffs_follow_their_step_and_a_tie_forbids_the_undoing(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        [mine], [theirs] = holdings(session, both[0])[0], holdings(session, both[1])[0]
        merge = asked(session, world, both, tmp_path)
        answer_merge(session, merge, agrees=True, by=opco, at=AT)
        tie = handoff(session, both[0], world, (mine or 0, theirs), HandoffStatus.ACCEPTED)
        since = handoff(session, both[0], world, (theirs or 0, None), HandoffStatus.DRAFT)
        with pytest.raises(Refusal) as refused:
            undo_merge(session, merge, motive="Deux personnes", by=region, at=AT)
        assert refused.value.code == "tied"
        session.rollback()
    with database.writing() as session:
        merge = asked(session, world, both, tmp_path)
        answer_merge(session, merge, agrees=True, by=opco, at=AT)
        tie = handoff(session, both[0], world, (mine or 0, theirs), HandoffStatus.WITHDRAWN)
        since = handoff(session, both[0], world, (theirs or 0, None), HandoffStatus.DRAFT)
        undo_merge(session, merge, motive="Deux personnes", by=region, at=AT)
        assert session.get_one(Handoff, tie).parcours_id == both[0]
        assert session.get_one(Handoff, since).parcours_id == both[1]


def test_erasing_the_kept_one_forgets_the_joined_one_too(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    with database.writing() as session:
        merge = asked(session, world, both, tmp_path)
        answer_merge(session, merge, agrees=True, by=world.actors["opco"], at=AT)
        erase_identity(session, both[0], motive="Demande", by=world.actors["region"], at=AT)
        undo_merge(session, merge, motive="Erreur", by=world.actors["opco"], at=AT)
        assert read_identity(session, both[1], instance=tmp_path, by=world.actors["opco"]) is None
