"""How is a file joined to a commitment, or to a person's parcours?

Its size, its kind (by its bytes) and, where the instance has a scanner, its innocence are checked before its bytes are
kept under their SHA-256 (`services.files`); the row comes after, in the caller's transaction. Withdrawing keeps both:
what was joined to a decision stays provable.
"""

import shlex
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Attachment, Commitment
from conference.domain.file_kinds import media_type_of
from conference.domain.french import format_number
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound, Refusal
from conference.services.commitments import own_commitment
from conference.services.files import keep_file
from conference.services.parcours_changes import note_change, reached

SCAN_SECONDS = 60


@dataclass(frozen=True)
class Depot:
    """Where files are kept and what is asked of them: instance folder, largest size in bytes, scan command."""

    instance: Path
    largest: int
    virus_scan_command: str | None = None


def attach_file(
    session: Session, commitment_id: int, *, filename: str, content: bytes, depot: Depot, by: Actor, at: datetime
) -> Attachment:
    """Join a file to one's own commitment. Raises Refusal (field `file`) on an empty, large, unknown, infected one."""
    commitment = own_commitment(session, commitment_id, by, "attachment.add")
    row = _kept(session, ("commitment", commitment_id), filename, content, depot, by, at)
    _journal(session, "attach_file", commitment, row, by, at)
    return row


def attach_to_parcours(
    session: Session, parcours_id: int, *, filename: str, content: bytes, depot: Depot, by: Actor, at: datetime
) -> Attachment:
    """Join a file to a parcours that `by` reaches, for its funders alone: it may name the person. Refusals as above."""
    parcours = reached(session, parcours_id, by, "parcours.attach")
    row = _kept(session, ("parcours", parcours_id), filename, content, depot, by, at)
    note_change(session, parcours, "attach_file", {"attachment": row.id, "size": row.size}, by=by, at=at)
    return row


def withdraw_file(session: Session, attachment_id: int, *, by: Actor, at: datetime) -> Attachment:
    """Take a file off its commitment's page; it is kept. Raises NotFound when it is not one's own."""
    row = _joined(session, attachment_id, "commitment")
    commitment = own_commitment(session, row.object_id, by, "attachment.add")
    row.withdrawn_at = at
    session.add(row)
    _journal(session, "withdraw_file", commitment, row, by, at)
    return row


def withdraw_from_parcours(session: Session, attachment_id: int, *, by: Actor, at: datetime) -> Attachment:
    """Take a file off the page of a parcours that `by` reaches; it is kept until the parcours is anonymised."""
    row = _joined(session, attachment_id, "parcours")
    parcours = reached(session, row.object_id, by, "parcours.attach")
    row.withdrawn_at = at
    session.add(row)
    note_change(session, parcours, "withdraw_file", {"attachment": row.id}, by=by, at=at)
    return row


def _joined(session: Session, attachment_id: int, kind: str) -> Attachment:
    row = session.get(Attachment, attachment_id)
    if row is None or row.object_kind != kind or row.withdrawn_at is not None:
        raise NotFound()
    return row


def _kept(
    session: Session, owner: tuple[str, int], filename: str, content: bytes, depot: Depot, by: Actor, at: datetime
) -> Attachment:
    """Check the bytes and keep them; the row says whose they are."""
    name, media_type = checked_file(filename, content, depot)
    row = Attachment(
        object_kind=owner[0],
        object_id=owner[1],
        filename=name,
        media_type=media_type,
        size=len(content),
        sha256=keep_file(depot.instance, content),
        added_at=at,
        added_by=by.account_id,
    )
    session.add(row)
    session.flush()
    return row


def checked_file(filename: str, content: bytes, depot: Depot) -> tuple[str, str]:
    """The name and the media type of a file that may be kept. Raises Refusal (field `file`) on an empty, large, unknown or
    infected one."""
    name = clean_filename(filename)
    if not content:
        raise Refusal(f"Le fichier « {name} » est vide.", field="file", code="attachment_size_positive")
    if len(content) > depot.largest:
        raise Refusal(
            f"Le fichier « {name} » dépasse {told_size(depot.largest)}.", field="file", code="attachment_size"
        )
    media_type = media_type_of(name, content)
    _scan(name, content, depot.virus_scan_command)
    return name, media_type


def clean_filename(filename: str) -> str:
    """The last part of a path, without control characters or marks that turn a name round; at most 200 characters."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in last if unicodedata.category(each) not in ("Cc", "Cf", "Cs")).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return (f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) < 20 else kept[:200]) or "fichier"


def told_size(size: int) -> str:
    """A size for people: « 20 Mo », « 312 ko »."""
    number, unit = (size // 1_000_000, "Mo") if size >= 1_000_000 else (max(1, size // 1000), "ko")
    return f"{format_number(number)} {unit}"


def _scan(name: str, content: bytes, command: str | None) -> None:
    """Give the file to the instance's scanner; a status other than 0 refuses it, and so does a scanner that fails."""
    if not command:
        return
    with tempfile.NamedTemporaryFile(prefix="conference-") as file:
        file.write(content)
        file.flush()
        try:
            arguments = [*shlex.split(command), file.name]
            done = subprocess.run(arguments, capture_output=True, timeout=SCAN_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            raise Refusal(
                f"L’antivirus n’a pas pu vérifier le fichier « {name} ». Réessayez ou prévenez l’administrateur.",
                field="file",
                code="scan_failed",
            ) from None
    if done.returncode != 0:
        raise Refusal(f"L’antivirus refuse le fichier « {name} ».", field="file", code="scan_refused")


def _journal(session: Session, verb: str, commitment: Commitment, row: Attachment, by: Actor, at: datetime) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="commitment",
        object_id=commitment.id,
        object_label=commitment.reference,
        changes={"attachment": row.id, "sha256": row.sha256, "size": row.size},
    )
