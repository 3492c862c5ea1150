"""Do the import contracts of pyproject.toml hold, and does each of them catch an import that breaks it?"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

SINNERS = {
    "domain": "import flask",
    "services": "import flask",
    "documents": "import sqlmodel",
    "web": "from conference.data.tables import metadata",
    "cli": "from conference.data.tables import metadata",
}
"""By floor, an import that breaks the contract which names this floor alone, or which it is the first to name."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the copy of the project in `folder`, colours off."""
    command = [LINT_IMPORTS, "--no-cache"]
    environment = {"PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "300", "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and of its contracts, to be spoilt."""
    shutil.copytree(ROOT / "conference", tmp_path / "conference", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    if not (tmp_path / "conference" / "cli").exists():
        (tmp_path / "conference" / "cli.py").unlink(missing_ok=True)
        (tmp_path / "conference" / "cli").mkdir()
        (tmp_path / "conference" / "cli" / "__init__.py").touch()
    return tmp_path


def test_contracts_hold_on_a_faithful_copy(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


def test_every_contract_catches_an_import_that_breaks_it(copy: Path) -> None:
    for floor, statement in SINNERS.items():
        (copy / "conference" / floor / "sinner.py").write_text(statement + "\n")
    (copy / "conference" / "domain" / "climber.py").write_text("import conference.services\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"Contracts: 0 kept, {len(CONTRACTS)} broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("web/climber.py", "import conference.cli"),
        ("services/climber.py", "import conference.web"),
        ("data/climber.py", "import conference.documents"),
        ("documents/climber.py", "import conference.data.session"),
        ("domain/climber.py", "import conference.settings"),
        ("stranger.py", ""),
    ],
)
def test_floors_catch_each_import_that_goes_up_or_aside(copy: Path, module: str, statement: str) -> None:
    (copy / "conference" / module).write_text(statement + "\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{CONTRACTS[0]['name']} BROKEN" in done.stdout, done.stdout + done.stderr


def test_every_contract_is_named_by_a_reason() -> None:
    assert all(len(contract["name"].split()) >= 8 for contract in CONTRACTS)
