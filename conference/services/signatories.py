"""Who signs a version of a convention, in which order, and by whose delegation?

Told before the text is frozen, since it prints a place for each of them. A delegation is proved by a file, joined at
any time before who holds it signs; the one before is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from conference.data.tables import Convention, ConventionFile, ConventionParty, ConventionVersion, Signatory
from conference.domain.convention import EDITABLE, ConventionFileKind
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.attachments import Depot
from conference.services.convention_access import STALE, note_convention, version_of
from conference.services.convention_files import keep_convention_file


@dataclass(frozen=True)
class SignatoryLine:
    """Who signs for a party; `delegate_of`: the function of who gave them the delegation."""

    organisation_id: int
    name: str
    function: str = ""
    delegate_of: str = ""


def set_signatories(
    session: Session,
    version_id: int,
    lines: Sequence[SignatoryLine],
    *,
    ordered: bool,
    seen: int | None,
    by: Actor,
    at: datetime,
) -> ConventionVersion:
    """Write who signs, in their order. A proof of delegation stays with the same person of the same party.

    Raises NotFound, Forbidden, Conflict, Refusal: before the text is frozen, each for a party, with a name.
    """
    convention, version = version_of(session, version_id, by, "convention.draft")
    if version.status not in EDITABLE:
        raise Refusal("Ce texte est figé\u202f: ses signataires ne changent plus.", code="frozen")
    if seen is not None and seen != version.version:
        raise Conflict(STALE)
    parties = set(session.exec(select(ConventionParty.organisation_id).where(ConventionParty.version_id == version_id)))
    for line in lines:
        if line.organisation_id not in parties:
            raise Refusal("Chaque signataire signe pour une partie.", field="signatories", code="party")
        if not line.name.strip():
            raise Refusal("Indiquez le nom de chaque signataire.", field="signatories", code="name")
    known = session.exec(select(Signatory).where(Signatory.version_id == version_id)).all()
    proofs = {(row.organisation_id, row.name): row.proof_id for row in known}
    for row in known:
        session.delete(row)
    session.flush()
    for rank, line in enumerate(lines, start=1):
        name = line.name.strip()
        delegate_of = line.delegate_of.strip()
        session.add(
            Signatory(
                version_id=version_id,
                organisation_id=line.organisation_id,
                rank=rank,
                name=name,
                function=line.function.strip(),
                delegate_of=delegate_of,
                proof_id=proofs.get((line.organisation_id, name)) if delegate_of else None,
            )
        )
    version.ordered = ordered
    note_convention(session, convention, version, "set_signatories", {"lines": len(lines)}, by=by, at=at)
    return version


def prove_delegation(
    session: Session, signatory_id: int, *, filename: str, content: bytes, depot: Depot, by: Actor, at: datetime
) -> ConventionFile:
    """Join the delegation of a signatory who signs for somebody else; the one before is kept."""
    signatory, convention, version = signatory_reached(session, signatory_id, by, "convention.file")
    if not signatory.delegate_of:
        raise Refusal("Ce signataire ne signe par délégation de personne.", field="file", code="no_delegation")
    row = keep_convention_file(
        session, convention, version, ConventionFileKind.PROOF, filename, content, depot=depot, by=by, at=at
    )
    signatory.proof_id = row.id
    session.add(signatory)
    told = {"attachment": row.id, "sha256": row.sha256}
    note_convention(session, convention, version, "prove_delegation", told, by=by, at=at)
    return row


def signatory_reached(
    session: Session, signatory_id: int, by: Actor, action: str
) -> tuple[Signatory, Convention, ConventionVersion]:
    """The signatory when `by` may do `action` for its party: a coordinator for any, the others for their own."""
    signatory = session.get(Signatory, signatory_id)
    if signatory is None:
        raise NotFound()
    convention, version = version_of(session, signatory.version_id, by, "convention.read")
    relation = by.relation_to(signatory.organisation_id)
    require(by, action, relation if relation is Relation.OWN else Relation.OTHER)
    return signatory, convention, version
