"""Is an identity sealed, read by the funders of the parcours alone, corrected, and forgotten for ever?"""

from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import Identity, JournalEntry, Step, Trace
from conference.domain.case import StepKind
from conference.domain.identity import Person
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.identities import (
    change_identity,
    digest_of,
    erase_identity,
    read_identity,
    record_identity,
    refresh_ages,
)
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step, move_step
from tests.seeds import AT, World, make_world

WHO = Person("Kerguélen-Quemeneur", "Anatoline, Marie", date(2000, 5, 2), "06 12 34 56 78", "a.k@example.org", "FT-77")
COURSE = StepLine(StepKind.TRAINING, "Soudage", date(2026, 5, 1), date(2026, 8, 31))


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def opened(session: Session, world: World, who: str = "region", *funders: str) -> int:
    actor = world.actors[who]
    parcours = open_parcours(
        session,
        referent_id=actor.organisation_id or 0,
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.OTHER,
        by=actor,
        at=AT,
    )
    number = parcours.id or 0
    line = StepLine(**{**COURSE.__dict__, "funder_ids": tuple(world[each] for each in (who, *funders))})
    add_step(session, number, line, by=actor, at=AT)
    return number


def recorded(database: Database, world: World, tmp_path: Path, person: Person = WHO, *funders: str) -> int:
    with database.writing() as session:
        number = opened(session, world, "region", *funders)
        record_identity(session, number, person, instance=tmp_path, by=world.actors["region"], at=AT)
    return number


def test_what_is_recorded_is_read_again(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path)
    with database.reading() as session:
        assert read_identity(session, number, instance=tmp_path, by=world.actors["region_signatory"]) == WHO


def test_funder_of_a_step_reads_and_does_not_write(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path, WHO, "opco")
    opco = world.actors["opco"]
    with database.writing() as session:
        assert read_identity(session, number, instance=tmp_path, by=opco) == WHO
        with pytest.raises(Forbidden):
            change_identity(session, number, WHO, version=1, motive="person", instance=tmp_path, by=opco, at=AT)
        with pytest.raises(Forbidden):
            erase_identity(session, number, motive="Demande", by=opco, at=AT)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("opco", NotFound),
        ("france_travail", NotFound),
        ("reader", NotFound),
        ("admin", NotFound),
        ("coordinator", Forbidden),
    ],
)
def test_others_read_nothing(database: Database, world: World, tmp_path: Path, who: str, answer: type[Refusal]) -> None:
    number = recorded(database, world, tmp_path)
    with database.reading() as session, pytest.raises(answer):
        read_identity(session, number, instance=tmp_path, by=world.actors[who])


def test_nothing_in_clear_anywhere_in_the_database(database: Database, world: World, tmp_path: Path) -> None:
    recorded(database, world, tmp_path)
    secrets = [*WHO.texts().values(), "Kerguélen", "2000-05-02", "02/05/2000"]
    with database.reading() as session:
        for entry in session.exec(select(JournalEntry)):
            assert not [each for each in secrets if each in entry.changes + entry.object_label]
        assert session.exec(select(Trace)).all() == []
        row = session.exec(select(Identity)).one()
        assert not [each for each in secrets if each in row.sealed + row.wrapped_key + row.digest]
    if database.path is not None:
        for path in database.path.parent.glob("conference.sqlite*"):
            assert not [each for each in secrets if each.encode() in path.read_bytes()], path


def test_the_key_of_another_instance_opens_nothing(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path)
    (tmp_path / "other").mkdir()
    with database.reading() as session, pytest.raises(InvalidToken):
        read_identity(session, number, instance=tmp_path / "other", by=world.actors["region"])
    assert digest_of(tmp_path, "A", "B", date(2000, 1, 1)) != digest_of(tmp_path / "other", "A", "B", date(2000, 1, 1))


def test_correction_keeps_the_key_and_moves_the_digest(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path)
    other = Person("Durand", "Anatoline", date(1999, 5, 2))
    region = world.actors["region"]
    with database.writing() as session:
        before = session.get_one(Identity, number)
        key, digest = before.wrapped_key, before.digest
        row = change_identity(session, number, other, version=1, motive="person", instance=tmp_path, by=region, at=AT)
        assert (row.wrapped_key, row.version) == (key, 2)
        assert row.digest != digest
        assert read_identity(session, number, instance=tmp_path, by=region) == other
        with pytest.raises(Conflict):
            change_identity(session, number, WHO, version=1, motive="person", instance=tmp_path, by=region, at=AT)
        entry = session.exec(select(JournalEntry).where(JournalEntry.verb == "change_identity")).one()
        assert "demande de la personne" in entry.changes


def test_erasing_is_for_ever(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path)
    region = world.actors["region"]
    with database.reading() as session:
        before = session.get_one(Identity, number)
        wrapped, sealed = before.wrapped_key, before.sealed
    with database.writing() as session:
        erase_identity(session, number, motive="Demande de la personne", by=region, at=AT)
    with database.reading() as session:
        row = session.get_one(Identity, number)
        assert (row.wrapped_key, row.sealed, row.digest, row.erased_at) == ("", "", "", AT)
        assert read_identity(session, number, instance=tmp_path, by=region) is None
    if database.path is not None:
        database.dispose()  # the last connection that closes empties the write-ahead log into the file
        content = b"".join(path.read_bytes() for path in database.path.parent.glob("conference.sqlite*"))
        assert wrapped.encode() not in content
        assert sealed.encode() not in content
    with database.writing() as session:
        assert record_identity(session, number, WHO, instance=tmp_path, by=region, at=AT).erased_at is None


def test_said_twice_is_told(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path)
    with database.writing() as session, pytest.raises(Conflict):
        record_identity(session, number, WHO, instance=tmp_path, by=world.actors["region"], at=AT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"family_name": " - "}, "family_name"),
        ({"given_names": ""}, "given_names"),
        ({"family_name": "x" * 101}, "family_name"),
        ({"birth_date": date(2030, 1, 1)}, "birth_date"),
        ({"birth_date": date(1900, 1, 1)}, "birth_date"),
        ({"birth_date": date(2018, 1, 1)}, "birth_date"),
        ({"mail": "personne"}, "mail"),
        ({"own_identifier": "2 84 05 75 123 456 78"}, "own_identifier"),
        ({"family_name": "Durand 2840575123456"}, "family_name"),
        ({"phone": "284057512345678"}, "phone"),
    ],
)
def test_what_makes_no_sense_is_refused(
    database: Database, world: World, tmp_path: Path, change: dict[str, object], field: str
) -> None:
    person = Person(**{**{name: getattr(WHO, name) for name in WHO.__slots__}, **change})  # type: ignore[arg-type]
    with database.writing() as session:
        number = opened(session, world)
        with pytest.raises(Refusal) as refused:
            record_identity(session, number, person, instance=tmp_path, by=world.actors["region"], at=AT)
        assert refused.value.field == field
        assert session.get(Identity, number) is None


def test_steps_know_the_age_on_their_first_day(database: Database, world: World, tmp_path: Path) -> None:
    number = recorded(database, world, tmp_path)
    region = world.actors["region"]
    with database.writing() as session:
        step = session.exec(select(Step)).one()
        assert step.age_at_entry == 25
        moved = (date(2026, 5, 2), date(2026, 8, 31))
        move_step(session, step.id or 0, first=moved[0], last=moved[1], version=1, by=region, at=AT)
        refresh_ages(session, tmp_path, number)
        session.flush()
        assert step.age_at_entry == 26
        change_identity(
            session,
            number,
            Person("Durand", "Anatoline", date(1999, 5, 2)),
            version=1,
            motive="typing",
            instance=tmp_path,
            by=region,
            at=AT,
        )
        assert step.age_at_entry == 27
