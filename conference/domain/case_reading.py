"""What case did somebody write, for the engine to say who pays each day?

The format is that of `conference coverage` (README): objects and lists as JSON or TOML give them. Decision: what makes
no sense is refused here, once, with a sentence; the engine never meets it. What nobody said stays unknown, and
only `needs_income` has another meaning when absent: a step needs an income unless someone says that it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from conference.domain.case import Case, Convention, Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.case_fields import CaseError, Fields, fields_of
from conference.domain.french import format_date
from conference.domain.period import Period, months_from
from conference.domain.rights import Right, RightKind

__all__ = ["LONGEST_RIGHT", "LONGEST_STEP", "CaseError", "read_case"]

LONGEST_STEP = 120
"""Months by date: a course of more than ten years is a typing error."""
LONGEST_RIGHT = 3653
"""Days left of a right: ten years too."""
MOST_MONTHS = 600

CASE_KEYS = ("known_on", "person", "steps", "rights", "conventions")
PERSON_KEYS = ("birth_date", "disabled", "no_benefit", "worked_6_of_12", "single_parent")
STEP_FLAGS = ("needs_income", "prescribed", "qualifying", "shortage_occupation", "approved_for_pay")
STEP_KEYS = ("id", "kind", "first", "last", "registered_on", "weekly_hours", *STEP_FLAGS, "funders", "interruptions")
INTERRUPTION_KEYS = ("first", "last", "kind")
RIGHT_KEYS = (
    *("kind", "payer", "first", "last", "days_left", "daily_amount", "monthly_amount", "right_months"),
    *("known_on", "main", "funder", "manager"),
)
CONVENTION_KEYS = ("payer", "kind", "first", "last", "left", "daily_amount")


def read_case(raw: object, number: int) -> Case:
    """The case written as `raw`, the `number`-th of its file (from 1).

    `raw` is made of dict, list, str, bool, int, Decimal, date and None. Raises CaseError, and nothing else, for a case that
    makes no sense; a float is refused since it has lost what was written: parse JSON with `parse_float=Decimal`."""
    case = fields_of(raw, number, "", CASE_KEYS)
    if not case.has("steps"):
        raise case.error("steps", "il manque les étapes du parcours. Ajoutez-les, en liste entre crochets : [ … ].")
    known_on = case.day("known_on")
    person = _person(case.part("person", PERSON_KEYS))
    steps = _steps(case)
    _refuse_birth_after(case, person, steps)
    rights = tuple(_right(each) for each in case.parts("rights", RIGHT_KEYS))
    conventions = tuple(_convention(each) for each in case.parts("conventions", CONVENTION_KEYS))
    return Case(known_on=known_on, person=person, steps=steps, rights=rights, conventions=conventions)


def _person(person: Fields) -> Person:
    return Person(
        birth_date=person.day("birth_date"),
        disabled=person.flag("disabled"),
        no_benefit=person.flag("no_benefit"),
        worked_6_of_12=person.flag("worked_6_of_12"),
        single_parent=person.flag("single_parent"),
    )


def _refuse_birth_after(case: Fields, person: Person, steps: Sequence[Step]) -> None:
    begins = min((step.period.first for step in steps), default=date.max)
    if person.birth_date is None or person.birth_date <= begins:
        return
    sentence = (
        f"la naissance ({format_date(person.birth_date)}) suit le premier jour du parcours ({format_date(begins)})."
    )
    raise case.error("person.birth_date", f"{sentence} Corrigez l’une des deux dates.")


def _steps(case: Fields) -> tuple[Step, ...]:
    read = case.parts("steps", STEP_KEYS)
    return tuple(_step(each, name) for each, name in zip(read, _names(read), strict=True))


def _names(read: Sequence[Fields]) -> list[str]:
    """The id of each step: its own, else its rank, so that a short case need not invent one."""
    given = [each.code("id") for each in read]
    for n, name in enumerate(given):
        if name is not None and name in given[:n]:
            raise read[n].error(
                "id", f"« {name} » désigne déjà une autre étape. Donnez un autre identifiant à celle-ci."
            )
    free = (str(rank) for rank in range(1, 2 * len(given) + 1) if str(rank) not in given)
    return [next(free) if name is None else name for name in given]


def _step(step: Fields, name: str) -> Step:
    kind, period = step.needed_kind("kind", StepKind), step.period()
    if period.last > months_from(period.first, LONGEST_STEP):
        sentence = f"l’étape dure plus de dix ans ({format_date(period.first)} – {format_date(period.last)})."
        raise step.error("last", f"{sentence} Corrigez l’une des deux dates.")
    needs_income = step.flag("needs_income")
    return Step(
        id=name,
        kind=kind,
        period=period,
        needs_income=True if needs_income is None else needs_income,
        registered_on=step.day("registered_on"),
        weekly_hours=step.hours("weekly_hours"),
        prescribed=step.flag("prescribed"),
        qualifying=step.flag("qualifying"),
        shortage_occupation=step.flag("shortage_occupation"),
        approved_for_pay=step.flag("approved_for_pay"),
        funders=step.codes("funders"),
        interruptions=tuple(_interruption(step, n, each, period) for n, each in enumerate(step.items("interruptions"))),
    )


def _interruption(step: Fields, position: int, raw: object, course: Period) -> Interruption:
    """An object, or the short form [first, last]."""
    path = f"{step.path}.interruptions[{position}]"
    if isinstance(raw, list | tuple):
        if len(raw) != 2:
            raise CaseError(step.number, path, "il faut deux dates. Écrivez le premier et le dernier jour : [ …, … ].")
        raw = {"first": raw[0], "last": raw[1]}
    fields = fields_of(raw, step.number, path, INTERRUPTION_KEYS)
    period = fields.period()
    if not course.covers(period):
        outside = "first" if period.first < course.first else "last"
        days = f"du {format_date(course.first)} au {format_date(course.last)}"
        raise fields.error(outside, f"l’interruption sort de son étape ({days}). Gardez-la dans ces dates.")
    return Interruption(period, fields.kind("kind", InterruptionKind) or InterruptionKind.INTERRUPTION)


def _right(right: Fields) -> Right:
    kind, payer, period = right.needed_kind("kind", RightKind), right.needed_code("payer"), _paid_days(right)
    daily, monthly = _one_amount(right)
    return Right(
        kind=kind,
        payer=payer,
        period=period,
        daily_amount=daily,
        known_on=right.day("known_on"),
        main=bool(right.flag("main")),
        monthly_amount=monthly,
        opened_months=right.whole("right_months", 0, MOST_MONTHS, "mois"),
        funder=right.code("funder"),
        manager=right.code("manager"),
    )


def _paid_days(right: Fields) -> Period:
    """From `first` to `last`, or for `days_left` calendar days, the first one included."""
    first = right.needed_day("first")
    if right.has("last") and right.has("days_left"):
        sentence = "« last » et « days_left » disent tous deux la fin du droit. Ne gardez que l’un des deux."
        raise right.error("days_left", sentence)
    days = right.whole("days_left", 1, LONGEST_RIGHT, "jours")
    if days is not None:
        return Period(first, first + timedelta(days=days - 1))
    if not right.has("last"):
        ask = "Ajoutez « last » (dernier jour payé) ou « days_left » (jours restants)."
        raise right.error("last", f"rien ne dit la fin du droit. {ask}")
    return right.period()


def _one_amount(right: Fields) -> tuple[Decimal | None, Decimal | None]:
    daily, monthly = right.amount("daily_amount"), right.amount("monthly_amount")
    if daily is not None and monthly is not None:
        sentence = "« daily_amount » et « monthly_amount » disent tous deux le montant. Ne gardez que l’un des deux."
        raise right.error("monthly_amount", sentence)
    return daily, monthly


def _convention(convention: Fields) -> Convention:
    return Convention(
        payer=convention.needed_code("payer"),
        kind=convention.needed_kind("kind", RightKind),
        period=convention.period(),
        left=convention.amount("left"),
        daily_amount=convention.amount("daily_amount"),
    )
