"""Is a trainee without a benefit paid, by whom and how much?

The pay of trainees (book IX, then L. 6341-1 s.; RFPE then RFFT for the courses of France Travail) is presumed for a
person who had no benefit at entry, on an approved course; never for one whose benefit ends during the course. Its
amount depends on the age on entry and on the situation; where what decides it is not known there is no amount, and
what is missing is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from conference.domain.case import InterruptionKind
from conference.domain.course import FRANCE_TRAVAIL, Course
from conference.domain.french import format_date, format_euros
from conference.domain.money import round_cents, to_cents
from conference.domain.period import Period, months_from
from conference.domain.rate import Rate, by_thirtieth, rate
from conference.domain.rights import RightKind
from conference.domain.scales import DatedValue, missing
from conference.domain.verdict import Condition, Verdict, all_of, told_condition

LAW = "code du travail, L. 6341-1 et suivants"
FULL_TIME = Decimal(30)
"""Weekly hours from which a course is full time."""
SHORTEST_HOURS = 40
LONGEST_MONTHS = 36
OLD_SCALE_ENDS = date(2021, 4, 30)
"""Last entries under the scale of décret 88-368 as amended in 2002; décret 2021-522 sets that of entries from the
next day."""
RFPE_ENDS = date(2021, 12, 31)
"""Last day on which the scale of France Travail's courses is known to be the Région's; that of 2022 and 2023 is not
known."""
BENEFITS = frozenset(
    {RightKind.AREF, RightKind.ARE, RightKind.ASP, RightKind.ATI, RightKind.ASR, RightKind.ATP, RightKind.ASS}
)


class TraineePay(NamedTuple):
    """What the rules say: the verdict with its conditions, and who pays."""

    verdict: Verdict
    why: tuple[Condition, ...]
    payer: str


class Valued(NamedTuple):
    """An amount with what must be said of it; `rate` is None when a value is missing."""

    rate: Rate | None
    notes: tuple[Condition, ...]


def trainee_pay(course: Course) -> TraineePay:
    """Is the trainee paid as such, for the whole course?"""
    why = (_no_benefit(course), _approved(course), _length(course))
    return TraineePay(all_of(why), why, payer_of(course))


def payer_of(course: Course) -> str:
    """Who pays trainees of this course: the funder that has a scheme of its own, else the Région."""
    for prefixes in (("region",), FRANCE_TRAVAIL, ("etat",)):
        payer = next((code for code in course.step.funders if code.startswith(prefixes)), None)
        if payer is not None:
            return payer
    return "region"


def _no_benefit(course: Course) -> Condition:
    verdict, text = _had_no_benefit(course)
    return Condition("no_benefit", verdict, text, LAW)


def _had_no_benefit(course: Course) -> tuple[Verdict, str]:
    entry = course.benefit_on(course.first, BENEFITS)
    if entry is not None:
        return Verdict.NO, f"Une allocation est versée à l’entrée en formation, le {format_date(course.first)}."
    later = [right for right in course.benefits(BENEFITS) if course.first < right.period.first <= course.last]
    if later:
        begins = min(right.period.first for right in later)
        return (
            Verdict.NO,
            f"Une allocation est due à partir du {format_date(begins)}, la personne est donc indemnisable.",
        )
    if course.person.no_benefit is None:
        return Verdict.TO_CHECK, "Personne n’a dit si une allocation est versée à l’entrée en formation."
    if course.person.no_benefit:
        return Verdict.YES, "Aucune allocation n’est versée à l’entrée en formation."
    return Verdict.NO, "Une allocation est versée à l’entrée en formation."


def _approved(course: Course) -> Condition:
    texts = (
        "La formation est agréée pour la rémunération des stagiaires.",
        "La formation n’est pas agréée pour la rémunération des stagiaires.",
        "Personne n’a dit si la formation est agréée pour la rémunération des stagiaires.",
    )
    return told_condition("approved_for_pay", course.step.approved_for_pay, texts, LAW)


def _length(course: Course) -> Condition:
    # Three years are 1,095 days at least: shorter courses need no calendar.
    if (course.last - course.first).days >= 1094 and course.last > months_from(course.first, LONGEST_MONTHS):
        return Condition("course_length", Verdict.NO, "La formation dure plus de trois ans.", LAW)
    weekly = course.step.weekly_hours
    if weekly is None:
        text = "La durée par semaine n’est pas connue, ni donc si la formation dure 40 heures au moins."
        return Condition("course_length", Verdict.TO_CHECK, text, LAW)
    if weekly * course.step.period.days / 7 < SHORTEST_HOURS:
        text = f"La formation dure moins de {SHORTEST_HOURS} heures, d’après ses dates et sa durée par semaine."
        return Condition("course_length", Verdict.NO, text, LAW)
    return Condition("course_length", Verdict.YES, "La formation dure de 40 heures à trois ans.", LAW)


def suspended(course: Course) -> list[Period]:
    """Days on which the pay is withheld (unjustified absence) or not known to go on (interruption)."""
    return [each.period for each in course.step.interruptions]


def interruption(course: Course, run: Period) -> tuple[Condition, ...]:
    """One line for each absence or interruption that falls in the run."""
    return tuple(
        _withheld(each.period, each.kind is InterruptionKind.ABSENCE)
        for each in course.step.interruptions
        if each.period.overlaps(run)
    )


def _withheld(period: Period, is_absence: bool) -> Condition:
    days = f"du {format_date(period.first)} au {format_date(period.last)}"
    if is_absence:
        return Condition("absence", Verdict.NO, f"L’absence sans motif {days} est retenue sur la rémunération.", LAW)
    text = f"À vérifier si la rémunération est versée pendant l’interruption {days}."
    return Condition("interruption", Verdict.TO_CHECK, text, LAW)


def trainee_rate(course: Course, day: date) -> Valued:
    """What a trainee of this course is paid on that day, by the scale in force on it."""
    code, notes = _scale_code(course, day)
    if code is None:
        return Valued(None, notes)
    scale = course.scales.by_code[code]
    line = course.scales.value(code, day)
    if line is None:
        return Valued(None, (*notes, Condition("scale", Verdict.TO_CHECK, missing(scale, day), LAW)))
    monthly = round_cents(line.amount)
    notes = (*notes, _by_scale(scale.label, monthly, line))
    weekly = course.step.weekly_hours
    if weekly is None:
        unknown = "La durée par semaine n’est pas connue, le montant en dépend."
        return Valued(None, (*notes, Condition("weekly_hours", Verdict.TO_CHECK, unknown, LAW)))
    if weekly >= FULL_TIME:
        return Valued(by_thirtieth(monthly), notes)
    return _part_time(course, day, monthly, weekly, notes)


def _by_scale(label: str, monthly: Decimal, line: DatedValue) -> Condition:
    text = f"{label}, {format_euros(monthly)} par mois à temps plein, divisés par 30."
    if not line.to_check:
        return Condition("scale", Verdict.YES, text, line.law or LAW)
    return Condition("scale", Verdict.TO_CHECK, f"{text} Valeur à vérifier, {line.note}.", line.law or LAW)


def _part_time(course: Course, day: date, monthly: Decimal, weekly: Decimal, notes: tuple[Condition, ...]) -> Valued:
    divisor = course.scales.value("RSP_DIVISEUR_HORAIRE", day)
    if divisor is None:
        unknown = missing(course.scales.by_code["RSP_DIVISEUR_HORAIRE"], day)
        return Valued(None, (*notes, Condition("part_time", Verdict.TO_CHECK, unknown, LAW)))
    hourly = f"{format_euros(monthly)} ÷ {_hours(divisor.amount)}"
    text = f"À temps partiel, {_hours(weekly)} heures par semaine à {hourly} l’heure."
    said = Condition("part_time", Verdict.YES, text, divisor.law or LAW)
    return Valued(rate(to_cents(monthly) * to_cents(weekly), 7 * to_cents(divisor.amount)), (*notes, said))


def _hours(hours: Decimal) -> str:
    return f"{hours.normalize():f}".replace(".", ",")


def age_on(birth: date, day: date) -> int:
    """Whole years on that day; born on 29 February, a year older on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _age(course: Course) -> int | None:
    """The age on entry, as recorded or by the birth date."""
    if course.step.age_at_entry is not None:
        return course.step.age_at_entry
    birth = course.person.birth_date
    return None if birth is None else age_on(birth, course.first)


def _scale_code(course: Course, day: date) -> tuple[str | None, tuple[Condition, ...]]:
    """The scale that holds that person on that day."""
    age = _age(course)
    if payer_of(course).startswith(FRANCE_TRAVAIL) and day > RFPE_ENDS:
        return _code_of_france_travail(course, age)
    if day <= OLD_SCALE_ENDS:
        return _code_of_2002(course, age)
    code, notes = _code_of_2021(course, age, day)
    if course.first <= OLD_SCALE_ENDS:
        entered = (
            f"L’entrée est du {format_date(course.first)}. À vérifier si le barème de 2021 s’applique à ces jours."
        )
        notes = (*notes, Condition("entry", Verdict.TO_CHECK, entered, "décret 2021-522"))
    return code, notes


def _code_of_2002(course: Course, age: int | None) -> tuple[str | None, tuple[Condition, ...]]:
    person = course.person
    worked = person.worked_6_of_12
    if person.disabled is not False and worked is not False:
        return _former_wage(course, age)
    if worked or person.single_parent:
        return "RSP_ACTIVITE_ANTERIEURE", ()
    if worked is None or person.single_parent is None:
        return _unknown("situation", SITUATION) if age is not None else _unknown("birth_date", AGE)
    if age is None:
        return _unknown("birth_date", AGE)
    by_age = ((18, "RSP_MOINS_18"), (21, "RSP_18_20"), (26, "RSP_21_25"))
    return _youngest(by_age, age, "RSP_26_PLUS"), ()


def _code_of_2021(course: Course, age: int | None, day: date) -> tuple[str | None, tuple[Condition, ...]]:
    work_counts = course.scales.value("RSP_MOINS_26_ACTIVITE", day) is not None
    return _since_2021(course, age, work_counts, ("RSP_MOINS_18", "RSP_18_25", "RSP_MOINS_26_ACTIVITE", "RSP_26_PLUS"))


def _code_of_france_travail(course: Course, age: int | None) -> tuple[str | None, tuple[Condition, ...]]:
    return _since_2021(course, age, True, ("RFFT_MOINS_18", "RFFT_18_25", "RFFT_26_PLUS", "RFFT_26_PLUS"))


def _since_2021(
    course: Course, age: int | None, work_counts: bool, codes: tuple[str, str, str, str]
) -> tuple[str | None, tuple[Condition, ...]]:
    """One amount from 26 years, and before for who worked or raises children alone. `codes`: under 18, 18 to 25, who worked
    before 26, from 26."""
    person = course.person
    youngest, young, worked, oldest = codes
    if person.disabled is not False and person.worked_6_of_12 is not False:
        return _former_wage(course, age)
    if person.single_parent or (age is not None and age >= 26):
        return oldest, ()
    if person.worked_6_of_12 and work_counts:
        return worked, ()
    if person.single_parent is None or (person.worked_6_of_12 is None and work_counts):
        return _unknown("situation", SITUATION) if age is not None else _unknown("birth_date", AGE)
    if age is None:
        return _unknown("birth_date", AGE)
    return _youngest(((18, youngest),), age, young), ()


def _youngest(by_age: Iterable[tuple[int, str]], age: int, oldest: str) -> str:
    return next((code for limit, code in by_age if age < limit), oldest)


AGE = "La date de naissance n’est pas connue, le montant dépend de l’âge à l’entrée."
SITUATION = "Personne n’a dit si la personne a travaillé 6 mois sur 12 ou élève seule un enfant, le montant en dépend."


def _former_wage(course: Course, age: int | None) -> tuple[None, tuple[Condition, ...]]:
    """A disabled person who worked is paid on the former wage, which no case holds."""
    if course.person.disabled and course.person.worked_6_of_12:
        return _unknown("former_wage", "Le montant dépend de l’ancien salaire, qui n’est pas connu.")
    if age is None:
        return _unknown("birth_date", AGE)
    return _unknown("situation", "Personne n’a dit si la personne est handicapée et a travaillé, le montant en dépend.")


def _unknown(code: str, text: str) -> tuple[None, tuple[Condition, ...]]:
    return None, (Condition(code, Verdict.TO_CHECK, text, LAW),)
