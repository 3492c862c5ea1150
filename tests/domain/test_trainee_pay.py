"""Who is paid as a trainee, by whom, and how much, by age, situation, day and hours?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from conference.data.scales import shipped_scales
from conference.domain import trainee_pay as rules
from conference.domain.case import Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.rate import Rate, by_thirtieth, rate
from conference.domain.rights import Right, RightKind
from conference.domain.scales import Scale, Scales
from conference.domain.trainee_pay import TraineePay, Valued, age_on, payer_of, suspended
from conference.domain.verdict import Condition, Verdict

LAW = "code du travail, L. 6341-1 et suivants"
YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
ENTRY = date(2021, 6, 7)
ADULT = Person(date(1982, 4, 11), disabled=False, no_benefit=True, worked_6_of_12=False, single_parent=False)


def days(first: date = ENTRY, last: date = date(2021, 12, 17)) -> Period:
    return Period(first, last)


def course(
    person: Person = ADULT,
    period: Period | None = None,
    rights: tuple[Right, ...] = (),
    scales: Scales | None = None,
    **facts: Any,
) -> Course:
    known: dict[str, Any] = {"approved_for_pay": True, "weekly_hours": Decimal(35), **facts}
    step = Step("F1", StepKind.TRAINING, period or days(), True, **known)
    return Course(step, person, rights, scales or shipped_scales())


def aged(birth: date, **facts: Any) -> Person:
    return replace(ADULT, birth_date=birth, **facts)


def benefit(first: date, last: date, kind: RightKind = RightKind.AREF) -> Right:
    return Right(kind, "pole_emploi", Period(first, last))


def plain(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The same, with ordinary spaces."""
    return tuple(
        Condition(*(part.replace("\u00a0", " ").replace("\u202f", " ") if type(part) is str else part for part in each))
        for each in conditions
    )


def trainee_pay(asked: Course) -> TraineePay:
    found = rules.trainee_pay(asked)
    return found._replace(why=plain(found.why))


def trainee_rate(asked: Course, day: date) -> Valued:
    found = rules.trainee_rate(asked, day)
    return found._replace(notes=plain(found.notes))


def interruption(asked: Course, run: Period) -> tuple[Condition, ...]:
    return plain(rules.interruption(asked, run))


NO_BENEFIT = Condition("no_benefit", YES, "Aucune allocation n’est versée à l’entrée en formation.", LAW)
APPROVED = Condition("approved_for_pay", YES, "La formation est agréée pour la rémunération des stagiaires.", LAW)
LENGTH = Condition("course_length", YES, "La formation dure de 40 heures à trois ans.", LAW)


def test_all_conditions_met() -> None:
    found = trainee_pay(course())
    assert found == (YES, (NO_BENEFIT, APPROVED, LENGTH), "region")


@pytest.mark.parametrize(
    ("said", "verdict", "sentence"),
    [
        (False, NO, "Une allocation est versée à l’entrée en formation."),
        (None, TO_CHECK, "Personne n’a dit si une allocation est versée à l’entrée en formation."),
    ],
)
def test_benefit_at_entry_as_it_is_said(said: bool | None, verdict: Verdict, sentence: str) -> None:
    found = trainee_pay(course(Person(no_benefit=said)))
    assert found.verdict is verdict
    assert found.why == (Condition("no_benefit", verdict, sentence, LAW), APPROVED, LENGTH)


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        (benefit(date(2021, 1, 1), ENTRY), "Une allocation est versée à l’entrée en formation, le 7 juin 2021."),
        (benefit(ENTRY, ENTRY), "Une allocation est versée à l’entrée en formation, le 7 juin 2021."),
        (
            benefit(date(2021, 6, 8), date(2022, 6, 8)),
            "Une allocation est due à partir du 8 juin 2021, la personne est donc indemnisable.",
        ),
        (
            benefit(date(2021, 12, 17), date(2022, 6, 8), RightKind.ASS),
            "Une allocation est due à partir du 17 décembre 2021, la personne est donc indemnisable.",
        ),
    ],
)
def test_recorded_benefit_wins_over_what_is_said(right: Right, sentence: str) -> None:
    assert trainee_pay(course(rights=(right,))).why[0] == Condition("no_benefit", NO, sentence, LAW)


@pytest.mark.parametrize(
    "right",
    [
        benefit(date(2021, 1, 1), date(2021, 6, 6)),
        benefit(date(2021, 12, 18), date(2022, 1, 31)),
        benefit(ENTRY, date(2021, 12, 17), RightKind.RFF),
        benefit(ENTRY, date(2021, 12, 17), RightKind.WAGE),
    ],
)
def test_right_outside_the_course_or_of_another_kind_is_no_benefit(right: Right) -> None:
    assert trainee_pay(course(rights=(right,))).why[0] == NO_BENEFIT


def test_first_of_several_later_benefits_is_told() -> None:
    rights = (benefit(date(2021, 11, 1), date(2021, 11, 30)), benefit(date(2021, 8, 2), date(2021, 8, 31)))
    assert trainee_pay(course(rights=rights)).why[0].text == (
        "Une allocation est due à partir du 2 août 2021, la personne est donc indemnisable."
    )


@pytest.mark.parametrize(
    ("approved", "verdict", "sentence"),
    [
        (False, NO, "La formation n’est pas agréée pour la rémunération des stagiaires."),
        (None, TO_CHECK, "Personne n’a dit si la formation est agréée pour la rémunération des stagiaires."),
    ],
)
def test_course_must_be_approved(approved: bool | None, verdict: Verdict, sentence: str) -> None:
    found = trainee_pay(course(approved_for_pay=approved))
    assert found.why == (NO_BENEFIT, Condition("approved_for_pay", verdict, sentence, LAW), LENGTH)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("last", "weekly", "condition"),
    [
        (date(2024, 6, 6), "35", LENGTH),
        (date(2024, 6, 7), "35", Condition("course_length", NO, "La formation dure plus de trois ans.", LAW)),
        (date(2021, 6, 14), "35", LENGTH),
        (
            date(2021, 6, 13),
            "39.99",
            Condition(
                "course_length",
                NO,
                "La formation dure moins de 40 heures, d’après ses dates et sa durée par semaine.",
                LAW,
            ),
        ),
        (date(2021, 6, 13), "40", LENGTH),
        (
            date(2021, 12, 17),
            None,
            Condition(
                "course_length",
                TO_CHECK,
                "La durée par semaine n’est pas connue, ni donc si la formation dure 40 heures au moins.",
                LAW,
            ),
        ),
    ],
)
def test_course_lasts_from_forty_hours_to_three_years(last: date, weekly: str | None, condition: Condition) -> None:
    hours = None if weekly is None else Decimal(weekly)
    assert trainee_pay(course(period=days(last=last), weekly_hours=hours)).why[2] == condition


@pytest.mark.parametrize(
    ("funders", "payer"),
    [
        ((), "region"),
        (("agefiph",), "region"),
        (("pole_emploi", "region_paca"), "region_paca"),
        (("etat", "france_travail"), "france_travail"),
        (("pole_emploi_paca",), "pole_emploi_paca"),
        (("agefiph", "etat_dreets"), "etat_dreets"),
    ],
)
def test_funder_with_a_scheme_of_its_own_pays_else_the_region(funders: tuple[str, ...], payer: str) -> None:
    assert payer_of(course(funders=funders)) == payer
    assert trainee_pay(course(funders=funders)).payer == payer


def test_absence_is_withheld_and_interruption_to_check() -> None:
    away = Interruption(Period(date(2021, 7, 5), date(2021, 7, 6)), InterruptionKind.ABSENCE)
    still = Interruption(Period(date(2021, 8, 2), date(2021, 8, 20)))
    stopped = course(interruptions=(away, still))
    assert suspended(stopped) == [away.period, still.period]
    absence = Condition(
        "absence",
        NO,
        "L’absence sans motif du 5 juillet 2021 au 6 juillet 2021 est retenue sur la rémunération.",
        LAW,
    )
    pause = Condition(
        "interruption",
        TO_CHECK,
        "À vérifier si la rémunération est versée pendant l’interruption du 2 août 2021 au 20 août 2021.",
        LAW,
    )
    assert interruption(stopped, days()) == (absence, pause)
    assert interruption(stopped, Period(date(2021, 7, 6), date(2021, 8, 1))) == (absence,)
    assert interruption(stopped, Period(date(2021, 7, 7), date(2021, 8, 2))) == (pause,)
    assert interruption(course(), days()) == ()


SITUATION = Condition(
    "situation",
    TO_CHECK,
    "Personne n’a dit si la personne a travaillé 6 mois sur 12 ou élève seule un enfant, le montant en dépend.",
    LAW,
)
DISABILITY = Condition(
    "situation",
    TO_CHECK,
    "Personne n’a dit si la personne est handicapée et a travaillé, le montant en dépend.",
    LAW,
)
FORMER_WAGE = Condition("former_wage", TO_CHECK, "Le montant dépend de l’ancien salaire, qui n’est pas connu.", LAW)


def paid(person: Person, entry: date, day: date | None = None, **facts: Any) -> tuple[str | None, list[str]]:
    """Euros of thirty days, and the codes of what is said of them."""
    found = trainee_rate(course(person, Period(entry, date(entry.year, 12, 31)), **facts), day or entry)
    return (None if found.rate is None else str(found.rate.amount(30))), [note.code for note in found.notes]


@pytest.mark.parametrize(
    ("person", "euros", "notes"),
    [
        (aged(date(1992, 3, 2)), "401.09", ["scale"]),
        (aged(date(1992, 3, 3)), "339.35", ["scale"]),
        (aged(date(1997, 3, 2)), "339.35", ["scale"]),
        (aged(date(1997, 3, 3)), "310.39", ["scale"]),
        (aged(date(2000, 3, 2)), "310.39", ["scale"]),
        (aged(date(2000, 3, 3)), "130.34", ["scale"]),
        (aged(date(1992, 3, 3), worked_6_of_12=True), "652.02", ["scale"]),
        (aged(date(2000, 3, 3), worked_6_of_12=True, single_parent=None), "652.02", ["scale"]),
        (aged(date(2000, 3, 3), single_parent=True), "652.02", ["scale"]),
        (aged(date(2000, 3, 3), single_parent=True, worked_6_of_12=None), "652.02", ["scale"]),
        (aged(date(1982, 4, 11), disabled=True), "401.09", ["scale"]),
        (aged(date(1982, 4, 11), disabled=None), "401.09", ["scale"]),
        (aged(date(1982, 4, 11), worked_6_of_12=None), None, ["situation"]),
        (aged(date(1982, 4, 11), single_parent=None), None, ["situation"]),
        (aged(date(1982, 4, 11), disabled=True, worked_6_of_12=True), None, ["former_wage"]),
        (aged(date(1982, 4, 11), disabled=True, worked_6_of_12=None), None, ["situation"]),
        (aged(date(1982, 4, 11), disabled=None, worked_6_of_12=True), None, ["situation"]),
    ],
)
def test_scale_of_2002_by_age_at_entry_and_situation(person: Person, euros: str, notes: list[str]) -> None:
    assert paid(person, date(2018, 3, 2)) == (euros, notes)


@pytest.mark.parametrize(
    ("person", "euros", "notes"),
    [
        (aged(date(1995, 6, 7)), "685.00", ["scale"]),
        (aged(date(1995, 6, 8)), "500.00", ["scale"]),
        (aged(date(2003, 6, 7)), "500.00", ["scale"]),
        (aged(date(2003, 6, 8)), "200.00", ["scale"]),
        (aged(date(2003, 6, 8), worked_6_of_12=True), "685.00", ["scale"]),
        (aged(date(2003, 6, 8), worked_6_of_12=True, single_parent=None), "685.00", ["scale"]),
        (aged(date(2003, 6, 8), single_parent=True), "685.00", ["scale"]),
        (aged(date(2003, 6, 7), worked_6_of_12=None), None, ["situation"]),
        (aged(date(2003, 6, 7), single_parent=None), None, ["situation"]),
        (aged(date(1982, 4, 11), worked_6_of_12=None, single_parent=None), "685.00", ["scale"]),
        (aged(date(1982, 4, 11), worked_6_of_12=True), "685.00", ["scale"]),
        (aged(date(1982, 4, 11), disabled=True), "685.00", ["scale"]),
        (aged(date(1982, 4, 11), disabled=True, worked_6_of_12=True), None, ["former_wage"]),
        (aged(date(1982, 4, 11), disabled=None, worked_6_of_12=None), None, ["situation"]),
    ],
)
def test_scale_of_2021_by_age_at_entry_and_situation(person: Person, euros: str, notes: list[str]) -> None:
    assert paid(person, ENTRY) == (euros, notes)


def test_work_before_counts_under_26_since_june_2021() -> None:
    worked, unsaid = aged(date(2000, 1, 1), worked_6_of_12=True), aged(date(2000, 1, 1), worked_6_of_12=None)
    assert paid(worked, date(2021, 5, 3), date(2021, 5, 31)) == ("500.00", ["scale"])
    assert paid(worked, date(2021, 5, 3), date(2021, 6, 1)) == ("685.00", ["scale"])
    assert paid(unsaid, date(2021, 5, 3), date(2021, 5, 31)) == ("500.00", ["scale"])
    assert paid(unsaid, date(2021, 5, 3), date(2021, 6, 1)) == (None, ["situation"])


@pytest.mark.parametrize(
    ("person", "euros", "notes"),
    [
        (aged(date(1998, 1, 8)), "723.36", ["scale"]),
        (aged(date(1998, 1, 9)), "528.00", ["scale"]),
        (aged(date(2006, 1, 8)), "528.00", ["scale"]),
        (aged(date(2006, 1, 9)), "211.20", ["scale"]),
        (aged(date(2006, 1, 9), worked_6_of_12=True), "723.36", ["scale"]),
        (aged(date(2006, 1, 9), single_parent=True), "723.36", ["scale"]),
        (aged(date(2006, 1, 9), single_parent=None), None, ["situation"]),
        (aged(date(1982, 4, 11), disabled=True, worked_6_of_12=True), None, ["former_wage"]),
    ],
)
def test_scale_of_france_travail_by_age_at_entry_and_situation(person: Person, euros: str, notes: list[str]) -> None:
    assert paid(person, date(2024, 1, 8), funders=("france_travail",)) == (euros, notes)


def test_scale_of_france_travail_is_the_one_of_the_region_until_2021() -> None:
    facts = {"funders": ("pole_emploi",)}
    assert paid(ADULT, ENTRY, date(2021, 12, 31), **facts) == ("685.00", ["scale"])
    found = trainee_rate(course(funders=("pole_emploi",)), date(2022, 1, 1))
    text = (
        "La valeur « Rémunération des formations de France Travail, 26 ans et plus » n’est pas connue au "
        "1er janvier 2022."
    )
    assert found == (None, (Condition("scale", TO_CHECK, text, LAW),))


def test_days_of_the_new_scale_are_to_check_for_an_entry_under_the_old_one() -> None:
    entry = date(2021, 4, 30)
    assert paid(ADULT, entry, date(2021, 4, 30)) == ("401.09", ["scale"])
    assert paid(ADULT, entry, date(2021, 5, 1)) == ("685.00", ["entry", "scale"])
    assert paid(ADULT, date(2021, 5, 1)) == ("685.00", ["scale"])
    found = trainee_rate(course(ADULT, Period(entry, date(2021, 12, 31))), date(2021, 5, 1))
    assert found.notes[0] == Condition(
        "entry",
        TO_CHECK,
        "L’entrée est du 30 avril 2021. À vérifier si le barème de 2021 s’applique à ces jours.",
        "décret 2021-522",
    )


def test_what_is_said_of_an_amount() -> None:
    scale = Condition(
        "scale",
        YES,
        "Rémunération de stagiaire, 26 ans et plus, 685,00 € par mois à temps plein, divisés par 30.",
        "décret n° 2021-522",
    )
    assert trainee_rate(course(), ENTRY) == (by_thirtieth(Decimal("685.00")), (scale,))
    funded = course(ADULT, Period(date(2024, 4, 8), date(2024, 12, 31)), funders=("france_travail",))
    doubtful = Condition(
        "scale",
        TO_CHECK,
        "Rémunération des formations de France Travail, 26 ans et plus, 756,63 € par mois à temps plein, divisés par 30. "
        "Valeur à vérifier, montant lu pour la RFF, déduit pour la RFFT.",
        "délibération n° 2024-36 du 24 avril 2024 de France Travail",
    )
    assert trainee_rate(funded, date(2024, 4, 8)) == (by_thirtieth(Decimal("756.63")), (doubtful,))


def test_what_decides_the_amount_and_is_not_known_is_named() -> None:
    young = replace(ADULT, birth_date=date(2003, 6, 7), single_parent=None)
    assert trainee_rate(course(young), ENTRY) == (None, (SITUATION,))
    assert trainee_rate(course(replace(ADULT, disabled=True, worked_6_of_12=None)), ENTRY) == (None, (DISABILITY,))
    assert trainee_rate(course(replace(ADULT, disabled=None, worked_6_of_12=True)), ENTRY) == (None, (DISABILITY,))
    assert trainee_rate(course(replace(ADULT, disabled=True, worked_6_of_12=True)), ENTRY) == (None, (FORMER_WAGE,))


AGE = Condition(
    "birth_date", TO_CHECK, "La date de naissance n’est pas connue, le montant dépend de l’âge à l’entrée.", LAW
)


@pytest.mark.parametrize(
    ("facts", "notes", "notes_of_2002"),
    [
        ({}, [AGE], [AGE]),
        ({"worked_6_of_12": None}, [AGE], [AGE]),
        ({"single_parent": None}, [AGE], [AGE]),
        ({"disabled": None, "worked_6_of_12": None}, [AGE], [AGE]),
        ({"disabled": True, "worked_6_of_12": True}, [FORMER_WAGE], [FORMER_WAGE]),
        ({"worked_6_of_12": True}, ["scale"], ["scale"]),
        ({"single_parent": True}, ["scale"], ["scale"]),
    ],
)
def test_amount_of_an_unknown_age_is_known_where_the_age_changes_nothing(
    facts: dict[str, Any], notes: list[object], notes_of_2002: list[object]
) -> None:
    person = replace(ADULT, birth_date=None, **facts)
    for entry, expected, euros in ((ENTRY, notes, "685.00"), (date(2018, 3, 5), notes_of_2002, "652.02")):
        found = trainee_rate(course(person, Period(entry, date(entry.year, 12, 17))), entry)
        if expected == ["scale"]:
            assert found.rate == by_thirtieth(Decimal(euros))
        else:
            assert found == (None, tuple(expected))


def test_amount_is_not_known_where_the_hours_are_not() -> None:
    found = trainee_rate(course(weekly_hours=None), ENTRY)
    text = "La durée par semaine n’est pas connue, le montant en dépend."
    assert found.rate is None
    assert found.notes[1:] == (Condition("weekly_hours", TO_CHECK, text, LAW),)
    assert trainee_rate(course(weekly_hours=Decimal(30)), ENTRY).rate == Rate(6850, 3)


def test_part_time_is_paid_by_the_hour() -> None:
    found = trainee_rate(course(weekly_hours=Decimal("17.5")), ENTRY)
    # 17.5 ÷ 7 hours a day at 685 ÷ 151.67 each, exactly.
    assert found.rate == rate(68_500 * 1750, 7 * 15_167)
    assert found.rate is not None
    assert (found.rate.daily, found.rate.amount(30)) == (Decimal("11.29"), Decimal("338.73"))
    assert found.notes[1:] == (
        Condition(
            "part_time",
            YES,
            "À temps partiel, 17,5 heures par semaine à 685,00 € ÷ 151,67 l’heure.",
            "décret n° 2002-1551 ; code du travail, art. D. 6341-24-1",
        ),
    )
    whole = trainee_rate(course(weekly_hours=Decimal("20.00")), ENTRY)
    assert whole.notes[-1].text == "À temps partiel, 20 heures par semaine à 685,00 € ÷ 151,67 l’heure."
    assert trainee_rate(course(weekly_hours=Decimal("29.99")), ENTRY).rate != Rate(6850, 3)


def test_part_time_is_not_known_without_its_divisor() -> None:
    scales = shipped_scales()
    divisor = scales.by_code["RSP_DIVISEUR_HORAIRE"]
    emptied = {**scales.by_code, divisor.code: Scale(divisor.code, divisor.label, divisor.unit, ())}
    found = trainee_rate(course(scales=Scales(emptied, scales.rule_sets), weekly_hours=Decimal(10)), ENTRY)
    text = (
        "La valeur « Diviseur horaire de la rémunération de stagiaire à temps partiel » n’est pas connue au "
        "7 juin 2021."
    )
    assert found.rate is None
    assert found.notes[1:] == (Condition("part_time", TO_CHECK, text, LAW),)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1982, 4, 11), date(2026, 4, 10), 43),
        (date(1982, 4, 11), date(2026, 4, 11), 44),
        (date(1982, 4, 11), date(2026, 4, 12), 44),
        (date(1982, 4, 11), date(2026, 3, 30), 43),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
    ],
)
def test_age_in_whole_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age
