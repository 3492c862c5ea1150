"""The conférence's own table: commitments by their references, then payments and other entries."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlmodel import col, select

from conference.data.session import Database
from conference.data.tables import Balance, Commitment, Entry
from conference.domain.importing.fields import FACTS, Field
from conference.domain.importing.remarks import RemarkKind
from conference.domain.ledger import EntryKind, EntrySource
from conference.services.entries import record_entry
from conference.services.importing.undo import plan_undo, undo_import
from conference.services.organisations import set_confirmation_threshold
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.services.sending import Sent
from tests.services.sending import send as send_file

LINE = {
    Field.FUNDER_REFERENCE: "R-1",
    Field.DECIDED_ON: date(2025, 3, 10),
    Field.OBJECT: "Formation d’aide-soignant",
    Field.AMOUNT: 1000,
}
PAYMENT = {
    Field.COMMITMENT_REFERENCE: "R-1",
    Field.ENTRY_KIND: "Paiement",
    Field.EFFECTIVE_ON: date(2025, 4, 1),
    Field.AMOUNT: 400,
}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def book(lines: list[dict[Field, Any]], entries: list[dict[Field, Any]]) -> bytes:
    """A workbook with the headings of the template."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows, base in (("Engagements", lines, LINE), ("Écritures", entries, PAYMENT)):
        if not rows:
            continue
        sheet = made.create_sheet(name)
        columns = list(dict.fromkeys([*base, *(field for row in rows for field in row)]))
        sheet.append([FACTS[field].label for field in columns])
        for row in rows:
            sheet.append([row.get(field, base.get(field)) for field in columns])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def send(
    database: Database,
    world: World,
    lines: list[dict[Field, Any]],
    entries: list[dict[Field, Any]],
    who: str = "region",
    settings: Settings | None = None,
) -> Sent:
    instance = settings.instance if settings else None
    return send_file(database, book(lines, entries), by=world.actors[who], filename="lignes.xlsx", instance=instance)


def balance(database: Database, reference: str = "R-1") -> Balance:
    with database.reading() as session:
        query = select(Balance).join(Commitment).where(Commitment.funder_reference == reference)
        found = session.exec(query.order_by(col(Balance.commitment_id).desc())).first()
        assert found is not None
        session.expunge(found)
        return found


def test_lines_and_their_payments_enter_together_and_once(database: Database, world: World) -> None:
    entries = [{Field.AMOUNT: 400}, {Field.EFFECTIVE_ON: date(2025, 5, 2), Field.AMOUNT: 100}]
    sent = send(database, world, [{}], entries)
    assert sent.counts() == (3, 0, 0, [], Decimal("1500.00"))
    found = balance(database)
    assert (found.commitment, found.payment) == (Decimal(1000), Decimal(500))
    assert send(database, world, [{}], entries).counts() == (0, 0, 3, [], Decimal(0))
    with database.reading() as session:
        commitment = session.exec(select(Commitment)).one()
        assert (commitment.source_sheet, commitment.source_row) == ("Engagements", 2)
        payments = session.exec(select(Entry).where(Entry.kind == "payment").order_by(col(Entry.id))).all()
        assert [(each.source_sheet, each.source_row) for each in payments] == [("Écritures", 2), ("Écritures", 3)]


def test_changed_amounts_adjust_the_line_and_correct_the_payment(
    database: Database, world: World, settings: Settings
) -> None:
    send(database, world, [{}], [{}], settings=settings)
    sent = send(database, world, [{Field.AMOUNT: 900}], [{Field.AMOUNT: 450}], settings=settings)
    assert sent.counts() == (0, 2, 0, [], Decimal("1350.00"))
    found = balance(database)
    assert (found.commitment, found.release, found.payment) == (Decimal(1000), Decimal(100), Decimal(450))
    assert send(database, world, [{Field.AMOUNT: 900}], [{Field.AMOUNT: 450}], settings=settings).counts()[2] == 2
    with database.reading() as session:
        assert [check for check in verify(session, instance=settings.instance).checks if not check.ok] == []


def test_a_payment_known_by_its_number_may_change_its_day(database: Database, world: World) -> None:
    numbered = {Field.ENTRY_REFERENCE: "M-7"}
    send(database, world, [{}], [numbered])
    moved = {**numbered, Field.EFFECTIVE_ON: date(2025, 4, 9)}
    assert send(database, world, [{}], [moved]).counts()[:3] == (0, 1, 1)
    with database.reading() as session:
        gone = {each for each in session.exec(select(Entry.reverses_id)) if each}
        [left] = [each for each in session.exec(select(Entry).where(Entry.kind == "payment"))
                  if each.reverses_id is None and each.id not in gone]  # fmt: skip
        assert left.effective_on == date(2025, 4, 9)


def test_entries_are_tried_in_the_order_of_the_line_s_life(database: Database, world: World) -> None:
    day = {Field.EFFECTIVE_ON: date(2025, 4, 1), Field.AMOUNT: 300}
    kinds = ("Reversement", "Paiement", "Mandatement", "Liquidation")
    sent = send(database, world, [{}], [{**day, Field.ENTRY_KIND: kind} for kind in kinds])
    assert sent.counts() == (5, 0, 0, [], Decimal("2200.00"))
    found = balance(database)
    assert (found.settlement, found.order, found.payment, found.repayment) == (Decimal(300),) * 4


def test_what_a_rule_forbids_is_refused_at_its_cell_and_the_rest_enters(database: Database, world: World) -> None:
    entries = [
        {Field.AMOUNT: 1001},
        {Field.EFFECTIVE_ON: date(2025, 3, 9)},
        {Field.EFFECTIVE_ON: date(2027, 1, 1)},
        {Field.COMMITMENT_REFERENCE: "R-9"},
        {Field.ENTRY_KIND: "Prêt"},
        {Field.AMOUNT: 0},
        {},
    ]
    sent = send(database, world, [{}], entries)
    codes = ["balance_paid_within_committed", "dates", "future", "unknown_commitment", "entry_kind", "amount_positive"]
    assert sent.codes() == codes
    assert [each.cell for each in sent.remarks[RemarkKind.REFUSED]] == ["D2", "C3", "C4", "A5", "B6", "D7"]
    assert balance(database).payment == Decimal(400)


def test_a_reference_twice_in_a_file_is_refused_the_second_time(database: Database, world: World) -> None:
    sent = send(database, world, [{}, {Field.AMOUNT: 5}, {Field.FUNDER_REFERENCE: "R-2"}], [])
    assert (sent.state.created, sent.codes()) == (2, ["repeated_reference"])


def test_a_line_typed_on_a_form_is_found_by_its_reference(database: Database, world: World) -> None:
    with database.writing() as session:
        commit(session, world, "region", "1000.00", date(2025, 3, 10), funder_reference="R-1")
    assert send(database, world, [{}], [{}]).counts() == (1, 0, 1, [], Decimal("400.00"))
    assert send(database, world, [{Field.AMOUNT: 1200}], [{}]).counts() == (0, 1, 1, [], Decimal("1200.00"))
    assert send(database, world, [{Field.AMOUNT: 1200}], [{}]).counts()[2] == 2
    assert balance(database).commitment == Decimal(1200)


def test_a_payment_names_a_line_by_the_tool_s_reference(database: Database, world: World) -> None:
    with database.writing() as session:
        line = commit(session, world, "region", "1000.00", date(2025, 3, 10))
        reference = session.get_one(Commitment, line).reference
    sent = send(database, world, [], [{Field.COMMITMENT_REFERENCE: reference}])
    assert sent.counts() == (1, 0, 0, [], Decimal("400.00"))
    other = send(database, world, [], [{Field.COMMITMENT_REFERENCE: reference}], who="opco")
    assert other.codes() == ["unknown_commitment"]


def test_above_the_threshold_a_line_waits_and_takes_no_payment(database: Database, world: World) -> None:
    with database.writing() as session:
        signatory = world.actors["region_signatory"]
        set_confirmation_threshold(session, world["region"], threshold=Decimal("800"), by=signatory, at=AT)
    sent = send(database, world, [{}], [{}])
    assert (sent.state.created, sent.codes()) == (1, ["awaiting"])
    assert balance(database).forecast == Decimal(1000)


def test_the_example_of_the_template_is_never_imported(database: Database, world: World) -> None:
    sent = send(
        database, world, [{Field.FUNDER_REFERENCE: "EXEMPLE-1"}, {}], [{Field.COMMITMENT_REFERENCE: "EXEMPLE-1"}]
    )
    assert (sent.counts(), sent.codes(RemarkKind.NOTE)) == ((1, 0, 0, [], Decimal("1000.00")), ["example", "example"])


def test_undone_file_creates_again_and_what_lived_on_is_left(
    database: Database, world: World, settings: Settings
) -> None:
    region = world.actors["region"]
    lines = [{}, {Field.FUNDER_REFERENCE: "R-2"}]
    first = send(database, world, lines, [{}], settings=settings)
    number = first.state.import_file_id or 0
    with database.writing() as session:
        line = session.exec(select(Commitment.id).where(Commitment.funder_reference == "R-2")).one() or 0
        record_entry(
            session, line, kind=EntryKind.RELEASE, amount=Decimal("1.00"), effective_on=date(2025, 6, 1),
            by=region, at=AT, source=EntrySource.FORM,
        )  # fmt: skip
    with database.reading() as session:
        assert (plan_undo(session, number, by=region).undone, len(plan_undo(session, number, by=region).kept)) == (1, 1)
    with database.writing() as session:
        report = undo_import(session, number, motive="Mauvais fichier", by=region, at=AT)
    assert (report.undone, len(report.kept)) == (1, 1)
    gone = balance(database)
    assert (gone.commitment, gone.payment, gone.identity) == (Decimal(0), Decimal(0), None)
    again = send(database, world, lines, [{}], settings=settings)
    assert again.counts() == (2, 0, 1, [], Decimal("1400.00"))
    with database.reading() as session:
        assert [check for check in verify(session, instance=settings.instance).checks if not check.ok] == []
