"""Is each condition of the relay rules answered yes, no or to check, with its sentence and the text of the set?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from conference.domain import relay_conditions as condition
from conference.domain.case import Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from conference.domain.scales import DatedValue, RuleSet, Scale, Scales
from conference.domain.verdict import Condition, Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
LAW = "un texte"
ENTRY, END = date(2026, 1, 5), date(2026, 6, 30)
RULES = RuleSet(
    "rules",
    "rff",
    "Règles",
    date(2026, 1, 1),
    date(2026, 12, 31),
    LAW,
    "payeur",
    "financeur",
    frozenset({"aref", "are"}),
)
SHORT = RuleSet(
    "short",
    "aff",
    "Règles",
    date(2026, 1, 1),
    None,
    LAW,
    "payeur",
    "financeur",
    frozenset({"aref", "are"}),
    limit="LIMIT",
    short_limit="SHORT",
    opened_months=7,
)


def line(amount: str) -> DatedValue:
    return DatedValue(date(2026, 1, 1), date(2026, 12, 31), Decimal(amount), "", "", date(2026, 1, 1))


SCALES = Scales(
    {
        "SHORT": Scale("SHORT", "Durée courte", "mois", (line("4"),)),
        "LIMIT": Scale("LIMIT", "Durée longue", "années", ()),
    },
    (RULES,),
)


def benefit(first: date, last: date, kind: RightKind = RightKind.AREF, months: int | None = None) -> Right:
    return Right(kind, "france_travail", Period(first, last), opened_months=months)


def course(
    *rights: Right,
    person: Person | None = None,
    before: tuple[Step, ...] = (),
    kind: StepKind = StepKind.TRAINING,
    **facts: Any,
) -> Course:
    step = Step("F1", kind, Period(ENTRY, END), True, **facts)
    return Course(step, person or Person(), rights, SCALES, before)


def step_before(*funders: str) -> Step:
    return Step("F0", StepKind.TRAINING, Period(date(2025, 11, 3), date(2026, 1, 4)), True, funders=funders)


def said(found: Condition) -> tuple[str, Verdict, str, str]:
    """The condition, its text with ordinary spaces."""
    return found.code, found.verdict, found.text.replace("\u00a0", " ").replace("\u202f", " "), found.source


SAME_COURSE = (
    "L’allocation était versée au début de l’étape précédente, pas le 5 janvier 2026. À vérifier s’il s’agit de la même "
    "formation."
)
FIRST_HALF = benefit(date(2025, 9, 1), date(2026, 3, 31))
SECOND_HALF = Period(date(2026, 4, 1), END)


@pytest.mark.parametrize(
    ("asked", "verdict", "text"),
    [
        (course(FIRST_HALF), YES, "Une allocation est versée à l’entrée en formation, le 5 janvier 2026."),
        (course(benefit(ENTRY, ENTRY)), YES, "Une allocation est versée à l’entrée en formation, le 5 janvier 2026."),
        (
            course(benefit(date(2025, 11, 1), date(2025, 12, 31)), before=(step_before(),)),
            TO_CHECK,
            SAME_COURSE,
        ),
        (
            course(benefit(date(2025, 11, 4), date(2026, 1, 4)), before=(step_before(),)),
            NO,
            "L’allocation s’est arrêtée le 4 janvier 2026, avant l’entrée en formation.",
        ),
        (
            course(benefit(date(2025, 1, 1), date(2025, 3, 31)), benefit(date(2025, 5, 1), date(2025, 5, 31))),
            NO,
            "L’allocation s’est arrêtée le 31 mai 2025, avant l’entrée en formation.",
        ),
        (
            course(
                benefit(date(2025, 1, 1), date(2025, 3, 31)),
                benefit(date(2026, 3, 1), date(2026, 3, 31)),
                benefit(date(2026, 1, 6), date(2026, 1, 31)),
            ),
            TO_CHECK,
            "L’allocation ne commence que le 6 janvier 2026, après l’entrée en formation (différé).",
        ),
        (course(person=Person(no_benefit=True)), NO, "Aucune allocation n’est versée à l’entrée en formation."),
        (
            course(benefit(ENTRY, END, RightKind.WAGE)),
            NO,
            "Un autre revenu est versé à l’entrée en formation, pas une allocation de chômage.",
        ),
        *(
            (
                course(*rights, person=Person(no_benefit=no_benefit)),
                TO_CHECK,
                "Aucune allocation n’est enregistrée à l’entrée en formation et personne n’a dit qu’il n’y en avait pas.",
            )
            for rights, no_benefit in (
                ((), None),
                ((), False),
                ((benefit(ENTRY, END, RightKind.RFF),), None),
                ((benefit(ENTRY, END, RightKind.AFF),), None),
                ((benefit(ENTRY, END, RightKind.AFDEF),), None),
                ((benefit(date(2026, 2, 1), END, RightKind.WAGE),), None),
            )
        ),
    ],
)
def test_benefit_at_entry(asked: Course, verdict: Verdict, text: str) -> None:
    assert said(condition.benefit_at_entry(asked, RULES)) == ("benefit_at_entry", verdict, text, LAW)


@pytest.mark.parametrize(
    ("asked", "verdict", "text"),
    [
        (course(FIRST_HALF), YES, "Les droits s’arrêtent le 31 mars 2026, avant la fin de la formation."),
        (
            course(
                FIRST_HALF, benefit(date(2026, 6, 30), date(2026, 9, 30)), benefit(date(2026, 6, 2), date(2026, 6, 3))
            ),
            YES,
            "Les droits s’arrêtent le 31 mars 2026, avant la fin de la formation.",
        ),
        (
            course(FIRST_HALF, benefit(date(2026, 7, 1), date(2026, 9, 30))),
            YES,
            "Les droits s’arrêtent le 31 mars 2026, avant la fin de la formation.",
        ),
        (course(person=Person(no_benefit=True)), NO, "Il n’y avait pas de droits à épuiser."),
        (course(), TO_CHECK, "Aucune fin de droits n’est enregistrée."),
        (course(person=Person(no_benefit=False)), TO_CHECK, "Aucune fin de droits n’est enregistrée."),
        (course(benefit(ENTRY, END)), TO_CHECK, "Aucune fin de droits n’est enregistrée."),
    ],
)
def test_rights_have_ended(asked: Course, verdict: Verdict, text: str) -> None:
    assert said(condition.rights_ended(asked, SECOND_HALF, RULES)) == ("rights_ended", verdict, text, LAW)


def test_rights_that_resume_in_the_course_have_not_ended() -> None:
    resumes = course(FIRST_HALF, benefit(date(2026, 6, 10), END), benefit(date(2026, 5, 2), date(2026, 5, 3)))
    april = Period(date(2026, 4, 1), date(2026, 5, 1))
    text = "Les droits ne sont pas épuisés, une allocation reprend le 2 mai 2026."
    assert said(condition.rights_ended(resumes, april, RULES)) == ("rights_ended", NO, text, LAW)
    on_the_last_day = course(FIRST_HALF, benefit(END, END))
    text = "Les droits ne sont pas épuisés, une allocation reprend le 30 juin 2026."
    assert said(condition.rights_ended(on_the_last_day, april, RULES)) == ("rights_ended", NO, text, LAW)


@pytest.mark.parametrize(("known", "verdict", "place"), [(True, YES, 0), (False, NO, 1), (None, TO_CHECK, 2)])
def test_facts_of_the_course_as_they_are_said(known: bool | None, verdict: Verdict, place: int) -> None:
    texts = {
        condition.prescribed: (
            "La formation est prescrite.",
            "La formation n’est pas prescrite.",
            "Personne n’a dit si la formation est prescrite.",
        ),
        condition.qualifying: (
            "La formation mène à une qualification reconnue.",
            "La formation ne mène pas à une qualification reconnue.",
            "Personne n’a dit si la formation mène à une qualification reconnue.",
        ),
        condition.shortage_occupation: (
            "Le métier visé est sur la liste des métiers en tension.",
            "Le métier visé n’est pas sur la liste des métiers en tension.",
            "Personne n’a dit si le métier visé est sur la liste des métiers en tension.",
        ),
    }
    for ask, three in texts.items():
        asked = course(**{ask.__name__: known})
        assert said(ask(asked, RULES)) == (ask.__name__, verdict, three[place], LAW)


def test_every_relay_asks_three_things() -> None:
    asked = course(FIRST_HALF, prescribed=True)
    found = condition.benefit(asked, SECOND_HALF, RULES)
    assert [(each.code, each.verdict) for each in found] == [
        ("benefit_at_entry", YES),
        ("rights_ended", YES),
        ("prescribed", YES),
    ]


LISTED = ("region", "opco")


@pytest.mark.parametrize(
    ("funders", "before", "verdict", "text"),
    [
        ((), (), TO_CHECK, "Personne n’a dit qui finance la formation."),
        (
            ("region",),
            (),
            YES,
            "La formation est financée, en tout ou partie, par un financeur qui ouvre ce droit.",
        ),
        (
            ("assedic", "opco_ep"),
            (),
            YES,
            "La formation est financée, en tout ou partie, par un financeur qui ouvre ce droit.",
        ),
        (("assedic", "etat_dreets"), (), NO, "Aucun financeur de la formation n’ouvre ce droit."),
        (("assedic", "mecene"), (), TO_CHECK, "À vérifier si le financeur de la formation ouvre ce droit."),
        (
            ("assedic",),
            (step_before("assedic", "region_paca"),),
            TO_CHECK,
            "Le financeur de la formation a changé en cours de route. À vérifier s’il ouvre encore ce droit.",
        ),
        (("assedic",), (step_before("etat"), step_before()), NO, "Aucun financeur de la formation n’ouvre ce droit."),
    ],
)
def test_funder_of_the_course(funders: tuple[str, ...], before: tuple[Step, ...], verdict: Verdict, text: str) -> None:
    asked = course(funders=funders, before=before)
    assert said(condition.course_funder(asked, RULES, LISTED)) == ("course_funder", verdict, text, LAW)


def test_every_funder_known_not_to_open_it_is_a_no() -> None:
    for code in condition.OTHER_FUNDERS:
        assert condition.course_funder(course(funders=(code,)), RULES, LISTED).verdict is NO


@pytest.mark.parametrize("kind", list(StepKind))
def test_bilan_vae_and_assessment_never_open_it(kind: StepKind) -> None:
    never = kind in (StepKind.BILAN, StepKind.VAE, StepKind.ASSESSMENT)
    text = (
        "Un bilan, un accompagnement à la VAE ou une évaluation n’ouvre jamais ce droit."
        if never
        else "L’étape n’est ni un bilan, ni une VAE, ni une évaluation."
    )
    found = said(condition.step_kind(course(kind=kind), RULES))
    assert found == ("step_kind", NO if never else YES, text, LAW)


@pytest.mark.parametrize(
    ("months", "verdict", "text"),
    [
        (7, YES, "Le droit a été ouvert pour 7 mois, pas plus de 7."),
        (4, YES, "Le droit a été ouvert pour 4 mois, pas plus de 7."),
        (8, NO, "Le droit a été ouvert pour 8 mois, plus de 7."),
        (None, TO_CHECK, "Personne n’a dit si le droit a été ouvert pour 7 mois au plus."),
    ],
)
def test_length_of_the_right_opened(months: int | None, verdict: Verdict, text: str) -> None:
    asked = course(benefit(date(2025, 9, 1), date(2026, 3, 31), months=months))
    assert said(condition.opened(asked, SECOND_HALF, SHORT)) == ("opened_months", verdict, text, LAW)


def test_length_of_no_right_is_to_check() -> None:
    text = "Personne n’a dit si le droit a été ouvert pour 7 mois au plus."
    assert said(condition.opened(course(), SECOND_HALF, SHORT)) == ("opened_months", TO_CHECK, text, LAW)


def test_short_relay_begins_the_day_after_the_benefit_or_at_entry() -> None:
    until_february = course(benefit(date(2025, 9, 1), date(2026, 2, 10)))
    assert condition.relay_start(until_february, SECOND_HALF, SHORT) == date(2026, 2, 11)
    assert condition.short_end(until_february, SECOND_HALF, SHORT) == date(2026, 6, 10)
    before_entry = course(benefit(date(2025, 9, 1), date(2025, 10, 31)))
    assert condition.relay_start(before_entry, SECOND_HALF, SHORT) == ENTRY
    assert condition.relay_start(course(), SECOND_HALF, SHORT) == date(2026, 4, 1)
    early = course(benefit(date(2025, 9, 1), date(2026, 2, 10)), registered_on=date(2025, 12, 31))
    assert condition.short_end(early, SECOND_HALF, SHORT) is None


@pytest.mark.parametrize(
    ("ended", "verdict", "text"),
    [
        (date(2026, 2, 27), YES, "Il reste plus de quatre mois de formation après le 27 février 2026."),
        (date(2026, 2, 28), NO, "Il ne reste pas plus de quatre mois de formation."),
    ],
)
def test_more_than_four_months_are_left(ended: date, verdict: Verdict, text: str) -> None:
    asked = course(benefit(date(2025, 9, 1), ended))
    assert said(condition.more_than_short_left(asked, SECOND_HALF, SHORT)) == ("four_months_left", verdict, text, LAW)


def test_what_is_left_is_to_check_where_the_length_is_not_known() -> None:
    asked = course(FIRST_HALF, registered_on=date(2025, 12, 31))
    text = "La durée de l’allocation de droit commun n’est pas connue."
    assert said(condition.more_than_short_left(asked, SECOND_HALF, SHORT)) == ("four_months_left", TO_CHECK, text, LAW)


def test_one_more_month_is_told_where_it_finishes_the_course() -> None:
    text = "Un mois de plus peut être décidé après le 30 mai 2026, puisqu’il achève la formation."
    found = condition.one_more_month(course(), date(2026, 5, 30))
    assert [said(each) for each in found] == [("one_more_month", TO_CHECK, text, "circulaire DGEFP 2002-2")]
    assert condition.one_more_month(course(), date(2026, 5, 29)) == ()


def test_limit_that_is_not_known_names_the_value_and_the_day() -> None:
    text = "La valeur « Durée longue » n’est pas connue au 5 janvier 2026."
    assert said(condition.limit_unknown(course(), SHORT)) == ("limit", TO_CHECK, text, LAW)


def test_limit_that_has_passed_names_its_day() -> None:
    text = "La durée la plus longue de ce droit s’est terminée le 31 mars 2026."
    assert said(condition.limit_passed(date(2026, 3, 31), RULES)) == ("limit", NO, text, LAW)


def test_course_registered_after_the_last_known_rules_is_to_check() -> None:
    asked = course(registered_on=date(2027, 1, 4))
    text = (
        "Les règles des formations inscrites le 4 janvier 2027 ne sont pas connues, connues jusqu’au 31 décembre 2026."
    )
    assert said(condition.registered(asked, RULES)) == ("registered", TO_CHECK, text, LAW)
    text = "Les règles des formations inscrites le 4 janvier 2027 ne sont pas connues."
    assert said(condition.registered(asked, SHORT)) == ("registered", TO_CHECK, text, LAW)


def test_relay_is_suspended_by_interruptions_longer_than_the_rules_bear() -> None:
    fifteen = Interruption(Period(date(2026, 4, 1), date(2026, 4, 15)))
    sixteen = Interruption(Period(date(2026, 5, 1), date(2026, 5, 16)))
    absence = Interruption(Period(date(2026, 6, 1), date(2026, 6, 20)), InterruptionKind.ABSENCE)
    asked = course(interruptions=(fifteen, sixteen, absence))
    bearing = replace(RULES, interruption=15)
    assert condition.suspended(asked, bearing) == [sixteen.period]
    assert condition.suspended(asked, RULES) == [fifteen.period, sixteen.period]
    one_day = Interruption(Period(date(2026, 4, 1), date(2026, 4, 1)))
    assert condition.suspended(course(interruptions=(one_day,)), RULES) == [one_day.period]
    assert condition.suspended(course(interruptions=(one_day,)), bearing) == []
    found = condition.interruption(SECOND_HALF, [sixteen.period], bearing)
    text = "La formation est interrompue du 1er mai 2026 au 16 mai 2026, plus de 15 jours. Le versement est suspendu."
    assert [said(each) for each in found] == [("interruption", NO, text, LAW)]
    found = condition.interruption(SECOND_HALF, [fifteen.period], RULES)
    text = (
        "La formation est interrompue du 1er avril 2026 au 15 avril 2026. "
        "Les textes connus ne disent pas si l’allocation est alors versée."
    )
    assert [said(each) for each in found] == [("interruption", TO_CHECK, text, LAW)]
    assert (
        condition.interruption(Period(date(2026, 4, 16), date(2026, 4, 30)), [fifteen.period, sixteen.period], RULES)
        == ()
    )
