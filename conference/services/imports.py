"""How does a funder's file enter the ledger?

Read and parsed outside the write lock, planned, then written in one transaction: all of what was accepted, or nothing.
The bytes are kept under their SHA-256; each line keeps the file and the row that it comes from; the journal has one entry
with the file's hash, the counts and the digest of the rows, and no name.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from sqlmodel import Session

from conference.data.journal import canonical, write_journal
from conference.data.tables import Commitment, ImportFile
from conference.domain.ledger import EntrySource
from conference.domain.permissions import Actor, Relation, Role, require
from conference.domain.scdl import Remark, ScdlFile, Unreadable, read_scdl
from conference.services.commitments import CommitmentLine, record_commitments
from conference.services.dimensions import Dimensions
from conference.services.importing.plan import Adjustment, NewLine, Plan, plan_import
from conference.services.months import OpenMonths
from conference.services.posting import Posting, post


@dataclass(frozen=True)
class ReadFile:
    """A file as it came: its name without folder, size in bytes, SHA-256, and what it says."""

    filename: str
    size: int
    sha256: str
    content: ScdlFile


@dataclass(frozen=True)
class ImportReport:
    """What became, or would become, of a file. `accepted_amount` in euros; `gone` are references of our lines."""

    created: int
    adjusted: int
    unchanged: int
    refused: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    accepted_amount: Decimal
    gone: tuple[str, ...]
    import_file_id: int | None = None

    def document(self) -> dict[str, Any]:
        """The JSON document of the command line (SEMANTICS §2)."""
        return {
            "created": self.created,
            "adjusted": self.adjusted,
            "unchanged": self.unchanged,
            "refused": len(self.refused),
            "warnings": len(self.warnings),
            "accepted_amount": f"{self.accepted_amount:.2f}",
            "errors": [_error(remark) for remark in self.refused],
        }


def read_file(filename: str, content: bytes) -> ReadFile:
    """Read an SCDL file in UTF-8. Raises Unreadable when it is not one; nothing is written."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            "Ce fichier n’est pas un CSV en UTF-8. Enregistrez-le en « CSV UTF-8 », puis recommencez."
        ) from None
    name = PurePath(filename.replace("\\", "/")).name[:200] or "fichier.csv"
    return ReadFile(name, len(content), hashlib.sha256(content).hexdigest(), read_scdl(text))


def preview_import(session: Session, file: ReadFile, *, by: Actor, funder_code: str | None = None) -> ImportReport:
    """What `import_scdl` would do now; writes nothing. Raises Refusal on an unknown funder, Forbidden."""
    _require(by)
    return _report(plan_import(session, file.content, by=by, funder_code=funder_code))


def import_scdl(
    session: Session, file: ReadFile, *, by: Actor, at: datetime, funder_code: str | None = None
) -> ImportReport:
    """Write what the file holds, in the caller's transaction. Its bytes must already be kept (`services.files`).

    Refused rows are in the report; the others are written. Raises Refusal on an unknown funder, Forbidden.
    """
    _require(by)
    plan = plan_import(session, file.content, by=by, funder_code=funder_code)
    ids = plan.parties.create(session, _parties_of(plan))
    row = _import_file(session, file, plan, by, at, [ids[number] for number in plan.funders])
    assert row.id is not None
    _write(session, plan, ids, row.id, by, at)
    write_journal(
        session,
        by=by,
        at=at,
        verb="import_file",
        object_kind="import_file",
        object_id=row.id,
        object_label=f"fichier {file.sha256[:12]}",
        changes={"file": file.sha256, "rows": _digest(plan), **_counts(plan)},
    )
    return _report(plan, row.id)


def _require(by: Actor) -> None:
    require(by, "import.run", Relation.OTHER if by.role is Role.COORDINATOR else Relation.OWN)


def _import_file(
    session: Session, file: ReadFile, plan: Plan, by: Actor, at: datetime, funders: list[int]
) -> ImportFile:
    counts = _counts(plan)
    told = {
        "refused": [_error(r) for r in plan.refused],
        "warnings": [_error(r) for r in plan.warnings],
        "gone": plan.gone,
    }
    row = ImportFile(
        filename=file.filename,
        sha256=file.sha256,
        size=file.size,
        profile="scdl",
        funder_id=funders[0] if len(funders) == 1 else None,
        report=json.dumps(told, ensure_ascii=False),
        imported_at=at,
        imported_by=by.account_id,
        **counts,
    )
    session.add(row)
    session.flush()
    return row


def _parties_of(plan: Plan) -> set[int]:
    """Numbers of the organisations that the written lines name."""
    return set(plan.funders) | {line.provider for line in plan.new if line.provider is not None}


def _write(session: Session, plan: Plan, ids: dict[int, int], file_id: int, by: Actor, at: datetime) -> None:
    lines = [_line(line, ids) for line in plan.new]
    record_commitments(session, lines, by=by, at=at, source=EntrySource.FILE, import_file_id=file_id)
    months = OpenMonths(session)
    postings = [_posting(session, each, months, file_id) for each in plan.adjustments]
    post(session, postings, by_id=by.account_id, at=at)


def _line(line: NewLine, ids: dict[int, int]) -> CommitmentLine:
    grant = line.grant
    return CommitmentLine(
        funder_id=ids[line.funder],
        amount=grant.amount,
        decided_on=grant.decided_on,
        object=grant.object,
        dimensions=Dimensions(scheme=line.scheme_id),
        provider_id=None if line.provider is None else ids[line.provider],
        decision_reference=grant.decision_reference or None,
        identity=line.identity,
        source_row=grant.row,
    )


def _posting(session: Session, each: Adjustment, months: OpenMonths, file_id: int) -> Posting:
    commitment = session.get_one(Commitment, each.commitment_id)
    return Posting(
        commitment_id=each.commitment_id,
        funder_id=commitment.funder_id,
        to_funder_id=commitment.to_funder_id,
        dimension_set_id=commitment.dimension_set_id,
        kind=each.kind,
        amount=each.amount,
        effective_on=each.grant.decided_on,
        booked_month=months.booking(each.grant.decided_on),
        source=EntrySource.FILE,
        import_file_id=file_id,
        source_row=each.grant.row,
    )


def _report(plan: Plan, file_id: int | None = None) -> ImportReport:
    return ImportReport(
        created=len(plan.new),
        adjusted=len(plan.adjustments),
        unchanged=plan.unchanged,
        refused=tuple(plan.refused),
        warnings=tuple(plan.warnings),
        accepted_amount=plan.accepted_amount,
        gone=tuple(plan.gone),
        import_file_id=file_id,
    )


def _counts(plan: Plan) -> dict[str, Any]:
    return {
        "created": len(plan.new),
        "adjusted": len(plan.adjustments),
        "unchanged": plan.unchanged,
        "refused": len(plan.refused),
        "warnings": len(plan.warnings),
        "accepted_amount": plan.accepted_amount,
    }


def _digest(plan: Plan) -> str:
    """SHA-256 of what was accepted: row, identity or commitment, and amount of each."""
    facts = [[line.grant.row, line.identity, line.grant.amount] for line in plan.new]
    facts += [[each.grant.row, each.commitment_id, each.grant.amount] for each in plan.adjustments]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def _error(remark: Remark) -> dict[str, Any]:
    return {
        "sheet": None,
        "cell": remark.cell,
        "row": remark.row,
        "code": remark.code,
        "message": remark.message,
    }
