"""What does a newcomer find? A conférence of eight funders and three years of flows, made through the services.

No row that a user could not have made: each decision is recorded by an officer of its funder, at its own instant, in
the order of the days; one mistake is reversed, one commitment waits for its signatory, transfers are paired.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from pathlib import Path

from sqlmodel import Session, select

from conference.data.tables import REFERENCE_TABLES, Account, ConferenceProfile
from conference.domain.french import PARIS, day_in_france, previous_month
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import CONSOLE, Actor, Role
from conference.services.accounts import add_account
from conference.services.attachments import Depot
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.demo.actions import load_action
from conference.services.demo.conventions import LARGEST, Conventions
from conference.services.demo.flows import Plan, draw_plans
from conference.services.demo.organisations import ORGANISATIONS, PEOPLE
from conference.services.demo.people import load_parcours
from conference.services.demo.relays import Story
from conference.services.dimensions import Dimensions
from conference.services.entries import record_entry, reverse_entry
from conference.services.instance import init_instance
from conference.services.organisations import add_organisation, set_budget, set_confirmation_threshold
from conference.services.passwords import hash_password
from conference.services.sessions import actor_of
from conference.services.transfers import pair_transfer

PASSWORD = "relais-entre-financeurs"
"""Of every demo account; printed to whoever runs the demo."""
DOMAIN = "demo.example"
YEARS = 3


@dataclass(frozen=True)
class DemoAccount:
    """An account to show to the newcomer."""

    email: str
    name: str
    organisation: str
    role: Role


def load_demo(session: Session, *, instance: Path, address: str, at: datetime) -> bool:
    """Fill an empty database with the demo, relative to the day of `at`; False when it holds a conférence already. Files are
    kept in the folder `instance`; the pages of conventions bear `address`."""
    today = day_in_france(at)
    first_month = date(today.year - YEARS, 1, 1)
    began = _instant(first_month, 8)
    if not init_instance(
        session,
        by=CONSOLE,
        at=began,
        name="Conférence des financeurs de Poitou-Océan",
        region="Poitou-Océan",
        first_month=first_month,
        is_demo=True,
    ):
        return False
    ids = _load_organisations(session, began)
    actors = _load_accounts(session, ids, began)
    conventions = Conventions(session, ids, actors, Depot(instance, LARGEST), address, at)
    _load_flows(session, ids, actors, first_month, today, conventions.past())
    Story(session, ids, actors, at, _instant(today.replace(day=1), 12)).tell()
    load_parcours(session, ids, actors, at)
    conventions.present()
    load_action(session, ids, actors, at)
    return True


def demo_accounts(session: Session) -> tuple[DemoAccount, ...]:
    """The accounts of the demo, in the order in which they are shown; none when this is no demo."""
    profile = session.get(ConferenceProfile, 1)
    if profile is None or not profile.is_demo:
        return ()
    known = set(session.exec(select(Account.email)))
    names = {each.code: each.short_name for each in ORGANISATIONS}
    accounts = (DemoAccount(f"{p.login}@{DOMAIN}", p.name, names[p.organisation], p.role) for p in PEOPLE)
    return tuple(account for account in accounts if account.email in known)


def _load_organisations(session: Session, at: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    for each in ORGANISATIONS:
        made = add_organisation(
            session,
            code=each.code,
            name=each.name,
            short_name=each.short_name,
            kind=each.kind,
            siret=each.siret,
            is_funder=each.is_funder,
            first=each.first,
            last=each.last,
            successor_id=ids[each.successor] if each.successor else None,
            by=CONSOLE,
            at=at,
        )
        ids[each.code] = made.id or 0
    return ids


def _load_accounts(session: Session, ids: dict[str, int], at: datetime) -> dict[str, Actor]:
    """The accounts, and for each funder the actor that records its flows."""
    hashed = hash_password(PASSWORD, email=f"personne@{DOMAIN}", name="")
    actors: dict[str, Actor] = {}
    for person in PEOPLE:
        account = add_account(
            session,
            email=f"{person.login}@{DOMAIN}",
            name=person.name,
            organisation_id=ids[person.organisation],
            role=person.role.value,
            by=CONSOLE,
            at=at,
            password=hashed,
        )
        actor = actor_of(session, account)
        if person.role is Role.SIGNATORY:
            actors[f"{person.organisation}:signatory"] = actor
        if person.role in (Role.OFFICER, Role.COORDINATOR):
            actors[person.organisation] = actor
    return actors


def _load_flows(
    session: Session,
    ids: dict[str, int],
    actors: dict[str, Actor],
    first: date,
    today: date,
    tales: list[tuple[datetime, Callable[[], None]]],
) -> None:
    """Every decision and what follows it, recorded in the order of their instants, as the journal would have seen them."""
    last_day = today.replace(day=1) - timedelta(days=1)
    mistake_day = previous_month(last_day).replace(day=12)
    items = _items(session)
    agenda: list[tuple[datetime, int, Plan, int]] = []
    for plan in draw_plans(first, last_day):
        heappush(agenda, (_office_hour(plan, plan.decided_on), plan.number, plan, -1))
    lines: dict[int, int] = {}
    mistaken = False
    while agenda:
        at, _, plan, step = heappop(agenda)
        while tales and tales[0][0] < at:
            tales.pop(0)[1]()
        if not mistaken and day_in_france(at) > mistake_day:
            mistaken = True
            _load_mistake(session, ids, items, actors, mistake_day)
        if step < 0:
            lines[plan.number] = _commit(session, plan, ids, items, actors, at)
        else:
            day, kind, amount = plan.follow[step]
            _record(session, lines[plan.number], kind, amount, day, actors[plan.programme.funder], at)
        if step + 1 < len(plan.follow):
            heappush(agenda, (_office_hour(plan, plan.follow[step + 1][0]), plan.number, plan, step + 1))
    for _, tell in tales:
        tell()
    _load_last_gestures(session, ids, items, actors, last_day)


def _office_hour(plan: Plan, day: date) -> datetime:
    return _instant(day, 9 + plan.number % 8, plan.number % 60)


def _commit(
    session: Session,
    plan: Plan,
    ids: dict[str, int],
    items: dict[str, dict[str, int]],
    actors: dict[str, Actor],
    at: datetime,
) -> int:
    """Record a decision; when it goes through another funder, that one spends it the same day on its own line."""
    programme = plan.programme
    line = _line(plan, ids, items)
    given = commit_funds(session, line, by=actors[programme.funder], at=at, source=EntrySource.FORM).id or 0
    if programme.through:
        other = ids[programme.through]
        spent_line = replace(
            line, funder_id=other, to_funder_id=None, object=f"{line.object} (fonds de la Région)", shares=()
        )
        actor = actors[programme.through]
        spent = commit_funds(session, spent_line, by=actor, at=at, source=EntrySource.FORM).id or 0
        pair_transfer(session, given_id=given, spent_id=spent, by=actor, at=at)
    return given


def _line(plan: Plan, ids: dict[str, int], items: dict[str, dict[str, int]]) -> CommitmentLine:
    programme = plan.programme
    return CommitmentLine(
        funder_id=ids[programme.funder],
        amount=plan.amount,
        decided_on=plan.decided_on,
        object=programme.object,
        dimensions=Dimensions(
            scheme=items["scheme"][programme.scheme],
            audience=items["audience"][programme.audience],
            nature=items["nature"][programme.nature],
            level=items["level"][programme.level],
            territory=items["territory"][plan.territory],
            sector=items["sector"][programme.sector],
        ),
        to_funder_id=ids[programme.through] if programme.through else None,
        provider_id=ids[programme.provider] if programme.provider and not programme.through else None,
        first=plan.first,
        last=plan.last,
        persons=plan.persons,
        funder_reference=f"{plan.decided_on.year}-{plan.number:04d}",
        shares=plan.shares,
    )


def _record(
    session: Session, commitment_id: int, kind: EntryKind, amount: Decimal, day: date, by: Actor, at: datetime
) -> int:
    entry = record_entry(
        session, commitment_id, kind=kind, amount=amount, effective_on=day, by=by, at=at, source=EntrySource.FORM
    )
    return entry.id or 0


def _load_mistake(
    session: Session, ids: dict[str, int], items: dict[str, dict[str, int]], actors: dict[str, Actor], day: date
) -> None:
    """A payment typed wrong, reversed with a motive and entered again."""
    officer = actors["france_travail"]
    plan = next(plan for plan in draw_plans(day.replace(day=1), day) if plan.programme.funder == "france_travail")
    plan = replace(plan, decided_on=day, amount=Decimal("4250.00"), follow=[], number=9001, shares=())
    line = _commit(session, plan, ids, items, actors, _instant(day, 18))
    wrong = _record(session, line, EntryKind.PAYMENT, Decimal("2150.00"), day, officer, _instant(day, 18, 5))
    motive = "Montant mal saisi : 1 250,00 et non 2 150,00"
    reverse_entry(session, wrong, motive=motive, by=officer, at=_instant(day, 18, 9))
    _record(session, line, EntryKind.PAYMENT, Decimal("1250.00"), day, officer, _instant(day, 18, 11))


def _load_last_gestures(
    session: Session, ids: dict[str, int], items: dict[str, dict[str, int]], actors: dict[str, Actor], last_day: date
) -> None:
    """What a newcomer should see once: a line that waits for its signatory, and budgets."""
    signatory = actors["region:signatory"]
    at = _instant(last_day, 18)
    set_confirmation_threshold(session, ids["region"], threshold=Decimal("100000.00"), by=signatory, at=at)
    month = last_day.replace(day=1)
    plan = next(plan for plan in draw_plans(month, last_day) if plan.programme.funder == "region")
    plan = replace(
        plan, decided_on=last_day, amount=Decimal("186000.00"), persons=60, follow=[], number=9002, shares=()
    )
    _commit(session, plan, ids, items, actors, _instant(last_day, 18, 10))
    for code, amount in (("region", "18000000.00"), ("opco_batiment", "3600000.00"), ("agefiph", "180000.00")):
        at = _instant(last_day, 18, 20)
        set_budget(session, ids[code], year=last_day.year, amount=Decimal(amount), by=actors[code], at=at)


def _items(session: Session) -> dict[str, dict[str, int]]:
    return {
        name: {code: item_id or 0 for code, item_id in session.exec(select(table.code, table.id))}
        for name, table in REFERENCE_TABLES.items()
    }


def _instant(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)
