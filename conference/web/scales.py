"""Which values and which rules of the law hold on a day, by which text, and how sure are they?

Everyone with an account reads them. Days without a known value are said in words, with the day: nothing is extended.
"""

from datetime import date

from flask import Blueprint, g, render_template, request

from conference.data.queries.scales import local_values, scales_of
from conference.domain.french import day_in_france
from conference.domain.permissions import Relation, is_granted, is_granted_somewhere
from conference.domain.refusal import NotFound
from conference.domain.scales import Scale, Scales
from conference.web.access import actor, right
from conference.web.fields import DayField
from conference.web.forms import Form
from conference.web.scale_words import line_rows, rule_rows, scale_rows, used_by
from conference.web.transaction import business

pages = Blueprint("scales", __name__, url_prefix="/administration/baremes")


class DayForm(Form):
    """The day that is looked at."""

    class Meta(Form.Meta):
        """It changes nothing: its address can be shared."""

        csrf = False

    jour = DayField("En vigueur le", description="Vide : aujourd’hui.")


@pages.get("")
@right("scale.read")
def show() -> str:
    """What is in force on the day of the address."""
    form = DayForm(request.args)
    day = _day(form)
    scales = scales_of(business())
    return render_template(
        "scales/index.html",
        form=form,
        day=day,
        rows=scale_rows(scales, day),
        rules=rule_rows(scales, day),
        latest=local_values(business(), actor())[:5],
        scales=scales,
        may_ask_again=is_granted_somewhere(actor(), "limit.manage"),
    )


@pages.get("/<code>")
@right("scale.read")
def show_scale(code: str) -> str:
    """All the dated lines of one scale."""
    form = DayForm(request.args)
    day = _day(form)
    scales = scales_of(business())
    scale = scale_called(scales, code)
    local = local_values(business(), actor(), code)
    return render_template(
        "scales/show.html",
        day=day,
        today=day_in_france(g.at),
        scale=scale,
        current=scale.on(day),
        rows=line_rows(scale, local),
        withdrawn=[each for each in local if each.withdrawn_at is not None],
        used_by=used_by(scales, code),
        may_edit=is_granted(actor(), "scale.edit", Relation.OTHER),
    )


def _day(form: DayForm) -> date:
    form.validate()
    day: date | None = form.jour.data
    return day or day_in_france(g.at)


def scale_called(scales: Scales, code: str) -> Scale:
    """The scale of that code. NotFound when there is none."""
    if code not in scales.by_code:
        raise NotFound()
    return scales.by_code[code]
