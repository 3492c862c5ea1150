"""Whose parcours does the demo show?

The founding case (unemployment rights that end 47 days before the course), a relay that the law presumes, a hole between two
rights, and people whose days are all paid: dates are relative to the day of the demo. The lorry driver and the nurse, who go
from one funder to the next, are in `relays`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from conference.data.tables import Audience, Territory
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import Situation, open_parcours
from conference.services.steps import StepLine, add_step


@dataclass(frozen=True)
class DemoStep:
    """A step that begins `start` days from the day of the demo and lasts `days`."""

    kind: StepKind
    title: str
    start: int
    days: int
    funders: tuple[str, ...]
    provider: str | None = None
    hours: int | None = None
    needs_income: bool = True
    facts: tuple[bool | None, bool | None, bool | None, bool | None] = (None, None, None, None)
    """Prescribed, qualifying, on the list of shortage occupations, approved for the pay of trainees."""
    age: int | None = None


@dataclass(frozen=True)
class DemoRight:
    """A right that pays `euros` a day for `days` from `start`."""

    kind: RightKind
    payer: str
    start: int
    days: int
    euros: str | None


@dataclass(frozen=True)
class DemoParcours:
    """One person's parcours, followed by the funder `referent`."""

    referent: str
    kind: ParcoursKind
    situation: KeySituation
    target: str
    steps: tuple[DemoStep, ...]
    rights: tuple[DemoRight, ...]
    territory: str = "86"
    audience: str = "demandeurs_emploi"
    no_benefit: bool | None = False


_S, _R = DemoStep, DemoRight
PARCOURS = (
    DemoParcours(
        "region", ParcoursKind.MOBILITE_SUBIE, KeySituation.BREAKS, "Titre professionnel de maçon",
        (_S(StepKind.TRAINING, "Maçon, titre professionnel", -90, 177, ("region", "france_travail"), "cfa_btp", 880,
            facts=(True, True, False, False)),),
        (_R(RightKind.AREF, "france_travail", -90, 130, "31.00"),),
    ),
    DemoParcours(
        "agefiph", ParcoursKind.INSERTION, KeySituation.FIRST_JOB, "Technicien d’assistance informatique",
        (
            _S(StepKind.BILAN, "Bilan de compétences", -120, 40, ("agefiph",), "greta", 24, needs_income=False),
            _S(StepKind.TRAINING, "Technicien d’assistance informatique", -40, 150, ("agefiph", "region"), "greta", 700,
               facts=(True, True, None, None)),
        ),
        (
            _R(RightKind.AREF, "france_travail", -40, 60, "28.30"),
            _R(RightKind.AGEFIPH, "agefiph", 35, 75, "22.80"),
        ),
    ),
    DemoParcours(
        "region", ParcoursKind.INSERTION, KeySituation.FIRST_JOB, "Aide-soignant",
        (_S(StepKind.TRAINING, "Aide-soignant, parcours complet", 20, 210, ("region",), "ifsi", 1_000,
            facts=(True, True, True, True), age=19),),
        (_R(RightKind.TRAINEE_PAY, "region", 20, 210, "22.83"),),
        territory="79", audience="jeunes", no_benefit=True,
    ),
    DemoParcours(
        "region", ParcoursKind.MOBILITE_SUBIE, KeySituation.SENIORS, "Agent de maintenance des bâtiments",
        (_S(StepKind.TRAINING, "Agent de maintenance des bâtiments", 14, 120, ("region", "etat"), "afpa", 600,
            facts=(True, True, True, None)),),
        (_R(RightKind.AREF, "france_travail", 14, 75, "40.00"),),
        territory="17",
    ),
    DemoParcours(
        "opco_batiment", ParcoursKind.PROFESSIONNALISATION, KeySituation.FIRST_JOB, "Coffreur bancheur",
        (
            _S(StepKind.ASSESSMENT, "Évaluation en entreprise", -30, 10, ("opco_batiment",), None, 70, needs_income=False),
            _S(StepKind.WORK_STUDY, "Contrat de professionnalisation", -20, 360, ("opco_batiment",), "cfa_btp", 420),
        ),
        (_R(RightKind.WAGE, "opco_batiment", -20, 360, "47.20"),),
        territory="17", audience="salaries_alternance",
    ),
    DemoParcours(
        "france_travail", ParcoursKind.INSERTION, KeySituation.OTHER, "Certificat de qualification logistique",
        (_S(StepKind.TRAINING, "Préparateur de commandes", 7, 100, ("france_travail",), "afpa", 490,
            facts=(True, False, False, None), age=34),),
        (_R(RightKind.TRAINEE_PAY, "france_travail", 22, 85, "25.65"),),
        territory="16", no_benefit=None,
    ),
)  # fmt: skip


def load_parcours(session: Session, ids: dict[str, int], actors: dict[str, Actor], at: datetime) -> None:
    """The people of the demo, recorded by the officer of the funder that follows each."""
    for person in PARCOURS:
        load_person(session, person, ids, actors[person.referent], at, day_in_france(at))


def load_person(
    session: Session, person: DemoParcours, ids: dict[str, int], by: Actor, at: datetime, today: date
) -> int:
    """One person, with steps and rights relative to `today`, recorded at `at`; the parcours' identifier."""
    parcours = open_parcours(
        session,
        referent_id=ids[person.referent],
        kind=person.kind,
        key_situation=person.situation,
        target=person.target,
        situation=Situation(
            territory_id=session.exec(
                select(Territory.id).where(Territory.code == f"departement_{person.territory}")
            ).first(),
            audience_id=session.exec(select(Audience.id).where(Audience.code == person.audience)).first(),
            no_benefit=person.no_benefit,
            disabled=person.referent == "agefiph" or None,
        ),
        by=by,
        at=at,
    )
    for step in person.steps:
        add_step(session, parcours.id or 0, step_line(step, ids, today), by=by, at=at)
    for right in person.rights:
        record_right(session, parcours.id or 0, right_line(right, ids, today), by=by, at=at)
    return parcours.id or 0


def step_line(step: DemoStep, ids: dict[str, int], today: date) -> StepLine:
    """The step as its officer types it on `today`."""
    first = today + timedelta(days=step.start)
    prescribed, qualifying, shortage, approved = step.facts
    return StepLine(
        kind=step.kind,
        title=step.title,
        first=first,
        last=first + timedelta(days=step.days - 1),
        hours=step.hours,
        weekly_hours=Decimal(35) if step.needs_income else None,
        needs_income=step.needs_income,
        provider_id=ids[step.provider] if step.provider else None,
        funder_ids=tuple(ids[code] for code in step.funders),
        prescribed=prescribed,
        qualifying=qualifying,
        shortage_occupation=shortage,
        approved_for_pay=approved,
        age_at_entry=step.age,
    )


def right_line(right: DemoRight, ids: dict[str, int], today: date) -> RightLine:
    """The right as its officer types it on `today`."""
    first = today + timedelta(days=right.start)
    return RightLine(
        kind=right.kind,
        payer_id=ids[right.payer],
        first=first,
        last=first + timedelta(days=right.days - 1),
        daily_amount=Decimal(right.euros) if right.euros else None,
        origin="Notification reçue du payeur",
    )
