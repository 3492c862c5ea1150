"""Does each warning stand where it holds, and only there? Who has sent what, and up to which day?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.queries.commitment_filters import Filters
from conference.data.queries.completeness import funders_that_sent, sent_by_funder
from conference.data.queries.precautions import precautions
from conference.data.session import Database
from conference.data.tables import Organisation, Scheme
from conference.domain.ledger import EntrySource
from conference.domain.permissions import CONSOLE
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment
from conference.services.months import close_month
from tests.seeds import AT, World, commit, make_world

TODAY = date(2026, 4, 20)
YEAR = Filters(first_month=date(2026, 1, 1), last_month=date(2026, 12, 1))


@pytest.fixture
def world(database: Database) -> World:
    """In March 2026 the Région gives 1,000.00 to the OPCO, which spends it and pays a part in April."""
    made = make_world(database)
    with database.writing() as session:
        commit(session, made, "region", "1000.00", to_funder_id=made["opco"])
        spent = commit(session, made, "opco", "1000.00")
        record_payment(
            session,
            spent,
            amount=Decimal("400.00"),
            paid_on=date(2026, 4, 2),
            by=made.actors["opco"],
            at=AT,
            source=EntrySource.FORM,
        )
    return made


def _plain(sentences: tuple[str, ...]) -> list[str]:
    return [each.replace("\u202f", " ").replace("\u00a0", " ") for each in sentences]


def test_who_has_sent_what_and_up_to_when(database: Database, world: World) -> None:
    with database.reading() as session:
        sent = sent_by_funder(session, YEAR)
        assert funders_that_sent(session, YEAR) == (2, 3)
    assert [(each.code, each.is_expected, each.entries, each.last_on) for each in sent] == [
        ("france_travail", True, 0, None),
        ("opco", True, 2, date(2026, 4, 2)),
        ("region", True, 1, date(2026, 3, 2)),
    ]
    assert sent[1].months == (date(2026, 3, 1), date(2026, 4, 1))
    assert sent[1].last_recorded_at == AT


def test_funder_that_ended_is_not_expected_but_its_entries_are_told(database: Database, world: World) -> None:
    with database.writing() as session:
        session.get_one(Organisation, world["region"]).last = date(2025, 12, 31)
    with database.reading() as session:
        told = {each.code: each.is_expected for each in sent_by_funder(session, YEAR)}
    assert told == {"france_travail": True, "opco": True, "region": False}


def test_precautions_of_an_unfinished_year(database: Database, world: World) -> None:
    with database.reading() as session:
        assert _plain(precautions(session, YEAR, today=TODAY)) == [
            "France Travail n’a aucune écriture dans cette période : les totaux sont sans lui.",
            (
                "Les financeurs ne sont pas connus jusqu’au même jour : Région Exemple l’est jusqu’au 2 mars 2026, le plus "
                "avancé jusqu’au 2 avril 2026."
            ),
            "Aucun mois de la période n’est clôturé : ces chiffres sont provisoires.",
            (
                "Part de l’engagé dont un élément n’est pas renseigné : dispositif 100 %, public 100 %, nature de coût 100 %, "
                "niveau 100 %, territoire 100 %, secteur 100 %."
            ),
            (
                "Ce qu’un financeur verse à travers un autre est compté chez les deux et retiré une fois du total partagé ; "
                "un côté comptabilisé un autre mois compte dans son propre mois."
            ),
            "L’année n’est pas finie : elle est comparée à la période de janvier 2025 à avril 2025.",
        ]


def test_closed_month_needs_no_warning(database: Database, world: World) -> None:
    with database.writing() as session:
        close_month(session, month=date(2026, 3, 1), by=CONSOLE, at=AT)
    with database.reading() as session:
        march = Filters(first_month=date(2026, 3, 1), last_month=date(2026, 3, 1))
        assert not [each for each in _plain(precautions(session, march, today=TODAY)) if "clôturé" in each]
        told = _plain(precautions(session, YEAR, today=TODAY))
        assert "Avril 2026 n’est pas clôturé : ses chiffres sont provisoires." in told


def test_succession_breaks_the_series_in_its_period_only(database: Database, world: World) -> None:
    with database.writing() as session:
        row = session.get_one(Organisation, world["opco"])
        row.last, row.successor_id = date(2025, 6, 30), world["france_travail"]
    with database.reading() as session:
        told = _plain(precautions(session, YEAR, today=TODAY))
        assert "Rupture de série : France Travail a succédé à OPCO Exemple après le 30 juin 2025." in told
        older = Filters(first_month=date(2024, 1, 1), last_month=date(2024, 12, 1))
        assert not [each for each in precautions(session, older, today=TODAY) if "Rupture" in each]


def test_persons_and_reprise_are_told(database: Database) -> None:
    world = make_world(database, first_month=date(2026, 1, 1))
    with database.writing() as session:
        commit(session, world, "region", "90.00", date(2025, 5, 4), persons=3, dimensions=_scheme(session))
    with database.reading() as session:
        told = _plain(precautions(session, Filters(), today=TODAY))
    assert any(each.startswith("La conférence tient ses comptes depuis janvier 2026") for each in told)
    assert any(each.startswith("Les personnes prévues sont comptées par décision") for each in told)
    assert not any("dispositif" in each for each in told)


def test_single_funder_keeps_what_it_transfers(database: Database, world: World) -> None:
    with database.reading() as session:
        told = _plain(precautions(session, Filters(funders=("region",)), today=TODAY))
    assert "Chiffres d’un seul financeur : ce qu’il verse à travers un autre n’est pas retiré." in told


def _scheme(session: Session) -> Dimensions:
    return Dimensions(scheme=session.exec(select(Scheme.id).where(Scheme.code != "non_renseigne")).first())
