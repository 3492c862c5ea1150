"""How are files joined to a commitment and given back?

Given back as a download, never shown in the page: a file is somebody else's bytes. Own lines only.
"""

from contextlib import closing
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from conference.data.queries.attachments import attached_file
from conference.data.queries.commitment_page import commitment_page
from conference.domain.file_kinds import ACCEPTED
from conference.domain.refusal import Forbidden, NotFound, Refusal
from conference.services.attachments import Depot, attach_file, told_size, withdraw_file
from conference.services.files import read_kept
from conference.web.access import actor, right
from conference.web.forms import Form, show_refusal
from conference.web.transaction import business

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
    form, sent = FileForm(), request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Refusal("Choisissez un fichier.", field="file", code="file")
        depot = _depot()
        with closing(sent):  # a large one is a temporary file
            content = sent.stream.read(depot.largest + 1)
        row = attach_file(
            business(), commitment_id, filename=sent.filename, content=content, depot=depot, by=actor(), at=g.at
        )
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
    stored = attached_file(business(), actor(), commitment_id, attachment_id)
    try:
        content = read_kept(current_app.extensions["settings"].instance, stored.sha256)
    except FileNotFoundError:
        raise NotFound() from None
    plain = stored.filename.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(stored.filename, safe='')}"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(content, content_type=stored.media_type, headers=headers)


@pages.post("/engagements/<int:commitment_id>/fichiers/<int:attachment_id>/retirer")
@right("attachment.add")
def withdraw(commitment_id: int, attachment_id: int) -> AnyResponse:
    """Take it off the page; it stays kept."""
    attached_file(business(), actor(), commitment_id, attachment_id)
    row = withdraw_file(business(), attachment_id, by=actor(), at=g.at)
    flash(f"Fichier « {row.filename} » retiré de la page. Il reste conservé.", "success")
    return redirect(url_for("commitment.show", commitment_id=commitment_id))


def _page(form: FileForm, commitment_id: int) -> str:
    line = commitment_page(business(), actor(), commitment_id)
    largest = told_size(_depot().largest)
    return render_template("commitment/attach.html", form=form, line=line, accepted=ACCEPTED, largest=largest)


def _depot() -> Depot:
    settings = current_app.extensions["settings"]
    return Depot(settings.instance, settings.attachment_bytes, settings.virus_scan_command)
