"""The page *Alertes*: what to settle first?

Filter in the address: `statut` (`ouvertes`, by default, `fermees` or `toutes`).
"""

from flask import Blueprint, g, render_template, request

from conference.data.glossary import definition, label
from conference.data.queries.alerts import alert_list
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("alert", __name__)

STATUSES = {"ouvertes": "open", "fermees": "closed", "toutes": "all"}
NAMES = {"ouvertes": "Ouvertes", "fermees": "Fermées", "toutes": "Toutes"}


@pages.get("/alertes")
@right("alert.list")
def show() -> str:
    """The alerts that the reader may read, the nearest day first."""
    asked = request.args.get("statut", "")
    chosen = asked if asked in STATUSES else "ouvertes"
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
    return render_template(
        "alerts/list.html",
        found=alert_list(business(), actor(), status=STATUSES[chosen], page=number),
        chosen=chosen,
        names=NAMES,
        label=label,
        definition=definition,
        at=g.at,
    )
