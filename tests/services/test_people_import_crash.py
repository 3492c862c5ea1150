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
from tests.services.sending import send
from tests.services.test_import_crash import ROOT, killed_at
from tests.services.test_people_import import book

TABLES: tuple[Any, ...] = (Commitment, ImportFile, Parcours, Step, IncomeRight, StepFunding)
LAST = "conference.services.plans:fund_step"
"""What is written last: lines, parcours, steps and rights are there before it."""


def held(database: Database, settings: Settings) -> list[int]:
    """How many of each there are, in a base that `verify` finds whole."""
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None
        return [session.exec(select(func.count()).select_from(table)).one() for table in TABLES]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_killed_import_of_parcours_leaves_nothing_and_the_command_brings_all(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    make_world(database)
    file = tmp_path / "parcours.xlsx"
    file.write_bytes(book([{}], [{Field.STEP_COMMITMENT: "R-1"}], [{}], lines=[{}]))
    arguments = ["import", str(file), "--funder", "region", "--json"]
    assert killed_at(LAST, 1, arguments, settings) == -signal.SIGKILL
    assert held(database, settings) == [0] * len(TABLES)
    command = [sys.executable, "-m", "conference.cli", *arguments]
    environment = {**os.environ, **settings.environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    assert (done.returncode, told["created"], told["errors"]) == (0, 4, [])
    assert Decimal(told["accepted_amount"]) == 1000
    assert held(database, settings) == [1] * len(TABLES)
    again = send(database, file.read_bytes(), only="region", filename=file.name, instance=settings.instance)
    assert again.counts() == (0, 0, 4, [], Decimal(0))
