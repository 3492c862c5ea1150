"""Does an instalment raise an alert when its day comes, for those who reach its convention, and close when it is paid?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.queries.alerts import AlertFilters, alert_list, alert_page, possible_owners
from conference.data.queries.digest import Span, digest_of
from conference.data.queries.home import home
from conference.data.queries.opening import may_open
from conference.data.session import Database
from conference.data.tables import Alert, AlertEvent, Convention, Entry, JournalEntry
from conference.domain.alert_words import AlertOutcome
from conference.domain.convention_checks import Instalment, instalment_due
from conference.domain.refusal import NotFound, Refusal
from conference.services.alert_decisions import (
    assign_alert,
    comment_alert,
    decide_alert,
    decide_in_bulk,
    reopen_alert,
)
from conference.services.detection import detect, told
from conference.services.entries import reverse_entry
from conference.services.instalments import pay_instalment
from tests.seeds import AT, World, commit, make_world
from tests.services.convention_worlds import add_instalment, signed_convention, version_of

DUE = date(2026, 6, 1)
EARLY, NEAR, LATE = date(2026, 5, 1), date(2026, 5, 2), date(2026, 6, 2)


def scheduled(session: Session, world: World) -> tuple[int, int]:
    """A convention whose instalment of 500.00 the OPCO pays, and its commitment."""
    convention_id = signed_convention(session, world)
    add_instalment(session, world, version_of(session, convention_id), 1, "opco", DUE, "500")
    return convention_id, commit(session, world, "opco", "500", convention_id=convention_id)


def night(database: Database, on: date) -> str:
    return told(detect(database, on, datetime(on.year, on.month, on.day, 1, tzinfo=UTC)))


def alerts(session: Session) -> list[tuple[str, str, str, Decimal | None]]:
    rows = session.exec(select(Alert).order_by(Alert.id)).all()  # type: ignore[arg-type]
    return [(row.code, row.status, row.severity, row.need) for row in rows]


@pytest.mark.parametrize(("on", "left", "found"), [(EARLY, 500, 0), (NEAR, 500, 1), (LATE, 500, 1), (LATE, 0, 0)])
def test_the_days_on_which_it_is_told(on: date, left: int, found: int) -> None:
    fact = Instalment("C-2026-001", 1, 7, "Solde", DUE, Decimal(500), Decimal(left))
    assert len(list(instalment_due([fact], on, 30))) == found


def test_the_life_of_an_alert_about_an_instalment(database: Database) -> None:
    world = make_world(database)
    opco = world.actors["opco"]
    with database.writing() as session:
        convention_id, line = scheduled(session, world)
    night(database, EARLY)
    assert "Alertes : 1 ouverte" in night(database, NEAR)
    with database.writing() as session:
        assert alerts(session) == [("instalment_due", "open", "important", Decimal(500))]
        alert = session.exec(select(Alert)).one()
        assert (alert.convention_id, alert.parcours_id, alert.organisation_id) == (convention_id, None, world["opco"])
        assert "est à verser le 1er juin 2026" in alert.message.replace("\u202f", " ").replace("\xa0", " ")
        with pytest.raises(NotFound):
            decide_alert(
                session,
                alert.id or 0,
                outcome=AlertOutcome.FUNDED,
                motive="x",
                by=world.actors["france_travail"],
                at=AT,
            )
        with pytest.raises(Refusal, match="issue"):
            decide_alert(session, alert.id or 0, outcome=AlertOutcome.LIFTED, motive="x", by=opco, at=AT)
        assign_alert(session, alert.id or 0, owner_id=opco.account_id, by=opco, at=AT)
        comment_alert(session, alert.id or 0, "Mandat en cours", by=world.actors["coordinator"], at=AT)
        [line_of_report] = decide_in_bulk(
            session, [alert.id or 0], outcome=AlertOutcome.ACCEPTED, motive="Mandat en cours", by=opco, at=AT
        )
        assert (line_of_report.pseudonym, line_of_report.refused) == ("C-2026-001", None)
        assert session.exec(select(JournalEntry.object_label).where(JournalEntry.verb == "decide_alert")).all() == [
            "C-2026-001"
        ]
    night(database, LATE)
    with database.writing() as session:
        assert alerts(session) == [("instalment_due", "decided", "urgent", Decimal(500))], "late is not worse by itself"
        reopen_alert(session, 1, motive="Relancer", by=opco, at=AT)
        paid = pay_instalment(session, line, 1, amount=Decimal(500), paid_on=AT.date(), by=opco, at=AT)
    night(database, LATE)
    with database.writing() as session:
        assert alerts(session)[0][1] == "closed"
        reverse_entry(session, paid.id or 0, motive="Erreur", by=opco, at=AT)
    night(database, LATE + timedelta(days=1))
    with database.writing() as session:
        assert alerts(session)[0][1] == "open"
        assert session.exec(select(Entry).where(Entry.kind == "payment")).first() is not None
        session.get_one(Convention, convention_id).status = "suspended"
    night(database, LATE + timedelta(days=2))
    with database.reading() as session:
        assert alerts(session)[0][1] == "closed", "nothing is asked of a convention that is suspended"
        kinds = [row.kind for row in session.exec(select(AlertEvent).order_by(AlertEvent.id))]  # type: ignore[arg-type]
        expected = ["opened", "assigned", "decided", "changed", "reopened", "closed", "reopened", "closed"]
        assert [kind for kind in kinds if kind != "changed"] == [kind for kind in expected if kind != "changed"]


def test_who_sees_it(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        convention_id, _ = scheduled(session, world)
    night(database, NEAR)
    with database.reading() as session:
        for who in ("opco", "region", "coordinator"):
            [line] = alert_list(session, world.actors[who], AlertFilters(NEAR)).lines
            assert (line.about, line.convention_id, line.parcours_id, line.subject) == (
                "C-2026-001",
                convention_id,
                None,
                "",
            )
            assert alert_page(session, world.actors[who], line.id).line == line
            assert home(session, world.actors[who], NEAR).waiting.alerts == 1
        assert possible_owners(session, world.actors["opco"], line.id)
        assert home(session, world.actors["opco"], NEAR).waiting.instalments == 1
        assert home(session, world.actors["opco"], EARLY).waiting.instalments == 0
        assert home(session, world.actors["region"], NEAR).waiting.instalments == 0
        stranger = world.actors["france_travail"]
        assert alert_list(session, stranger, AlertFilters(NEAR)).total == 0
        assert home(session, stranger, NEAR).waiting.alerts == 0
        with pytest.raises(NotFound):
            alert_page(session, stranger, line.id)
        span = Span(datetime(2026, 5, 1, tzinfo=UTC), NEAR, frozenset())
        [told_alert] = digest_of(session, world.actors["opco"], span).alerts
        assert told_alert.pseudonym == "C-2026-001"
        assert digest_of(session, world.actors["region"], span).alert_count == 0, "it waits for the OPCO"
        assert may_open(session, world.actors["opco"], "alert", line.id)
        assert not may_open(session, stranger, "alert", line.id)
