"""The pages *Tableau de bord*: who spends what on whom, how does it compare, where are the holes, who has not sent?

Four pages over the same filters: the whole, by one axis, two axes crossed, and who funds what. Each reads its cells once for
the period and once for the same months a year earlier; its tables, drawings and exports are made from these.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, g, render_template, request
from markupsafe import Markup

from conference.data.glossary import definition, label
from conference.data.queries.cells import known_until, read_cells
from conference.data.queries.completeness import funders_that_sent, sent_by_funder
from conference.data.queries.dashboard import booked_years, budgets_of, own_funder_code
from conference.data.queries.precautions import precautions
from conference.data.queries.views import kept_views
from conference.documents.chart import Chart, Flows
from conference.documents.svg import chart_svg
from conference.domain.figures import LIST_AXES, Axis, Measure, Sums, change
from conference.domain.french import day_in_france
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import NotFound
from conference.web.access import actor, right
from conference.web.dashboard_charts import AXES, chart_of, flows_chart, left_out, stacked_chart
from conference.web.dashboard_crossing import crossed_table
from conference.web.dashboard_filters import (
    WORD_OF,
    WORDS,
    Asked,
    CrossingForm,
    DashboardForm,
    asked_of,
    crossing_form,
    dashboard_form,
    words_in_force,
)
from conference.web.dashboard_tables import (
    Told,
    axis_table,
    completeness_table,
    flows_table,
    funders_table,
)
from conference.web.transaction import business

pages = Blueprint("dashboard", __name__)
Answer = str | tuple[str, int]


@dataclass(frozen=True)
class Selection:
    """What the address asks for: its form, and what it says when it can be read."""

    form: DashboardForm
    asked: Asked | None
    today: date

    def told(self, *axes: Axis, compared: Collection[Axis] | None = None) -> Told:
        """The cells by `axes`, and those of a year earlier by `compared` (the same axes; none of them: not read)."""
        if self.asked is None:
            raise ValueError("the address cannot be read")
        session, before = business(), self.asked.before if compared is None or compared else None
        return Told(
            self.asked,
            read_cells(session, self.asked.filters, axes=axes),
            read_cells(session, before, axes=axes if compared is None else compared) if before else None,
            current_app.extensions["settings"].persons_threshold,
        )


def selection() -> Selection:
    """The selection of this request's address."""
    return _selection(dashboard_form(business(), request.args, day_in_france(g.at)))


def crossed_selection() -> tuple[CrossingForm, Selection]:
    """The selection of this request's address, and the form that says what it crosses."""
    form = crossing_form(business(), request.args, day_in_france(g.at))
    return form, _selection(form)


def _selection(form: DashboardForm) -> Selection:
    session, reader, today = business(), actor(), day_in_france(g.at)
    if not form.validate():
        return Selection(form, None, today)
    opens = is_granted_somewhere(reader, "commitment.list")
    until, own = known_until(session, today), own_funder_code(session, reader)
    return Selection(form, asked_of(form, until, opens_lines=opens, own_code=own), today)


@pages.get("/tableau-de-bord")
@right("dashboard.read")
def show() -> Answer:
    """The whole: key figures, by funder, by month, who has sent what, précautions."""
    found = selection()
    asked = found.asked
    if asked is None:
        return _page(found, "show", ""), 422
    period = Axis.MONTH if asked.filters.by_month else Axis.YEAR
    by_set, by_time = found.told(Axis.FUNDER, *LIST_AXES, compared=(Axis.FUNDER,)), found.told(period)
    return _page(
        found,
        "show",
        "",
        cards=_cards(by_set),
        ever=_ever(asked),
        funders=funders_table(by_set, year_budgets(asked)),
        months=axis_table(by_time, period),
        parts=crossed_table(by_set, Axis.FUNDER, Axis.NATURE, Measure.COMMITTED, name="parts"),
        partly=left_out(by_time, period),
        months_drawing=_drawn(chart_of(by_time, period), "mois"),
        parts_drawing=_drawn(stacked_chart(by_set, Axis.FUNDER, Axis.NATURE), "parts"),
        sent=completeness_table(sent_by_funder(business(), asked.filters), asked.period),
        **_completeness(asked),
        notes=precautions(business(), asked.filters, today=found.today, cells=by_set.now),
    )


@pages.get("/tableau-de-bord/par/<word>")
@right("dashboard.read")
def by_axis(word: str) -> Answer:
    """By one axis. 404 for a word that names none."""
    if word not in WORDS:
        raise NotFound()
    axis, found = WORDS[word], selection()
    if found.asked is None:
        return _page(found, "axis", f"/par/{word}", axis=axis), 422
    told = found.told(axis)
    made = funders_table(told, year_budgets(found.asked)) if axis is Axis.FUNDER else axis_table(told, axis)
    return _page(
        found,
        "axis",
        f"/par/{word}",
        axis=axis,
        shown=made,
        drawing=_drawn(chart_of(told, axis), "axe"),
        partly=left_out(told, axis),
        **_completeness(found.asked),
    )


@pages.get("/tableau-de-bord/croiser")
@right("dashboard.read")
def crossing() -> Answer:
    """A measure by two axes."""
    form, found = crossed_selection()
    if found.asked is None:
        return _page(found, "crossing", "/croiser"), 422
    rows, columns, measure = form.crossed
    told = found.told(rows, columns, compared=())
    return _page(
        found,
        "crossing",
        "/croiser",
        shown=crossed_table(told, rows, columns, measure),
        by_funder=Axis.FUNDER in (rows, columns),
        **_completeness(found.asked),
    )


@pages.get("/tableau-de-bord/flux")
@right("dashboard.read")
def flows() -> Answer:
    """Who funds what, for whom."""
    found = selection()
    if found.asked is None:
        return _page(found, "flows", "/flux"), 422
    told = found.told(Axis.FUNDER, Axis.SCHEME, Axis.AUDIENCE, compared=())
    drawing = _drawn(flows_chart(told.now, found.asked.period), "flux", height=560)
    return _page(found, "flows", "/flux", shown=flows_table(told), drawing=drawing, **_completeness(found.asked))


def _cards(told: Told) -> list[dict[str, Any]]:
    """The key figures: shared total, with the same months a year earlier."""
    now, before = told.now.total().shared, told.before.total().shared if told.before else None
    href = told.asked.lines()
    cards: list[dict[str, Any]] = [
        {
            "code": each.value,
            "label": label("measure", each),
            "definition": definition("measure", each),
            "amount": now.of(each),
            "before": before.of(each) if before else None,
            "change": change(now.of(each), before.of(each) if before else None),
            "href": href,
        }
        for each in told.measures()
    ]
    return [*cards, _persons_card(told, now, before, href)]


def _persons_card(told: Told, now: Sums, before: Sums | None, href: str | None) -> dict[str, Any]:
    count, earlier = told.persons(now), None if before is None else told.persons(before)
    known = isinstance(count, int) and isinstance(earlier, int)  # what is masked tells no change
    return {
        "code": "persons",
        "label": label("measure", "persons"),
        "definition": definition("measure", "persons"),
        "href": href,
        "count": count,
        "before": earlier,
        "change": change(Decimal(now.persons), Decimal(before.persons)) if known and before else None,
    }


def year_budgets(asked: Asked) -> dict[str, Decimal]:
    """What each funder means to spend in the year asked, by code; nothing when more than one is."""
    first, last = asked.filters.first_month, asked.filters.last_month
    return budgets_of(business(), first.year) if first and last and first.year == last.year else {}


def _ever(asked: Asked) -> Decimal | None:
    """What is still to pay of all years, beside that of a period."""
    if not asked.filters.by_month:
        return None
    whole = replace(asked.filters, first_month=None, last_month=None)
    return read_cells(business(), whole, axes=()).total().shared.still_to_pay


def _completeness(asked: Asked) -> dict[str, int]:
    present, expected = funders_that_sent(business(), asked.filters)
    return {"present": present, "expected": expected}


def _drawn(chart: Chart | Flows, prefix: str, height: float = 300) -> Markup:
    return Markup(chart_svg(chart, prefix, height=height))


def _page(found: Selection, name: str, path: str, **context: Any) -> str:
    asked = found.asked
    return render_template(
        f"dashboard/{name}.html",
        form=found.form,
        asked=asked,
        path=path,
        words=words_in_force(found.form, asked, path) if asked else [],
        views=kept_views(business(), actor()),
        has_entries=bool(booked_years(business())),
        tabs=_tabs(asked, path),
        exports=lambda name, kind: _export(asked, path, name, kind),
        extra={name: request.args[name] for name in ("lignes", "colonnes", "mesure") if request.args.get(name)},
        **context,
    )


def _export(asked: Asked | None, path: str, table: str, kind: str) -> str:
    """Address of a table as a file."""
    words: dict[str, str | None] = {"tableau": table}
    if table == "axe":
        words["axe"] = path.removeprefix("/par/") if path else ("mois" if asked and asked.filters.by_month else "annee")
    if table == "croisement":
        words |= {name: request.args.get(name) for name in ("lignes", "colonnes", "mesure")}
    return asked.page(f"/export.{kind}", **words) if asked else ""


def _tabs(asked: Asked | None, path: str) -> list[tuple[str, str, bool]]:
    def address(way: str) -> str:
        return asked.page(way) if asked else f"/tableau-de-bord{way}"

    axes = [(label("axis", axis), f"/par/{WORD_OF[axis]}") for axis in AXES]
    entries = [("Ensemble", ""), *axes, ("Croiser", "/croiser"), ("Qui finance quoi", "/flux")]
    return [(name, address(way), way == path) for name, way in entries]
