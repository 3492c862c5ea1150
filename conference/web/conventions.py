"""The pages of conventions: the list, one convention, its texts, and the steps of its life.

A convention is drawn from its facts (`convention_facts`), the same as its document; what the reader may do of it
comes from the table of transitions and the matrix. Each step that undoes something has its own page, which asks for
the motive.
"""

from io import BytesIO

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from conference.data.glossary import labels
from conference.data.journal_labels import verb_label
from conference.data.queries.convention_facts import facts_of
from conference.data.queries.convention_money import consumption
from conference.data.queries.convention_page import (
    ConventionPage,
    VersionView,
    article_views,
    convention_of_code,
    convention_page,
    frozen_sha256,
    may,
    may_move,
    version_page,
)
from conference.data.queries.conventions import ConventionFilters, convention_list, tab_counts
from conference.domain.article_text import filled, variables_of
from conference.domain.convention import ConventionStatus
from conference.domain.convention_changes import differences
from conference.domain.french import day_in_france
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import NotFound, Refusal
from conference.services.convention_life import faults, move, put_to_sign, rendered, resume, suspend
from conference.services.conventions import begin_avenant, renew_convention
from conference.services.files import read_kept
from conference.web.access import actor, right
from conference.web.forms import Form, at_most, page_number, required
from conference.web.parcours import Answer, answer, shown
from conference.web.transaction import business

pages = Blueprint("convention", __name__)
TABS = {
    "toutes": "Toutes",
    "en-preparation": "En préparation",
    "a-signer": "À signer",
    "en-vigueur": "En vigueur",
    "finissent": "Finissent bientôt",
    "terminees": "Terminées",
}
BADGES = {
    "draft": "neutral",
    "in_review": "info",
    "to_sign": "warning",
    "signed": "good",
    "active": "good",
    "suspended": "warning",
    "settled": "neutral",
    "terminated": "bad",
    "abandoned": "neutral",
}
VERBS = {
    "mettre-en-relecture": "submit",
    "remettre-en-projet": "return",
    "reprendre": "take_back",
    "abandonner": "abandon",
}
"""Moves of a version by their word in addresses."""
_WORDS = ", ".join(f"'{word}'" for word in VERBS)
ASKS = {
    "submit": (
        "Mettre en relecture",
        "Les parties relisent le texte\u202f; une observation ouvre l’article qu’elle vise.",
    ),
    "return": ("Remettre en projet", "Le texte redevient modifiable en entier."),
    "take_back": (
        "Reprendre le texte",
        "Le texte n’est plus à signer et revient en relecture. Le document déjà figé est gardé.",
    ),
    "abandon": ("Abandonner", "Ce texte n’aura pas de suite. Il reste lisible avec son motif."),
    "suspend": ("Suspendre la convention", "Aucun engagement n’est plus pris à ce titre jusqu’à la reprise."),
}


class MotiveForm(Form):
    """Why something is undone."""

    motive = TextAreaField("Motif", [required("Indiquez le motif."), at_most(1000)])


class PlainForm(Form):
    """Nothing to type."""


@pages.get("/conventions")
@right("convention.list")
def show_list() -> str:
    """Conventions that the reader sees: `etat`, `type`, `q`, `page`."""
    asked = request.args.get("etat", "")
    kind = request.args.get("type", "")
    filters = ConventionFilters(
        on=day_in_france(g.at),
        tab=asked if asked in TABS else "toutes",
        kind=kind if kind in labels("convention_kind") else "",
        words=request.args.get("q", "").strip()[:100],
    )
    found = convention_list(business(), actor(), filters, page=page_number(request.args.get("page")))
    return render_template(
        "convention/list.html",
        found=found,
        filters=filters,
        tabs=TABS,
        counts=tab_counts(business(), actor(), filters),
        kinds=labels("convention_kind"),
        badges=BADGES,
        may_draft=is_granted_somewhere(actor(), "convention.draft"),
        may_read_library=is_granted_somewhere(actor(), "library.read"),
    )


@pages.get("/conventions/<int:convention_id>")
@right("convention.read")
def show(convention_id: int) -> str:
    """One convention: what it says now, its chain, its files, its history."""
    page = convention_page(business(), actor(), convention_id)
    shown_version = page.current
    return render_template(
        "convention/show.html",
        page=page,
        version=shown_version,
        facts=facts_of(business(), shown_version.id),
        badges=BADGES,
        may_draft=may(actor(), page, "convention.draft"),
        may_conduct=may(actor(), page, "convention.conduct"),
        moves=_moves(page, page.opened) if page.opened else [],
        verb_label=verb_label,
        consumed=consumption(business(), actor(), [convention_id]).get(convention_id),
    )


@pages.get("/conventions/versions/<int:version_id>")
@right("convention.read")
def show_text(version_id: int) -> str:
    """The whole text of a version, article by article, with what is asked of each."""
    page, version = version_page(business(), actor(), version_id)
    facts = facts_of(business(), version_id)
    values = variables_of(facts)
    articles = article_views(business(), version_id)
    may_draft = may(actor(), page, "convention.draft")
    status = ConventionStatus(version.status)
    return render_template(
        "convention/text.html",
        page=page,
        version=version,
        facts=facts,
        articles=articles,
        texts={each.id: filled(each.text, values) for each in articles},
        badges=BADGES,
        may_draft=may_draft,
        in_draft=may_draft and status is ConventionStatus.DRAFT,
        in_review=may_draft and status is ConventionStatus.IN_REVIEW,
        moves=_moves(page, version),
        lacks=faults(business(), version_id) if status in (ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW) else [],
    )


@pages.get("/conventions/versions/<int:version_id>/document")
@right("convention.read")
def document(version_id: int) -> Response:
    """The PDF: the bytes that were frozen, or the draft as it reads now."""
    page, version = version_page(business(), actor(), version_id)
    name = f"{page.reference.replace(' ', '-')}{f'-A{version.rank}' if version.rank else ''}.pdf"
    facts = facts_of(business(), version_id)
    if facts.is_draft or version.frozen_at is None:
        content, _ = rendered(business(), version_id, _address(), is_draft=True)
    else:
        content = read_kept(current_app.extensions["settings"].instance, frozen_sha256(business(), version_id))
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=name, as_attachment=False)


@pages.get("/conventions/versions/<int:version_id>/comparaison")
@right("convention.read")
def compare(version_id: int) -> str:
    """What a version changes of the one before it, side by side."""
    page, version = version_page(business(), actor(), version_id)
    before = next((each for each in reversed(page.versions) if each.rank < version.rank and each.signed_on), None)
    if before is None:
        raise NotFound()
    found = differences(facts_of(business(), before.id), facts_of(business(), version_id))
    return render_template("convention/compare.html", page=page, version=version, before=before, found=found)


@pages.route(f"/conventions/versions/<int:version_id>/<any({_WORDS}):verb>", methods=["GET", "POST"])
@right("convention.read")
def step(version_id: int, verb: str) -> Answer:
    """One step of the life of a version, with its motive where it undoes something."""
    page, version = version_page(business(), actor(), version_id)
    move_verb = VERBS[verb]
    if not may_move(actor(), page, version.status, move_verb):
        raise NotFound()
    form = PlainForm() if move_verb == "submit" else MotiveForm()
    if request.method == "POST" and form.validate():
        try:
            motive = form.motive.data if isinstance(form, MotiveForm) else ""
            move(business(), version_id, move_verb, motive=motive or "", by=actor(), at=g.at)
            flash(f"{ASKS[move_verb][0]}\u202f: c’est fait.", "good")
            return redirect(url_for(".show_text", version_id=version_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    title, said = ASKS[move_verb]
    back = url_for(".show_text", version_id=version_id)
    return answer("convention/step.html", form, page=page, title=title, said=said, back=back)


@pages.route("/conventions/versions/<int:version_id>/mettre-a-la-signature", methods=["GET", "POST"])
@right("convention.conduct")
def freeze(version_id: int) -> Answer:
    """Freeze a version and put it to signature."""
    page, version = version_page(business(), actor(), version_id)
    if not may_move(actor(), page, version.status, "put_to_sign"):
        raise NotFound()
    form = PlainForm()
    settings = current_app.extensions["settings"]
    if request.method == "POST" and form.validate():
        try:
            put_to_sign(business(), version_id, instance=settings.instance, address=_address(), by=actor(), at=g.at)
            flash("Le texte est figé. Les signatures sont attendues.", "good")
            return redirect(url_for(".show", convention_id=page.id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("convention/freeze.html", form, page=page, version=version, lacks=faults(business(), version_id))


@pages.route("/conventions/<int:convention_id>/suspendre", methods=["GET", "POST"])
@right("convention.conduct")
def hold(convention_id: int) -> Answer:
    """Suspend a convention."""
    page = convention_page(business(), actor(), convention_id)
    if not may_move(actor(), page, page.status, "suspend"):
        raise NotFound()
    form = MotiveForm()
    if request.method == "POST" and form.validate():
        try:
            suspend(business(), convention_id, motive=form.motive.data or "", by=actor(), at=g.at)
            flash("Convention suspendue.", "good")
            return redirect(url_for(".show", convention_id=convention_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    title, said = ASKS["suspend"]
    return answer(
        "convention/step.html", form, page=page, title=title, said=said, back=url_for(".show", convention_id=page.id)
    )


@pages.post("/conventions/<int:convention_id>/relancer")
@right("convention.conduct")
def go_on(convention_id: int) -> Response:
    """Resume a suspended convention."""
    resume(business(), convention_id, by=actor(), at=g.at)
    flash("Convention reprise\u202f: elle reçoit de nouveau des engagements.", "good")
    return redirect(url_for(".show", convention_id=convention_id), 303)


@pages.post("/conventions/<int:convention_id>/avenant")
@right("convention.draft")
def amend(convention_id: int) -> Response:
    """Begin an avenant: a copy of the whole in force."""
    version = begin_avenant(business(), convention_id, by=actor(), at=g.at)
    flash("Avenant en projet\u202f: modifiez ce qui change, le reste est repris tel quel.", "good")
    return redirect(url_for(".show_text", version_id=version.id), 303)


@pages.post("/conventions/<int:convention_id>/renouveler")
@right("convention.draft")
def renew(convention_id: int) -> Response:
    """Draft the convention that follows this one."""
    version = renew_convention(business(), convention_id, by=actor(), at=g.at)
    flash(
        "Nouvelle convention en projet\u202f: mêmes termes, dates décalées. Relisez les montants et les parties.",
        "good",
    )
    return redirect(url_for(".show_text", version_id=version.id), 303)


@pages.get("/C/<number>/<int:rank>/<mark>/<place>")
@right("convention.read")
def from_code(number: str, rank: int, mark: str, place: str) -> Response:
    """Where the code at the foot of a page leads: the version whose page it is."""
    page = convention_page(business(), actor(), convention_of_code(business(), actor(), number))
    version = next((each for each in page.versions if each.rank == rank), page.current)
    return redirect(url_for(".show_text", version_id=version.id))


def _moves(page: ConventionPage, version: VersionView) -> list[tuple[str, str]]:
    """(word of the address, label) of the steps that the reader may have a version make."""
    found = [(word, ASKS[verb][0]) for word, verb in VERBS.items() if may_move(actor(), page, version.status, verb)]
    if may_move(actor(), page, version.status, "put_to_sign"):
        found.insert(0, ("mettre-a-la-signature", "Mettre à la signature"))
    return found


def _address() -> str:
    return str(current_app.extensions["settings"].public_url)
