"""Are steps, interruptions, results and rights what their officer said, and does each change recount the days?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.queries.parcours_view import ParcoursView, parcours_view
from conference.data.session import Database
from conference.data.tables import IncomeRight, Step, StepFunder
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.coverage import CoverageStatus
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.domain.results import RuptureMotive, StepOutcome, WorkResult
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, last_of, record_right, withdraw_right
from conference.services.parcours import Situation, change_parcours, open_parcours
from conference.services.step_results import ResultLine, record_result
from conference.services.steps import (
    StepLine,
    add_step,
    change_step,
    record_interruption,
    remove_interruption,
    withdraw_step,
)
from tests.seeds import AT, World, make_world

COURSE = StepLine(
    StepKind.TRAINING,
    "Aide-soignante",
    date(2026, 1, 5),
    date(2026, 6, 30),
    weekly_hours=Decimal("35"),
    prescribed=True,
    qualifying=True,
    shortage_occupation=True,
)
TODAY = day_in_france(AT)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def opened(session: Session, world: World, *, course: StepLine = COURSE, **facts: bool) -> tuple[int, int]:
    """A parcours of the Région with one course: identifiers of both."""
    region = world.actors["region"]
    parcours = open_parcours(
        session,
        referent_id=world["region"],
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.FIRST_JOB,
        situation=Situation(**facts),
        by=region,
        at=AT,
    )
    step = add_step(session, parcours.id or 0, course, by=region, at=AT)
    return parcours.id or 0, step.id or 0


def seen(session: Session, world: World, parcours_id: int) -> ParcoursView:
    session.flush()
    return parcours_view(session, world.actors["region"], parcours_id, known_on=TODAY)


def aref(world: World) -> RightLine:
    return RightLine(
        RightKind.AREF, world["france_travail"], date(2026, 1, 5), date(2026, 5, 14), Decimal("31.00"), "Notification"
    )


def test_facts_of_the_course_and_its_funders_open_the_relay(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step = opened(session, world)
        record_right(session, parcours, aref(world), by=world.actors["region"], at=AT)
        days = seen(session, world, parcours).coverage.days
        assert (days.covered, days.presumed, days.gap) == (130, 47, 0), "funded by the Région, on the list: RFF"
        line = replace(COURSE, shortage_occupation=None, funder_ids=(world["region"],))
        change_step(session, step, line, version=1, by=world.actors["region"], at=AT)
        view = seen(session, world, parcours)
        assert (view.coverage.days.gap, view.coverage.need) == (47, Decimal("1457.00")), "not said is never yes"
        assert view.coverage.segments[-1].reason.code == "condition_to_check"


def test_trainee_pay_asks_the_age_on_entry_and_the_situation(database: Database, world: World) -> None:
    course = replace(COURSE, approved_for_pay=True, age_at_entry=30)
    with database.writing() as session:
        parcours, _ = opened(session, world, course=course, no_benefit=True, disabled=False, worked_6_of_12=False)
        view = seen(session, world, parcours)
        assert [part.status for part in view.coverage.segments] == [CoverageStatus.PRESUMED] * len(
            view.coverage.segments
        )
        assert view.coverage.segments[0].daily_amount == Decimal("22.83"), "685.00 ÷ 30"


def test_monthly_right_is_paid_by_day(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, _ = opened(session, world)
        line = replace(aref(world), kind=RightKind.WAGE, daily_amount=None, monthly_amount=Decimal("1440.00"))
        record_right(session, parcours, line, by=world.actors["region"], at=AT)
        assert seen(session, world, parcours).coverage.segments[0].daily_amount == Decimal("47.34")
        with pytest.raises(Refusal, match="par jour ou par mois"):
            record_right(session, parcours, replace(line, daily_amount=Decimal(1)), by=world.actors["region"], at=AT)


def test_days_left_include_the_day_they_are_told_on() -> None:
    assert last_of(date(2008, 1, 14), 120) == date(2008, 5, 12), "DOMAIN §3, worked case (b)"
    for wrong in (0, -1, 3654):
        with pytest.raises(Refusal):
            last_of(date(2026, 1, 1), wrong)


def test_withdrawn_right_counts_no_more_and_stays(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, _ = opened(session, world)
        row = record_right(session, parcours, aref(world), by=world.actors["region"], at=AT)
        with pytest.raises(Refusal, match="motif"):
            withdraw_right(session, row.id or 0, motive=" ", by=world.actors["region"], at=AT)
        with pytest.raises(NotFound):
            withdraw_right(session, row.id or 0, motive="Erreur", by=world.actors["opco"], at=AT)
        withdraw_right(session, row.id or 0, motive="Erreur de montant", by=world.actors["region"], at=AT)
        view = seen(session, world, parcours)
        assert (view.rights, view.coverage.days.gap) == ((), 177)
        assert session.exec(select(IncomeRight.withdrawn_motive)).one() == "Erreur de montant"
        with pytest.raises(NotFound):
            withdraw_right(session, row.id or 0, motive="Encore", by=world.actors["region"], at=AT)


def test_interruption_is_inside_the_step_and_told_once(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step = opened(session, world)
        record_right(session, parcours, aref(world), by=world.actors["region"], at=AT)
        known = {"kind": InterruptionKind.INTERRUPTION, "by": world.actors["region"], "at": AT}
        row = record_interruption(session, step, first=date(2026, 5, 20), last=date(2026, 6, 10), **known)  # type: ignore[arg-type]
        assert seen(session, world, parcours).coverage.days.gap == 22, "more than 15 days: the relay is suspended"
        with pytest.raises(Refusal, match="déjà enregistrée"):
            record_interruption(session, step, first=date(2026, 6, 10), last=date(2026, 6, 12), **known)  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="dans l’étape"):
            record_interruption(session, step, first=date(2026, 6, 20), last=date(2026, 7, 1), **known)  # type: ignore[arg-type]
        remove_interruption(session, row.id or 0, by=world.actors["region"], at=AT)
        assert seen(session, world, parcours).coverage.days.gap == 0


def test_step_entered_by_mistake_is_withdrawn(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step = opened(session, world)
        with pytest.raises(Conflict):
            withdraw_step(session, step, motive="Doublon", version=2, by=world.actors["region"], at=AT)
        withdraw_step(session, step, motive="Doublon", version=1, by=world.actors["region"], at=AT)
        view = seen(session, world, parcours)
        assert (view.steps, view.coverage.days.needed) == ((), 0)
        assert session.exec(select(Step.withdrawn_motive)).one() == "Doublon"
        with pytest.raises(NotFound):
            change_step(session, step, COURSE, version=2, by=world.actors["region"], at=AT)


def test_withdrawn_step_opens_the_parcours_to_nobody(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step = opened(session, world, course=replace(COURSE, funder_ids=(world["opco"],)))
        assert parcours_view(session, world.actors["opco"], parcours, known_on=TODAY).id == parcours
        withdraw_step(session, step, motive="Doublon", version=1, by=world.actors["region"], at=AT)
        with pytest.raises(NotFound):
            parcours_view(session, world.actors["opco"], parcours, known_on=TODAY)
        with pytest.raises(NotFound):
            add_step(session, parcours, COURSE, by=world.actors["opco"], at=AT)


def test_only_the_referent_shuts_the_parcours_to_another_funder(database: Database, world: World) -> None:
    with database.writing() as session:
        both = replace(COURSE, funder_ids=(world["region"], world["opco"], world["france_travail"]))
        _, step = opened(session, world, course=both)
        alone = replace(COURSE, funder_ids=(world["opco"],))
        with pytest.raises(Refusal, match="Seul l’organisme référent"):
            change_step(session, step, alone, version=1, by=world.actors["opco"], at=AT)
        leaving = replace(COURSE, funder_ids=(world["region"], world["france_travail"]))
        change_step(session, step, leaving, version=1, by=world.actors["opco"], at=AT)
        change_step(
            session, step, replace(leaving, funder_ids=(world["region"],)), version=2, by=world.actors["region"], at=AT
        )
        assert session.exec(select(StepFunder.organisation_id)).all() == [world["region"]]


def test_unchanged_step_leaves_no_trace(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step = opened(session, world)
        before = seen(session, world, parcours).version
        change_step(session, step, COURSE, version=1, by=world.actors["region"], at=AT)
        view = seen(session, world, parcours)
        assert (view.version, view.steps[0].version) == (before, 1)


def test_situation_is_changed_by_one_at_a_time(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, _ = opened(session, world)
        version = seen(session, world, parcours).version

        def change(version: int) -> None:
            change_parcours(
                session,
                parcours,
                kind=ParcoursKind.INSERTION,
                key_situation=KeySituation.SENIORS,
                target="Aide-soignante",
                situation=Situation(no_benefit=True, own_reference="D-12"),
                version=version,
                by=world.actors["region"],
                at=AT,
            )

        change(version)
        view = seen(session, world, parcours)
        assert (view.key_situation, view.situation["no_benefit"]) == ("4", True)
        assert view.situation["own_reference"] == "D-12"
        with pytest.raises(Conflict):
            change(version)


def test_result_says_how_the_step_ended(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step = opened(session, world)
        broken = ResultLine(StepOutcome.BROKEN_OFF, date(2026, 2, 20), RuptureMotive.NO_INCOME)
        record_result(session, step, broken, version=0, by=world.actors["region"], at=AT)
        with pytest.raises(Conflict):
            record_result(session, step, broken, version=0, by=world.actors["region"], at=AT)
        later = replace(broken, work_3_months=WorkResult.SHORT)
        record_result(session, step, later, version=1, by=world.actors["region"], at=AT)
        result = seen(session, world, parcours).steps[0].result
        assert (result.outcome, result.motive, result.work_3_months, result.version) == (
            "broken_off",
            "no_income",
            "short",
            2,
        )


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (ResultLine(StepOutcome.BROKEN_OFF, None, RuptureMotive.WORK), "ended_on"),
        (ResultLine(StepOutcome.BROKEN_OFF, date(2025, 1, 1), RuptureMotive.WORK), "ended_on"),
        (ResultLine(StepOutcome.NOT_BEGUN), "motive"),
        (ResultLine(StepOutcome.COMPLETED, motive=RuptureMotive.WORK), "motive"),
        (ResultLine(StepOutcome.COMPLETED), "outcome"),
    ],
)
def test_result_that_contradicts_itself_is_refused(
    database: Database, world: World, line: ResultLine, field: str
) -> None:
    with database.writing() as session:
        _, step = opened(session, world)
        with pytest.raises(Refusal) as refused:
            record_result(session, step, line, version=0, by=world.actors["region"], at=AT)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekly_hours": Decimal(0)}, "weekly_hours"),
        ({"weekly_hours": Decimal(61)}, "weekly_hours"),
        ({"registered_on": date(2026, 7, 1)}, "registered_on"),
        ({"age_at_entry": 9}, "age_at_entry"),
        ({"hours": 0}, "hours"),
        ({"title": " "}, "title"),
        ({"last": date(2026, 1, 4)}, "last"),
        ({"provider_id": 999}, "provider_id"),
        ({"funder_ids": (999,)}, "funder_ids"),
    ],
)
def test_step_that_makes_no_sense_is_refused_at_its_field(
    database: Database, world: World, wrong: dict[str, object], field: str
) -> None:
    with database.writing() as session:
        parcours, _ = opened(session, world)
        with pytest.raises(Refusal) as refused:
            add_step(session, parcours, replace(COURSE, **wrong), by=world.actors["region"], at=AT)  # type: ignore[arg-type]
        assert refused.value.field == field
