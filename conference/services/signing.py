"""How does each party sign a convention: on paper, by the seal of the instance, with another tool?

Who signs is told in the draft, in an order that may be imposed. A signature has a day and a file that proves it. The
last one puts the version in force (`convention_life.complete`). One that is taken back keeps its row, its file and
its motive; on a convention in force that is refused once money was engaged under it.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from conference.data.tables import (
    Convention,
    ConventionBalance,
    ConventionFile,
    ConventionVersion,
    Organisation,
    Signatory,
    Signature,
)
from conference.documents.reading.signatures import SignedFile, read_signatures
from conference.documents.sealing import seal_pdf
from conference.domain.convention import ConventionFileKind, ConventionStatus, SignatureMeans
from conference.domain.french import day_in_france, format_date
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.attachments import Depot
from conference.services.convention_access import note_convention, open_version
from conference.services.convention_coverage import ask_again
from conference.services.convention_files import keep_convention_file
from conference.services.convention_life import complete
from conference.services.convention_money import set_ceiling
from conference.services.files import read_kept
from conference.services.seal_certificate import trusted_roots, valid_certificate
from conference.services.signatories import signatory_reached


def sign_on_paper(
    session: Session, signatory_id: int, *, signed_on: date, file_id: int, by: Actor, at: datetime
) -> Signature:
    """A signatory signed a paper that day; the scan `file_id` of this version proves it. Raises as `_ready`, and
    Refusal."""
    signatory, convention, version = _ready(session, signatory_id, "convention.file", by, signed_on, at)
    file = session.get(ConventionFile, file_id)
    if file is None or file.version_id != version.id or file.kind != ConventionFileKind.SCAN:
        raise Refusal("Choisissez une copie numérisée de ce texte.", field="file_id", code="scan")
    return _sign(session, signatory, convention, version, SignatureMeans.PAPER, signed_on, file, by, at)


def seal(session: Session, signatory_id: int, *, depot: Depot, by: Actor, at: datetime) -> Signature:
    """Sign by the seal of the instance: only a signatory of that party may have it put. Raises as `_ready`, and Refusal
    without a valid certificate."""
    today = day_in_france(at)
    signatory, convention, version = _ready(session, signatory_id, "convention.sign", by, today, at)
    certificate = valid_certificate(depot.instance, at)
    latest = _latest_sealed(session, version)
    content = read_kept(depot.instance, latest)
    party = session.get_one(Organisation, signatory.organisation_id)
    number = f"{convention.number}{f' avenant {version.rank}' if version.rank else ''}"
    made = seal_pdf(
        content,
        certificate,
        field=f"Cachet-{signatory.rank}-{content.count(b'/ByteRange') + 1}",
        reason=f"Signature de la convention {number} pour {party.name}",
        name=f"{signatory.name}{f', {signatory.function}' if signatory.function else ''}",
        place=version.place,
    )
    finding = f"Scellé avec le certificat {certificate.subject} (SHA-256 {certificate.fingerprint[:16]}…)."
    filename = f"{convention.number}{f'-A{version.rank}' if version.rank else ''}-scelle.pdf"
    file = keep_convention_file(
        session, convention, version, ConventionFileKind.SEALED, filename, made,
        depot=depot, by=by, at=at, finding=finding,
    )  # fmt: skip
    return _sign(session, signatory, convention, version, SignatureMeans.SEAL, today, file, by, at)


def sign_elsewhere(
    session: Session,
    signatory_id: int,
    *,
    filename: str,
    content: bytes,
    signed_on: date,
    depot: Depot,
    by: Actor,
    at: datetime,
) -> Signature:
    """A signatory signed our document with another tool. Raises as `_ready`, and Refusal (field `file`) when the file is
    not our text, or a signature of it does not hold."""
    signatory, convention, version = _ready(session, signatory_id, "convention.file", by, signed_on, at)
    found = read_signatures(content, trusted_roots(depot.instance))
    frozen = read_kept(depot.instance, version.file_sha256 or "")
    if not content.startswith(frozen) and f"sha256:{version.fingerprint}" not in found.keywords:
        raise Refusal(
            "Ce fichier n’est pas le texte mis à la signature. Signez le document téléchargé ici, sans le convertir.",
            field="file",
            code="another_text",
        )
    if not found.holds:
        raise Refusal(
            "Ce fichier ne porte aucune signature électronique qui tienne\u202f: il n’est pas signé, ou a été modifié après "
            "sa signature.",
            field="file",
            code="signature_broken",
        )
    file = keep_convention_file(
        session, convention, version, ConventionFileKind.ELSEWHERE, filename, content,
        depot=depot, by=by, at=at, finding=told_finding(found, content.startswith(frozen)),
    )  # fmt: skip
    return _sign(session, signatory, convention, version, SignatureMeans.ELSEWHERE, signed_on, file, by, at)


def told_finding(found: SignedFile, is_ours: bool) -> str:
    """What was read of the signatures, in French, a line each."""
    lines = [
        "Le texte mis à la signature est intact au début du fichier."
        if is_ours
        else "Le fichier a été réécrit par l’outil de signature\u202f: il porte l’empreinte de notre texte."
    ]
    for each in found.signatures:
        trust = (
            "certificat reconnu par cette instance" if each.trusted else "certificat que cette instance ne connaît pas"
        )
        when = f", le {format_date(each.at.date())} selon le signataire" if each.at is not None else ""
        lines.append(f"Signature intacte de {each.subject}{when} ({trust}, émis par {each.issuer}).")
    lines.append("La révocation des certificats n’a pas été interrogée.")
    return "\n".join(lines)


def take_back_signature(session: Session, signature_id: int, *, motive: str, by: Actor, at: datetime) -> Signature:
    """Take a signature back; it stays readable with its file and its motive. A signed version is then to sign again.

    Raises NotFound, Forbidden, Conflict, Refusal: without a motive, or once money was engaged under the convention.
    """
    row = session.get(Signature, signature_id)
    if row is None:
        raise NotFound()
    signatory, convention, version = signatory_reached(session, row.signatory_id, by, "convention.conduct")
    if row.taken_back_at is not None:
        raise Conflict("Cette signature a déjà été retirée. Rechargez la page.")
    text = motive.strip()
    if not text or len(text) > 500:
        raise Refusal("Indiquez le motif du retrait, en 500 caractères au plus.", field="motive", code="motive")
    if version.status == ConventionStatus.SIGNED:
        _unsign(session, convention, version, at)
    elif version.status != ConventionStatus.TO_SIGN:
        raise Conflict("Ce texte n’est plus à la signature. Rechargez la page.")
    row.taken_back_at, row.taken_back_by, row.taken_back_motive = at, by.account_id, text
    session.add(row)
    told = {"signature": signature_id, "rank": signatory.rank}
    note_convention(session, convention, version, "take_back_signature", told, by=by, at=at, motive=text, event=True)
    return row


def _unsign(session: Session, convention: Convention, version: ConventionVersion, at: datetime) -> None:
    """Put a signed version back to signature, with the version before it in force again."""
    if not version.in_force or open_version(session, convention.id or 0) is not None:
        raise Refusal("Un avenant a suivi ce texte\u202f: ses signatures ne se retirent plus.", code="amended")
    if convention.status not in (ConventionStatus.SIGNED, ConventionStatus.ACTIVE):
        raise Refusal("Cette convention n’est plus en vigueur\u202f: ses signatures ne se retirent plus.", code="ended")
    balance = session.get(ConventionBalance, convention.id)
    engaged = balance is not None and (balance.committed or balance.forecast or balance.paid)
    if version.rank == 0 and engaged:
        raise Refusal(
            "Des engagements ont été pris au titre de cette convention\u202f: résiliez-la plutôt que d’en retirer une "
            "signature.",
            code="engaged",
        )
    version.status, version.in_force, version.signed_on = ConventionStatus.TO_SIGN.value, False, None
    session.add(version)
    session.flush()
    previous = session.exec(
        select(ConventionVersion)
        .where(
            ConventionVersion.convention_id == convention.id,
            ConventionVersion.rank < version.rank,
            ConventionVersion.status == ConventionStatus.SIGNED.value,
        )
        .order_by(col(ConventionVersion.rank).desc())
    ).first()
    if previous is not None:
        previous.in_force = True
        session.add(previous)
        set_ceiling(session, convention.id or 0, previous.ceiling)
    else:
        convention.status = ConventionStatus.TO_SIGN.value
        session.add(convention)
    session.flush()
    ask_again(session, convention.id or 0, at=at)


def _sign(
    session: Session,
    signatory: Signatory,
    convention: Convention,
    version: ConventionVersion,
    means: SignatureMeans,
    signed_on: date,
    file: ConventionFile,
    by: Actor,
    at: datetime,
) -> Signature:
    row = Signature(
        signatory_id=signatory.id or 0,
        means=means.value,
        signed_on=signed_on,
        file_id=file.id or 0,
        recorded_at=at,
        recorded_by=by.account_id,
    )
    session.add(row)
    session.flush()
    told = {"signature": row.id, "rank": signatory.rank, "means": means.value, "signed_on": signed_on}
    note_convention(session, convention, version, "sign_convention", told, by=by, at=at, event=True)
    if len(_standing(session, version.id or 0)) == _count(session, version.id or 0):
        complete(session, version, by=by, at=at)
    return row


def _ready(
    session: Session, signatory_id: int, action: str, by: Actor, signed_on: date, at: datetime
) -> tuple[Signatory, Convention, ConventionVersion]:
    """The signatory when it is their turn. Raises NotFound, Forbidden, Conflict, Refusal: a text that is not to sign, a
    day before it was frozen or to come, somebody before them in the order, a delegation without its proof."""
    signatory, convention, version = signatory_reached(session, signatory_id, by, action)
    if version.status != ConventionStatus.TO_SIGN:
        raise Conflict("Ce texte n’est pas à la signature. Rechargez la page\u202f: elle montre l’état actuel.")
    standing = _standing(session, version.id or 0)
    if signatory.id in standing:
        raise Conflict("Ce signataire a déjà signé.")
    assert version.frozen_at is not None
    frozen_on = day_in_france(version.frozen_at)
    if signed_on < frozen_on:
        raise Refusal(
            f"Le texte a été figé le {format_date(frozen_on)}\u202f: une signature ne peut pas le précéder.",
            field="signed_on",
            code="before_frozen",
        )
    if signed_on > day_in_france(at):
        raise Refusal("Ce jour n’est pas encore venu.", field="signed_on", code="to_come")
    if signatory.delegate_of and signatory.proof_id is None:
        raise Refusal("Joignez d’abord la délégation de ce signataire.", code="proof")
    if version.ordered:
        _refuse_before_turn(session, signatory, standing)
    return signatory, convention, version


def _refuse_before_turn(session: Session, signatory: Signatory, standing: set[int]) -> None:
    query = (
        select(Signatory)
        .where(Signatory.version_id == signatory.version_id, Signatory.rank < signatory.rank)
        .order_by(col(Signatory.rank))
    )
    for row in session.exec(query):
        if row.id not in standing:
            raise Refusal(f"L’ordre est imposé\u202f: {row.name} signe d’abord.", code="order")


def _standing(session: Session, version_id: int) -> set[int]:
    """Signatories of the version who have signed."""
    query = (
        select(col(Signature.signatory_id))
        .join(Signatory, col(Signatory.id) == col(Signature.signatory_id))
        .where(Signatory.version_id == version_id, col(Signature.taken_back_at).is_(None))
    )
    return set(session.exec(query))


def _count(session: Session, version_id: int) -> int:
    return len(session.exec(select(Signatory.id).where(Signatory.version_id == version_id)).all())


def _latest_sealed(session: Session, version: ConventionVersion) -> str:
    """SHA-256 of the file to seal: the latest seal that stands, else the frozen text."""
    query = (
        select(ConventionFile.sha256)
        .join(Signature, col(Signature.file_id) == col(ConventionFile.id))
        .where(
            ConventionFile.version_id == version.id,
            ConventionFile.kind == ConventionFileKind.SEALED.value,
            col(Signature.taken_back_at).is_(None),
        )
        .order_by(col(ConventionFile.id).desc())
    )
    assert version.file_sha256 is not None
    return session.exec(query).first() or version.file_sha256
