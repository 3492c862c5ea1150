"""Is the journal the one that was written?

Each entry's hash is computed again and must be the next one's previous hash; identifiers run from 1 without a hole; the head
is the end. Seals were made with the instance's key on earlier days: a chain rewritten whole disagrees with them.
"""

import hmac
from typing import Any

from sqlmodel import select

from conference.data.journal import GENESIS, hash_of
from conference.data.tables import JournalEntry, JournalHead, JournalSeal
from conference.services.sealing import seal_of
from conference.services.verifying.finding import Facts, Fault, Finding


def journal(facts: Facts) -> Finding:
    """The chain, from its first entry to its head."""
    last_id, last_hash = 0, GENESIS
    table = JournalEntry.__table__  # type: ignore[attr-defined]
    query = table.select().order_by(table.c.id)
    with facts.session.connection().execute(query, execution_options={"yield_per": 2_000}) as rows:
        for row in rows:
            if fault := _link_fault(row, last_id, last_hash):
                return Finding(last_id, fault)
            last_id, last_hash = row.id, row.hash
    return Finding(last_id, _head_fault(facts, last_id, last_hash))


def _link_fault(row: Any, last_id: int, last_hash: str) -> Fault | None:
    shown = str(row.id)
    if row.id != last_id + 1:
        return Fault("journal_entry", shown, f"entry {last_id + 1}", f"entry {row.id}")
    if row.previous_hash != last_hash:
        return Fault("journal_entry", shown, f"after {last_hash}", f"after {row.previous_hash}")
    computed = hash_of(row)
    return None if computed == row.hash else Fault("journal_entry", shown, f"hash {row.hash}", f"content of {computed}")


def _head_fault(facts: Facts, last_id: int, last_hash: str) -> Fault | None:
    head = facts.session.exec(select(JournalHead)).first()
    found = (head.last_id, head.last_hash) if head else (0, GENESIS)
    if found == (last_id, last_hash):
        return None
    return Fault("journal_head", "1", f"entry {found[0]} {found[1]}", f"the chain ends at {last_id} {last_hash}")


def seals(facts: Facts) -> Finding:
    """Each seal is the key's own, and names an entry of the chain."""
    rows = facts.session.exec(select(JournalSeal).order_by(JournalSeal.day)).all()  # type: ignore[arg-type]
    for row in rows:
        expected = seal_of(facts.instance, day=row.day, last_id=row.last_id, last_hash=row.last_hash)
        if not hmac.compare_digest(expected, row.seal):
            return Finding(len(rows), Fault("journal_seal", str(row.day), f"seal {expected}", f"seal {row.seal}"))
        if fault := _sealed_fault(facts, row):
            return Finding(len(rows), fault)
    return Finding(len(rows))


def _sealed_fault(facts: Facts, row: JournalSeal) -> Fault | None:
    entry = facts.session.get(JournalEntry, row.last_id)
    if entry is not None and entry.hash == row.last_hash:
        return None
    found = f"hash {entry.hash}" if entry else "no such entry"
    return Fault("journal_entry", str(row.last_id), f"hash {row.last_hash}, sealed on {row.day}", found)
