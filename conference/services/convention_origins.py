"""How does a convention begin from what is already known: gaps in people's income, a financing plan, a handoff?

In one gesture a draft holds the parties, the amounts and the days that the ledger and the parcours tell; people are counted,
never named. What it cannot know (who signs, by which decision) stays to be told.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Integer, func, type_coerce
from sqlmodel import Session, col, select

from conference.data.queries.collective_actions import action_view
from conference.data.queries.convention_facts import FEWEST_PERSONS
from conference.data.queries.need_selection import GAPS, chosen, reads_all
from conference.data.queries.plans import PlanView, plan_of_action, plans_of_steps
from conference.data.tables import (
    Audience,
    CollectiveAction,
    ConventionVersion,
    Handoff,
    HandoffShare,
    Nature,
    Organisation,
    Step,
    Territory,
)
from conference.data.tables.organisation import OrganisationKind
from conference.data.types import month_date
from conference.domain.convention import ConventionKind, InstalmentKind, PartyRole
from conference.domain.french import day_in_france
from conference.domain.handoff import HandoffStatus
from conference.domain.money import ZERO, from_cents
from conference.domain.needs import NOT_SAID, NeedFilters
from conference.domain.period import Period
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Forbidden, NotFound, Refusal
from conference.domain.years import shares_by_days
from conference.services.convention_terms import (
    IncomeLine,
    InstalmentLine,
    PartyLine,
    ShareLine,
    Terms,
    set_income,
    set_plan,
    set_schedule,
)
from conference.services.conventions import Origin, draft_convention
from conference.services.parcours_changes import reached

PAYS_TRAINEES = (OrganisationKind.REGION,)
"""Kinds of organisations that pay trainees, in the order in which one is looked for."""
FINDS_RIGHTS = (OrganisationKind.FRANCE_TRAVAIL, OrganisationKind.POLE_EMPLOI, OrganisationKind.ASSEDIC)
"""Kinds of those that establish when rights are exhausted."""
DUTIES = {
    PartyRole.FUNDER: "Rémunérer les personnes relevant de la présente convention, dans la limite du plafond.\n"
    "Transmettre chaque mois la liste des personnes rémunérées, sous leur pseudonyme.",
    PartyRole.PARTNER: "Établir, pour chaque personne, la date à laquelle ses droits à l’assurance chômage sont épuisés.\n"
    "Transmettre chaque mois la liste des personnes concernées, sous leur pseudonyme.",
}

EVERYTHING = "tout=oui"
"""What stands for a selection without any filter."""
SENDS = (
    "Transmettre le dossier de la personne, sous son pseudonyme, avant le premier jour du relais.\n"
    "Dégager ce qu’il ne paiera plus."
)
TAKES_OVER = "Prendre la suite à compter du premier jour du relais, à hauteur de ce qu’il a accepté."


def draft_from_gaps(session: Session, selection: str, *, by: Actor, at: datetime) -> ConventionVersion:
    """A convention by which the Région pays the days of these gaps that nobody pays, from `selection` (`NeedFilters.text`).

    Its ceiling is what they are known to need, its plan that need by year. Raises Forbidden, Refusal when the selection holds
    no known euro, or too few persons for the figures to leave the screen of who may not read every parcours.
    """
    require(by, "need.read", Relation.OTHER)
    filters = _filters(selection)
    years = _needs_by_year(session, filters, by)
    on = day_in_france(at)
    payer, partner = _one_of(session, PAYS_TRAINEES, on), _one_of(session, FINDS_RIGHTS, on)
    total = sum((amount for _, amount in years), ZERO)
    terms = Terms(
        title="Rémunération des stagiaires dont les droits s’achèvent avant la formation",
        first=max(on, filters.first_month or on),
        last=_last_day(filters.last_month) or date(years[-1][0], 12, 31),
        ceiling=total,
        beneficiary_id=None,
    )
    parties = (
        PartyLine(payer.id or 0, PartyRole.FUNDER, duties=DUTIES[PartyRole.FUNDER]),
        PartyLine(partner.id or 0, PartyRole.PARTNER, duties=DUTIES[PartyRole.PARTNER]),
    )
    version = draft_convention(
        session,
        kind=ConventionKind.INCOME,
        terms=terms,
        parties=parties,
        origin=Origin(selection=filters.text or EVERYTHING),
        by=by,
        at=at,
    )
    nature = _nature(session, "remuneration")
    lines = [ShareLine(payer.id or 0, year, nature, amount) for year, amount in years]
    set_plan(session, version.id or 0, lines, seen=None, by=by, at=at)
    income = IncomeLine(
        payer.id or 0,
        audience_id=_item(session, Audience, filters.audience),
        territory_id=_item(session, Territory, filters.territory),
    )
    set_income(session, version.id or 0, income, seen=None, by=by, at=at)
    return version


def draft_from_plan(
    session: Session, *, step_id: int | None = None, action_id: int | None = None, by: Actor, at: datetime
) -> ConventionVersion:
    """A co-funding convention from the plan of a step or of a collective action that `by` reaches: its funders, their shares
    year by year, their instalments. Raises NotFound, Refusal when fewer than two funders share the cost."""
    held, plan = _plan(session, step_id, action_id, by)
    funders = plan.funders
    if len(funders) < 2:
        raise Refusal("Ce plan a moins de deux financeurs\u202f: il n’y a rien à cofinancer.", code="one_funder")
    total = sum((plan.taken_by(funder) for funder, _ in funders), ZERO)
    terms = Terms(
        title=f"Cofinancement de « {held.title} »"[:300],
        first=held.first,
        last=held.last + timedelta(days=90),
        ceiling=total,
        beneficiary_id=held.provider_id,
    )
    parties = [
        PartyLine(funder, PartyRole.FUNDER, duties="Financer l’action à hauteur de sa part.") for funder, _ in funders
    ]
    origin = Origin(step_id=step_id, action_id=action_id)
    version = draft_convention(
        session, kind=ConventionKind.CO_FUNDING, terms=terms, parties=parties, origin=origin, by=by, at=at
    )
    days = Period(held.first, held.last)
    set_plan(session, version.id or 0, list(_plan_lines(plan, days)), seen=None, by=by, at=at)
    schedule = [line for funder, _ in funders for line in _instalments(plan, funder)]
    if schedule:
        set_schedule(session, version.id or 0, schedule, seen=None, by=by, at=at)
    return version


def draft_from_handoff(session: Session, handoff_id: int, *, by: Actor, at: datetime) -> ConventionVersion:
    """A relay convention between the two funders of a handoff: the receiver puts in what it took, or what it is asked."""
    handoff = session.get(Handoff, handoff_id)
    if handoff is None or not (by.organisation_id in (handoff.sender_id, handoff.receiver_id) or reads_all(by)):
        raise NotFound()
    if handoff.status not in (HandoffStatus.PROPOSED, HandoffStatus.ACCEPTED):
        raise Refusal("Une convention se prépare sur un relais proposé ou accepté.", code="handoff_status")
    step = session.get_one(Step, handoff.to_step_id or handoff.from_step_id)
    shares = session.exec(select(HandoffShare).where(HandoffShare.handoff_id == handoff_id)).all()
    taken = [(row.nature_id, row.asked if row.accepted is None else row.accepted) for row in shares]
    taken = [(nature, amount) for nature, amount in taken if amount]
    if not taken:
        raise Refusal("Ce relais ne porte aucun montant.", code="no_amount")
    last = max(step.last, handoff.first_day)
    sender, receiver = (session.get_one(Organisation, each) for each in (handoff.sender_id, handoff.receiver_id))
    terms = Terms(
        title=f"Relais entre {sender.short_name} et {receiver.short_name}"[:300],
        first=handoff.first_day,
        last=last,
        ceiling=sum((amount for _, amount in taken), ZERO),
        beneficiary_id=step.provider_id,
    )
    parties = (
        PartyLine(handoff.sender_id, PartyRole.PARTNER, duties=SENDS),
        PartyLine(handoff.receiver_id, PartyRole.FUNDER, duties=TAKES_OVER),
    )
    origin = Origin(handoff_id=handoff_id)
    version = draft_convention(
        session, kind=ConventionKind.RELAY, terms=terms, parties=parties, origin=origin, by=by, at=at
    )
    days = Period(handoff.first_day, last)
    lines = [
        ShareLine(handoff.receiver_id, year, nature, part)
        for nature, amount in taken
        for year, part in shares_by_days(amount, days)
        if part
    ]
    set_plan(session, version.id or 0, lines, seen=None, by=by, at=at)
    return version


def _filters(selection: str) -> NeedFilters:
    try:
        return NeedFilters.from_text(selection)
    except ValueError:
        raise Refusal("Cette sélection ne se lit pas. Revenez au besoin de relais et choisissez de nouveau.") from None


def _needs_by_year(session: Session, filters: NeedFilters, by: Actor) -> list[tuple[int, Decimal]]:
    """(year, known euros) of the gaps of a selection."""
    cents = func.sum(type_coerce(GAPS.c.amount, BigInteger))
    query = select(type_coerce(GAPS.c.month, Integer), cents).where(*chosen(session, filters, GAPS))
    found: dict[int, Decimal] = {}
    for month, amount in session.connection().execute(query.group_by(GAPS.c.month)):
        found[month_date(int(month)).year] = found.get(month_date(int(month)).year, ZERO) + from_cents(int(amount or 0))
    if not reads_all(by) and _fewest_persons(session, filters, found) < FEWEST_PERSONS:
        raise Refusal(
            f"Cette sélection compte moins de {FEWEST_PERSONS} personnes sur une année\u202f: la coordination peut préparer "
            "la convention, ou élargissez la sélection.",
            code="few_persons",
        )
    known = [(year_of, amount) for year_of, amount in sorted(found.items()) if amount]
    if not known:
        raise Refusal("Aucun besoin chiffré ne répond à cette sélection.", code="no_need")
    return known


def _fewest_persons(session: Session, filters: NeedFilters, years: Iterable[int]) -> int:
    """Distinct persons of the year that has the fewest of them."""
    month = type_coerce(GAPS.c.month, Integer)
    counts = []
    for year in years:
        query = select(func.count(GAPS.c.parcours_id.distinct())).where(
            *chosen(session, filters, GAPS), month.between(year * 100 + 1, year * 100 + 12)
        )
        counts.append(int(session.exec(query).one()))
    return min(counts, default=0)


def _last_day(month: date | None) -> date | None:
    if month is None:
        return None
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _one_of(session: Session, kinds: Sequence[OrganisationKind], on: date) -> Organisation:
    """The first organisation of these kinds that exists on a day. Raises Refusal."""
    for kind in kinds:
        query = select(Organisation).where(Organisation.kind == kind.value).order_by(col(Organisation.id))
        for row in session.exec(query):
            if (row.first is None or row.first <= on) and (row.last is None or on <= row.last):
                return row
    raise Refusal(
        "L’annuaire ne connaît pas encore les deux parties (la Région, et l’opérateur de l’assurance chômage). "
        "Ajoutez-les, ou préparez la convention à la main.",
        code="no_party",
    )


def _nature(session: Session, code: str) -> int:
    found = session.exec(select(Nature.id).where(Nature.code == code)).first()
    if found is None:
        raise Refusal("La nature « Rémunération » manque dans les listes de référence.", code="nature")
    return found


def _item(session: Session, table: type[Any], code: str) -> int | None:
    if not code or code == NOT_SAID:
        return None
    found = session.exec(select(table.id).where(table.code == code)).first()
    return int(found) if found is not None else None


def _plan(
    session: Session, step_id: int | None, action_id: int | None, by: Actor
) -> tuple[Step | CollectiveAction, PlanView]:
    if action_id is not None:
        action_view(session, by, action_id, threshold=FEWEST_PERSONS)
        return session.get_one(CollectiveAction, action_id), plan_of_action(session, by, action_id)
    step = session.get(Step, step_id) if step_id is not None else None
    if step is None or step.withdrawn_at is not None:
        raise NotFound()
    try:
        reached(session, step.parcours_id, by, "parcours.read")
    except Forbidden:
        raise NotFound() from None
    return step, plans_of_steps(session, by, [step.id or 0])[step.id or 0]


def _plan_lines(plan: PlanView, days: Period) -> Iterable[ShareLine]:
    for cost in plan.costs:
        for share in cost.shares:
            by_year: dict[int, Decimal] = {}
            for day, amount in share.instalments:
                by_year[day.year] = by_year.get(day.year, ZERO) + amount
            for year, amount in sorted(by_year.items()) or shares_by_days(share.amount, days):
                if amount:
                    yield ShareLine(share.funder_id, year, cost.nature_id, amount)


def _instalments(plan: PlanView, funder_id: int) -> list[InstalmentLine]:
    """The schedule of a funder, all natures together, where every share of it has one: an advance, interims, a balance."""
    shares = [share for cost in plan.costs for share in cost.shares if share.funder_id == funder_id]
    if not all(share.instalments for share in shares):
        return []
    due: dict[date, Decimal] = {}
    for share in shares:
        for day, amount in share.instalments:
            due[day] = due.get(day, ZERO) + amount
    days = sorted(due)
    kinds = [InstalmentKind.INTERIM] * len(days)
    kinds[0], kinds[-1] = InstalmentKind.ADVANCE, InstalmentKind.BALANCE
    return [InstalmentLine(funder_id, kind, day, due[day]) for kind, day in zip(kinds, days, strict=True)]
