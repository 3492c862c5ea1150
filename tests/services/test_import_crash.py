"""An import that is killed leaves all of the file or nothing, wherever it is killed, and can be taken up again."""

import os
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import func, select

from conference.data.session import Database
from conference.data.tables import Commitment, Entry, ImportFile, ImportRemark
from conference.domain.permissions import CONSOLE
from conference.services.imports import Place, advance, confirm_import
from conference.services.staging import Stage, StagedImport, stage_file
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, make_world
from tests.services.scdl_files import scdl
from tests.services.sending import send

ROOT = Path(__file__).parents[2]
KILLED = Path(__file__).parent / "killed.py"
ROWS = 6_000
"""More than one chunk of what is read, planned and written at once."""

READING = (
    ("conference.services.staging:write", 1),
    ("conference.services.importing.reading:read_table", 1),
    ("conference.data.staging:add_rows", 2),
    ("conference.services.staging:write", 9),
)
WRITING = (
    ("conference.services.files:keep_copy", 1),
    ("conference.services.importing.settling:settle_file", 1),
    ("conference.services.first_entries:insert_commitments", 1),
    ("conference.services.first_entries:post_first_entries", 2),
    ("conference.services.rollups:write_cells", 2),
    ("conference.services.importing.writing:keep_remarks", 1),
    ("conference.data.journal:write_journal", 1),
    ("conference.services.staging:check_cancelled", 5),
)


def content(rows: int = ROWS) -> bytes:
    """Rows of one funder; one of them is refused, so that there are remarks to keep."""
    return scdl(*({"referenceDecision": f"CONV {n}", "montant": "x" if n == 7 else "10.00"} for n in range(rows)))


def held(database: Database, settings: Settings) -> tuple[int, int, int, int]:
    """(commitments, entries, files, remarks), of a ledger that `verify` finds whole."""
    with database.reading() as session:
        found = verify(session, instance=settings.instance)
        assert found.first_fault is None
        tables = (Commitment, Entry, ImportFile, ImportRemark)
        counts = [session.exec(select(func.count()).select_from(table)).one() for table in tables]
    return counts[0], counts[1], counts[2], counts[3]


def killed_at(point: str, times: int, arguments: list[str], settings: Settings) -> int:
    """Exit code of `conference ARGUMENTS`, killed the N-th time it enters that function."""
    environment = {**os.environ, **settings.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(KILLED), point, str(times), "--", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120).returncode


@pytest.mark.parametrize(("point", "times"), [*READING, *WRITING])
def test_killed_import_leaves_nothing_and_the_next_one_brings_all(
    database: Database, settings: Settings, tmp_path: Path, point: str, times: int
) -> None:
    make_world(database)
    file = tmp_path / "lignes.csv"
    file.write_bytes(content())
    assert killed_at(point, times, ["import", str(file), "--json"], settings) == -signal.SIGKILL
    assert held(database, settings) == (0, 0, 0, 0)
    again = send(database, content(), instance=settings.instance)
    assert again.counts()[:3] == (ROWS - 1, 0, 0)
    assert held(database, settings) == (ROWS - 1, ROWS - 1, 1, 1)


def staged_and_confirmed(database: Database, settings: Settings) -> StagedImport:
    """A file that was shown and confirmed, and waits to be written."""
    place = Place(database, settings.instance)
    staged = stage_file(settings.instance, BytesIO(content(50)), "lignes.csv", by=CONSOLE, at=AT)
    assert advance(place, staged, by=CONSOLE, at=AT).stage is Stage.READY
    confirm_import(staged, by=CONSOLE)
    return staged


def test_killed_between_the_commit_and_the_word_that_it_is_done_is_not_done_twice(
    database: Database, settings: Settings
) -> None:
    make_world(database)
    staged = staged_and_confirmed(database, settings)
    # The state is written once when the writing begins, once per chunk, and last of all when it is done.
    writes = 3
    assert (
        killed_at("conference.services.staging:write", writes, ["continue-import", staged.folder.name], settings)
        == -signal.SIGKILL
    )
    assert held(database, settings) == (49, 49, 1, 1)
    assert staged.state.stage is Stage.WRITING
    state = advance(Place(database, settings.instance), staged, by=CONSOLE, at=AT)
    assert (state.stage, state.import_file_id) == (Stage.DONE, 1)
    assert held(database, settings) == (49, 49, 1, 1)
