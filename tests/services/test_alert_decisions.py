"""Is an alert settled with a motive, kept while the finding does not get worse, and open again when it does?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.queries.alerts import AlertFilters, alert_list, alert_page, possible_owners
from conference.data.session import Database
from conference.data.tables import Alert, JournalEntry
from conference.domain.alert_words import AlertOutcome
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.alert_decisions import (
    assign_alert,
    comment_alert,
    decide_alert,
    decide_in_bulk,
    reopen_alert,
)
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step, move_step
from conference.services.thresholds import set_threshold
from tests.seeds import AT, World, make_world

COURSE = StepLine(StepKind.TRAINING, "Maçon", date(2026, 1, 5), date(2026, 6, 30), shortage_occupation=False)
SECRET = "Madame Bovary a écrit"
OPEN = AlertFilters(on=date(2026, 4, 20))


@pytest.fixture
def world(database: Database) -> World:
    """The founding case of the Région: 47 days without income, 1,457.00 €."""
    made = make_world(database)
    region = made.actors["region"]
    with database.writing() as session:
        open_parcours(
            session,
            referent_id=made["region"],
            kind=ParcoursKind.MOBILITE_SUBIE,
            key_situation=KeySituation.BREAKS,
            by=region,
            at=AT,
        )
        add_step(session, 1, COURSE, by=region, at=AT)
        aref = RightLine(RightKind.AREF, made["france_travail"], date(2026, 1, 5), date(2026, 5, 14), Decimal("31.00"))
        record_right(session, 1, aref, by=region, at=AT)
    return made


def gap(session: Session) -> Alert:
    return session.exec(select(Alert).where(Alert.code == "income_gap")).one()


def test_decision_holds_until_the_finding_gets_worse(database: Database, world: World) -> None:
    coordinator, region = world.actors["coordinator"], world.actors["region"]
    with database.writing() as session:
        alert = gap(session)
        assert (alert.days, alert.need, alert.status) == (47, Decimal("1457.00"), "open")
        decide_alert(
            session,
            alert.id or 0,
            outcome=AlertOutcome.ACCEPTED,
            motive=SECRET,
            by=coordinator,
            at=AT,
            version=alert.version,
        )
        assert (alert.status, alert.decided_days, alert.decided_need) == ("decided", 47, Decimal("1457.00"))
        later = AT + timedelta(days=1)
        shorter = date(2026, 6, 20)
        move_step(session, 1, first=COURSE.first, last=shorter, version=1, by=region, at=later)
        assert (gap(session).status, gap(session).days) == ("decided", 37), "better is no reason to open it again"
        prolonged = date(2026, 7, 15)
        move_step(session, 1, first=COURSE.first, last=prolonged, version=2, by=region, at=later)
        again = gap(session)
        assert (again.id, again.status, again.days, again.outcome) == (alert.id, "open", 62, None)
        page = alert_page(session, coordinator, alert.id or 0)
        assert page.events[0].kind == "opened"
        assert page.events[-1].kind == "reopened"
        assert page.events[-1].text.startswith("15"), "it says what changed since the decision: 47 days, now 62"
        changes = [entry.changes for entry in session.exec(select(JournalEntry))]
        assert not [each for each in changes if SECRET in each], "what people write is not in the journal"


def test_decision_needs_a_motive_and_an_outcome_of_its_code(database: Database, world: World) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        number = gap(session).id or 0
        for outcome, motive in (
            (AlertOutcome.FUNDED, "  "),
            (AlertOutcome.LIFTED, "Voulu"),
            (AlertOutcome.OTHER, "x" * 1001),
        ):
            with pytest.raises(Refusal):
                decide_alert(session, number, outcome=outcome, motive=motive, by=region, at=AT)
        with pytest.raises(Conflict):
            decide_alert(session, number, outcome=AlertOutcome.FUNDED, motive="Oui", by=region, at=AT, version=9)
        decide_alert(session, number, outcome=AlertOutcome.FUNDED, motive="La Région paie", by=region, at=AT)
        with pytest.raises(Conflict, match="déjà décidée"):
            decide_alert(session, number, outcome=AlertOutcome.FUNDED, motive="Encore", by=region, at=AT)
        reopen_alert(session, number, motive="Erreur", by=region, at=AT)
        assert gap(session).status == "open"
        with pytest.raises(Conflict):
            reopen_alert(session, number, motive="Erreur", by=region, at=AT)


@pytest.mark.parametrize(("who", "refused"), [("opco", NotFound), ("reader", NotFound), ("admin", NotFound)])
def test_who_does_not_reach_the_parcours_settles_nothing(
    database: Database, world: World, who: str, refused: type[Refusal]
) -> None:
    by = world.actors[who]
    with database.writing() as session:
        number = gap(session).id or 0
        with pytest.raises((refused, Forbidden)):
            decide_alert(session, number, outcome=AlertOutcome.FUNDED, motive="Oui", by=by, at=AT)
        with pytest.raises((refused, Forbidden)):
            comment_alert(session, number, "Bonjour", by=by, at=AT)
        if who == "opco":
            assert alert_list(session, by, OPEN).lines == ()
            with pytest.raises(NotFound):
                alert_page(session, by, number)


def test_owner_is_somebody_who_may_settle_it(database: Database, world: World) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        number = gap(session).id or 0
        choices = dict(possible_owners(session, region, number))
        assert region.account_id in choices
        assert world.actors["coordinator"].account_id in choices
        assert world.actors["opco"].account_id not in choices
        for wrong in ("opco", "reader", "admin"):
            with pytest.raises(Refusal, match="Choisissez"):
                assign_alert(session, number, owner_id=world.actors[wrong].account_id, by=region, at=AT)
        assign_alert(session, number, owner_id=region.account_id, by=region, at=AT)
        mine = AlertFilters(on=OPEN.on, owner="me")
        assert [line.owner for line in alert_list(session, region, mine).lines] == [region.label]
        assert alert_list(session, world.actors["coordinator"], mine).total == 0
        assign_alert(session, number, owner_id=None, by=region, at=AT)
        assert alert_list(session, region, mine).total == 0


def test_bulk_says_what_became_of_each(database: Database, world: World) -> None:
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        number = gap(session).id or 0
        with pytest.raises(Refusal, match="motif"):
            decide_in_bulk(session, [number], outcome=AlertOutcome.FUNDED, motive="", by=region, at=AT)
        foreign = decide_in_bulk(session, [number], outcome=AlertOutcome.FUNDED, motive="Oui", by=opco, at=AT)
        assert [(line.pseudonym, bool(line.refused)) for line in foreign] == [("", True)], "nothing of it is told"
        told = decide_in_bulk(
            session, [number, 999, number], outcome=AlertOutcome.FUNDED, motive="La Région paie", by=region, at=AT
        )
        assert [(line.alert_id, bool(line.refused)) for line in told] == [(number, False), (999, True)]


def test_threshold_is_chosen_within_its_bounds(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    with database.writing() as session:
        with pytest.raises(Refusal):
            set_threshold(session, "gap_look_ahead", 1, by=coordinator, at=AT)
        with pytest.raises(NotFound):
            set_threshold(session, "nothing", 1, by=coordinator, at=AT)
        with pytest.raises(Forbidden):
            set_threshold(session, "gap_look_ahead", 30, by=world.actors["region"], at=AT)
        set_threshold(session, "gap_look_ahead", 30, by=coordinator, at=AT)
        set_threshold(session, "gap_look_ahead", None, by=coordinator, at=AT)
        verbs = [entry.verb for entry in session.exec(select(JournalEntry)) if entry.verb == "set_threshold"]
        assert len(verbs) == 2
