"""Does a case that makes sense become facts, and any other a French sentence that names the case, the field and what to do?"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.case import Case, Convention, Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.case_reading import (
    CASE_KEYS,
    CONVENTION_KEYS,
    PERSON_KEYS,
    RIGHT_KEYS,
    STEP_FLAGS,
    STEP_KEYS,
    CaseError,
    read_case,
)
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind

STEP_KINDS = "orientation, vae, bilan, training, assessment, work_study, leave, job, other"
RIGHT_KINDS = "aref, are, asp, ati, asr, atp, aff, afdef, rff, trainee_pay, wage, cif, ptp, ass, agefiph, other"
TRAINING = {"id": "F1", "kind": "training", "first": "2026-01-05", "last": "2026-06-30"}
AREF = {"kind": "aref", "payer": "france_travail", "first": "2026-01-05", "last": "2026-05-14", "daily_amount": "31.00"}
CONVENTION = {"payer": "region", "kind": "trainee_pay", "first": "2026-01-01", "last": "2026-12-31"}


def plain(sentence: str) -> str:
    """The sentence with ordinary spaces."""
    return sentence.replace("\u202f", " ").replace("\u00a0", " ")


def refused(raw: object, number: int = 1) -> tuple[str, str]:
    """The field and the sentence of what is refused."""
    with pytest.raises(CaseError) as refusal:
        read_case(raw, number)
    error = refusal.value
    assert error.number == number
    where = f"Cas n° {number}, champ « {error.field} » : " if error.field else f"Cas n° {number} : "
    assert plain(str(error)).startswith(where)
    return error.field, plain(str(error)).removeprefix(where)


def with_step(**changes: object) -> dict[str, object]:
    return {"steps": [{**TRAINING, **changes}]}


def with_right(**changes: object) -> dict[str, object]:
    return {"steps": [TRAINING], "rights": [{**AREF, **changes}]}


def with_convention(**changes: object) -> dict[str, object]:
    return {"steps": [TRAINING], "conventions": [{**CONVENTION, **changes}]}


def with_person(**facts: object) -> dict[str, object]:
    return {"steps": [TRAINING], "person": facts}


def test_every_key_reaches_the_fact_it_names() -> None:
    raw = {
        "known_on": "2026-01-04",
        "person": {
            "birth_date": "1982-04-11",
            "disabled": False,
            "no_benefit": True,
            "worked_6_of_12": False,
            "single_parent": True,
        },
        "steps": [
            {
                **TRAINING,
                "registered_on": "2025-12-01",
                "weekly_hours": Decimal("17.5"),
                "needs_income": False,
                "prescribed": True,
                "qualifying": False,
                "shortage_occupation": True,
                "approved_for_pay": True,
                "funders": ["region", "opco"],
                "interruptions": [
                    {"first": "2026-02-01", "last": "2026-02-16"},
                    {"first": "2026-03-02", "last": "2026-03-02", "kind": "absence"},
                    ["2026-04-01", "2026-04-03"],
                ],
            }
        ],
        "rights": [
            {**AREF, "right_months": 7, "known_on": "2026-01-03", "main": True, "funder": "unedic", "manager": "ft"},
            {"kind": "wage", "payer": "X", "first": "2026-06-01", "days_left": 30, "monthly_amount": 1440},
        ],
        "conventions": [{**CONVENTION, "left": "50000.00", "daily_amount": "22.83"}],
    }
    days = Period(date(2026, 1, 5), date(2026, 6, 30))
    absence = Interruption(Period(date(2026, 3, 2), date(2026, 3, 2)), InterruptionKind.ABSENCE)
    assert read_case(raw, 1) == Case(
        known_on=date(2026, 1, 4),
        person=Person(date(1982, 4, 11), disabled=False, no_benefit=True, worked_6_of_12=False, single_parent=True),
        steps=(
            Step(
                "F1",
                StepKind.TRAINING,
                days,
                needs_income=False,
                registered_on=date(2025, 12, 1),
                weekly_hours=Decimal("17.5"),
                prescribed=True,
                qualifying=False,
                shortage_occupation=True,
                approved_for_pay=True,
                funders=("region", "opco"),
                interruptions=(
                    Interruption(Period(date(2026, 2, 1), date(2026, 2, 16))),
                    absence,
                    Interruption(Period(date(2026, 4, 1), date(2026, 4, 3))),
                ),
            ),
        ),
        rights=(
            Right(
                RightKind.AREF,
                "france_travail",
                Period(date(2026, 1, 5), date(2026, 5, 14)),
                daily_amount=Decimal("31.00"),
                known_on=date(2026, 1, 3),
                main=True,
                opened_months=7,
                funder="unedic",
                manager="ft",
            ),
            Right(
                RightKind.WAGE,
                "X",
                Period(date(2026, 6, 1), date(2026, 6, 30)),
                monthly_amount=Decimal("1440.00"),
            ),
        ),
        conventions=(
            Convention(
                "region",
                RightKind.TRAINEE_PAY,
                Period(date(2026, 1, 1), date(2026, 12, 31)),
                left=Decimal("50000.00"),
                daily_amount=Decimal("22.83"),
            ),
        ),
    )


def test_what_nobody_said_is_unknown_and_a_step_needs_an_income() -> None:
    case = read_case({"steps": [{key: TRAINING[key] for key in ("kind", "first", "last")}]}, 1)
    days = Period(date(2026, 1, 5), date(2026, 6, 30))
    assert case == Case(None, Person(), (Step("1", StepKind.TRAINING, days, needs_income=True),))


def test_null_is_absent_everywhere() -> None:
    nothing: dict[str, Any] = {
        **dict.fromkeys(CASE_KEYS),
        "person": dict.fromkeys(PERSON_KEYS),
        "steps": [{**dict.fromkeys(STEP_KEYS), "kind": "training", "first": "2026-01-05", "last": "2026-06-30"}],
        "rights": [{**dict.fromkeys(RIGHT_KEYS), "kind": "aref", "payer": "x", "first": "2026-01-05", "days_left": 3}],
        "conventions": [{**dict.fromkeys(CONVENTION_KEYS), **CONVENTION}],
    }
    said = {
        "steps": [{"kind": "training", "first": "2026-01-05", "last": "2026-06-30"}],
        "rights": [{"kind": "aref", "payer": "x", "first": "2026-01-05", "last": "2026-01-07"}],
        "conventions": [CONVENTION],
    }
    assert read_case(nothing, 1) == read_case(said, 1)
    assert read_case({"steps": [], "person": None, "rights": None}, 1) == Case(None, Person(), ())


def test_steps_without_an_id_take_a_free_rank() -> None:
    steps = [{**TRAINING, "id": name} for name in (None, "1", None, "3")]
    assert [step.id for step in read_case({"steps": steps}, 1).steps] == ["2", "1", "4", "3"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("31.5", "31.50"),
        ("31", "31.00"),
        (31, "31.00"),
        (0, "0.00"),
        ("-0", "0.00"),
        (Decimal("31.50"), "31.50"),
        (Decimal("31.500"), "31.50"),
        (Decimal("3.1E+1"), "31.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_amounts_are_exact_and_have_two_decimals(written: object, read: str) -> None:
    amount = read_case(with_right(daily_amount=written), 1).rights[0].daily_amount
    assert str(amount) == read


def test_ten_years_to_the_day_are_a_course() -> None:
    for first, last in (("2024-02-29", "2034-02-28"), ("2026-01-05", "2036-01-04")):
        step = read_case(with_step(first=first, last=last), 1).steps[0]
        assert step.period.last == date.fromisoformat(last)
        over = date.fromordinal(step.period.last.toordinal() + 1).isoformat()
        assert refused(with_step(first=first, last=over))[0] == "steps[0].last"


@pytest.mark.parametrize(("days", "last"), [(1, date(2026, 1, 5)), (120, date(2026, 5, 4)), (3653, date(2036, 1, 5))])
def test_days_left_count_the_first(days: int, last: date) -> None:
    assert read_case(with_right(last=None, days_left=days), 1).rights[0].period.last == last


def test_dates_of_toml_are_dates() -> None:
    assert read_case(with_step(first=date(2026, 1, 5)), 1) == read_case(with_step(), 1)
    assert refused(with_step(first=datetime(2026, 1, 5, 12, 0)))[0] == "steps[0].first"  # noqa: DTZ001


def test_bounds_that_are_allowed() -> None:
    case = read_case(
        {
            "steps": [{**TRAINING, "weekly_hours": 168, "interruptions": [["2026-01-05", "2026-06-30"]]}],
            "person": {"birth_date": "2026-01-05"},
            "rights": [{**AREF, "first": "1900-01-01", "last": "2199-12-31", "right_months": 0}],
        },
        1,
    )
    assert (case.steps[0].weekly_hours, case.rights[0].opened_months) == (Decimal(168), 0)
    assert read_case(with_step(weekly_hours="0.01"), 1).steps[0].weekly_hours == Decimal("0.01")
    born = read_case({"steps": [], "person": {"birth_date": "2026-01-05"}}, 1)
    assert born.person.birth_date == date(2026, 1, 5)


LONG = "a\ufffd" * 20 + "…"
NOT_A_DAY = 'Écrivez l’année, le mois et le jour, par exemple "2026-01-05".'
NOT_AN_AMOUNT = 'n’est pas un montant. Écrivez des euros, avec un point pour les centimes, par exemple "31.00".'
NOT_A_WEEK = (
    "heures par semaine ne sont pas possibles. Une semaine compte plus de 0 et au plus 168 heures : corrigez ce nombre."
)
CROSSED = "le dernier jour (30 juin 2026) précède le premier (1er juillet 2026). Corrigez l’une des deux dates."
CODE = 'il manque un code. Ajoutez-le, par exemple "france_travail".'
DAY = 'il manque une date. Ajoutez-la, par exemple "2026-01-05".'
OUTSIDE = "l’interruption sort de son étape (du 5 janvier 2026 au 30 juin 2026). Gardez-la dans ces dates."


@pytest.mark.parametrize(
    ("raw", "field", "sentence"),
    [
        (3, "", "« 3 » ne convient pas. Écrivez un cas entre accolades : { … }."),
        ([], "", "« [ … ] » ne convient pas. Écrivez un cas entre accolades : { … }."),
        ({}, "steps", "il manque les étapes du parcours. Ajoutez-les, en liste entre crochets : [ … ]."),
        ({"steps": {}}, "steps", "« { … } » n’est pas une liste. Écrivez une liste entre crochets : [ … ]."),
        ({"steps": [1]}, "steps[0]", "« 1 » ne convient pas. Écrivez cette donnée entre accolades : { … }."),
        (
            {"step": [TRAINING]},
            "step",
            "cette clé n’est pas connue. Vouliez-vous écrire « steps » ? Corrigez-la ou retirez-la.",
        ),
        (
            {"steps": [], "colour": 1},
            "colour",
            "cette clé n’est pas connue. Retirez-la ; les clés possibles sont : known_on, person, steps, rights, conventions.",
        ),
        (
            with_step(Qualifiant=True),
            "steps[0].Qualifiant",
            "cette clé n’est pas connue. Vouliez-vous écrire « qualifying » ? Corrigez-la ou retirez-la.",
        ),
        (with_step(kind=None), "steps[0].kind", f"il manque le genre. Écrivez l’un de : {STEP_KINDS}."),
        (
            with_step(kind="aref"),
            "steps[0].kind",
            f"le genre « aref » n’est pas connu. Écrivez l’un de : {STEP_KINDS}.",
        ),
        (with_step(first=None), "steps[0].first", DAY),
        (with_step(last=None), "steps[0].last", DAY),
        (with_step(first="2026-07-01"), "steps[0].last", CROSSED),
        (
            with_step(last="2036-01-05"),
            "steps[0].last",
            "l’étape dure plus de dix ans (5 janvier 2026 – 5 janvier 2036). Corrigez l’une des deux dates.",
        ),
        (with_step(first="05/01/2026"), "steps[0].first", f"« 05/01/2026 » n’est pas une date. {NOT_A_DAY}"),
        (with_step(first="20260105"), "steps[0].first", f"« 20260105 » n’est pas une date. {NOT_A_DAY}"),
        (with_step(first=2026), "steps[0].first", f"« 2026 » n’est pas une date. {NOT_A_DAY}"),
        (
            with_step(first="2026-02-30"),
            "steps[0].first",
            "la date « 2026-02-30 » n’existe pas. Vérifiez le jour et le mois.",
        ),
        (
            with_step(first="1899-12-31"),
            "steps[0].first",
            "l’année 1899 est hors de portée. Écrivez une date de 1900 à 2199.",
        ),
        (
            {"steps": [], "known_on": "2200-01-01"},
            "known_on",
            "l’année 2200 est hors de portée. Écrivez une date de 1900 à 2199.",
        ),
        (with_step(weekly_hours=0), "steps[0].weekly_hours", f"0 {NOT_A_WEEK}"),
        (with_step(weekly_hours=Decimal("168.5")), "steps[0].weekly_hours", f"168.5 {NOT_A_WEEK}"),
        (
            with_step(weekly_hours=True),
            "steps[0].weekly_hours",
            "« true » n’est pas un nombre. Écrivez des heures par semaine, par exemple 35 ou 17.5.",
        ),
        (
            with_step(prescribed="oui"),
            "steps[0].prescribed",
            "« oui » n’est ni vrai ni faux. Écrivez true, false, ou null si on l’ignore.",
        ),
        (
            with_step(funders="region"),
            "steps[0].funders",
            "« region » n’est pas une liste. Écrivez une liste entre crochets : [ … ].",
        ),
        (
            with_step(funders=["region", 1]),
            "steps[0].funders[1]",
            '« 1 » n’est pas un texte. Écrivez-le entre guillemets, par exemple "france_travail".',
        ),
        (
            with_step(funders=["region", None]),
            "steps[0].funders[1]",
            '« null » n’est pas un texte. Écrivez-le entre guillemets, par exemple "france_travail".',
        ),
        (with_step(interruptions=[["2026-01-04", "2026-01-06"]]), "steps[0].interruptions[0].first", OUTSIDE),
        (
            with_step(interruptions=[{"first": "2026-06-30", "last": "2026-07-01"}]),
            "steps[0].interruptions[0].last",
            OUTSIDE,
        ),
        (with_step(interruptions=[["2026-01-05", "2026-07-01"]]), "steps[0].interruptions[0].last", OUTSIDE),
        (with_step(interruptions=[["2026-07-01", "2026-06-30"]]), "steps[0].interruptions[0].last", CROSSED),
        (
            with_step(interruptions=[["2026-02-01"]]),
            "steps[0].interruptions[0]",
            "il faut deux dates. Écrivez le premier et le dernier jour : [ …, … ].",
        ),
        (
            with_step(interruptions=[{"first": "2026-02-01", "last": "2026-02-01", "kind": "holiday"}]),
            "steps[0].interruptions[0].kind",
            "le genre « holiday » n’est pas connu. Écrivez l’un de : interruption, absence.",
        ),
        (
            {"steps": [TRAINING, TRAINING]},
            "steps[1].id",
            "« F1 » désigne déjà une autre étape. Donnez un autre identifiant à celle-ci.",
        ),
        (with_step(id=" "), "steps[0].id", "le texte est vide. Écrivez un code, ou null si on l’ignore."),
        (
            with_person(birth_date="2026-01-06"),
            "person.birth_date",
            "la naissance (6 janvier 2026) suit le premier jour du parcours (5 janvier 2026). Corrigez l’une des deux dates.",
        ),
        (
            with_person(disabled=1),
            "person.disabled",
            "« 1 » n’est ni vrai ni faux. Écrivez true, false, ou null si on l’ignore.",
        ),
        (with_right(kind=None), "rights[0].kind", f"il manque le genre. Écrivez l’un de : {RIGHT_KINDS}."),
        (
            with_right(kind="r2f"),
            "rights[0].kind",
            f"le genre « r2f » n’est pas connu. Écrivez l’un de : {RIGHT_KINDS}.",
        ),
        (with_right(payer=None), "rights[0].payer", CODE),
        (
            with_right(payer="\ud800"),
            "rights[0].payer",
            "« \ufffd » contient la moitié d’un caractère. Écrivez-le en entier.",
        ),
        (
            with_right(payer="a\udfff"),
            "rights[0].payer",
            "« a\ufffd » contient la moitié d’un caractère. Écrivez-le en entier.",
        ),
        (with_right(first=None), "rights[0].first", DAY),
        (with_right(first="2026-07-01", last="2026-06-30"), "rights[0].last", CROSSED),
        (
            with_right(last=None),
            "rights[0].last",
            "rien ne dit la fin du droit. Ajoutez « last » (dernier jour payé) ou « days_left » (jours restants).",
        ),
        (
            with_right(days_left=3),
            "rights[0].days_left",
            "« last » et « days_left » disent tous deux la fin du droit. Ne gardez que l’un des deux.",
        ),
        (
            with_right(last=None, days_left=0),
            "rights[0].days_left",
            "« 0 » ne convient pas. Écrivez un nombre entier de jours, de 1 à 3653.",
        ),
        (
            with_right(last=None, days_left=3654),
            "rights[0].days_left",
            "« 3654 » ne convient pas. Écrivez un nombre entier de jours, de 1 à 3653.",
        ),
        (
            with_right(last=None, days_left=Decimal("2.5")),
            "rights[0].days_left",
            "« 2.5 » ne convient pas. Écrivez un nombre entier de jours, de 1 à 3653.",
        ),
        (
            with_right(last=None, days_left=True),
            "rights[0].days_left",
            "« true » ne convient pas. Écrivez un nombre entier de jours, de 1 à 3653.",
        ),
        (
            with_right(right_months=-1),
            "rights[0].right_months",
            "« -1 » ne convient pas. Écrivez un nombre entier de mois, de 0 à 600.",
        ),
        (
            with_right(monthly_amount="930.00"),
            "rights[0].monthly_amount",
            "« daily_amount » et « monthly_amount » disent tous deux le montant. Ne gardez que l’un des deux.",
        ),
        (
            with_right(daily_amount="-31.00"),
            "rights[0].daily_amount",
            "le montant (-31.00) est négatif. Écrivez un montant nul ou positif.",
        ),
        (
            with_right(daily_amount="31.005"),
            "rights[0].daily_amount",
            "le montant (31.005) a plus de deux décimales. Arrondissez-le au centime.",
        ),
        (
            with_right(daily_amount=10**12),
            "rights[0].daily_amount",
            "le montant (1000000000000) dépasse 999 999 999 999,99 €. Corrigez-le.",
        ),
        (with_right(daily_amount=31.5), "rights[0].daily_amount", f"« 31.5 » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount="31,50"), "rights[0].daily_amount", f"« 31,50 » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount="1_000"), "rights[0].daily_amount", f"« 1_000 » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount="٣١"), "rights[0].daily_amount", f"« ٣١ » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount=True), "rights[0].daily_amount", f"« true » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount=Decimal("NaN")), "rights[0].daily_amount", f"« NaN » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount=[31]), "rights[0].daily_amount", f"« [ … ] » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount="a\n" * 40), "rights[0].daily_amount", f"« {LONG} » {NOT_AN_AMOUNT}"),
        (
            with_convention(left="-1"),
            "conventions[0].left",
            "le montant (-1) est négatif. Écrivez un montant nul ou positif.",
        ),
        (with_right(daily_amount="x" * 40), "rights[0].daily_amount", f"« {'x' * 40} » {NOT_AN_AMOUNT}"),
        (with_right(daily_amount="x" * 41), "rights[0].daily_amount", f"« {'x' * 40}… » {NOT_AN_AMOUNT}"),
        (with_convention(daily_amount="x"), "conventions[0].daily_amount", f"« x » {NOT_AN_AMOUNT}"),
        (with_convention(payer=None), "conventions[0].payer", CODE),
        (with_convention(kind=None), "conventions[0].kind", f"il manque le genre. Écrivez l’un de : {RIGHT_KINDS}."),
        (with_convention(first=None), "conventions[0].first", DAY),
        (with_convention(last=None), "conventions[0].last", DAY),
    ],
)
def test_what_makes_no_sense_is_refused(raw: object, field: str, sentence: str) -> None:
    assert refused(raw, 2) == (field, sentence)


def test_the_whole_sentence_is_set_as_french_is() -> None:
    with pytest.raises(CaseError) as refusal:
        read_case(with_step(first="2026-07-01"), 2)
    assert str(refusal.value) == (
        "Cas n°\u00a02, champ «\u202fsteps[0].last\u202f»\u202f: le dernier jour (30\u00a0juin\u00a02026) précède le premier "
        "(1er\u00a0juillet\u00a02026). Corrigez l’une des deux dates."
    )


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=8)
    | st.dates().map(date.isoformat)
    | st.sampled_from([*StepKind, *RightKind, "31.00", "2026-01-05", "2026-06-30", Decimal("1E+999999")])
)
KEYS = st.sampled_from(sorted({*CASE_KEYS, *PERSON_KEYS, *STEP_KEYS, *RIGHT_KEYS, *CONVENTION_KEYS})) | st.text(
    max_size=3
)
GARBAGE = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=30
)


Parts = dict[str, Any]
DAYS = st.dates(date(2005, 1, 1), date(2030, 1, 1)).map(date.isoformat)


def span(first: date, days: int) -> Parts:
    return {"first": first.isoformat(), "last": date.fromordinal(first.toordinal() + days).isoformat()}


SPANS = st.builds(span, st.dates(date(2005, 1, 1), date(2030, 1, 1)), st.integers(-1, 400))
AMOUNTS = st.none() | st.integers(0, 99999).map(lambda cents: str(Decimal(cents).scaleb(-2))) | st.integers(-1, 99)
CODES = st.sampled_from(["region", "france_travail", "x"])
FLAGS = st.none() | st.booleans()


def objects(
    needed: dict[str, st.SearchStrategy[Any]], sound: dict[str, st.SearchStrategy[Any]], dated: bool = True
) -> st.SearchStrategy[Parts]:
    """Objects that make sense as a rule, and one time in six hold anything at all under one key."""
    keys = sorted({*needed, *sound, *(("first", "last") if dated else ())})
    made = st.fixed_dictionaries(needed, optional=sound)
    whole = st.builds(dict.__or__, made, SPANS) if dated else made
    odd = st.builds(dict.__or__, whole, st.dictionaries(st.sampled_from(keys), GARBAGE, min_size=1, max_size=1))
    return st.integers(0, 5).flatmap(lambda throw: odd if throw == 5 else whole)


STEPS = objects(
    {"kind": st.sampled_from([each.value for each in StepKind])},
    {
        "registered_on": DAYS,
        "weekly_hours": st.integers(1, 168),
        "funders": st.lists(CODES, max_size=2),
        **dict.fromkeys(STEP_FLAGS, FLAGS),
    },
)
RIGHT_CODES = {"kind": st.sampled_from([each.value for each in RightKind]), "payer": CODES}
FREE = {"known_on": DAYS, "main": FLAGS, "right_months": st.integers(0, 40), "funder": CODES, "manager": CODES}
RIGHTS = objects(RIGHT_CODES, {"daily_amount": AMOUNTS, **FREE}) | objects(
    {**RIGHT_CODES, "first": DAYS, "days_left": st.integers(1, 4000)}, {"monthly_amount": AMOUNTS, **FREE}, dated=False
)
CONVENTIONS = objects(RIGHT_CODES, {"left": AMOUNTS, "daily_amount": AMOUNTS})
PERSONS = objects({}, {"birth_date": st.just("1982-04-11"), **dict.fromkeys(PERSON_KEYS[1:], FLAGS)}, dated=False)
ODD_CASES = objects(
    {"steps": st.lists(STEPS, max_size=3)},
    {
        "known_on": DAYS,
        "person": PERSONS,
        "rights": st.lists(RIGHTS, max_size=3),
        "conventions": st.lists(CONVENTIONS, max_size=2),
    },
    dated=False,
)


@given(GARBAGE | ODD_CASES)
def test_anything_is_a_case_or_a_sentence(raw: object) -> None:
    try:
        case = read_case(raw, 7)
    except CaseError as error:
        assert plain(str(error)).startswith("Cas n° 7")
        assert str(error).endswith(".")
        str(error).encode()
    else:
        assert all(step.period.first <= step.period.last for step in case.steps)
        assert len({step.id for step in case.steps}) == len(case.steps)


def test_a_number_too_long_to_be_printed_is_refused_like_any_other() -> None:
    field, sentence = refused(with_right(daily_amount=10**5000))
    assert (field, sentence) == (
        "rights[0].daily_amount",
        f"le montant (1{'0' * 39}…) dépasse 999 999 999 999,99 €. Corrigez-le.",
    )
