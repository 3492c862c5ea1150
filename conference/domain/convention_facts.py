"""What does a version of a convention say, whole, before any layout?

Frozen values, with labels in French already read from the lists: what the document, the data it carries, the comparison of two
versions and the variables of its articles are made of. No identity of a person followed, no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from conference.domain.convention import ArticleRole, ConventionKind, InstalmentKind, PartyRole
from conference.domain.money import ZERO


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """An organisation that the version binds. `duties`: what it commits itself to, one text each."""

    organisation_id: int
    name: str
    short_name: str
    siret: str | None
    role: PartyRole
    authority: str = ""
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """An article in the order of the text; `text` with its variables still in braces, paragraphs apart by an empty line."""

    article_id: int
    role: ArticleRole
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """What a party puts in for one year and nature, in euros; `beneficiary` "" for that of the convention."""

    organisation_id: int
    year: int
    nature: str
    amount: Decimal
    percent: Decimal | None = None
    beneficiary_id: int | None = None
    beneficiary: str = ""


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    """A payment of the schedule, in euros."""

    key: int
    organisation_id: int
    kind: InstalmentKind
    due_on: date
    amount: Decimal
    condition: str = ""


@dataclass(frozen=True, slots=True)
class BonusFacts:
    """From `from_rate` percent of return to work at 3 months on, `percent` of the price is added (negative: taken off)."""

    from_rate: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class IncomeFacts:
    """Whose days are paid, by whom and how much a day (None: the trainee scale); "" is everybody, everywhere."""

    payer: str
    kind: str
    daily_amount: Decimal | None = None
    audience: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action that the convention is about."""

    title: str
    provider: str
    first: date
    last: date
    hours: int | None = None
    places: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SignatoryFacts:
    """Who signs for a party, in order; `signed_on` None until it is signed. `delegate_of`: whose delegation is held."""

    organisation_id: int
    rank: int
    name: str
    function: str = ""
    delegate_of: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConventionFacts:
    """One version of a convention. `number` None while it is drafted; `rank` 0 is the first text, n its avenant n.

    `persons`, `days` and `need` are those of the gaps that it was drafted from (None: none, or hidden since too few).
    `known_on`: the instant when it was put to signature, else that of its last writing.
    """

    conference: str
    region: str
    convention_id: int
    version_id: int
    number: str | None
    kind: ConventionKind
    rank: int
    title: str
    known_on: datetime
    parties: tuple[PartyFacts, ...] = ()
    articles: tuple[ArticleFacts, ...] = ()
    first: date | None = None
    last: date | None = None
    ceiling: Decimal | None = None
    shares: tuple[ShareFacts, ...] = ()
    instalments: tuple[InstalmentFacts, ...] = ()
    bonus_base: Decimal | None = None
    bonuses: tuple[BonusFacts, ...] = ()
    income: IncomeFacts | None = None
    actions: tuple[ActionFacts, ...] = ()
    signatories: tuple[SignatoryFacts, ...] = ()
    ordered: bool = False
    changes: tuple[str, ...] = ()
    amends: str = ""
    place: str = ""
    beneficiary: str = ""
    decision_reference: str = ""
    payment_conditions: str = ""
    selection: str = ""
    persons: int | None = None
    days: int | None = None
    need: Decimal | None = None
    is_draft: bool = True

    def party(self, organisation_id: int) -> PartyFacts:
        """The party of that organisation. Raises StopIteration when it is none."""
        return next(each for each in self.parties if each.organisation_id == organisation_id)

    @property
    def total(self) -> Decimal:
        """Euros of the whole plan."""
        return total_of(self.shares)

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the plan, in order."""
        return tuple(sorted({share.year for share in self.shares}))

    @property
    def natures(self) -> tuple[str, ...]:
        """Natures of the plan, as first met."""
        return tuple(dict.fromkeys(share.nature for share in self.shares))

    @property
    def reference(self) -> str:
        """« C-2026-004 », « C-2026-004 avenant 1 », or « Projet 12 » before it has a number."""
        name = self.number or f"Projet {self.convention_id}"
        return f"{name} avenant {self.rank}" if self.rank else name


def article_numbers(roles: Iterable[ArticleRole]) -> tuple[int, ...]:
    """The number that each article bears in the document, in order; 0 for a preamble, which bears none."""
    numbers, last = [], 0
    for role in roles:
        last += role is not ArticleRole.PREAMBLE
        numbers.append(0 if role is ArticleRole.PREAMBLE else last)
    return tuple(numbers)


def total_of(shares: Iterable[ShareFacts], **fixed: object) -> Decimal:
    """Sum in euros of the shares whose fields are `fixed`, such as year=2026 or organisation_id=3."""
    kept = (share for share in shares if all(getattr(share, name) == value for name, value in fixed.items()))
    return sum((share.amount for share in kept), ZERO)
