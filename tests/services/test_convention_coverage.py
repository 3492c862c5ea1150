"""Do the days that a signed convention could pay follow its signature, its avenant, what is left of it and its end?"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from conference.data.queries.parcours_view import parcours_view
from conference.data.session import Database
from conference.data.tables import Alert, Audience, Convention, CoverageState, CoverageVersion, Gap, Parcours
from conference.services import detection, refreshing
from conference.services.convention_coverage import ask_again
from conference.services.convention_money import set_ceiling
from conference.services.coverage_marks import MARK, mark_concerned
from conference.services.coverage_versions import segments_of
from conference.services.detection import detect
from conference.services.verifying.answers import answers
from conference.services.verifying.finding import Facts
from tests.seeds import AT, World, commit, make_world
from tests.services.convention_worlds import add_income, signed_convention, version_of
from tests.services.test_detection import founding_case, snapshot

ON = AT.date()
DAYS = 47
"""Days without income of the founding case, 15 May to 30 June, at 31.00 a day."""


def paying(session: Session, world: World, ceiling: str | None = "50000", **income: Any) -> int:
    """A convention of the Région and France Travail that pays 20.00 a day."""
    told = {"parties": ("region", "france_travail"), "kind": "income"}
    convention_id = signed_convention(session, world, ceiling, **told)  # type: ignore[arg-type]
    income = {"daily_amount": Decimal(20), **income}
    add_income(session, version_of(session, convention_id), world["region"], **income)
    return convention_id


def counted(session: Session, parcours: int) -> tuple[int, int]:
    """(available, gap) of the last answer."""
    row = session.exec(
        select(CoverageVersion)
        .join(CoverageState, CoverageState.version_id == CoverageVersion.id)  # type: ignore[arg-type]
        .where(CoverageState.parcours_id == parcours)
    ).one()
    return row.available, row.gap


def test_signature_use_and_end(database: Database, tmp_path: Path) -> None:
    world = make_world(database)
    with database.writing() as session:
        parcours = founding_case(session, world)
        assert counted(session, parcours) == (0, DAYS)
        convention_id = paying(session, world)
        assert ask_again(session, convention_id, at=AT) == 1
        assert counted(session, parcours) == (DAYS, 0)
        assert not session.exec(select(Gap)).all()
        assert session.exec(select(Alert.status).where(Alert.code == "income_gap")).one() == "closed"
        stored = session.get_one(CoverageState, parcours)
        segments = segments_of(session.get_one(CoverageVersion, stored.version_id).segments)
        assert segments[-1][1:4] == ("available", "trainee_pay", str(world["region"]))
    with database.writing() as session:
        commit(session, world, "region", "49900", convention_id=convention_id)
        assert session.get_one(CoverageState, parcours, populate_existing=True).scales_digest == MARK
    with database.reading() as session:
        assert answers(Facts(session, tmp_path)).fault is None
    assert detect(database, ON, AT).examined == 1
    with database.writing() as session:
        assert counted(session, parcours) == (5, DAYS - 5)
        set_ceiling(session, convention_id, Decimal(60000))
        ask_again(session, convention_id, at=AT)
        assert counted(session, parcours) == (DAYS, 0)
        session.get_one(Convention, convention_id).status = "terminated"
        ask_again(session, convention_id, at=AT)
        assert counted(session, parcours) == (0, DAYS)
        assert session.exec(select(Alert.status).where(Alert.code == "income_gap")).one() == "open"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_is_paid_and_when(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        mine, other = founding_case(session, world), founding_case(session, world)
        audience = session.exec(select(Audience.id).order_by(Audience.id)).first()  # type: ignore[arg-type]
        session.get_one(Parcours, mine).audience_id = audience
        convention_id = paying(session, world, audience_id=audience)
        assert ask_again(session, convention_id, at=AT) == 1
        assert (counted(session, mine), counted(session, other)) == ((DAYS, 0), (0, DAYS))
        session.get_one(Convention, convention_id).status = "suspended"
        ask_again(session, convention_id, at=AT)
        assert counted(session, mine) == (0, DAYS)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_a_ceiling_what_is_left_is_to_check(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        parcours = founding_case(session, world)
        ask_again(session, paying(session, world, None), at=AT)
        assert counted(session, parcours) == (0, DAYS)


def test_the_bulk_path_and_the_way_of_one_answer_alike(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(database)
    with database.writing() as session:
        for last in (date(2026, 5, 14), date(2026, 6, 30), date(2026, 6, 1)):
            founding_case(session, world, last=last)
        convention_id = paying(session, world, "400")
        assert ask_again(session, convention_id, at=AT) == 2, "who is wholly paid is not asked"
        one_by_one = snapshot(session)
    monkeypatch.setattr(refreshing, "MANY", 1)
    detect(database, ON, AT, everything=True)
    with database.reading() as session:
        assert snapshot(session) == one_by_one


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_run_drops_what_a_signature_marked_meanwhile(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        parcours = founding_case(session, world)
        convention_id = paying(session, world)
    with database.reading() as session:
        asked = refreshing.asking(session, ON)
        examined = list(refreshing.examined(session, [parcours], asked))
    with database.writing() as session:
        mark_concerned(session, convention_id)
        assert detection._unchanged_since(session, examined) == []
    assert detect(database, ON, AT).changed == 1
    with database.reading() as session:
        assert counted(session, parcours) == (DAYS, 0)
        view = parcours_view(session, world.actors["region"], parcours, known_on=ON)
        assert view.payers[str(world["region"])] == "Région Exemple"
