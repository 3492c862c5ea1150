"""Where does nobody pay, for how many days and how much: the table the conférence decides on?

The table by two axes, the gaps behind each of its sums, and what can be done from a group of them: propose handoffs, or
prepare the figures of a convention. Who may read the needs but no parcours sees sums only, and opens none.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from conference.data.glossary import label
from conference.data.queries.convention_figures import convention_figures
from conference.data.queries.gaps import PAGE, Candidate, candidates, gaps_behind
from conference.data.queries.need_selection import reads_all
from conference.data.queries.needs import needs_by, scheme_members
from conference.documents.svg import chart_svg
from conference.domain.needs import Need, NeedAxis, NeedTable
from conference.domain.permissions import is_granted_somewhere
from conference.web.access import actor, right
from conference.web.forms import page_number
from conference.web.need_chart import by_month
from conference.web.need_filters import AXES, ROOT, Asked, GroupForm, asked_of, group_form, need_form, words_in_force
from conference.web.transaction import business

pages = Blueprint("need", __name__)


@dataclass(frozen=True)
class Cell:
    """A sum (None: hidden), and the address of its gaps (None: the reader opens none)."""

    need: Need | None
    href: str | None


@dataclass(frozen=True)
class Row:
    """A row of the table, or its margin: its name, its cells, the margin after the last."""

    label: str
    cells: tuple[Cell, ...]


@pages.get(ROOT)
@right("need.read")
def show() -> str:
    """The table."""
    form = need_form(business(), request.args)
    may_open = is_granted_somewhere(actor(), "alert.list")
    if not form.validate():
        return render_template("need/table.html", form=form, asked=None, words=[], table=None, may_open=may_open)
    asked, (rows, columns) = asked_of(form), form.axes
    table = needs_by(business(), actor(), asked.filters, rows, columns, threshold=screen_threshold())
    axes = {"lignes": form.lignes.data, "colonnes": form.colonnes.data}
    months = by_month(business(), actor(), asked, table, (rows, columns), threshold=screen_threshold())
    return render_template(
        "need/table.html",
        form=form,
        asked=asked,
        words=words_in_force(form, asked, "", **axes),
        table=table,
        rows=shown_rows(table, asked, rows, columns),
        axes=axes,
        months=months,
        drawing=Markup(chart_svg(months.chart, "mois")) if months else None,
        threshold=screen_threshold(),
        hides=not reads_all(actor()),
        may_open=may_open,
        may_propose=is_granted_somewhere(actor(), "handoff.propose"),
    )


@pages.get(f"{ROOT}/trous")
@right("alert.list")
def gaps() -> str:
    """The gaps behind a sum: those of the parcours that the reader reaches, the others together."""
    form, asked = _selected()
    found = None
    if asked is not None:
        page = page_number(request.args.get("page"))
        found = gaps_behind(business(), actor(), asked.filters, threshold=screen_threshold(), page=page)
    return render_template(
        "need/gaps.html",
        form=form,
        asked=asked,
        words=words_in_force(form, asked, "/trous") if asked else [],
        found=found,
        size=PAGE,
        payers={each.code: each.label for each in scheme_members().values()},
        label=label,
        threshold=screen_threshold(),
        may_propose=is_granted_somewhere(actor(), "handoff.propose"),
    )


@pages.get(f"{ROOT}/relais")
@right("handoff.propose")
def relays() -> str:
    """The steps of a selection that the reader's organisation could hand over, each with its form."""
    form, asked = _selected()
    page = page_number(request.args.get("page"))
    page, found, count = (page, (), 0) if asked is None else _candidates(asked, page)
    return render_template(
        "need/relays.html",
        form=form,
        asked=asked,
        words=words_in_force(form, asked, "/relais") if asked else [],
        found=found,
        count=count,
        page=page,
        size=PAGE,
    )


@pages.get(f"{ROOT}/convention")
@right("alert.list")
def convention() -> str:
    """Persons, days and euros by month and possible payer, never a name."""
    form, asked = _selected()
    figures = None
    if asked is not None:
        figures = convention_figures(business(), actor(), asked.filters, threshold=screen_threshold())
    return render_template(
        "need/convention.html",
        form=form,
        asked=asked,
        words=words_in_force(form, asked, "/convention") if asked else [],
        figures=figures,
        threshold=screen_threshold(),
        may_draft=is_granted_somewhere(actor(), "convention.draft"),
    )


def _selected() -> tuple[GroupForm, Asked | None]:
    form = group_form(business(), request.args)
    return form, asked_of(form) if form.validate() else None


def _candidates(asked: Asked, page: int) -> tuple[int, tuple[Candidate, ...], int]:
    """The page asked for, or the last one."""
    found, count = candidates(business(), actor(), asked.filters, page=page)
    last = max(1, -(-count // PAGE))
    if page > last:
        page, (found, count) = last, candidates(business(), actor(), asked.filters, page=last)
    return page, found, count


def shown_rows(table: NeedTable, asked: Asked, rows: NeedAxis, columns: NeedAxis) -> tuple[list[Row], Row]:
    """The rows with their margins, then the row of the sums of columns."""
    opens = is_granted_somewhere(actor(), "alert.list")

    def cell(row: str | None, column: str | None) -> Cell:
        need = table.find(row, column)
        opened = opens and (need is None or need.days)
        return Cell(need, asked.gaps({rows: row, columns: column}) if opened else None)

    across = [*(each.code for each in table.columns), None]
    body = [Row(each.label, tuple(cell(each.code, column) for column in across)) for each in table.rows]
    return body, Row("Total", tuple(cell(None, column) for column in across))


def screen_threshold() -> int:
    """Persons under which a sum is hidden on a screen."""
    found: int = current_app.extensions["settings"].persons_threshold
    return found


def axis_name(axis: NeedAxis) -> str:
    """What an axis is called."""
    return next(name for each, name in AXES.values() if each is axis)
