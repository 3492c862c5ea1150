"""`generate` writes exactly what is asked, the same for a seed, and nothing that the ledger would refuse."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.domain.permissions import CONSOLE
from conference.services import generation
from conference.services.generation import generate
from conference.services.verification import verify
from conference.settings import Settings
from tests.cli.conftest import Console, bare_console, console  # noqa: F401  (fixtures)
from tests.seeds import AT, make_world


def _facts(database: Database) -> list[tuple[object, ...]]:
    query = "SELECT id, commitment_id, kind, amount, effective_on FROM entry ORDER BY id"
    with database.reading() as session:
        return [tuple(map(str, row)) for row in session.connection().execute(text(query))]


@pytest.mark.parametrize("entries", [1, 2, 1_999])
def test_exact_number_over_five_years_and_verify_green(
    entries: int, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world(database)
    monkeypatch.setattr(generation, "BATCH", 700)
    assert list(generate(database, entries=entries, seed=7, by=CONSOLE, at=AT))[-1] == entries
    facts = _facts(database)
    assert len(facts) == entries
    assert all(date(2021, 4, 1) <= date.fromisoformat(str(day)) <= date(2026, 3, 31) for *_, day in facts)
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None
        if entries > 1_000:
            found = totals(session, ("funder",))
            assert len(found.rows) == 8  # the eight funders that play; the world's OPCO does not
            assert found.internal_transfers.commitment > 0
            kinds = {kind for _, _, kind, _, _ in facts}
            assert kinds == {"commitment", "release", "settlement", "order", "payment", "repayment"}
            assert any(str(amount).startswith("-") for *_, amount, _ in facts)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_same_seed_gives_the_same_entries(database: Database, tmp_path: Path) -> None:
    twin_path = tmp_path / "twin.sqlite"
    make_world(database)
    database.dispose()
    shutil.copyfile(tmp_path / "conference.sqlite", twin_path)
    twin = Database(f"sqlite:///{twin_path}")
    for each, seed in ((database, 5), (twin, 5)):
        list(generate(each, entries=300, seed=seed, by=CONSOLE, at=AT))
    assert _facts(database) == _facts(twin)
    list(generate(twin, entries=300, seed=6, by=CONSOLE, at=AT))
    assert [f[2:] for f in _facts(twin)[300:]] != [f[2:] for f in _facts(database)]
    twin.dispose()


def test_command_then_totals_and_verify(console: Console) -> None:  # noqa: F811
    assert console("generate", "--entries", "500", "--seed", "2", "--json").json["entries"] == 500
    assert console("verify").code == 0
    assert len(console("totals", "--by", "funder", "--json").json["rows"]) == 8
