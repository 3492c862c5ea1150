"""How does a funder send its file from the page?

In two steps: the file is read and the page says what would be done; confirming does it, on the very file that was shown (a
signed token names its SHA-256, and the account that sent it). Reading and planning take no write lock.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, HiddenField

from conference.data.queries.imports import ShownImport, import_history, import_result
from conference.domain.refusal import Forbidden, NotFound, Refusal
from conference.services.files import keep_file
from conference.services.imports import ReadFile, import_scdl, preview_import, read_file
from conference.services.staging import forget_staged, stage_file, staged_file
from conference.web.access import actor, right
from conference.web.forms import Form, show_refusal
from conference.web.transaction import business, read_apart

pages = Blueprint("imports", __name__)

Answer = AnyResponse | str | tuple[str, int]
SIZE = 50


class FileForm(Form):
    """The file to import."""

    file = FileField("Fichier", description="Conventions de subvention (SCDL), en CSV UTF-8 séparé par des virgules.")


class ConfirmForm(Form):
    """What was shown, and is now confirmed."""

    token = HiddenField()


@pages.get("/echanges")
@right("import.read")
def show_history() -> str:
    """The files that came in."""
    number = max(1, request.args.get("page", 1, type=int))
    shown = import_history(business(), actor(), first=(number - 1) * SIZE, count=SIZE)
    pages_count = max(1, -(-shown.total // SIZE))
    return render_template("import/history.html", shown=shown, page=number, pages=pages_count, size=SIZE)


@pages.get("/echanges/importer")
@right("import.run")
def show_import() -> str:
    """The form."""
    return render_template("import/new.html", form=FileForm(formdata=None))


@pages.post("/echanges/importer")
@right("import.run")
def preview() -> Answer:
    """Read the file, say what would be done; nothing is recorded."""
    form = FileForm()
    try:
        file, content = _sent_file()
        with read_apart() as session:
            report = preview_import(session, file, by=actor())
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        show_refusal(form, Refusal(refusal.message, field="file", code=refusal.code))
        return render_template("import/new.html", form=form), 422
    stage_file(_instance(), content, at=g.at)
    confirm = ConfirmForm(formdata=None, token=_signer().dumps([actor().account_id, file.sha256, file.filename]))
    return render_template(
        "import/preview.html",
        form=confirm,
        file=file,
        report=report,
        refused=grouped(report.refused),
        warnings=grouped(report.warnings),
    )


@pages.post("/echanges/importer/confirmer")
@right("import.run")
def run() -> Answer:
    """Import the file that was shown."""
    form = FileForm(formdata=None)
    try:
        file, content = _confirmed_file(request.form.get("token", ""))
    except Refusal as refusal:
        show_refusal(form, refusal)
        return render_template("import/new.html", form=form), 422
    keep_file(_instance(), content)
    report = import_scdl(business(), file, by=actor(), at=g.at)
    forget_staged(_instance(), file.sha256)
    flash("Le fichier est importé.", "success")
    return redirect(url_for(".show_result", import_id=report.import_file_id))


@pages.get("/echanges/<int:import_id>")
@right("import.read")
def show_result(import_id: int) -> str:
    """What became of a file."""
    found = import_result(business(), actor(), import_id)
    return render_template(
        "import/result.html",
        result=found,
        refused=grouped(found.refused),
        warnings=grouped(found.warnings),
        lines=_lines_address(found.file),
    )


def grouped(remarks: Iterable[Any]) -> list[dict[str, Any]]:
    """Remarks that say the same, together: their message and the numbers of their rows."""
    groups: dict[str, list[int]] = {}
    for remark in remarks:
        told = remark if isinstance(remark, dict) else {"message": remark.message, "row": remark.row}
        groups.setdefault(told["message"], []).append(told["row"])
    return [{"message": message, "rows": rows, "shown": told_rows(rows)} for message, rows in groups.items()]


def told_rows(rows: Sequence[int]) -> str:
    """ "2, 5 à 8 et 12": numbers of rows in French, runs of three or more said by their ends."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0]} à {run[-1]}"] if len(run) > 2 else [str(row) for row in run]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"


def _sent_file() -> tuple[ReadFile, bytes]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal("Choisissez un fichier.", field="file", code="file")
    with closing(sent):  # a large one is a temporary file
        content = sent.stream.read()
    return read_file(sent.filename, content), content


def _confirmed_file(token: str) -> tuple[ReadFile, bytes]:
    try:
        account_id, sha256, filename = _signer().loads(token)
    except (BadSignature, ValueError):
        raise Refusal(
            "Cette confirmation n’est plus valable. Choisissez le fichier de nouveau.", field="file"
        ) from None
    if account_id != actor().account_id:
        raise Refusal("Ce fichier a été montré à un autre compte. Choisissez-le de nouveau.", field="file")
    content = staged_file(_instance(), sha256)
    return read_file(filename, content), content


def _lines_address(file: ShownImport) -> str:
    """The list of these very lines for their funder; for others that funder's lines, of which they see the amounts."""
    if file.funder_id is not None and file.funder_id == actor().organisation_id:
        return url_for("commitment.show_list", fichier=file.id)
    return url_for("commitment.show_list", financeur=file.funder_code)


def _signer() -> URLSafeSerializer:
    key = current_app.secret_key
    assert key is not None
    return URLSafeSerializer(key, salt="import")


def _instance() -> Any:
    return current_app.extensions["settings"].instance
