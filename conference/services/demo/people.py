"""Whose parcours does the demo show?

The founding case (unemployment rights that end 47 days before the course), the lorry driver in two steps, the nurse over
three years, a hole between two rights, and people whose days are all paid: dates are relative to the day of the demo.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
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


_S, _R = DemoStep, DemoRight
PARCOURS = (
    DemoParcours(
        "region", ParcoursKind.MOBILITE_SUBIE, KeySituation.BREAKS, "Titre professionnel de maçon",
        (_S(StepKind.TRAINING, "Maçon, titre professionnel", -90, 177, ("region", "france_travail"), "cfa_btp", 880),),
        (_R(RightKind.AREF, "france_travail", -90, 130, "31.00"),),
    ),
    DemoParcours(
        "france_travail", ParcoursKind.PROFESSIONNALISATION, KeySituation.CAREER_CHANGE, "Conducteur routier de marchandises",
        (
            _S(StepKind.TRAINING, "Permis C et FIMO, étape 1", -60, 84, ("france_travail",), "ecole_routiere", 420),
            _S(StepKind.WORK_STUDY, "Alternance en entreprise de transport, étape 2", 31, 270, ("opco_mobilites",),
               "ecole_routiere", 455),
        ),
        (
            _R(RightKind.AREF, "france_travail", -60, 84, "33.40"),
            _R(RightKind.WAGE, "opco_mobilites", 31, 270, "58.90"),
        ),
    ),
    DemoParcours(
        "transitions_pro", ParcoursKind.MOBILITE_CHOISIE, KeySituation.CAREER_CHANGE, "Diplôme d’État d’infirmier",
        (
            _S(StepKind.LEAVE, "Soins infirmiers, première année", -80, 300, ("transitions_pro",), "ifsi", 1_400),
            _S(StepKind.TRAINING, "Soins infirmiers, deuxième année", 285, 300, ("region", "transitions_pro"), "ifsi",
               1_400),
        ),
        (_R(RightKind.PTP, "transitions_pro", -80, 300, "62.15"),),
    ),
    DemoParcours(
        "agefiph", ParcoursKind.INSERTION, KeySituation.FIRST_JOB, "Technicien d’assistance informatique",
        (
            _S(StepKind.BILAN, "Bilan de compétences", -120, 40, ("agefiph",), "greta", 24, needs_income=False),
            _S(StepKind.TRAINING, "Technicien d’assistance informatique", -40, 150, ("agefiph", "region"), "greta", 700),
        ),
        (
            _R(RightKind.AREF, "france_travail", -40, 60, "28.30"),
            _R(RightKind.AGEFIPH, "agefiph", 35, 75, "22.80"),
        ),
    ),
    DemoParcours(
        "region", ParcoursKind.INSERTION, KeySituation.FIRST_JOB, "Aide-soignant",
        (_S(StepKind.TRAINING, "Aide-soignant, parcours complet", 20, 210, ("region",), "ifsi", 1_000),),
        (_R(RightKind.TRAINEE_PAY, "region", 20, 210, "22.83"),),
    ),
    DemoParcours(
        "region", ParcoursKind.MOBILITE_SUBIE, KeySituation.SENIORS, "Agent de maintenance des bâtiments",
        (_S(StepKind.TRAINING, "Agent de maintenance des bâtiments", 14, 120, ("region", "etat"), "afpa", 600),),
        (_R(RightKind.AREF, "france_travail", 14, 119, "40.00"),),
    ),
    DemoParcours(
        "opco_batiment", ParcoursKind.PROFESSIONNALISATION, KeySituation.FIRST_JOB, "Coffreur bancheur",
        (
            _S(StepKind.ASSESSMENT, "Évaluation en entreprise", -30, 10, ("opco_batiment",), None, 70, needs_income=False),
            _S(StepKind.WORK_STUDY, "Contrat de professionnalisation", -20, 360, ("opco_batiment",), "cfa_btp", 420),
        ),
        (_R(RightKind.WAGE, "opco_batiment", -20, 360, "47.20"),),
    ),
    DemoParcours(
        "france_travail", ParcoursKind.INSERTION, KeySituation.OTHER, "Certificat de qualification logistique",
        (_S(StepKind.TRAINING, "Préparateur de commandes", 7, 100, ("france_travail",), "afpa", 490),),
        (_R(RightKind.TRAINEE_PAY, "france_travail", 22, 85, "25.65"),),
    ),
)  # fmt: skip


def load_parcours(session: Session, ids: dict[str, int], actors: dict[str, Actor], at: datetime) -> None:
    """The people of the demo, recorded by the officer of the funder that follows each."""
    today = day_in_france(at)
    for person in PARCOURS:
        actor = actors[person.referent]
        parcours = open_parcours(
            session,
            referent_id=ids[person.referent],
            kind=person.kind,
            key_situation=person.situation,
            target=person.target,
            by=actor,
            at=at,
        )
        for step in person.steps:
            add_step(session, parcours.id or 0, _step(step, ids, today), by=actor, at=at)
        for right in person.rights:
            record_right(session, parcours.id or 0, _right(right, ids, today), by=actor, at=at)


def _step(step: DemoStep, ids: dict[str, int], today: date) -> StepLine:
    first = today + timedelta(days=step.start)
    return StepLine(
        kind=step.kind,
        title=step.title,
        first=first,
        last=first + timedelta(days=step.days - 1),
        hours=step.hours,
        needs_income=step.needs_income,
        provider_id=ids[step.provider] if step.provider else None,
        funder_ids=tuple(ids[code] for code in step.funders),
    )


def _right(right: DemoRight, ids: dict[str, int], today: date) -> RightLine:
    first = today + timedelta(days=right.start)
    return RightLine(
        kind=right.kind,
        payer_id=ids[right.payer],
        first=first,
        last=first + timedelta(days=right.days - 1),
        daily_amount=Decimal(right.euros) if right.euros else None,
        origin="Notification reçue du payeur",
    )
