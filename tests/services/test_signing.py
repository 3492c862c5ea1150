"""Does each party sign by its own means, in its turn, and is nothing that was signed ever lost?"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import (
    Convention,
    ConventionBalance,
    ConventionFile,
    ConventionVersion,
    Signatory,
    Signature,
)
from conference.documents.sealing import Certificate, made_certificate, seal_pdf
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.attachments import Depot
from conference.services.convention_money import link_commitment
from conference.services.files import read_kept
from conference.services.scans import file_scan
from conference.services.seal_certificate import certificate_path, make_certificate
from conference.services.signatories import SignatoryLine, prove_delegation, set_signatories
from conference.services.signing import seal, sign_elsewhere, sign_on_paper, take_back_signature
from conference.services.verification import verify
from conference.settings import Settings
from tests.documents.verapdf.validator import Validator
from tests.seeds import AT, World, commit, make_world
from tests.services.drafted_conventions import completed, drafted, to_sign

DAY = date(2026, 4, 20)
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What is tried there does not depend on the engine."""
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return made_certificate("Conférence Exemple", AT)


@pytest.fixture(scope="module")
def another() -> Certificate:
    return made_certificate("Parapheur d’un autre", AT)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def session(database: Database, world: World) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def depot(settings: Settings, certificate: Certificate) -> Depot:
    path = certificate_path(settings.instance)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(certificate.key + certificate.chain)
    return Depot(settings.instance, 20_000_000)


def frozen(session: Session, world: World, depot: Depot, *, ordered: bool = False) -> ConventionVersion:
    version = drafted(session, world)
    completed(session, world, version)
    version.ordered = ordered
    return to_sign(session, world, depot.instance, version)


def signatories(session: Session, version: ConventionVersion) -> list[int]:
    rows = session.exec(select(Signatory).where(Signatory.version_id == version.id)).all()
    return [row.id or 0 for row in sorted(rows, key=lambda row: row.rank)]


def scan_of(depot: Depot, *versions: ConventionVersion, dots: int = 150, turned: float = 0) -> bytes:
    """The frozen texts as a scanner leaves them: grey, askew, one page upside down, the last pages first."""
    images = []
    for version in versions:
        with pypdfium2.PdfDocument(read_kept(depot.instance, version.file_sha256 or "")) as pdf:
            for page in pdf:
                image = page.render(scale=dots / 72, grayscale=True).to_pil()
                images.append(image.rotate(turned, expand=True, fillcolor=250))
    images = [images[0].rotate(180), *images[1:]][::-1]
    made = BytesIO()
    images[0].save(made, "PDF", save_all=True, append_images=images[1:], resolution=dots, quality=60)
    return made.getvalue()


def told(by: Actor, depot: Depot) -> dict[str, object]:
    return {"depot": depot, "by": by, "at": AT}


def test_papers_of_two_conventions_in_one_scan_file_themselves(session: Session, world: World, depot: Depot) -> None:
    first, second = (frozen(session, world, depot) for _ in range(2))
    content = scan_of(depot, first, second, turned=1.2)
    report = file_scan(session, filename="lot.pdf", content=content, **told(world.actors["coordinator"], depot))
    assert [(each.version_id, each.missing) for each in report.filed] == [(second.id, ()), (first.id, ())]
    assert report.unread == () and report.refused == ()
    file_ids = {each.version_id: each.file_id for each in report.filed}
    region, opco = signatories(session, first)
    wrong = {"signed_on": DAY, "file_id": file_ids[second.id or 0]}
    with pytest.raises(Refusal, match="copie numérisée de ce texte"):
        sign_on_paper(session, region, **wrong, by=world.actors["region"], at=AT)
    right = {"signed_on": DAY, "file_id": file_ids[first.id or 0], "at": AT}
    with pytest.raises(Forbidden):
        sign_on_paper(session, opco, **right, by=world.actors["region"])
    sign_on_paper(session, region, **right, by=world.actors["region"])
    assert first.status == "to_sign"
    sign_on_paper(session, opco, **right, by=world.actors["coordinator"])
    assert (first.status, first.signed_on, first.in_force) == ("signed", DAY, True)
    assert session.get_one(Convention, first.convention_id).status == "active"
    assert session.get_one(ConventionBalance, first.convention_id).ceiling == Decimal("50000.00")


@ON_SQLITE
def test_a_scan_says_what_is_missing_changed_or_not_ours(session: Session, world: World, depot: Depot) -> None:
    version = frozen(session, world, depot)
    whole = scan_of(depot, version)
    with pypdfium2.PdfDocument(whole) as pdf:
        count = len(pdf)
        pdf.del_page(0)  # the last page of the text: pages were scanned last first
        kept = BytesIO()
        pdf.save(kept)
    report = file_scan(session, filename="a.pdf", content=kept.getvalue(), **told(world.actors["region"], depot))
    assert report.filed[0].missing == (count,)
    file = session.get_one(ConventionFile, report.filed[0].file_id)
    assert "Il manque la page" in file.finding
    with pytest.raises(Refusal, match="ne suit pas"):
        file_scan(session, filename="a.pdf", content=whole, **told(world.actors["france_travail"], depot))
    version.fingerprint = "f" * 64
    session.flush()
    with pytest.raises(Refusal, match="avant que son texte ne change"):
        file_scan(session, filename="a.pdf", content=whole, **told(world.actors["region"], depot))
    with pytest.raises(Refusal, match="Aucun code ne se lit"):
        file_scan(session, filename="a.pdf", content=_blank(), **told(world.actors["region"], depot))
    with pytest.raises(Refusal, match="ne se lit pas"):
        file_scan(session, filename="a.pdf", content=PDF, **told(world.actors["region"], depot))


def _blank() -> bytes:
    with pypdfium2.PdfDocument.new() as pdf:
        pdf.new_page(595, 842)
        made = BytesIO()
        pdf.save(made)
    return made.getvalue()


@ON_SQLITE
def test_seals_add_up_and_the_file_keeps_both_standards(
    session: Session, world: World, depot: Depot, validator: Validator
) -> None:
    version = frozen(session, world, depot)
    text = read_kept(depot.instance, version.file_sha256 or "")
    region, opco = signatories(session, version)
    with pytest.raises(Forbidden):
        seal(session, region, **told(world.actors["region"], depot))
    with pytest.raises(Forbidden):
        seal(session, region, **told(world.actors["coordinator"], depot))
    first = seal(session, region, **told(world.actors["region_signatory"], depot))
    second = seal(session, opco, **told(world.actors["opco_signatory"], depot))
    one, two = (
        read_kept(depot.instance, session.get_one(ConventionFile, each.file_id).sha256) for each in (first, second)
    )
    assert one.startswith(text) and two.startswith(one)
    assert version.status == "signed"
    assert validator.broken_rules(two) == []


@ON_SQLITE
def test_a_file_signed_elsewhere_is_verified(
    session: Session, world: World, depot: Depot, another: Certificate
) -> None:
    version = frozen(session, world, depot)
    text = read_kept(depot.instance, version.file_sha256 or "")
    region, opco = signatories(session, version)
    by = {"filename": "signe.pdf", "signed_on": DAY, **told(world.actors["region"], depot)}
    with pytest.raises(Refusal, match="aucune signature"):
        sign_elsewhere(session, region, content=text, **by)
    signed = seal_pdf(text, another, field="Autre", reason="Accord", name="Mme Exemple")
    broken = bytearray(signed)
    broken[text.index(b"stream") + 60] ^= 1
    with pytest.raises(Refusal):
        sign_elsewhere(session, region, content=bytes(broken), **by)
    other = drafted(session, world)
    completed(session, world, other)
    foreign = read_kept(depot.instance, to_sign(session, world, depot.instance, other).file_sha256 or "")
    foreign = seal_pdf(foreign, another, field="Autre", reason="Accord", name="Mme Exemple")
    with pytest.raises(Refusal, match="n’est pas le texte mis à la signature"):
        sign_elsewhere(session, region, content=foreign, **by)
    row = sign_elsewhere(session, region, content=signed, **by)
    finding = session.get_one(ConventionFile, row.file_id).finding
    assert "Parapheur d’un autre" in finding and "ne connaît pas" in finding
    (depot.instance / "keys" / "trust").mkdir()
    (depot.instance / "keys" / "trust" / "autre.pem").write_bytes(another.chain)
    by = {**by, "by": world.actors["opco"]}
    row = sign_elsewhere(session, opco, content=signed, **by)
    assert "reconnu par cette instance" in session.get_one(ConventionFile, row.file_id).finding
    assert version.status == "signed"


def test_the_order_and_the_days_hold(session: Session, world: World, depot: Depot) -> None:
    version = frozen(session, world, depot, ordered=True)
    report = file_scan(
        session, filename="a.pdf", content=scan_of(depot, version), **told(world.actors["coordinator"], depot)
    )
    region, opco = signatories(session, version)
    file_id, by = report.filed[0].file_id, world.actors["coordinator"]
    with pytest.raises(Refusal, match="Signataire 1 signe d’abord"):
        sign_on_paper(session, opco, signed_on=DAY, file_id=file_id, by=by, at=AT)
    for day, why in ((DAY - timedelta(days=1), "figé"), (DAY + timedelta(days=1), "pas encore venu")):
        with pytest.raises(Refusal, match=why):
            sign_on_paper(session, region, signed_on=day, file_id=file_id, by=by, at=AT)
    sign_on_paper(session, region, signed_on=DAY, file_id=file_id, by=by, at=AT)
    with pytest.raises(Conflict, match="déjà signé"):
        sign_on_paper(session, region, signed_on=DAY, file_id=file_id, by=by, at=AT)


def test_a_delegation_is_proved_before_it_signs(session: Session, world: World, depot: Depot) -> None:
    version = drafted(session, world)
    completed(session, world, version)
    by = world.actors["region"]
    lines = [
        SignatoryLine(world["region"], "Mme Déléguée", "Directrice", "le président du conseil régional"),
        SignatoryLine(world["opco"], "M. Exemple", "Directeur"),
    ]
    set_signatories(session, version.id or 0, lines, ordered=False, seen=None, by=by, at=AT)
    with pytest.raises(NotFound):
        set_signatories(
            session, version.id or 0, lines, ordered=False, seen=None, by=world.actors["france_travail"], at=AT
        )
    to_sign(session, world, depot.instance, version)
    region, _ = signatories(session, version)
    with pytest.raises(Refusal, match="délégation"):
        seal(session, region, **told(world.actors["region_signatory"], depot))
    prove_delegation(session, region, filename="arrete.pdf", content=PDF, **told(by, depot))
    seal(session, region, **told(world.actors["region_signatory"], depot))
    with pytest.raises(Refusal, match="figé"):
        set_signatories(session, version.id or 0, lines, ordered=False, seen=None, by=by, at=AT)


def test_a_signature_taken_back_is_kept_until_money_was_engaged(session: Session, world: World, depot: Depot) -> None:
    version = frozen(session, world, depot)
    region, opco = signatories(session, version)
    first = seal(session, region, **told(world.actors["region_signatory"], depot))
    seal(session, opco, **told(world.actors["opco_signatory"], depot))
    by = world.actors["coordinator"]
    with pytest.raises(Refusal, match="motif"):
        take_back_signature(session, first.id or 0, motive=" ", by=by, at=AT)
    take_back_signature(session, first.id or 0, motive="Mauvais signataire.", by=by, at=AT)
    convention = session.get_one(Convention, version.convention_id)
    assert (version.status, version.in_force, convention.status) == ("to_sign", False, "to_sign")
    assert session.get_one(ConventionFile, first.file_id).sha256
    again = seal(session, region, **told(world.actors["region_signatory"], depot))
    assert version.status == "signed"
    assert len(session.exec(select(Signature).where(Signature.signatory_id == region)).all()) == 2
    line = commit(session, world, "region", "1000.00")
    link_commitment(session, line, version.convention_id, by=world.actors["region"], at=AT)
    with pytest.raises(Refusal, match="Des engagements ont été pris"):
        take_back_signature(session, again.id or 0, motive="Trop tard.", by=by, at=AT)


@ON_SQLITE
def test_without_a_certificate_in_its_dates_nothing_is_sealed(
    session: Session, world: World, settings: Settings
) -> None:
    depot = Depot(settings.instance, 20_000_000)
    version = frozen(session, world, depot)
    region, _ = signatories(session, version)
    with pytest.raises(Refusal, match="pas encore de certificat"):
        seal(session, region, **told(world.actors["region_signatory"], depot))
    made = make_certificate(settings.instance, "Conférence Exemple", at=AT - timedelta(days=4000))
    path = certificate_path(settings.instance)
    assert path.stat().st_mode & 0o077 == 0
    assert make_certificate(settings.instance, "Une autre", at=AT).fingerprint == made.fingerprint
    with pytest.raises(Refusal, match="n’est plus valable"):
        seal(session, region, **told(world.actors["region_signatory"], depot))


def test_verify_holds_once_signed(database: Database, world: World, depot: Depot) -> None:
    with database.writing() as session:
        version = frozen(session, world, depot)
        for number, who in zip(signatories(session, version), ("region", "opco"), strict=True):
            seal(session, number, **told(world.actors[f"{who}_signatory"], depot))
    with database.reading() as session:
        assert verify(session, instance=depot.instance).first_fault is None
