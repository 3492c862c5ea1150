"""What does the page of a convention show: where it stands, its chain of versions, its articles with what is asked of them?

The facts of a version are read by `convention_facts`; here is what surrounds them, for a reader who reaches the convention.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.tables import (
    Account,
    ArticleComment,
    ArticleWriting,
    Convention,
    ConventionArticle,
    ConventionEvent,
    ConventionFile,
    ConventionParty,
    ConventionVersion,
    Organisation,
)
from conference.domain.convention import ArticleRole, ConventionStatus, Mover, transition
from conference.domain.convention_facts import article_numbers
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class VersionView:
    """One version of the chain. `changes`: words of what an avenant changes."""

    id: int
    rank: int
    status: str
    title: str
    changes: tuple[str, ...]
    first: date | None
    last: date | None
    ceiling: Decimal | None
    signed_on: date | None
    frozen_at: datetime | None
    in_force: bool
    fingerprint: str | None
    version: int


@dataclass(frozen=True)
class EventView:
    """A step of its life."""

    at: datetime
    verb: str
    by: str
    organisation: str
    motive: str
    rank: int | None


@dataclass(frozen=True)
class FileView:
    """A file of the convention: a frozen text, a signed copy, a proof, an annex."""

    id: int
    kind: str
    filename: str
    size: int
    pages: str
    finding: str
    added_at: datetime
    organisation: str
    rank: int | None


@dataclass(frozen=True)
class ConventionPage:
    """A convention and what the reader may do of it. `relation`: OWN for a party."""

    id: int
    reference: str
    number: str | None
    kind: str
    status: str
    owner: str
    owner_id: int
    renews_id: int | None
    renewed_by: int | None
    selection: str
    handoff_id: int | None
    step_id: int | None
    action_id: int | None
    relation: Relation
    versions: tuple[VersionView, ...]
    events: tuple[EventView, ...]
    files: tuple[FileView, ...]

    @property
    def current(self) -> VersionView:
        """The version in force, else the latest."""
        return next((each for each in self.versions if each.in_force), self.versions[-1])

    @property
    def opened(self) -> VersionView | None:
        """The version that is being drafted, reviewed or signed."""
        states = (ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW, ConventionStatus.TO_SIGN)
        return next((each for each in self.versions if each.status in states), None)

    def version_of(self, version_id: int) -> VersionView:
        """Raises NotFound when it is none of the chain."""
        for each in self.versions:
            if each.id == version_id:
                return each
        raise NotFound()


@dataclass(frozen=True)
class CommentView:
    """An observation; `resolution` "" while it waits."""

    id: int
    text: str
    at: datetime
    by: str
    resolved_at: datetime | None
    resolved_by: str
    resolution: str


@dataclass(frozen=True)
class ArticleView:
    """An article with its observations. `number`: that of the document, 0 for a preamble. `source`: the article of the
    library that it was made with, and the day of it."""

    id: int
    position: int
    role: str
    title: str
    text: str
    writing: int
    source: str
    source_date: date | None
    number: int
    comments: tuple[CommentView, ...]

    @property
    def name(self) -> str:
        """« Article 3 », or « Préambule »."""
        return f"Article {self.number}" if self.number else "Préambule"

    @property
    def waiting(self) -> tuple[CommentView, ...]:
        """The observations that wait."""
        return tuple(each for each in self.comments if each.resolved_at is None)


@dataclass(frozen=True)
class WritingView:
    """One writing of an article."""

    writing: int
    title: str
    text: str
    at: datetime
    by: str


_ACTIONS = {Mover.DRAFTER: "convention.draft", Mover.CONDUCTOR: "convention.conduct"}


def convention_page(session: Session, reader: Actor, convention_id: int) -> ConventionPage:
    """A convention. NotFound when `reader` does not reach it."""
    require(reader, "convention.list", Relation.OTHER)
    convention = session.exec(
        select(Convention).where(Convention.id == convention_id, reached_conventions(reader))
    ).first()
    if convention is None:
        raise NotFound()
    versions = session.exec(
        select(ConventionVersion)
        .where(ConventionVersion.convention_id == convention_id)
        .order_by(col(ConventionVersion.rank), col(ConventionVersion.id))
    ).all()
    ranks = {row.id: row.rank for row in versions}
    renewal = session.exec(
        select(Convention.id).where(Convention.renews_id == convention_id, reached_conventions(reader))
    ).first()
    return ConventionPage(
        id=convention_id,
        reference=convention.number or f"Projet {convention.id}",
        number=convention.number,
        kind=convention.kind,
        status=convention.status,
        owner=_organisations(session, [convention.owner_id])[convention.owner_id],
        owner_id=convention.owner_id,
        renews_id=convention.renews_id,
        renewed_by=renewal,
        selection=convention.selection,
        handoff_id=convention.handoff_id,
        step_id=convention.step_id,
        action_id=convention.action_id,
        relation=_relation(session, convention, reader),
        versions=tuple(_version(row) for row in versions),
        events=_events(session, convention_id, ranks),
        files=_files(session, convention_id, ranks),
    )


def version_page(session: Session, reader: Actor, version_id: int) -> tuple[ConventionPage, VersionView]:
    """A version and its convention. NotFound as `convention_page`."""
    version = session.get(ConventionVersion, version_id)
    if version is None:
        raise NotFound()
    found = convention_page(session, reader, version.convention_id)
    return found, found.version_of(version_id)


def may(reader: Actor, page: ConventionPage, action: str) -> bool:
    """Does the matrix grant `action` on that convention?"""
    return is_granted(reader, action, page.relation)


def may_move(reader: Actor, page: ConventionPage, status: str, verb: str) -> bool:
    """May the reader move what stands in `status` by `verb`?"""
    step = transition(ConventionStatus(status), verb)
    return step is not None and step.mover in _ACTIONS and may(reader, page, _ACTIONS[step.mover])


def article_views(session: Session, version_id: int) -> tuple[ArticleView, ...]:
    """The articles that stand, with their observations. Asks no right: who calls it has read the version."""
    rows = session.exec(
        select(ConventionArticle)
        .where(ConventionArticle.version_id == version_id, col(ConventionArticle.removed).is_(False))
        .order_by(col(ConventionArticle.position), col(ConventionArticle.id))
    ).all()
    comments = session.exec(
        select(ArticleComment)
        .where(col(ArticleComment.article_id).in_([row.id for row in rows]))
        .order_by(col(ArticleComment.id))
    ).all()
    names = _people(session, [*(c.account_id for c in comments), *(c.resolved_by for c in comments)])
    by_article: dict[int, list[CommentView]] = {}
    for each in comments:
        view = CommentView(
            each.id or 0,
            each.text,
            each.at,
            names.get(each.account_id, ""),
            each.resolved_at,
            names.get(each.resolved_by, ""),
            each.resolution,
        )
        by_article.setdefault(each.article_id, []).append(view)
    numbers = article_numbers(ArticleRole(row.role) for row in rows)
    return tuple(
        ArticleView(
            row.id or 0,
            row.position,
            row.role,
            row.title,
            row.text,
            row.writing,
            row.source,
            row.source_date,
            number,
            tuple(by_article.get(row.id or 0, ())),
        )
        for row, number in zip(rows, numbers, strict=True)
    )


def article_of(session: Session, reader: Actor, article_id: int) -> tuple[ConventionPage, VersionView, ArticleView]:
    """One article that stands, with its version and its convention. NotFound as `convention_page`."""
    row = session.get(ConventionArticle, article_id)
    if row is None or row.removed:
        raise NotFound()
    page, version = version_page(session, reader, row.version_id)
    return page, version, next(each for each in article_views(session, version.id) if each.id == article_id)


def writings(session: Session, article_id: int) -> tuple[WritingView, ...]:
    """Every writing of an article, the latest first. Asks no right."""
    rows = session.exec(
        select(ArticleWriting)
        .where(ArticleWriting.article_id == article_id)
        .order_by(col(ArticleWriting.writing).desc())
    ).all()
    names = _people(session, [row.account_id for row in rows])
    return tuple(WritingView(row.writing, row.title, row.text, row.at, names.get(row.account_id, "")) for row in rows)


def convention_of_code(session: Session, reader: Actor, number: str) -> int:
    """The convention that a page names by its number. NotFound when `reader` does not reach it."""
    query = select(Convention.id).where(Convention.number == number.upper(), reached_conventions(reader))
    found = session.exec(query).first()
    if found is None:
        raise NotFound()
    return found


def _relation(session: Session, convention: Convention, reader: Actor) -> Relation:
    if reader.relation_to(convention.owner_id) is Relation.OWN:
        return Relation.OWN
    query = (
        select(ConventionParty.version_id)
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionParty.version_id))
        .where(
            ConventionVersion.convention_id == convention.id,
            ConventionParty.organisation_id == (reader.organisation_id or 0),
        )
    )
    return Relation.OWN if session.exec(query.limit(1)).first() is not None else Relation.OTHER


def _version(row: ConventionVersion) -> VersionView:
    return VersionView(
        id=row.id or 0,
        rank=row.rank,
        status=row.status,
        title=row.title,
        changes=tuple(row.changes.split()),
        first=row.first,
        last=row.last,
        ceiling=row.ceiling,
        signed_on=row.signed_on,
        frozen_at=row.frozen_at,
        in_force=row.in_force,
        fingerprint=row.fingerprint,
        version=row.version,
    )


def _events(session: Session, convention_id: int, ranks: dict[int | None, int]) -> tuple[EventView, ...]:
    rows = session.exec(
        select(ConventionEvent).where(ConventionEvent.convention_id == convention_id).order_by(col(ConventionEvent.id))
    ).all()
    people = _people(session, [row.account_id for row in rows])
    names = _organisations(session, [row.organisation_id for row in rows])
    return tuple(
        EventView(
            row.at,
            row.verb,
            people.get(row.account_id, ""),
            names.get(row.organisation_id, ""),
            row.motive,
            ranks.get(row.version_id) if row.version_id is not None else None,
        )
        for row in rows
    )


def _files(session: Session, convention_id: int, ranks: dict[int | None, int]) -> tuple[FileView, ...]:
    rows = session.exec(
        select(ConventionFile).where(ConventionFile.convention_id == convention_id).order_by(col(ConventionFile.id))
    ).all()
    names = _organisations(session, [row.organisation_id for row in rows])
    return tuple(
        FileView(
            row.id or 0,
            row.kind,
            row.filename,
            row.size,
            row.pages,
            row.finding,
            row.added_at,
            names.get(row.organisation_id, ""),
            ranks.get(row.version_id) if row.version_id is not None else None,
        )
        for row in rows
    )


def _people(session: Session, ids: Sequence[int | None]) -> dict[Any, str]:
    wanted = {each for each in ids if each is not None}
    query = select(Account.id, Account.name).where(col(Account.id).in_(wanted))
    return dict(session.exec(query).all())


def _organisations(session: Session, ids: Sequence[int | None]) -> dict[Any, str]:
    wanted = {each for each in ids if each is not None}
    query = select(Organisation.id, Organisation.short_name).where(col(Organisation.id).in_(wanted))
    return dict(session.exec(query).all())


def frozen_sha256(session: Session, version_id: int) -> str:
    """SHA-256 of the text that was put to signature. NotFound when none was."""
    version = session.get(ConventionVersion, version_id)
    if version is None or version.file_sha256 is None:
        raise NotFound()
    return version.file_sha256
