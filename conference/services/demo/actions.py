"""Which course do many people of the demo follow together, and who shares its cost?

A preparation for employment in the building trade: six jobseekers, one cost in euros that the OPCO and France Travail share in
per cent. The OPCO has engaged its share, which six steps carry to the cent; France Travail has still to engage its own. The
allowance of each person lasts as long as the course.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from conference.data.tables import Audience, Nature, Territory
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor
from conference.domain.rights import RightKind
from conference.services.collective_actions import ActionLine, NewPeople, create_action, enrol_new
from conference.services.dimensions import Dimensions
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import Situation
from conference.services.plans import PlanOf, commit_shares, set_cost, set_share

OWNER, OTHER = "opco_batiment", "france_travail"
TITLE = "Coffreur bancheur, préparation à l’emploi"
BEGINS, LASTS = 12, 84
"""Days from the day of the demo, and calendar days of the course."""
ALLOWANCES = ("31.96", "33.40", "36.18", "38.75", "42.10", "47.62")
"""Gross euros a day of each person."""
COST = Decimal("23500.00")
SHARES = ((OWNER, Decimal(60)), (OTHER, Decimal(40)))


def load_action(session: Session, ids: dict[str, int], actors: dict[str, Actor], at: datetime) -> None:
    """The action, its plan, its people and their rights, recorded by the OPCO's officer."""
    by, first = actors[OWNER], day_in_france(at) + timedelta(days=BEGINS)
    action = create_action(session, ids[OWNER], _line(ids, first), by=by, at=at).id or 0
    share = _plan(session, action, ids, by, at)
    opened, _ = enrol_new(session, action, _people(session), by=by, at=at)
    for parcours, euros in zip(opened, ALLOWANCES, strict=True):
        right = RightLine(
            kind=RightKind.AREF,
            payer_id=ids[OTHER],
            first=first,
            last=first + timedelta(days=LASTS - 1),
            daily_amount=Decimal(euros),
            origin="Notification reçue du payeur",
        )
        record_right(session, parcours.id or 0, right, by=by, at=at)
    commit_shares(session, [share], Dimensions(), decided_on=day_in_france(at), by=by, at=at, source=EntrySource.FORM)


def _line(ids: dict[str, int], first: date) -> ActionLine:
    return ActionLine(
        kind=StepKind.TRAINING,
        title=TITLE,
        first=first,
        last=first + timedelta(days=LASTS - 1),
        hours=400,
        weekly_hours=Decimal(35),
        places=len(ALLOWANCES) + 2,
        provider_id=ids["cfa_btp"],
        prescribed=True,
        qualifying=False,
    )


def _plan(session: Session, action: int, ids: dict[str, int], by: Actor, at: datetime) -> int:
    """One cost, shared; the OPCO's share."""
    nature = session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one() or 0
    cost = set_cost(session, PlanOf(action_id=action), nature, COST, by=by, at=at)
    assert cost is not None
    shares = [
        set_share(session, cost.id or 0, ids[code], percent=percent, by=by, at=at).id or 0 for code, percent in SHARES
    ]
    return shares[0]


def _people(session: Session) -> NewPeople:
    situation = Situation(
        territory_id=session.exec(select(Territory.id).where(Territory.code == "departement_17")).first(),
        audience_id=session.exec(select(Audience.id).where(Audience.code == "demandeurs_emploi")).first(),
        no_benefit=False,
    )
    return NewPeople(
        len(ALLOWANCES), ParcoursKind.INSERTION, KeySituation.CAREER_CHANGE, "Coffreur bancheur", situation
    )
