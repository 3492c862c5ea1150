"""Does a conférence date its own values of the law, with every refusal, and is nothing ever lost?"""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.data.constraints import refusal_of
from conference.data.queries.journal import history_of
from conference.data.queries.scales import local_value, local_values, scales_of
from conference.data.scales import UNITS as SHIPPED_UNITS
from conference.data.scales import shipped_scales
from conference.data.session import Database
from conference.data.tables import JournalEntry, ScaleValue
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Forbidden, NotFound, Refusal
from conference.domain.units import UNITS, check_value, parse_value, typed_value
from conference.services.scales import ScaleLine, add_scale_value, candidate, withdraw_scale_value, without
from tests.seeds import AT, World, make_world

LINE = ScaleLine(
    code="RFF_PLAFOND",
    first=date(2026, 4, 1),
    amount=Decimal("780.00"),
    law="délibération n° 2026-10",
    source="bulletin officiel",
    checked_on=date(2026, 4, 20),
)
DAY = date(2026, 4, 2)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def refused(database: Database, world: World, **changes: object) -> tuple[str | None, str]:
    """The field and the code of the refusal; the candidate scales are refused alike."""
    line = replace(LINE, **changes)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as early, database.reading() as session:
        candidate(session, line, by=world.actors["admin"], at=AT)
    with pytest.raises(Refusal) as late, database.writing() as session:
        add_scale_value(session, line, by=world.actors["admin"], at=AT)
    assert early.value.code == late.value.code
    return late.value.field, late.value.code


def test_without_local_lines_the_scales_are_the_shipped_ones(database: Database) -> None:
    with database.reading() as session:
        assert scales_of(session) is shipped_scales()


def test_a_local_value_wins_on_its_days_and_comes_back_exact(database: Database, world: World) -> None:
    with database.writing() as session:
        value = add_scale_value(session, LINE, by=world.actors["admin"], at=AT)
        number = value.id or 0
    with database.reading() as session:
        scales = scales_of(session)
        found = scales.value("RFF_PLAFOND", DAY)
        assert found is not None
        assert (found.amount, str(found.amount), found.law, found.is_local) == (
            Decimal("780"),
            "780.00",
            LINE.law,
            True,
        )
        eve = scales.value("RFF_PLAFOND", date(2026, 3, 31))
        assert eve is not None and (eve.amount, eve.is_local) == (Decimal("769.49"), False)
        [shown] = local_values(session, world.actors["reader"], "RFF_PLAFOND")
        assert (shown.id, shown.recorded_by, shown.withdrawn_at) == (number, None, None)
        assert local_value(session, world.actors["admin"], number).recorded_by == "Compte admin"
        assert local_values(session, world.actors["admin"], "ASS_PLEIN") == []


@pytest.mark.parametrize(
    ("code", "amount"), [("ASP_CSP_TAUX", "0.7525"), ("RFF_CUMUL_MAX", "1095"), ("RSP_DIVISEUR_HORAIRE", "151.67")]
)
def test_rates_and_lengths_are_kept_exactly(database: Database, world: World, code: str, amount: str) -> None:
    line = replace(LINE, code=code, amount=Decimal(amount))
    with database.writing() as session:
        add_scale_value(session, line, by=world.actors["admin"], at=AT)
    with database.reading() as session:
        found = scales_of(session).value(code, DAY)
        assert found is not None
        assert str(found.amount) == amount


def test_the_candidate_saves_nothing(database: Database, world: World) -> None:
    with database.reading() as session:
        wanted = candidate(session, LINE, by=world.actors["admin"], at=AT)
        found = wanted.value("RFF_PLAFOND", DAY)
        assert found is not None and found.amount == Decimal("780.00")
        assert scales_of(session) is shipped_scales()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": "PAS_UN_BAREME"}, ("code", "scale_code")),
        ({"last": date(2026, 3, 31)}, ("last", "dates")),
        ({"amount": Decimal("-1")}, ("amount", "scale_amount_positive")),
        ({"amount": Decimal("0")}, ("amount", "scale_amount_positive")),
        ({"amount": Decimal("780.001")}, ("amount", "scale_amount_decimals")),
        ({"amount": Decimal("1000001")}, ("amount", "scale_amount_large")),
        ({"code": "RFF_CUMUL_MAX", "amount": Decimal("10.5")}, ("amount", "scale_amount_decimals")),
        ({"code": "ASP_CSP_TAUX", "amount": Decimal("75")}, ("amount", "scale_amount_large")),
        ({"code": "ASP_CSP_TAUX", "amount": Decimal("0.75001")}, ("amount", "scale_amount_decimals")),
        ({"law": "  "}, ("law", "scale_law")),
        ({"law": "x" * 501}, ("law", "scale_text")),
        ({"source": ""}, ("source", "scale_source")),
        ({"checked_on": date(2026, 4, 21)}, ("checked_on", "checked_on")),
        ({"to_check": True}, ("note", "scale_note")),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    database: Database, world: World, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    assert refused(database, world, **changes) == expected
    with database.reading() as session:
        assert session.exec(select(ScaleValue)).all() == []


def test_two_local_values_never_hold_one_day(database: Database, world: World) -> None:
    with database.writing() as session:
        line = replace(LINE, last=date(2026, 6, 30))
        add_scale_value(session, line, by=world.actors["admin"], at=AT)
    assert refused(database, world) == ("first", "scale_same_day")
    assert refused(database, world, first=date(2026, 6, 30)) == ("first", "scale_overlap")
    assert refused(database, world, first=date(2026, 3, 1), last=date(2026, 4, 1)) == ("last", "scale_overlap")
    with database.writing() as session:
        for line in (replace(LINE, first=date(2026, 7, 1)), replace(LINE, first=date(2026, 3, 1))):
            add_scale_value(session, line, by=world.actors["admin"], at=AT)
        lines = [line for line in scales_of(session).by_code["RFF_PLAFOND"].values if line.is_local]
        assert [(line.first, line.last) for line in lines] == [
            (date(2026, 3, 1), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2026, 6, 30)),
            (date(2026, 7, 1), None),
        ]


def test_a_withdrawn_value_counts_no_more_and_stays_readable(database: Database, world: World) -> None:
    with database.writing() as session:
        number = add_scale_value(session, LINE, by=world.actors["admin"], at=AT).id or 0
    with database.reading() as session:
        found = without(session, number, by=world.actors["admin"]).value("RFF_PLAFOND", DAY)
        assert found is not None and found.amount == Decimal("769.49")
    with pytest.raises(Refusal, match="motif"), database.writing() as session:
        withdraw_scale_value(session, number, motive="  ", by=world.actors["admin"], at=AT)
    with database.writing() as session:
        withdraw_scale_value(session, number, motive="Mauvaise date", by=world.actors["admin"], at=AT)
    with database.reading() as session:
        assert scales_of(session) is shipped_scales()
        [shown] = local_values(session, world.actors["admin"])
        assert (shown.motive, shown.withdrawn_at, shown.withdrawn_by) == ("Mauvaise date", AT, "Compte admin")
    with pytest.raises(Refusal, match="déjà retirée"), database.writing() as session:
        withdraw_scale_value(session, number, motive="encore", by=world.actors["admin"], at=AT)
    with database.writing() as session:  # its first day is free again
        add_scale_value(session, LINE, by=CONSOLE, at=AT)


def test_the_journal_tells_what_held_before_and_after(database: Database, world: World) -> None:
    with database.writing() as session:
        number = add_scale_value(session, LINE, by=world.actors["admin"], at=AT).id or 0
        withdraw_scale_value(session, number, motive="Mauvaise date", by=world.actors["admin"], at=AT)
        later, earlier = history_of(session, "scale_value", number)
        entries = session.exec(select(JournalEntry).where(JournalEntry.object_kind == "scale_value")).all()
    assert ("Valeur", "769,49\u00a0€ par mois", "780,00\u00a0€ par mois") in earlier.changes
    assert "délibération n° 2026-10" in earlier.what
    assert ("Valeur", "780,00\u00a0€ par mois", "769,49\u00a0€ par mois") in later.changes
    assert later.motive == "Mauvaise date"
    assert [entry.object_label for entry in entries] == ["RFF_PLAFOND"] * 2
    assert json.loads(entries[0].changes)["first"] == "2026-04-01"


@pytest.mark.parametrize("who", ["region", "region_signatory", "coordinator", "reader"])
def test_only_the_administrator_dates_values(database: Database, world: World, who: str) -> None:
    with database.writing() as session:
        number = add_scale_value(session, LINE, by=world.actors["admin"], at=AT).id or 0
    with database.writing() as session:
        with pytest.raises(Forbidden):
            add_scale_value(session, replace(LINE, first=date(2027, 1, 1)), by=world.actors[who], at=AT)
        with pytest.raises(Forbidden):
            candidate(session, LINE, by=world.actors[who], at=AT)
        with pytest.raises(Forbidden):
            withdraw_scale_value(session, number, motive="x", by=world.actors[who], at=AT)
        with pytest.raises(Forbidden):
            local_value(session, world.actors[who], number)
        assert len(local_values(session, world.actors[who])) == 1


def test_a_value_that_does_not_exist_is_not_found(database: Database, world: World) -> None:
    with database.writing() as session:
        with pytest.raises(NotFound):
            withdraw_scale_value(session, 12345, motive="x", by=world.actors["admin"], at=AT)
        with pytest.raises(NotFound):
            local_value(session, world.actors["admin"], 12345)


def test_the_database_keeps_the_same_rules(database: Database, world: World) -> None:
    """What a service forgot, the database refuses, in French, at the same field."""
    good = {
        "code": "RFF_PLAFOND",
        "first": date(2026, 4, 1),
        "amount": Decimal(780),
        "law": "x",
        "source": "x",
        "checked_on": DAY,
        "recorded_at": AT,
    }
    broken = {
        "last": {"last": date(2026, 1, 1)},
        "amount": {"amount": Decimal(0)},
        "law": {"law": ""},
        "source": {"source": ""},
        "motive": {"withdrawn_at": AT},
    }
    for name, changes in broken.items():
        with pytest.raises(IntegrityError) as error, database.writing() as session:
            session.add(ScaleValue(**{**good, **changes}))
            session.flush()
        assert refusal_of(error.value).field == name
    with pytest.raises(IntegrityError) as twice, database.writing() as session:
        session.add_all([ScaleValue(**good), ScaleValue(**good)])
        session.flush()
    assert refusal_of(twice.value).field == "first"
    with pytest.raises(Exception, match="four decimals"), database.writing() as session:
        session.add(ScaleValue(**{**good, "amount": Decimal("0.00001")}))
        session.flush()


def test_every_shipped_value_is_one_of_its_unit() -> None:
    assert set(UNITS) == SHIPPED_UNITS
    for scale in shipped_scales().by_code.values():
        for line in scale.values:
            check_value(line.amount, scale.unit)
            assert parse_value(typed_value(line.amount, scale.unit), scale.unit) == line.amount
