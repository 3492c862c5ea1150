"""What may be told of a person's identity without telling who they are?

That it is recorded, who read it, that another file looks alike and who follows it. Names are opened by a service, which has
the reading noted.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from conference.data.queries.parcours import is_party, reached_among
from conference.data.tables import Account, Identity, Organisation, Parcours, ParcoursMerge, Trace
from conference.domain.permissions import Actor, Relation, is_granted
from conference.domain.refusal import NotFound

LATEST = 50
"""Readings that the referent is shown."""


@dataclass(frozen=True)
class IdentityPage:
    """What the page of an identity says beside it. `version` is None when nothing is recorded; `is_own`: the reader's
    organisation follows the person."""

    parcours_id: int
    pseudonym: str
    referent: str
    is_own: bool
    is_open: bool
    version: int | None
    recorded_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True)
class Similar:
    """Another parcours of a person who looks the same; its pseudonym only for who reaches it."""

    id: int
    follower: str
    pseudonym: str | None


@dataclass(frozen=True)
class MergeLine:
    """A request to join two parcours, as one of the two sides sees it. `other`: the pseudonym, for who reaches it."""

    id: int
    status: str
    asked_by: str
    answered_by: str
    asked_at: datetime
    motive: str
    mine_is_kept: bool
    is_asker: bool
    is_answerer: bool
    parcours_id: int
    pseudonym: str
    other: str | None


@dataclass(frozen=True)
class Reading:
    """One reading of the identity: when, who, of which organisation, on which page."""

    at: datetime
    who: str
    organisation: str
    detail: str


def identity_page(session: Session, reader: Actor, parcours_id: int) -> IdentityPage:
    """What stands beside the identity. NotFound for who does not reach the parcours or may read no identity."""
    query = (
        select(Parcours, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .where(Parcours.id == parcours_id)
    )
    found = session.exec(query).first()
    if found is None or not _reads(session, reader, found[0]):
        raise NotFound()
    parcours, referent = found
    row = session.get(Identity, parcours_id)
    return IdentityPage(
        parcours_id=parcours_id,
        pseudonym=parcours.pseudonym,
        referent=referent,
        is_own=reader.relation_to(parcours.referent_id) is Relation.OWN,
        is_open=parcours.merged_into_id is None and parcours.anonymised_at is None,
        version=row.version if row is not None and row.wrapped_key else None,
        recorded_at=row.recorded_at if row is not None else None,
        erased_at=row.erased_at if row is not None else None,
    )


def similar_parcours(session: Session, reader: Actor, parcours_id: int) -> tuple[Similar, ...]:
    """The other parcours whose person looks the same; none for who may not read the identity of this one."""
    parcours = session.get(Parcours, parcours_id)
    own = session.get(Identity, parcours_id)
    if parcours is None or own is None or not own.digest or not _reads(session, reader, parcours):
        return ()
    query = (
        select(Parcours.id, Parcours.pseudonym, Organisation.short_name)
        .join(Identity, col(Identity.parcours_id) == col(Parcours.id))
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .where(
            Identity.digest == own.digest,
            Parcours.id != parcours_id,
            col(Parcours.merged_into_id).is_(None),
            col(Parcours.anonymised_at).is_(None),
        )
        .order_by(col(Parcours.id))
    )
    rows = session.exec(query).all()
    known = reached_among(session, reader, [number or 0 for number, _, _ in rows])
    return tuple(Similar(number or 0, name, pseudonym if number in known else None) for number, pseudonym, name in rows)


def similar_followers(session: Session, reader: Actor, parcours_id: int) -> tuple[str, ...]:
    """Who follows a person who looks the same: one short name per organisation."""
    return tuple(dict.fromkeys(each.follower for each in similar_parcours(session, reader, parcours_id)))


def kept_of(session: Session, reader: Actor, parcours_id: int) -> int | None:
    """The parcours into which this one was joined, when `reader` reaches that one: where its address leads."""
    row = session.get(Parcours, parcours_id)
    if row is None or row.merged_into_id is None:
        return None
    return row.merged_into_id if reached_among(session, reader, [row.merged_into_id]) else None


def merges_of(session: Session, reader: Actor, parcours_id: int) -> tuple[MergeLine, ...]:
    """The requests that concern this parcours, latest first, for the organisations that ask and answer."""
    row = ParcoursMerge
    return _merge_lines(session, reader, or_(col(row.kept_id) == parcours_id, col(row.merged_id) == parcours_id))


def merges_to_answer(session: Session, reader: Actor) -> tuple[MergeLine, ...]:
    """The requests that wait for the reader's organisation."""
    mine = reader.organisation_id or 0
    return _merge_lines(
        session, reader, (col(ParcoursMerge.answered_by_id) == mine) & (col(ParcoursMerge.status) == "asked")
    )


def readings_of(session: Session, reader: Actor, parcours_id: int) -> tuple[Reading, ...]:
    """Who read the identity lately, latest first, for the organisation that follows the person; else none."""
    parcours = session.get(Parcours, parcours_id)
    if parcours is None or not is_granted(reader, "identity.edit", reader.relation_to(parcours.referent_id)):
        return ()
    query = (
        select(Trace, Account.name, Organisation.short_name)
        .join(Account, col(Account.id) == col(Trace.account_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Account.organisation_id), isouter=True)
        .where(Trace.kind == "nominative", Trace.subject == parcours.pseudonym)
        .order_by(col(Trace.id).desc())
        .limit(LATEST)
    )
    return tuple(Reading(row.at, who or "console", name or "", row.detail) for row, who, name in session.exec(query))


def parcours_of_digest(session: Session, reader: Actor, digest: str) -> tuple[Similar, ...]:
    """The parcours of that digest whose identity `reader` may read; the search by name."""
    query = (
        select(Parcours, Organisation.short_name)
        .join(Identity, col(Identity.parcours_id) == col(Parcours.id))
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .where(Identity.digest == digest, Identity.digest != "", col(Parcours.merged_into_id).is_(None))
        .order_by(col(Parcours.id))
    )
    found = [(row, name) for row, name in session.exec(query) if _reads(session, reader, row)]
    return tuple(Similar(row.id or 0, name, row.pseudonym) for row, name in found)


def _reads(session: Session, reader: Actor, parcours: Parcours) -> bool:
    relation = reader.relation_to(parcours.referent_id)
    if relation is Relation.OTHER and is_party(session, parcours.id or 0, reader):
        relation = Relation.PARTY
    return is_granted(reader, "identity.read", relation)


def _merge_lines(session: Session, reader: Actor, condition: object) -> tuple[MergeLine, ...]:
    mine = reader.organisation_id
    if mine is None or not is_granted(reader, "parcours.merge", Relation.OWN):
        return ()
    sides = or_(col(ParcoursMerge.asked_by_id) == mine, col(ParcoursMerge.answered_by_id) == mine)
    query = select(ParcoursMerge).where(condition, sides).order_by(col(ParcoursMerge.id).desc())  # type: ignore[arg-type]
    return tuple(_merge_line(session, reader, row) for row in session.exec(query).all())


def _merge_line(session: Session, reader: Actor, row: ParcoursMerge) -> MergeLine:
    kept, merged = session.get_one(Parcours, row.kept_id), session.get_one(Parcours, row.merged_id)
    names = {
        number: session.get_one(Organisation, number).short_name for number in (row.asked_by_id, row.answered_by_id)
    }
    mine_is_kept = kept.referent_id == reader.organisation_id
    own, other = (kept, merged) if mine_is_kept else (merged, kept)
    reached = reached_among(session, reader, [other.id or 0])
    return MergeLine(
        id=row.id or 0,
        status=row.status,
        asked_by=names[row.asked_by_id],
        answered_by=names[row.answered_by_id],
        asked_at=row.asked_at,
        motive=row.motive,
        mine_is_kept=mine_is_kept,
        is_asker=row.asked_by_id == reader.organisation_id,
        is_answerer=row.answered_by_id == reader.organisation_id,
        parcours_id=own.id or 0,
        pseudonym=own.pseudonym,
        other=other.pseudonym if reached or row.status == "agreed" else None,
    )
