"""Who reaches a convention, which part of it may be written now, and what does every change of it leave behind?

A convention is reached by its parties and by coordinators; for all others it does not exist. In a draft everything is
open. In review an article is open while an observation on it waits, and with it the part of the terms that it speaks
of: the plan with the article on the plan, the days with that on the duration.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import (
    ArticleComment,
    Convention,
    ConventionArticle,
    ConventionEvent,
    ConventionParty,
    ConventionVersion,
)
from conference.domain.convention import OPEN, ArticleRole, ConventionStatus
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal

STALE = (
    "Quelqu’un a modifié cette convention pendant que vous l’écriviez. Rien de ce que vous avez saisi n’est perdu\u202f: "
    "comparez avec ce qui est enregistré, puis enregistrez de nouveau."
)


def relation_to_convention(session: Session, convention: Convention, by: Actor) -> Relation:
    """OWN when the organisation of `by` began it or is a party of any of its versions."""
    if by.relation_to(convention.owner_id) is Relation.OWN:
        return Relation.OWN
    query = (
        select(ConventionParty.version_id)
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionParty.version_id))
        .where(ConventionVersion.convention_id == convention.id, ConventionParty.organisation_id == by.organisation_id)
    )
    return Relation.OTHER if session.exec(query.limit(1)).first() is None else Relation.OWN


def reached_convention(session: Session, convention_id: int, by: Actor, action: str) -> Convention:
    """The convention when `by` may do `action` on it. NotFound when it may not even read it, else Forbidden."""
    convention = session.get(Convention, convention_id)
    if convention is None:
        raise NotFound()
    relation = relation_to_convention(session, convention, by)
    try:
        require(by, "convention.read", relation)
    except Forbidden:
        raise NotFound() from None
    require(by, action, relation)
    return convention


def version_of(session: Session, version_id: int, by: Actor, action: str) -> tuple[Convention, ConventionVersion]:
    """A version and its convention, as `reached_convention`."""
    version = session.get(ConventionVersion, version_id)
    if version is None:
        raise NotFound()
    return reached_convention(session, version.convention_id, by, action), version


def open_version(session: Session, convention_id: int) -> ConventionVersion | None:
    """The version that is drafted, in review or to sign; None when there is none."""
    states = [status.value for status in OPEN]
    query = select(ConventionVersion).where(
        ConventionVersion.convention_id == convention_id, col(ConventionVersion.status).in_(states)
    )
    return session.exec(query).first()


def version_in_force(session: Session, convention_id: int) -> ConventionVersion | None:
    """The latest signed version; None before the first signature."""
    query = select(ConventionVersion).where(
        ConventionVersion.convention_id == convention_id, col(ConventionVersion.in_force).is_(True)
    )
    return session.exec(query).first()


def writable(
    session: Session, version_id: int, roles: Collection[ArticleRole], by: Actor, seen: int | None
) -> tuple[Convention, ConventionVersion]:
    """A version of which the part that the articles of `roles` speak of may be written now; none: in a draft only.

    Raises NotFound, Forbidden, Refusal when its text is frozen or that part is not open, Conflict when it changed
    since `seen`.
    """
    convention, version = version_of(session, version_id, by, "convention.draft")
    if version.status == ConventionStatus.IN_REVIEW:
        if not open_roles(session, version_id).intersection(roles):
            raise Refusal(
                "En relecture, une partie du texte se corrige quand une observation l’a ouverte. Écrivez d’abord une "
                "observation sur l’article concerné.",
                code="not_open",
            )
    elif version.status != ConventionStatus.DRAFT:
        raise Refusal("Ce texte est figé\u202f: il ne se modifie plus que par un avenant.", code="frozen")
    if seen is not None and seen != version.version:
        raise Conflict(STALE)
    return convention, version


def open_roles(session: Session, version_id: int) -> frozenset[ArticleRole]:
    """The roles of the articles on which an observation waits."""
    query = (
        select(ConventionArticle.role)
        .join(ArticleComment, col(ArticleComment.article_id) == col(ConventionArticle.id))
        .where(ConventionArticle.version_id == version_id, col(ArticleComment.resolved_at).is_(None))
    )
    return frozenset(ArticleRole(role) for role in session.exec(query))


def told_reference(convention: Convention, version: ConventionVersion | None = None) -> str:
    """« C-2026-004 », « Projet 12 », with the rank of an avenant."""
    name = convention.number or f"Projet {convention.id}"
    return f"{name} avenant {version.rank}" if version is not None and version.rank else name


def note_convention(
    session: Session,
    convention: Convention,
    version: ConventionVersion | None,
    verb: str,
    told: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    motive: str = "",
    event: bool = False,
) -> None:
    """What every change leaves: a higher version number, one journal entry and, for a step of its life, an event."""
    convention.version += 1
    session.add(convention)
    if version is not None:
        version.version += 1
        session.add(version)
    if event:
        session.add(
            ConventionEvent(
                convention_id=convention.id or 0,
                version_id=version.id if version is not None else None,
                at=at,
                verb=verb,
                account_id=by.account_id,
                organisation_id=by.organisation_id,
                motive=motive,
            )
        )
    session.flush()
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="convention",
        object_id=convention.id,
        object_label=told_reference(convention, version),
        changes=told,
    )
