"""An import of parcours by the command line brings all or nothing, and is known again by the next file."""

import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from conference.data.session import Database
from conference.data.tables import Commitment, ImportFile, IncomeRight, Parcours, Step, StepFunding
from conference.domain.importing.field import Field
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import make_world
from tests.services.test_import_crash import ROOT, killed_at
from tests.services.test_people_import import book

TABLES: tuple[Any, ...] = (Commitment, ImportFile, Parcours, Step, IncomeRight, StepFunding)
POINTS = ("conference.services.parcours_bulk:record_parcours", "conference.services.plans:fund_step")


def held(database: Database, settings: Settings) -> list[int]:
    """How many of each there are, in a base that `verify` finds whole."""
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None
        return [session.exec(select(func.count()).select_from(table)).one() for table in TABLES]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", POINTS)
def test_killed_import_of_parcours_leaves_nothing_and_the_command_brings_all(
    database: Database, settings: Settings, tmp_path: Path, point: str
) -> None:
    make_world(database)
    file = tmp_path / "parcours.xlsx"
    file.write_bytes(book([{}], [{Field.STEP_COMMITMENT: "R-1"}], [{}], lines=[{}]))
    arguments = ["import", str(file), "--funder", "region", "--json"]
    assert killed_at(point, 1, arguments, settings) == -signal.SIGKILL
    assert held(database, settings) == [0] * len(TABLES)
    for counts in ((4, 0, 0), (0, 0, 4)):
        done = subprocess.run(
            [sys.executable, "-m", "conference.cli", *arguments],
            env={**os.environ, **settings.environment(), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        told = json.loads(done.stdout)
        assert (told["created"], told["adjusted"], told["unchanged"], told["errors"]) == (*counts, [])
        assert Decimal(told["accepted_amount"]) == (1000 if counts[0] else 0)
        assert done.returncode == 0
        assert held(database, settings)[2:] == [1, 1, 1, 1]
