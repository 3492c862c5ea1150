"""Is a person forgotten when the time has come, with what could name them, while what counts stays?"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import (
    Alert,
    AlertComment,
    Attachment,
    Handoff,
    Identity,
    IncomeRight,
    JournalEntry,
    Parcours,
    ParcoursMerge,
    Setting,
    Step,
)
from conference.domain.handoff import HandoffStatus
from conference.domain.identity import Person
from conference.domain.refusal import Conflict, Forbidden, Refusal
from conference.services.files import file_path, keep_file
from conference.services.identities import record_identity
from conference.services.merges import answer_merge, undo_merge
from conference.services.retention import Anonymised, anonymise_ended, burn_files, retention_count, without_words
from conference.services.steps import add_step
from conference.services.verification import verify
from tests.seeds import AT, World, make_world
from tests.services.test_identities import COURSE, opened
from tests.services.test_merges import ONE, asked, both, handoff

__all__ = ["both"]
LATER = datetime(2029, 9, 1, 3, 0, tzinfo=UTC)
DUE = date(2029, 9, 1)
"""COURSE ends on 31 August 2026: 36 months later, the last day kept is 31 August 2029."""
WHO = Person("Kerguélen", "Anatoline", date(2000, 5, 2))


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def attached(session: Session, instance: Path, kind: str, number: int, content: bytes) -> str:
    sha256 = keep_file(instance, content)
    row = Attachment(
        object_kind=kind,
        object_id=number,
        filename="Kerguélen.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=sha256,
        added_at=AT,
    )
    session.add(row)
    session.flush()
    return sha256


@pytest.fixture
def parcours(database: Database, world: World, tmp_path: Path) -> int:
    """A parcours full of words."""
    region = world.actors["region"]
    with database.writing() as session:
        number = opened(session, world)
        record_identity(session, number, WHO, instance=tmp_path, by=region, at=AT)
        row = session.get_one(Parcours, number)
        row.target, row.own_reference = "Soudeuse, comme sa mère Kerguélen", "DOSSIER-KERG"
        step = session.exec(select(Step)).one()
        step.title, step.own_reference = "Stage Kerguélen", "S-KERG"
        session.add_all([row, step])
        session.add(
            IncomeRight(
                parcours_id=number,
                kind="aref",
                payer_id=world["region"],
                first=COURSE.first,
                last=COURSE.last,
                origin="Courrier de Kerguélen",
                known_on=COURSE.first,
                withdrawn_at=AT,
                withdrawn_motive="Kerguélen a appelé",
            )
        )
        passed = session.get_one(Handoff, handoff(session, number, world, (step.id or 0, None), HandoffStatus.REFUSED))
        passed.message, passed.answer = "Bonjour Kerguélen", "Non à Kerguélen"
        passed.snapshot = json.dumps({"target": "Kerguélen", "steps": [{"title": "Kerguélen", "hours": 70}]})
        session.add(passed)
        alert = session.exec(select(Alert)).first()
        assert alert is not None
        session.add(AlertComment(alert_id=alert.id or 0, at=AT, text="Kerguélen est prévenue"))
    return number


def everything(database: Database) -> str:
    with database.engine.connect() as connection:
        found = []
        for table in (
            "parcours",
            "step",
            "income_right",
            "handoff",
            "alert",
            "alert_event",
            "alert_comment",
            "attachment",
        ):
            found += [str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}"))]
    return "\n".join(found)


def test_nothing_is_due_until_the_day(database: Database, world: World, parcours: int) -> None:
    with database.writing() as session:
        before = session.exec(select(JournalEntry.id)).all()
        assert anonymise_ended(session, on=date(2029, 8, 30), at=LATER) == Anonymised(0, 0)
        assert session.exec(select(JournalEntry.id)).all() == before
        assert session.get_one(Parcours, parcours).anonymised_at is None


def test_words_go_and_counts_stay(database: Database, world: World, parcours: int, tmp_path: Path) -> None:
    assert "Kerguélen" in everything(database)
    with database.writing() as session:
        assert anonymise_ended(session, on=DUE, at=LATER) == Anonymised(1, 1)
    assert "erg" not in everything(database).replace("energ", "")
    with database.reading() as session:
        row = session.get_one(Parcours, parcours)
        assert (row.anonymised_at, row.target, row.own_reference) == (LATER, "", None)
        step = session.exec(select(Step)).one()
        assert (step.title, step.first, step.last, step.age_at_entry) == ("Formation", COURSE.first, COURSE.last, 25)
        assert session.get_one(Identity, parcours).sealed == ""
        passed = session.exec(select(Handoff)).one()
        assert json.loads(passed.snapshot) == {"target": "", "steps": [{"title": "", "hours": 70}]}
        assert (passed.status, passed.message, passed.answer) == ("refused", "", "")
        entry = session.exec(select(JournalEntry).where(JournalEntry.verb == "anonymise")).one()
        assert json.loads(entry.changes) == {"count": 1, "persons": 1, "last": "2026-08-31"}
        assert verify(session, instance=tmp_path).first_fault is None
    with database.writing() as session:
        assert anonymise_ended(session, on=DUE, at=LATER) == Anonymised(0, 0)
        with pytest.raises(Conflict):
            add_step(session, parcours, COURSE, by=world.actors["region"], at=LATER)
        with pytest.raises(Refusal):
            record_identity(session, parcours, WHO, instance=tmp_path, by=world.actors["region"], at=LATER)


@pytest.mark.parametrize("status", [HandoffStatus.DRAFT, HandoffStatus.PROPOSED])
def test_open_handoff_holds_it(database: Database, world: World, parcours: int, status: HandoffStatus) -> None:
    with database.writing() as session:
        row = session.exec(select(Handoff)).one()
        row.status = status.value
        session.add(row)
        session.flush()
        assert anonymise_ended(session, on=DUE, at=LATER) == Anonymised(0, 0)
        assert retention_count(session, world.actors["coordinator"], on=DUE).held == 1


def test_withdrawn_steps_do_not_count_and_the_opening_does_without_any(database: Database, world: World) -> None:
    with database.writing() as session:
        number = opened(session, world)
        step = session.exec(select(Step)).one()
        step.last, step.withdrawn_at, step.withdrawn_motive = date(2029, 8, 1), AT, "Erreur"
        session.add(step)
        session.flush()
        assert anonymise_ended(session, on=date(2029, 4, 19), at=LATER).parcours == 0
        assert anonymise_ended(session, on=date(2029, 4, 22), at=LATER).parcours == 1
        assert session.get_one(Parcours, number).anonymised_at == LATER


def test_the_conference_chooses_how_long(database: Database, world: World, parcours: int) -> None:
    with database.writing() as session:
        session.add(Setting(code="retention", value=6, changed_at=AT))
        session.flush()
        count = retention_count(session, world.actors["admin"], on=date(2027, 2, 15))
        assert (count.months, count.anonymised, count.next_month) == (6, 0, 1)
        assert anonymise_ended(session, on=date(2027, 2, 27), at=LATER).parcours == 0
        assert anonymise_ended(session, on=date(2027, 3, 1), at=LATER).parcours == 1
        with pytest.raises(Forbidden):
            retention_count(session, world.actors["region"], on=DUE)


def test_files_are_burnt_but_those_that_serve_elsewhere(
    database: Database, world: World, parcours: int, tmp_path: Path
) -> None:
    with database.writing() as session:
        step = session.exec(select(Step.id)).one()
        own = attached(session, tmp_path, "parcours", parcours, b"%PDF-1.4 a")
        of_step = attached(session, tmp_path, "step", step or 0, b"%PDF-1.4 b")
        shared = attached(session, tmp_path, "parcours", parcours, b"%PDF-1.4 c")
        attached(session, tmp_path, "commitment", parcours, b"%PDF-1.4 c")
        assert burn_files(session, tmp_path) == 0
        anonymise_ended(session, on=DUE, at=LATER)
        assert burn_files(session, tmp_path) == 3
        assert burn_files(session, tmp_path) == 0
    assert [file_path(tmp_path, each).exists() for each in (own, of_step, shared)] == [False, False, True]
    with database.reading() as session:
        assert [row.object_kind for row in session.exec(select(Attachment))] == ["commitment"]


def test_joined_parcours_goes_with_the_kept_one(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    with database.writing() as session:
        merge = asked(session, world, both, tmp_path)
        answer_merge(session, merge, agrees=True, by=world.actors["opco"], at=AT)
        row = session.get_one(ParcoursMerge, merge)
        assert ONE.family_name not in row.moved
        assert anonymise_ended(session, on=DUE, at=LATER) == Anonymised(1, 2)
        assert {each.anonymised_at for each in session.exec(select(Parcours))} == {LATER}
        with pytest.raises(Refusal) as refused:
            undo_merge(session, merge, motive="Erreur", by=world.actors["opco"], at=LATER)
        assert refused.value.code == "anonymised"


def test_comments_may_be_erased_and_nothing_else(database: Database, world: World, parcours: int) -> None:
    for statement in (
        "UPDATE alert_comment SET text = 'Autre chose'",
        "UPDATE alert_comment SET text = '(effacé)', account_id = 1",
        "UPDATE alert_comment SET account_id = 1",
        "DELETE FROM alert_comment",
    ):
        with database.engine.connect() as connection, pytest.raises(DBAPIError, match="append_only"):
            connection.execute(text(statement))


def test_snapshot_keeps_its_shape() -> None:
    told = {"title": "x", "costs": [{"step": "y", "amount": "1.00", "shares": []}], "target": None}
    assert without_words(told) == {"title": "", "costs": [{"step": "", "amount": "1.00", "shares": []}], "target": None}
