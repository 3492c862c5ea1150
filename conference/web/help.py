"""The pages that explain: help, legal notice, accessibility.

The glossary is drawn from the same file as every label of the application, so that the page cannot say otherwise.
"""

from flask import Blueprint, render_template

from conference.data.glossary import groups
from conference.web.access import public, right

pages = Blueprint("help", __name__)

SPOKEN = (
    "measure",
    "entry_kind",
    "commitment_status",
    "entry_source",
    "month_status",
    "role",
    "organisation_kind",
    "parcours_kind",
    "key_situation",
    "step_kind",
    "right_kind",
    "coverage_status",
    "coverage_reason",
    "verdict",
    "scheme",
    "coverage_term",
    "alert_code",
    "alert_status",
    "list_term",
)
"""Chapters of the glossary that a user meets, in the order of their work; the others name tables."""


@pages.get("/aide")
@right("help.read")
def show() -> str:
    """How to do each job, the keyboard, the words, the texts."""
    known = {group.code: group for group in groups()}
    return render_template("help/show.html", glossary=[known[code] for code in SPOKEN])


@pages.get("/mentions-legales")
@public("the law asks that anyone may read it")
def legal() -> str:
    """Who publishes, what is kept, what is written on the reader's machine."""
    return render_template("help/legal.html")


@pages.get("/accessibilite")
@public("the law asks that anyone may read it")
def accessibility() -> str:
    """What was checked, what was not."""
    return render_template("help/accessibility.html")
