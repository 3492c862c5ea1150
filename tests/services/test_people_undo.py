"""Does undoing an import leave what somebody else's work rests on, say why, and keep the base whole?"""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Alert, JournalEntry, Parcours, Step
from conference.domain.alert_words import AlertOutcome
from conference.domain.case import StepKind
from conference.domain.importing.field import Field
from conference.domain.refusal import Refusal
from conference.domain.results import StepOutcome
from conference.services.alert_decisions import decide_alert
from conference.services.importing.undo import KeptLine, plan_undo, undo_import
from conference.services.step_results import ResultLine, record_result
from conference.services.steps import StepLine, change_step
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, make_world
from tests.services.sending import send
from tests.services.test_people_import import book


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def sent(database: Database, settings: Settings, world: World, who: str, content: bytes) -> int:
    """The number of the import of `content`."""
    state = send(database, content, by=world.actors[who], filename="gens.xlsx", instance=settings.instance).state
    assert state.refused == 0
    assert state.import_file_id is not None
    return state.import_file_id


def reasons(database: Database, world: World, who: str, number: int) -> set[str]:
    """Why rows stay; nothing can be taken back."""
    by = world.actors[who]
    with database.reading() as session:
        plan = plan_undo(session, number, by=by)
        assert plan.undone == 0
    with pytest.raises(Refusal, match="Aucune ligne"), database.writing() as session:
        undo_import(session, number, motive="Erreur", by=by, at=AT)
    return {line.reason for line in plan.kept}


def test_a_decided_alert_holds_what_it_was_decided_on(database: Database, settings: Settings, world: World) -> None:
    number = sent(database, settings, world, "region", book([{}], [{}], [{}]))
    with database.writing() as session:
        alert = session.exec(select(Alert).where(Alert.code == "income_gap")).one()
        by, outcome = world.actors["region"], AlertOutcome.ACCEPTED
        decide_alert(session, alert.id or 0, outcome=outcome, motive="Vu", by=by, at=AT)
    assert reasons(database, world, "region", number) == {"Quelqu’un a décidé d’une alerte de son parcours."}


def test_who_no_more_reads_a_parcours_takes_nothing_back_from_it(
    database: Database, settings: Settings, world: World
) -> None:
    sent(database, settings, world, "region", book([{}], [{Field.STEP_FUNDERS: "region;opco"}]))
    theirs = book([], [{Field.PARCOURS_REFERENCE: "P-2026-000001", Field.STEP_REFERENCE: "S-9"}])
    number = sent(database, settings, world, "opco", theirs)
    with database.writing() as session:
        step = session.exec(select(Step).where(Step.own_reference == "S-1")).one()
        line = StepLine(StepKind(step.kind), step.title, step.first, step.last, own_reference="S-1")
        line = replace(line, funder_ids=(world["region"],))
        change_step(session, step.id or 0, line, version=step.version, by=world.actors["region"], at=AT)
    assert reasons(database, world, "opco", number) == {"Votre organisme n’a plus accès à son parcours."}


def test_money_of_a_step_that_stays_leaves_the_base_whole(database: Database, settings: Settings, world: World) -> None:
    tied = {Field.STEP_COMMITMENT: "R-1", Field.FIRST_DAY: date(2026, 1, 5), Field.LAST_DAY: date(2026, 3, 31)}
    number = sent(database, settings, world, "region", book([{}], [tied], lines=[{}]))
    by = world.actors["region"]
    with database.writing() as session:
        step = session.exec(select(Step)).one()
        record_result(session, step.id or 0, ResultLine(StepOutcome.COMPLETED), version=0, by=by, at=AT)
    with database.writing() as session:
        report = undo_import(session, number, motive="Erreur", by=by, at=AT)
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None
        told = session.exec(select(JournalEntry.changes).where(JournalEntry.verb == "undo_import")).one()
        assert ("P-2026-000001" in told, "Aide-soignant" in told) == (True, False)
        assert session.exec(select(Parcours.pseudonym)).all() == ["P-2026-000001"]
    assert KeptLine("P-2026-000001, étape « Aide-soignant »", "Un résultat y est enregistré.") in report.kept
