"""`conference totals`: the shared ledger in figures."""

from typing import Any

import click

from conference.cli.opening import example, json_option, open_instance, print_json
from conference.data.queries.totals import AXES, Totals
from conference.domain.ledger import Balance
from conference.services.totals import totals_of_years

SHOWN = ("committed", "paid", "still_to_pay")
DETAIL = ("forecast", "commitment", "release", "settlement", "order", "payment", "repayment")


@click.command(
    "totals", epilog=example("conference totals --by funder,month --year 2026", "conference totals --by scheme --json")
)
@click.option("--by", "axes", default="funder,month", show_default=True, help=f"Any of {', '.join(AXES)}.")
@click.option(
    "--year", "years", type=click.IntRange(1950, 2100), multiple=True, help="Booked in this year; repeatable."
)
@json_option
def totals_command(axes: str, years: tuple[int, ...], as_json: bool) -> None:
    """Sums of the ledger: committed, paid and still to pay, in euros.

    What a funder transfers to another one is counted once in the shared total: sum of funders − internal transfers.
    """
    by = tuple(axis.strip() for axis in axes.split(",") if axis.strip())
    if unknown := [axis for axis in by if axis not in AXES]:
        raise click.BadParameter(f"unknown axis {', '.join(unknown)}; known: {', '.join(AXES)}", param_hint="--by")
    with open_instance() as instance, instance.database.reading() as session:
        found = totals_of_years(session, by, years)
    if as_json:
        print_json(document(found, years))
    else:
        click.echo("\n".join(table(found)))


def document(found: Totals, years: tuple[int, ...]) -> dict[str, Any]:
    """The JSON document: amounts are strings in euros, months `YYYY-MM`."""
    rows = [dict(zip(found.by, map(_shown, row.key), strict=True)) | figures(row.gross) for row in found.rows]
    return {
        "by": list(found.by),
        "year": years[0] if len(years) == 1 else list(years) or None,
        "rows": rows,
        "sum_of_funders": figures(found.sum_of_funders),
        "internal_transfers": figures(found.internal_transfers),
        "total": figures(found.shared_total),
    }


def figures(balance: Balance) -> dict[str, str]:
    """The three sums and what they are made of, as strings in euros."""
    return {name: f"{getattr(balance, name):.2f}" for name in (*SHOWN, *DETAIL)}


def table(found: Totals) -> list[str]:
    """Lines of text: one per row, then the three sums."""
    rows = [(*map(str, map(_shown, row.key)), *_amounts(row.gross)) for row in found.rows]
    blanks = ("",) * (len(found.by) - 1)
    sums = (
        ("sum of funders", found.sum_of_funders),
        ("internal transfers", found.internal_transfers),
        ("shared total", found.shared_total),
    )
    everything = [(*found.by, *SHOWN), *rows, *((label, *blanks, *_amounts(balance)) for label, balance in sums)]
    widths = [max(len(cell) for cell in column) for column in zip(*everything, strict=True)]
    keys = len(found.by)
    return [
        "  ".join(c.ljust(w) if i < keys else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in everything
    ]


def _amounts(balance: Balance) -> tuple[str, ...]:
    return tuple(f"{getattr(balance, name):.2f}" for name in SHOWN)


def _shown(value: Any) -> Any:
    return f"{value:%Y-%m}" if hasattr(value, "month") else value
