"""How are the articles of a convention written by several people, and nothing of what they wrote lost?

Each writing is kept with its author. Who saves against an older writing is refused, with what is there now; both texts are
then on the page. In review an observation opens its article for correction, and says what became of it when it is closed.
"""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from conference.data.tables import (
    ArticleComment,
    ArticleWriting,
    Convention,
    ConventionArticle,
    ConventionVersion,
)
from conference.domain.article_text import unknown_variables
from conference.domain.convention import ArticleRole, ConventionStatus
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.article_library import is_required
from conference.services.convention_access import note_convention, open_roles, version_of, writable

LONGEST_TEXT, LONGEST_COMMENT = 20_000, 2_000


class StaleWriting(Conflict):
    """The article was written again meanwhile: `current` is what it says now."""

    def __init__(self, current: ConventionArticle) -> None:
        super().__init__(
            "Quelqu’un a réécrit cet article pendant que vous l’écriviez. Votre texte est gardé ci-dessous\u202f: "
            "comparez-le avec celui qui est enregistré, puis enregistrez."
        )
        self.current = current


def write_article(
    session: Session, article_id: int, *, title: str, text: str, writing: int, by: Actor, at: datetime
) -> ConventionArticle:
    """Write an article again, against the writing that was read.

    Raises StaleWriting when it is no more the last one, Refusal on an empty text, an unknown variable, an article not open.
    """
    article, convention, version = _article(session, article_id, by)
    _check_text(title, text)
    if article.writing != writing:
        raise StaleWriting(article)
    if (article.title, article.text) == (title.strip(), text.strip()):
        return article
    article.title, article.text, article.writing = title.strip(), text.strip(), writing + 1
    session.add(article)
    keep_writing(session, article, by=by, at=at)
    told = {"article": article_id, "title": article.title, "text": "modifié"}
    note_convention(session, convention, version, "write_article", told, by=by, at=at)
    return article


def add_article(
    session: Session,
    version_id: int,
    *,
    role: ArticleRole,
    title: str,
    text: str,
    after: int | None,
    by: Actor,
    at: datetime,
) -> ConventionArticle:
    """Add an article of one's own after another one (None: at the end). Raises as `writable`, and Refusal."""
    convention, version = writable(session, version_id, (role,), by, None)
    _check_text(title, text)
    rows = standing_articles(session, version_id)
    place = next((rank for rank, row in enumerate(rows, start=1) if row.id == after), len(rows))
    article = ConventionArticle(
        version_id=version_id, position=0, role=role.value, title=title.strip(), text=text.strip()
    )
    session.add(article)
    _number(session, [*rows[:place], article, *rows[place:]])
    keep_writing(session, article, by=by, at=at)
    told = {"article": article.id, "title": article.title}
    note_convention(session, convention, version, "add_article", told, by=by, at=at)
    return article


def remove_article(session: Session, article_id: int, *, by: Actor, at: datetime) -> None:
    """Take an article off the text; it and its writings are kept. Raises Refusal when the library says that such a
    convention may not do without it, and as `writable`."""
    article, convention, version = _article(session, article_id, by)
    if is_required(session, article.source, article.source_date):
        raise Refusal(
            f"«\u202f{article.title}\u202f» est obligatoire dans son modèle. Réécrivez cet article plutôt que de le retirer.",
            code="article_required",
        )
    article.removed = True
    session.add(article)
    _number(session, [row for row in standing_articles(session, version.id or 0) if row.id != article_id])
    told = {"article": article_id, "title": article.title}
    note_convention(session, convention, version, "remove_article", told, by=by, at=at)


def move_article(session: Session, article_id: int, *, up: bool, by: Actor, at: datetime) -> None:
    """Move an article by one place, in a draft."""
    _, convention, version = _article(session, article_id, by)
    if version.status != ConventionStatus.DRAFT:
        raise Refusal("L’ordre des articles ne change que dans un projet.", code="not_open")
    rows = standing_articles(session, version.id or 0)
    place = next(rank for rank, row in enumerate(rows) if row.id == article_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    _number(session, rows)
    note_convention(session, convention, version, "move_article", {"article": article_id}, by=by, at=at)


def comment_article(session: Session, article_id: int, text: str, *, by: Actor, at: datetime) -> ArticleComment:
    """Ask for a change of an article in review: it is then open for correction. Raises Refusal elsewhere than in review."""
    article, convention, version = _reached(session, article_id, by)
    if version.status != ConventionStatus.IN_REVIEW:
        raise Refusal("Les observations s’écrivent pendant la relecture.", field="text", code="not_in_review")
    said = text.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise Refusal("Écrivez votre observation, en 2\u202f000 caractères au plus.", field="text", code="text")
    row = ArticleComment(
        article_id=article_id, text=said, at=at, account_id=by.account_id, organisation_id=by.organisation_id
    )
    session.add(row)
    told = {"article": article_id, "title": article.title, "text": "modifié"}
    note_convention(session, convention, version, "comment_article", told, by=by, at=at)
    return row


def resolve_comment(session: Session, comment_id: int, resolution: str, *, by: Actor, at: datetime) -> ArticleComment:
    """Close an observation, saying what was done of it: its article closes with its last one. Raises Refusal without words."""
    row = session.get(ArticleComment, comment_id)
    if row is None:
        raise NotFound()
    article, convention, version = _reached(session, row.article_id, by)
    if row.resolved_at is not None:
        raise Conflict("Cette observation est déjà close.")
    said = resolution.strip()
    if not said or len(said) > 500:
        raise Refusal("Dites ce qui a été fait, en 500 caractères au plus.", field="resolution", code="resolution")
    row.resolved_at, row.resolved_by, row.resolution = at, by.account_id, said
    session.add(row)
    told = {"article": article.id, "title": article.title}
    note_convention(session, convention, version, "resolve_comment", told, by=by, at=at)
    return row


def standing_articles(session: Session, version_id: int) -> list[ConventionArticle]:
    """The articles of a version that were not taken off, in order."""
    query = (
        select(ConventionArticle)
        .where(ConventionArticle.version_id == version_id, col(ConventionArticle.removed).is_(False))
        .order_by(col(ConventionArticle.position), col(ConventionArticle.id))
    )
    return list(session.exec(query))


def keep_writing(session: Session, article: ConventionArticle, *, by: Actor, at: datetime) -> None:
    """Keep what an article now says as one of its writings."""
    session.flush()
    last = select(func.max(ArticleWriting.writing)).where(ArticleWriting.article_id == article.id)
    if session.exec(last).one() == article.writing:
        raise StaleWriting(article)
    session.add(
        ArticleWriting(
            article_id=article.id or 0,
            writing=article.writing,
            title=article.title,
            text=article.text,
            at=at,
            account_id=by.account_id,
        )
    )
    session.flush()


def _reached(session: Session, article_id: int, by: Actor) -> tuple[ConventionArticle, Convention, ConventionVersion]:
    article = session.get(ConventionArticle, article_id)
    if article is None or article.removed:
        raise NotFound()
    convention, version = version_of(session, article.version_id, by, "convention.draft")
    return article, convention, version


def _article(session: Session, article_id: int, by: Actor) -> tuple[ConventionArticle, Convention, ConventionVersion]:
    """The article when it may be written now: in a draft, or while an observation on it waits."""
    article, convention, version = _reached(session, article_id, by)
    role = ArticleRole(article.role)
    writable(session, article.version_id, (role,), by, None)
    if version.status == ConventionStatus.IN_REVIEW and not is_open(session, article_id):
        raise Refusal(
            "Cet article n’est pas ouvert. Écrivez d’abord une observation qui dit ce qui doit changer.",
            code="not_open",
        )
    return article, convention, version


def is_open(session: Session, article_id: int) -> bool:
    """Does an observation on it wait?"""
    query = select(ArticleComment.id).where(
        ArticleComment.article_id == article_id, col(ArticleComment.resolved_at).is_(None)
    )
    return session.exec(query.limit(1)).first() is not None


def waiting_comments(session: Session, version_id: int) -> int:
    """Roles of articles on which an observation waits, counted."""
    return len(open_roles(session, version_id))


def _number(session: Session, rows: list[ConventionArticle]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position
        session.add(row)
    session.flush()


def _check_text(title: str, text: str) -> None:
    if not title.strip() or len(title) > 200:
        raise Refusal("Donnez un titre à l’article, en 200 caractères au plus.", field="title", code="title")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Refusal("Écrivez le texte de l’article, en 20\u202f000 caractères au plus.", field="text", code="text")
    unknown = unknown_variables(text)
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise Refusal(
            f"Ces variables n’existent pas\u202f: {names}. Choisissez dans la liste, ou doublez les accolades.",
            field="text",
            code="variables",
        )
