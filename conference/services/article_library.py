"""How does a conférence keep its own model articles?

A coordinator dates a new version of an article, shipped or not, or writes a new one. Nothing is changed nor deleted: a version
that proves wrong is withdrawn with a motive, and the one before it reads again. Conventions keep the text they were made with.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from conference.data.articles import KINDS, shipped_articles
from conference.data.glossary import labels
from conference.data.journal import write_journal
from conference.data.queries.article_library import library_codes, line_of, own_lines
from conference.data.tables import LibraryArticle
from conference.domain.article_library import AVENANT, LibraryLine, library, missing_roles, model
from conference.domain.article_text import unknown_variables
from conference.domain.convention import ArticleRole, ConventionKind
from conference.domain.french import NARROW, day_in_france, typeset
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound, Refusal

LONGEST_TITLE, LONGEST_TEXT, LONGEST_MOTIVE, LAST_POSITION = 200, 20_000, 500, 999


@dataclass(frozen=True)
class ArticleLine:
    """A version to date. `code` "" writes a new article, whose code is made from its title. `kinds` empty: all of them."""

    first: date
    role: ArticleRole
    position: int
    title: str
    text: str
    kinds: frozenset[str] = frozenset()
    required: bool = True
    code: str = ""


def library_on(session: Session, day: date) -> Mapping[str, LibraryLine]:
    """By code, the article that is in force on a day."""
    return library(shipped_articles(), own_lines(session), day)


def is_required(session: Session, code: str, day: date | None) -> bool:
    """May a convention made with the version of an article that begins on that day not do without it? An article of its own
    (`code` "") is never required; nor is one whose version was withdrawn since."""
    if not code or day is None:
        return False
    line = library_on(session, day).get(code)
    return line is not None and line.first == day and line.required


def checked_article(session: Session, line: ArticleLine, *, by: Actor, at: datetime) -> LibraryLine:
    """The version as it would be kept; nothing is saved. Raises what `record_article` raises."""
    require(by, "library.edit", Relation.OTHER)
    line = replace(line, title=_tidy(line.title), text=_tidy(line.text), code=line.code.strip())
    _check_texts(line)
    _check_place(line)
    if line.first < day_in_france(at):
        raise Refusal(
            "Une version ne peut pas commencer avant aujourd’hui : des conventions ont été rédigées avec la précédente.",
            field="first",
            code="article_past",
        )
    codes = library_codes(session)
    if not line.code:
        line = replace(line, code=_free_code(line.title, codes))
    elif line.code not in codes:
        raise NotFound()
    wanted = LibraryLine(**{name: getattr(line, name) for name in ArticleLine.__dataclass_fields__})
    _check_others(session, wanted)
    return wanted


def record_article(session: Session, line: ArticleLine, *, by: Actor, at: datetime) -> LibraryArticle:
    """Date a version of an article, or write a new one.

    Raises Refusal at its field (no title or text, too long, a variable that does not exist, unknown kinds, a day gone by, a
    version on that day already, nothing changed, a kind left without an article that it must have), NotFound, Forbidden.
    """
    wanted = checked_article(session, line, by=by, at=at)
    row = LibraryArticle(
        code=wanted.code,
        first=wanted.first,
        role=wanted.role.value,
        position=wanted.position,
        title=wanted.title,
        text=wanted.text,
        kinds=" ".join(sorted(wanted.kinds)),
        required=wanted.required,
        recorded_at=at,
        recorded_by=by.account_id,
    )
    session.add(row)
    session.flush()
    told = {
        "title": row.title,
        "first": row.first,
        "role": row.role,
        "kinds": kinds_in_words(wanted.kinds),
        "required": row.required,
    }
    _journal(session, row, "record_article", told, by, at)
    return row


def withdraw_article(session: Session, article_id: int, *, motive: str, by: Actor, at: datetime) -> LibraryArticle:
    """Withdraw a version: it counts no more, and stays readable. Raises Refusal without a motive, when it is withdrawn
    already, or when a kind would lack an article that it must have; NotFound, Forbidden."""
    require(by, "library.edit", Relation.OTHER)
    row = session.get(LibraryArticle, article_id)
    if row is None:
        raise NotFound()
    if row.withdrawn_at is not None:
        raise Refusal("Cette version est déjà retirée.", code="article_withdrawn")
    if not motive.strip():
        raise Refusal("Indiquez le motif du retrait.", field="motive", code="article_motive")
    if len(motive.strip()) > LONGEST_MOTIVE:
        raise Refusal(_too_long(LONGEST_MOTIVE), field="motive", code="article_long")
    kept = [each for each in own_lines(session) if each.article_id != article_id]
    _check_models(kept, line_of(row), field=None)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_motive = at, by.account_id, motive.strip()
    session.add(row)
    session.flush()
    _journal(session, row, "withdraw_article", {"first": row.first, "motive": row.withdrawn_motive}, by, at)
    return row


def kinds_in_words(kinds: frozenset[str]) -> str:
    """« tous », or the kinds that an article serves, in the order of the glossary."""
    known = {**labels("convention_kind"), AVENANT: "Avenant"}
    return ", ".join(told for kind, told in known.items() if kind in kinds) or "tous"


def _tidy(text: str) -> str:
    """Lines ended alike, paragraphs apart by one empty line, French spaces and apostrophes."""
    lines = "\n".join(line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return typeset(re.sub(r"\n{3,}", "\n\n", lines).strip().replace("'", "’"))


def _check_texts(line: ArticleLine) -> None:
    for field, limit, lacking in (
        ("title", LONGEST_TITLE, "Indiquez le titre de l’article."),
        ("text", LONGEST_TEXT, "Écrivez le texte de l’article."),
    ):
        written = getattr(line, field)
        if not written:
            raise Refusal(lacking, field=field, code="article_empty")
        if len(written) > limit:
            raise Refusal(_too_long(limit), field=field, code="article_long")
        if unknown := unknown_variables(written):
            raise Refusal(_unknown(unknown), field=field, code="article_variable")


def _unknown(names: tuple[str, ...]) -> str:
    if names[0] in ("{", "}"):
        return "Une accolade est seule. Fermez la variable, ou doublez l’accolade pour l’écrire telle quelle."
    shown = ", ".join(f"«{NARROW}{name or '{}'}{NARROW}»" for name in names)
    if len(names) == 1:
        return f"{shown} n’est pas une variable. Corrigez ce nom d’après la liste, ou doublez les accolades."
    return f"{shown} ne sont pas des variables. Corrigez ces noms d’après la liste, ou doublez les accolades."


def _too_long(limit: int) -> str:
    return f"Ce texte est trop long : {limit} caractères au plus."


def _check_place(line: ArticleLine) -> None:
    if not 0 < line.position <= LAST_POSITION:
        raise Refusal(f"La place va de 1 à {LAST_POSITION}.", field="position", code="article_position")
    if line.kinds - KINDS:
        raise Refusal("Choisissez les types de convention dans la liste.", field="kinds", code="article_kinds")
    if AVENANT in line.kinds and len(line.kinds) > 1:
        raise Refusal(
            "Un article d’ouverture d’avenant ne sert pas d’autre type. Choisissez l’un ou l’autre.",
            field="kinds",
            code="article_kinds",
        )


def _check_others(session: Session, wanted: LibraryLine) -> None:
    own = own_lines(session)
    if any((each.code, each.first) == (wanted.code, wanted.first) for each in own):
        raise Refusal(
            "Une version de cet article commence déjà ce jour-là. Retirez-la d’abord, ou changez la date.",
            field="first",
            code="article_same_day",
        )
    before = library(shipped_articles(), own, wanted.first).get(wanted.code)
    if before is not None and before.role is not wanted.role:
        raise Refusal(
            "L’objet d’un article ne change pas d’une version à l’autre. Écrivez plutôt un nouvel article.",
            field="role",
            code="article_role",
        )
    if before is not None and replace(before, first=wanted.first, article_id=None) == wanted:
        raise Refusal("Cette version ne change rien à celle qui précède.", field="text", code="article_same")
    _check_models([*own, wanted], wanted, field="kinds")


def _check_models(own: list[LibraryLine], changed: LibraryLine, field: str | None) -> None:
    """On each day from that of what changes on, does each kind keep an article for each role that it must have?"""
    days = sorted({changed.first, *(line.first for line in own if line.first > changed.first)})
    for articles in (library(shipped_articles(), own, day) for day in days):
        for kind in ConventionKind:
            if changed.role in missing_roles(kind, [line.role for line in model(kind, articles)]):
                raise Refusal(
                    "Un type de convention n’aurait plus d’article obligatoire pour cet objet. Gardez tous ses types.",
                    field=field,
                    code="article_needed",
                )


def _free_code(title: str, taken: frozenset[str]) -> str:
    """A code made from the title, which no article has."""
    plain = unicodedata.normalize("NFKD", title.replace("’", " ")).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:50].rstrip("_") or "article"
    ends = ("", *(f"_{number}" for number in range(2, len(taken) + 3)))
    return next(f"{code}{end}" for end in ends if f"{code}{end}" not in taken)


def _journal(session: Session, row: LibraryArticle, verb: str, told: dict[str, Any], by: Actor, at: datetime) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="library_article",
        object_id=row.id,
        object_label=row.code,
        changes=told,
    )
