"""What is held on one person? Every row that speaks of a parcours, for the person's right of access.

Under the pseudonym: the identity itself is opened by a service. Of what another funder pays, its name and the amount, as the
plan says them, never its own references.
"""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from conference.data.queries.parcours import reached_among
from conference.data.tables import (
    Account,
    Alert,
    AlertComment,
    Attachment,
    Audience,
    Commitment,
    CoverageVersion,
    Handoff,
    IncomeRight,
    Nature,
    Organisation,
    Parcours,
    PlanCost,
    PlanShare,
    Step,
    StepFunder,
    StepFunding,
    StepInterruption,
    StepResult,
    Territory,
    Trace,
)
from conference.domain.permissions import Actor, require
from conference.domain.refusal import NotFound

Held = dict[str, list[dict[str, Any]]]
"""Rows by kind, in the order in which they are told; each row by field."""


def held_on(session: Session, reader: Actor, parcours_id: int) -> Held:
    """What is held on the person of a parcours that the reader's organisation follows; else NotFound or Forbidden."""
    parcours = session.get(Parcours, parcours_id)
    if parcours is None or not reached_among(session, reader, [parcours_id]):
        raise NotFound()
    require(reader, "parcours.export", reader.relation_to(parcours.referent_id))
    return {
        name: [dict(row) for row in session.execute(query).mappings()]
        for name, query in _queries(parcours, reader.organisation_id).items()
    }


def _queries(parcours: Parcours, organisation_id: int | None = None) -> dict[str, Any]:
    mine = parcours.id or 0
    return {
        "parcours": _parcours(mine),
        **_step_queries(mine),
        "rights": _rights(mine),
        **_money_queries(mine),
        "handoffs": _handoffs(mine, organisation_id),
        **_alert_queries(mine),
        "coverage": _coverage(mine),
        "files": _files(mine),
        "readings": _readings(parcours.pseudonym),
    }


def _columns(table: Any, names: str) -> list[ColumnElement[Any]]:
    return [getattr(table, name) for name in names.split()]


def _named(column: Any, name: str) -> ColumnElement[Any]:
    labelled: ColumnElement[Any] = col(column).label(name)
    return labelled


def _parcours(mine: int) -> Any:
    names = (
        "pseudonym kind key_situation target disabled no_benefit worked_6_of_12 single_parent own_reference created_at"
    )
    return (
        select(
            *_columns(Parcours, names),
            _named(Organisation.name, "referent"),
            _named(Territory.label, "territory"),
            _named(Audience.label, "audience"),
        )
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .join(Territory, col(Territory.id) == col(Parcours.territory_id), isouter=True)
        .join(Audience, col(Audience.id) == col(Parcours.audience_id), isouter=True)
        .where(col(Parcours.id) == mine)
    )


def _step_queries(mine: int) -> dict[str, Any]:
    facts = (
        "kind title first last hours needs_income registered_on weekly_hours age_at_entry prescribed qualifying "
        "shortage_occupation approved_for_pay own_reference withdrawn_at withdrawn_motive"
    )
    of_step: ColumnElement[Any] = _named(Step.title, "step")
    results = "outcome ended_on motive qualification work_3_months work_6_months recorded_at"
    return {
        "steps": select(*_columns(Step, facts), _named(Organisation.name, "provider"))
        .join(Organisation, col(Organisation.id) == col(Step.provider_id), isouter=True)
        .where(col(Step.parcours_id) == mine)
        .order_by(col(Step.first), col(Step.id)),
        "funders": select(of_step, _named(Organisation.name, "funder"))
        .join(StepFunder, col(StepFunder.step_id) == col(Step.id))
        .join(Organisation, col(Organisation.id) == col(StepFunder.organisation_id))
        .where(col(Step.parcours_id) == mine)
        .order_by(col(Step.first), col(Step.id), col(Organisation.id)),
        "interruptions": select(of_step, *_columns(StepInterruption, "kind first last"))
        .join(Step, col(Step.id) == col(StepInterruption.step_id))
        .where(col(Step.parcours_id) == mine)
        .order_by(col(StepInterruption.first), col(StepInterruption.id)),
        "results": select(of_step, *_columns(StepResult, results))
        .join(Step, col(Step.id) == col(StepResult.step_id))
        .where(col(Step.parcours_id) == mine)
        .order_by(col(Step.first), col(Step.id)),
    }


def _rights(mine: int) -> Any:
    facts = "kind first last daily_amount monthly_amount opened_months origin known_on withdrawn_at withdrawn_motive"
    return (
        select(*_columns(IncomeRight, facts), _named(Organisation.name, "payer"))
        .join(Organisation, col(Organisation.id) == col(IncomeRight.payer_id))
        .where(col(IncomeRight.parcours_id) == mine)
        .order_by(col(IncomeRight.first), col(IncomeRight.id))
    )


def _money_queries(mine: int) -> dict[str, Any]:
    of_step: ColumnElement[Any] = _named(Step.title, "step")
    return {
        "costs": select(of_step, _named(Nature.label, "nature"), _named(PlanCost.amount, "amount"))
        .join(Step, col(Step.id) == col(PlanCost.step_id))
        .join(Nature, col(Nature.id) == col(PlanCost.nature_id))
        .where(col(Step.parcours_id) == mine)
        .order_by(col(PlanCost.id)),
        "shares": select(
            of_step,
            _named(Nature.label, "nature"),
            _named(Organisation.name, "funder"),
            _named(PlanShare.amount, "amount"),
        )
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .join(Step, col(Step.id) == col(PlanCost.step_id))
        .join(Nature, col(Nature.id) == col(PlanCost.nature_id))
        .join(Organisation, col(Organisation.id) == col(PlanShare.funder_id))
        .where(col(Step.parcours_id) == mine)
        .order_by(col(PlanShare.id)),
        "fundings": select(of_step, _named(Organisation.name, "funder"), _named(StepFunding.amount, "amount"))
        .join(Step, col(Step.id) == col(StepFunding.step_id))
        .join(Commitment, col(Commitment.id) == col(StepFunding.commitment_id))
        .join(Organisation, col(Organisation.id) == col(Commitment.funder_id))
        .where(col(Step.parcours_id) == mine)
        .order_by(col(StepFunding.commitment_id), col(StepFunding.step_id)),
    }


def _handoffs(mine: int, organisation_id: int | None) -> Any:
    """Those that were sent, and the drafts of the organisation `organisation_id`: another's is known to itself alone."""
    sent = col(Handoff.proposed_at).is_not(None) | (col(Handoff.sender_id) == organisation_id)
    sender, receiver = aliased(Organisation), aliased(Organisation)
    return (
        select(
            *_columns(Handoff, "reference first_day status message motive answer created_at proposed_at answered_at"),
            _named(sender.name, "sender"),
            _named(receiver.name, "receiver"),
        )
        .join(sender, col(sender.id) == col(Handoff.sender_id))
        .join(receiver, col(receiver.id) == col(Handoff.receiver_id))
        .where(col(Handoff.parcours_id) == mine, sent)
        .order_by(col(Handoff.id))
    )


def _alert_queries(mine: int) -> dict[str, Any]:
    facts = "code status message days need opened_at closed_at outcome outcome_motive decided_at"
    return {
        "alerts": select(*_columns(Alert, facts)).where(col(Alert.parcours_id) == mine).order_by(col(Alert.id)),
        "comments": select(*_columns(AlertComment, "at text"))
        .join(Alert, col(Alert.id) == col(AlertComment.alert_id))
        .where(col(Alert.parcours_id) == mine)
        .order_by(col(AlertComment.id)),
    }


def _coverage(mine: int) -> Any:
    facts = "number computed_at needed covered presumed available gap overlap need"
    versions = select(*_columns(CoverageVersion, facts)).where(col(CoverageVersion.parcours_id) == mine)
    return versions.order_by(col(CoverageVersion.number))


def _files(mine: int) -> Any:
    steps = select(col(Step.id)).where(col(Step.parcours_id) == mine)
    owned = (col(Attachment.object_kind) == "parcours") & (col(Attachment.object_id) == mine)
    stepped = (col(Attachment.object_kind) == "step") & col(Attachment.object_id).in_(steps)
    files = select(*_columns(Attachment, "filename media_type size added_at withdrawn_at")).where(owned | stepped)
    return files.order_by(col(Attachment.id))


def _readings(pseudonym: str) -> Any:
    """Organisations that read the identity, and when: the person is told who, not which officer."""
    return (
        select(_named(Trace.at, "at"), _named(Organisation.name, "organisation"), _named(Trace.detail, "detail"))
        .join(Account, col(Account.id) == col(Trace.account_id))
        .join(Organisation, col(Organisation.id) == col(Account.organisation_id))
        .where(col(Trace.kind) == "nominative", col(Trace.subject) == pseudonym)
        .order_by(col(Trace.id))
    )
