"""Are identities what they should be: readable with the instance's keys or erased, and alike exactly when they say so?

Each is deciphered, and its digest made again. A name is never told: only the number of the parcours.
"""

import json
from contextlib import closing
from typing import Any

from cryptography.fernet import InvalidToken
from sqlmodel import col, select

from conference.data.tables import Identity, Parcours, ParcoursMerge
from conference.services.identities import digest_of, unsealed
from conference.services.verifying.finding import Facts, Fault, Finding

BLOCK = 2_000


def identities(facts: Facts) -> Finding:
    """Every identity opens with its key, and its digest is that of the name; an erased one has none."""
    query = select(Identity).order_by(col(Identity.parcours_id)).execution_options(yield_per=BLOCK)
    count = 0
    with closing(facts.session.exec(query)) as rows:
        for row in rows:
            count += 1
            if fault := _identity_fault(facts, row):
                return Finding(count, fault)
    return Finding(count)


def _identity_fault(facts: Facts, row: Identity) -> Fault | None:
    shown = str(row.parcours_id)
    if row.erased_at is not None:
        left = row.wrapped_key + row.sealed + row.digest
        return Fault("identity", shown, "nothing after erasing", "a key, a seal or a digest") if left else None
    try:
        person = unsealed(row, facts.instance)
    except (InvalidToken, ValueError, TypeError, KeyError):
        return Fault("identity", shown, "an identity sealed with the instance's keys", "unreadable")
    digest = digest_of(facts.instance, person.family_name, person.given_names, person.birth_date)
    return None if digest == row.digest else Fault("identity", shown, f"digest {digest}", f"digest {row.digest}")


def merges(facts: Facts) -> Finding:
    """An agreed merge is the only way in which a parcours leads to another, and what moved is still told."""
    rows = facts.session.exec(select(ParcoursMerge).order_by(col(ParcoursMerge.id))).all()
    joined = {row.merged_id: row for row in rows if row.status == "agreed"}
    query = select(Parcours.id, Parcours.merged_into_id).where(col(Parcours.merged_into_id).is_not(None))
    leading: dict[Any, Any] = dict(facts.session.exec(query).all())
    for merged_id, row in joined.items():
        if leading.get(merged_id) != row.kept_id:
            return Finding(
                len(rows), Fault("parcours", str(merged_id), f"joined to {row.kept_id}", str(leading.get(merged_id)))
            )
        if not isinstance(json.loads(row.moved), dict):
            return Finding(len(rows), Fault("parcours_merge", str(row.id), "what moved", row.moved))
    for parcours_id, into in sorted(leading.items()):
        if parcours_id not in joined or into in leading:
            return Finding(
                len(rows), Fault("parcours", str(parcours_id), "an agreed merge, one step away", f"joined to {into}")
            )
    return Finding(len(rows))
