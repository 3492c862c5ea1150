"""What does a version of a convention say, whole, as it stands in the database?

Labels are read from the lists, so that what is made of it (the document, its data, a comparison) asks no more questions. The
figures of the gaps that it was drafted from are sums that hold enough persons, or nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.need_selection import GAPS, chosen, total_of
from conference.data.queries.profile import shown_profile
from conference.data.tables import (
    Audience,
    CollectiveAction,
    Convention,
    ConventionArticle,
    ConventionBonus,
    ConventionIncome,
    ConventionInstalment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
    Nature,
    Organisation,
    PlanCost,
    Signatory,
    Signature,
    Step,
    Territory,
)
from conference.domain.convention import ArticleRole, ConventionKind, ConventionStatus, InstalmentKind, PartyRole
from conference.domain.convention_changes import changed_kinds
from conference.domain.convention_facts import (
    ActionFacts,
    ArticleFacts,
    BonusFacts,
    ConventionFacts,
    IncomeFacts,
    InstalmentFacts,
    PartyFacts,
    ShareFacts,
    SignatoryFacts,
)
from conference.domain.needs import NeedFilters
from conference.domain.refusal import NotFound

FEWEST_PERSONS = 11
"""Under so many persons, the figures of gaps are not written in a document that leaves the screen."""


def facts_of(session: Session, version_id: int, *, fewest: int = FEWEST_PERSONS) -> ConventionFacts:
    """The facts of a version. Asks no right: who calls it has. Raises NotFound.

    What an avenant changes is found by comparison until it is put to signature, then what was written of it.
    """
    facts = _written(session, version_id, fewest)
    if facts.rank == 0 or not facts.is_draft:
        return facts
    query = select(ConventionVersion.id).where(
        ConventionVersion.convention_id == facts.convention_id, col(ConventionVersion.in_force).is_(True)
    )
    before = session.exec(query).first()
    changed = changed_kinds(_written(session, before, fewest), facts) if before is not None else ()
    return replace(facts, changes=tuple(label("avenant_change", kind.value) for kind in changed))


def _written(session: Session, version_id: int, fewest: int) -> ConventionFacts:
    version = session.get(ConventionVersion, version_id)
    if version is None:
        raise NotFound()
    convention = session.get_one(Convention, version.convention_id)
    profile = shown_profile(session)
    persons, days, need = _figures(session, convention.selection, fewest)
    return ConventionFacts(
        conference=profile.name,
        region=profile.region,
        convention_id=convention.id or 0,
        version_id=version_id,
        number=convention.number,
        kind=ConventionKind(convention.kind),
        rank=version.rank,
        title=version.title,
        known_on=version.frozen_at or version.created_at,
        parties=parties_of(session, version_id),
        articles=articles_of(session, version_id),
        first=version.first,
        last=version.last,
        ceiling=version.ceiling,
        shares=shares_of(session, version_id),
        instalments=instalments_of(session, version_id),
        bonus_base=version.bonus_base,
        bonuses=_bonuses(session, version_id),
        income=_income(session, version_id),
        actions=_actions(session, convention),
        signatories=signatories_of(session, version_id),
        ordered=version.ordered,
        changes=tuple(label("avenant_change", word) for word in version.changes.split()),
        amends=_amended(session, convention, version),
        place=version.place,
        beneficiary=_name(session, version.beneficiary_id),
        decision_reference=version.decision_reference,
        payment_conditions=version.payment_conditions,
        selection=convention.selection,
        persons=persons,
        days=days,
        need=need,
        is_draft=version.status in (ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW, ConventionStatus.ABANDONED),
    )


def parties_of(session: Session, version_id: int) -> tuple[PartyFacts, ...]:
    """The parties of a version, in the order of its text."""
    query = (
        select(ConventionParty, Organisation)
        .join(Organisation, col(Organisation.id) == col(ConventionParty.organisation_id))
        .where(ConventionParty.version_id == version_id)
        .order_by(col(ConventionParty.rank), col(ConventionParty.organisation_id))
    )
    return tuple(
        PartyFacts(
            party.organisation_id,
            organisation.name,
            organisation.short_name,
            organisation.siret,
            PartyRole(party.role),
            party.authority,
            tuple(line.strip() for line in party.duties.splitlines() if line.strip()),
        )
        for party, organisation in session.exec(query)
    )


def articles_of(session: Session, version_id: int) -> tuple[ArticleFacts, ...]:
    """The articles that stand, in order."""
    query = (
        select(ConventionArticle)
        .where(ConventionArticle.version_id == version_id, col(ConventionArticle.removed).is_(False))
        .order_by(col(ConventionArticle.position), col(ConventionArticle.id))
    )
    return tuple(ArticleFacts(row.id or 0, ArticleRole(row.role), row.title, row.text) for row in session.exec(query))


def shares_of(session: Session, version_id: int) -> tuple[ShareFacts, ...]:
    """The plan, by party in their order, year, then nature."""
    query = (
        select(ConventionShare, Nature.label, Organisation.name)
        .join(Nature, col(Nature.id) == col(ConventionShare.nature_id))
        .join(Organisation, col(Organisation.id) == col(ConventionShare.beneficiary_id), isouter=True)
        .where(ConventionShare.version_id == version_id)
        .order_by(col(ConventionShare.id))
    )
    return tuple(
        ShareFacts(
            row.organisation_id, row.year, nature, row.amount, row.percent, row.beneficiary_id, beneficiary or ""
        )
        for row, nature, beneficiary in session.exec(query)
    )


def instalments_of(session: Session, version_id: int) -> tuple[InstalmentFacts, ...]:
    """The schedule, by day."""
    query = (
        select(ConventionInstalment)
        .where(ConventionInstalment.version_id == version_id)
        .order_by(col(ConventionInstalment.due_on), col(ConventionInstalment.key))
    )
    return tuple(
        InstalmentFacts(row.key, row.organisation_id, InstalmentKind(row.kind), row.due_on, row.amount, row.condition)
        for row in session.exec(query)
    )


def signatories_of(session: Session, version_id: int) -> tuple[SignatoryFacts, ...]:
    """Who signs, in order, with the day of the signature that stands."""
    query = (
        select(Signatory, col(Signature.signed_on))
        .join(
            Signature,
            (col(Signature.signatory_id) == col(Signatory.id)) & col(Signature.taken_back_at).is_(None),
            isouter=True,
        )
        .where(Signatory.version_id == version_id)
        .order_by(col(Signatory.rank))
    )
    return tuple(
        SignatoryFacts(row.organisation_id, row.rank, row.name, row.function, row.delegate_of, signed_on)
        for row, signed_on in session.exec(query)
    )


def _bonuses(session: Session, version_id: int) -> tuple[BonusFacts, ...]:
    query = select(ConventionBonus).where(ConventionBonus.version_id == version_id)
    rows = session.exec(query.order_by(col(ConventionBonus.from_rate)))
    return tuple(BonusFacts(row.from_rate, row.percent) for row in rows)


def _income(session: Session, version_id: int) -> IncomeFacts | None:
    row = session.get(ConventionIncome, version_id)
    if row is None:
        return None
    audience = session.get(Audience, row.audience_id) if row.audience_id else None
    territory = session.get(Territory, row.territory_id) if row.territory_id else None
    return IncomeFacts(
        _name(session, row.payer_id),
        label("right_kind", row.kind),
        row.daily_amount,
        audience.label if audience else "",
        territory.label if territory else "",
    )


def _actions(session: Session, convention: Convention) -> tuple[ActionFacts, ...]:
    """The course that it was drafted from: a collective action, or a step, of which the person is not told."""
    if convention.action_id is not None:
        action = session.get_one(CollectiveAction, convention.action_id)
        told: Sequence[Any] = [(action, action.places)]
        cost = select(func.sum(PlanCost.amount)).where(PlanCost.action_id == convention.action_id)
    elif convention.step_id is not None:
        told = [(session.get_one(Step, convention.step_id), None)]
        cost = select(func.sum(PlanCost.amount)).where(PlanCost.step_id == convention.step_id)
    else:
        return ()
    amount = session.exec(cost).one()
    return tuple(
        ActionFacts(row.title, _name(session, row.provider_id), row.first, row.last, row.hours, places, amount)
        for row, places in told
    )


def _name(session: Session, organisation_id: int | None) -> str:
    organisation = session.get(Organisation, organisation_id) if organisation_id is not None else None
    return organisation.name if organisation is not None else ""


def _amended(session: Session, convention: Convention, version: ConventionVersion) -> str:
    """The title of the first text, where the version is an avenant."""
    if version.rank == 0:
        return ""
    query = select(ConventionVersion.title).where(
        ConventionVersion.convention_id == convention.id, ConventionVersion.rank == 0
    )
    return session.exec(query).one()


def _figures(session: Session, selection: str, fewest: int) -> tuple[int | None, int | None, Any]:
    """Persons, days and known euros of the gaps of a selection; all None where there is none, or too few persons."""
    if not selection:
        return None, None, None
    filters = NeedFilters.from_text(selection)
    count = select(func.count(GAPS.c.parcours_id.distinct())).where(*chosen(session, filters, GAPS))
    persons = int(session.exec(count).one())
    if persons < fewest:
        return None, None, None
    need = total_of(session, filters)
    return persons, need.days, need.amount
