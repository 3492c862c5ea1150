"""Which steps does an officer add most often, and what is usual in each?

A model fills the form, nothing more: everything in it can be changed before it is saved. Lengths are calendar days; an
assessment, a bilan or an orientation rarely asks for an income of its own, a course, a leave or a work-study contract does.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from conference.domain.case import StepKind
from conference.domain.period import ONE_DAY, Period


@dataclass(frozen=True, slots=True)
class StepModel:
    """What is usual in a step of one kind. `days`: calendar days; `hours` and `weekly_hours` None where nothing is usual."""

    kind: StepKind
    title: str
    days: int
    hours: int | None = None
    weekly_hours: Decimal | None = None
    needs_income: bool = True
    qualifying: bool | None = None


MODELS = (
    StepModel(StepKind.ORIENTATION, "Orientation", 5, 12, needs_income=False, qualifying=False),
    StepModel(StepKind.BILAN, "Bilan de compétences", 60, 24, needs_income=False, qualifying=False),
    StepModel(StepKind.VAE, "Accompagnement à la VAE", 180, 24, needs_income=False),
    StepModel(StepKind.TRAINING, "Formation qualifiante", 180, 700, Decimal(35), qualifying=True),
    StepModel(
        StepKind.ASSESSMENT, "Évaluation en entreprise", 10, 70, Decimal(35), needs_income=False, qualifying=False
    ),
    StepModel(StepKind.WORK_STUDY, "Contrat en alternance", 365, 455, Decimal(35), qualifying=True),
    StepModel(StepKind.LEAVE, "Projet de transition professionnelle", 300, 1_000, Decimal(35), qualifying=True),
)
"""In the order in which a parcours most often goes through them."""


def model_of(kind: str) -> StepModel | None:
    """The model of a kind of step, None when that kind has none."""
    return next((model for model in MODELS if model.kind == kind), None)


def usual_days(model: StepModel, last_of_parcours: date | None, today: date) -> Period:
    """The days that the form proposes: from the day after the last step, else from the first of next month."""
    if last_of_parcours is not None and last_of_parcours >= today:
        first = last_of_parcours + ONE_DAY
    else:
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Period(first, first + timedelta(days=model.days - 1))
