"""Does `verify` see an identity that cannot be read, a digest that lies, and a parcours that leads astray?"""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import ParcoursMerge
from conference.services.identities import erase_identity
from conference.services.merges import answer_merge
from conference.services.verification import CheckResult, verify
from tests.seeds import AT, World, make_world
from tests.services.test_merges import asked, both

__all__ = ["both"]


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def check(database: Database, instance: Path, name: str) -> CheckResult:
    with database.reading() as session:
        return next(each for each in verify(session, instance=instance).checks if each.name == name)


def spoil(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.execute(text(statement))


def test_whole_then_erased(database: Database, world: World, both: tuple[int, int], tmp_path: Path) -> None:
    assert (check(database, tmp_path, "identities").rows, check(database, tmp_path, "identities").ok) == (2, True)
    with database.writing() as session:
        erase_identity(session, both[0], motive="Demande", by=world.actors["region"], at=AT)
    assert check(database, tmp_path, "identities").ok


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE identity SET digest = 'x' WHERE parcours_id = 2", "digest x"),
        ("UPDATE identity SET sealed = 'x' WHERE parcours_id = 2", "unreadable"),
        (
            "UPDATE identity SET sealed = (SELECT sealed FROM identity WHERE parcours_id = 1) WHERE parcours_id = 2",
            "unreadable",
        ),
        ("UPDATE identity SET wrapped_key = 'x' WHERE parcours_id = 2", "unreadable"),
        (
            "UPDATE identity SET wrapped_key = '', sealed = '', erased_at = '2026-04-20 08:00:00' WHERE parcours_id = 2",
            "a key, a seal or a digest",
        ),
    ],
)
def test_spoilt_identity_is_named(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path, statement: str, found: str
) -> None:
    spoil(database, statement)
    fault = check(database, tmp_path, "identities").fault
    assert fault is not None
    assert (fault.table, fault.row, fault.found) == ("identity", "2", found)


def test_parcours_that_leads_astray_is_named(
    database: Database, world: World, both: tuple[int, int], tmp_path: Path
) -> None:
    spoil(database, "UPDATE parcours SET merged_into_id = 1 WHERE id = 2")
    fault = check(database, tmp_path, "merges").fault
    assert fault is not None
    assert (fault.table, fault.row) == ("parcours", "2")
    spoil(database, "UPDATE parcours SET merged_into_id = NULL WHERE id = 2")
    with database.writing() as session:
        answer_merge(session, asked(session, world, both, tmp_path), agrees=True, by=world.actors["opco"], at=AT)
        assert session.exec(select(ParcoursMerge.status)).one() == "agreed"
    assert check(database, tmp_path, "merges").ok
    spoil(database, "UPDATE parcours SET merged_into_id = NULL WHERE id = 2")
    fault = check(database, tmp_path, "merges").fault
    assert fault is not None
    assert fault.expected == "joined to 1"
