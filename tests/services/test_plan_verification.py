"""Does `verify` see a plan that no longer sums, or a commitment that leads to the wrong person?"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.collective_actions import ActionLine, NewPeople, create_action, enrol_new
from conference.services.dimensions import Dimensions
from conference.services.plans import PlanOf, commit_shares, set_cost, set_instalments, set_share
from conference.services.verification import CheckResult, verify
from tests.seeds import AT, World, make_world
from tests.services.test_plans import nature, planned


@pytest.fixture
def world(database: Database) -> World:
    """The Région's share of a step (id 1), with its schedule, and of an action of three people (id 2): both committed."""
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        _, _, cost = planned(session, world)
        share = set_share(session, cost, world["region"], amount=Decimal("6000.00"), by=region, at=AT)
        due = [(date(2025, 10, 1), Decimal("2500.00")), (date(2026, 1, 15), Decimal("3500.00"))]
        set_instalments(session, share.id or 0, due, by=region, at=AT)
        line = ActionLine(StepKind.TRAINING, "Titre de maçon", date(2026, 9, 1), date(2026, 12, 31))
        action = create_action(session, world["region"], line, by=region, at=AT)
        people = NewPeople(3, ParcoursKind.INSERTION, KeySituation.FIRST_JOB)
        enrol_new(session, action.id or 0, people, by=region, at=AT)
        of = PlanOf(action_id=action.id)
        whole = set_cost(session, of, nature(session), Decimal("1000.00"), by=region, at=AT)
        assert whole is not None
        other = set_share(session, whole.id or 0, world["region"], percent=Decimal(100), by=region, at=AT)
        for each in (share, other):
            told = {"decided_on": date(2026, 4, 1), "at": AT, "source": EntrySource.FORM}
            commit_shares(session, [each.id or 0], Dimensions(), by=region, **told)  # type: ignore[arg-type]
    return world


def check(database: Database, instance: Path, name: str) -> CheckResult:
    with database.reading() as session:
        return next(each for each in verify(session, instance=instance).checks if each.name == name)


def test_plans_made_by_the_services_hold(database: Database, world: World, tmp_path: Path) -> None:
    with database.reading() as session:
        assert verify(session, instance=tmp_path).first_fault is None
    rows = [check(database, tmp_path, name).rows for name in ("plan_instalments", "plan_shares", "step_fundings")]
    assert rows == [2, 2, 4]


@pytest.mark.parametrize(
    ("name", "statement", "row", "expected"),
    [
        ("plan_instalments", "UPDATE plan_instalment SET amount = amount + 1 WHERE amount = 350000", "1", "sum to"),
        ("plan_shares", "UPDATE plan_share SET funder_id = 2 WHERE id = 2", "2", "the same funder"),
        ("plan_shares", "UPDATE plan_cost SET nature_id = nature_id + 1 WHERE id = 1", "1", "nature of its cost"),
        ("plan_shares", "UPDATE plan_share SET amount = amount + 1 WHERE id = 2", "2", "no more than"),
        ("plan_shares", "UPDATE step_funding SET step_id = 2 WHERE commitment_id = 1", "1", "the step of its plan"),
        ("step_fundings", "UPDATE step_funding SET amount = amount + 1 WHERE commitment_id = 1", "1", "within"),
        ("step_fundings", "UPDATE step_funding SET amount = amount - 1 WHERE step_id = 2", "2", "collective action"),
        ("step_fundings", "DELETE FROM step_funding WHERE step_id = 3", "2", "collective action"),
    ],
)
def test_spoilt_plan_is_named(
    database: Database, world: World, tmp_path: Path, name: str, statement: str, row: str, expected: str
) -> None:
    with database.writing() as session:
        session.execute(text(statement))
    fault = check(database, tmp_path, name).fault
    assert fault is not None
    assert (fault.row, expected in fault.expected) == (row, True), fault
