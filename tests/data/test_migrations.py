"""What an older version kept is still there after the upgrade."""

import json
from pathlib import Path

import pytest
from sqlalchemy import MetaData, func, text
from sqlmodel import col, select

from conference.data.migrations import differences, head_revision, upgrade
from conference.data.session import Database
from conference.data.tables import ImportFile, ImportRemark, RollupTotal
from conference.domain.permissions import CONSOLE
from conference.services.generation import generate
from conference.services.verification import verify
from conference.settings import Settings
from tests.conftest import Cluster
from tests.seeds import AT, make_world

REPORT = {
    "refused": [
        {"sheet": None, "cell": "I5", "row": 5, "code": "amount", "message": "Le montant « x » n’est pas lisible."}
    ],
    "warnings": [{"sheet": None, "cell": None, "row": 7, "code": "object", "message": "L’objet manque."}],
    "gone": ["E-2026-000003"],
}


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    """A database without a table."""
    url = f"sqlite:///{tmp_path / 'older.sqlite'}"
    if engine == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        name = "older_" + tmp_path.name.replace("-", "_")[-30:].lower()
        url = cluster.create(name)
        request.addfinalizer(lambda: cluster.drop(name))
    database = Database(url)
    request.addfinalizer(database.dispose)
    return database


def test_reports_of_imported_files_become_remarks(empty: Database) -> None:
    upgrade(empty, "0004")
    with empty.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO import_file (id, filename, sha256, size, profile, created, adjusted, unchanged, refused, "
                "warnings, accepted_amount, report, imported_at) "
                "VALUES (1, 'f.csv', 'abc', 10, 'scdl', 2, 1, 3, 1, 1, 5000, :report, '2026-04-20 08:00:00')"
            ),
            {"report": json.dumps(REPORT)},
        )
    assert upgrade(empty)
    assert differences(empty) == []
    with empty.reading() as session:
        file = session.exec(select(ImportFile)).one()
        assert (file.rows, file.undone, file.undone_at, file.staged_id) == (7, 0, None, None)
        told = session.exec(select(ImportRemark).order_by(col(ImportRemark.id))).all()
        assert [(each.kind, each.row, each.cell, each.code) for each in told] == [
            ("refused", 5, "I5", "amount"),
            ("warning", 7, None, "object"),
            ("gone", 0, None, "gone"),
        ]
        assert told[2].message == "E-2026-000003"
    assert not upgrade(empty)


def test_an_sqlite_database_is_copied_before_with_what_its_journal_holds(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'older.sqlite'}")
    upgrade(database, "0004")
    held = database.engine.connect()  # another connection stays open: nothing is folded back into the file
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO counter (series, last) VALUES ('x', 7)"))
    upgrade(database)
    held.close()
    database.dispose()
    copy = Database(f"sqlite:///{tmp_path / f'older.sqlite.before-{head_revision()}'}")
    with copy.engine.connect() as connection:
        assert connection.execute(text("SELECT last FROM counter WHERE series = 'x'")).scalar_one() == 7
    copy.dispose()


def test_rollups_of_an_older_ledger_learn_their_decisions(
    empty: Database, database: Database, settings: Settings
) -> None:
    make_world(database)
    list(generate(database, entries=1_500, seed=5, by=CONSOLE, at=AT))
    upgrade(empty, "0005")
    with database.engine.connect() as source, empty.engine.begin() as target:
        older = MetaData()
        older.reflect(target)
        for table in older.sorted_tables:
            names = [column.name for column in table.columns]
            columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
            rows = source.execute(text(f'SELECT {columns} FROM "{table.name}"')).mappings().all()
            if rows and table.name != "alembic_version":
                target.execute(
                    text(f'INSERT INTO "{table.name}" ({columns}) VALUES ({values})'), [dict(row) for row in rows]
                )
    upgrade(empty)
    with empty.reading() as session:
        assert session.exec(select(func.sum(col(RollupTotal.line_count)))).one() > 100
        assert verify(session, instance=settings.instance).first_fault is None
