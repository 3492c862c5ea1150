"""`conference detect` asks again of the parcours that need it, and tells it as a sentence or as one JSON document."""

from datetime import date
from decimal import Decimal

from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.cli.conftest import Console
from tests.seeds import AT, make_world

NOTHING = {"opened": 0, "worsened": 0, "changed": 0, "reopened": 0, "closed": 0}


def founding_case(database: Database) -> None:
    """A course whose AREF stops 47 days before its end."""
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        parcours = open_parcours(
            session,
            referent_id=world["region"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.BREAKS,
            by=region,
            at=AT,
        )
        line = StepLine(StepKind.TRAINING, "Conducteur routier", date(2026, 1, 5), date(2026, 6, 30))
        add_step(session, parcours.id or 0, line, by=region, at=AT)
        last, amount = date(2026, 5, 14), Decimal("31.00")
        right = RightLine(RightKind.AREF, world["france_travail"], line.first, last, amount)
        record_right(session, parcours.id or 0, right, by=region, at=AT)


def test_detect_as_json(bare_console: Console, database: Database) -> None:
    founding_case(database)
    answer = bare_console("detect", "--on", "2026-04-20", "--all", "--json")
    assert answer.code == 0
    gaps = {"alerts": 1, "days": 47, "need": "1457.00", "unknown": 0}
    assert answer.json == {"on": "2026-04-20", "examined": 1, "changed": 0, "alerts": NOTHING, "gaps": gaps}
    after = bare_console("detect", "--on", "2026-07-01", "--json").json
    assert after["alerts"] == {**NOTHING, "closed": 1}
    assert after["gaps"] == {"alerts": 0, "days": 0, "need": "0.00", "unknown": 0}


def test_detect_in_words(bare_console: Console, database: Database) -> None:
    founding_case(database)
    answer = bare_console("detect", "--on", "2026-07-01")
    told = answer.out.replace("\u202f", " ").replace("\xa0", " ")
    assert told == (
        "1 parcours examiné, 0 réponse changée. Alertes : 0 ouverte, 0 aggravée, 0 rouverte, 1 fermée. "
        "Jours sans revenu : 0 jour et 0,00 € sur 0 étape.\n"
    )


def test_day_that_is_none_is_misuse(console: Console) -> None:
    answer = console("detect", "--on", "31/12/2026")
    assert (answer.code, answer.out) == (2, "")
