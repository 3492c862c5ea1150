"""Do the gestures behind the ledger's pages hold on both engines: drafts, files, transfers spent, versions?"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from conference.data.queries.drafts import draft_page, list_drafts
from conference.data.queries.received import lines_to_pair, received_transfer, received_transfers
from conference.data.session import Database
from conference.data.tables import Attachment, Balance, Commitment, JournalEntry, TransferPair
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.attachments import Depot, attach_file, clean_filename, withdraw_file
from conference.services.commitments import CommitmentLine, confirm_commitment
from conference.services.dimensions import Dimensions
from conference.services.drafts import discard_draft, save_draft
from conference.services.entries import pay_in_bulk, record_entry, reverse_entry
from conference.services.files import file_path
from conference.services.organisations import set_confirmation_threshold
from conference.services.transfers import spend_transfer
from tests.seeds import AT, World, commit, make_world

PDF = b"%PDF-1.7 x"


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def test_a_draft_is_its_author_s_alone(database: Database, world: World) -> None:
    mine, colleague = world.actors["region"], world.actors["region_signatory"]
    with database.writing() as session:
        draft = save_draft(session, form="commitment", title="A", fields={"amount": ["douze"]}, by=mine, at=AT)
        draft_id = draft.id or 0
    with database.writing() as session:
        save_draft(session, form="commitment", title="B", fields={"a": ["1"]}, by=mine, at=AT, draft_id=draft_id)
    with database.reading() as session:
        assert [(each.title, each.fields) for each in list_drafts(session, mine)] == [("B", {"a": ["1"]})]
        assert list_drafts(session, colleague) == []
        with pytest.raises(NotFound):
            draft_page(session, colleague, draft_id)
    with database.writing() as session:
        with pytest.raises(NotFound):
            discard_draft(session, draft_id, by=colleague)
        discard_draft(session, draft_id, by=mine)
        assert list_drafts(session, mine) == []
        with pytest.raises(Refusal):
            save_draft(session, form="commitment", title="", fields={"a": ["x" * 100_001]}, by=mine, at=AT)


def test_a_file_is_kept_before_its_row_and_journalled_without_its_name(
    database: Database, world: World, tmp_path: Path
) -> None:
    depot, region = Depot(tmp_path, 1000), world.actors["region"]
    with database.writing() as session:
        line = commit(session, world, "region", "10.00")
        row = attach_file(session, line, filename="C:\\x\\dupont.pdf", content=PDF, depot=depot, by=region, at=AT)
        assert file_path(tmp_path, row.sha256).read_bytes() == PDF
        assert (row.filename, row.media_type, row.size) == ("dupont.pdf", "application/pdf", 10)
        with pytest.raises(NotFound):
            attach_file(session, line, filename="a.pdf", content=PDF, depot=depot, by=world.actors["opco"], at=AT)
        with pytest.raises(NotFound):
            withdraw_file(session, row.id or 0, by=world.actors["opco"], at=AT)
        withdraw_file(session, row.id or 0, by=region, at=AT)
    with database.reading() as session:
        assert session.get_one(Attachment, row.id).withdrawn_at == AT
        journal = session.exec(select(JournalEntry).where(JournalEntry.object_kind == "commitment")).all()
        assert [entry.verb for entry in journal] == ["commit_funds", "attach_file", "withdraw_file"]
        assert not any("dupont" in entry.changes for entry in journal)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\x00", "fichier"),
        ("é" * 300 + ".pdf", "é" * 196 + ".pdf"),
    ],
)
def test_a_filename_is_a_name_and_nothing_else(given: str, kept: str) -> None:
    assert clean_filename(given) == kept


def test_a_transfer_is_spent_with_its_own_dimensions(database: Database, world: World) -> None:
    opco = world.actors["opco"]
    with database.writing() as session:
        given = commit(
            session, world, "region", "1000.00", to_funder_id=world["opco"], dimensions=Dimensions(scheme=3, level=2)
        )
        line = CommitmentLine(funder_id=world["opco"], amount=Decimal("600.00"), decided_on=date(2026, 4, 1))
        with pytest.raises(NotFound):
            spend_transfer(session, given, line, by=world.actors["region"], at=AT, source=EntrySource.FORM)
        spent = spend_transfer(session, given, line, by=opco, at=AT, source=EntrySource.FORM)
        other = commit(session, world, "opco", "50.00", dimensions=Dimensions(scheme=3, level=2))
    with database.reading() as session:
        assert session.exec(select(TransferPair.given_id, TransferPair.spent_id)).all() == [(given, spent.id)]
        rows = session.exec(select(Commitment).where(Commitment.id != other)).all()
        assert len({row.dimension_set_id for row in rows}) == 1
        [received] = received_transfers(session, opco)
        assert (received.committed, received.spent, received.left) == (
            Decimal("1000.00"),
            Decimal("600.00"),
            Decimal("400.00"),
        )
        assert [each.id for each in lines_to_pair(session, opco, received)] == [other]
        assert received_transfers(session, world.actors["region"]) == []
        with pytest.raises(NotFound):
            received_transfer(session, world.actors["france_travail"], given)


def test_who_comes_second_is_told(database: Database, world: World) -> None:
    by = world.actors["region"]
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        facts = {"kind": EntryKind.PAYMENT, "amount": Decimal("10.00"), "effective_on": date(2026, 4, 1)}
        entry = record_entry(session, line, **facts, by=by, at=AT, source=EntrySource.FORM, version=1)
        with pytest.raises(Conflict):
            record_entry(session, line, **facts, by=by, at=AT, source=EntrySource.FORM, version=1)
        with pytest.raises(Conflict):
            reverse_entry(session, entry.id or 0, motive="x", by=by, at=AT, version=1)
        reverse_entry(session, entry.id or 0, motive="x", by=by, at=AT, version=2)


def test_a_large_commitment_made_of_small_increases_needs_its_second_person(database: Database, world: World) -> None:
    officer, signatory = world.actors["region"], world.actors["region_signatory"]
    with database.writing() as session:
        set_confirmation_threshold(session, world["region"], threshold=Decimal("1000.00"), by=signatory, at=AT)
        line = commit(session, world, "region", "900.00")
        facts = {"kind": EntryKind.COMMITMENT, "effective_on": date(2026, 4, 1), "by": officer, "at": AT}
        first = record_entry(session, line, amount=Decimal("100.00"), source=EntrySource.FORM, **facts)
        second = record_entry(session, line, amount=Decimal("0.01"), source=EntrySource.FORM, **facts)
        assert (first.kind, second.kind) == (EntryKind.COMMITMENT, EntryKind.FORECAST)
        with pytest.raises(Refusal, match="un signataire doit le confirmer"):
            confirm_commitment(session, line, by=officer, at=AT)
        confirm_commitment(session, line, by=signatory, at=AT)
        assert session.get_one(Balance, line).commitment == Decimal("1000.01")


def test_a_bulk_payment_says_when_the_rest_is_not_ordered_yet(database: Database, world: World) -> None:
    by = world.actors["region"]
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        for kind in (EntryKind.ORDER, EntryKind.PAYMENT):
            record_entry(
                session,
                line,
                kind=kind,
                amount=Decimal("40.00"),
                effective_on=date(2026, 4, 1),
                by=by,
                at=AT,
                source=EntrySource.FORM,
            )
        [report] = pay_in_bulk(session, [line], paid_on=date(2026, 4, 2), by=by, at=AT)
    assert report.refusal == "Tout ce qui est mandaté est payé. Il reste 60,00\u00a0€ engagés, pas encore mandatés."
