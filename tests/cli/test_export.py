"""Does `conference export scdl` write what a validator of Table Schema accepts, and say what it leaves out?"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from conference.data.session import Database
from conference.data.tables import Organisation
from conference.settings import Settings
from tests.cli.conftest import Console
from tests.seeds import World, make_world
from tests.services.drafted_conventions import completed, drafted, signed, to_sign

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OURS = Path(__file__).with_name("scdl_schema.json")
OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "scdl-subventions-2.1.1.schema.json"


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    """Two conventions signed in 2026, one published; the third is of 2025."""
    world = make_world(database)
    with database.writing() as session:
        for code, siret in (("region", "23750007900312"), ("opco", "85215620700014"), ("centre", "21060004500392")):
            session.get_one(Organisation, world[code]).siret = siret
        for day, is_grant in ((date(2026, 4, 20), True), (date(2026, 4, 20), False), (date(2025, 6, 2), True)):
            version = drafted(session, world)
            completed(session, world, version)
            version.is_grant, version.payment_conditions = is_grant, "Sur service fait, à chaque échéance"
            signed(session, world, to_sign(session, world, settings.instance, version), on=day)
    return world


def faults(text: str, schema: Path, folder: Path) -> list[str]:
    """What frictionless finds, in a process of its own: it warns of what is not ours."""
    data = folder / "rows.csv"
    data.write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "frictionless",
        "validate",
        data.name,
        "--schema",
        str(schema),
        "--json",
        "--trusted",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    return [error["message"] for task in report["tasks"] for error in task["errors"]] + [
        error["message"] for error in report["errors"]
    ]


def test_rows_of_a_year_satisfy_the_schema(console: Console, world: World, tmp_path: Path) -> None:
    answer = console("export", "scdl", "--year", "2026")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert len(lines) == 3 and lines[1].startswith("Région Exemple,23750007900312,2026-04-20,")
    assert ",30000.00," in lines[1] and ",20000.00," in lines[2]
    for schema in (OURS, *([OFFICIAL] if OFFICIAL.exists() else [])):
        assert faults(answer.out, schema, tmp_path) == []
    broken = answer.out.replace("2026-04-20", "20/04/2026")
    assert faults(broken, OURS, tmp_path)
    assert len(console("export", "scdl", "--year", "2025").out.splitlines()) == 3


def test_who_has_no_siret_is_told_and_left_out(console: Console, world: World, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Organisation, world["opco"]).siret = None
    answer = console("export", "scdl", "--year", "2026")
    assert answer.code == 1 and "C-2026-001: OPCO Exemple n’a pas de SIRET" in answer.err
    assert len(answer.out.splitlines()) == 2
    assert console("export", "scdl").code == 2
