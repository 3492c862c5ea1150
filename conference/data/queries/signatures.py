"""Who signs a convention, who has signed, by which means and with which proof; what waits for whom?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.tables import (
    Account,
    Convention,
    ConventionFile,
    ConventionVersion,
    Organisation,
    Signatory,
    Signature,
)
from conference.domain.convention import ConventionStatus
from conference.domain.permissions import Actor, Relation, is_granted
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class SignatureView:
    """A signature; `taken_back_at` and `motive` when it was taken back."""

    id: int
    means: str
    signed_on: date
    file_id: int
    filename: str
    finding: str
    recorded_at: datetime
    recorded_by: str
    taken_back_at: datetime | None
    motive: str


@dataclass(frozen=True)
class SignatoryView:
    """A signatory with all that they signed, the latest last. `may_file`, `may_seal`: what the reader may do for them now."""

    id: int
    rank: int
    organisation_id: int
    organisation: str
    name: str
    function: str
    delegate_of: str
    proof_id: int | None
    signatures: tuple[SignatureView, ...]
    may_file: bool
    may_seal: bool

    @property
    def standing(self) -> SignatureView | None:
        """The signature that stands."""
        return next((each for each in self.signatures if each.taken_back_at is None), None)


@dataclass(frozen=True)
class ScanChoice:
    """A scan of a version, to be named as a proof."""

    id: int
    label: str


def signatories_of_version(session: Session, reader: Actor, version_id: int) -> tuple[SignatoryView, ...]:
    """Who signs a version, in order. Asks no right: the caller found that `reader` reaches the convention."""
    version = session.get_one(ConventionVersion, version_id)
    waits = version.status == ConventionStatus.TO_SIGN
    rows = session.exec(
        select(Signatory, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(Signatory.organisation_id))
        .where(Signatory.version_id == version_id)
        .order_by(col(Signatory.rank))
    ).all()
    signed = _signatures(session, [row.id or 0 for row, _ in rows])
    found = []
    for row, name in rows:
        mine = signed.get(row.id or 0, ())
        is_next = waits and all(each.taken_back_at for each in mine) and _turn(version, rows, signed, row)
        relation = reader.relation_to(row.organisation_id)
        relation = relation if relation is Relation.OWN else Relation.OTHER
        proved = not row.delegate_of or row.proof_id is not None
        found.append(
            SignatoryView(
                id=row.id or 0,
                rank=row.rank,
                organisation_id=row.organisation_id,
                organisation=name,
                name=row.name,
                function=row.function,
                delegate_of=row.delegate_of,
                proof_id=row.proof_id,
                signatures=mine,
                may_file=is_next and proved and is_granted(reader, "convention.file", relation),
                may_seal=is_next and proved and is_granted(reader, "convention.sign", relation),
            )
        )
    return tuple(found)


def _turn(
    version: ConventionVersion,
    rows: Sequence[tuple[Signatory, str]],
    signed: dict[int, tuple[SignatureView, ...]],
    row: Signatory,
) -> bool:
    """Is it their turn, where the order is imposed?"""
    if not version.ordered:
        return True
    before = [each for each, _ in rows if each.rank < row.rank]
    return all(any(s.taken_back_at is None for s in signed.get(each.id or 0, ())) for each in before)


def _signatures(session: Session, signatory_ids: list[int]) -> dict[int, tuple[SignatureView, ...]]:
    query = (
        select(Signature, ConventionFile, Account.name)
        .join(ConventionFile, col(ConventionFile.id) == col(Signature.file_id))
        .join(Account, col(Account.id) == col(Signature.recorded_by), isouter=True)
        .where(col(Signature.signatory_id).in_(signatory_ids))
        .order_by(col(Signature.id))
    )
    found: dict[int, tuple[SignatureView, ...]] = {}
    for row, file, name in session.exec(query):
        view = SignatureView(
            row.id or 0,
            row.means,
            row.signed_on,
            row.file_id,
            file.filename,
            file.finding,
            row.recorded_at,
            name or "",
            row.taken_back_at,
            row.taken_back_motive,
        )
        found[row.signatory_id] = (*found.get(row.signatory_id, ()), view)
    return found


def awaited_signatures(session: Session, reader: Actor) -> int:
    """Conventions that the reader's organisation has still to sign; for who files or signs for it."""
    if reader.organisation_id is None or not is_granted(reader, "convention.file", Relation.OWN):
        return 0
    signed = select(Signature.id).where(
        col(Signature.signatory_id) == col(Signatory.id), col(Signature.taken_back_at).is_(None)
    )
    query = (
        select(func.count(col(ConventionVersion.id).distinct()))
        .join(Signatory, col(Signatory.version_id) == col(ConventionVersion.id))
        .where(
            ConventionVersion.status == ConventionStatus.TO_SIGN.value,
            Signatory.organisation_id == reader.organisation_id,
            ~signed.exists(),
        )
    )
    return int(session.exec(query).one())


def scan_choices(session: Session, version_id: int) -> list[ScanChoice]:
    """The scans filed under a version, the latest first. Asks no right."""
    query = (
        select(ConventionFile)
        .where(ConventionFile.version_id == version_id, ConventionFile.kind == "scan")
        .order_by(col(ConventionFile.id).desc())
    )
    return [
        ScanChoice(
            row.id or 0,
            f"{row.filename}{f', pages {row.pages}' if row.pages else ''}, déposé le {row.added_at:%d/%m/%Y}",
        )
        for row in session.exec(query)
    ]


def signatory_version(session: Session, signatory_id: int) -> int:
    """The version that a signatory signs. NotFound."""
    row = session.get(Signatory, signatory_id)
    if row is None:
        raise NotFound()
    return row.version_id


def signature_signatory(session: Session, signature_id: int) -> int:
    """The signatory of a signature. NotFound."""
    row = session.get(Signature, signature_id)
    if row is None:
        raise NotFound()
    return row.signatory_id


def convention_file(session: Session, reader: Actor, file_id: int) -> ConventionFile:
    """A file of a convention that `reader` reaches. NotFound."""
    query = (
        select(ConventionFile)
        .join(Convention, col(Convention.id) == col(ConventionFile.convention_id))
        .where(ConventionFile.id == file_id, reached_conventions(reader))
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound()
    return row
