"""How is an instance filled with a great many plausible entries?

To measure and to try, not to show: the demo is another thing. Everything goes through the bulk path of the ordinary
services, in batches of one transaction and one journal entry each, so that memory stays flat and the server goes on
answering. The same seed in the same month gives the same entries; they are spread evenly over five years, to last month.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random

from sqlmodel import Session, col, func, select

from conference.data.journal import write_journal
from conference.data.session import Database
from conference.data.tables import REFERENCE_TABLES, Organisation, TransferPair
from conference.data.tables.organisation import OrganisationKind
from conference.data.tables.reference import UNKNOWN
from conference.data.upsert import insert_rows
from conference.domain.french import day_in_france
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import from_cents
from conference.domain.permissions import Actor
from conference.services.commitments import CommitmentLine, record_commitments
from conference.services.dimensions import Dimensions, dimension_set_ids
from conference.services.organisations import add_organisation
from conference.services.posting import next_id
from conference.services.stories import Fact

BATCH = 20_000
"""Entries of one transaction."""
PROGRAMMES = 6
"""What each funder pays for: a scheme, an audience, a nature, a level and a sector."""
TERRITORIES = 13
"""Each programme is spent in all of them, as in a region: a few hold most of it."""
YEARS = 5

FUNDERS = (
    ("region", "Région", OrganisationKind.REGION),
    ("france_travail", "France Travail", OrganisationKind.FRANCE_TRAVAIL),
    ("etat", "État", OrganisationKind.ETAT),
    ("departement", "Département", OrganisationKind.DEPARTEMENT),
    ("opco_construction", "OPCO Construction", OrganisationKind.OPCO),
    ("opco_sante", "OPCO Santé", OrganisationKind.OPCO),
    ("agefiph", "Agefiph", OrganisationKind.AGEFIPH),
    ("transitions_pro", "Transitions Pro", OrganisationKind.TRANSITIONS_PRO),
)
PUBLIC = frozenset({"region", "etat", "departement"})
"""Bodies whose accountant settles and orders before paying."""
THROUGH = (
    ("region", "opco_construction"),
    ("region", "opco_sante"),
    ("region", "france_travail"),
    ("etat", "region"),
    ("agefiph", "france_travail"),
)
"""(giver, spender): who pays through whom, as few pairs as in a real conférence."""
PROVIDERS = 20


@dataclass(frozen=True)
class _Cast:
    """Who plays: identifiers by code, amount above which a funder asks for a second person, dimensions per funder
    (programme by programme, as many times over as there are territories) and how often each is drawn, cumulated."""

    funders: tuple[tuple[str, int, Decimal | None], ...]
    providers: tuple[int, ...]
    programmes: dict[int, tuple[Dimensions, ...]]
    weights: tuple[float, ...]

    def draw(self, random: Random, funder: int) -> Dimensions:
        """What a line of that funder is for."""
        return random.choices(self.programmes[funder], cum_weights=self.weights)[0]


@dataclass(frozen=True)
class _Story:
    """A line and what followed; `from_previous`: it spends the transfer that is the line before it."""

    line: CommitmentLine
    facts: tuple[Fact, ...]
    from_previous: bool = False

    @property
    def size(self) -> int:
        """Number of its entries."""
        return 1 + len(self.facts)


def generate(database: Database, *, entries: int, seed: int, by: Actor, at: datetime) -> Iterator[int]:
    """Write exactly `entries` entries; after each batch, the number written so far. Raises Refusal without `init`."""
    random = Random(seed)
    with database.writing() as session:
        cast = _cast(session, random, by, at)
    last_day = day_in_france(at).replace(day=1) - timedelta(days=1)
    stories = _stories(random, cast, entries, last_day)
    written = 0
    while written < entries:
        batch = _batch(stories, min(BATCH, entries - written))
        with database.writing() as session:
            _write(session, batch, seed, by, at)
        written += sum(story.size for story in batch)
        yield written


def _batch(stories: Iterator[_Story], room: int) -> list[_Story]:
    """Stories of exactly `room` entries: the last one is told only as far as it fits, which breaks no rule."""
    batch: list[_Story] = []
    while room:
        story = next(stories)
        kept = _Story(story.line, story.facts[: room - 1], story.from_previous and bool(batch))
        batch.append(kept)
        room -= kept.size
    return batch


def _write(session: Session, batch: Sequence[_Story], seed: int, by: Actor, at: datetime) -> None:
    lines = [story.line for story in batch]
    ids = record_commitments(
        session, lines, by=by, at=at, source=EntrySource.CONSOLE, facts=[story.facts for story in batch]
    )
    pairs = [(ids[i - 1], ids[i], lines[i].dimensions) for i, story in enumerate(batch) if story.from_previous]
    sets = dimension_set_ids(session, [dimensions for _, _, dimensions in pairs]) if pairs else []
    start = next_id(session, TransferPair)
    rows = [
        {
            "id": start + i,
            "given_id": given,
            "spent_id": spent,
            "dimension_set_id": set_id,
            "recorded_at": at,
            "recorded_by": by.account_id,
        }
        for i, ((given, spent, _), set_id) in enumerate(zip(pairs, sets, strict=True))
    ]
    insert_rows(session, TransferPair.__table__, rows)  # type: ignore[attr-defined]
    write_journal(
        session,
        by=by,
        at=at,
        verb="generate",
        object_kind="commitment",
        changes={"commitments": len(ids), "entries": sum(story.size for story in batch), "seed": seed},
    )


def _cast(session: Session, random: Random, by: Actor, at: datetime) -> _Cast:
    funders = [
        (code, row.id or 0, row.confirmation_threshold) for code, row in generated_funders(session, by, at).items()
    ]
    providers = generated_providers(session, by, at)
    items = _items(session, day_in_france(at))
    known_ones = items["territory"]
    territories: list[int | None] = [*random.sample(known_ones, min(TERRITORIES, len(known_ones)))] or [None]
    programmes = {funder: tuple(_dimensions(random, items, territories)) for _, funder, _ in funders}
    weights = tuple(accumulate(1 / rank for _ in range(PROGRAMMES) for rank in range(1, len(territories) + 1)))
    return _Cast(tuple(funders), providers, programmes, weights)


def generated_funders(session: Session, by: Actor, at: datetime) -> dict[str, Organisation]:
    """The organisations of FUNDERS that fund, by code; those that are missing are added."""
    known = {row.code: row for row in session.exec(select(Organisation))}
    found = {
        code: known.get(code)
        or add_organisation(session, code=code, name=name, kind=kind, is_funder=True, by=by, at=at)
        for code, name, kind in FUNDERS
    }
    return {code: row for code, row in found.items() if row.is_funder}


def generated_providers(session: Session, by: Actor, at: datetime) -> tuple[int, ...]:
    """Identifiers of PROVIDERS training bodies; those that are missing are added."""
    known = {row.code: row for row in session.exec(select(Organisation))}
    providers = []
    for number in range(1, PROVIDERS + 1):
        code, name = f"organisme_{number:02d}", f"Organisme de formation {number:02d}"
        row = known.get(code) or add_organisation(
            session, code=code, name=name, kind=OrganisationKind.PROVIDER, by=by, at=at
        )
        providers.append(row.id or 0)
    return tuple(providers)


def _items(session: Session, today: date) -> dict[str, list[int]]:
    """Items of each list that are in force."""
    found = {}
    for name, table in REFERENCE_TABLES.items():
        query = select(table.id).where(table.code != UNKNOWN, func.coalesce(table.last, today) >= today)
        found[name] = [number or 0 for number in session.exec(query.order_by(col(table.id)))]
    return found


def _dimensions(random: Random, items: dict[str, list[int]], territories: list[int | None]) -> Iterator[Dimensions]:
    for _ in range(PROGRAMMES):
        programme = Dimensions(**{name: random.choice(ids) if ids else None for name, ids in items.items()})
        yield from (replace(programme, territory=territory) for territory in territories)


def _stories(random: Random, cast: _Cast, entries: int, last_day: date) -> Iterator[_Story]:
    """Stories in the order of their days, evenly over the years; without end, so that the last batch can be filled."""
    first_day = date(last_day.year - YEARS, last_day.month, 1) + timedelta(days=31)
    first_day = first_day.replace(day=1)
    span = (last_day - first_day).days
    told = 0
    while True:
        day = first_day + timedelta(days=min(span, span * told // max(entries, 1)))
        for story in (
            _transfer(random, cast, day, last_day) if random.random() < 0.03 else [_plain(random, cast, day, last_day)]
        ):
            told += story.size
            yield story


def _plain(random: Random, cast: _Cast, day: date, last_day: date) -> _Story:
    code, funder, threshold = random.choice(cast.funders)
    dimensions = cast.draw(random, funder)
    cents = _cents(random, threshold)
    line = CommitmentLine(
        funder_id=funder,
        amount=from_cents(cents),
        decided_on=day,
        object="Action de formation",
        dimensions=dimensions,
        provider_id=random.choice(cast.providers),
        persons=random.randint(1, 15),
    )
    return _Story(line, tuple(_facts(random, cents, day, last_day, orders=code in PUBLIC)))


def _transfer(random: Random, cast: _Cast, day: date, last_day: date) -> list[_Story]:
    """What one funder gives through another, and the line by which the other spends it."""
    known = {each[0]: each for each in cast.funders}
    usual = [pair for pair in THROUGH if known.keys() >= set(pair)]
    pair = random.choice(usual) if usual else random.sample(sorted(known), 2)
    (_, giver, limit), (code, spender, other_limit) = (known[each] for each in pair)
    dimensions = cast.draw(random, giver)
    limits = [each for each in (limit, other_limit) if each is not None]
    cents = _cents(random, min(limits, default=None))
    given = CommitmentLine(
        funder_id=giver,
        to_funder_id=spender,
        amount=from_cents(cents),
        decided_on=day,
        object="Transfert entre financeurs",
        dimensions=dimensions,
    )
    spent = CommitmentLine(
        funder_id=spender,
        amount=from_cents(cents),
        decided_on=day,
        object="Action financée par transfert",
        dimensions=dimensions,
        provider_id=random.choice(cast.providers),
    )
    paid = min(day + timedelta(days=20), last_day)
    return [
        _Story(given, (Fact(EntryKind.PAYMENT, given.amount, paid),)),
        _Story(spent, tuple(_facts(random, cents, day, last_day, orders=code in PUBLIC)), from_previous=True),
    ]


def _cents(random: Random, threshold: Decimal | None) -> int:
    """Most lines are of some thousands of euros, a few of a hundred thousand; never above the threshold."""
    euros = min(int(random.lognormvariate(8.2, 1.0)) + 100, 200_000)
    if threshold is not None:
        euros = min(euros, int(threshold))
    return max(euros, 1) * 100


def _facts(random: Random, cents: int, day: date, last_day: date, *, orders: bool) -> Iterator[Fact]:
    """Payments in several steps, some mistakes annulled, what is left released. Every beginning of it is lawful."""
    steps = random.choice((1, 1, 2, 3))
    released = cents // 10 if random.random() < 0.05 else 0
    left, position = cents - released, 0
    for step in range(steps):
        day += timedelta(days=random.randint(15, 75))
        if day > last_day:
            return
        amount = left if step == steps - 1 else left // (steps - step)
        left -= amount
        told = list(_payment(random, from_cents(amount), day, position, orders=orders))
        position += len(told)
        yield from told
    if released:
        yield Fact(EntryKind.RELEASE, from_cents(released), day)
    elif random.random() < 0.01:
        yield Fact(EntryKind.REPAYMENT, from_cents(cents // 20 or 1), day)


def _payment(random: Random, amount: Decimal, day: date, position: int, *, orders: bool) -> Iterator[Fact]:
    if orders:
        yield Fact(EntryKind.SETTLEMENT, amount, day)
        yield Fact(EntryKind.ORDER, amount, day)
        position += 2
    if random.random() < 0.02:
        wrong = (amount / 2).quantize(Decimal("0.01"))
        yield Fact(EntryKind.PAYMENT, wrong, day)
        yield Fact(EntryKind.PAYMENT, -wrong, day, annuls=position, motive="Erreur de saisie")
    yield Fact(EntryKind.PAYMENT, amount, day)
