"""What does the page of one parcours show: the situation, the steps with what came of them, the rights, who pays each day?

The reader reaches the parcours, or is told that it does not exist. The number of queries does not grow with what it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.cases import case_of, course_rows, grouped
from conference.data.queries.commitment_order import sort_key
from conference.data.queries.parcours import reached_parcours, rights_of, steps_of
from conference.data.queries.scales import scales_of
from conference.data.tables import (
    Audience,
    IncomeRight,
    Organisation,
    Parcours,
    Step,
    StepFunder,
    StepInterruption,
    StepResult,
    Territory,
)
from conference.domain.case import Case
from conference.domain.coverage import Coverage, coverage
from conference.domain.permissions import Actor, Relation, is_granted
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class InterruptionView:
    """Days of a step that were not followed, both included."""

    id: int
    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class ResultView:
    """What came of a step; None is not known yet. `version` 0: nothing was recorded."""

    outcome: str | None = None
    ended_on: date | None = None
    motive: str | None = None
    qualification: str | None = None
    work_3_months: str | None = None
    work_6_months: str | None = None
    version: int = 0


@dataclass(frozen=True)
class StepView:
    """One step, with the funders that share it (names, and identifiers in `funder_ids`), its interruptions and its result."""

    id: int
    kind: str
    title: str
    first: date
    last: date
    hours: int | None
    needs_income: bool
    provider: str | None
    provider_id: int | None
    funders: tuple[str, ...]
    funder_ids: tuple[int, ...]
    registered_on: date | None
    weekly_hours: Decimal | None
    age_at_entry: int | None
    prescribed: bool | None
    qualifying: bool | None
    shortage_occupation: bool | None
    approved_for_pay: bool | None
    action_id: int | None
    own_reference: str | None
    interruptions: tuple[InterruptionView, ...]
    result: ResultView
    version: int


@dataclass(frozen=True)
class RightView:
    """One recorded right; gross euros a day or a month, one of them at most."""

    id: int
    kind: str
    payer: str
    first: date
    last: date
    daily_amount: Decimal | None
    monthly_amount: Decimal | None
    opened_months: int | None
    main: bool
    origin: str
    known_on: date


@dataclass(frozen=True)
class ParcoursView:
    """A parcours as its page shows it; `may_edit`: the reader may add to it; `follows`: their organisation is the referent."""

    id: int
    pseudonym: str
    kind: str
    key_situation: str
    target: str
    referent: str
    territory: str | None
    audience: str | None
    situation: Mapping[str, Any]
    created_at: datetime
    version: int
    steps: tuple[StepView, ...]
    rights: tuple[RightView, ...]
    case: Case
    coverage: Coverage
    payers: dict[str, str]
    may_edit: bool
    follows: bool

    def step(self, step_id: int) -> StepView:
        """One of its steps. Raises NotFound."""
        found = next((step for step in self.steps if step.id == step_id), None)
        if found is None:
            raise NotFound()
        return found


FACTS = ("territory_id", "audience_id", "no_benefit", "worked_6_of_12", "single_parent", "disabled", "own_reference")
"""What `ParcoursView.situation` holds: the situation as its form shows it again."""


def parcours_view(session: Session, reader: Actor, parcours_id: int, *, known_on: date) -> ParcoursView:
    """The parcours and its coverage as known at the end of `known_on`. NotFound when `reader` does not reach it."""
    query = (
        select(Parcours, Organisation.short_name, Territory.label, Audience.label)
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .join(Territory, col(Territory.id) == col(Parcours.territory_id), isouter=True)
        .join(Audience, col(Audience.id) == col(Parcours.audience_id), isouter=True)
        .where(Parcours.id == parcours_id, reached_parcours(reader, col(Parcours.id)))
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound()
    row, referent, territory, audience = found
    steps, rights = steps_of(session, parcours_id), rights_of(session, parcours_id)
    around = course_rows(session, [step.id or 0 for step in steps])
    case = case_of(row, steps, rights, around, known_on)
    payers = {right.payer_id for right in rights} | {int(convention.payer) for convention in case.conventions}
    names = _names(session, payers | {step.provider_id for step in steps})
    return ParcoursView(
        id=parcours_id,
        pseudonym=row.pseudonym,
        kind=row.kind,
        key_situation=row.key_situation,
        target=row.target,
        referent=referent,
        territory=territory,
        audience=audience,
        situation={name: getattr(row, name) for name in FACTS},
        created_at=row.created_at,
        version=row.version,
        steps=_step_views(session, steps, names, around.interruptions),
        rights=tuple(_right_view(right, names) for right in rights),
        case=case,
        coverage=coverage(case, scales_of(session)),
        payers={str(payer_id): names[payer_id] for payer_id in payers},
        may_edit=is_granted(reader, "parcours.edit", Relation.PARTY),
        follows=reader.relation_to(row.referent_id) is Relation.OWN
        and is_granted(reader, "parcours.edit", Relation.OWN),
    )


def _names(session: Session, ids: set[int | None] | set[int]) -> dict[int | None, str]:
    query = select(Organisation.id, Organisation.short_name).where(
        col(Organisation.id).in_(sorted(i for i in ids if i))
    )
    return dict(session.exec(query).all())


def _step_views(
    session: Session,
    steps: Sequence[Step],
    names: dict[int | None, str],
    interruptions: Mapping[int, Sequence[StepInterruption]],
) -> tuple[StepView, ...]:
    ids = [step.id or 0 for step in steps]
    query = (
        select(StepFunder.step_id, Organisation.id, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(StepFunder.organisation_id))
        .where(col(StepFunder.step_id).in_(ids))
    )
    funders = grouped(session.exec(query).all(), lambda each: each[0])
    results = {row.step_id: row for row in session.exec(select(StepResult).where(col(StepResult.step_id).in_(ids)))}
    return tuple(
        _step_view(
            step,
            names.get(step.provider_id),
            sorted(((name, number or 0) for _, number, name in funders.get(step.id or 0, ())), key=_by_name),
            interruptions.get(step.id or 0, ()),
            results.get(step.id or 0),
        )
        for step in steps
    )


def _by_name(each: tuple[str, int]) -> tuple[object, int]:
    return sort_key(each[0]), each[1]


_COPIED = (
    "kind title first last hours needs_income provider_id registered_on weekly_hours age_at_entry prescribed qualifying "
    "shortage_occupation approved_for_pay action_id own_reference version"
).split()
_RESULT = "outcome ended_on motive qualification work_3_months work_6_months version".split()


def _step_view(
    row: Step,
    provider: str | None,
    funders: Sequence[tuple[str, int]],
    interruptions: Sequence[StepInterruption],
    result: StepResult | None,
) -> StepView:
    return StepView(
        id=row.id or 0,
        provider=provider,
        funders=tuple(name for name, _ in funders),
        funder_ids=tuple(number for _, number in funders),
        interruptions=tuple(InterruptionView(one.id or 0, one.kind, one.first, one.last) for one in interruptions),
        result=ResultView(**{name: getattr(result, name) for name in _RESULT}) if result else ResultView(),
        **{name: getattr(row, name) for name in _COPIED},
    )


def _right_view(right: IncomeRight, names: dict[int | None, str]) -> RightView:
    return RightView(
        right.id or 0,
        right.kind,
        names[right.payer_id],
        right.first,
        right.last,
        right.daily_amount,
        right.monthly_amount,
        right.opened_months,
        right.main,
        right.origin,
        right.known_on,
    )
