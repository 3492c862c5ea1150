"""`generate --parcours` writes exactly what is asked, the same for a seed, and nothing that a form would refuse."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from conference.data.session import Database
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Forbidden, Refusal
from conference.domain.results import StepOutcome
from conference.domain.rights import RightKind
from conference.services import parcours_generation
from conference.services.detection import detect
from conference.services.income_rights import RightLine
from conference.services.parcours import Situation
from conference.services.parcours_bulk import CourseLine, ParcoursLine, StoppedDays, record_parcours
from conference.services.parcours_generation import AROUND, generate_parcours
from conference.services.step_results import ResultLine
from conference.services.steps import StepLine
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, make_world

TODAY = day_in_france(AT)
FIRST, LAST = date(2026, 3, 2), date(2026, 6, 30)


def _rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def _facts(database: Database) -> list[tuple[str, ...]]:
    query = "SELECT p.id, pseudonym, referent_id, territory_id, audience_id, s.kind, title, s.first, s.last, r.first, r.last"
    query += ", daily_amount FROM parcours p JOIN step s ON s.parcours_id = p.id"
    query += " LEFT JOIN income_right r ON r.parcours_id = p.id ORDER BY p.id, s.id, r.id"
    return [tuple(map(str, row)) for row in _rows(database, query)]


def test_exact_number_in_realistic_shares_and_verify_green(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world(database)
    monkeypatch.setattr(parcours_generation, "BATCH", 700)
    counts = list(generate_parcours(database, parcours=1_500, seed=7, by=CONSOLE, at=AT))
    assert counts == [700, 1_400, 1_500]
    detect(database, TODAY, AT)
    [(number, unpaid, presumed)] = _rows(
        database, "SELECT count(*), sum(CASE WHEN gap > 0 THEN 1 ELSE 0 END), "
        "sum(CASE WHEN gap = 0 AND presumed > 0 THEN 1 ELSE 0 END) FROM coverage_version",
    )  # fmt: skip
    assert number == 1_500
    assert 0.09 < unpaid / number < 0.15
    assert 0.05 < presumed / number < 0.11
    [(first, last)] = _rows(database, "SELECT min(first), max(first) FROM step WHERE needs_income = true")
    assert date.fromisoformat(str(first)) >= TODAY - timedelta(days=AROUND)
    assert date.fromisoformat(str(last)) <= TODAY + timedelta(days=AROUND)
    for table in ("step_interruption", "step_result", "step_funder", "alert", "need_cell"):
        assert _rows(database, f"SELECT count(*) FROM {table}")[0][0], table
    assert _rows(database, "SELECT count(*) FROM journal_entry WHERE verb = 'record_parcours'") == [(3,)]
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_same_seed_gives_the_same_persons(database: Database, tmp_path: Path) -> None:
    twin_path = tmp_path / "twin.sqlite"
    make_world(database)
    database.dispose()
    shutil.copyfile(tmp_path / "conference.sqlite", twin_path)
    twin = Database(f"sqlite:///{twin_path}")
    for each in (database, twin):
        list(generate_parcours(each, parcours=200, seed=5, by=CONSOLE, at=AT))
    assert _facts(database) == _facts(twin)
    list(generate_parcours(twin, parcours=200, seed=6, by=CONSOLE, at=AT))
    others = {fact[5:] for fact in _facts(twin) if int(fact[0]) > 200}
    assert others
    assert not others & {fact[5:] for fact in _facts(database)}
    twin.dispose()


def _line(world: World) -> ParcoursLine:
    step = StepLine(StepKind.TRAINING, " Maçon ", FIRST, LAST, weekly_hours=Decimal(35))
    stopped = (StoppedDays(date(2026, 4, 1), date(2026, 4, 3)),)
    right = RightLine(RightKind.AREF, world["france_travail"], FIRST, LAST, Decimal("25.65"), origin="Notification")
    return ParcoursLine(
        world["region"],
        ParcoursKind.INSERTION,
        KeySituation.FIRST_JOB,
        situation=Situation(disabled=False),
        courses=(CourseLine(step, stopped, ResultLine(qualification=None)),),
        rights=(right,),
    )


def test_a_line_is_written_as_the_forms_write_it(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        ids = record_parcours(session, [_line(world), _line(world)], by=world.actors["region"], at=AT)
    assert list(ids) == [1, 2]
    assert _rows(database, "SELECT pseudonym FROM parcours ORDER BY id") == [("P-2026-000001",), ("P-2026-000002",)]
    [(title, funder)] = _rows(
        database, "SELECT title, organisation_id FROM step JOIN step_funder ON step_id = step.id WHERE parcours_id = 1"
    )
    assert (title, funder) == ("Maçon", world["region"])
    assert _rows(database, "SELECT count(*) FROM step_interruption")[0][0] == 2
    [(known, amount)] = _rows(database, "SELECT known_on, daily_amount FROM income_right WHERE parcours_id = 2")
    assert (str(known), amount) == (TODAY.isoformat(), 2565)
    [(verb, changes)] = _rows(
        database, "SELECT verb, changes FROM journal_entry WHERE object_kind = 'parcours' ORDER BY id"
    )
    assert (verb, json.loads(str(changes))) == ("record_parcours", {"count": 2, "rights": 2, "steps": 2})


Spoilt = Callable[[ParcoursLine], ParcoursLine]


def _with_step(**changed: object) -> Spoilt:
    def spoilt(line: ParcoursLine) -> ParcoursLine:
        course = line.courses[0]
        return replace(line, courses=(replace(course, step=replace(course.step, **changed)),))

    return spoilt


def _with_course(**changed: object) -> Spoilt:
    return lambda line: replace(line, courses=(replace(line.courses[0], **changed),))


def _with_right(**changed: object) -> Spoilt:
    return lambda line: replace(line, rights=(replace(line.rights[0], **changed),))


@pytest.mark.parametrize(
    ("code", "spoilt"),
    [
        ("dates", _with_step(last=date(2026, 1, 1))),
        ("title", _with_step(title=" ")),
        ("age", _with_step(age_at_entry=7)),
        ("organisation", _with_step(provider_id=999)),
        ("organisation", _with_step(funder_ids=(999,))),
        ("outside", _with_course(stopped=(StoppedDays(date(2026, 2, 1), date(2026, 2, 3)),))),
        (
            "twice",
            _with_course(
                stopped=(
                    StoppedDays(FIRST, FIRST),
                    StoppedDays(FIRST, LAST, InterruptionKind.ABSENCE),
                )
            ),
        ),
        ("outcome", _with_course(result=ResultLine(StepOutcome.COMPLETED))),
        ("daily_amount_not_negative", _with_right(daily_amount=Decimal(-1))),
        ("organisation", _with_right(payer_id=999)),
        ("territory", lambda line: replace(line, situation=Situation(territory_id=999))),
        ("audience", lambda line: replace(line, situation=Situation(audience_id=999))),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_a_form_refuses_is_refused(database: Database, code: str, spoilt: Spoilt) -> None:
    world = make_world(database)
    with pytest.raises(Refusal) as refused, database.writing() as session:
        record_parcours(session, [_line(world), spoilt(_line(world))], by=world.actors["region"], at=AT)
    assert refused.value.code == code
    assert _rows(database, "SELECT count(*) FROM parcours") == [(0,)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_for_the_own_organisation(database: Database) -> None:
    world = make_world(database)
    with pytest.raises(Forbidden), database.writing() as session:
        record_parcours(session, [_line(world)], by=world.actors["opco"], at=AT)
