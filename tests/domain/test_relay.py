"""Which relay does the law of each time give once the benefit has ended, until when, and for which courses?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from conference.data.scales import shipped_scales
from conference.domain import relay as engine
from conference.domain.case import Interruption, Person, Step, StepKind
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.relay import RULES, Relay
from conference.domain.rights import Right, RightKind
from conference.domain.scales import Scale, Scales
from conference.domain.verdict import Condition, Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
SCALES = shipped_scales()
GOOD: dict[str, Any] = {"prescribed": True, "qualifying": True, "shortage_occupation": True, "funders": ("region",)}


def course(
    first: date,
    last: date,
    *rights: Right,
    scales: Scales = SCALES,
    before: tuple[Step, ...] = (),
    kind: StepKind = StepKind.TRAINING,
    **facts: Any,
) -> Course:
    return Course(Step("F1", kind, Period(first, last), True, **{**GOOD, **facts}), Person(), rights, scales, before)


def benefit(first: date, last: date, kind: RightKind = RightKind.AREF, months: int | None = None) -> Right:
    return Right(kind, "france_travail", Period(first, last), Decimal("31.00"), opened_months=months)


def relay(asked: Course, run: Period, presumed: tuple[Period, ...] = ()) -> Relay:
    found = engine.relay(asked, run, presumed)
    assert found is not None
    return found


def codes(found: Relay) -> list[tuple[str, str]]:
    return [(each.code, each.verdict.value) for each in found.why]


def text(condition: Condition) -> str:
    return condition.text.replace("\u00a0", " ").replace("\u202f", " ")


ENTRY, END = date(2026, 1, 5), date(2026, 6, 30)
FIRST_HALF = benefit(date(2025, 9, 1), date(2026, 3, 31))
SECOND_HALF = Period(date(2026, 4, 1), END)
COMMON = [("benefit_at_entry", "yes"), ("rights_ended", "yes"), ("prescribed", "yes")]
LISTED = [*COMMON, ("qualifying", "yes"), ("shortage_occupation", "yes")]


def test_days_are_paid_where_every_condition_is_met_to_the_last_that_may_be() -> None:
    rules = SCALES.rule_sets[-1]
    assert Relay(rules, YES, ()).paid(SECOND_HALF) == [SECOND_HALF]
    assert Relay(rules, YES, (), date(2026, 5, 31)).paid(SECOND_HALF) == [Period(date(2026, 4, 1), date(2026, 5, 31))]
    assert Relay(rules, YES, (), date(2026, 7, 1)).paid(SECOND_HALF) == [SECOND_HALF]
    suspended = (Period(date(2026, 4, 10), date(2026, 4, 30)),)
    assert Relay(rules, YES, (), None, suspended).paid(SECOND_HALF) == [
        Period(date(2026, 4, 1), date(2026, 4, 9)),
        Period(date(2026, 5, 1), END),
    ]
    assert Relay(rules, NO, ()).paid(SECOND_HALF) == Relay(rules, TO_CHECK, ()).paid(SECOND_HALF) == []
    assert Relay(rules, YES, ()).scheme is RightKind.RFF


def test_every_rule_set_of_the_law_has_its_function() -> None:
    assert set(RULES) == {rules.code for rules in SCALES.rule_sets}


@pytest.mark.parametrize(
    ("registered", "code", "asked"),
    [
        (date(2007, 1, 15), "aff_2006", LISTED),
        (date(2009, 1, 1), "afdef_2009", LISTED),
        (date(2019, 12, 31), "rff_2011", LISTED),
        (date(2020, 1, 1), "rff_2020", [*LISTED, ("course_funder", "yes")]),
        (date(2024, 1, 1), "rff_2024", [*LISTED, ("course_funder", "yes"), ("step_kind", "yes")]),
    ],
)
def test_conditions_of_each_rule_set(registered: date, code: str, asked: list[tuple[str, str]]) -> None:
    found = relay(course(ENTRY, END, FIRST_HALF, registered_on=registered), SECOND_HALF)
    assert (found.rules.code, found.verdict) == (code, YES)
    assert codes(found) == [*asked, ("limit", "yes")]
    missing = relay(course(ENTRY, END, FIRST_HALF, registered_on=registered, shortage_occupation=False), SECOND_HALF)
    assert (missing.verdict, missing.until) == (NO, None)
    unsaid = relay(course(ENTRY, END, FIRST_HALF, registered_on=registered, qualifying=None), SECOND_HALF)
    assert (unsaid.verdict, unsaid.until) == (TO_CHECK, None)
    assert codes(unsaid) == [(each, "to_check" if each == "qualifying" else "yes") for each, _ in asked]


def test_funders_that_open_each_rule_set() -> None:
    def verdict(registered: date, funder: str, *rights: Right, **facts: Any) -> Verdict:
        asked = course(ENTRY, END, *(rights or (FIRST_HALF,)), registered_on=registered, funders=(funder,), **facts)
        return relay(asked, SECOND_HALF).verdict

    for day in (date(2020, 1, 1), date(2024, 1, 1)):
        for funder in ("france_travail", "pole_emploi", "commune", "departement_83", "agefiph", "opco_ep", "region"):
            assert verdict(day, funder) is YES, funder
        for funder in ("etat", "employeur", "entreprise"):
            assert verdict(day, funder) is NO, funder
        assert verdict(day, "mecene") is TO_CHECK
    for funder in ("etat", "employeur", "mecene"):
        assert verdict(date(2019, 12, 31), funder) is YES, funder
    csp = benefit(date(2025, 9, 1), date(2026, 3, 31), RightKind.ASP)
    for funder in ("employeur", "entreprise"):
        assert verdict(date(2024, 1, 1), funder, csp) is YES
        assert verdict(date(2020, 1, 1), funder, csp) is NO
    assert verdict(date(2024, 1, 1), "etat", csp) is NO


@pytest.mark.parametrize("kind", [StepKind.BILAN, StepKind.VAE, StepKind.ASSESSMENT])
def test_bilan_vae_and_assessment_are_never_relayed_since_2024(kind: StepKind) -> None:
    assert relay(course(ENTRY, END, FIRST_HALF, kind=kind), SECOND_HALF).verdict is NO
    earlier = course(ENTRY, END, FIRST_HALF, kind=kind, registered_on=date(2023, 12, 31))
    assert relay(earlier, SECOND_HALF).verdict is YES


def test_course_registered_before_any_rules_has_none_and_after_the_last_is_to_check() -> None:
    assert engine.relay(course(ENTRY, END, FIRST_HALF, registered_on=date(2001, 12, 7)), SECOND_HALF) is None
    last = SCALES.rule_sets[-1]
    found = relay(course(date(2027, 1, 4), date(2027, 6, 30)), Period(date(2027, 2, 1), date(2027, 6, 30)))
    assert (found.rules, found.verdict, found.until, found.suspended) == (last, TO_CHECK, None, ())
    assert codes(found) == [("registered", "to_check")]
    assert engine.relay(course(ENTRY, END, FIRST_HALF, scales=Scales(SCALES.by_code, ())), SECOND_HALF) is None
    ended_early = Scales(SCALES.by_code, (replace(last, first=ENTRY, last=ENTRY),))
    assert engine.relay(course(ENTRY, END, scales=ended_early, registered_on=date(2026, 1, 4)), SECOND_HALF) is None


def test_interruptions_that_suspend_are_kept_with_the_answer() -> None:
    pause = Interruption(Period(date(2026, 4, 1), date(2026, 4, 16)))
    short = Interruption(Period(date(2026, 5, 1), date(2026, 5, 15)))
    found = relay(course(ENTRY, END, FIRST_HALF, interruptions=(pause, short)), SECOND_HALF)
    assert found.suspended == (pause.period,)
    assert found.paid(SECOND_HALF) == [Period(date(2026, 4, 17), END)]


# The longest length of benefit and relay together.


def test_three_years_run_from_the_first_paid_day_of_the_course() -> None:
    entry, end = date(2007, 9, 3), date(2010, 12, 31)
    rest = Period(date(2010, 1, 1), end)
    found = relay(course(entry, end, benefit(date(2007, 1, 1), date(2009, 12, 31))), rest)
    assert (found.verdict, found.until) == (YES, date(2010, 9, 2))
    assert (
        text(found.why[-1]) == "La durée de 3 années au plus, depuis le 3 septembre 2007, va jusqu’au 2 septembre 2010."
    )
    assert found.why[-1].source.startswith("décret du 19 décembre 2006")
    spent = relay(course(entry, end, benefit(date(2007, 1, 1), date(2010, 9, 2))), Period(date(2010, 9, 3), end))
    assert (spent.verdict, spent.until) == (NO, None)
    assert spent.why[-1][:2] == ("limit", NO)
    assert text(spent.why[-1]) == (
        "La durée de 3 années au plus, depuis le 3 septembre 2007, s’est terminée le 2 septembre 2010."
    )
    last_day = relay(course(entry, end, benefit(date(2007, 1, 1), date(2010, 9, 1))), Period(date(2010, 9, 2), end))
    assert (last_day.verdict, last_day.until) == (YES, date(2010, 9, 2))


def test_three_years_run_from_the_first_day_of_the_steps_that_follow_each_other() -> None:
    before = Step("F0", StepKind.TRAINING, Period(date(2007, 3, 5), date(2007, 9, 2)), True)
    paid = benefit(date(2007, 3, 19), date(2009, 12, 31))
    asked = course(date(2007, 9, 3), date(2010, 12, 31), paid, before=(before,))
    assert relay(asked, Period(date(2010, 1, 1), date(2010, 12, 31))).until == date(2010, 3, 18)


def test_a_thousand_and_ninety_five_days_of_benefit_and_relay() -> None:
    entry, end = date(2020, 1, 6), date(2023, 6, 30)
    paid = benefit(date(2019, 7, 1), date(2021, 12, 31))
    rest = Period(date(2022, 1, 1), end)
    # 726 days are paid from the entry to the end of 2021: 369 are left.
    found = relay(course(entry, end, paid), rest)
    assert (found.verdict, found.until) == (YES, date(2023, 1, 4))
    assert (
        text(found.why[-1]) == "La durée de 1095 jours au plus, depuis le 6 janvier 2020, va jusqu’au 4 janvier 2023."
    )
    # Days already presumed count, once, and so do those of a relay recorded.
    presumed = (Period(date(2022, 1, 1), date(2022, 1, 31)),)
    later = Period(date(2022, 3, 1), end)
    assert relay(course(entry, end, paid), later, presumed).until == date(2023, 2, 1)
    recorded = benefit(date(2022, 1, 1), date(2022, 1, 31), RightKind.RFF)
    assert relay(course(entry, end, paid, recorded), later, presumed).until == date(2023, 2, 1)
    wage = benefit(date(2022, 1, 1), date(2022, 1, 31), RightKind.WAGE)
    assert relay(course(entry, end, paid, wage), later).until == date(2023, 3, 4)


def test_a_benefit_that_ends_on_the_day_of_entry_counts_for_one_day() -> None:
    entry, end = date(2020, 1, 6), date(2023, 6, 30)
    asked = course(entry, end, benefit(date(2019, 7, 1), entry), benefit(date(2019, 1, 1), date(2019, 6, 30)))
    found = relay(asked, Period(date(2020, 1, 7), end))
    # The 1 095 days from the entry, the last of them three years later but for one day of February.
    assert (found.verdict, found.until) == (YES, date(2023, 1, 4))
    assert (
        text(found.why[-1]) == "La durée de 1095 jours au plus, depuis le 6 janvier 2020, va jusqu’au 4 janvier 2023."
    )


def test_all_days_spent_leave_none() -> None:
    entry, end = date(2020, 1, 6), date(2023, 6, 30)
    spent = benefit(date(2019, 7, 1), date(2023, 1, 4))
    found = relay(course(entry, end, spent), Period(date(2023, 1, 5), end))
    assert (found.verdict, found.until) == (NO, None)
    assert text(found.why[-1]) == (
        "La durée de 1095 jours au plus, depuis le 6 janvier 2020, s’est terminée le 4 janvier 2023."
    )
    assert found.why[-1].source == SCALES.by_code["RFF_CUMUL_MAX"].values[0].law
    pause = Interruption(Period(date(2022, 12, 20), date(2023, 1, 24)))
    paused = relay(course(entry, end, spent, interruptions=(pause,)), Period(date(2023, 1, 5), end))
    assert (paused.verdict, paused.until) == (NO, None)
    one_left = benefit(date(2019, 7, 1), date(2023, 1, 3))
    found = relay(course(entry, end, one_left), Period(date(2023, 1, 4), end))
    assert (found.verdict, found.until) == (YES, date(2023, 1, 4))
    pause = Interruption(Period(date(2023, 1, 4), date(2023, 1, 23)))
    found = relay(course(entry, end, one_left, interruptions=(pause,)), Period(date(2023, 1, 4), end))
    assert (found.verdict, found.until) == (YES, date(2023, 1, 24))
    beyond = benefit(date(2019, 7, 1), date(2023, 3, 31))
    found = relay(course(entry, end, beyond), Period(date(2023, 4, 1), end))
    assert (found.verdict, text(found.why[-1])[-31:]) == (NO, "s’est terminée le 31 mars 2023.")


def test_suspended_days_do_not_count_in_the_length() -> None:
    entry, end = date(2020, 1, 6), date(2023, 6, 30)
    paid = benefit(date(2019, 7, 1), date(2021, 12, 31))
    rest = Period(date(2022, 1, 1), end)

    def until(*pauses: tuple[date, date]) -> date | None:
        interruptions = tuple(Interruption(Period(*each)) for each in pauses)
        return relay(course(entry, end, paid, interruptions=interruptions), rest).until

    assert until((date(2022, 7, 1), date(2022, 7, 20))) == date(2023, 1, 24)
    assert until((date(2022, 7, 1), date(2022, 7, 15))) == date(2023, 1, 4)
    assert until((date(2023, 1, 4), date(2023, 1, 23))) == date(2023, 1, 24)
    assert until((date(2023, 1, 5), date(2023, 1, 24))) == date(2023, 1, 4)
    assert until((date(2021, 12, 22), date(2022, 1, 10))) == date(2023, 1, 14)
    assert until((date(2021, 11, 1), date(2021, 12, 31))) == date(2023, 1, 4)
    assert until((date(2021, 12, 17), date(2022, 1, 1))) == date(2023, 1, 5)
    # The second falls in the days that the first has moved, in whatever order they are given.
    two = (date(2022, 7, 1), date(2022, 7, 20)), (date(2023, 1, 10), date(2023, 1, 29))
    assert until(*two) == until(*reversed(two)) == date(2023, 2, 13)


def test_length_that_is_not_known_is_to_check() -> None:
    limit = SCALES.by_code["RFF_CUMUL_MAX"]
    unknown = Scales({**SCALES.by_code, limit.code: Scale(limit.code, limit.label, limit.unit, ())}, SCALES.rule_sets)
    found = relay(course(ENTRY, END, FIRST_HALF, scales=unknown), SECOND_HALF)
    assert (found.verdict, found.until) == (TO_CHECK, None)
    assert found.why[-1][:2] == ("limit", TO_CHECK)
    assert codes(found)[:-1] == [*LISTED, ("course_funder", "yes"), ("step_kind", "yes")]


def test_length_in_months_and_text_of_the_set_where_the_value_has_none() -> None:
    limit = SCALES.by_code["RFF_CUMUL_MAX"]
    months = replace(limit, unit="mois", values=(limit.values[0]._replace(amount=Decimal(5), law=""),))
    short = Scales({**SCALES.by_code, limit.code: months}, SCALES.rule_sets)
    found = relay(course(ENTRY, END, FIRST_HALF, scales=short), SECOND_HALF)
    assert (found.verdict, found.until) == (YES, date(2026, 6, 4))
    assert found.why[-1].source == found.rules.law


# The rules of 2001.

OLD_ENTRY, OLD_END = date(2005, 9, 5), date(2006, 6, 30)


def old(ended: date, months: int | None, **facts: Any) -> Relay:
    paid = benefit(date(2005, 1, 3), ended, months=months)
    asked = course(OLD_ENTRY, OLD_END, paid, **facts)
    return relay(asked, Period(date(ended.year, ended.month, ended.day), OLD_END).split([_next(ended)])[-1])


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


OCTOBER, MARCH = date(2005, 10, 31), date(2006, 3, 31)
"""Eight months of course are left, or three."""


@pytest.mark.parametrize(
    ("ended", "months", "facts", "verdict", "until"),
    [
        # Four months at most after a short right, unless the course is qualifying, on the list, and longer than that.
        (OCTOBER, 7, {"qualifying": False}, YES, date(2006, 2, 28)),
        (OCTOBER, 7, {"shortage_occupation": False}, YES, date(2006, 2, 28)),
        (OCTOBER, 7, {"shortage_occupation": None}, YES, date(2006, 2, 28)),
        (OCTOBER, 7, {}, YES, None),
        (MARCH, 7, {}, YES, date(2006, 7, 31)),
        (MARCH, 7, {"qualifying": False}, YES, date(2006, 7, 31)),
        # To the end after a long one, for a qualifying course on the list.
        (OCTOBER, 8, {}, YES, None),
        (MARCH, 8, {}, YES, None),
        (MARCH, 8, {"qualifying": False}, NO, date(2006, 7, 31)),
        (MARCH, 8, {"shortage_occupation": None}, TO_CHECK, date(2006, 7, 31)),
        # Not known which.
        (OCTOBER, None, {}, YES, None),
        (MARCH, None, {}, YES, None),
        (OCTOBER, None, {"qualifying": False}, TO_CHECK, date(2006, 2, 28)),
        (MARCH, None, {"qualifying": False}, TO_CHECK, date(2006, 7, 31)),
        # What every relay asks.
        (OCTOBER, 7, {"prescribed": False}, NO, None),
        (OCTOBER, 7, {"prescribed": None}, TO_CHECK, None),
    ],
)
def test_relay_of_2001(
    ended: date, months: int | None, facts: dict[str, Any], verdict: Verdict, until: date | None
) -> None:
    found = old(ended, months, **facts)
    assert (found.rules.code, found.verdict, found.until) == ("aff_2001", verdict, until)
    common = [code for code, _ in COMMON]
    if verdict is not YES:
        asked = [*common, "opened_months", "qualifying", "shortage_occupation", "four_months_left"]
    elif until is not None:
        asked = [*common, "opened_months"]
    else:
        opens = ["opened_months"] if months == 8 else []
        asked = [
            *common,
            "qualifying",
            "shortage_occupation",
            *opens,
            *(["four_months_left"] if ended == OCTOBER else []),
        ]
    assert [each.code for each in found.why] == asked
    if verdict is YES:
        assert {each.verdict for each in found.why} == {YES}, "what opens the right is told, and nothing else"


def test_a_fifth_month_is_told_where_it_finishes_the_course() -> None:
    found = old(date(2006, 1, 31), 7, qualifying=False)
    assert (found.verdict, found.until) == (YES, date(2006, 5, 31))
    assert codes(found)[4:] == [("one_more_month", "to_check")]
    assert codes(old(OCTOBER, 7, qualifying=False))[4:] == []
    assert codes(old(MARCH, 7, qualifying=False))[4:] == []
    assert codes(old(date(2006, 1, 31), 8, qualifying=False))[7:] == []
    to_the_last_day = old(date(2006, 2, 28), 7, qualifying=False)
    assert (to_the_last_day.until, codes(to_the_last_day)[4:]) == (OLD_END, [])
    assert codes(old(date(2006, 1, 31), 7))[5:] == [("four_months_left", "yes")]


def test_four_months_that_have_passed_are_told() -> None:
    asked = course(OLD_ENTRY, OLD_END, benefit(date(2005, 1, 3), OCTOBER, months=7), qualifying=False)
    found = relay(asked, Period(date(2006, 3, 1), OLD_END))
    assert (found.verdict, found.until) == (NO, date(2006, 2, 28))
    assert codes(found)[4:] == [("limit", "no")]
    assert text(found.why[-1]) == "La durée la plus longue de ce droit s’est terminée le 28 février 2006."
    last_day = relay(asked, Period(date(2006, 2, 28), OLD_END))
    assert (last_day.verdict, codes(last_day)[4:]) == (YES, [])
