"""Do parcours tell who pays each day, and do their alerts open, change, close and reopen with the facts?"""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import Alert, Counter, StepFunder
from conference.data.tables.journal import JournalEntry
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step, move_step
from tests.seeds import AT, World, make_world

COURSE = StepLine(StepKind.TRAINING, "Aide-soignante", date(2026, 1, 5), date(2026, 6, 30))


@pytest.fixture
def world(database: Database) -> World:
    """The small conférence of tests.seeds."""
    return make_world(database)


def opened(session: Session, world: World, who: str = "region") -> int:
    """A parcours followed by the organisation of `who`."""
    referent: Actor = world.actors[who]
    assert referent.organisation_id is not None
    parcours = open_parcours(
        session,
        referent_id=referent.organisation_id,
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.CAREER_CHANGE,
        by=referent,
        at=AT,
    )
    assert parcours.id is not None
    return parcours.id


def aref(world: World, last: date = date(2026, 5, 14), first: date = date(2026, 1, 5)) -> RightLine:
    """An AREF of 31.00 a day paid by France Travail."""
    return RightLine(RightKind.AREF, world["france_travail"], first, last, Decimal("31.00"))


def alerts(session: Session) -> list[tuple[str, date | None, int, Decimal | None]]:
    """Every alert, as (status, first day, days, need)."""
    return [(row.status, row.first_day, row.days, row.need) for row in session.exec(select(Alert).order_by(Alert.id))]  # type: ignore[arg-type]


def test_founding_case_opens_an_alert_of_47_days(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours = opened(session, world)
        add_step(session, parcours, COURSE, by=world.actors["region"], at=AT)
        record_right(session, parcours, aref(world), by=world.actors["region"], at=AT)
        assert alerts(session) == [("open", date(2026, 5, 15), 47, Decimal("1457.00"))]


def test_alert_keeps_its_identity_while_facts_change(database: Database, world: World) -> None:
    region = world.actors["region"]
    later = AT + timedelta(days=1)
    with database.writing() as session:
        parcours = opened(session, world)
        step = add_step(session, parcours, COURSE, by=region, at=AT)
        assert alerts(session) == [("open", date(2026, 1, 5), 177, None)]
        record_right(session, parcours, aref(world), by=region, at=AT)
        rff = RightLine(RightKind.RFF, world["france_travail"], date(2026, 6, 1), date(2026, 6, 30), Decimal("25.65"))
        record_right(session, parcours, rff, by=region, at=AT)
        assert alerts(session) == [("open", date(2026, 5, 15), 17, Decimal("527.00"))]
        record_right(session, parcours, aref(world, date(2026, 5, 31), date(2026, 5, 15)), by=region, at=later)
        assert [row[0] for row in alerts(session)] == ["closed"]
        assert step.id is not None
        move_step(session, step.id, first=step.first, last=date(2026, 7, 2), version=1, by=region, at=later)
        assert alerts(session) == [("open", date(2026, 7, 1), 2, Decimal("51.30"))]
        told = [json.loads(row.changes).get("alerts") for row in session.exec(select(JournalEntry))]
    happened = [change["alert"] for changes in told if changes for change in changes]
    assert happened == ["opened", "changed", "changed", "closed", "reopened"]


def test_nothing_is_told_when_nothing_moved(database: Database, world: World) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        parcours = opened(session, world)
        add_step(session, parcours, COURSE, by=region, at=AT)
        job = StepLine(StepKind.JOB, "Emploi", date(2026, 7, 15), date(2026, 12, 31), needs_income=False)
        before = alerts(session)
        add_step(session, parcours, job, by=region, at=AT + timedelta(days=1))
        assert alerts(session) == before
        assert session.exec(select(Alert.changed_at)).one() == AT


def test_day_shared_by_two_steps_is_counted_once(database: Database, world: World) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        parcours = opened(session, world)
        add_step(session, parcours, COURSE, by=region, at=AT)
        second = StepLine(StepKind.BILAN, "Bilan", date(2026, 6, 21), date(2026, 7, 10))
        add_step(session, parcours, second, by=region, at=AT)
        assert [(row[1], row[2]) for row in alerts(session)] == [(date(2026, 1, 5), 177), (date(2026, 7, 1), 10)]


def test_pseudonyms_follow_one_another_by_year(database: Database, world: World) -> None:
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=AT.tzinfo)
    with database.writing() as session:
        opened(session, world)
        region = world.actors["region"]
        late = open_parcours(
            session,
            referent_id=world["region"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.SENIORS,
            by=region,
            at=new_year,
        )
        assert late.pseudonym == "P-2027-000001"
        assert session.get_one(Counter, "parcours-2026").last == 1


def test_referent_has_a_share_by_default(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours = opened(session, world)
        add_step(session, parcours, COURSE, by=world.actors["region"], at=AT)
        assert session.exec(select(StepFunder.organisation_id)).all() == [world["region"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last": date(2026, 1, 4)}, "last"),
        ({"last": date(2036, 1, 6)}, "last"),
        ({"title": " "}, "title"),
        ({"hours": 0}, "hours"),
        ({"funder_ids": (999_999,)}, "funder_ids"),
    ],
)
def test_step_that_makes_no_sense_is_refused(
    database: Database, world: World, change: dict[str, object], field: str
) -> None:
    with database.writing() as session:
        parcours = opened(session, world)
        line = StepLine(**{**COURSE.__dict__, **change})  # type: ignore[arg-type]
        with pytest.raises(Refusal) as refused:
            add_step(session, parcours, line, by=world.actors["region"], at=AT)
    assert refused.value.field == field


def test_second_writer_is_told(database: Database, world: World) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        parcours = opened(session, world)
        step_id = add_step(session, parcours, COURSE, by=region, at=AT).id or 0
        move_step(session, step_id, first=COURSE.first, last=date(2026, 7, 1), version=1, by=region, at=AT)
        with pytest.raises(Conflict):
            move_step(session, step_id, first=COURSE.first, last=date(2026, 8, 1), version=1, by=region, at=AT)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("opco", NotFound),
        ("opco_signatory", NotFound),
        ("france_travail", NotFound),
        ("reader", NotFound),
        ("admin", NotFound),
        ("coordinator", Forbidden),
    ],
)
def test_only_those_who_have_a_share_write(database: Database, world: World, who: str, answer: type[Refusal]) -> None:
    """France Travail is named as a payer, which opens nothing; the Région's reader belongs to the referent itself."""
    region, other = world.actors["region"], world.actors[who]
    with database.writing() as session:
        parcours = opened(session, world)
        step_id = add_step(session, parcours, COURSE, by=region, at=AT).id or 0
        record_right(session, parcours, aref(world), by=region, at=AT)
        for attempt in (
            lambda: add_step(session, parcours, COURSE, by=other, at=AT),
            lambda: record_right(session, parcours, aref(world), by=other, at=AT),
            lambda: move_step(session, step_id, first=COURSE.first, last=COURSE.last, version=1, by=other, at=AT),
        ):
            with pytest.raises(answer):
                attempt()


def test_funder_with_a_share_may_write(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours = opened(session, world)
        shared = StepLine(**{**COURSE.__dict__, "funder_ids": (world["opco"], world["region"])})
        add_step(session, parcours, shared, by=world.actors["region"], at=AT)
        record_right(session, parcours, aref(world), by=world.actors["opco"], at=AT)
        assert alerts(session)[0][2] == 47
