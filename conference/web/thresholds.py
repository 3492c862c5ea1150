"""The page of the delays and thresholds that the conférence chooses.

One field each, with its default; blank goes back to it. They act at the next change of a parcours, at the nightly run, or at
once when somebody asks for it.
"""

import os
import socket
import threading
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.data.glossary import definition, label
from conference.data.queries.runs import last_detection
from conference.data.queries.thresholds import thresholds_of
from conference.domain.french import format_number
from conference.domain.refusal import Refusal
from conference.domain.thresholds import THRESHOLDS
from conference.services.recalculation import MOST, recalculate
from conference.services.thresholds import set_threshold
from conference.web.access import actor, right
from conference.web.fields import WholeField
from conference.web.forms import Form, show_refusal
from conference.web.transaction import business, database

pages = Blueprint("threshold", __name__)
Answer = str | Response | tuple[str, int]
SERVE = "Ils servent dès le prochain calcul : recalculez maintenant, ou laissez la nuit le faire."
UNITS = {"days": "jours", "working_days": "jours ouvrés", "months": "mois", "euros": "€", "percent": "%"}


@pages.route("/administration/seuils", methods=["GET", "POST"])
@right("limit.manage")
def show() -> Answer:
    """Every delay and threshold, to read and to change."""
    form = _form()
    if request.method == "POST" and form.validate():
        try:
            for each in THRESHOLDS:
                set_threshold(business(), each.code, form[each.code].data, by=actor(), at=g.at)
            flash(f"Délais et seuils enregistrés. {SERVE}", "good")
            return redirect(url_for(".show"), 303)
        except Refusal as refusal:
            show_refusal(form, refusal)
    page = render_template(
        "thresholds/show.html",
        form=form,
        thresholds=THRESHOLDS,
        units=UNITS,
        last=last_detection(business(), actor()),
        most=MOST,
    )
    return (page, 422) if form.errors else page


@pages.post("/administration/seuils/recalculer")
@right("limit.manage")
def ask_again() -> Response:
    """Ask again at once the parcours that changed values concern. The detection writes by itself: this request holds no
    right to write."""
    owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_ident()}"
    report = recalculate(database(), by=actor(), at=g.at, owner=owner)
    if report.said is not None:
        flash(f"Recalcul terminé. {report.said}", "good")
    elif report.is_held:
        flash("Un recalcul est déjà demandé. Son résultat se lit ici dès qu’il est terminé.", "warning")
    else:
        flash(f"Plus de {format_number(MOST)} parcours sont à recalculer : ils le seront cette nuit.", "warning")
    return redirect(url_for(".show"), 303)


def _form() -> Any:
    chosen = thresholds_of(business())
    fields = {
        each.code: WholeField(
            label("threshold", each.code),
            default=chosen[each.code],
            description=(
                f"{definition('threshold', each.code)} De {format_number(each.least)} à {format_number(each.most)} ; "
                f"vide, la valeur d’origine, {format_number(each.default)}."
            ),
        )
        for each in THRESHOLDS
    }
    return type("ThresholdsForm", (Form,), fields)()
