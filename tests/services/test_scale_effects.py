"""Does the effect of a value tell the days and the euros that change, and nothing of a few persons?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from conference.data.queries.cases import CaseRow, cases_from, count_before
from conference.data.scales import shipped_scales
from conference.data.session import Database
from conference.domain.case import Case, Person, Step, StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from conference.domain.scales import DatedValue, Scales
from conference.services.parcours import open_parcours
from conference.services.scale_effects import (
    LISTED,
    ChangedParcours,
    Comparison,
    ScaleEffect,
    Side,
    Sum,
    compared,
    effect,
    first_change,
    told,
)
from conference.services.steps import StepLine, add_step
from conference.web.effect_words import told_effect
from tests.seeds import AT, World, make_world

ADULT = Person(birth_date=date(1982, 4, 11), disabled=False, worked_6_of_12=False, single_parent=False)


def scales(code: str, first: date, last: date | None, amount: str) -> Scales:
    """The shipped scales with one local line."""
    line = DatedValue(first, last, Decimal(amount), "texte", "source", date(2026, 4, 20))
    return shipped_scales().with_local([(code, line)])


def course(first: date, last: date, **facts: object) -> Step:
    return Step(
        "F1",
        StepKind.TRAINING,
        Period(first, last),
        needs_income=True,
        weekly_hours=Decimal(35),
        funders=("region",),
        **facts,  # type: ignore[arg-type]
    )


def relayed(right_last: date = date(2025, 5, 31)) -> Case:
    """40.00 a day of AREF until the end of May 2025, then a month that the RFF relays, under its ceiling."""
    step = course(date(2025, 5, 1), date(2025, 6, 30), prescribed=True, qualifying=True, shortage_occupation=True)
    right = Right(RightKind.AREF, "france_travail", Period(date(2025, 5, 1), right_last), Decimal("40.00"))
    return Case(date(2025, 7, 1), ADULT, (step,), (right,))


def trainee(approved: bool = True) -> Case:
    """Thirty days of January 2026 of a person of 43 without a benefit, paid as a trainee where the course is approved."""
    step = course(date(2026, 1, 1), date(2026, 1, 30), approved_for_pay=approved)
    return Case(date(2026, 2, 1), replace(ADULT, no_benefit=True), (step,))


def effect_on(case: Case, candidate: Scales) -> Comparison:
    return compared([CaseRow(7, "P-2026-000007", case)], shipped_scales(), candidate)


def test_a_higher_ceiling_raises_what_is_presumed() -> None:
    found = effect_on(relayed(), scales("RFF_PLAFOND", date(2025, 6, 1), date(2025, 6, 30), "800.00"))
    assert [(each.id, each.days) for each in found.changed] == [(7, 30)]
    assert (found.before.covered, found.before.presumed, found.before.gap) == (31, 30, 0)
    assert (found.before.presumed_euros, found.after.presumed_euros) == (Sum(Decimal("769.49")), Sum(Decimal("800.00")))
    assert (found.before.need, found.after.need) == (Sum(), Sum())


def test_a_ceiling_above_the_daily_amount_changes_nothing_more() -> None:
    first, last = date(2025, 6, 1), date(2025, 6, 30)
    found = compared(
        [CaseRow(7, "P", relayed())],
        scales("RFF_PLAFOND", first, last, "1200.00"),
        scales("RFF_PLAFOND", first, last, "1300.00"),
    )
    assert (found.examined, found.changed) == (1, [])


def test_only_the_days_of_the_value_change() -> None:
    found = effect_on(trainee(), scales("RSP_26_PLUS", date(2026, 1, 16), None, "700.00"))
    assert [each.days for each in found.changed] == [15]
    assert found.before.presumed_euros == Sum(Decimal("685.00"))
    assert found.after.presumed_euros == Sum(Decimal("692.50"))
    assert (found.before.presumed, found.after.presumed) == (30, 30)


def test_days_left_without_a_value_are_told_and_their_euros_are_not_invented() -> None:
    found = effect_on(trainee(), scales("RSP_26_PLUS", date(2026, 1, 1), date(2026, 1, 10), "700.00"))
    assert [each.days for each in found.changed] == [30]
    assert (found.before.unknown_days, found.after.unknown_days) == (0, 20)
    assert found.after.presumed_euros == Sum(unknown=1)
    assert found.after.presumed == 30


def test_the_need_of_a_gap_that_the_scale_values() -> None:
    found = effect_on(trainee(approved=False), scales("RSP_26_PLUS", date(2026, 1, 1), None, "700.00"))
    assert [each.days for each in found.changed] == [30]
    assert (found.before.gap, found.after.gap) == (30, 30)
    assert (found.before.need, found.after.need) == (Sum(Decimal("685.00")), Sum(Decimal("700.00")))


def test_a_shorter_limit_opens_a_gap() -> None:
    """1,095 days in all become 41: AREF takes 31, the relay 10, and 20 days are left."""
    found = effect_on(relayed(), scales("RFF_CUMUL_MAX", date(2025, 1, 1), None, "41"))
    assert [each.days for each in found.changed] == [20]
    assert (found.before.presumed, found.after.presumed) == (30, 10)
    assert (found.before.gap, found.after.gap) == (0, 20)
    assert found.after.need == Sum(Decimal("800.00"))


def test_another_scale_changes_no_answer() -> None:
    found = effect_on(relayed(), scales("ASS_PLEIN", date(2025, 1, 1), None, "30.00"))
    assert (found.examined, found.changed) == (1, [])


@pytest.mark.parametrize(
    ("candidate", "day"),
    [
        (shipped_scales(), None),
        (scales("RFF_PLAFOND", date(2026, 4, 1), None, "780.00"), date(2026, 4, 1)),
        (scales("SMIC_HORAIRE", date(2020, 5, 4), date(2020, 5, 4), "9.99"), date(2020, 5, 4)),
    ],
)
def test_the_first_day_that_changes(candidate: Scales, day: date | None) -> None:
    assert first_change(shipped_scales(), candidate) == day


def opened(session: Session, world: World, who: str, last: date) -> int:
    """A parcours of the organisation of `who`, with one course that ends on `last` and that it funds."""
    actor = world.actors[who]
    parcours = open_parcours(
        session,
        referent_id=actor.organisation_id or 0,
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.OTHER,
        by=actor,
        at=AT,
    )
    line = StepLine(StepKind.TRAINING, "Soudure", date(2026, 1, 5), last)
    add_step(session, parcours.id or 0, line, by=actor, at=AT)
    return parcours.id or 0


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def test_every_parcours_is_read_once_whatever_the_size_of_a_chunk(database: Database, world: World) -> None:
    with database.writing() as session:
        ids = [opened(session, world, "region", date(2026, 3, 31)) for _ in range(5)]
        late = opened(session, world, "opco", date(2026, 6, 30))
    with database.reading() as session:
        for chunk in (1, 2, 5, 500):
            rows = list(cases_from(session, date(2026, 3, 31), known_on=date(2026, 4, 20), chunk=chunk))
            assert [row.id for row in rows] == [*ids, late]
            assert {row.case.steps[0].period.first for row in rows} == {date(2026, 1, 5)}
        assert [row.id for row in cases_from(session, date(2026, 4, 1), known_on=date(2026, 4, 20))] == [late]
        assert (count_before(session, date(2026, 4, 1)), count_before(session, date(2026, 3, 31))) == (5, 0)
        assert count_before(session, None) == 6


def test_nobody_is_asked_when_nothing_differs_and_nothing_is_written(database: Database, world: World) -> None:
    with database.writing() as session:
        opened(session, world, "region", date(2026, 3, 31))
    with database.reading() as session:  # a reading session refuses any writing
        same = effect(session, shipped_scales(), by=world.actors["admin"], at=AT, threshold=5)
        later = scales("RFF_PLAFOND", date(2026, 4, 1), None, "780.00")
        none = effect(session, later, by=world.actors["admin"], at=AT, threshold=5)
    assert (same.examined, same.parcours, same.is_hidden) == (1, 0, False)
    assert (none.examined, none.parcours) == (1, 0)


@pytest.mark.parametrize(
    ("count", "who", "hidden"),
    [(0, "admin", False), (1, "admin", True), (4, "admin", True), (5, "admin", False), (1, "coordinator", False)],
)
def test_a_few_persons_are_hidden_from_who_may_not_read_them(
    database: Database, world: World, count: int, who: str, hidden: bool
) -> None:
    wanted = scales("RSP_26_PLUS", date(2026, 1, 16), None, "700.00")
    found = compared([CaseRow(n, f"P-{n}", trainee()) for n in range(1, count + 1)], shipped_scales(), wanted)
    with database.reading() as session:
        shown = told(session, found, examined=9, by=world.actors[who], threshold=5)
    assert shown.is_hidden is hidden
    if hidden:
        assert (shown.parcours, shown.days, shown.after, shown.listed) == (0, 0, Side(), ())
        assert told_effect(shown).rows[0].after == "0"
    else:
        assert (shown.parcours, shown.days) == (count, 15 * count)
        assert shown.after.presumed_euros == Sum(Decimal("692.50") * count)


def test_the_parcours_that_change_are_listed_to_who_may_open_them(database: Database, world: World) -> None:
    with database.writing() as session:
        mine, theirs = (opened(session, world, who, date(2026, 3, 31)) for who in ("region", "opco"))
        changed = [ChangedParcours(number, f"P-{number}", 3) for number in (mine, theirs)]
        many = [ChangedParcours(mine, "P", 3)] * (LISTED + 1)
        for who, seen in (("region", []), ("coordinator", [mine, theirs]), ("admin", [])):
            shown = told(session, Comparison(changed=changed), examined=2, by=world.actors[who], threshold=5)
            assert [each.id for each in shown.listed] == seen, who
        shown = told(session, Comparison(changed=changed * 3), examined=6, by=world.actors["region"], threshold=5)
        assert {each.id for each in shown.listed} == {mine}
        shown = told(session, Comparison(changed=many), examined=21, by=world.actors["coordinator"], threshold=5)
        assert (shown.parcours, shown.listed) == (LISTED + 1, ())


def test_what_is_not_known_is_counted_and_a_few_of_them_are_not() -> None:
    after = Side(need=Sum(Decimal("685.00"), 3), presumed_euros=Sum(unknown=1))
    shown = ScaleEffect(9, 5, parcours=9, days=30, after=after, masks_few=True)
    rows = {row.label: row.after for row in told_effect(shown).rows}
    assert rows["Besoin en euros des jours sans revenu"] == "685,00\u00a0€, et moins de 5 parcours au montant non connu"
    assert rows["Euros présumés"] == "moins de 5 parcours au montant non connu"
    open_rows = {row.label: row.after for row in told_effect(replace(shown, masks_few=False)).rows}
    assert open_rows["Euros présumés"] == "1 parcours au montant non connu"
    assert told_effect(shown).sentence.startswith("9 parcours changeraient de résultat, sur 9 examinés")
