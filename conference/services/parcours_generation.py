"""How is an instance filled with a great many plausible parcours?

To measure and to try, not to show. Everything goes through the bulk path of the ordinary services, in batches of one
transaction and one journal entry each. The same seed on the same day gives the same persons: courses that begin within nine
months before or after that day, of whom `SHARES` are wholly paid by recorded rights, may count on a rule, or have days that
nobody pays. Nobody has published those shares: they are plausible (most trainees keep their allowance to the end).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate, islice
from random import Random

from sqlmodel import Session, col, func, select

from conference.data.session import Database
from conference.data.tables import Audience, Territory
from conference.data.tables.reference import UNKNOWN
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.period import Period
from conference.domain.permissions import Actor
from conference.domain.refusal import Refusal
from conference.domain.results import QualificationResult, RuptureMotive, StepOutcome
from conference.domain.rights import RightKind
from conference.services.generation import TERRITORIES, generated_funders, generated_providers
from conference.services.income_rights import RightLine
from conference.services.parcours import Situation
from conference.services.parcours_bulk import CourseLine, ParcoursLine, StoppedDays, record_parcours
from conference.services.step_results import ResultLine
from conference.services.steps import StepLine

BATCH = 5_000
"""Parcours of one transaction."""
AROUND = 274
"""Days before and after today on which courses begin."""
SHARES = (80, 12, 8)
"""In a hundred persons: wholly paid by recorded rights, with days that nobody pays, with days that a rule pays."""
PAID, UNPAID, PRESUMED = range(3)
CENTS = (1948, 2283, 2565, 2850, 3100, 3417, 4120, 4734, 6000)
"""Daily amounts of the allowances."""
TRAINEE_CENTS = (68_500, 71_500)
"""Monthly pay of a trainee."""
FOLLOWED_BY = ("france_travail", "region", "transitions_pro", "agefiph", "opco_construction", "opco_sante")
OPENS_RELAY = 2
"""The first of them pay courses that open the relay."""
HOW_OFTEN = tuple(accumulate((40, 25, 10, 5, 10, 10)))
TITLES = (
    *("Conducteur routier de marchandises", "Aide-soignant", "Maçon", "Secrétaire assistant", "Soudeur"),
    *("Technicien de maintenance", "Cuisinier", "Agent de propreté", "Électricien du bâtiment", "Infirmier"),
)


@dataclass(frozen=True)
class _Cast:
    """Who plays: identifiers of funders by code, of training bodies, of territories (the first ones more often, by their
    weights cumulated) and of audiences."""

    funders: dict[str, int]
    providers: tuple[int, ...]
    territories: tuple[int | None, ...]
    weights: tuple[float, ...]
    audiences: tuple[int | None, ...]


def generate_parcours(database: Database, *, parcours: int, seed: int, by: Actor, at: datetime) -> Iterator[int]:
    """Write exactly `parcours` of them; after each batch, the number written so far. Raises Refusal without `init`."""
    random = Random(seed)
    with database.writing() as session:
        cast = _cast(session, random, by, at)
    lines = _lines(random, cast, day_in_france(at))
    written = 0
    while written < parcours:
        with database.writing() as session:
            written += len(record_parcours(session, list(islice(lines, min(BATCH, parcours - written))), by=by, at=at))
        yield written


def _cast(session: Session, random: Random, by: Actor, at: datetime) -> _Cast:
    funders = {code: row.id or 0 for code, row in generated_funders(session, by, at).items()}
    if not set(FOLLOWED_BY) & set(funders):
        raise Refusal("Aucun des organismes d’essai n’est un financeur : rien ne peut être créé.", code="generate")
    territories = _in_force(session, Territory, day_in_france(at))
    territories = random.sample(territories, min(TERRITORIES, len(territories)))
    return _Cast(
        funders,
        generated_providers(session, by, at),
        tuple(territories) or (None,),
        tuple(accumulate(1 / rank for rank in range(1, 1 + max(1, len(territories))))),
        tuple(_in_force(session, Audience, day_in_france(at))) or (None,),
    )


def _in_force(session: Session, table: type[Territory] | type[Audience], today: date) -> list[int | None]:
    """Items of a list that are in force, without the one that stands for what is not known."""
    query = select(table.id).where(table.code != UNKNOWN, func.coalesce(table.last, today) >= today)
    return list(session.exec(query.order_by(col(table.id))))


def _lines(random: Random, cast: _Cast, today: date) -> Iterator[ParcoursLine]:
    """Persons without end."""
    codes = [code for code in FOLLOWED_BY if code in cast.funders]
    weights = HOW_OFTEN[: len(codes)]
    shares = tuple(accumulate(SHARES))
    while True:
        share = random.choices((PAID, UNPAID, PRESUMED), cum_weights=shares)[0]
        # The relay is due where France Travail or the Région pays the course: for the others it is to check.
        among = min(len(codes), OPENS_RELAY) if share == PRESUMED else len(codes)
        referent = random.choices(codes[:among], cum_weights=weights[:among])[0]
        yield _person(random, cast, referent, share, today)


def _person(random: Random, cast: _Cast, referent: str, share: int, today: date) -> ParcoursLine:
    first = today + timedelta(days=random.randint(-AROUND, AROUND))
    last = first + timedelta(days=random.randint(29, 300))
    on_leave = share == PAID and referent == "transitions_pro"
    kind = StepKind.LEAVE if on_leave else StepKind.TRAINING
    registered = min(today, first - timedelta(days=random.randint(5, 60)))
    course = _course(random, cast, referent, share, Period(first, last), kind, registered)
    courses = [_with_result(random, course, today)]
    if random.random() < 0.3:
        courses.insert(0, _before(random, cast, referent, first))
    rights = () if _is_without_right(course.step) else _rights(random, cast, share, course)
    return ParcoursLine(
        referent_id=cast.funders[referent],
        kind=ParcoursKind.MOBILITE_CHOISIE if on_leave else random.choice(tuple(ParcoursKind)),
        key_situation=random.choice(tuple(KeySituation)),
        target=course.step.title,
        situation=_situation(random, cast, with_benefit=bool(rights)),
        courses=tuple(courses),
        rights=rights,
    )


def _situation(random: Random, cast: _Cast, *, with_benefit: bool) -> Situation:
    return Situation(
        territory_id=random.choices(cast.territories, cum_weights=cast.weights)[0],
        audience_id=random.choice(cast.audiences),
        disabled=random.choice((False, False, False, None, True)),
        no_benefit=not with_benefit,
        worked_6_of_12=random.choice((True, False, None)),
        single_parent=random.choice((False, False, True, None)),
    )


def _course(
    random: Random, cast: _Cast, referent: str, share: int, days: Period, kind: StepKind, registered: date
) -> CourseLine:
    """A course that needs an income. Who may count on a rule follows a qualifying course, prescribed, for an occupation in
    demand; of those whose days nobody pays, one condition is missing, or half of them would be paid."""
    missing = random.randrange(4) if share == UNPAID else -1
    approved = share == PRESUMED or random.choice((False, False, None))
    step = StepLine(
        kind=kind,
        title=random.choice(TITLES),
        first=days.first,
        last=days.last,
        hours=5 * days.days,
        provider_id=random.choice(cast.providers),
        funder_ids=_funders(random, cast, referent),
        registered_on=registered,
        weekly_hours=Decimal(35) if share == PRESUMED else random.choice((Decimal(35), Decimal(30), Decimal(21), None)),
        age_at_entry=random.randint(18, 60),
        prescribed=missing != 0,
        qualifying=missing != 1,
        shortage_occupation=missing not in (2, 3),
        approved_for_pay=approved,
    )
    return CourseLine(step, _stopped(random, days.first, days.last))


def _funders(random: Random, cast: _Cast, referent: str) -> tuple[int, ...]:
    mine = cast.funders[referent]
    if random.random() < 0.2 and "region" in cast.funders:
        return tuple(dict.fromkeys((mine, cast.funders["region"])))
    return (mine,)


def _before(random: Random, cast: _Cast, referent: str, first: date) -> CourseLine:
    """An orientation, or a bilan, some days before the course."""
    last = first - timedelta(days=random.choice((3, 10, 25, 25, 45)))
    kind, title, days = random.choice(
        ((StepKind.ORIENTATION, "Orientation", 5), (StepKind.BILAN, "Bilan de compétences", 60))
    )
    mine = cast.funders[referent]
    begun = last - timedelta(days=days)
    return CourseLine(StepLine(kind, title, begun, last, hours=24, needs_income=False, funder_ids=(mine,)))


def _stopped(random: Random, first: date, last: date) -> tuple[StoppedDays, ...]:
    """One course in fifty stands still some days."""
    if random.random() >= 0.02:
        return ()
    begun = first + timedelta(days=random.randint(5, (last - first).days - 10))
    return (StoppedDays(begun, begun + timedelta(days=random.randint(1, 9)), random.choice(tuple(InterruptionKind))),)


def _with_result(random: Random, course: CourseLine, today: date) -> CourseLine:
    """Most courses that are over have a result, and one in ten of them was broken off."""
    step = course.step
    if step.last >= today or random.random() < 0.2:
        return course
    if random.random() < 0.1:
        ended = step.first + timedelta(days=random.randint(5, (step.last - step.first).days - 1))
        motive = random.choice(tuple(RuptureMotive))
        return CourseLine(step, course.stopped, ResultLine(StepOutcome.BROKEN_OFF, ended_on=ended, motive=motive))
    obtained = random.choice(tuple(QualificationResult))
    return CourseLine(step, course.stopped, ResultLine(StepOutcome.COMPLETED, qualification=obtained))


def _is_without_right(step: StepLine) -> bool:
    """Persons without any benefit at entry: as many as the ages that a seventh of them have."""
    return step.shortage_occupation is False and step.age_at_entry is not None and step.age_at_entry % 3 == 0


def _rights(random: Random, cast: _Cast, share: int, course: CourseLine) -> tuple[RightLine, ...]:
    """What is recorded: to the end of the course, in one right or two; otherwise up to a day within it, or from one."""
    step = course.step
    if share == PAID:
        return tuple(_whole(random, cast, step))
    until = step.first + timedelta(days=random.randint(10, (step.last - step.first).days - 1))
    begun = step.first - timedelta(days=random.randint(0, 60))
    amount = _euros(random.choice(CENTS))
    payer = cast.funders.get("france_travail", step.funder_ids[0])
    right = RightLine(RightKind.AREF, payer, begun, until, amount, origin="Notification")
    if share == UNPAID and random.random() < 0.15:
        return (RightLine(RightKind.AREF, payer, until, step.last, amount, origin="Notification"),)
    if share == UNPAID and random.random() < 0.1 and (step.last - until).days > 12:
        resumed = until + timedelta(days=random.randint(2, 10))
        return right, RightLine(RightKind.AREF, payer, resumed, step.last, amount, origin="Notification")
    return (right,)


def _whole(random: Random, cast: _Cast, step: StepLine) -> Iterator[RightLine]:
    begun = step.first - timedelta(days=random.randint(0, 60))
    until = step.last + timedelta(days=random.choice((0, 0, 10, 60)))
    if step.kind is StepKind.LEAVE:
        yield RightLine(
            *(RightKind.PTP, cast.funders["transitions_pro"], begun, until),
            monthly_amount=_euros(random.randrange(160_000, 300_000, 10_000)),
        )
    elif random.random() < 0.25 and "region" in cast.funders:
        pay = _euros(random.choice(TRAINEE_CENTS))
        yield RightLine(RightKind.TRAINEE_PAY, cast.funders["region"], begun, until, monthly_amount=pay)
    else:
        payer = cast.funders.get("france_travail", step.funder_ids[0])
        cents = random.choice(CENTS)
        if random.random() < 0.2:
            cut = step.first + timedelta(days=random.randint(1, (step.last - step.first).days))
            yield RightLine(RightKind.AREF, payer, begun, cut - timedelta(days=1), _euros(cents), origin="Notification")
            begun, cents = cut, cents + 100
        yield RightLine(RightKind.AREF, payer, begun, until, _euros(cents), origin="Notification")


@cache
def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
