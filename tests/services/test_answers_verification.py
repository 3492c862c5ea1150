"""Does `verify` see an answer that is not the engine’s, a gap without its days, a cell that is not the sum of its gaps?"""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from conference.data.session import Database
from conference.services.verification import CheckResult, verify
from tests.seeds import World, make_world
from tests.services.test_detection import founding_case

CHECKS = ("coverage_states", "needs", "answers")


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def checked(database: Database, instance: Path) -> dict[str, CheckResult]:
    """The three checks, by name."""
    with database.reading() as session:
        return {each.name: each for each in verify(session, instance=instance).checks if each.name in CHECKS}


@pytest.mark.parametrize(
    ("statement", "check", "row"),
    [
        ("UPDATE gap SET days = days + 1 WHERE month = 202605", "coverage_states", "1"),
        ("UPDATE gap SET amount = amount + 1 WHERE month = 202605", "coverage_states", "1"),
        ("UPDATE coverage_state SET version_id = 1 WHERE parcours_id = 1", "coverage_states", "1"),
        ("DELETE FROM gap", "needs", "202605 0 0 rff condition_to_check"),
        ("UPDATE need_cell SET days = days + 1 WHERE month = 202606", "needs", "202606 0 0 rff condition_to_check"),
        ("UPDATE need_cell SET parcours = 2 WHERE month = 202606", "needs", "202606 0 0 rff condition_to_check"),
        ("DELETE FROM need_cell WHERE month = 202606", "needs", "202606 0 0 rff condition_to_check"),
        ("UPDATE income_right SET last = '2026-05-13'", "answers", "2"),
        ("UPDATE gap SET reason = 'no_right'", "answers", "parcours 1"),
    ],
)
def test_tampering_is_found(
    database: Database, world: World, tmp_path: Path, statement: str, check: str, row: str
) -> None:
    with database.writing() as session:
        founding_case(session, world)
    assert [each.ok for each in checked(database, tmp_path).values()] == [True, True, True]
    assert checked(database, tmp_path)["answers"].rows == 1
    with database.writing() as session:
        session.execute(text(statement))
    found = checked(database, tmp_path)[check].fault
    assert found is not None and found.row == row


def test_answer_is_not_compared_once_a_fact_says_otherwise(database: Database, world: World, tmp_path: Path) -> None:
    """A parcours that waits for the night is no fault."""
    with database.writing() as session:
        founding_case(session, world)
        session.execute(text(f"UPDATE income_right SET last = '{date(2026, 5, 13)}'"))
        session.execute(text("UPDATE parcours SET version = version + 1"))
    assert checked(database, tmp_path)["answers"].ok
