"""Do versions, gaps, cells and alerts follow the facts, the law, the thresholds and the days, once and no more?"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import (
    Alert,
    AlertEvent,
    CoverageState,
    CoverageVersion,
    Gap,
    NeedCell,
    Parcours,
    PlanCost,
    PlanShare,
    Setting,
    Step,
)
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.period import Period
from conference.domain.permissions import CONSOLE
from conference.domain.rights import RightKind
from conference.services import detection, refreshing
from conference.services.coverage_versions import segments_of, versions_of
from conference.services.detection import detect
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.plans import PlanOf, set_cost
from conference.services.scales import ScaleLine, add_scale_value
from conference.services.steps import StepLine, add_step, move_step
from tests.seeds import AT, World, make_world

ON = AT.date()
COURSE = StepLine(StepKind.TRAINING, "Aide-soignante", date(2026, 1, 5), date(2026, 6, 30))
TABLES = (Alert, AlertEvent, CoverageState, CoverageVersion, Gap, NeedCell)


@pytest.fixture
def world(database: Database) -> World:
    """The small conférence of tests.seeds."""
    return make_world(database)


def opened(session: Session, world: World) -> int:
    """A parcours followed by the Région."""
    parcours = open_parcours(
        session,
        referent_id=world["region"],
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.CAREER_CHANGE,
        by=world.actors["region"],
        at=AT,
    )
    return parcours.id or 0


def founding_case(session: Session, world: World, *, line: StepLine = COURSE, last: date = date(2026, 5, 14)) -> int:
    """A course whose AREF of 31.00 stops before its end."""
    parcours = opened(session, world)
    add_step(session, parcours, line, by=world.actors["region"], at=AT)
    right = RightLine(RightKind.AREF, world["france_travail"], line.first, last, Decimal("31.00"))
    record_right(session, parcours, right, by=world.actors["region"], at=AT)
    return parcours


def the_alert(session: Session, code: str = "income_gap") -> Alert:
    """The one alert of that code."""
    return session.exec(select(Alert).where(Alert.code == code)).one()


def events(session: Session) -> list[tuple[str, int, str]]:
    """What happened to the alerts: kind, days, and what moved in words."""
    rows = session.exec(select(AlertEvent).order_by(AlertEvent.id))  # type: ignore[arg-type]
    return [(row.kind, row.days, row.text.replace("\u202f", " ").replace("\xa0", " ")) for row in rows]


def snapshot(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that detection writes, without identifiers and instants."""
    left_out = {"id", "version_id", "alert_id", "computed_at", "opened_at", "changed_at", "closed_at", "at"}
    return {
        table.__tablename__: sorted(
            (
                tuple(getattr(row, name) for name in table.model_fields if name not in left_out)
                for row in session.exec(select(table))
            ),
            key=repr,
        )
        for table in TABLES
    }


def test_each_answer_is_kept_once_and_read_back(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours = founding_case(session, world)
        job = StepLine(StepKind.JOB, "Emploi", date(2026, 7, 10), date(2026, 12, 31), needs_income=False)
        add_step(session, parcours, job, by=world.actors["region"], at=AT)
        versions = versions_of(session, parcours)
        assert [(row.number, row.needed, row.covered, row.gap, row.need) for row in versions] == [
            (1, 177, 0, 177, None),
            (2, 177, 130, 47, Decimal("1457.00")),
        ]
        stored = segments_of(versions[1].segments)
        assert [each[:4] for each in stored] == [
            (Period(date(2026, 1, 5), date(2026, 5, 14)), "covered", "aref", str(world["france_travail"])),
            (Period(date(2026, 5, 15), date(2026, 6, 30)), "gap", None, None),
        ]
        assert [(each.daily_amount, each.amount) for each in stored] == [
            (Decimal("31.00"), Decimal("4030.00")),
            (Decimal("31.00"), Decimal("1457.00")),
        ]
        state = session.get_one(CoverageState, parcours)
        assert (state.version_id, state.parcours_version) == (
            versions[1].id,
            session.get_one(Parcours, parcours).version,
        )


def test_gaps_are_rows_by_month_and_cells_add_them_up(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
        founding_case(session, world, last=date(2026, 6, 20))
        rows = session.exec(select(Gap.month, Gap.days, Gap.amount).order_by(Gap.parcours_id, Gap.first)).all()  # type: ignore[arg-type]
        assert rows == [
            (date(2026, 5, 1), 17, Decimal("527.00")),
            (date(2026, 6, 1), 30, Decimal("930.00")),
            (date(2026, 6, 1), 10, Decimal("310.00")),
        ]
        query = select(NeedCell.month, NeedCell.days, NeedCell.amount, NeedCell.unknown_days, NeedCell.parcours)
        assert session.exec(query.order_by(NeedCell.month)).all() == [  # type: ignore[arg-type]
            (date(2026, 5, 1), 17, Decimal("527.00"), 0, 1),
            (date(2026, 6, 1), 40, Decimal("1240.00"), 0, 2),
        ]


def test_cells_follow_a_parcours_to_another_territory_and_go_when_empty(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours = founding_case(session, world)
        row = session.get_one(Parcours, parcours)
        row.territory_id = session.execute(text("SELECT min(id) FROM territory")).scalar_one()
        session.add(row)
        refreshing.refresh(session, [parcours], at=AT)
        cells = session.exec(select(NeedCell.territory_id, NeedCell.days)).all()
        assert sorted(cells) == [(row.territory_id, 17), (row.territory_id, 30)]
        right = RightLine(
            RightKind.RFF, world["france_travail"], date(2026, 5, 15), date(2026, 6, 30), Decimal("25.65")
        )
        record_right(session, parcours, right, by=world.actors["region"], at=AT)
        assert session.exec(select(NeedCell)).all() == []
        assert session.exec(select(Gap)).all() == []


def test_need_far_ahead_is_a_gap_and_becomes_an_alert_when_its_step_comes_near(
    database: Database, world: World
) -> None:
    far = replace(COURSE, first=date(2026, 10, 1), last=date(2026, 12, 31))
    with database.writing() as session:
        parcours = founding_case(session, world, line=far, last=date(2026, 12, 1))
        assert sum(session.exec(select(Gap.days)).all()) == 30
        assert session.exec(select(Alert)).all() == []
        assert session.get_one(CoverageState, parcours).recheck_on == date(2026, 6, 3)
    assert detect(database, date(2026, 6, 2), day(date(2026, 6, 2))).examined == 0
    assert detect(database, date(2026, 6, 3), day(date(2026, 6, 3))).alerts == {"opened": 1}


def day(on: date) -> datetime:
    """The night of that day."""
    return datetime(on.year, on.month, on.day, 3, tzinfo=AT.tzinfo)


def decide(session: Session, alert: Alert) -> None:
    """What the list of alerts writes when somebody decides."""
    alert.status, alert.outcome, alert.outcome_motive, alert.decided_at = (
        "decided",
        "accepted",
        "Vu avec la famille",
        AT,
    )
    alert.decided_days, alert.decided_need, alert.decided_first_day = alert.days, alert.need, alert.first_day
    session.add(alert)
    session.flush()


def test_decision_stays_until_the_finding_gets_worse_then_says_what_changed(database: Database, world: World) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        parcours = founding_case(session, world)
        decide(session, the_alert(session))
        step_id = int(the_alert(session).cause)
        for version, last in enumerate((date(2026, 6, 20), date(2026, 6, 30)), start=1):
            move_step(session, step_id, first=COURSE.first, last=last, version=version, by=region, at=AT)
            assert the_alert(session).status == "decided"
        move_step(session, step_id, first=COURSE.first, last=date(2026, 7, 3), version=3, by=region, at=AT)
        alert = the_alert(session)
        assert (alert.status, alert.outcome, alert.outcome_motive, alert.decided_days) == ("open", None, "", None)
        assert (alert.days, alert.need) == (50, Decimal("1550.00"))
        assert events(session)[-1] == ("reopened", 50, "3 jours de plus, 93,00 € de plus")
        right = RightLine(RightKind.RFF, world["france_travail"], date(2026, 5, 15), date(2026, 7, 3), Decimal("31.00"))
        record_right(session, parcours, right, by=region, at=AT)
        assert the_alert(session).status == "closed"
        kinds = [kind for kind, *_ in events(session)]
    assert kinds == ["opened", "changed", "changed", "changed", "reopened", "closed"]


def test_decided_alert_whose_cause_goes_stays_decided_for_the_day_it_comes_back(
    database: Database, world: World
) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        founding_case(session, world)
        decide(session, the_alert(session))
        step_id = int(the_alert(session).cause)
        move_step(session, step_id, first=COURSE.first, last=date(2026, 5, 14), version=1, by=region, at=AT)
        assert the_alert(session).status == "decided"
        move_step(session, step_id, first=COURSE.first, last=date(2026, 6, 30), version=2, by=region, at=AT)
        assert the_alert(session).status == "decided"


def test_alert_gets_worse_while_it_is_open(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
        step_id = int(the_alert(session).cause)
        move_step(
            session, step_id, first=COURSE.first, last=date(2026, 7, 1), version=1, by=world.actors["region"], at=AT
        )
        assert events(session)[-1] == ("worsened", 48, "1 jour de plus, 31,00 € de plus")
        assert the_alert(session).organisation_id == world["region"]


def test_alert_closes_when_the_course_is_over(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
    over = date(2026, 7, 1)
    assert detect(database, over, day(over)).alerts == {"closed": 1}
    with database.reading() as session:
        assert the_alert(session).status == "closed"


def test_run_with_nothing_changed_writes_nothing(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
        opened(session, world)
    assert detect(database, ON, AT).examined == 1
    with database.reading() as session:
        before = snapshot(session), session.execute(text("SELECT count(*) FROM journal_entry")).scalar_one()
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert detect(database, ON, AT + timedelta(hours=1)).examined == 0
    everything = detect(database, ON, AT + timedelta(hours=1), everything=True)
    assert (everything.examined, everything.changed, everything.alerts) == (2, 0, {})
    assert [each for each in statements if each.split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []
    with database.reading() as session:
        assert (snapshot(session), session.execute(text("SELECT count(*) FROM journal_entry")).scalar_one()) == before


def test_other_scale_or_threshold_is_asked_of_everybody(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
        line = ScaleLine("RFF_PLAFOND", date(2026, 6, 1), Decimal("800.00"), "délibération", "site", ON)
        add_scale_value(session, line, by=replace(CONSOLE), at=AT)
    assert detect(database, ON, AT).examined == 1
    assert detect(database, ON, AT).examined == 0
    with database.writing() as session:
        session.add(Setting(code="income_floor", value=1000, changed_at=AT))
    assert detect(database, ON, AT).alerts == {"opened": 1}
    with database.reading() as session:
        assert the_alert(session, "income_low").days == 130


def test_asking_of_another_day_is_asked_again_today(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
    assert detect(database, date(2026, 7, 1), AT).alerts == {"closed": 1}
    assert detect(database, ON, AT).alerts == {"reopened": 1}


def populate(session: Session, world: World, count: int) -> list[int]:
    """People of every sort, through the services: wholly paid or not, in one or two steps, twice paid, little paid."""
    random = Random(7)
    region, found = world.actors["region"], []
    for _ in range(count):
        parcours = opened(session, world)
        first = date(2026, 1, 1) + timedelta(days=random.randrange(200))
        last = first + timedelta(days=random.randrange(10, 200))
        line = StepLine(StepKind.TRAINING, "Formation", first, last, needs_income=random.random() < 0.9)
        add_step(session, parcours, line, by=region, at=AT)
        if random.random() < 0.4:
            start = last + timedelta(days=random.choice([1, 2, 20, 60]))
            second = StepLine(
                StepKind.BILAN, "Bilan", start, start + timedelta(days=30), needs_income=random.random() < 0.7
            )
            add_step(session, parcours, second, by=region, at=AT)
        start = first - timedelta(days=random.choice([0, 0, 0, 5, -3]))
        for _ in range(random.choice([0, 1, 1, 1, 2])):
            end = random.choice([last, last, last + timedelta(days=95), last - timedelta(days=5)])
            amount = random.choice([None, Decimal("12.00"), Decimal("31.00"), Decimal("40.00"), Decimal("40.00")])
            kind = random.choice([RightKind.AREF, RightKind.AREF, RightKind.TRAINEE_PAY])
            if end >= start:
                line_of_right = RightLine(kind, world["france_travail"], start, end, amount)
                record_right(session, parcours, line_of_right, by=region, at=AT)
            start = end + timedelta(days=random.choice([1, 1, 4]))
        found.append(parcours)
    return found


def wiped(session: Session, database: Database) -> None:
    """As if nothing had been detected yet; append-only tables are opened for it."""
    for table in ("alert_event", "coverage_version"):
        if database.is_sqlite:
            session.execute(text(f"DROP TRIGGER IF EXISTS append_only_{table}_delete"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for table in ("alert_event", "alert", "gap", "need_cell", "coverage_state", "coverage_version"):
        session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize("ahead", [0, 40])
def test_bulk_and_one_by_one_write_the_same(world: World, database: Database, ahead: int) -> None:
    on = ON + timedelta(days=ahead)
    with database.writing() as session:
        populate(session, world, 80)
        wiped(session, database)
    with database.writing() as session:
        for parcours in session.exec(select(Parcours.id)).all():
            refreshing.refresh(session, [parcours or 0], at=day(on))
        one_by_one = snapshot(session)
        wiped(session, database)
    detect(database, on, day(on))
    with database.reading() as session:
        assert snapshot(session) == one_by_one
    assert {len(rows) > 20 for name, rows in one_by_one.items() if name != "need_cell"} == {True}


def test_quick_pass_finds_what_the_engine_and_the_checks_find(database: Database, world: World) -> None:
    """Compared with nothing stored and with everything stored, over the days to come."""
    with database.writing() as session:
        ids = populate(session, world, 100)
        settled = 0
        for ahead in (-90, 0, 45, 200):
            asked = refreshing.asking(session, ON + timedelta(days=ahead))
            together = sorted(refreshing.examined(session, ids, asked))
            alone = sorted(one for each in ids for one in refreshing.examined(session, [each], asked))
            assert together == alone
            left: list[int] = []
            settled += len(list(refreshing._settled(session, ids, asked, left)))
        assert settled > 60


def test_several_processes_write_the_same(world: World, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as session:
        populate(session, world, 30)
        wiped(session, database)
    later = ON + timedelta(days=30)
    here = detect(database, later, day(later))
    with database.writing() as session:
        alone = snapshot(session)
        wiped(session, database)
    monkeypatch.setattr(detection, "BLOCK", 7)
    monkeypatch.setattr(detection, "MANY", 1)
    assert detect(database, later, day(later)) == here
    assert (here.examined, here.changed) == (30, 30)
    with database.reading() as session:
        assert snapshot(session) == alone


def test_what_changed_meanwhile_is_left_to_its_own_change(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours = founding_case(session, world)
        asked = refreshing.asking(session, date(2026, 7, 1))
        outcomes = list(refreshing.examined(session, [parcours], asked))
        job = StepLine(StepKind.JOB, "Emploi", date(2026, 7, 10), date(2026, 12, 31), needs_income=False)
        add_step(session, parcours, job, by=world.actors["region"], at=AT)
        assert detection._unchanged_since(session, outcomes) == []


def test_journal_says_once_what_a_run_changed(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
    detect(database, date(2026, 7, 1), day(date(2026, 7, 1)))
    with database.reading() as session:
        rows = session.execute(text("SELECT verb, object_label, changes FROM journal_entry ORDER BY id DESC")).all()
    assert rows[0] == ("detect", "2026-07-01", '{"alerts":{"closed":1},"changed":0,"examined":1}')


def test_report_is_french(database: Database, world: World) -> None:
    with database.writing() as session:
        founding_case(session, world)
    told = detection.told(detect(database, ON, AT, everything=True)).replace("\u202f", " ").replace("\xa0", " ")
    assert told == (
        "1 parcours examiné, 0 réponse changée. Alertes : 0 ouverte, 0 aggravée, 0 rouverte, 0 fermée. "
        "Jours sans revenu : 47 jours et 1 457,00 € sur 1 étape."
    )


def test_person_wholly_paid_is_not_settled_quickly_when_something_else_is_recorded(
    database: Database, world: World
) -> None:
    """A plan out of balance, and two funders: the quick pass leaves them to the checks."""
    region = world.actors["region"]
    with database.writing() as session:
        ids = [founding_case(session, world, last=COURSE.last) for _ in range(4)]
        steps = session.exec(select(Step.id).order_by(Step.id)).all()  # type: ignore[arg-type]
        nature = session.execute(text("SELECT min(id) FROM nature")).scalar_one()
        cost = set_cost(session, PlanOf(step_id=steps[0]), nature, Decimal("100.00"), by=region, at=AT)
        assert cost is not None
        for step in steps[1:3]:
            set_cost(session, PlanOf(step_id=step), nature, Decimal("100.00"), by=region, at=AT)
        for step, funder in ((steps[1], "region"), (steps[2], "region"), (steps[2], "opco")):
            each = session.exec(select(PlanCost.id).where(PlanCost.step_id == step)).one()
            amount = Decimal("100.00") if step == steps[1] else Decimal("50.00")
            session.add(PlanShare(cost_id=each or 0, funder_id=world[funder], amount=amount))
        refreshing.refresh(session, ids, at=AT)
        asked = refreshing.asking(session, ON)
        left: list[int] = []
        settled = [one.parcours_id for one in refreshing._settled(session, ids, asked, left)]
        assert (settled, left) == ([ids[1], ids[3]], [ids[0], ids[2]])
        found = session.exec(select(Alert.parcours_id, Alert.need).where(Alert.status == "open")).all()
        assert found == [(ids[0], Decimal("100.00"))]
