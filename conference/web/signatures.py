"""The pages of signatures: who signs and who has signed, each means of signing, scans that file themselves, files.

A file is given back as a download, never shown in the page; each means has its own page, which says what it will do.
"""

from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, TextAreaField

from conference.data.queries.convention_facts import facts_of
from conference.data.queries.convention_page import ConventionPage, VersionView, convention_page, may, version_page
from conference.data.queries.signatures import (
    SignatoryView,
    convention_file,
    scan_choices,
    signatories_of_version,
    signatory_version,
    signature_signatory,
)
from conference.domain.file_kinds import ACCEPTED
from conference.domain.french import day_in_france
from conference.domain.refusal import NotFound, Refusal
from conference.services.attachments import Depot, told_size
from conference.services.convention_access import version_of
from conference.services.convention_files import add_annex
from conference.services.files import read_kept
from conference.services.scans import ScanReport, file_by_hand, file_scan
from conference.services.signatories import SignatoryLine, prove_delegation, set_signatories
from conference.services.signing import seal, sign_elsewhere, sign_on_paper, take_back_signature
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, Needed, TextField
from conference.web.forms import Form, at_most, number_or_none, required
from conference.web.line_forms import LinesForm, lines_form, wants_more
from conference.web.parcours import Answer, answer, day_of, shown
from conference.web.transaction import business

pages = Blueprint("signature", __name__)


class SignatoriesForm(LinesForm):
    """Who signs, and whether in that order."""

    ordered = BooleanField("Les signataires signent dans cet ordre")


class FileForm(Form):
    """One file."""

    file = FileField("Fichier")


class PaperForm(Form):
    """A paper that was signed."""

    file_id = ChoiceField("Copie numérisée", [Needed("Choisissez la copie numérisée.")], blank="Choisissez")
    signed_on = DayField("Signée le", [Needed("Indiquez le jour de la signature.")])


class ElsewhereForm(FileForm):
    """A file signed with another tool."""

    signed_on = DayField("Signée le", [Needed("Indiquez le jour de la signature.")])


class SealForm(Form):
    """Nothing to type."""


class MotiveForm(Form):
    """Why a signature is taken back."""

    motive = TextAreaField("Motif", [required("Indiquez le motif."), at_most(500)])


@pages.get("/conventions/<int:convention_id>/signature")
@right("convention.read")
def show(convention_id: int) -> str:
    """Who signs the version at hand, and what is awaited."""
    page = convention_page(business(), actor(), convention_id)
    version = page.opened or page.current
    return render_template(
        "signature/show.html",
        page=page,
        version=version,
        facts=facts_of(business(), version.id),
        signatories=signatories_of_version(business(), actor(), version.id),
        may_file=may(actor(), page, "convention.file"),
        may_take_back=may(actor(), page, "convention.conduct") and version.status in ("to_sign", "signed"),
    )


@pages.route("/conventions/versions/<int:version_id>/signataires", methods=["GET", "POST"])
@right("convention.draft")
def name(version_id: int) -> Answer:
    """Who signs for each party."""
    page, version = version_page(business(), actor(), version_id)
    facts = facts_of(business(), version_id)
    parties = [(each.organisation_id, each.short_name) for each in facts.parties]
    columns = {
        "organisation_id": lambda line: ChoiceField(f"Partie, {line}", choices=parties, blank=""),
        "name": lambda line: TextField(f"Nom, {line}"),
        "function": lambda line: TextField(f"Fonction, {line}"),
        "delegate_of": lambda line: TextField(f"Par délégation de, {line}"),
    }
    known = [
        {name: getattr(each, name) for name in columns}
        for each in signatories_of_version(business(), actor(), version_id)
    ] or [{"organisation_id": number} for number, _ in parties]
    form: Any = lines_form(columns, known, base=SignatoriesForm, version=str(version.version), ordered=facts.ordered)
    if request.method == "POST" and form.validate() and not wants_more():
        try:
            lines = [
                SignatoryLine(
                    line["organisation_id"] or 0, line["name"] or "", line["function"] or "", line["delegate_of"] or ""
                )
                for line in form.typed()
            ]
            seen = number_or_none(form.version.data) or 0
            told = {"ordered": bool(form.ordered.data), "seen": seen, "by": actor(), "at": g.at}
            set_signatories(business(), version_id, lines, **told)
            flash("Signataires enregistrés.", "good")
            return redirect(url_for("convention.show_text", version_id=version_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
            form.version.data = str(version.version)
    return answer("signature/signatories.html", form, page=page, version=version)


@pages.route("/conventions/signataires/<int:signatory_id>/delegation", methods=["GET", "POST"])
@right("convention.file")
def prove(signatory_id: int) -> Answer:
    """Join the delegation of who signs for somebody else."""
    page, version, held = _held(signatory_id)
    form = FileForm()
    if request.method == "POST" and form.validate():
        try:
            prove_delegation(business(), signatory_id, **_sent(), depot=_depot(), by=actor(), at=g.at)
            return _done("Délégation jointe.", page)
        except Refusal as refusal:
            shown(form, refusal)
    return _page("signature/proof.html", form, page, version, held)


@pages.route("/conventions/signataires/<int:signatory_id>/papier", methods=["GET", "POST"])
@right("convention.file")
def on_paper(signatory_id: int) -> Answer:
    """A paper was signed: which scan proves it, and when."""
    page, version, held = _held(signatory_id)
    form = PaperForm()
    form.file_id.choices = [(each.id, each.label) for each in scan_choices(business(), version.id)]
    if request.method == "POST" and form.validate():
        try:
            told = {"signed_on": day_of(form.signed_on), "file_id": form.file_id.data, "by": actor(), "at": g.at}
            sign_on_paper(business(), signatory_id, **told)
            return _done("Signature enregistrée.", page)
        except Refusal as refusal:
            shown(form, refusal)
    return _page("signature/paper.html", form, page, version, held)


@pages.route("/conventions/signataires/<int:signatory_id>/cachet", methods=["GET", "POST"])
@right("convention.sign")
def by_seal(signatory_id: int) -> Answer:
    """Sign by the seal of the instance."""
    page, version, held = _held(signatory_id)
    form = SealForm()
    if request.method == "POST" and form.validate():
        try:
            seal(business(), signatory_id, depot=_depot(), by=actor(), at=g.at)
            return _done("Document scellé\u202f: votre organisme a signé.", page)
        except Refusal as refusal:
            shown(form, refusal)
    return _page("signature/seal.html", form, page, version, held)


@pages.route("/conventions/signataires/<int:signatory_id>/autre-outil", methods=["GET", "POST"])
@right("convention.file")
def elsewhere(signatory_id: int) -> Answer:
    """A file signed with another tool, verified."""
    page, version, held = _held(signatory_id)
    form = ElsewhereForm()
    if request.method == "POST" and form.validate():
        try:
            told = {"signed_on": day_of(form.signed_on), "depot": _depot(), "by": actor(), "at": g.at}
            sign_elsewhere(business(), signatory_id, **_sent(), **told)
            return _done("Signature vérifiée et enregistrée.", page)
        except Refusal as refusal:
            shown(form, refusal)
    return _page("signature/elsewhere.html", form, page, version, held)


@pages.route("/conventions/signatures/<int:signature_id>/retirer", methods=["GET", "POST"])
@right("convention.conduct")
def take_back(signature_id: int) -> Answer:
    """Take a signature back, with a motive; everything is kept."""
    page, version, held = _held(signature_signatory(business(), signature_id))
    form = MotiveForm()
    if request.method == "POST" and form.validate():
        try:
            take_back_signature(business(), signature_id, motive=form.motive.data or "", by=actor(), at=g.at)
            return _done("Signature retirée. Elle reste lisible avec son motif.", page)
        except Refusal as refusal:
            shown(form, refusal)
    return _page("signature/take_back.html", form, page, version, held)


@pages.route("/conventions/numerisations", methods=["GET", "POST"])
@right("convention.file")
def scans() -> Answer:
    """Drop a scan that holds one or several conventions: each page files itself."""
    form, report = FileForm(), None
    if request.method == "POST" and form.validate():
        try:
            report = file_scan(business(), **_sent(), depot=_depot(), by=actor(), at=g.at)
        except Refusal as refusal:
            shown(form, refusal)
    return _scans(form, report)


def _scans(form: FileForm, report: ScanReport | None) -> Answer:
    largest = told_size(current_app.extensions["settings"].attachment_bytes)
    return answer("signature/scans.html", form, report=report, largest=largest, accepted=ACCEPTED)


@pages.route("/conventions/versions/<int:version_id>/numerisation", methods=["GET", "POST"])
@right("convention.file")
def scan_by_hand(version_id: int) -> Answer:
    """File a scan whose codes cannot be read."""
    page, version = version_page(business(), actor(), version_id)
    form = FileForm()
    if request.method == "POST" and form.validate():
        try:
            _, row = version_of(business(), version_id, actor(), "convention.file")
            file_by_hand(business(), row, **_sent(), depot=_depot(), by=actor(), at=g.at)
            return _done("Copie classée.", page)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("signature/by_hand.html", form, page=page, version=version)


@pages.route("/conventions/<int:convention_id>/annexes/ajouter", methods=["GET", "POST"])
@right("convention.file")
def annex(convention_id: int) -> Answer:
    """Join a document."""
    page = convention_page(business(), actor(), convention_id)
    form = FileForm()
    if request.method == "POST" and form.validate():
        try:
            add_annex(business(), convention_id, **_sent(), depot=_depot(), by=actor(), at=g.at)
            flash("Pièce jointe.", "good")
            return redirect(url_for("convention.show", convention_id=convention_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("signature/annex.html", form, page=page)


@pages.get("/conventions/fichiers/<int:file_id>")
@right("convention.read")
def file(file_id: int) -> Response:
    """A file of a convention, as a download."""
    row = convention_file(business(), actor(), file_id)
    content = read_kept(current_app.extensions["settings"].instance, row.sha256)
    return send_file(BytesIO(content), mimetype=row.media_type, download_name=row.filename, as_attachment=True)


def _held(signatory_id: int) -> tuple[ConventionPage, VersionView, SignatoryView]:
    """A signatory with their version and their convention. NotFound when the reader does not reach it."""
    page, version = version_page(business(), actor(), signatory_version(business(), signatory_id))
    found = signatories_of_version(business(), actor(), version.id)
    held = next((each for each in found if each.id == signatory_id), None)
    if held is None:
        raise NotFound()
    return page, version, held


def _page(template: str, form: Any, page: ConventionPage, version: VersionView, held: SignatoryView) -> Answer:
    today: date = day_in_france(g.at)
    return answer(template, form, page=page, version=version, held=held, today=today)


def _done(said: str, page: ConventionPage) -> Response:
    flash(said, "good")
    return redirect(url_for(".show", convention_id=page.id), 303)


def _depot() -> Depot:
    settings = current_app.extensions["settings"]
    return Depot(settings.instance, settings.attachment_bytes, settings.virus_scan_command)


def _sent() -> dict[str, Any]:
    """The file that was sent. Raises Refusal when there is none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal("Choisissez un fichier.", field="file", code="no_file")
    return {"filename": sent.filename, "content": sent.read()}
