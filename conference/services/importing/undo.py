"""How is a whole import undone?

By annulling each living entry that the file brought, in the first open month, with a motive: nothing is deleted. A line
that has lived on since (paid, released or confirmed by other means, adjusted by another file, paired with a transfer) is
left as it is, and told. What is annulled is free again: the same file creates its lines again. Parcours, steps and rights
are taken back by `people_undo`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from sqlmodel import Session, col, or_, select

from conference.data.journal import write_journal
from conference.data.tables import Account, Balance, Commitment, Entry, ImportFile, Organisation, TransferPair
from conference.domain.french import format_euros
from conference.domain.ledger import EntryKind
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.commitments import reversal_of, shares_of
from conference.services.importing.people_undo import PeopleUndo, plan_people_undo, undo_people
from conference.services.months import OpenMonths
from conference.services.posting import Posting, post

CHUNK = 500


@dataclass(frozen=True)
class KeptLine:
    """A line that the undoing leaves as it is, and why, in French."""

    reference: str
    reason: str


@dataclass(frozen=True)
class UndoReport:
    """How many lines were annulled or brought back, and those that were left."""

    undone: int
    kept: tuple[KeptLine, ...]
    people: int = 0
    """How many of them are parcours, steps or rights."""


@dataclass(frozen=True)
class _Story:
    """A line, its living entries (oldest first) and those among them that the file brought."""

    line: Commitment
    living: tuple[Entry, ...]
    brought: tuple[Entry, ...]


def plan_undo(session: Session, import_id: int, *, by: Actor) -> UndoReport:
    """What `undo_import` would do now; writes nothing. Raises NotFound, Forbidden, Conflict when it is done already."""
    file = _own_file(session, import_id, by)
    annulled: set[int] = set()
    kept = []
    for stories in _stories(session, file):
        reasons = _reasons(session, stories, file)
        kept += [KeptLine(each.line.reference, reasons[each.line.id]) for each in stories if each.line.id in reasons]
        annulled.update(each.line.id or 0 for each in stories if each.line.id not in reasons)
    people = plan_people_undo(session, file, annulled, by=by)
    return UndoReport(len(annulled) + people.count, (*kept, *_kept(people)), people.count)


def undo_import(session: Session, import_id: int, *, motive: str, by: Actor, at: datetime) -> UndoReport:
    """Annul what the file brought, but for the lines that lived on. Raises Refusal without a motive or when nothing is left.

    Once only: a line that is left can still be annulled on its own page.
    """
    file = _own_file(session, import_id, by)
    if not motive.strip():
        raise Refusal("Indiquez le motif de l’annulation.", field="motive", code="motive")
    months = OpenMonths(session)
    annulled: set[int] = set()
    kept = []
    for stories in _stories(session, file):
        reasons = _reasons(session, stories, file)
        postings: list[Posting] = []
        for each in stories:
            if each.line.id in reasons:
                kept.append(KeptLine(each.line.reference, reasons[each.line.id]))
                continue
            for entry in reversed(each.brought):  # latest first: what rests on an entry goes before it
                shares = shares_of(session, entry.id or 0)
                postings.append(reversal_of(entry, each.line, shares, motive.strip()[:500], months, at))
            annulled.add(each.line.id or 0)
        post(session, postings, by_id=by.account_id, at=at)
    people = plan_people_undo(session, file, annulled, by=by)
    undo_people(session, people, motive=motive.strip()[:500], by=by, at=at)
    told = [line.reference for line in kept] + sorted({pseudonym for pseudonym, _, _ in people.kept})
    kept += _kept(people)
    undone = len(annulled) + people.count
    if not undone:
        raise Refusal("Aucune ligne de ce fichier ne peut être annulée ainsi.", field="motive", code="nothing_left")
    file.undone_at, file.undone_by, file.undo_motive = at, by.account_id, motive.strip()[:500]
    file.undone = undone
    session.add(file)
    write_journal(
        session,
        by=by,
        at=at,
        verb="undo_import",
        object_kind="import_file",
        object_id=file.id,
        object_label=f"fichier {file.sha256[:12]}",
        changes={"undone": undone, "kept": told, "motive": "modifié"},
    )
    return UndoReport(undone, tuple(kept), people.count)


def _kept(people: PeopleUndo) -> list[KeptLine]:
    return [KeptLine(f"{pseudonym}, {what}" if what else pseudonym, reason) for pseudonym, what, reason in people.kept]


def undo_relation(session: Session, file: ImportFile, by: Actor) -> Relation:
    """OWN to the funder whose lines the file holds, and to the organisation that sent it."""
    if by.relation_to(file.funder_id) is Relation.OWN:
        return Relation.OWN
    sender = session.get(Account, file.imported_by) if file.imported_by is not None else None
    return by.relation_to(sender.organisation_id if sender is not None else None)


def _own_file(session: Session, import_id: int, by: Actor) -> ImportFile:
    file = session.get(ImportFile, import_id)
    if file is None:
        raise NotFound()
    relation = undo_relation(session, file, by)
    if relation is Relation.OTHER:
        raise NotFound()
    require(by, "import.undo", relation)
    if file.undone_at is not None:
        raise Conflict("Cet import est déjà annulé.")
    return file


def _stories(session: Session, file: ImportFile) -> Iterator[list[_Story]]:
    """The lines that living entries of the file are of, some hundreds at a time."""
    query = select(Entry.commitment_id).where(Entry.import_file_id == file.id).distinct()
    numbers = iter(sorted(session.exec(query)))
    while part := list(islice(numbers, CHUNK)):
        lines = session.exec(select(Commitment).where(col(Commitment.id).in_(part)).order_by(col(Commitment.id))).all()
        living = _living(session, part)
        stories = []
        for line in lines:
            entries = living.get(line.id or 0, [])
            brought = tuple(entry for entry in entries if entry.import_file_id == file.id)
            stories.append(_Story(line, tuple(entries), brought))
        yield [story for story in stories if story.brought]


def _living(session: Session, commitment_ids: list[int]) -> dict[int, list[Entry]]:
    query = select(Entry).where(col(Entry.commitment_id).in_(commitment_ids)).order_by(col(Entry.id))
    entries = session.exec(query).all()
    gone = {entry.reverses_id for entry in entries}
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.reverses_id is None and entry.id not in gone:
            found.setdefault(entry.commitment_id, []).append(entry)
    return found


def _reasons(session: Session, stories: list[_Story], file: ImportFile) -> dict[int | None, str]:
    """Why each line that is left is left, by its identifier."""
    ids = [story.line.id for story in stories]
    pairs = session.exec(
        select(TransferPair.given_id, TransferPair.spent_id).where(
            or_(col(TransferPair.given_id).in_(ids), col(TransferPair.spent_id).in_(ids))
        )
    )
    paired = {number for pair in pairs for number in pair}
    balances = {
        row.commitment_id: row for row in session.exec(select(Balance).where(col(Balance.commitment_id).in_(ids)))
    }
    limited = select(Organisation).where(col(Organisation.confirmation_threshold).is_not(None))
    thresholds = {row.id: row.confirmation_threshold for row in session.exec(limited)}
    found: dict[int | None, str] = {}
    for story in stories:
        number = story.line.id or 0
        threshold = thresholds.get(story.line.funder_id)
        if reason := _reason(story, number in paired, balances[number], threshold, file):
            found[number] = reason
    return found


def _reason(
    story: _Story, is_paired: bool, balance: Balance, threshold: Decimal | None, file: ImportFile
) -> str | None:
    since = [
        entry for entry in story.living if entry not in story.brought and (entry.id or 0) > (story.brought[0].id or 0)
    ]
    if any(entry.kind in (EntryKind.PAYMENT, EntryKind.REPAYMENT) for entry in since):
        return "Elle a été payée depuis : annulez d’abord ces paiements."
    if since:
        return "D’autres écritures ont été enregistrées depuis : annulez-les d’abord."
    if is_paired:
        return "Elle est rapprochée d’un transfert."
    released = sum((entry.amount for entry in story.brought if entry.kind == EntryKind.RELEASE), start=ZERO)
    if not released or threshold is None or story.line.import_file_id == file.id:
        return None
    total = balance.commitment - balance.release + balance.forecast + released
    if total <= threshold:
        return None
    return f"Elle repasserait à {format_euros(total)}, au-dessus du seuil : annulez ce dégagement sur sa page."
