"""Which unpaid days does a rule presume to be paid, by whom and how much?

Either the relay of an ended benefit or the pay of a trainee without one: their conditions exclude each other.
Entitlement and amount are separate: a missing value leaves the days presumed, without an amount.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from conference.domain.convention_pay import rates
from conference.domain.course import Course
from conference.domain.french import format_date, format_euros
from conference.domain.money import round_cents, to_cents
from conference.domain.period import Period
from conference.domain.rate import Rate, rate, smaller
from conference.domain.relay import Relay, relay
from conference.domain.relay_conditions import interruption
from conference.domain.rights import RightKind
from conference.domain.scales import RuleSet, missing
from conference.domain.segment import CoverageStatus, Reason, ReasonCode, Segment
from conference.domain.trainee_pay import TraineePay, suspended, trainee_pay
from conference.domain.trainee_pay import interruption as withheld
from conference.domain.verdict import Condition, Verdict

RELAYED = Reason(
    ReasonCode.PRESUMED_RELAY, "Les conditions de la loi sont remplies, la décision n’est pas enregistrée."
)
TRAINEE = Reason(
    ReasonCode.PRESUMED_TRAINEE_PAY, "La rémunération de stagiaire est due, la décision n’est pas enregistrée."
)
Priced = tuple[Period, Rate | None, tuple[Condition, ...]]


class Presumption(NamedTuple):
    """What the rules say of a run: the relay (None: no rules in force), the trainee's pay, and the segments presumed."""

    relay: Relay | None
    trainee: TraineePay
    segments: list[Segment]

    @property
    def by_relay(self) -> bool:
        return self.relay is not None and self.relay.verdict is Verdict.YES

    @property
    def law(self) -> str:
        """The text of law of what is closest to paying a day left unpaid."""
        return self.why[0].source

    @property
    def why(self) -> tuple[Condition, ...]:
        """The conditions that explain a day left unpaid: those of the relay, or of the trainee's pay where it is closer."""
        if self.relay is None or (self.trainee.why[0].verdict is Verdict.YES):
            return self.trainee.why
        return self.relay.why


def presumption(course: Course, run: Period, presumed: Sequence[Period]) -> Presumption:
    """What the rules presume of the unpaid `run`; `presumed`: days of the same course relayed before it."""
    by_relay = relay(course, run, presumed)
    as_trainee = trainee_pay(course)
    if by_relay is not None and by_relay.verdict is Verdict.YES:
        return Presumption(by_relay, as_trainee, _relayed(course, run, by_relay))
    if as_trainee.verdict is Verdict.YES:
        return Presumption(by_relay, as_trainee, _as_trainee(course, run, as_trainee))
    return Presumption(by_relay, as_trainee, [])


def _as_trainee(course: Course, run: Period, said: TraineePay) -> list[Segment]:
    why = (*said.why, *withheld(course, run))
    return [
        Segment(part, CoverageStatus.PRESUMED, RightKind.TRAINEE_PAY, said.payer, each, TRAINEE, (*why, *notes))
        for paid in run.subtract(suspended(course))
        for part, each, notes in rates(course, paid, None)
    ]


def _relayed(course: Course, run: Period, said: Relay) -> list[Segment]:
    why = (*said.why, *interruption(run, said.suspended, said.rules))
    return [
        Segment(part, CoverageStatus.PRESUMED, said.scheme, said.rules.payer, each, RELAYED, (*why, *notes))
        for paid in said.paid(run)
        for part, each, notes in _relay_rates(course, run, paid, said.rules)
    ]


def _relay_rates(course: Course, run: Period, paid: Period, rules: RuleSet) -> list[Priced]:
    """The days cut where the amount may change, each part with it: the last daily amount, under its monthly ceiling if
    any."""
    ended = course.last_benefit(run, rules.after)
    last = None if ended is None else ended.rate
    if last is None:
        text = "Le dernier montant par jour de l’allocation n’est pas enregistré."
        return [(paid, None, (Condition("daily_amount", Verdict.TO_CHECK, text, rules.law),))]
    if rules.cap is None:
        text = f"Le dernier montant par jour est repris, {format_euros(last.daily)}."
        return [(paid, last, (Condition("daily_amount", Verdict.YES, text, rules.law),))]
    starts = course.scales.starts(rules.cap)
    return [_capped(course, part, last, rules, rules.cap) for month in paid.by_month() for part in month.split(starts)]


def _capped(course: Course, part: Period, last: Rate, rules: RuleSet, code: str) -> Priced:
    """A part of a month: min(daily × days, ceiling × days ÷ days of the month) (SEMANTICS §6)."""
    line = course.scales.value(code, part.first)
    if line is None:
        text = missing(course.scales.by_code[code], part.first)
        return part, None, (Condition("cap", Verdict.TO_CHECK, text, rules.law),)
    cap = round_cents(line.amount)
    days = _days_of_month(part.first)
    ceiling = rate(to_cents(cap), days)
    law = line.law or rules.law
    doubt = f" Valeur à vérifier, {line.note}." if line.to_check else ""
    verdict = Verdict.TO_CHECK if line.to_check else Verdict.YES
    if not ceiling.is_less_than(last):
        text = f"Le dernier montant par jour est repris, {format_euros(last.daily)}, sous le plafond mensuel.{doubt}"
        return part, last, (Condition("cap", verdict, text, law),)
    text = f"Le montant est limité par le plafond de {format_euros(cap)} par mois.{doubt}"
    notes: tuple[Condition, ...] = (Condition("cap", verdict, text, law),)
    if part.days < days:
        whole = f"Le mois du {format_date(part.first)} est incomplet, le plafond y est compté au prorata des jours."
        notes = (*notes, Condition("part_month", Verdict.TO_CHECK, whole, law))
    return part, smaller(last, ceiling), notes


def _days_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]
