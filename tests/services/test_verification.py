"""`verify` finds each thing that somebody could change behind the ledger's back, and names it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session

from conference.data.session import Database
from conference.data.tables import Attachment
from conference.data.triggers import make_triggers
from conference.domain.handoff import HandoffMotive
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import CONSOLE
from conference.services.entries import record_payment, reverse_entry
from conference.services.files import file_path, keep_file
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import refuse_handoff
from conference.services.identities import record_identity
from conference.services.merges import ask_merge, likeness_token
from conference.services.months import close_month
from conference.services.sealing import seal_past_days
from conference.services.transfers import pair_transfer
from conference.services.verification import CHECKS, Verification, verify
from tests.cli.conftest import Console, bare_console  # noqa: F401  (a fixture)
from tests.seeds import AT, World, commit, make_world
from tests.services.convention_worlds import whole_convention
from tests.services.handoff_worlds import SCHEDULE, Course, natures, open_course, pay_step, propose
from tests.services.scdl_files import scdl
from tests.services.sending import send
from tests.services.test_identities import WHO, opened


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Folder of the instance."""
    return tmp_path / "instance"


@pytest.fixture
def world(database: Database, instance: Path) -> World:
    """A ledger that holds one of everything that `verify` looks at."""
    made = make_world(database)
    attached = keep_file(instance, b"attached")
    region = made.actors["region"]
    with database.writing() as session:
        shares = ((2026, Decimal("400.00")), (2027, Decimal("600.00")))
        first = commit(session, made, "region", "1000.00", shares=shares)
        wrong = record_payment(
            session,
            first,
            amount=Decimal("700.00"),
            paid_on=date(2026, 3, 9),
            by=region,
            at=AT,
            source=EntrySource.FORM,
        )
        reverse_entry(session, wrong.id or 0, motive="Erreur", by=region, at=AT)
        given = commit(session, made, "region", "300.00", to_funder_id=made["opco"])
        spent = commit(session, made, "opco", "300.00")
        pair_transfer(session, given_id=given, spent_id=spent, by=made.actors["opco"], at=AT)
    send(database, scdl({}, {"montant": "50"}), instance=instance)
    with database.writing() as session:
        close_month(session, month=date(2025, 3, 1), by=CONSOLE, at=AT)
        row = Attachment(
            object_kind="commitment",
            object_id=first,
            filename="a.pdf",
            media_type="application/pdf",
            size=8,
            sha256=attached,
            added_at=AT,
        )
        session.add(row)
        _two_files_of_one_person(session, made, instance)
        _two_handoffs(session, made)
        pay_step(session, made, open_course(session, made)[1], "6000.00", schedule=SCHEDULE)
        whole_convention(session, made, instance)
        seal_past_days(session, instance=instance, at=AT + timedelta(days=1))
    return made


def _two_files_of_one_person(session: Session, world: World, instance: Path) -> None:
    region = world.actors["region"]
    one, other = opened(session, world), opened(session, world)
    for number in (one, other):
        record_identity(session, number, WHO, instance=instance, by=region, at=AT)
    token = likeness_token(instance, one, other)
    ask_merge(session, one, token, keep_mine=True, instance=instance, by=region, at=AT)


def _two_handoffs(session: Session, world: World) -> None:
    """One that was accepted, with its money, and one that was refused."""
    opco = world.actors["opco"]
    parcours, step = open_course(session, world)
    line = pay_step(session, world, step, "6000.00")
    course = Course(world, parcours, step, line, *natures(session))
    refuse_handoff(session, propose(session, course), motive=HandoffMotive.DATES, answer="", by=opco, at=AT)
    accept_handoff(session, propose(session, course), by=opco, at=AT)


def _verify(database: Database, instance: Path) -> Verification:
    with database.reading() as session:
        return verify(session, instance=instance)


@contextmanager
def _behind_the_back(database: Database) -> Iterator[Connection]:
    """A connection on which triggers, foreign keys and (SQLite) CHECK constraints are off; triggers come back after."""
    with database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f'DROP TRIGGER "{name}"')
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
        make_triggers(connection)
        connection.commit()
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute("PRAGMA ignore_check_constraints=OFF")
        else:
            connection.execute(text("SET session_replication_role = DEFAULT"))
            connection.commit()


def _tamper(database: Database, *statements: str) -> None:
    with _behind_the_back(database) as connection:
        for statement in statements:
            if not (database.is_sqlite and statement.startswith("ALTER")):
                connection.execute(text(statement))


def test_untouched_ledger_is_all_true(database: Database, instance: Path, world: World) -> None:
    report = _verify(database, instance)
    assert report.first_fault is None
    looked_at = {check.name: check.rows for check in report.checks}
    assert [name for name, _ in CHECKS] == list(looked_at)
    assert all(looked_at.values()), looked_at


TAMPERINGS = [
    ("journal", "journal_entry", "2", ["UPDATE journal_entry SET actor_label = 'nobody' WHERE id = 2"]),
    ("journal", "journal_entry", "4", ["DELETE FROM journal_entry WHERE id = 3"]),
    ("journal", "journal_entry", "3", ["UPDATE journal_entry SET previous_hash = 'x' WHERE id = 3"]),
    ("journal", "journal_head", "1", ["DELETE FROM journal_entry WHERE id = (SELECT max(id) FROM journal_entry)"]),
    ("seals", "journal_seal", "2026-04-20", ["UPDATE journal_seal SET last_hash = 'x'"]),
    ("lists", "audience", "non_renseigne", ["UPDATE audience SET code = 'autre_chose' WHERE code = 'non_renseigne'"]),
    ("references", "commitment", "1", ["UPDATE commitment SET provider_id = 999 WHERE id = 1"]),
    ("references", "dimension_set", "1", ["UPDATE dimension_set SET level_id = 999 WHERE id = 1"]),
    (
        "constraints",
        "commitment",
        "1",
        [
            "ALTER TABLE commitment DROP CONSTRAINT ck_commitment_persons_positive",
            "UPDATE commitment SET persons = -1 WHERE id = 1",
        ],
    ),
    (
        "constraints",
        "month_state",
        "202503",
        [
            "ALTER TABLE month_state DROP CONSTRAINT ck_month_state_closed_month_takes_no_entry",
            "UPDATE month_state SET closed_count = 99 WHERE month = 202503",
        ],
    ),
    ("commitments", "commitment", "3", ["DELETE FROM entry WHERE commitment_id = 3"]),
    ("commitments", "commitment", "3", ["DELETE FROM balance WHERE commitment_id = 3"]),
    ("entries", "entry", "4", ["UPDATE entry SET to_funder_id = 3 WHERE id = 4"]),
    ("annulations", "entry", "3", ["UPDATE entry SET amount = -1 WHERE reverses_id IS NOT NULL"]),
    ("yearly_shares", "yearly_share", "1", ["UPDATE yearly_share SET amount = amount + 1 WHERE year = 2027"]),
    (
        "yearly_shares",
        "yearly_share",
        "2",
        ["INSERT INTO yearly_share (entry_id, year, amount) VALUES (2, 2026, 70000)"],
    ),
    ("numbers", "counter", "commitment-2026", ["UPDATE counter SET last = last + 1 WHERE series = 'commitment-2026'"]),
    ("balances", "balance", "1", ["UPDATE balance SET committed_on = '2020-01-01' WHERE commitment_id = 1"]),
    ("balances", "balance", "1", ["UPDATE entry SET amount = amount + 1 WHERE id = 1", "DELETE FROM yearly_share"]),
    ("rollup_month", "rollup_month", None, ["UPDATE rollup_month SET payment = payment + 1 WHERE funder_id = 1"]),
    ("rollup_month", "rollup_month", None, ["DELETE FROM rollup_month WHERE funder_id = 2"]),
    ("rollup_total", "rollup_total", None, ["UPDATE rollup_total SET to_funder_id = 77 WHERE funder_id = 2"]),
    ("rollup_funder", "rollup_funder", None, ["UPDATE rollup_funder SET entry_count = 7 WHERE funder_id = 2"]),
    ("import_remarks", "import_remark", "1", ["UPDATE import_file SET warnings = 3"]),
    ("months", "month_state", "202603", ["UPDATE month_state SET entry_total = 0 WHERE month = 202603"]),
    ("handoff_releases", "handoff_release", "1", ["UPDATE handoff_release SET released = 1 WHERE handoff_id = 1"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff_release SET released = NULL WHERE handoff_id = 2"]),
    ("plan_instalments", "plan_instalment", "3", ["UPDATE plan_instalment SET amount = 1"]),
    ("plan_shares", "plan_share", "1", ["UPDATE plan_share SET funder_id = 3 WHERE id = 1"]),
    ("step_fundings", "step_funding", None, ["UPDATE step_funding SET amount = amount * 2"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff_release SET released = 1 WHERE handoff_id = 2"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff_release SET entry_id = NULL WHERE handoff_id = 2"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff_release SET commitment_id = 2 WHERE handoff_id = 2"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff_release SET commitment_id = 3 WHERE handoff_id = 2"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff SET first_day = '2030-01-01' WHERE id = 2"]),
    ("handoff_releases", "handoff_release", "2", ["UPDATE handoff_release SET released = 0 WHERE handoff_id = 2"]),
    ("handoff_shares", "handoff_share", "1", ["UPDATE handoff_share SET accepted = 1 WHERE handoff_id = 1"]),
    ("handoff_shares", "handoff_share", "2", ["UPDATE handoff_share SET accepted = NULL WHERE handoff_id = 2"]),
    ("handoff_shares", "handoff_share", "2", ["UPDATE handoff_share SET accepted = 449999 WHERE handoff_id = 2"]),
    ("handoff_shares", "handoff_share", "2", ["UPDATE handoff_share SET accepted = 0 WHERE handoff_id = 2"]),
    ("handoff_shares", "handoff_share", "2", ["UPDATE handoff_share SET commitment_id = NULL WHERE handoff_id = 2"]),
    ("handoff_shares", "handoff_share", "2", ["UPDATE handoff_share SET commitment_id = 1 WHERE handoff_id = 2"]),
    ("handoff_shares", "handoff_share", "2", ["UPDATE handoff SET status = 'expired' WHERE id = 2"]),
]


@pytest.mark.parametrize(("check", "table", "row", "statements"), TAMPERINGS)
def test_tampering_is_found_and_named(
    check: str, table: str, row: str | None, statements: list[str], database: Database, instance: Path, world: World
) -> None:
    _tamper(database, *statements)
    found = next(each for each in _verify(database, instance).checks if each.name == check)
    assert found.fault is not None
    assert found.fault.table == table
    assert row is None or found.fault.row == row


def test_transfer_side_of_another_funder_is_found(database: Database, instance: Path, world: World) -> None:
    _tamper(database, f"UPDATE commitment SET to_funder_id = {world['france_travail']} WHERE to_funder_id IS NOT NULL")
    fault = _fault(database, instance, "transfer_pairs")
    assert (fault.table, fault.row, fault.expected) == ("transfer_pair", "1", "a line of the funder that receives")


def test_broken_rule_of_the_ledger_is_found(database: Database, instance: Path, world: World) -> None:
    """Entries and sums rewritten together, so that all agree: the rule itself is what is broken."""
    _tamper(
        database,
        "ALTER TABLE balance DROP CONSTRAINT ck_balance_paid_within_committed",
        "UPDATE balance SET payment = 999999 WHERE commitment_id = 1",
    )
    fault = _fault(database, instance, "ledger_rules")
    assert (fault.table, fault.row, fault.expected) == ("balance", "1", "ck_balance_paid_within_committed")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_repeated_code_is_found(database: Database, instance: Path, world: World) -> None:
    """SQLite has no way to take the index of a UNIQUE away."""
    _tamper(
        database,
        "ALTER TABLE organisation DROP CONSTRAINT uq_organisation_code",
        "UPDATE organisation SET code = 'region' WHERE code = 'opco'",
    )
    fault = _fault(database, instance, "uniqueness")
    assert (fault.table, fault.expected) == ("organisation", "uq_organisation_code")


def test_missing_trigger_is_found(database: Database, instance: Path, world: World) -> None:
    with database.engine.begin() as connection:
        name = "append_only_entry_update" if database.is_sqlite else "append_only_entry_row"
        connection.execute(text(f"DROP TRIGGER {name}" + ("" if database.is_sqlite else " ON entry")))
    fault = _fault(database, instance, "triggers")
    assert (fault.table, fault.expected) == ("entry", f"trigger {name}")


def test_chain_rewritten_whole_disagrees_with_its_seal(database: Database, instance: Path, world: World) -> None:
    from conference.data.journal import GENESIS, hash_of
    from conference.data.tables import JournalEntry

    previous = GENESIS
    with _behind_the_back(database) as connection:
        table = JournalEntry.__table__  # type: ignore[attr-defined]
        for row in connection.execute(table.select().order_by(table.c.id)).all():
            entry = JournalEntry(**{**row._mapping, "actor_label": "nobody", "previous_hash": previous})
            previous = hash_of(entry)
            connection.execute(
                table.update()
                .where(table.c.id == row.id)
                .values(actor_label="nobody", previous_hash=entry.previous_hash, hash=previous)
            )
        connection.execute(text(f"UPDATE journal_head SET last_hash = '{previous}'"))
    report = _verify(database, instance)
    assert report.first_fault is not None
    assert report.first_fault.name == "seals"


@pytest.mark.parametrize(("check", "content"), [("attachments", b"attached"), ("import_files", None)])
def test_changed_or_lost_file_is_found(
    check: str, content: bytes | None, database: Database, instance: Path, world: World
) -> None:
    import hashlib

    path = file_path(instance, hashlib.sha256(content or scdl({}, {"montant": "50"})).hexdigest())
    path.write_bytes(b"changed")
    assert _fault(database, instance, check).found == hashlib.sha256(b"changed").hexdigest()
    path.unlink()
    assert _fault(database, instance, check).found == "unreadable: No such file or directory"


def test_command_names_the_first_fault(
    bare_console: Console,  # noqa: F811
    database: Database,
    world: World,
) -> None:
    assert bare_console("verify", "--json").json["ok"] is True
    _tamper(
        database,
        "ALTER TABLE balance DROP CONSTRAINT ck_balance_shares_sum_to_committed",
        "UPDATE balance SET shared = 5 WHERE commitment_id = 1",
    )
    answer = bare_console("verify", "--json")
    assert answer.code == 1
    assert answer.json["ok"] is False
    assert answer.json["fault"] == {
        "check": "balances",
        "table": "balance",
        "row": "1",
        "expected": "shared 100000",
        "found": "shared 5",
    }
    told = bare_console("verify")
    assert "balances: table balance, row 1\n  expected: shared 100000\n  found:    shared 5\n" in told.err


def _fault(database: Database, instance: Path, check: str) -> Any:
    found = next(each for each in _verify(database, instance).checks if each.name == check)
    assert found.fault is not None
    return found.fault


def test_kinds_told_by_the_checks_are_the_kinds_of_the_ledger() -> None:
    """The queries write the kinds by name: a new kind must be told there too."""
    assert [kind.value for kind in EntryKind] == [
        "forecast",
        "commitment",
        "release",
        "settlement",
        "order",
        "payment",
        "repayment",
    ]
