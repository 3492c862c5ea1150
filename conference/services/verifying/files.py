"""Are the bytes of attachments and imported files the ones that were received?"""

import hashlib

from sqlmodel import col, func, select

from conference.data.tables import Attachment, ImportFile, ImportRemark
from conference.domain.importing.people_fields import IDENTITY_CODES
from conference.domain.importing.remarks import RemarkKind
from conference.services.files import file_path
from conference.services.verifying.finding import Facts, Fault, Finding


def attachments(facts: Facts) -> Finding:
    """Files joined to an object."""
    rows = facts.session.exec(select(Attachment.id, Attachment.sha256).order_by(col(Attachment.id))).all()
    return read_again(facts, "attachment", [(number or 0, sha256) for number, sha256 in rows])


def import_files(facts: Facts) -> Finding:
    """Files that came in, but for those that say who somebody is: they are not kept."""
    naming = select(ImportRemark.import_file_id).where(col(ImportRemark.code).in_(IDENTITY_CODES))
    query = select(ImportFile.id, ImportFile.sha256).where(col(ImportFile.id).not_in(naming))
    rows = facts.session.exec(query.order_by(col(ImportFile.id))).all()
    return read_again(facts, "import_file", [(number or 0, sha256) for number, sha256 in rows])


def import_remarks(facts: Facts) -> Finding:
    """As many remarks as each imported file says that it has."""
    counted = select(ImportRemark.import_file_id, ImportRemark.kind, func.count()).group_by(
        col(ImportRemark.import_file_id), col(ImportRemark.kind)
    )
    found = {(number, kind): count for number, kind, count in facts.session.exec(counted)}
    rows = facts.session.exec(select(ImportFile).order_by(col(ImportFile.id))).all()
    for row in rows:
        for kind, told in ((RemarkKind.REFUSED, row.refused), (RemarkKind.WARNING, row.warnings)):
            kept = found.get((row.id or 0, kind.value), 0)
            if kept != told:
                return Finding(len(rows), Fault("import_remark", str(row.id), f"{told} {kind.value}", str(kept)))
    return Finding(len(rows))


def read_again(facts: Facts, table: str, rows: list[tuple[int, str]]) -> Finding:
    """Read each file of (row of `table`, SHA-256) once; the first that is not what it was."""
    seen: dict[str, str] = {}
    for number, sha256 in rows:
        if sha256 not in seen:
            seen[sha256] = _digest(facts, sha256)
        if seen[sha256] != sha256:
            return Finding(len(rows), Fault(table, str(number), f"a file of sha256 {sha256}", seen[sha256]))
    return Finding(len(rows))


def _digest(facts: Facts, sha256: str) -> str:
    try:
        with file_path(facts.instance, sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
