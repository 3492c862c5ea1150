"""`conference totals` prints what the ledger says, as text and as one JSON document."""

from datetime import date

from conference.data.session import Database
from tests.cli.conftest import Console
from tests.seeds import commit, make_world

ZERO = dict.fromkeys(
    (
        "committed",
        "paid",
        "still_to_pay",
        "forecast",
        "commitment",
        "release",
        "settlement",
        "order",
        "payment",
        "repayment",
    ),
    "0.00",
)


def _engaged(amount: str) -> dict[str, str]:
    return {**ZERO, "committed": amount, "commitment": amount, "still_to_pay": amount}


def test_totals_by_funder_and_month_with_a_transfer(bare_console: Console, database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "1000.00", to_funder_id=world["opco"])
        commit(session, world, "opco", "1000.00", date(2026, 4, 1))
        commit(session, world, "opco", "7.00", date(2025, 12, 31))
    answer = bare_console("totals", "--by", "funder,month", "--year", "2026", "--json")
    assert answer.code == 0
    assert answer.json == {
        "by": ["funder", "month"],
        "year": 2026,
        "rows": [
            {"funder": "opco", "month": "2026-04", **_engaged("1000.00")},
            {"funder": "region", "month": "2026-03", **_engaged("1000.00")},
        ],
        "sum_of_funders": _engaged("2000.00"),
        "internal_transfers": _engaged("1000.00"),
        "total": _engaged("1000.00"),
    }


def test_years_apart_are_added(bare_console: Console, database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        for day, amount in ((date(2024, 1, 5), "1.00"), (date(2025, 1, 5), "20.00"), (date(2026, 1, 5), "300.00")):
            commit(session, world, "region", amount, day)
    answer = bare_console("totals", "--by", "funder", "--year", "2024", "--year", "2026", "--json")
    assert answer.json["year"] == [2024, 2026]
    assert answer.json["rows"] == [{"funder": "region", **_engaged("301.00")}]


def test_totals_as_text(bare_console: Console, database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "1234.50")
    assert bare_console("totals").out.splitlines() == [
        "funder              month    committed  paid  still_to_pay",
        "region              2026-03    1234.50  0.00       1234.50",
        "sum of funders                 1234.50  0.00       1234.50",
        "internal transfers                0.00  0.00          0.00",
        "shared total                   1234.50  0.00       1234.50",
    ]


def test_unknown_axis_is_misuse(console: Console) -> None:
    answer = console("totals", "--by", "funder,colour")
    assert answer.code == 2
    assert "unknown axis colour" in answer.err
