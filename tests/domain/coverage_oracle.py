"""Who pays each day, read one day after the other?

The plain reading of the rules, written from the texts (DOMAIN §2-3, SEMANTICS §6) and from nothing of the engine: it
knows the facts (`Case`, `Step`, `Right`), asks the scales for a value on a day, and goes through the calendar. Slow and
obvious: amounts are fractions of a euro, and nothing is remembered from one day to the next except what the rules
themselves count (days paid so far, what is left of a convention). The engine must say the same of every day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from conference.domain.case import Case, InterruptionKind, Step, StepKind
from conference.domain.rights import Right, RightKind, are_cumulable
from conference.domain.scales import RuleSet, Scales
from conference.domain.verdict import Verdict

DAY = timedelta(days=1)
YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
RELAY_KINDS = ("aff", "afdef", "rff")
BENEFITS = ("are", "aref", "asp", "ati", "asr", "atp", "ass")
FUNDERS_OF_RFF = frozenset(
    {"france_travail", "pole_emploi", "region", "agefiph", "opco", "commune", "departement", "collectivite"}
)


@dataclass(frozen=True)
class DayAnswer:
    """What is said of one day: `daily` in euros, exact, None when it is not known."""

    status: str
    kind: str | None = None
    payer: str | None = None
    daily: Fraction | None = None
    reference: Fraction | None = None
    """For a day that is paid: the last daily amount before it, when one is known."""


@dataclass
class Reading:
    """One person's calendar. `answers` by day; `relay` what the relay rules say of each day no recorded right pays."""

    case: Case
    scales: Scales
    answers: dict[date, DayAnswer] = field(default_factory=dict)
    relay: dict[date, Verdict | None] = field(default_factory=dict)
    trainee: dict[date, Verdict] = field(default_factory=dict)
    spent: dict[int, Fraction] = field(default_factory=dict)

    # -- the calendar

    def read(self) -> Reading:
        for day in self.needed_days:
            self.answers[day] = self.answer(day)
        return self

    @cached_property
    def needed_days(self) -> list[date]:
        return sorted({day for step in self.case.steps if step.needs_income for day in step.period})

    def step_of(self, day: date) -> Step:
        """A day that two steps share belongs to the one that began first."""
        holding = [step for step in self.case.steps if step.needs_income and step.period.contains(day)]
        return min(holding, key=in_order)

    def entry(self, step: Step) -> date:
        """The first day of the course: steps that follow each other without a hole are one."""
        needed, day = set(self.needed_days), step.period.first
        while day - DAY in needed:
            day -= DAY
        return day

    def overlap_days(self) -> list[date]:
        found = []
        for day in self.needed_days:
            rights = self.rights_on(day)
            if any(not are_cumulable(one, other) for one in rights for other in rights):
                found.append(day)
        return found

    # -- recorded rights

    @cached_property
    def known_rights(self) -> list[Right]:
        """Those that the conférence knew, the one that a day shows first."""
        asked = self.case.known_on
        known = [one for one in self.case.rights if asked is None or one.known_on is None or one.known_on <= asked]
        return sorted(known, key=shown_first)

    def rights_on(self, day: date) -> list[Right]:
        return [one for one in self.known_rights if one.period.contains(day)]

    def ended_before(self, day: date, kinds: Iterable[str] | None = None) -> list[Right]:
        return [one for one in self.known_rights if one.period.last < day and (kinds is None or one.kind in kinds)]

    # -- one day

    def answer(self, day: date) -> DayAnswer:
        step = self.step_of(day)
        recorded = self.rights_on(day)
        if recorded:
            main = recorded[0]
            return DayAnswer("covered", main.kind, main.payer, daily_of(main), self.reference(day, main))
        rules = self.scales.rule_set(step.registered)
        self.relay[day] = self.relay_verdict(day, step, rules)
        self.trainee[day] = self.trainee_verdict(step)
        if rules is not None and self.relay[day] is YES and self.relay_pays(day, step, rules):
            amount = self.relay_amount(day, rules)
            return DayAnswer("presumed", rules.scheme, rules.payer, amount, self.last_benefit_amount(day, rules))
        if self.trainee[day] is YES and not is_away(day, step):
            return DayAnswer("presumed", "trainee_pay", None, self.trainee_amount(day, step))
        return self.by_convention(day, step) or DayAnswer("gap", daily=self.need_of(day, step))

    # -- relay after the end of the benefit

    def relay_said(self, day: date) -> Verdict | None:
        """What the relay rules say to a person whose unpaid days begin that day."""
        step = self.step_of(day)
        rules, said = self.scales.rule_set(step.registered), self.relay[day]
        if rules is None or said is not YES:
            return said
        return told(self.within_limit(day, step, rules))

    def relay_verdict(self, day: date, step: Step, rules: RuleSet | None) -> Verdict | None:
        """Of the conditions alone; None when no rules were in force when the course was registered."""
        if rules is None:
            return TO_CHECK if step.registered > self.scales.rule_sets[-1].first else None
        common = [self.benefit_at_entry(step, rules), self.rights_ended(day, step, rules), told(step.prescribed)]
        if rules.code == "aff_2001":
            return worst(*common, self.aff_2001(day, step, rules))
        common += [told(step.qualifying), told(step.shortage_occupation)]
        if rules.code in ("rff_2020", "rff_2024"):
            common.append(funded(step, self.steps_before(step), self.funders_of_rff(step, rules)))
        if rules.code == "rff_2024":
            common.append(NO if step.kind in (StepKind.BILAN, StepKind.VAE, StepKind.ASSESSMENT) else YES)
        return worst(*common)

    def benefit_at_entry(self, step: Step, rules: RuleSet) -> Verdict:
        """ARE at entry. One that ended before the course is known to be missing; one that the step before began with
        may be that of the same course; one that is due later in the course is to check."""
        first = step.period.first
        if self.holds(first, rules.after):
            return YES
        if any(self.holds(each.period.first, rules.after) for each in self.steps_before(step)):
            return TO_CHECK
        benefits = [one for one in self.known_rights if one.kind in rules.after]
        if benefits:
            over = all(one.period.last < first for one in benefits) and self.case.person.no_benefit is not False
            return NO if over else TO_CHECK
        if self.case.person.no_benefit:
            return NO
        at_entry = self.rights_on(first)
        return NO if at_entry and at_entry[0].kind not in RELAY_KINDS else TO_CHECK

    def funders_of_rff(self, step: Step, rules: RuleSet) -> frozenset[str]:
        """Since 2024 the employer too, for the allowance of the CSP."""
        csp = rules.code == "rff_2024" and self.holds(step.period.first, ("asp",))
        return FUNDERS_OF_RFF | {"employeur"} if csp else FUNDERS_OF_RFF

    def holds(self, day: date, kinds: Iterable[str]) -> bool:
        return any(one.kind in kinds for one in self.rights_on(day))

    def steps_before(self, step: Step) -> list[Step]:
        """The steps that need an income and lead to this one without a hole."""
        entry = self.entry(step)
        before = [one for one in self.case.steps if one.needs_income and one is not step]
        return [one for one in before if entry <= one.period.first and in_order(one) < in_order(step)]

    def rights_ended(self, day: date, step: Step, rules: RuleSet) -> Verdict:
        last = step.period.last
        if any(one.kind in rules.after and day < one.period.first <= last for one in self.known_rights):
            return NO
        return YES if self.ended_before(day, rules.after) else TO_CHECK

    def aff_2001(self, day: date, step: Step, rules: RuleSet) -> Verdict:
        """A length that nobody has said may not matter: it is met or missing when it is so for every length."""
        said = {best(told(short), self.to_the_end(day, step, rules, short)) for short in self.short_rights(day, rules)}
        return said.pop() if len(said) == 1 else TO_CHECK

    def short_rights(self, day: date, rules: RuleSet) -> tuple[bool, ...]:
        benefit = self.last_benefit(day, rules)
        months = None if benefit is None else benefit.opened_months
        assert rules.opened_months is not None
        return (True, False) if months is None else (months <= rules.opened_months,)

    def to_the_end(self, day: date, step: Step, rules: RuleSet, short: bool) -> Verdict:
        long_course = step.period.last > self.four_months(day, step, rules)
        return worst(told(step.qualifying), told(step.shortage_occupation), told(long_course or not short))

    def four_months(self, day: date, step: Step, rules: RuleSet) -> date:
        """The last of the four months from the relay's own first day."""
        assert rules.short_limit is not None
        line = self.scales.value(rules.short_limit, step.registered)
        assert line is not None
        return add_months(self.relay_start(day, step, rules), int(line.amount)) - DAY

    def relay_start(self, day: date, step: Step, rules: RuleSet) -> date:
        """The first day after the benefit that the relay pays, or could: another income may come between."""
        benefit = self.last_benefit(day, rules)
        start = step.period.first if benefit is None else max(step.period.first, benefit.period.last + DAY)
        while start < day and self.rights_on(start) and self.rights_on(start)[0].kind not in RELAY_KINDS:
            start += DAY
        return start

    def relay_pays(self, day: date, step: Step, rules: RuleSet) -> bool:
        """Texts that say nothing of interruptions leave any of them to check: not presumed."""
        return interrupted_for(day, step) <= (rules.interruption or 0) and self.within_limit(day, step, rules)

    def within_limit(self, day: date, step: Step, rules: RuleSet) -> bool:
        if rules.code == "aff_2001":
            to_the_end = [self.to_the_end(day, step, rules, short) for short in self.short_rights(day, rules)]
            return worst(*to_the_end) is YES or day <= self.four_months(day, step, rules)
        if rules.limit is None:
            return True
        line = self.scales.value(rules.limit, step.registered)
        assert line is not None
        first = next(each for each in self.needed_days if each >= self.entry(step) and self.holds(each, rules.after))
        if self.scales.by_code[rules.limit].unit == "années":
            return day < add_months(first, 12 * int(line.amount))
        paid = [each for each in self.answers if first <= each < day and self.counts(each, rules)]
        return len(paid) < int(line.amount)

    def counts(self, day: date, rules: RuleSet) -> bool:
        """Is it a day of the benefit or of its relay?"""
        return self.answers[day].kind in RELAY_KINDS or self.holds(day, (*rules.after, *RELAY_KINDS))

    def last_benefit(self, day: date, rules: RuleSet) -> Right | None:
        ended = self.ended_before(day, rules.after)
        return min(ended, key=lambda one: (-one.period.last.toordinal(), shown_first(one)), default=None)

    def last_benefit_amount(self, day: date, rules: RuleSet) -> Fraction | None:
        benefit = self.last_benefit(day, rules)
        return None if benefit is None else daily_of(benefit)

    def relay_amount(self, day: date, rules: RuleSet) -> Fraction | None:
        daily = self.last_benefit_amount(day, rules)
        if rules.cap is None or daily is None:
            return daily
        cap = self.scales.value(rules.cap, day)
        return None if cap is None else min(daily, Fraction(cap.amount) / monthrange(day.year, day.month)[1])

    # -- pay of trainees who had no benefit

    def trainee_verdict(self, step: Step) -> Verdict:
        return worst(self.no_benefit(step), told(step.approved_for_pay), length_of_course(step))

    def no_benefit(self, step: Step) -> Verdict:
        """No to a benefit at entry, or due later in the course: the person is then *indemnisable*."""
        first, last = step.period.first, step.period.last
        benefits = [one for one in self.known_rights if one.kind in BENEFITS]
        if any(first <= one.period.last and one.period.first <= last for one in benefits):
            return NO
        return told(self.case.person.no_benefit)

    def trainee_amount(self, day: date, step: Step) -> Fraction | None:
        """A thirtieth of the month's pay; at part time, the hours of a seventh of the week."""
        month = self.trainee_month(day, step)
        if month is None or step.weekly_hours is None:
            return None
        if step.weekly_hours >= 30:
            return month / 30
        divisor = self.scales.value("RSP_DIVISEUR_HORAIRE", day)
        return None if divisor is None else month / Fraction(divisor.amount) * Fraction(step.weekly_hours) / 7

    def trainee_month(self, day: date, step: Step) -> Fraction | None:
        """What is not known of the person may not matter: the amount is known when every possible person has it."""
        person = self.case.person
        possible = {
            self.month_of(day, step, age, bool(worked), bool(parent), bool(disabled))
            for age in ages_on(step.period.first, person.birth_date)
            for worked in either(person.worked_6_of_12)
            for parent in either(person.single_parent)
            for disabled in either(person.disabled)
        }
        return possible.pop() if len(possible) == 1 else None

    def month_of(self, day: date, step: Step, age: int, worked: bool, parent: bool, disabled: bool) -> Fraction | None:
        of_france_travail = any(one in ("france_travail", "pole_emploi") for one in step.funders)
        rfft = of_france_travail and day >= date(2022, 1, 1)
        if disabled and worked:
            return None  # the former wage decides, and nobody has said it
        if day < date(2021, 5, 1):
            return self.euros(code_before_2021(age, worked or parent), day)
        as_adult = age >= 26 or parent or (worked and day >= date(2021, 6, 1))
        band = "26_PLUS" if as_adult else "18_25" if age >= 18 else "MOINS_18"
        return self.euros(f"RFFT_{band}" if rfft else f"RSP_{band}", day)

    def euros(self, code: str, day: date) -> Fraction | None:
        line = self.scales.value(code, day)
        return None if line is None else Fraction(line.amount)

    # -- conventions, gaps

    def by_convention(self, day: date, step: Step) -> DayAnswer | None:
        for number, each in enumerate(self.case.conventions):
            if not each.period.contains(day) or not each.left:
                continue
            daily = self.trainee_amount(day, step) if each.daily_amount is None else Fraction(each.daily_amount)
            after = self.spent.get(number, Fraction(0)) + (daily or 0)
            if after <= Fraction(each.left):
                self.spent[number] = after
                return DayAnswer("available", each.kind, each.payer, daily)
        return None

    def need_of(self, day: date, step: Step) -> Fraction | None:
        """The nearest earlier daily amount, else the first later one, else the trainee scale."""
        known = self.nearest_amount(day)
        return self.trainee_amount(day, step) if known is None else known

    def nearest_amount(self, day: date) -> Fraction | None:
        valued = [one for one in self.known_rights if daily_of(one) is not None]
        before = [one for one in valued if one.period.last < day]
        if before:
            return daily_of(min(before, key=lambda one: (-one.period.last.toordinal(), shown_first(one))))
        after = [one for one in valued if one.period.first > day]
        return daily_of(min(after, key=lambda one: (one.period.first, shown_first(one)))) if after else None

    def reference(self, day: date, main: Right) -> Fraction | None:
        """The last daily amount before the right that pays the day."""
        before = [one for one in self.ended_before(main.period.first) if daily_of(one) is not None]
        if not before:
            return None
        return daily_of(min(before, key=lambda one: (-one.period.last.toordinal(), shown_first(one))))


def daily_of(right: Right) -> Fraction | None:
    if right.daily_amount is not None:
        return Fraction(right.daily_amount)
    if right.monthly_amount is None:
        return None
    month = Fraction(right.monthly_amount)
    return month / 30 if right.kind is RightKind.TRAINEE_PAY else month * 12 / 365


def shown_first(right: Right) -> tuple[bool, Fraction, str, str, date, date]:
    """The right recorded as main, then the larger; the rest only settles ties."""
    daily = daily_of(right)
    larger = Fraction(1) if daily is None else -daily
    return (not right.main, larger, right.kind, right.payer, right.period.first, right.period.last)


def told(known: bool | None) -> Verdict:
    return TO_CHECK if known is None else YES if known else NO


def worst(*verdicts: Verdict) -> Verdict:
    """All are needed."""
    return NO if NO in verdicts else TO_CHECK if TO_CHECK in verdicts else YES


def best(*verdicts: Verdict) -> Verdict:
    """One is enough."""
    return YES if YES in verdicts else TO_CHECK if TO_CHECK in verdicts else NO


def in_order(step: Step) -> tuple[date, date, str]:
    return step.period.first, step.period.last, step.id


def funded(step: Step, before: Iterable[Step], listed: frozenset[str]) -> Verdict:
    """To check when a listed funder has handed the course over to another."""
    if listed.intersection(step.funders):
        return YES
    handed_over = any(listed.intersection(each.funders) for each in before)
    return NO if step.funders and not handed_over else TO_CHECK


def length_of_course(step: Step) -> Verdict:
    """40 hours to 3 years."""
    if step.period.last >= add_months(step.period.first, 36):
        return NO
    if step.weekly_hours is None:
        return TO_CHECK
    return told(Fraction(step.weekly_hours) * step.period.days / 7 >= 40)


def is_away(day: date, step: Step) -> bool:
    """An absence is withheld; whether an interruption is paid is to check."""
    return any(one.period.contains(day) for one in step.interruptions)


def interrupted_for(day: date, step: Step) -> int:
    """Days of the whole interruption that holds this day, 0 when the course goes on."""
    stopped = {each for one in step.interruptions if one.kind is InterruptionKind.INTERRUPTION for each in one.period}
    if day not in stopped:
        return 0
    first = last = day
    while first - DAY in stopped:
        first -= DAY
    while last + DAY in stopped:
        last += DAY
    return (last - first).days + 1


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the first of the month after where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, day.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)


def code_before_2021(age: int, as_worker: bool) -> str:
    if as_worker:
        return "RSP_ACTIVITE_ANTERIEURE"
    bands = ((18, "RSP_MOINS_18"), (21, "RSP_18_20"), (26, "RSP_21_25"))
    return next((code for limit, code in bands if age < limit), "RSP_26_PLUS")


def either(known: bool | None) -> tuple[bool, ...]:
    return (False, True) if known is None else (known,)


def ages_on(day: date, birth: date | None) -> tuple[int, ...]:
    """The age, or one of each band when the birth is not known."""
    return (17, 19, 23, 40) if birth is None else (age_on(day, birth),)


def age_on(day: date, birth: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
