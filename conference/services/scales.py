"""How does a conférence date a value of the law by itself, before a release brings it?

A local value has its text, its source and the day it was checked, like a shipped one, and wins on its days. Nothing is
changed nor deleted: a value that proves wrong is withdrawn with a motive. `candidate` and `without` give the scales as
they would be, for the page that shows the effect first: the same refusals come before and at the recording.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.queries.scales import lines_in_force, scales_of, shipped_with
from conference.data.tables import ScaleValue
from conference.domain.french import day_in_france, format_date
from conference.domain.period import Period
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound, Refusal
from conference.domain.scales import DatedValue, Scale, Scales
from conference.domain.units import check_value, format_value

LONGEST = 500
TEXTS = ("law", "source", "note")


@dataclass(frozen=True)
class ScaleLine:
    """A value to date: `amount` in the unit of the scale `code`, from `first` to `last` (None: until the next), both days
    included."""

    code: str
    first: date
    amount: Decimal
    law: str
    source: str
    checked_on: date
    last: date | None = None
    to_check: bool = False
    note: str = ""


def candidate(session: Session, line: ScaleLine, *, by: Actor, at: datetime) -> Scales:
    """The scales as they would be with `line`; nothing is saved. Raises what `add_scale_value` raises."""
    checked = _checked(session, line, by, at)
    return shipped_with([*lines_in_force(session), (checked.code, _dated(checked))])


def without(session: Session, value_id: int, *, by: Actor) -> Scales:
    """The scales as they would be once the value is withdrawn; nothing is saved. NotFound as in `withdraw_scale_value`."""
    found = _in_force(session, value_id, by)
    kept = [(code, line) for code, line in lines_in_force(session) if (code, line.first) != (found.code, found.first)]
    return shipped_with(kept)


def add_scale_value(session: Session, line: ScaleLine, *, by: Actor, at: datetime) -> ScaleValue:
    """Date a value. Raises Refusal at its field (unknown scale, dates out of order or over another local value, a value
    negative or finer than its unit, no text, no source, checked in the future), Forbidden."""
    line = _checked(session, line, by, at)
    before = scales_of(session)
    value = ScaleValue(
        code=line.code,
        first=line.first,
        last=line.last,
        amount=line.amount,
        law=line.law,
        source=line.source,
        checked_on=line.checked_on,
        to_check=line.to_check,
        note=line.note,
        recorded_by=by.account_id,
        recorded_at=at,
    )
    session.add(value)
    session.flush()
    told = {
        "value": _sides(before, scales_of(session), value),
        "first": value.first,
        "last": value.last,
        "law": value.law,
        "source": value.source,
        "checked_on": value.checked_on,
        "to_check": value.to_check,
    }
    _journal(session, value, "add_scale_value", told, by, at)
    return value


def withdraw_scale_value(session: Session, value_id: int, *, motive: str, by: Actor, at: datetime) -> ScaleValue:
    """Mark a local value withdrawn: it counts no more, and stays readable. Raises Refusal without a motive or when it is
    withdrawn already, NotFound, Forbidden."""
    value = _in_force(session, value_id, by)
    if not motive.strip():
        raise Refusal("Indiquez le motif du retrait.", field="motive", code="scale_motive")
    _check_length(motive, "motive")
    before = scales_of(session)
    value.withdrawn_at, value.withdrawn_by, value.withdrawn_motive = at, by.account_id, motive.strip()
    session.add(value)
    session.flush()
    told = {"value": _sides(before, scales_of(session), value), "first": value.first, "last": value.last}
    _journal(session, value, "withdraw_scale_value", {**told, "motive": value.withdrawn_motive}, by, at)
    return value


def _in_force(session: Session, value_id: int, by: Actor) -> ScaleValue:
    require(by, "scale.edit", Relation.OTHER)
    value = session.get(ScaleValue, value_id)
    if value is None:
        raise NotFound()
    if value.withdrawn_at is not None:
        raise Refusal("Cette valeur est déjà retirée.", code="scale_withdrawn")
    return value


def _checked(session: Session, line: ScaleLine, by: Actor, at: datetime) -> ScaleLine:
    """`line` without surrounding spaces, once every rule is met."""
    require(by, "scale.edit", Relation.OTHER)
    line = replace(line, **{name: getattr(line, name).strip() for name in TEXTS})
    scales = scales_of(session)
    if line.code not in scales.by_code:
        raise Refusal("Ce barème n’existe pas. Choisissez-en un de la liste.", field="code", code="scale_code")
    _check_days(line, at)
    check_value(line.amount, scales.by_code[line.code].unit)
    _check_texts(line)
    _check_others(line, [each for code, each in lines_in_force(session) if code == line.code])
    return line


def _check_days(line: ScaleLine, at: datetime) -> None:
    if line.last is not None and line.last < line.first:
        raise Refusal("La date de fin précède la date de début. Corrigez l’une des deux.", field="last", code="dates")
    if line.checked_on > day_in_france(at):
        raise Refusal(
            "La vérification ne peut pas être datée d’un jour à venir.", field="checked_on", code="checked_on"
        )


def _check_texts(line: ScaleLine) -> None:
    if not line.law:
        sentence = "Indiquez le texte qui fixe cette valeur, par exemple un décret et sa date."
        raise Refusal(sentence, field="law", code="scale_law")
    if not line.source:
        raise Refusal("Indiquez où cette valeur a été lue.", field="source", code="scale_source")
    if line.to_check and not line.note:
        raise Refusal("Dites dans la note ce qui reste à vérifier.", field="note", code="scale_note")
    for name in TEXTS:
        _check_length(getattr(line, name), name)


def _check_length(text: str, field: str) -> None:
    if len(text) > LONGEST:
        raise Refusal(f"Ce texte est trop long : {LONGEST} caractères au plus.", field=field, code="scale_text")


def _check_others(line: ScaleLine, others: list[DatedValue]) -> None:
    """Two local values never hold one day: an open one ends where the next begins, a closed one may not be covered."""
    for other in others:
        if other.first == line.first:
            raise Refusal(
                "Une valeur de ce barème commence déjà ce jour-là. Retirez-la d’abord, ou changez la date.",
                field="first",
                code="scale_same_day",
            )
        early, late = sorted((other, _dated(line)), key=lambda each: each.first)
        if early.last is not None and Period(early.first, early.last).contains(late.first):
            told = f"du {format_date(other.first)}" + (f" au {format_date(other.last)}" if other.last else "")
            sentence = f"Ces jours recouvrent ceux d’une autre valeur de la conférence, {told}. Changez les dates."
            raise Refusal(sentence, field="last" if early.first == line.first else "first", code="scale_overlap")


def _dated(line: ScaleLine) -> DatedValue:
    return DatedValue(
        line.first, line.last, line.amount, line.law, line.source, line.checked_on, line.to_check, line.note, True
    )


def _sides(before: Scales, after: Scales, value: ScaleValue) -> list[str | None]:
    """The value in force on the first day of `value`, before and after, in words."""
    return [_told(scales.by_code[value.code], value.first) for scales in (before, after)]


def _told(scale: Scale, day: date) -> str | None:
    line = scale.on(day)
    return None if line is None else format_value(line.amount, scale.unit)


def _journal(session: Session, value: ScaleValue, verb: str, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="scale_value",
        object_id=value.id,
        object_label=value.code,
        changes=changes,
    )
