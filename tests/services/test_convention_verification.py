"""Does `verify` name what no longer holds of a convention, and nothing of one that went the whole way?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from conference.data.session import Database
from conference.data.tables import ConventionVersion
from conference.domain.convention import InstalmentKind
from conference.domain.refusal import Refusal
from conference.services.convention_terms import InstalmentLine, ShareLine, Terms, set_plan, set_schedule, set_terms
from conference.services.conventions import begin_avenant
from conference.services.files import file_path
from conference.services.instalments import pay_instalment
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.services.drafted_conventions import TERMS, completed, drafted, signed, to_sign

FAULTS = (
    ("UPDATE convention_balance SET committed = committed + 1", "convention_balances", "the sum of its commitments"),
    ("UPDATE convention_balance SET ceiling = 9000000", "convention_balances", "the ceiling of the version in force"),
    ("UPDATE convention_commitment SET convention_id = 2", "convention_balances", "the sum of its commitments"),
    ("UPDATE convention_payment SET convention_id = 2", "convention_payments", "a payment under its convention"),
    (
        "UPDATE signature SET taken_back_at = '2026-04-20 08:00:00', taken_back_motive = 'x' WHERE id = 1",
        "convention_signatures",
        "a signature of each signatory",
    ),
    ("UPDATE signature SET signed_on = '2026-02-04'", "convention_signatures", "the day of the last signature"),
    (
        "UPDATE convention_version SET in_force = false WHERE id = 1",
        "convention_signatures",
        "a version in force of a signed convention",
    ),
    ("UPDATE convention_share SET amount = amount + 1", "convention_plans", "a plan that sums to the ceiling"),
    (
        "UPDATE convention_instalment SET amount = amount + 1",
        "convention_plans",
        "a schedule that sums to the plan of its party",
    ),
    ("UPDATE convention_file SET kind = 'annex'", "convention_files", "the file of its text"),
    ("UPDATE convention SET number = 'C-2026-003' WHERE id = 2", "convention_numbers", "2 numbers from 1 to 2"),
)


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    """Two conventions, the first signed and in use."""
    world = make_world(database)
    with database.writing() as session:
        first, second = drafted(session, world), drafted(session, world)
        for version in (first, second):
            completed(session, world, version)
            to_sign(session, world, settings.instance, version)
        signed(session, world, first)
        line = commit(session, world, "region", "30000", convention_id=first.convention_id)
        by = world.actors["region"]
        pay_instalment(session, line, 1, amount=Decimal(9000), paid_on=date(2026, 3, 2), by=by, at=AT)
    return world


def faults(database: Database, settings: Settings) -> dict[str, str]:
    with database.reading() as session:
        found = verify(session, instance=settings.instance).checks
    return {check.name: check.fault.expected for check in found if check.fault}


def test_what_no_longer_holds_is_named(database: Database, settings: Settings, world: World) -> None:
    assert faults(database, settings) == {}
    for statement, name, expected in FAULTS:
        with pytest.raises(_Back), database.writing() as session:
            session.connection().execute(text(statement))
            found = {
                each.name: each.fault.expected
                for each in verify(session, instance=settings.instance).checks
                if each.fault
            }
            assert found.get(name) == expected, statement
            raise _Back


class _Back(Exception):
    """Takes what was done back."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_text_that_was_changed_on_the_disk(database: Database, settings: Settings, world: World) -> None:
    with database.reading() as session:
        sha256 = session.get_one(ConventionVersion, 1).file_sha256 or ""
    path = file_path(settings.instance, sha256)
    path.write_bytes(path.read_bytes() + b" ")
    assert list(faults(database, settings)) == ["convention_files"]


def test_an_avenant_raises_the_ceiling_and_the_refused_commitment_passes(
    database: Database, settings: Settings, world: World
) -> None:
    coordinator = world.actors["coordinator"]
    with pytest.raises(Refusal, match=r"Il reste 20.000,00"), database.writing() as session:
        commit(session, world, "opco", "20000.01", convention_id=1)
    with database.writing() as session:
        avenant = begin_avenant(session, 1, by=coordinator, at=AT)
        told = {"seen": None, "by": coordinator, "at": AT}
        changed = {**vars(TERMS), "ceiling": Decimal(60000), "beneficiary_id": world["centre"]}
        set_terms(session, avenant.id or 0, Terms(**changed), **told)  # type: ignore[arg-type]
        shares = [ShareLine(world[code], 2026, 1, amount=Decimal(30000)) for code in ("region", "opco")]
        set_plan(session, avenant.id or 0, shares, **told)  # type: ignore[arg-type]
        lines = [
            InstalmentLine(world[code], InstalmentKind.BALANCE, date(2026, 12, 1), amount=Decimal(amount), key=key)
            for key, code, amount in ((1, "region", 9000), (2, "region", 21000), (3, "opco", 30000))
        ]
        set_schedule(session, avenant.id or 0, lines, **told)  # type: ignore[arg-type]
        to_sign(session, world, settings.instance, avenant)
        with pytest.raises(Refusal, match=r"Il reste 20.000,00"), session.begin_nested():
            commit(session, world, "opco", "20000.01", convention_id=1)
        signed(session, world, avenant, date(2026, 4, 1))
        assert commit(session, world, "opco", "20000.01", convention_id=1)
    assert faults(database, settings) == {}
