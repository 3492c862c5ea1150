"""How are files joined to a commitment or to a parcours, and given back?

Given back as a download, never shown in the page: a file is somebody else's bytes. A file of a parcours may name the person:
its funders alone have it, and each download is noted as a nominative reading.
"""

from contextlib import closing
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from conference.data.queries.attachments import StoredFile, attached_file, parcours_file
from conference.data.queries.commitment_page import commitment_page
from conference.domain.file_kinds import ACCEPTED
from conference.domain.refusal import Forbidden, NotFound, Refusal
from conference.services.attachments import (
    Depot,
    attach_file,
    attach_to_parcours,
    told_size,
    withdraw_file,
    withdraw_from_parcours,
)
from conference.services.files import read_kept
from conference.services.identities import note_reading
from conference.web.access import actor, right
from conference.web.forms import Form, show_refusal
from conference.web.parcours import reached
from conference.web.transaction import after_business, business

pages = Blueprint("attachment", __name__)

Answer = AnyResponse | str | tuple[str, int]


class FileForm(Form):
    """One file."""

    file = FileField("Fichier")


@pages.get("/engagements/<int:commitment_id>/fichiers/ajouter")
@right("attachment.add")
def show_add(commitment_id: int) -> str:
    """The form."""
    return _page(FileForm(formdata=None), commitment_id)


@pages.post("/engagements/<int:commitment_id>/fichiers/ajouter")
@right("attachment.add")
def add(commitment_id: int) -> Answer:
    """Check and keep the file."""
    form = FileForm()
    try:
        row = attach_file(business(), commitment_id, **_sent(), depot=_depot(), by=actor(), at=g.at)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(form, commitment_id), 422
    flash(f"Fichier « {row.filename} » joint.", "success")
    return redirect(url_for("commitment.show", commitment_id=commitment_id))


@pages.get("/engagements/<int:commitment_id>/fichiers/<int:attachment_id>")
@right("attachment.read")
def download(commitment_id: int, attachment_id: int) -> Response:
    """The bytes, to save."""
    return _download(attached_file(business(), actor(), commitment_id, attachment_id))


@pages.post("/engagements/<int:commitment_id>/fichiers/<int:attachment_id>/retirer")
@right("attachment.add")
def withdraw(commitment_id: int, attachment_id: int) -> AnyResponse:
    """Take it off the page; it stays kept."""
    attached_file(business(), actor(), commitment_id, attachment_id)
    row = withdraw_file(business(), attachment_id, by=actor(), at=g.at)
    flash(f"Fichier « {row.filename} » retiré de la page. Il reste conservé.", "success")
    return redirect(url_for("commitment.show", commitment_id=commitment_id))


@pages.get("/parcours/<int:parcours_id>/fichiers/ajouter")
@right("parcours.attach")
def show_add_to_parcours(parcours_id: int) -> str:
    """The form."""
    return _parcours_page(FileForm(formdata=None), parcours_id)


@pages.post("/parcours/<int:parcours_id>/fichiers/ajouter")
@right("parcours.attach")
def add_to_parcours(parcours_id: int) -> Answer:
    """Check and keep the file."""
    reached(parcours_id)
    form = FileForm()
    try:
        row = attach_to_parcours(business(), parcours_id, **_sent(), depot=_depot(), by=actor(), at=g.at)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _parcours_page(form, parcours_id), 422
    flash(f"Fichier « {row.filename} » joint.", "success")
    return redirect(url_for("parcours.show", parcours_id=parcours_id))


@pages.get("/parcours/<int:parcours_id>/fichiers/<int:attachment_id>")
@right("parcours.attach")
def download_of_parcours(parcours_id: int, attachment_id: int) -> Response:
    """The bytes, to save; who had them is noted."""
    stored = parcours_file(business(), actor(), parcours_id, attachment_id)
    reader, at, subject = actor(), g.at, reached(parcours_id).pseudonym
    after_business(
        lambda session: note_reading(session, subject=subject, detail="pièce jointe", persons=1, by=reader, at=at)
    )
    return _download(stored)


@pages.post("/parcours/<int:parcours_id>/fichiers/<int:attachment_id>/retirer")
@right("parcours.attach")
def withdraw_of_parcours(parcours_id: int, attachment_id: int) -> AnyResponse:
    """Take it off the page; it stays kept until the parcours is anonymised."""
    parcours_file(business(), actor(), parcours_id, attachment_id)
    row = withdraw_from_parcours(business(), attachment_id, by=actor(), at=g.at)
    flash(f"Fichier « {row.filename} » retiré de la page. Il reste conservé.", "success")
    return redirect(url_for("parcours.show", parcours_id=parcours_id))


def _sent() -> dict[str, Any]:
    """The name and the bytes that were sent. Raises Refusal when there is no file."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal("Choisissez un fichier.", field="file", code="file")
    with closing(sent):  # a large one is a temporary file
        return {"filename": sent.filename, "content": sent.stream.read(_depot().largest + 1)}


def _download(stored: StoredFile) -> Response:
    try:
        content = read_kept(current_app.extensions["settings"].instance, stored.sha256)
    except FileNotFoundError:
        raise NotFound() from None
    plain = stored.filename.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(stored.filename, safe='')}"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(content, content_type=stored.media_type, headers=headers)


def _parcours_page(form: FileForm, parcours_id: int) -> str:
    return render_template(
        "parcours/attach.html",
        form=form,
        parcours=reached(parcours_id),
        accepted=ACCEPTED,
        largest=told_size(_depot().largest),
    )


def _page(form: FileForm, commitment_id: int) -> str:
    line = commitment_page(business(), actor(), commitment_id)
    largest = told_size(_depot().largest)
    return render_template("commitment/attach.html", form=form, line=line, accepted=ACCEPTED, largest=largest)


def _depot() -> Depot:
    settings = current_app.extensions["settings"]
    return Depot(settings.instance, settings.attachment_bytes, settings.virus_scan_command)
