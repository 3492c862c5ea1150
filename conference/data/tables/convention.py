"""Conventions: the chain, its versions of the whole, their parties and articles, what was said of them.

A `convention` is the chain: its number, where it stands, which version is in force. A `convention_version` is the whole text
once: rank 0 is the first, the next ones are avenants. Each writing of an article is kept (`article_writing`), so that two
people who write at once lose nothing; events are append-only.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, word_check
from conference.domain.convention import ArticleRole, ConventionKind, ConventionStatus, PartyRole
from conference.domain.rights import RightKind


class Convention(SQLModel, table=True):
    """A chain of versions. `number` is given when the first version is put to signature, without holes within its year.

    `selection`, `handoff_id`, `step_id`, `action_id`, `renews_id`: what it was
    drafted from; `owner_id` is the organisation that began it.
    """

    __table_args__ = (
        UniqueConstraint("number"),
        word_check("kind", ConventionKind),
        word_check("status", ConventionStatus),
        CheckConstraint("number IS NOT NULL OR status IN ('draft', 'in_review', 'abandoned')", name="numbered_to_sign"),
        CheckConstraint("renews_id IS NULL OR renews_id <> id", name="renews_another"),
        Index("ix_convention_status", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    number: str | None = Field(default=None, max_length=20)
    kind: str
    status: str
    owner_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    selection: str = Field(default="", max_length=1000)
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id", sa_type=Identifier)
    step_id: int | None = Field(default=None, foreign_key="step.id", sa_type=Identifier)
    action_id: int | None = Field(default=None, foreign_key="collective_action.id", sa_type=Identifier)
    renews_id: int | None = Field(default=None, foreign_key="convention.id", sa_type=Identifier)
    created_at: datetime = Field(sa_type=Instant)
    created_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    ended_on: date | None = None
    version: int = Field(default=1)


class ConventionVersion(SQLModel, table=True):
    """The whole of a convention, once. `ceiling` in euros (None: no envelope); both days included.

    `changes`: what an avenant changes, words of `AvenantChange` separated by spaces. `in_force`: the latest signed one.
    `bonus_base` in euros is what the rates of `convention_bonus` apply to. `fingerprint` and `file_sha256` are those of the
    text put to signature. `version` rises with every change of it or of what it holds.
    """

    __tablename__ = "convention_version"
    __table_args__ = (
        UniqueConstraint("convention_id", "rank"),
        word_check("status", ConventionStatus),
        CheckConstraint("status IN ('draft', 'in_review', 'to_sign', 'signed', 'abandoned')", name="status_of_version"),
        CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name="dates_in_order"),
        CheckConstraint("ceiling IS NULL OR ceiling > 0", name="ceiling_positive"),
        CheckConstraint("bonus_base IS NULL OR bonus_base > 0", name="bonus_base_positive"),
        CheckConstraint(
            "status NOT IN ('to_sign', 'signed') OR (frozen_at IS NOT NULL AND file_sha256 IS NOT NULL)",
            name="frozen_to_sign",
        ),
        CheckConstraint("NOT in_force OR status = 'signed'", name="in_force_signed"),
        CheckConstraint("status <> 'signed' OR signed_on IS NOT NULL", name="signed_on_a_day"),
        Index(
            "uq_convention_version_in_force",
            "convention_id",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
        Index(
            "uq_convention_version_open",
            "convention_id",
            unique=True,
            sqlite_where=text("status IN ('draft', 'in_review', 'to_sign')"),
            postgresql_where=text("status IN ('draft', 'in_review', 'to_sign')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    convention_id: int = Field(foreign_key="convention.id", index=True, sa_type=Identifier)
    rank: int = 0
    status: str
    title: str = Field(max_length=300)
    changes: str = Field(default="", max_length=120)
    first: date | None = None
    last: date | None = None
    ceiling: Decimal | None = Field(default=None, sa_type=Cents)
    bonus_base: Decimal | None = Field(default=None, sa_type=Cents)
    beneficiary_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    place: str = Field(default="", max_length=120)
    ordered: bool = False
    is_grant: bool = False
    payment_conditions: str = Field(default="", max_length=256)
    eu_notified: bool = False
    decision_reference: str = Field(default="", max_length=300)
    created_at: datetime = Field(sa_type=Instant)
    created_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    in_force: bool = False
    frozen_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str | None = Field(default=None, max_length=64)
    file_sha256: str | None = Field(default=None, max_length=64)
    signed_on: date | None = None
    version: int = Field(default=1)


class ConventionParty(SQLModel, table=True):
    """An organisation that the version binds, in the order of the text. `authority`: what empowers who signs for it (« dûment
    habilité par délibération du … »); `duties`: what it commits itself to, one a line."""

    __tablename__ = "convention_party"
    __table_args__ = (word_check("role", PartyRole), CheckConstraint("rank > 0", name="rank_positive"))

    version_id: int = Field(primary_key=True, foreign_key="convention_version.id", sa_type=Identifier)
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id", index=True, sa_type=Identifier)
    rank: int
    role: str
    authority: str = Field(default="", max_length=500)
    duties: str = Field(default="", max_length=4000)


class ConventionArticle(SQLModel, table=True):
    """An article of a version, as it now reads. `source` and `source_date`: the article of the library and the day of its
    version that it was made with, "" for one written here. `writing`: how many times it was written."""

    __tablename__ = "convention_article"
    __table_args__ = (
        word_check("role", ArticleRole),
        Index("ix_convention_article_version_id", "version_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    version_id: int = Field(foreign_key="convention_version.id", sa_type=Identifier)
    position: int
    role: str
    title: str = Field(max_length=200)
    text: str = Field(max_length=20000)
    source: str = Field(default="", max_length=60)
    source_date: date | None = None
    removed: bool = False
    writing: int = Field(default=1)


class ArticleWriting(SQLModel, table=True):
    """Each writing of an article, with who wrote it. Append-only."""

    __tablename__ = "article_writing"

    article_id: int = Field(primary_key=True, foreign_key="convention_article.id", sa_type=Identifier)
    writing: int = Field(primary_key=True)
    title: str = Field(max_length=200)
    text: str = Field(max_length=20000)
    at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)


class ArticleComment(SQLModel, table=True):
    """What somebody asks of an article in review; while one is open, the article may be written again."""

    __tablename__ = "article_comment"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="text_written"),
        CheckConstraint("(resolved_at IS NULL) OR (resolution <> '')", name="resolution_told"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    article_id: int = Field(foreign_key="convention_article.id", index=True, sa_type=Identifier)
    text: str = Field(max_length=2000)
    at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    resolution: str = Field(default="", max_length=500)


class ConventionIncome(SQLModel, table=True):
    """Whose days a version pays: the persons of an audience and a territory (None: all), each day `daily_amount` euros, or the
    trainee scale when it is None, by `payer_id` while the ceiling lasts."""

    __tablename__ = "convention_income"
    __table_args__ = (
        CheckConstraint("daily_amount IS NULL OR daily_amount > 0", name="daily_amount_positive"),
        word_check("kind", RightKind),
    )

    version_id: int = Field(primary_key=True, foreign_key="convention_version.id", sa_type=Identifier)
    payer_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    kind: str = RightKind.TRAINEE_PAY.value
    daily_amount: Decimal | None = Field(default=None, sa_type=Cents)
    audience_id: int | None = Field(default=None, foreign_key="audience.id", sa_type=Identifier)
    territory_id: int | None = Field(default=None, foreign_key="territory.id", sa_type=Identifier)


class ConventionEvent(SQLModel, table=True):
    """One thing that happened to a convention. Append-only. `verb` is a transition's or that of a signature."""

    __tablename__ = "convention_event"
    __table_args__ = (Index("ix_convention_event_convention_id", "convention_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    convention_id: int = Field(foreign_key="convention.id", sa_type=Identifier)
    version_id: int | None = Field(default=None, foreign_key="convention_version.id", sa_type=Identifier)
    at: datetime = Field(sa_type=Instant)
    verb: str = Field(max_length=40)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    motive: str = Field(default="", max_length=1000)


class LibraryArticle(SQLModel, table=True):
    """An article of the library as this conférence dated it: it stands before the shipped one of the same `code` from `first`
    on. `kinds`: words of `ConventionKind` separated by spaces, "" for all. Never changed; a withdrawn one counts no more."""

    __tablename__ = "library_article"
    __table_args__ = (
        word_check("role", ArticleRole),
        CheckConstraint("length(text) > 0", name="text_written"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_motive = '')", name="motive_of_withdrawal"),
        Index(
            "uq_library_article_code_first",
            "code",
            "first",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    code: str = Field(max_length=60)
    first: date
    role: str
    position: int
    title: str = Field(max_length=200)
    text: str = Field(max_length=20000)
    kinds: str = Field(default="", max_length=120)
    required: bool = True
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    withdrawn_motive: str = Field(default="", max_length=500)
