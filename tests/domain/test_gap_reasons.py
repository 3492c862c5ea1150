"""Is there one reason for days that nobody pays, and is it said what they would need?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from conference.data.scales import shipped_scales
from conference.domain.case import Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.course import Course
from conference.domain.gap_reasons import ESTIMATE, gap_rates, gap_reason
from conference.domain.period import Period
from conference.domain.presumed import Presumption
from conference.domain.rate import Rate, by_day, by_thirtieth
from conference.domain.relay import Relay
from conference.domain.rights import Right, RightKind
from conference.domain.trainee_pay import TraineePay
from conference.domain.verdict import Condition, Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
SCALES = shipped_scales()


def day(number: int) -> date:
    """Days of June 2026, from 1."""
    return date(2026, 5, 31) + timedelta(days=number)


def span(first: int, last: int) -> Period:
    return Period(day(first), day(last))


RUN = span(11, 20)


def right(first: int, last: int, amount: str | None = "31.00") -> Right:
    return Right(RightKind.AREF, "a", span(first, last), None if amount is None else Decimal(amount))


def course(*rights: Right, interruptions: tuple[Interruption, ...] = ()) -> Course:
    person = Person(date(1982, 4, 11), disabled=False, worked_6_of_12=False, single_parent=False)
    step = Step("F1", StepKind.TRAINING, span(1, 30), True, weekly_hours=Decimal(35), interruptions=interruptions)
    return Course(step, person, rights, SCALES)


def condition(code: str, verdict: Verdict) -> Condition:
    return Condition(code, verdict, "texte", "loi")


def trainee(no_benefit: Verdict = TO_CHECK, approved: Verdict = TO_CHECK, whole: Verdict = TO_CHECK) -> TraineePay:
    why = condition("no_benefit", no_benefit), condition("approved_for_pay", approved), condition("course_length", YES)
    return TraineePay(whole, why, "region")


def relay(verdict: Verdict, *lacking: str, suspended: tuple[Period, ...] = ()) -> Relay:
    why = (condition("benefit_at_entry", YES), *(condition(code, NO) for code in lacking))
    return Relay(SCALES.rule_sets[-1], verdict, why, None, suspended)


def presumed(by: Relay | None = None, pay: TraineePay | None = None) -> Presumption:
    return Presumption(by, pay or trainee(), [])


def told(asked: Course, said: Presumption, run: Period = RUN) -> list[tuple[Period, str, str]]:
    """Of each part: its days, the code of its reason, and its sentence with ordinary spaces."""
    return [
        (part, reason.code.value, reason.text.replace("\u00a0", " ")) for part, reason in gap_reason(asked, run, said)
    ]


def test_between_two_rights_and_before_the_first() -> None:
    both = course(right(1, 2), right(5, 10), right(21, 22), right(25, 30))
    text = "Un droit s’arrête le 10 juin 2026, le suivant ne commence que le 21 juin 2026."
    assert told(both, presumed()) == [(RUN, "between_rights", text)]
    text = "Le premier droit enregistré ne commence que le 21 juin 2026."
    assert told(course(right(25, 30), right(21, 22)), presumed()) == [(RUN, "not_yet_payable", text)]


ENDED = "Le dernier droit enregistré s’arrête le 10 juin 2026 "


@pytest.mark.parametrize(
    ("said", "code", "rest"),
    [
        (None, "rights_ended", "et rien ne prend la suite."),
        (relay(YES), "limit_reached", "et la durée la plus longue du relais est atteinte."),
        (relay(TO_CHECK, "prescribed"), "condition_to_check", "et une condition du relais est à vérifier."),
        (relay(NO, "limit", "qualifying", "prescribed"), "not_prescribed", "et la formation n’est pas prescrite."),
        (
            relay(NO, "shortage_occupation", "qualifying"),
            "not_qualifying",
            "et la formation ne mène pas à une qualification reconnue.",
        ),
        (
            relay(NO, "limit", "shortage_occupation"),
            "not_on_list",
            "et le métier visé n’est pas sur la liste des métiers en tension.",
        ),
        (relay(NO, "limit"), "limit_reached", "et la durée la plus longue du relais est atteinte."),
        (relay(NO, "course_funder"), "rights_ended", "et rien ne prend la suite."),
    ],
)
def test_after_the_last_right_the_first_condition_that_lacks(said: Relay | None, code: str, rest: str) -> None:
    assert told(course(right(5, 10), right(1, 2)), presumed(said)) == [(RUN, code, ENDED + rest)]


@pytest.mark.parametrize(
    ("pay", "code", "text"),
    [
        (
            trainee(YES, NO, NO),
            "course_not_approved",
            "Aucun droit n’est enregistré et la formation n’est pas agréée pour la rémunération des stagiaires.",
        ),
        (
            trainee(YES, TO_CHECK, TO_CHECK),
            "condition_to_check",
            "Aucun droit n’est enregistré et une condition de la rémunération des stagiaires est à vérifier.",
        ),
        *(
            (pay, "no_right", "Aucun droit n’est enregistré pour cette personne.")
            for pay in (trainee(YES, YES, NO), trainee(TO_CHECK, NO, NO), trainee(TO_CHECK, TO_CHECK, TO_CHECK))
        ),
    ],
)
def test_without_any_right(pay: TraineePay, code: str, text: str) -> None:
    assert told(course(), presumed(relay(TO_CHECK), pay)) == [(RUN, code, text)]


def test_suspended_relay_explains_its_days() -> None:
    ended = "limit_reached", ENDED + "et la durée la plus longue du relais est atteinte."
    text = "La formation est interrompue du 9 juin 2026 au 12 juin 2026."
    asked = course(right(1, 10), interruptions=(Interruption(span(15, 16)),))
    assert told(asked, presumed(relay(YES, suspended=(span(9, 12), span(25, 26))))) == [
        (span(11, 12), "interruption", text),
        (span(13, 20), *ended),
    ]
    assert told(asked, presumed(relay(NO, "limit", suspended=(span(9, 12),)))) == [(RUN, *ended)]


def test_absence_comes_before_interruption_for_a_trainee() -> None:
    pause = Interruption(span(13, 17))
    away = Interruption(span(15, 18), InterruptionKind.ABSENCE)
    later = Interruption(span(19, 25), InterruptionKind.ABSENCE)
    no_right = "no_right", "Aucun droit n’est enregistré pour cette personne."
    stopped = [
        (span(11, 12), *no_right),
        (span(13, 14), "interruption", "La formation est interrompue du 13 juin 2026 au 14 juin 2026."),
        (span(15, 18), "absence", "La personne est absente sans motif du 15 juin 2026 au 18 juin 2026."),
        (span(19, 20), "absence", "La personne est absente sans motif du 19 juin 2026 au 25 juin 2026."),
    ]
    for order in ((pause, away, later), (later, away, pause)):
        assert told(course(interruptions=order), presumed(None, trainee(YES, YES, YES))) == stopped
    assert told(course(interruptions=(pause, away)), presumed(None, trainee(YES, YES, TO_CHECK)))[0][1] != "absence"


def needed(asked: Course, run: Period = RUN) -> list[tuple[Period, Rate | None, list[tuple[str, Verdict, str, str]]]]:
    return [
        (part, rate, [(note.code, note.verdict, note.text.replace("\u00a0", " "), note.source) for note in notes])
        for part, rate, notes in gap_rates(asked, run)
    ]


def test_need_is_valued_at_the_nearest_earlier_amount() -> None:
    asked = course(right(5, 8, "30.00"), right(1, 9, "31.00"), right(10, 10, None), right(21, 22, "29.00"))
    text = "Besoin estimé au montant versé jusqu’au 9 juin 2026."
    assert needed(asked) == [(RUN, by_day(Decimal("31.00")), [("need", YES, text, ESTIMATE)])]


def test_need_is_valued_at_the_first_later_amount_where_none_is_earlier() -> None:
    asked = course(right(1, 10, None), right(25, 30, "28.00"), right(21, 26, "29.00"))
    text = "Besoin estimé au premier montant versé, à partir du 21 juin 2026."
    assert needed(asked) == [(RUN, by_day(Decimal("29.00")), [("need", YES, text, ESTIMATE)])]


def test_need_is_valued_by_the_trainee_scale_where_no_amount_is_known() -> None:
    text = "Besoin estimé au barème des stagiaires, faute de montant antérieur."
    [(part, rate, notes)] = needed(course(right(1, 10, None)))
    assert (part, rate) == (RUN, by_thirtieth(Decimal("685.00")))
    assert notes[0] == ("need", TO_CHECK, text, ESTIMATE)
    assert [code for code, *_ in notes[1:]] == ["scale"]
    nobody = replace(course(), person=Person())
    [(part, rate, notes)] = needed(nobody)
    assert (part, rate, notes[0][0]) == (RUN, None, "need")
