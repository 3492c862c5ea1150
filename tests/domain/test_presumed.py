"""Which days does a rule presume to be paid, at which amount, and is it said how it was found?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from conference.data.scales import shipped_scales
from conference.domain.case import Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.presumed import Presumption, presumption
from conference.domain.rate import Rate, by_day, by_thirtieth, rate
from conference.domain.rights import Right, RightKind
from conference.domain.scales import DatedValue, Scale, Scales
from conference.domain.segment import CoverageStatus, ReasonCode
from conference.domain.verdict import Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
SHIPPED = shipped_scales()
CAP = SHIPPED.by_code["RFF_PLAFOND"]
RFF = next(rules for rules in SHIPPED.rule_sets if rules.code == "rff_2011")


def capped(*lines: DatedValue) -> Scales:
    """The shipped scales with these lines for the ceiling of the RFF."""
    return Scales({**SHIPPED.by_code, CAP.code: Scale(CAP.code, CAP.label, CAP.unit, lines)}, SHIPPED.rule_sets)


def ceiling(amount: str, first: date = date(2015, 1, 1), last: date | None = None, **facts: Any) -> DatedValue:
    return DatedValue(first, last, Decimal(amount), "délibération", "", date(2026, 1, 1), **facts)


GOOD: dict[str, Any] = {"prescribed": True, "qualifying": True, "shortage_occupation": True, "funders": ("region",)}


def course(entry: date, end: date, amount: str | None, ended: date, scales: Scales = SHIPPED, **facts: Any) -> Course:
    """With an AREF to the day `ended`."""
    benefit = Right(RightKind.AREF, "pole_emploi", Period(entry, ended), None if amount is None else Decimal(amount))
    step = Step("F1", StepKind.TRAINING, Period(entry, end), True, **{**GOOD, **facts})
    return Course(step, Person(), (benefit,), scales)


def told(found: Presumption) -> list[tuple[Period, Rate | None, list[tuple[str, Verdict, str, str]]]]:
    """Of each segment: its days, its rate, and what is said of its amount, with ordinary spaces."""
    conditions = 0 if found.relay is None else len(found.relay.why)
    said = []
    for one in found.segments:
        notes = [
            (note.code, note.verdict, note.text.replace("\u00a0", " ").replace("\u202f", " "), note.source)
            for note in one.why[conditions:]
        ]
        said.append((one.period, one.rate, notes))
    return said


ENTRY, ENDED, END = date(2015, 1, 5), date(2015, 2, 28), date(2015, 4, 15)
RUN = Period(date(2015, 3, 1), END)
MARCH, APRIL = Period(date(2015, 3, 1), date(2015, 3, 31)), Period(date(2015, 4, 1), END)


def test_relay_is_presumed_at_the_last_amount_under_its_ceiling_month_by_month() -> None:
    found = presumption(course(ENTRY, END, "40.00", ENDED, capped(ceiling("900.00"))), RUN, ())
    cap = ("cap", YES, "Le montant est limité par le plafond de 900,00 € par mois.", "délibération")
    part = (
        "part_month",
        TO_CHECK,
        "Le mois du 1er avril 2015 est incomplet, le plafond y est compté au prorata des jours.",
        "délibération",
    )
    assert told(found) == [(MARCH, rate(90_000, 31), [cap]), (APRIL, rate(90_000, 30), [cap, part])]
    assert {(each.status, each.kind, each.payer) for each in found.segments} == {
        (CoverageStatus.PRESUMED, RightKind.RFF, "pole_emploi")
    }
    assert {each.reason for each in found.segments} == {
        (ReasonCode.PRESUMED_RELAY, "Les conditions de la loi sont remplies, la décision n’est pas enregistrée.")
    }
    assert found.by_relay is True
    assert found.relay is not None
    assert found.why == found.relay.why == found.segments[0].why[:-1]


def test_amount_under_the_ceiling_is_that_of_the_benefit() -> None:
    scales = capped(ceiling("930.00"))
    text = "Le dernier montant par jour est repris, {} €, sous le plafond mensuel."
    found = presumption(course(ENTRY, END, "30.00", ENDED, scales), RUN, ())
    assert told(found) == [
        (MARCH, by_day(Decimal("30.00")), [("cap", YES, text.format("30,00"), "délibération")]),
        (APRIL, by_day(Decimal("30.00")), [("cap", YES, text.format("30,00"), "délibération")]),
    ]
    over = presumption(course(ENTRY, END, "30.01", ENDED, scales), RUN, ())
    assert [each.rate for each in over.segments] == [rate(93_000, 31), by_day(Decimal("30.01"))]


def test_ceiling_that_changes_in_a_month_cuts_it() -> None:
    lines = ceiling("900.00", last=date(2015, 3, 14)), ceiling("930.00", date(2015, 3, 15))
    found = presumption(course(ENTRY, END, "40.00", ENDED, capped(*lines)), RUN, ())
    assert [(each.period, each.rate) for each in found.segments] == [
        (Period(date(2015, 3, 1), date(2015, 3, 14)), rate(90_000, 31)),
        (Period(date(2015, 3, 15), date(2015, 3, 31)), rate(93_000, 31)),
        (APRIL, rate(93_000, 30)),
    ]
    assert [note[0] for _, _, notes in told(found) for note in notes] == ["cap", "part_month"] * 3


def test_doubtful_ceiling_is_said_and_its_text_is_that_of_the_set_where_it_has_none() -> None:
    doubtful = ceiling("900.00", to_check=True, note="dates déduites")._replace(law="")
    [(_, _, march), (_, _, april)] = told(presumption(course(ENTRY, END, "40.00", ENDED, capped(doubtful)), RUN, ()))
    cap = (
        "cap",
        TO_CHECK,
        "Le montant est limité par le plafond de 900,00 € par mois. Valeur à vérifier, dates déduites.",
        RFF.law.replace("\u00a0", " ").replace("\u202f", " "),
    )
    assert [(*note[:3], note[3].replace("\u00a0", " ")) for note in march] == [cap]
    assert april[0][:3] == cap[:3]
    under = told(presumption(course(ENTRY, END, "10.00", ENDED, capped(doubtful)), RUN, ()))
    assert under[0][2][0][:3] == (
        "cap",
        TO_CHECK,
        "Le dernier montant par jour est repris, 10,00 €, sous le plafond mensuel. Valeur à vérifier, dates déduites.",
    )


def test_missing_ceiling_leaves_the_days_presumed_without_an_amount() -> None:
    found = presumption(course(ENTRY, END, "40.00", ENDED, capped(ceiling("900.00", date(2015, 4, 1)))), RUN, ())
    text = f"La valeur « {CAP.label} » n’est pas connue au 1er mars 2015."
    assert told(found)[0] == (MARCH, None, [("cap", TO_CHECK, text, RFF.law)])
    assert found.segments[1].rate == rate(90_000, 30)


def test_missing_amount_leaves_the_days_presumed_without_one() -> None:
    text = "Le dernier montant par jour de l’allocation n’est pas enregistré."
    found = presumption(course(ENTRY, END, None, ENDED), RUN, ())
    assert told(found) == [(RUN, None, [("daily_amount", TO_CHECK, text, RFF.law)])]


def test_relay_without_a_ceiling_is_the_last_amount() -> None:
    entry, end = date(2007, 9, 3), date(2008, 3, 15)
    run = Period(date(2008, 1, 1), end)
    found = presumption(course(entry, end, "31.00", date(2007, 12, 31)), run, ())
    text = "Le dernier montant par jour est repris, 31,00 €."
    assert told(found) == [(run, by_day(Decimal("31.00")), [("daily_amount", YES, text, "décret du 19 décembre 2006")])]
    assert (found.segments[0].kind, found.segments[0].payer) == (RightKind.AFF, "assedic")


def test_suspended_days_are_left_out_and_said() -> None:
    pause = Interruption(Period(date(2015, 3, 10), date(2015, 3, 30)))
    found = presumption(course(ENTRY, END, "10.00", ENDED, interruptions=(pause,)), RUN, ())
    assert [each.period for each in found.segments] == [
        Period(date(2015, 3, 1), date(2015, 3, 9)),
        Period(date(2015, 3, 31), date(2015, 3, 31)),
        APRIL,
    ]
    assert [each.code for each in found.segments[0].why][-2:] == ["interruption", "cap"]


def test_days_already_presumed_count_in_the_longest_length() -> None:
    entry, end = date(2020, 1, 6), date(2023, 6, 30)
    asked = course(entry, end, "10.00", date(2021, 12, 31))
    run = Period(date(2022, 3, 1), end)
    assert presumption(asked, run, ()).segments[-1].period.last == date(2023, 3, 4)
    before = (Period(date(2022, 1, 1), date(2022, 1, 31)),)
    assert presumption(asked, run, before).segments[-1].period.last == date(2023, 2, 1)


# Trainees without a benefit.


def trainee(**facts: Any) -> Course:
    person = Person(date(1982, 4, 11), disabled=False, no_benefit=True, worked_6_of_12=False, single_parent=False)
    known: dict[str, Any] = {
        "approved_for_pay": True,
        "weekly_hours": Decimal(35),
        "funders": ("region_paca",),
        **facts,
    }
    step = Step("F1", StepKind.TRAINING, Period(date(2021, 6, 7), date(2021, 12, 17)), True, **known)
    return Course(step, person, (), SHIPPED)


def test_trainee_is_presumed_paid_by_the_scale() -> None:
    asked = trainee()
    run = asked.step.period
    found = presumption(asked, run, ())
    [segment] = found.segments
    assert segment[:6] == (
        run,
        CoverageStatus.PRESUMED,
        RightKind.TRAINEE_PAY,
        "region_paca",
        by_thirtieth(Decimal("685.00")),
        (ReasonCode.PRESUMED_TRAINEE_PAY, "La rémunération de stagiaire est due, la décision n’est pas enregistrée."),
    )
    assert [each.code for each in segment.why] == ["no_benefit", "approved_for_pay", "course_length", "scale"]
    assert (found.by_relay, found.why) == (False, found.trainee.why)


def test_absence_and_interruption_of_a_trainee_are_left_out_and_said() -> None:
    away = Interruption(Period(date(2021, 7, 5), date(2021, 7, 6)), InterruptionKind.ABSENCE)
    asked = trainee(interruptions=(away,))
    found = presumption(asked, asked.step.period, ())
    assert [each.period for each in found.segments] == [
        Period(date(2021, 6, 7), date(2021, 7, 4)),
        Period(date(2021, 7, 7), date(2021, 12, 17)),
    ]
    assert [each.code for each in found.segments[0].why][3:] == ["absence", "scale"]


@pytest.mark.parametrize("approved", [False, None])
def test_nothing_is_presumed_where_a_condition_is_not_met(approved: bool | None) -> None:
    asked = trainee(approved_for_pay=approved)
    found = presumption(asked, asked.step.period, ())
    assert (found.segments, found.by_relay) == ([], False)
    assert found.why == found.trainee.why


def test_what_explains_an_unpaid_day_is_the_relay_unless_there_was_no_benefit() -> None:
    unlisted = course(ENTRY, END, "31.00", ENDED, shortage_occupation=False)
    found = presumption(unlisted, RUN, ())
    assert found.relay is not None
    assert (found.segments, found.why) == ([], found.relay.why)
    before_any_rule = course(date(1999, 1, 4), date(1999, 6, 30), "31.00", date(1999, 3, 31))
    old = presumption(before_any_rule, Period(date(1999, 4, 1), date(1999, 6, 30)), ())
    assert (old.relay, old.segments, old.by_relay, old.why) == (None, [], False, old.trainee.why)
    unknown = presumption(replace(unlisted, rights=()), RUN, ())
    assert unknown.relay is not None
    assert unknown.why == unknown.relay.why
