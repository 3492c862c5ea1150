"""How does somebody begin a convention: from nothing, from needs, from a plan, from a handoff?

From what is known it is one gesture, which leads to the draft; from nothing, a kind, a title and the parties.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from conference.data.glossary import labels
from conference.data.queries.choices import organisation_choices
from conference.domain.convention import ConventionKind, PartyRole
from conference.domain.permissions import Role
from conference.domain.refusal import Refusal
from conference.services.convention_origins import draft_from_gaps, draft_from_handoff, draft_from_plan
from conference.services.convention_terms import PartyLine, Terms
from conference.services.conventions import draft_convention
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField
from conference.web.forms import number_or_none
from conference.web.line_forms import LinesForm, lines_form, wants_more
from conference.web.parcours import Answer, answer, shown
from conference.web.transaction import business

pages = Blueprint("convention_new", __name__)


class NewForm(LinesForm):
    """What a draft begins with."""

    kind = ChoiceField("Type de convention", [Needed("Choisissez le type de convention.")], blank="Choisissez")
    title = TextField("Intitulé", [Needed("Donnez un titre à la convention.")], longest=300)
    first = DayField("Premier jour")
    last = DayField("Dernier jour", description="Ce jour est compris.")
    ceiling = EurosField("Plafond", description="L’enveloppe que les engagements ne dépassent pas. Vide\u202f: aucune.")


@pages.route("/conventions/nouvelle", methods=["GET", "POST"])
@right("convention.draft")
def create() -> Answer:
    """A draft with the articles of its kind."""
    organisations = [(each.id, each.label) for each in organisation_choices(business(), actor())]
    roles = list(labels("party_role").items())
    columns = {
        "organisation_id": lambda line: ChoiceField(f"Organisme, {line}", choices=organisations, blank=""),
        "role": lambda line: ChoiceField(f"Rôle, {line}", choices=roles, blank=""),
    }
    mine = actor().organisation_id
    first = [{"organisation_id": mine, "role": "funder"}] if mine and actor().role is not Role.COORDINATOR else []
    form: Any = lines_form(columns, first, base=NewForm)
    form.kind.choices = list(labels("convention_kind").items())
    if request.method == "POST" and form.validate() and not wants_more():
        try:
            version = draft_convention(
                business(),
                kind=ConventionKind(form.kind.data),
                terms=Terms(form.title.data or "", form.first.data, form.last.data, form.ceiling.data),
                parties=_parties(form),
                by=actor(),
                at=g.at,
            )
            return _drafted(version)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("convention/new.html", form)


def _parties(form: LinesForm) -> list[PartyLine]:
    lines = []
    for line in form.typed():
        if line["organisation_id"] is None or line["role"] is None:
            raise Refusal("Choisissez l’organisme et le rôle de chaque partie.", code="party")
        lines.append(PartyLine(line["organisation_id"], PartyRole(line["role"])))
    return lines


@pages.post("/conventions/nouvelle/besoins")
@right("convention.draft")
def from_gaps() -> Response:
    """From the gaps of a selection."""
    return _drafted(draft_from_gaps(business(), request.form.get("selection", "")[:1000], by=actor(), at=g.at))


@pages.post("/conventions/nouvelle/relais/<int:handoff_id>")
@right("convention.draft")
def from_handoff(handoff_id: int) -> Response:
    """From a handoff."""
    return _drafted(draft_from_handoff(business(), handoff_id, by=actor(), at=g.at))


@pages.post("/conventions/nouvelle/plan")
@right("convention.draft")
def from_plan() -> Response:
    """From the plan of a step or of a collective action."""
    step_id, action_id = (number_or_none(request.form.get(name)) for name in ("etape", "action"))
    return _drafted(draft_from_plan(business(), step_id=step_id, action_id=action_id, by=actor(), at=g.at))


def _drafted(version: Any) -> Response:
    flash("Convention en projet\u202f: relisez chaque article et complétez ce qui manque.", "good")
    return redirect(url_for("convention.show_text", version_id=version.id), 303)
