"""Does the house talk to its database as it says: one writer, readers that cannot write, all or nothing?"""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from conference.data.session import Database, WriterLock
from conference.data.tables import Counter
from conference.data.triggers import APPEND_ONLY
from conference.services.numbering import take_numbers


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(RuntimeError, match="reading session"), database.reading() as session:
        session.add(Counter(series="x"))
        session.flush()
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("INSERT INTO counter (series, last) VALUES ('x', 1)"))
    with database.writing() as session:
        session.add(Counter(series="x"))
    with database.reading() as session:
        assert session.exec(select(Counter.series)).all() == ["x"]


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.add(Counter(series="x"))
        session.flush()
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.exec(select(Counter)).all() == []


def test_a_reader_sees_one_state_and_never_waits(database: Database) -> None:
    with database.writing() as writer:
        writer.add(Counter(series="x", last=1))
        writer.flush()
        with database.reading() as session:
            assert session.exec(select(Counter)).all() == []


def test_thirty_two_writers_number_without_hole_or_lock_error(database: Database) -> None:
    numbers: list[int] = []
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                with database.writing() as session:
                    numbers.extend(take_numbers(session, "x"))
        except BaseException as failure:  # the test reports whatever happened in the thread
            failures.append(failure)

    threads = [threading.Thread(target=write) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(numbers) == list(range(1, 161))


def test_append_only_tables_are_those_of_the_ledger_and_the_journal() -> None:
    assert set(APPEND_ONLY) == {
        "alert_comment",
        "article_writing",
        "convention_event",
        "alert_event",
        "commitment",
        "coverage_version",
        "dimension_set",
        "entry",
        "journal_entry",
        "journal_seal",
        "trace",
        "transfer_pair",
        "yearly_share",
    }


def test_every_append_only_table_refuses_update_and_delete(database: Database) -> None:
    with database.engine.connect() as connection:
        if database.is_sqlite:
            names = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
            wanted = {f"append_only_{table}_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}
        else:
            names = set(connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).scalars())
            wanted = {f"append_only_{table}_{level}" for table in APPEND_ONLY for level in ("row", "statement")}
    assert names == wanted


def test_the_writer_lock_holds_between_processes(tmp_path: Path) -> None:
    import subprocess
    import sys

    lock = WriterLock(tmp_path / "x.lock")
    script = (
        "import sys; from pathlib import Path; from conference.data.session import WriterLock\n"
        "with WriterLock(Path(sys.argv[1])).held(): print('held')"
    )
    with lock.held():
        other = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "x.lock")], stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1.5)
    assert other.communicate(timeout=20)[0] == b"held\n"
