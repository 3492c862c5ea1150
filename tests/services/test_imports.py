"""A file enters the ledger once, whole, with its provenance, within what the importer may do."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.data.tables import Balance, Commitment, Entry, ImportFile, JournalEntry, Organisation
from conference.data.tables.organisation import OrganisationKind
from conference.domain.importing.fields import Field
from conference.domain.importing.remarks import RemarkKind
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import CONSOLE, Actor
from conference.domain.refusal import Forbidden
from conference.services.entries import record_entry, record_payment
from conference.services.imports import advance, choose_columns
from conference.services.organisations import add_organisation, set_confirmation_threshold
from conference.services.staging import Stage
from tests.seeds import AT, World, make_world
from tests.services.scdl_files import SIRET_CLUB, SIRET_TOWN, scdl
from tests.services.sending import Sent, staged
from tests.services.sending import send as send_file

REGION = {"nomAttribuant": "région  EXEMPLE", "idAttribuant": ""}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def send(
    database: Database, *rows: dict[str, str], by: Actor = CONSOLE, funder: str | None = None, confirm: bool = True
) -> Sent:
    return send_file(database, scdl(*rows), by=by, only=funder, confirm=confirm)


def test_row_makes_a_commitment_with_its_provenance_and_parties_to_check(database: Database, world: World) -> None:
    report = send(database, {"objet": "un\nobjet"})
    with database.reading() as session:
        commitment, entry = session.exec(select(Commitment)).one(), session.exec(select(Entry)).one()
        funder = session.get_one(Organisation, commitment.funder_id)
        provider = session.get_one(Organisation, commitment.provider_id)
        file = session.get_one(ImportFile, report.state.import_file_id)
        journal = session.exec(select(JournalEntry).where(JournalEntry.verb == "import_file")).one()
        assert (funder.code, funder.siret, funder.is_funder, funder.to_check) == (
            "ville_exemple",
            SIRET_TOWN,
            True,
            True,
        )
        assert (provider.name, provider.siret, provider.to_check) == ("CLUB EXEMPLE", SIRET_CLUB, True)
        assert (commitment.object, commitment.decision_reference, commitment.source_row) == ("un objet", "CONV 1", 2)
        assert (commitment.decided_on, commitment.import_file_id) == (date(2025, 3, 10), file.id)
        assert (entry.amount, entry.source, entry.source_row, entry.import_file_id) == (
            Decimal("900.00"),
            "file",
            2,
            file.id,
        )
        assert (file.created, file.accepted_amount, file.funder_id) == (1, Decimal("900.00"), funder.id)
        assert file.sha256 in journal.changes
        assert "EXEMPLE" not in journal.changes + journal.object_label


def test_identical_rows_are_distinct_commitments_with_a_warning(database: Database, world: World) -> None:
    report = send(database, {}, {}, {"montant": "50"})
    assert (report.state.created, report.codes(RemarkKind.WARNING)) == (3, ["repeated"])
    assert send(database, {}, {}, {"montant": "50"}).counts() == (0, 0, 3, [], Decimal("0.00"))


def test_lower_amount_is_released_but_never_below_what_is_paid(database: Database, world: World) -> None:
    send(database, REGION)
    region = world.actors["region"]
    with database.writing() as session:
        line = session.exec(select(Commitment.id)).one() or 0
        record_payment(
            session, line, amount=Decimal("500.00"), paid_on=date(2025, 4, 1), by=region, at=AT, source=EntrySource.FORM
        )
    assert send(database, {**REGION, "montant": "499.99"}).counts() == (
        0,
        0,
        0,
        ["balance_paid_within_committed"],
        Decimal(0),
    )
    assert send(database, {**REGION, "montant": "500"}).counts() == (0, 1, 0, [], Decimal("500.00"))
    with database.reading() as session:
        balance = session.get_one(Balance, line)
        assert (balance.commitment, balance.release, balance.payment) == (Decimal(900), Decimal(400), Decimal(500))


def test_release_made_by_hand_is_not_undone_by_the_same_file(database: Database, world: World) -> None:
    send(database, REGION)
    with database.writing() as session:
        line = session.exec(select(Commitment.id)).one() or 0
        record_entry(
            session, line, kind=EntryKind.RELEASE, amount=Decimal("300.00"), effective_on=date(2025, 6, 1),
            by=world.actors["region"], at=AT, source=EntrySource.FORM,
        )  # fmt: skip
    assert send(database, REGION).counts() == (0, 0, 1, [], Decimal("0.00"))
    assert send(database, {**REGION, "montant": "950"}).counts() == (0, 1, 0, [], Decimal("950.00"))
    with database.reading() as session:
        assert totals(session, ("funder",)).shared_total.committed == Decimal("650.00")


def test_row_gone_from_a_later_file_is_reported_never_removed(database: Database, world: World) -> None:
    send(database, REGION, {**REGION, "objet": "Autre"})
    report = send(database, REGION)
    assert (report.state.gone, report.state.unchanged) == (1, 1)
    with database.reading() as session:
        assert totals(session, ("funder",)).shared_total.committed == Decimal("1800.00")


def test_above_the_threshold_waits_and_is_not_adjusted(database: Database, world: World) -> None:
    with database.writing() as session:
        signatory = world.actors["region_signatory"]
        set_confirmation_threshold(session, world["region"], threshold=Decimal("800"), by=signatory, at=AT)
    assert send(database, REGION).state.created == 1
    with database.reading() as session:
        assert totals(session, ("funder",)).shared_total.committed == 0
    assert send(database, REGION).counts() == (0, 0, 1, [], Decimal("0.00"))
    assert send(database, {**REGION, "montant": "950"}).counts() == (0, 0, 0, ["awaiting"], Decimal("0.00"))


def test_small_rises_do_not_pass_under_the_threshold(database: Database, world: World) -> None:
    with database.writing() as session:
        signatory = world.actors["region_signatory"]
        set_confirmation_threshold(session, world["region"], threshold=Decimal("1000"), by=signatory, at=AT)
    assert send(database, REGION).state.created == 1
    assert send(database, {**REGION, "montant": "1000"}).counts()[1] == 1
    assert send(database, {**REGION, "montant": "1000.01"}).counts()[1] == 1
    with database.reading() as session:
        shared = totals(session, ("funder",)).shared_total
        assert (shared.committed, shared.forecast) == (Decimal("1000.00"), Decimal("0.01"))


def test_funder_given_takes_rows_that_name_nobody_and_refuses_those_of_others(database: Database, world: World) -> None:
    nobody = {"nomAttribuant": "", "idAttribuant": ""}
    assert send(database, nobody).counts()[3] == ["funder"]
    report = send(database, nobody, REGION, {"objet": "Autre"}, funder="region")
    assert report.counts() == (2, 0, 0, ["other_funder"], Decimal("1800.00"))


def test_officer_enters_its_own_lines_alone(database: Database, world: World) -> None:
    opco = {"nomAttribuant": "OPCO Exemple", "idAttribuant": ""}
    report = send(database, REGION, opco, {}, by=world.actors["region"])
    assert report.counts() == (1, 0, 0, ["forbidden_funder", "forbidden_funder"], Decimal("900.00"))
    with database.reading() as session:
        assert session.exec(select(Organisation).where(Organisation.siret == SIRET_TOWN)).first() is None
    for who in ("reader", "admin"):
        with pytest.raises(Forbidden):
            send(database, REGION, by=world.actors[who])


def test_preview_says_the_same_and_writes_nothing(database: Database, world: World) -> None:
    rows = (REGION, {}, {"montant": "x"})
    before = send(database, *rows, confirm=False)
    with database.reading() as session:
        assert session.exec(select(Commitment)).first() is None
    after = send(database, *rows)
    assert (before.counts(), before.remarks) == (after.counts(), after.remarks)
    assert before.state.import_file_id is None


def test_organisations_that_a_file_adds_leave_room_for_the_next_ones(database: Database, world: World) -> None:
    send(database, {})
    with database.writing() as session:
        made = add_organisation(
            session, code="suivant", name="Suivant", kind=OrganisationKind.PROVIDER, is_funder=False, by=CONSOLE, at=AT
        )
        assert made.id == max(session.exec(select(Organisation.id)).all(), key=lambda number: number or 0)
    assert send(database, {"nomBeneficiaire": "Autre", "idBeneficiaire": ""}).state.created == 1


def test_refused_rows_corrected_come_back_without_a_question_nor_a_warning(database: Database, world: World) -> None:
    region = world.actors["region"]
    headings = "Quand;Combien;Pourquoi"
    columns = (Field.DECIDED_ON, Field.AMOUNT, Field.OBJECT)
    with staged(database, f"{headings}\n1/2/2026;x;Bilan\n".encode(), by=region) as (place, found):
        assert found.state.stage is Stage.ASKING
        with database.writing() as session:
            choose_columns(session, found, columns, by=region, at=AT)
        assert advance(place, found, by=region, at=AT).refused == 1
    again = f"{headings};Ligne du fichier;Motif du refus\n1/2/2026;5;Bilan;2;Illisible\n".encode()
    assert send_file(database, again, by=region).counts() == (1, 0, 0, [], Decimal("5.00"))
    grants = (
        scdl({**REGION})
        .replace(b"\r\n", b",2,Illisible\r\n")
        .replace(b",2,Illisible\r\n", b",Ligne du fichier,Motif du refus\r\n", 1)
    )
    sent = send_file(database, grants, by=region)
    assert (sent.state.created, sent.codes(RemarkKind.WARNING)) == (1, [])


HEAD = "nomAttribuant,dateConvention,objet,montant,nature,notificationUE"
TORN = (
    # A CR alone between two rows: one row each, never one amount for both.
    ("A,2025-03-10,x,10.00,aide en numéraire,non\rA,2025-03-11,y,20.00,aide en numéraire,non\n", "30.00", 0),
    # The quote that opens the amount is missing: its decimals are in the next cell.
    ('A,2025-03-10,x,25 000,50",aide en numéraire,non\n', "0.00", 1),
    # The line stops at its amount, which may be cut.
    ("A,2025-03-10,x,25 000\n", "0.00", 1),
)


@pytest.mark.parametrize(("rows", "accepted", "refused"), TORN)
def test_a_torn_row_never_brings_another_amount(
    database: Database, world: World, rows: str, accepted: str, refused: int
) -> None:
    sound = "".join(f"A,2025-01-{day:02d},s{day},1.00,aide en numéraire,non\n" for day in range(1, 5))
    sent = send_file(database, f"{HEAD}\n{sound}{rows}".encode())
    assert (sent.state.refused, sent.accepted) == (refused, Decimal(accepted) + 4)
