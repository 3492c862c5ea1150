"""How is a right to an income recorded, and taken away when it was wrong?

A right is a fact: it is never edited. One that was mistyped is withdrawn with a motive and recorded again; the journal keeps
both. It is known from the day on which it is recorded.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from conference.data.tables import IncomeRight
from conference.domain.french import day_in_france
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.parcours_changes import note_change, reached
from conference.services.steps import check_days, check_organisations


@dataclass(frozen=True)
class RightLine:
    """A right that a funder has decided, for the days from `first` to `last`, both included.

    Gross euros a calendar day or a month, one of them at most, both None when the amount is not known. `opened_months`: the
    length of the whole right that was opened. `main`: the main income of its days. `origin`: what establishes it.
    """

    kind: RightKind
    payer_id: int
    first: date
    last: date
    daily_amount: Decimal | None = None
    origin: str = ""
    monthly_amount: Decimal | None = None
    opened_months: int | None = None
    main: bool = False
    funder_id: int | None = None
    manager_id: int | None = None
    own_reference: str | None = None
    import_file_id: int | None = None
    source_sheet: str | None = None
    source_row: int | None = None


_COPIED = tuple(each.name for each in fields(RightLine) if each.name not in ("kind", "origin"))


def last_of(first: date, days_left: int) -> date:
    """The last day of a right of which `days_left` calendar days remain on `first`, that day included. Raises Refusal."""
    if not 1 <= days_left <= 3653:
        raise Refusal("Le nombre de jours restants va de 1 à 3 653.", field="days_left", code="days_left")
    return first + timedelta(days=days_left - 1)


def record_right(session: Session, parcours_id: int, line: RightLine, *, by: Actor, at: datetime) -> IncomeRight:
    """Record a right, known from the day of `at` in France. Raises Refusal on wrong days or amount."""
    parcours = reached(session, parcours_id, by, "parcours.edit")
    check_right(session, line)
    right = IncomeRight(
        parcours_id=parcours_id,
        kind=line.kind.value,
        origin=line.origin.strip(),
        known_on=day_in_france(at),
        recorded_by=by.account_id,
        **{name: getattr(line, name) for name in _COPIED},
    )
    session.add(right)
    session.flush()
    told = {"right": right.id, "kind": right.kind, "payer": right.payer_id, "first": right.first, "last": right.last}
    amounts = {"daily_amount": right.daily_amount, "monthly_amount": right.monthly_amount}
    note_change(session, parcours, "record_right", {**told, **amounts}, by=by, at=at)
    return right


def withdraw_right(session: Session, right_id: int, *, motive: str, by: Actor, at: datetime) -> IncomeRight:
    """Take away a right recorded by mistake; it is kept, and counts no more. Raises Refusal without a motive."""
    right = session.get(IncomeRight, right_id)
    if right is None or right.withdrawn_at is not None:
        raise NotFound()
    parcours = reached(session, right.parcours_id, by, "parcours.edit")
    if not motive.strip():
        raise Refusal("Indiquez le motif du retrait.", field="motive", code="income_right_motive_of_withdrawal")
    right.withdrawn_at, right.withdrawn_by, right.withdrawn_motive = at, by.account_id, motive.strip()
    session.add(right)
    session.flush()
    told = {"right": right.id, "kind": right.kind, "first": right.first, "last": right.last, "motive": "modifié"}
    note_change(session, parcours, "withdraw_right", told, by=by, at=at)
    return right


def check_right(session: Session, line: RightLine) -> None:
    """Raises Refusal on the first thing that makes no sense in a right."""
    check_right_line(line)
    others = [each for each in (line.funder_id, line.manager_id) if each is not None]
    check_organisations(session, [line.payer_id], "payer_id")
    check_organisations(session, others, "funder_id")


def check_right_line(line: RightLine) -> None:
    """What `check_right` asks without the database."""
    check_days(line.first, line.last)
    for name, text in (("daily_amount", "jour"), ("monthly_amount", "mois")):
        amount = getattr(line, name)
        if amount is not None and amount < 0:
            raise Refusal(f"Le montant par {text} ne peut pas être négatif.", field=name, code=f"{name}_not_negative")
    if line.daily_amount is not None and line.monthly_amount is not None:
        raise Refusal(
            "Donnez le montant par jour ou par mois, pas les deux.", field="monthly_amount", code="one_amount"
        )
    if line.opened_months is not None and not 1 <= line.opened_months <= 120:
        raise Refusal(
            "La durée du droit ouvert va de 1 à 120 mois, ou reste vide.", field="opened_months", code="opened_months"
        )
