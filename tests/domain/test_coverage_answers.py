"""Is the whole answer of a case what a person would be told, line by line?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from conference.data.scales import shipped_scales
from conference.domain.case import Case, Convention, Person, Step, StepKind
from conference.domain.coverage import coverage
from conference.domain.period import Period
from conference.domain.rate import by_day
from conference.domain.rights import Right, RightKind
from conference.domain.scales import Scale, Scales
from conference.domain.segment import CoverageStatus, DayCounts, Overlap, Reduced, ReducedPart, Segment
from conference.domain.verdict import Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
SCALES = shipped_scales()
ENTRY, END = date(2026, 1, 5), date(2026, 6, 30)
PAID, GAP = Period(ENTRY, date(2026, 5, 14)), Period(date(2026, 5, 15), END)
DECISION = "décision du payeur, enregistrée par un financeur"
GOOD: dict[str, Any] = {"prescribed": True, "qualifying": True, "shortage_occupation": True, "funders": ("region",)}


WHOLE = Period(ENTRY, END)


def step(period: Period = WHOLE, name: str = "F1", **facts: Any) -> Step:
    return Step(name, StepKind.TRAINING, period, **{"needs_income": True, "weekly_hours": Decimal(35), **GOOD, **facts})


def aref(period: Period = PAID, amount: str | None = "31.00", **facts: Any) -> Right:
    return Right(RightKind.AREF, "france_travail", period, None if amount is None else Decimal(amount), **facts)


def case(*steps: Step, rights: tuple[Right, ...] = (), person: Person | None = None, **facts: Any) -> Case:
    return Case(facts.pop("known_on", None), person or Person(), steps, rights, **facts)


def why(segment: Segment) -> list[tuple[str, Verdict, str]]:
    return [(one.code, one.verdict, one.text.replace("\u00a0", " ").replace("\u202f", " ")) for one in segment.why]


RECORDED = ("recorded_right", YES, "Un droit enregistré paie ces jours.")


def test_the_founding_case() -> None:
    found = coverage(case(step(shortage_occupation=False), rights=(aref(),), known_on=ENTRY), SCALES)
    assert found.days == DayCounts(needed=177, covered=130, presumed=0, available=0, gap=47, overlap=0)
    assert str(found.need) == "1457.00"
    assert found.reduced == Reduced(0, Decimal("0.00"), ())
    covered, gap = found.segments
    assert covered[:5] == (PAID, CoverageStatus.COVERED, RightKind.AREF, "france_travail", by_day(Decimal("31.00")))
    assert (covered.reason.code.value, covered.reason.text) == ("recorded_right", RECORDED[2])
    assert (why(covered), [one.source for one in covered.why]) == ([RECORDED], [DECISION])
    assert gap[:5] == (GAP, CoverageStatus.GAP, None, None, by_day(Decimal("31.00")))
    text = (
        "Le dernier droit enregistré s’arrête le 14 mai 2026 et le métier visé n’est pas sur la liste des métiers en "
        "tension."
    )
    assert (gap.reason.code.value, gap.reason.text.replace("\u00a0", " ")) == ("not_on_list", text)
    assert why(gap)[0] == ("not_on_list", NO, text)
    assert [(code, verdict) for code, verdict, _ in why(gap)[1:]] == [
        ("benefit_at_entry", YES),
        ("rights_ended", YES),
        ("prescribed", YES),
        ("qualifying", YES),
        ("shortage_occupation", NO),
        ("course_funder", YES),
        ("step_kind", YES),
        ("need", YES),
    ]
    assert gap.why[0].source == gap.why[1].source
    assert (found.dead_time, found.overlaps) == ((), ())
    assert {row.period for row in found.takeover} == {GAP}
    assert [(row.scheme, row.verdict) for row in found.takeover][:2] == [("rff", NO), ("trainee_pay", NO)]


def test_gap_with_a_condition_to_check_says_that_it_is_to_check() -> None:
    found = coverage(case(step(shortage_occupation=None), rights=(aref(),)), SCALES)
    assert why(found.segments[1])[0] == (
        "condition_to_check",
        TO_CHECK,
        "Le dernier droit enregistré s’arrête le 14 mai 2026 et une condition du relais est à vérifier.",
    )


def test_recorded_amount_under_the_floor_or_not_known_is_said() -> None:
    floor = SCALES.value("AREF_PLANCHER", ENTRY)
    assert floor is not None
    text = "Le montant enregistré est inférieur au plancher de l’ARE-formation, sauf formation de 40 heures au plus."

    def said(
        amount: str | None, kind: RightKind = RightKind.AREF, scales: Scales = SCALES
    ) -> list[tuple[str, Verdict, str]]:
        right = Right(kind, "a", Period(ENTRY, END), None if amount is None else Decimal(amount))
        [segment] = coverage(case(step(), rights=(right,)), scales).segments
        return why(segment)

    assert said(str(floor.amount)) == [RECORDED]
    under = str(floor.amount - Decimal("0.01"))
    assert said(under) == [RECORDED, ("floor", TO_CHECK, text)]
    assert said(under, RightKind.ARE) == [RECORDED]
    assert said(None) == [RECORDED, ("daily_amount", TO_CHECK, "Le montant de ce droit n’est pas enregistré.")]
    scale = SCALES.by_code["AREF_PLANCHER"]
    empty = Scales({**SCALES.by_code, scale.code: Scale(scale.code, scale.label, scale.unit, ())}, SCALES.rule_sets)
    assert said(under, scales=empty) == [RECORDED]
    none = Scales({code: each for code, each in SCALES.by_code.items() if code != scale.code}, SCALES.rule_sets)
    assert said(under, scales=none) == [RECORDED]


def test_source_of_a_floor_is_its_text_and_of_an_unknown_amount_the_decision() -> None:
    low = coverage(case(step(), rights=(aref(Period(ENTRY, END), "1.00"),)), SCALES).segments[0]
    line = SCALES.value("AREF_PLANCHER", ENTRY)
    assert line is not None
    assert [one.source for one in low.why] == [DECISION, line.law or DECISION]
    unknown = coverage(case(step(), rights=(aref(Period(ENTRY, END), None),)), SCALES).segments[0]
    assert [one.source for one in unknown.why] == [DECISION, DECISION]


def test_relay_presumed_in_a_step_counts_in_those_that_follow_it_without_a_hole() -> None:
    """1 095 days from 6 January 2020: 726 of benefit to the end of 2021, then the relay to 4 January 2023."""
    first = step(Period(date(2020, 1, 6), date(2022, 6, 30)), "F1")
    second = step(Period(date(2022, 7, 1), date(2023, 6, 30)), "F2")
    benefit = aref(Period(date(2019, 7, 1), date(2021, 12, 31)), "10.00")
    resumed = aref(Period(date(2022, 7, 1), date(2022, 7, 1)), "10.00", known_on=date(2022, 7, 1))

    def presumed(*steps: Step) -> int:
        return coverage(case(*steps, rights=(benefit, resumed)), SCALES).days.presumed

    # Alone, the second step begins with a day of benefit and is relayed to its end.
    assert (presumed(first), presumed(second)) == (181, 364)
    # After the first, 726 + 181 + 1 days are spent: 187 are left.
    assert presumed(first, second) == presumed(second, first) == 181 + 187
    # Apart from it, the length runs from its own first day.
    later = replace(second, period=Period(date(2022, 7, 1), date(2023, 6, 30)), needs_income=False)
    assert presumed(first, later) == 181
    before = replace(first, period=Period(date(2020, 1, 6), date(2022, 6, 29)))
    assert presumed(before, second) == 180 + 364


def test_loss_of_a_capped_relay_month_by_month() -> None:
    """DOMAIN §2: 40.00 a day in June 2025, 1 200.00 to 769.49, a drop of 430.51."""
    course = Period(date(2025, 1, 6), date(2025, 6, 30))
    found = coverage(case(step(course), rights=(aref(Period(date(2025, 1, 6), date(2025, 5, 31)), "40.00"),)), SCALES)
    june = Period(date(2025, 6, 1), date(2025, 6, 30))
    presumed = found.segments[1]
    assert (presumed.period, presumed.status, presumed.amount) == (june, CoverageStatus.PRESUMED, Decimal("769.49"))
    assert presumed.rate is not None
    part = ReducedPart(june, by_day(Decimal("40.00")), presumed.rate)
    assert found.reduced == Reduced(30, Decimal("430.51"), (part,))
    assert found.need == Decimal("0.00")


def test_convention_takes_what_no_rule_presumes_and_leaves_the_rest_a_gap() -> None:
    signed = Convention("region", RightKind.TRAINEE_PAY, Period(ENTRY, END), Decimal("250.00"), Decimal("25.00"))
    found = coverage(case(step(shortage_occupation=False), rights=(aref(),), conventions=(signed,)), SCALES)
    assert found.days == DayCounts(177, 130, 0, 10, 37, 0)
    assert [(one.status.value, one.days) for one in found.segments] == [
        ("covered", 130),
        ("available", 10),
        ("gap", 37),
    ]
    assert found.need == Decimal("1147.00")
    assert {row.scheme: row.verdict for row in found.takeover}["convention"] is YES
    unpaid = replace(signed, left=Decimal("24.99"))
    found = coverage(case(step(shortage_occupation=False), rights=(aref(),), conventions=(unpaid,)), SCALES)
    assert (found.days.available, {row.scheme: row.verdict for row in found.takeover}["convention"]) == (0, NO)


def test_need_is_not_known_as_soon_as_that_of_one_gap_is_not() -> None:
    nobody = coverage(case(step()), SCALES)
    assert (nobody.days.gap, nobody.need) == (177, None)
    known = coverage(case(step(), rights=(aref(),)), SCALES)
    assert known.need == Decimal("0.00")


def test_days_paid_twice_and_between_steps_are_told_apart() -> None:
    wage = Right(RightKind.WAGE, "employeur", Period(date(2026, 2, 2), date(2026, 2, 6)), Decimal("60.00"))
    first, second = step(Period(ENTRY, date(2026, 1, 31))), step(Period(date(2026, 2, 5), END), "F2")
    found = coverage(case(second, first, rights=(wage, aref(Period(ENTRY, END)))), SCALES)
    assert found.dead_time == (Period(date(2026, 2, 1), date(2026, 2, 4)),)
    twice = Period(date(2026, 2, 5), date(2026, 2, 6))
    assert found.overlaps == (Overlap(twice, (RightKind.WAGE, RightKind.AREF), ("employeur", "france_travail")),)
    assert (found.days.overlap, found.days.needed) == (2, 27 + 146)
    assert [(one.kind, one.days) for one in found.segments] == [
        (RightKind.AREF, 27),
        (RightKind.WAGE, 2),
        (RightKind.AREF, 144),
    ]


def test_runs_with_the_same_answer_are_one_with_their_explanations_together() -> None:
    early, late = aref(Period(ENTRY, date(2026, 2, 28))), aref(Period(date(2026, 3, 1), END))
    [one] = coverage(case(step(), rights=(late, early)), SCALES).segments
    assert (one.period, why(one)) == (Period(ENTRY, END), [RECORDED])
    other = aref(Period(date(2026, 3, 1), END), "32.00")
    assert [each.days for each in coverage(case(step(), rights=(other, early)), SCALES).segments] == [55, 122]
    # Two steps that follow with one reason: what explains it is said of each, once.
    halves = step(Period(ENTRY, date(2026, 3, 31))), step(Period(date(2026, 4, 1), END), "F2", prescribed=False)
    [gap] = coverage(case(*halves), SCALES).segments
    assert gap.period == WHOLE
    assert [(code, verdict) for code, verdict, _ in why(gap) if code in ("no_right", "prescribed")] == [
        ("no_right", NO),
        ("prescribed", YES),
        ("prescribed", NO),
    ]


def test_each_gap_has_its_rows() -> None:
    middle = aref(Period(date(2026, 2, 1), date(2026, 2, 28)))
    found = coverage(case(step(), rights=(middle,)), SCALES)
    gaps = [Period(ENTRY, date(2026, 1, 31)), Period(date(2026, 3, 1), END)]
    assert [one.period for one in found.segments if one.status is CoverageStatus.GAP] == gaps
    assert [row.period for row in found.takeover if row.scheme == "rff"] == gaps


def test_rights_not_yet_known_are_not_seen() -> None:
    recorded = aref(known_on=date(2026, 1, 6))
    assert coverage(case(step(), rights=(recorded,), known_on=ENTRY), SCALES).days.covered == 0
    assert coverage(case(step(), rights=(recorded,), known_on=date(2026, 1, 6)), SCALES).days.covered == 130
