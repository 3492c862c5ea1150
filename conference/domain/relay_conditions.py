"""Which condition of the relay rules is met, missing or to check, and in which words?

One function answers one condition, for every rule set that has it: the text of law is that of the set.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conference.domain.case import InterruptionKind, StepKind
from conference.domain.course import Course
from conference.domain.french import format_date
from conference.domain.period import ONE_DAY, Period, merge, months_from
from conference.domain.rights import RightKind
from conference.domain.scales import RuleSet, missing
from conference.domain.verdict import Condition, Verdict, told_condition

RELAY_KINDS = frozenset({RightKind.AFF, RightKind.AFDEF, RightKind.RFF})
YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
OTHER_FUNDERS = (
    "assedic",
    "unedic",
    "etat",
    "fongecif",
    "opacif",
    "transitions_pro",
    "employeur",
    "entreprise",
    "beneficiaire",
    "personne",
    "fpspp",
    "autofinancement",
)
"""Funders known not to open the RFF; any other code that no list holds is to check."""


def benefit(course: Course, run: Period, rules: RuleSet) -> tuple[Condition, ...]:
    """What every relay asks: a benefit at entry, that has ended, for a prescribed course."""
    return benefit_at_entry(course, rules), rights_ended(course, run, rules), prescribed(course, rules)


def benefit_at_entry(course: Course, rules: RuleSet) -> Condition:
    """Was the benefit being paid on the first day of the course?"""
    verdict, text = _benefit_at_entry(course, rules)
    return Condition("benefit_at_entry", verdict, text, rules.law)


def _benefit_at_entry(course: Course, rules: RuleSet) -> tuple[Verdict, str]:
    entry = format_date(course.first)
    if course.benefit_on(course.first, rules.after):
        return YES, f"Une allocation est versée à l’entrée en formation, le {entry}."
    if any(course.benefit_on(step.period.first, rules.after) for step in course.before):
        before = f"L’allocation était versée au début de l’étape précédente, pas le {entry}."
        return TO_CHECK, f"{before} À vérifier s’il s’agit de la même formation."
    benefits = course.benefits(rules.after)
    if not benefits:
        return _no_benefit_recorded(course)
    if benefits[-1].period.last < course.first and course.person.no_benefit is False:
        return TO_CHECK, "Une allocation serait versée à l’entrée en formation, mais elle n’est pas enregistrée."
    if benefits[-1].period.last < course.first:
        return (
            NO,
            f"L’allocation s’est arrêtée le {format_date(benefits[-1].period.last)}, avant l’entrée en formation.",
        )
    begins = min(right.period.first for right in benefits if right.period.last >= course.first)
    return TO_CHECK, f"L’allocation ne commence que le {format_date(begins)}, après l’entrée en formation (différé)."


def _no_benefit_recorded(course: Course) -> tuple[Verdict, str]:
    if course.person.no_benefit:
        return NO, "Aucune allocation n’est versée à l’entrée en formation."
    paying = course.paid_on(course.first)
    if paying is not None and paying.kind not in RELAY_KINDS:
        return NO, "Un autre revenu est versé à l’entrée en formation, pas une allocation de chômage."
    return (
        TO_CHECK,
        "Aucune allocation n’est enregistrée à l’entrée en formation et personne n’a dit qu’il n’y en avait pas.",
    )


def rights_ended(course: Course, run: Period, rules: RuleSet) -> Condition:
    """Has the benefit run out before these days, with none to follow in the course?"""
    benefits = course.benefits(rules.after)
    later = [one.period.first for one in benefits if run.last < one.period.first <= course.last]
    ended = course.last_benefit(run, rules.after)
    if later:
        text = f"Les droits ne sont pas épuisés, une allocation reprend le {format_date(min(later))}."
        return Condition("rights_ended", NO, text, rules.law)
    if ended:
        text = f"Les droits s’arrêtent le {format_date(ended.period.last)}, avant la fin de la formation."
        return Condition("rights_ended", YES, text, rules.law)
    if course.person.no_benefit:
        return Condition("rights_ended", NO, "Il n’y avait pas de droits à épuiser.", rules.law)
    return Condition("rights_ended", TO_CHECK, "Aucune fin de droits n’est enregistrée.", rules.law)


def prescribed(course: Course, rules: RuleSet) -> Condition:
    texts = (
        "La formation est prescrite.",
        "La formation n’est pas prescrite.",
        "Personne n’a dit si la formation est prescrite.",
    )
    return told_condition("prescribed", course.step.prescribed, texts, rules.law)


def qualifying(course: Course, rules: RuleSet) -> Condition:
    texts = (
        "La formation mène à une qualification reconnue.",
        "La formation ne mène pas à une qualification reconnue.",
        "Personne n’a dit si la formation mène à une qualification reconnue.",
    )
    return told_condition("qualifying", course.step.qualifying, texts, rules.law)


def shortage_occupation(course: Course, rules: RuleSet) -> Condition:
    texts = (
        "Le métier visé est sur la liste des métiers en tension.",
        "Le métier visé n’est pas sur la liste des métiers en tension.",
        "Personne n’a dit si le métier visé est sur la liste des métiers en tension.",
    )
    return told_condition("shortage_occupation", course.step.shortage_occupation, texts, rules.law)


def course_funder(course: Course, rules: RuleSet, funders: Sequence[str]) -> Condition:
    """Is one of the funders of the course one of those listed? A funder that no list knows is to check, as is a course that
    a listed funder has handed over."""
    verdict, text = _course_funder(course, tuple(funders))
    return Condition("course_funder", verdict, text, rules.law)


def _course_funder(course: Course, funders: tuple[str, ...]) -> tuple[Verdict, str]:
    codes = course.step.funders
    if not codes:
        return TO_CHECK, "Personne n’a dit qui finance la formation."
    if course.is_funded_by(*funders):
        return YES, "La formation est financée, en tout ou partie, par un financeur qui ouvre ce droit."
    if any(one.startswith(funders) for step in course.before for one in step.funders):
        return (
            TO_CHECK,
            "Le financeur de la formation a changé en cours de route. À vérifier s’il ouvre encore ce droit.",
        )
    if all(code.startswith(OTHER_FUNDERS) for code in codes):
        return NO, "Aucun financeur de la formation n’ouvre ce droit."
    return TO_CHECK, "À vérifier si le financeur de la formation ouvre ce droit."


def step_kind(course: Course, rules: RuleSet) -> Condition:
    """Bilan, support of a VAE and assessments never open the RFF since 2024."""
    if course.step.kind in (StepKind.BILAN, StepKind.VAE, StepKind.ASSESSMENT):
        text = "Un bilan, un accompagnement à la VAE ou une évaluation n’ouvre jamais ce droit."
        return Condition("step_kind", NO, text, rules.law)
    return Condition("step_kind", YES, "L’étape n’est ni un bilan, ni une VAE, ni une évaluation.", rules.law)


def opened(course: Course, run: Period, rules: RuleSet) -> Condition:
    """Was the right opened for so few months that the short relay is due?"""
    assert rules.opened_months is not None
    ended = course.last_benefit(run, rules.after)
    months = None if ended is None else ended.opened_months
    if months is None:
        text = f"Personne n’a dit si le droit a été ouvert pour {rules.opened_months} mois au plus."
        return Condition("opened_months", TO_CHECK, text, rules.law)
    is_short = months <= rules.opened_months
    text = f"Le droit a été ouvert pour {months} mois, {'pas plus' if is_short else 'plus'} de {rules.opened_months}."
    return Condition("opened_months", YES if is_short else NO, text, rules.law)


def short_end(course: Course, run: Period, rules: RuleSet) -> date | None:
    """The last day of the short relay, None when its length is not known."""
    assert rules.short_limit is not None
    line = course.scales.value(rules.short_limit, course.step.registered)
    return None if line is None else months_from(relay_start(course, run, rules), int(line.amount))


def relay_start(course: Course, run: Period, rules: RuleSet) -> date:
    """The first day of the relay: the first after the end of the benefit that no other right pays, in the course."""
    ended = course.last_benefit(run, rules.after)
    if ended is None:
        return run.first
    start = max(course.first, ended.period.last + ONE_DAY)
    if start >= run.first:
        return run.first
    others = [right.period for right in course.rights if right.kind not in RELAY_KINDS]
    return Period(start, run.first).subtract(others)[0].first


def more_than_short_left(course: Course, run: Period, rules: RuleSet) -> Condition:
    """Is more than the length of the short relay left of the course when the benefit ends?"""
    end = short_end(course, run, rules)
    if end is None:
        return Condition(
            "four_months_left", TO_CHECK, "La durée de l’allocation de droit commun n’est pas connue.", rules.law
        )
    if end < course.last:
        text = f"Il reste plus de quatre mois de formation après le {format_date(relay_start(course, run, rules) - ONE_DAY)}."
        return Condition("four_months_left", YES, text, rules.law)
    return Condition("four_months_left", NO, "Il ne reste pas plus de quatre mois de formation.", rules.law)


def one_more_month(course: Course, until: date) -> tuple[Condition, ...]:
    """A fifth month may be decided where it finishes the course: never presumed."""
    if course.last > months_from(until + ONE_DAY, 1):
        return ()
    text = f"Un mois de plus peut être décidé après le {format_date(until)}, puisqu’il achève la formation."
    return (Condition("one_more_month", TO_CHECK, text, "circulaire DGEFP 2002-2"),)


def limit_unknown(course: Course, rules: RuleSet) -> Condition:
    assert rules.limit is not None
    text = missing(course.scales.by_code[rules.limit], course.step.registered)
    return Condition("limit", TO_CHECK, text, rules.law)


def registered(course: Course, last: RuleSet) -> Condition:
    day = format_date(course.step.registered)
    known = "" if last.last is None else f", connues jusqu’au {format_date(last.last)}"
    text = f"Les règles des formations inscrites le {day} ne sont pas connues{known}."
    return Condition("registered", TO_CHECK, text, last.law)


def suspended(course: Course, rules: RuleSet) -> list[Period]:
    """Days on which the relay is not paid since the course is interrupted for longer than the rules bear.

    Where the texts held say nothing of interruptions, any of them: what is not known is not presumed.
    """
    longest = 0 if rules.interruption is None else rules.interruption
    interrupted = (one.period for one in course.step.interruptions if one.kind is InterruptionKind.INTERRUPTION)
    return [period for period in merge(interrupted) if period.days > longest]


def interruption(run: Period, suspensions: Sequence[Period], rules: RuleSet) -> tuple[Condition, ...]:
    """One line for each suspension that falls in the run."""
    return tuple(_suspension(each, rules) for each in suspensions if each.overlaps(run))


def _suspension(period: Period, rules: RuleSet) -> Condition:
    days = f"La formation est interrompue du {format_date(period.first)} au {format_date(period.last)}"
    if rules.interruption is None:
        text = f"{days}. Les textes connus ne disent pas si l’allocation est alors versée."
        return Condition("interruption", TO_CHECK, text, rules.law)
    text = f"{days}, plus de {rules.interruption} jours. Le versement est suspendu."
    return Condition("interruption", NO, text, rules.law)


def limit_passed(until: date, rules: RuleSet) -> Condition:
    return Condition(
        "limit", NO, f"La durée la plus longue de ce droit s’est terminée le {format_date(until)}.", rules.law
    )
