"""What happened to a commitment, told in sentences?

Read from the journal of actions; a payment made with others in one gesture has one journal entry for all of them, and
is told from its ledger entry. Only for who was given the commitment’s page.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.commitment_page import CommitmentShown, EntryShown
from conference.data.tables import JournalEntry
from conference.domain.french import format_date, format_euros
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import Actor, Relation
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class Happened:
    """One action: instant, who, and a French sentence."""

    at: datetime
    by: str
    what: str
    motive: str | None = None


def commitment_history(session: Session, reader: Actor, shown: CommitmentShown) -> list[Happened]:
    """The actions on that commitment, the oldest first. Raises NotFound when it is not the reader's own."""
    if reader.relation_to(shown.funder_id) is not Relation.OWN:
        raise NotFound()
    query = select(JournalEntry).where(JournalEntry.object_kind == "commitment", JournalEntry.object_id == shown.id)
    rows = session.exec(query.order_by(col(JournalEntry.id))).all()
    entries = {entry.id: entry for entry in shown.entries}
    told, known = [], set()
    for row in rows:
        changes = json.loads(row.changes)
        known.add(changes.get("entry"))
        told.append(_told(row, changes, entries))
    told += [_paid_with_others(entry) for entry in shown.entries if _in_bulk(entry, known, shown)]
    if shown.source == EntrySource.FILE:
        told.insert(0, Happened(shown.recorded_at, shown.recorded_by, _from_file(shown)))
    return sorted(told, key=lambda each: each.at)


def _told(row: JournalEntry, changes: dict[str, Any], entries: dict[int, EntryShown]) -> Happened:
    motive = None
    if row.verb == "reverse_entry":
        reversal = next((e for e in entries.values() if e.reverses_id == changes.get("entry")), None)
        motive = reversal.motive if reversal else None
    return Happened(row.at, row.actor_label, _sentence(row.verb, changes, entries), motive)


def _sentence(verb: str, changes: dict[str, Any], entries: dict[int, EntryShown]) -> str:
    amount = format_euros(Decimal(changes["amount"])) if "amount" in changes else ""
    if verb == "commit_funds":
        noun = "Prévision en attente de confirmation" if changes.get("forecast") else "Engagement"
        return f"{noun} de {amount}, décision du {_day(changes['decided_on'])}"
    if verb.startswith("record_"):
        kind = label("entry_kind", verb.removeprefix("record_"))
        return f"{kind} de {amount}, effet au {_day(changes['effective_on'])}"
    if verb == "reverse_entry":
        entry = entries.get(changes["entry"])
        return f"{label('entry_kind', entry.kind) if entry else 'Écriture'} de {amount} : annulation"
    sentences = {
        "confirm_commitment": f"Engagement de {amount} confirmé",
        "pair_transfer": "Rattaché au transfert reçu",
        "attach_file": "Fichier joint",
        "withdraw_file": "Fichier retiré de la page",
    }
    return sentences.get(verb, "Modifié")


def _in_bulk(entry: EntryShown, known: set[Any], shown: CommitmentShown) -> bool:
    from_form = entry.kind is EntryKind.PAYMENT and entry.reverses_id is None and entry.source_row is None
    return from_form and entry.id not in known and entry.recorded_at != shown.recorded_at


def _paid_with_others(entry: EntryShown) -> Happened:
    what = f"Paiement groupé de {format_euros(entry.amount)}, effet au {format_date(entry.effective_on)}"
    return Happened(entry.recorded_at, entry.recorded_by, what)


def _from_file(shown: CommitmentShown) -> str:
    row = f", ligne {shown.source_row}" if shown.source_row else ""
    return f"Importé du fichier « {shown.source_file or 'inconnu'} »{row}"


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))
