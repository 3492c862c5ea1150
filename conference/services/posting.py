"""How do entries enter the ledger, one or a million, with everything that they add up to?

The only place that writes entries. A batch is inserted once, then once each: balances, rollups, months. The rules are
told by the domain for the sentence, and kept by the CHECK constraints of the balance row whatever happens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from conference.data.tables import (
    Balance,
    Commitment,
    Entry,
    YearlyShare,
)
from conference.data.tables.metadata import table_of
from conference.data.tables.sums import MEASURES
from conference.data.upsert import insert_columns, insert_rows
from conference.domain import ledger
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import ZERO
from conference.domain.refusal import Refusal
from conference.services.convention_balances import follow_entries
from conference.services.numbering import next_id as next_id
from conference.services.plan_following import follow_plans
from conference.services.rollups import Cells, add_to_cell, count_decision, write_cells

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to write. `amount` in euros, negative for an annulation; `shares` are (year, euros) that sum to it."""

    commitment_id: int
    funder_id: int
    to_funder_id: int | None
    dimension_set_id: int
    kind: EntryKind
    amount: Decimal
    effective_on: date
    booked_month: date
    source: EntrySource
    reverses_id: int | None = None
    motive: str | None = None
    reference: str | None = None
    shares: tuple[tuple[int, Decimal], ...] = ()
    import_file_id: int | None = None
    source_sheet: str | None = None
    source_row: int | None = None


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """A commitment just inserted: its identity for its funder, or None, and the persons that it foresees."""

    funder_id: int
    identity: str | None
    persons: int | None = None


_ENTRY_FIELDS = tuple(f.name for f in fields(Posting) if f.name not in {"shares", "dimension_set_id"})


def post(
    session: Session,
    postings: Sequence[Posting],
    *,
    by_id: int | None,
    at: datetime,
    new: dict[int, NewCommitment] | None = None,
    moves_plans: bool = True,
) -> list[int]:
    """Write `postings` and all their sums in the caller's transaction; the entries' identifiers, in order.

    `new` names the commitments just inserted, whose balance row does not exist yet. The plans that the others pay follow,
    unless the calling verb `moves_plans` by itself.
    Raises Refusal (code: the rule's name) when a balance would break a rule of the ledger, that of a convention included.
    """
    if not postings:
        return []
    new = new or {}
    start = next_id(session, Entry)
    ids = list(range(start, start + len(postings)))
    columns: dict[str, Sequence[Any]] = {name: [getattr(each, name) for each in postings] for name in _ENTRY_FIELDS}
    written = {"id": ids, **columns, "recorded_at": [at] * len(ids), "recorded_by": [by_id] * len(ids)}
    insert_columns(session, Entry.__table__, written)  # type: ignore[attr-defined]
    _insert_shares(session, ids, postings)
    _insert_balances(session, ids, postings, new)
    refresh_balances(session, {p.commitment_id for p in postings if p.commitment_id not in new})
    known = [p for p in postings if p.commitment_id not in new] if new else postings
    follow_entries(session, known)
    _add_to_rollups(session, ids, postings, first_engagements(session, ids, postings, new), at)
    if moves_plans:
        follow_plans(session, known, at=at)
    return ids


def _insert_shares(session: Session, ids: list[int], postings: Sequence[Posting]) -> None:
    rows = []
    for entry_id, posting in zip(ids, postings, strict=True):
        if posting.shares and sum((amount for _, amount in posting.shares), ZERO) != posting.amount:
            raise Refusal("Les parts annuelles ne font pas le montant. Corrigez-les.", field="shares", code="shares")
        rows += [{"entry_id": entry_id, "year": year, "amount": amount} for year, amount in posting.shares]
    insert_rows(session, table_of(YearlyShare), rows)


def _insert_balances(
    session: Session, ids: Sequence[int], postings: Sequence[Posting], new: dict[int, NewCommitment]
) -> None:
    annulled = {posting.reverses_id for posting in postings if posting.reverses_id is not None}
    rows: dict[int, dict[str, Any]] = {}
    for entry_id, posting in zip(ids, postings, strict=True) if new else ():
        first = new.get(posting.commitment_id)
        if first is None:
            continue
        row = rows.get(posting.commitment_id)
        if row is None:
            told = {"commitment_id": posting.commitment_id, "funder_id": first.funder_id, "identity": first.identity}
            row = rows[posting.commitment_id] = {**told, **_empty_row()}
        _add_to_balance(row, posting)
        if posting.reverses_id is None and entry_id not in annulled:
            _note_day(row, posting.kind, posting.effective_on)
    for row in rows.values():
        _refuse_faults(row)
    insert_rows(session, Balance.__table__, list(rows.values()))  # type: ignore[attr-defined]


def _add_to_balance(row: dict[str, Any], posting: Posting) -> None:
    row[posting.kind.value] += posting.amount
    row["entry_count"] += 1
    if posting.kind in (EntryKind.COMMITMENT, EntryKind.RELEASE):
        share = sum((amount for _, amount in posting.shares), ZERO)
        row["shared"] += share if posting.kind is EntryKind.COMMITMENT else -share


def _note_day(row: dict[str, Any], kind: EntryKind, day: date) -> None:
    if kind is EntryKind.FORECAST:
        return
    name = "committed_on" if kind is EntryKind.COMMITMENT else "moved_on"
    row[name] = day if row[name] is None else min(row[name], day)


def refresh_balances(session: Session, commitment_ids: Iterable[int]) -> None:
    """Write the balance rows of these commitments again from their entries; raises Refusal when one breaks a rule."""
    wanted = sorted(commitment_ids)
    for start in range(0, len(wanted), CHUNK):
        rows = balances_from_entries(session, wanted[start : start + CHUNK])
        changed = []
        for commitment_id, row in rows.items():
            _refuse_faults(row)
            emptied = row["commitment"] == row["forecast"] == ZERO  # what was paid and given back may remain
            changed.append({"b_id": commitment_id, "b_cancelled": emptied, **{f"b_{k}": v for k, v in row.items()}})
        _update_balances(session, changed)


def _update_balances(session: Session, rows: list[dict[str, Any]]) -> None:
    table = table_of(Balance)
    names = (*MEASURES, "entry_count", "shared", "committed_on", "moved_on")
    statement = (
        update(table)
        .where(table.c.commitment_id == bindparam("b_id"))
        .values({name: bindparam(f"b_{name}", type_=table.c[name].type) for name in names})
    )
    wanted = {"b_id", *(f"b_{name}" for name in names)}
    session.connection().execute(statement, [{k: v for k, v in row.items() if k in wanted} for row in rows])
    cancelled = [row["b_id"] for row in rows if row["b_cancelled"]]
    if cancelled:
        session.connection().execute(update(table).where(table.c.commitment_id.in_(cancelled)).values(identity=None))


def balances_from_entries(session: Session, commitment_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the balance row of each commitment must hold, recomputed from its entries (also what `verify` compares)."""
    rows: dict[int, dict[str, Any]] = {}
    entries = session.exec(
        select(Entry).where(col(Entry.commitment_id).in_(commitment_ids)).order_by(col(Entry.id))
    ).all()
    reversed_ids = {entry.reverses_id for entry in entries if entry.reverses_id is not None}
    shares = _share_sums(session, [entry.id for entry in entries if entry.id is not None])
    for entry in entries:
        row = rows.setdefault(entry.commitment_id, _empty_row())
        kind = EntryKind(entry.kind)
        row[kind.value] += entry.amount
        row["entry_count"] += 1
        share = shares.get(entry.id or 0, ZERO)
        row["shared"] += share if kind is EntryKind.COMMITMENT else -share if kind is EntryKind.RELEASE else ZERO
        if entry.reverses_id is None and entry.id not in reversed_ids:
            _note_day(row, kind, entry.effective_on)
    return rows


def _empty_row() -> dict[str, Any]:
    return {**dict.fromkeys(MEASURES, ZERO), "entry_count": 0, "shared": ZERO, "committed_on": None, "moved_on": None}


def _share_sums(session: Session, entry_ids: list[int]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for start in range(0, len(entry_ids), CHUNK):
        part = entry_ids[start : start + CHUNK]
        query = select(YearlyShare.entry_id, func.sum(YearlyShare.amount)).where(col(YearlyShare.entry_id).in_(part))
        found.update(session.exec(query.group_by(col(YearlyShare.entry_id))).all())
    return found


def _refuse_faults(row: dict[str, Any]) -> None:
    balance = ledger.Balance(**{kind: row[kind] for kind in MEASURES})
    for name, sentence in ledger.faults(balance):
        raise Refusal(sentence, field="amount", code=name.removeprefix("ck_"))
    if row["committed_on"] and row["moved_on"] and row["moved_on"] < row["committed_on"]:
        raise Refusal(
            "Cette date précède celle de l’engagement. Corrigez la date.",
            field="effective_on",
            code="balance_dates_in_order",
        )


def first_engagements(
    session: Session, ids: Sequence[int], postings: Sequence[Posting], new: dict[int, NewCommitment]
) -> dict[int, tuple[int, int]]:
    """(first engagement, persons) of each commitment that `postings` engage or whose engagement they annul."""
    wanted = {each.commitment_id for each in postings if each.kind is EntryKind.COMMITMENT}
    stored = _stored_engagements(session, sorted(wanted - new.keys()), before=ids[0])
    persons = {each: stored[each][1] if each in stored else new[each].persons or 0 for each in wanted}
    found = {each: (entry_id, persons[each]) for each, (entry_id, _) in stored.items() if entry_id is not None}
    for entry_id, posting in zip(ids, postings, strict=True):
        if posting.kind is EntryKind.COMMITMENT and posting.reverses_id is None:
            found.setdefault(posting.commitment_id, (entry_id, persons[posting.commitment_id]))
    return found


def _stored_engagements(
    session: Session, commitment_ids: Sequence[int], *, before: int
) -> dict[int, tuple[int | None, int]]:
    lines, entries = table_of(Commitment), table_of(Entry)
    engages = (entries.c.commitment_id == lines.c.id) & (entries.c.kind == EntryKind.COMMITMENT.value)
    engages &= entries.c.reverses_id.is_(None) & (entries.c.id < before)
    query = sql_select(lines.c.id, lines.c.persons, func.min(entries.c.id)).select_from(
        lines.outerjoin(entries, engages)
    )
    found: dict[int, tuple[int | None, int]] = {}
    for start in range(0, len(commitment_ids), CHUNK):
        part = query.where(lines.c.id.in_(commitment_ids[start : start + CHUNK])).group_by(lines.c.id, lines.c.persons)
        found.update({each: (first, count or 0) for each, count, first in session.connection().execute(part)})
    return found


def _add_to_rollups(
    session: Session, ids: Sequence[int], postings: Sequence[Posting], firsts: dict[int, tuple[int, int]], at: datetime
) -> None:
    cells: Cells = {}
    for entry_id, posting in zip(ids, postings, strict=True):
        key = (posting.booked_month, posting.funder_id, posting.to_funder_id or 0, posting.dimension_set_id)
        cell = add_to_cell(cells, key, posting.kind.value, posting.amount, posting.effective_on)
        if posting.kind is EntryKind.COMMITMENT:
            first, persons = firsts[posting.commitment_id]
            if entry_id == first:
                count_decision(cell, 1, persons)
            elif posting.reverses_id == first:
                count_decision(cell, -1, persons)
    write_cells(session, cells, at)
