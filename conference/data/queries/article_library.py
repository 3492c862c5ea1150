"""Which articles does the library of this conférence hold, how did each of them read, and which conventions were made with it?

Shipped articles and those that the conférence dated are told together. Where an article was used is told of the conventions
that the reader sees, and of no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from conference.data.articles import shipped_articles
from conference.data.queries.conventions import reached_conventions
from conference.data.tables import Account, Convention, ConventionArticle, ConventionVersion, LibraryArticle
from conference.domain.article_library import LibraryLine, library, model
from conference.domain.convention import ArticleRole
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class LibraryRow:
    """An article as it reads on the day that is looked at. `coming`: first day of a later version, None without one."""

    line: LibraryLine
    coming: date | None


@dataclass(frozen=True)
class DatedVersion:
    """One version of an article. `recorded_by`, `withdrawn_by` None when shipped, or to who may not edit the library."""

    line: LibraryLine
    in_force: bool
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    motive: str = ""


@dataclass(frozen=True)
class ArticleUse:
    """A version of a convention that was made with an article. `source_date`: first day of the version of the article."""

    convention_id: int
    reference: str
    title: str
    rank: int
    status: str
    source_date: date
    as_it_was: bool


@dataclass(frozen=True)
class ArticlePage:
    """An article with its versions, latest first, and where it was used. `current` None: not in force on that day."""

    code: str
    latest: LibraryLine
    current: LibraryLine | None
    versions: tuple[DatedVersion, ...]
    uses: tuple[ArticleUse, ...]


def own_lines(session: Session) -> list[LibraryLine]:
    """Every version that the conférence dated and that is not withdrawn."""
    query = select(LibraryArticle).where(col(LibraryArticle.withdrawn_at).is_(None)).order_by(col(LibraryArticle.first))
    return [line_of(row) for row in session.exec(query)]


def line_of(row: LibraryArticle) -> LibraryLine:
    """A row as the domain reads it."""
    return LibraryLine(
        code=row.code,
        first=row.first,
        role=ArticleRole(row.role),
        position=row.position,
        title=row.title,
        text=row.text,
        kinds=frozenset(row.kinds.split()),
        required=row.required,
        article_id=row.id,
    )


def library_rows(
    session: Session, reader: Actor, *, on: date, kind: str = "", role: str = ""
) -> tuple[LibraryRow, ...]:
    """The articles in force on a day, in the order of a text; those of a kind (or AVENANT) and of a role when given.

    Raises Forbidden."""
    require(reader, "library.read", Relation.OTHER)
    own = own_lines(session)
    in_force = library(shipped_articles(), own, on)
    coming = {line.code: line.first for line in sorted(_all(own), key=_day, reverse=True) if line.first > on}
    lines = model(kind, in_force) if kind else sorted(in_force.values(), key=lambda line: (line.position, line.code))
    return tuple(LibraryRow(line, coming.get(line.code)) for line in lines if role in ("", line.role))


def library_codes(session: Session) -> frozenset[str]:
    """Every code that was ever given, withdrawn articles included."""
    rows = session.exec(select(LibraryArticle.code).distinct()).all()
    return frozenset((*rows, *(line.code for line in shipped_articles())))


def article_page(session: Session, reader: Actor, code: str, *, on: date) -> ArticlePage:
    """One article. Raises Forbidden, NotFound when no version ever had that code."""
    require(reader, "library.read", Relation.OTHER)
    current = library(shipped_articles(), own_lines(session), on).get(code)
    rows = session.exec(select(LibraryArticle).where(LibraryArticle.code == code)).all()
    names = _names(session, rows) if is_granted(reader, "library.edit", Relation.OTHER) else {}
    shipped = [DatedVersion(line, line == current) for line in shipped_articles() if line.code == code]
    versions = [*(_version(row, current, names) for row in rows), *shipped]
    if not versions:
        raise NotFound()
    versions.sort(key=lambda each: (each.line.first, each.line.article_id or 0), reverse=True)
    return ArticlePage(code, versions[0].line, current, tuple(versions), _uses(session, reader, code))


def own_version(session: Session, reader: Actor, article_id: int) -> DatedVersion:
    """One version that the conférence dated, for who edits the library. Raises Forbidden, NotFound."""
    require(reader, "library.edit", Relation.OTHER)
    row = session.get(LibraryArticle, article_id)
    if row is None:
        raise NotFound()
    return _version(row, None, _names(session, [row]))


def _all(own: Iterable[LibraryLine]) -> list[LibraryLine]:
    return [*shipped_articles(), *own]


def _day(line: LibraryLine) -> date:
    return line.first


def _version(row: LibraryArticle, current: LibraryLine | None, names: dict[int | None, str]) -> DatedVersion:
    return DatedVersion(
        line_of(row),
        current is not None and current.article_id == row.id,
        row.recorded_at,
        names.get(row.recorded_by),
        row.withdrawn_at,
        names.get(row.withdrawn_by),
        row.withdrawn_motive,
    )


def _names(session: Session, rows: Iterable[LibraryArticle]) -> dict[int | None, str]:
    ids = {account for row in rows for account in (row.recorded_by, row.withdrawn_by) if account}
    query = select(Account.id, Account.name).where(col(Account.id).in_(sorted(ids)))
    return dict(session.exec(query).all())


def _uses(session: Session, reader: Actor, code: str) -> tuple[ArticleUse, ...]:
    """The versions that hold an article made with `code`, in the conventions that the reader sees, latest first."""
    query = (
        select(ConventionArticle, ConventionVersion, Convention)
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionArticle.version_id))
        .join(Convention, col(Convention.id) == col(ConventionVersion.convention_id))
        .where(ConventionArticle.source == code, col(ConventionArticle.removed).is_(False), reached_conventions(reader))
        .order_by(col(Convention.id).desc(), col(ConventionVersion.rank).desc(), col(ConventionArticle.id))
    )
    return tuple(_use(article, version, convention) for article, version, convention in session.exec(query))


def _use(article: ConventionArticle, version: ConventionVersion, convention: Convention) -> ArticleUse:
    return ArticleUse(
        convention.id or 0,
        convention.number or f"Projet {convention.id}",
        version.title,
        version.rank,
        version.status,
        article.source_date or date.min,
        article.writing == 1,
    )
