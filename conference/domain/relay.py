"""Once the benefit has ended, does the law pay the rest of the course, how much and until when?

Six dated rule sets, chosen by the day the course was registered (`scales/rule_sets.toml`: dates, legal text, payer,
ceiling, lengths); each has one function here, which says its conditions. Adding a set is one line there, one line for
each of its values, and one function under `@relay_rules("its code")`. A condition that nobody has said is to check,
and a rule with a condition to check does not pay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from conference.domain import relay_conditions as condition
from conference.domain.course import FRANCE_TRAVAIL, LOCAL_AUTHORITIES, Course
from conference.domain.french import format_date
from conference.domain.period import ONE_DAY, Period, merge, months_from
from conference.domain.rights import RightKind
from conference.domain.scales import RuleSet
from conference.domain.verdict import Condition, Verdict, all_of, told


@dataclass(frozen=True, slots=True)
class Relay:
    """What a rule set says of a run of unpaid days: its conditions, and the last day that it can pay (None: the
    course's)."""

    rules: RuleSet
    verdict: Verdict
    why: tuple[Condition, ...]
    until: date | None = None
    suspended: tuple[Period, ...] = ()

    def paid(self, run: Period) -> list[Period]:
        """The days of `run` that it pays, none unless every condition is met."""
        if self.verdict is not Verdict.YES:
            return []
        end = run.last if self.until is None else min(run.last, self.until)
        return Period(run.first, end).subtract(self.suspended)

    @property
    def scheme(self) -> RightKind:
        return RightKind(self.rules.scheme)


Rule = Callable[[Course, Period, RuleSet], Relay]
RFF_FUNDERS: tuple[str, ...] = (*FRANCE_TRAVAIL, *LOCAL_AUTHORITIES, "agefiph", "opco")
"""What the codes of the funders begin with whose courses open the RFF since 2020."""
EMPLOYERS = ("employeur", "entreprise")
RULES: dict[str, Rule] = {}
"""The function of each rule set, by its code."""


def relay_rules(code: str) -> Callable[[Rule], Rule]:
    """Declare the function of the rule set `code` of `scales/rule_sets.toml`."""

    def declare(rule: Rule) -> Rule:
        RULES[code] = rule
        return rule

    return declare


def relay(course: Course, run: Period, presumed: Sequence[Period] = ()) -> Relay | None:
    """What the rules of the day of registration say of `run`; None when none was in force.

    `presumed`: the days of the same course already found to be relayed, which count in its longest length. A course
    registered after the last known set is to check.
    """
    rules = course.rules
    if rules is None:
        return _after_the_last_known(course)
    said = RULES[rules.code](course, run, rules)
    if said.verdict is Verdict.YES and rules.limit is not None:
        said = _limited(course, run, said, rules.limit, presumed)
    elif said.verdict is Verdict.YES and said.until is not None and said.until < run.first:
        said = replace(said, verdict=Verdict.NO, why=(*said.why, condition.limit_passed(said.until, rules)))
    suspended = tuple(condition.suspended(course, rules)) if course.step.interruptions else ()
    return replace(said, suspended=suspended) if suspended else said


def _after_the_last_known(course: Course) -> Relay | None:
    last = course.scales.rule_sets[-1] if course.scales.rule_sets else None
    if last is None or course.step.registered <= last.first:
        return None
    return Relay(last, Verdict.TO_CHECK, (condition.registered(course, last),))


@relay_rules("aff_2001")
def aff_2001(course: Course, run: Period, rules: RuleSet) -> Relay:
    """Four months at most for a short right; to the end for a qualification to a shortage occupation when the right was
    long or more than four months of course are left (décret 2001-1158)."""
    common = condition.benefit(course, run, rules)
    opened = condition.opened(course, run, rules)
    short_end = condition.short_end(course, run, rules)
    qualifying, shortage = condition.qualifying(course, rules), condition.shortage_occupation(course, rules)
    left = condition.more_than_short_left(course, run, rules)
    is_long = _either(_opposite(opened.verdict), left.verdict)
    to_the_end = all_of((qualifying, shortage, left._replace(verdict=is_long)))
    if opened.verdict is Verdict.TO_CHECK and left.verdict is Verdict.NO:
        # Short or long, the right leads to the end of a course that ends within four months.
        to_the_end = all_of((qualifying, shortage))
    by_length = _either(opened.verdict, to_the_end)
    verdict = all_of((*common, opened._replace(verdict=by_length)))
    why = (*common, opened, qualifying, shortage, left)
    if verdict is not Verdict.YES:
        return Relay(rules, verdict, why, None if to_the_end is Verdict.YES else short_end)
    if to_the_end is Verdict.YES:
        # What opens the right is told, not the other way to it that was not needed.
        opens = tuple(one for one in (_as_long(opened), left) if one.verdict is Verdict.YES)
        return Relay(rules, verdict, (*common, qualifying, shortage, *opens))
    why = (*common, opened)
    if short_end is not None and short_end < course.last:
        why = (*why, *condition.one_more_month(course, short_end))
    return Relay(rules, verdict, why, short_end)


def _as_long(opened: Condition) -> Condition:
    """The same length read as that of a long right."""
    return opened._replace(verdict=_opposite(opened.verdict))


@relay_rules("aff_2006")
def aff_2006(course: Course, run: Period, rules: RuleSet) -> Relay:
    """A prescribed course that leads to a recognised qualification and to an occupation of the prefect's list."""
    why = (
        *condition.benefit(course, run, rules),
        condition.qualifying(course, rules),
        condition.shortage_occupation(course, rules),
    )
    return Relay(rules, all_of(why), why)


@relay_rules("afdef_2009")
def afdef_2009(course: Course, run: Period, rules: RuleSet) -> Relay:
    """As AFF of 2006."""
    return aff_2006(course, run, rules)


@relay_rules("rff_2011")
def rff_2011(course: Course, run: Period, rules: RuleSet) -> Relay:
    """As AFF of 2006, also after the allowances of the CRP, CTP and CSP."""
    return aff_2006(course, run, rules)


@relay_rules("rff_2020")
def rff_2020(course: Course, run: Period, rules: RuleSet) -> Relay:
    """As before, for a course that one of the funders listed pays in whole or part."""
    said = aff_2006(course, run, rules)
    why = (*said.why, condition.course_funder(course, rules, RFF_FUNDERS))
    return Relay(rules, all_of(why), why)


@relay_rules("rff_2024")
def rff_2024(course: Course, run: Period, rules: RuleSet) -> Relay:
    """As before, also paid by the employer for a CSP; never for a bilan, the support of a VAE or an assessment."""
    follows_csp = course.benefit_on(course.first, frozenset({RightKind.ASP})) is not None
    funders = (*RFF_FUNDERS, *EMPLOYERS) if follows_csp else RFF_FUNDERS
    why = (
        *aff_2006(course, run, rules).why,
        condition.course_funder(course, rules, funders),
        condition.step_kind(course, rules),
    )
    return Relay(rules, all_of(why), why)


def _either(one: Verdict, other: Verdict) -> Verdict:
    if Verdict.YES in (one, other):
        return Verdict.YES
    return Verdict.TO_CHECK if Verdict.TO_CHECK in (one, other) else Verdict.NO


def _opposite(verdict: Verdict) -> Verdict:
    return told(None if verdict is Verdict.TO_CHECK else verdict is Verdict.NO)


def _limited(course: Course, run: Period, said: Relay, code: str, presumed: Sequence[Period]) -> Relay:
    """The same, ended by the longest length of benefit and relay together."""
    rules = said.rules
    line = course.scales.value(code, course.step.registered)
    if line is None:
        return replace(said, verdict=Verdict.TO_CHECK, why=(*said.why, condition.limit_unknown(course, rules)))
    length, unit = int(line.amount), course.scales.by_code[code].unit
    start = _first_paid_day(course, rules, run)
    if unit == "jours":
        until = _last_of(
            length - _days_used(course, rules, start, run, presumed), run, condition.suspended(course, rules)
        )
    else:
        until = months_from(start, length * 12 if unit == "années" else length)
    law = line.law or rules.law
    if until < run.first:
        text = f"La durée de {length} {unit} au plus, depuis le {format_date(start)}, s’est terminée le {format_date(until)}."
        return replace(said, verdict=Verdict.NO, why=(*said.why, Condition("limit", Verdict.NO, text, law)))
    text = f"La durée de {length} {unit} au plus, depuis le {format_date(start)}, va jusqu’au {format_date(until)}."
    return replace(said, until=until, why=(*said.why, Condition("limit", Verdict.YES, text, law)))


def _last_of(days: int, run: Period, suspended: Sequence[Period]) -> date:
    """The last of so many paid days from the first of the run, suspended days not counted; the day before it for none."""
    until = run.first + ONE_DAY * (max(days, 0) - 1)
    for each in sorted(suspended):
        if days > 0 and run.first <= each.last and each.first <= until:
            until += ONE_DAY * Period(max(each.first, run.first), each.last).days
    return until


def _first_paid_day(course: Course, rules: RuleSet, run: Period) -> date:
    """The first day of the course that its benefit pays."""
    first = course.chain_first
    days = [max(right.period.first, first) for right in course.benefits(rules.after) if right.period.last >= first]
    return min([*days, run.first])


def _days_used(course: Course, rules: RuleSet, start: date, run: Period, presumed: Sequence[Period]) -> int:
    """Days of benefit and relay from the first paid day to the day before the run."""
    if run.first <= start:
        return 0
    before = Period(start, run.first - ONE_DAY)
    paying = [
        right.period for right in course.rights if right.kind in rules.after or right.kind in condition.RELAY_KINDS
    ]
    parts = (period.intersection(before) for period in (*paying, *presumed))
    return sum(part.days for part in merge(part for part in parts if part))
