"""How does a convention begin: from a model, from an earlier one, as an avenant?

A draft holds the articles of the library that its kind asks for, each with the code and the day of the version that
it was made with: the library may change, the convention keeps its text. An avenant is a copy of the whole version in
force, that the same circuit then changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from conference.data.articles import shipped_duties
from conference.data.tables import (
    Convention,
    ConventionArticle,
    ConventionBonus,
    ConventionIncome,
    ConventionInstalment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
    Signatory,
)
from conference.domain.article_library import AVENANT, LibraryLine, model
from conference.domain.convention import IN_FORCE, ConventionKind, ConventionStatus
from conference.domain.french import day_in_france
from conference.domain.permissions import Actor, Relation, Role, require
from conference.domain.refusal import Conflict, Refusal
from conference.services.article_library import library_on
from conference.services.convention_access import note_convention, open_version, reached_convention, version_in_force
from conference.services.convention_articles import keep_writing, standing_articles
from conference.services.convention_terms import PartyLine, Terms, check_parties, check_terms


@dataclass(frozen=True)
class Origin:
    """What a convention was drafted from: a selection of gaps (its text), a handoff, a step's plan, a collective action,
    or an earlier convention."""

    selection: str = ""
    handoff_id: int | None = None
    step_id: int | None = None
    action_id: int | None = None
    renews_id: int | None = None


BLANK = Origin()


def draft_convention(
    session: Session,
    *,
    kind: ConventionKind,
    terms: Terms,
    parties: Sequence[PartyLine],
    origin: Origin = BLANK,
    by: Actor,
    at: datetime,
) -> ConventionVersion:
    """Begin a convention with the articles of its kind; its first version, in draft.

    Raises Forbidden, Refusal: the organisation of `by` is a party, unless a coordinator drafts for the others.
    """
    convention, version = begun(session, kind=kind, terms=terms, parties=parties, origin=origin, by=by, at=at)
    for position, line in enumerate(model(kind, library_on(session, day_in_france(at))), start=1):
        article = _from_library(version.id or 0, position, line)
        session.add(article)
        keep_writing(session, article, by=by, at=at)
    note_convention(session, convention, version, "draft_convention", {"kind": kind.value}, by=by, at=at, event=True)
    return version


def begun(
    session: Session,
    *,
    kind: ConventionKind,
    terms: Terms,
    parties: Sequence[PartyLine],
    origin: Origin,
    by: Actor,
    at: datetime,
) -> tuple[Convention, ConventionVersion]:
    """A new convention with its first version and its parties, without any article yet."""
    _check_drafter(parties, by)
    check_terms(session, terms)
    check_parties(session, parties)
    convention = Convention(
        kind=kind.value,
        status=ConventionStatus.DRAFT.value,
        owner_id=by.organisation_id or parties[0].organisation_id,
        created_at=at,
        created_by=by.account_id,
        **vars(origin),
    )
    session.add(convention)
    session.flush()
    version = ConventionVersion(
        convention_id=convention.id or 0,
        status=ConventionStatus.DRAFT.value,
        created_at=at,
        created_by=by.account_id,
        **vars(terms),
    )
    session.add(version)
    session.flush()
    for rank, line in enumerate(parties, start=1):
        told = {**vars(line), "role": line.role.value, "duties": line.duties or _usual_duties(kind, line)}
        session.add(ConventionParty(version_id=version.id or 0, rank=rank, **told))
    session.flush()
    return convention, version


def _usual_duties(kind: ConventionKind, line: PartyLine) -> str:
    """What a party of that role commits itself to as a rule, to be written again: one a line, with its capital."""
    return "\n".join(duty[0].upper() + duty[1:] + "." for duty in shipped_duties()[kind, line.role])


def _check_drafter(parties: Sequence[PartyLine], by: Actor) -> None:
    ours = any(line.organisation_id == by.organisation_id for line in parties)
    if by.role in (Role.OFFICER, Role.SIGNATORY) and not ours:
        raise Refusal("Votre organisme doit être l’une des parties.", field="parties", code="not_a_party")
    require(by, "convention.draft", Relation.OWN if ours else Relation.OTHER)


def _from_library(version_id: int, position: int, line: LibraryLine) -> ConventionArticle:
    return ConventionArticle(
        version_id=version_id,
        position=position,
        role=line.role.value,
        title=line.title,
        text=line.text,
        source=line.code,
        source_date=line.first,
    )


def begin_avenant(session: Session, convention_id: int, *, by: Actor, at: datetime) -> ConventionVersion:
    """Begin an avenant: a copy of the whole version in force, in draft.

    Raises NotFound, Forbidden, Refusal on a convention that is not in force, Conflict when a version is already open.
    """
    convention = reached_convention(session, convention_id, by, "convention.draft")
    current = version_in_force(session, convention_id)
    if current is None or convention.status not in IN_FORCE:
        raise Refusal("Un avenant modifie une convention signée et en vigueur.", code="not_in_force")
    if open_version(session, convention_id) is not None:
        raise Conflict("Un avenant est déjà en préparation. Terminez-le ou abandonnez-le d’abord.")
    version = copied_version(session, current, convention_id, _next_rank(session, convention_id), by=by, at=at)
    _open_with_its_wording(session, version, by=by, at=at)
    note_convention(session, convention, version, "begin_avenant", {"rank": version.rank}, by=by, at=at, event=True)
    return version


def _open_with_its_wording(session: Session, version: ConventionVersion, *, by: Actor, at: datetime) -> None:
    """The articles that open an avenant stand before the whole text, instead of those of the avenant before."""
    library = library_on(session, day_in_france(at))
    lines = model(AVENANT, library)
    kept = []
    for row in standing_articles(session, version.id or 0):
        if row.source in library and library[row.source].serves(AVENANT):
            row.removed = True
            session.add(row)
        else:
            kept.append(row)
    opening = [_from_library(version.id or 0, 0, line) for line in lines]
    for position, row in enumerate([*opening, *kept], start=1):
        row.position = position
        session.add(row)
    for row in opening:
        keep_writing(session, row, by=by, at=at)


def _next_rank(session: Session, convention_id: int) -> int:
    """One more than the latest version, an abandoned avenant included: what was once called avenant 2 stays so."""
    ranks = session.exec(select(ConventionVersion.rank).where(ConventionVersion.convention_id == convention_id)).all()
    return max(ranks) + 1


def renew_convention(session: Session, convention_id: int, *, by: Actor, at: datetime) -> ConventionVersion:
    """Draft the convention that follows another one: the same text, for as long, from the day after its last one."""
    convention = reached_convention(session, convention_id, by, "convention.draft")
    current = version_in_force(session, convention_id)
    if current is None or current.first is None or current.last is None:
        raise Refusal("Une convention se renouvelle quand elle est signée et datée.", code="not_in_force")
    renewal = Convention(
        kind=convention.kind,
        status=ConventionStatus.DRAFT.value,
        owner_id=by.organisation_id or convention.owner_id,
        renews_id=convention_id,
        created_at=at,
        created_by=by.account_id,
    )
    session.add(renewal)
    session.flush()
    version = copied_version(session, current, renewal.id or 0, 0, by=by, at=at)
    shift_dates(session, version, days=(current.last - current.first).days + 1)
    note_convention(session, renewal, version, "renew_convention", {"renews": convention_id}, by=by, at=at, event=True)
    return version


_COPIED = (
    "title first last ceiling bonus_base beneficiary_id place ordered is_grant payment_conditions eu_notified "
    "decision_reference"
).split()


def copied_version(
    session: Session, source: ConventionVersion, convention_id: int, rank: int, *, by: Actor, at: datetime
) -> ConventionVersion:
    """A draft that says all that `source` says: parties, articles, plan, schedule, bonus, income, signatories."""
    version = ConventionVersion(
        convention_id=convention_id,
        rank=rank,
        status=ConventionStatus.DRAFT.value,
        created_at=at,
        created_by=by.account_id,
        **{name: getattr(source, name) for name in _COPIED},
    )
    session.add(version)
    session.flush()
    made, found = version.id or 0, source.id or 0
    for table in (ConventionParty, ConventionShare, ConventionInstalment, ConventionBonus, ConventionIncome, Signatory):
        _copy_rows(session, table, found, made)
    for row in standing_articles(session, found):
        kept = {name: getattr(row, name) for name in ("position", "role", "title", "text", "source", "source_date")}
        article = ConventionArticle(version_id=made, **kept)
        session.add(article)
        keep_writing(session, article, by=by, at=at)
    return version


def _copy_rows(session: Session, table: type[Any], source_id: int, version_id: int) -> None:
    copies: list[SQLModel] = []
    for row in session.exec(select(table).where(col(table.version_id) == source_id)):
        kept = {name: getattr(row, name) for name in table.model_fields if name not in ("id", "version_id")}
        copies.append(table(version_id=version_id, **kept))
    session.add_all(copies)
    session.flush()


def shift_dates(session: Session, version: ConventionVersion, *, days: int) -> None:
    """Move the days of a draft by so many days, and the years of its plan and the days of its schedule by as many years
    or days as that makes."""
    assert version.first is not None and version.last is not None
    before = version.first
    version.first, version.last = moved(version.first, days), moved(version.last, days)
    years = version.first.year - before.year
    for share in session.exec(select(ConventionShare).where(ConventionShare.version_id == version.id)):
        share.year += years
        session.add(share)
    for row in session.exec(select(ConventionInstalment).where(ConventionInstalment.version_id == version.id)):
        row.due_on = moved(row.due_on, days)
        session.add(row)
    session.add(version)
    session.flush()


def moved(day: date, days: int) -> date:
    """`day` so many days later; whole years keep its place in the year (1 January of the year after, not 31 December)."""
    years = round(days / 365.25)
    if years and abs(days - 365.25 * years) < 2:
        try:
            return day.replace(year=day.year + years)
        except ValueError:
            return day.replace(year=day.year + years, day=28)
    return date.fromordinal(day.toordinal() + days)
