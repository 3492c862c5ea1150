"""Under which conventions may a commitment of the reader's organisation be put, and which of their instalments does it pay?

Those in force of which it is a party, with what is left of each: what the forms of commitments, payments and handoffs offer.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.conventions import reached_conventions
from conference.data.tables import (
    Convention,
    ConventionBalance,
    ConventionCommitment,
    ConventionInstalment,
    ConventionParty,
    ConventionVersion,
)
from conference.domain.convention import IN_FORCE
from conference.domain.french import format_date, format_euros
from conference.domain.money import ZERO
from conference.domain.permissions import Actor


@dataclass(frozen=True)
class InstalmentChoice:
    """An instalment that the reader's organisation pays."""

    key: int
    kind: str
    due_on: date
    amount: Decimal

    @property
    def label(self) -> str:
        """« Acompte de 10 000,00 € au 30 juin 2026 »."""
        return f"{label('instalment_kind', self.kind)} de {format_euros(self.amount)} au {format_date(self.due_on)}"


@dataclass(frozen=True)
class ConventionChoice:
    """A convention in force. `left` in euros, None without an envelope."""

    id: int
    number: str
    kind: str
    title: str
    first: date | None
    last: date | None
    left: Decimal | None
    instalments: tuple[InstalmentChoice, ...] = ()

    @property
    def label(self) -> str:
        """« C-2026-004 Titre (reste 10 000,00 €) »."""
        rest = "" if self.left is None else f" (reste {format_euros(self.left)})"
        return f"{self.number} {self.title}{rest}"


@dataclass(frozen=True)
class UnderConvention:
    """The convention under which a commitment was made, and the instalment it is for; `choices`: those of its funder."""

    id: int
    number: str
    title: str
    in_force: bool
    instalment_key: int | None
    choices: tuple[InstalmentChoice, ...]

    @property
    def instalment(self) -> InstalmentChoice | None:
        """The instalment it is for, None when it is for none or an avenant took it away."""
        return next((each for each in self.choices if each.key == self.instalment_key), None)


def convention_choices(session: Session, reader: Actor) -> tuple[ConventionChoice, ...]:
    """The conventions in force of which the reader's organisation is a party, in the order of their numbers."""
    return choices_of(session, reader.organisation_id or 0)


def choices_of(session: Session, *organisation_ids: int) -> tuple[ConventionChoice, ...]:
    """The conventions in force of which all these organisations are parties, with the instalments of the first."""
    query = (
        select(Convention, ConventionVersion, ConventionBalance)
        .join(ConventionVersion, col(ConventionVersion.convention_id) == col(Convention.id))
        .join(ConventionBalance, col(ConventionBalance.convention_id) == col(Convention.id))
        .where(
            col(Convention.status).in_([status.value for status in IN_FORCE]),
            col(ConventionVersion.in_force).is_(True),
            *(
                col(ConventionVersion.id).in_(
                    select(ConventionParty.version_id).where(ConventionParty.organisation_id == organisation_id)
                )
                for organisation_id in organisation_ids
            ),
        )
        .order_by(col(Convention.number), col(Convention.id))
    )
    found = session.exec(query).all()
    instalments = _instalments(session, [version.id or 0 for _, version, _ in found], organisation_ids[0])
    return tuple(
        ConventionChoice(
            convention.id or 0,
            convention.number or "",
            convention.kind,
            version.title,
            version.first,
            version.last,
            None if balance.ceiling is None else max(balance.ceiling - balance.committed - balance.forecast, ZERO),
            instalments.get(version.id or 0, ()),
        )
        for convention, version, balance in found
    )


def under_convention(session: Session, reader: Actor, commitment_id: int) -> UnderConvention | None:
    """The convention of a commitment, when the reader reaches it; the caller has checked the commitment."""
    query = (
        select(ConventionCommitment, Convention, ConventionVersion)
        .join(Convention, col(Convention.id) == col(ConventionCommitment.convention_id))
        .join(ConventionVersion, col(ConventionVersion.convention_id) == col(Convention.id))
        .where(
            ConventionCommitment.commitment_id == commitment_id,
            col(ConventionVersion.in_force).is_(True),
            reached_conventions(reader),
        )
    )
    row = session.exec(query).first()
    if row is None:
        return None
    link, convention, version = row
    choices = _instalments(session, [version.id or 0], link.funder_id).get(version.id or 0, ())
    return UnderConvention(
        convention.id or 0,
        convention.number or "",
        version.title,
        convention.status in IN_FORCE,
        link.instalment_key,
        choices,
    )


def convention_of_plan(
    session: Session, step_id: int | None, action_id: int | None, funder_id: int, on: date
) -> int | None:
    """The convention in force on the day `on` that was drafted from the plan of a step or an action and binds this funder;
    None when there is none, or several: somebody then says which."""
    query = select(Convention.id).where(
        col(Convention.step_id) == step_id if action_id is None else col(Convention.action_id) == action_id
    )
    drafted = set(session.exec(query))
    found = (
        [each for each in choices_of(session, funder_id) if each.id in drafted and _runs(each, on)] if drafted else []
    )
    return found[0].id if len(found) == 1 else None


def _runs(choice: ConventionChoice, on: date) -> bool:
    return choice.last is None or on <= choice.last


def reached_numbers(session: Session, reader: Actor) -> list[str]:
    """The numbers of the conventions that the reader sees and that hold commitments, in order."""
    linked = select(ConventionCommitment.convention_id)
    query = select(Convention.number).where(reached_conventions(reader), col(Convention.id).in_(linked))
    return [number for number in session.exec(query.order_by(col(Convention.number))) if number]


def _instalments(
    session: Session, version_ids: list[int], organisation_id: int
) -> dict[int, tuple[InstalmentChoice, ...]]:
    query = (
        select(ConventionInstalment)
        .where(
            col(ConventionInstalment.version_id).in_(version_ids),
            ConventionInstalment.organisation_id == organisation_id,
        )
        .order_by(col(ConventionInstalment.due_on), col(ConventionInstalment.key))
    )
    found: dict[int, tuple[InstalmentChoice, ...]] = {}
    for row in session.exec(query):
        choice = InstalmentChoice(row.key, row.kind, row.due_on, row.amount)
        found[row.version_id] = (*found.get(row.version_id, ()), choice)
    return found
