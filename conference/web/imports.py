"""Which files have come in, what became of each, and how is one undone?

The page of a file says what was created, changed, refused and why; the file itself and its refused rows can be had again
by those whose lines they are; undoing has its own page, which says what will happen.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from conference.data.queries.imports import ShownImport, import_history, import_result, refused_remarks, shown_import
from conference.domain.file_kinds import XLSX
from conference.domain.french import format_number, typeset
from conference.domain.importing.remarks import Remark
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.files import file_path
from conference.services.importing.refused import write_refusals
from conference.services.importing.undo import plan_undo, undo_import
from conference.services.importing.waiting import waiting_imports
from conference.web.access import actor, right
from conference.web.fields import Needed, TextField
from conference.web.forms import Form, show_refusal
from conference.web.import_words import groups_told, stage_told
from conference.web.transaction import business

pages = Blueprint("imports", __name__)

Answer = AnyResponse | str | tuple[str, int]
SIZE = 50
KEPT = 50
"""Lines that an undoing would leave, named on its page."""


class UndoForm(Form):
    """Why an import is annulled."""

    motive = TextField("Motif de l’annulation", [Needed("Indiquez le motif de l’annulation.")], longest=500)


@pages.get("/echanges")
@right("import.read")
def show_history() -> str:
    """The files that came in."""
    number = min(max(1, request.args.get("page", 1, type=int)), 10**6)
    shown = import_history(business(), actor(), first=(number - 1) * SIZE, count=SIZE)
    pages_count = max(1, -(-shown.total // SIZE))
    waiting = [(state, stage_told(state)) for state in waiting_imports(_instance(), actor())] if number == 1 else []
    return render_template(
        "import/history.html", shown=shown, waiting=waiting, page=number, pages=pages_count, size=SIZE
    )


@pages.get("/echanges/<int:import_id>")
@right("import.read")
def show_result(import_id: int) -> str:
    """What became of a file."""
    found = import_result(business(), actor(), import_id)
    return render_template(
        "import/result.html",
        result=found,
        file=found.file,
        refused=groups_told(found.refused),
        warnings=groups_told(found.warnings),
        lines=_lines_address(found.file),
        refused_address=url_for(".refused", import_id=import_id),
        fresh=request.args.get("fait") == "1",
    )


@pages.get("/echanges/<int:import_id>/fichier")
@right("import.read")
def download(import_id: int) -> AnyResponse:
    """The file as it was sent."""
    file = _opened(import_id)
    path = file_path(_instance(), file.sha256)
    if not path.is_file():
        raise NotFound()
    return attached(path, file.filename)


@pages.get("/echanges/<int:import_id>/refus.xlsx")
@right("import.read")
def refused(import_id: int) -> AnyResponse:
    """The refused rows, each with its reason: to be corrected and sent again."""
    file = _opened(import_id)
    source = file_path(_instance(), file.sha256)
    if not (file.refused and source.is_file()):
        raise NotFound()
    return refusals_sent(source, file.filename, refused_remarks(business(), actor(), import_id))


@pages.get("/echanges/<int:import_id>/annuler")
@right("import.undo")
def show_undo(import_id: int) -> Answer:
    """What undoing would do."""
    file = shown_import(business(), actor(), import_id)
    if file.undone_at is not None:
        return redirect(url_for(".show_result", import_id=import_id))
    return _undo_page(UndoForm(formdata=None), file)


@pages.post("/echanges/<int:import_id>/annuler")
@right("import.undo")
def undo(import_id: int) -> Answer:
    """Annul what the file brought."""
    file, form = shown_import(business(), actor(), import_id), UndoForm()
    if not form.validate():
        return _undo_page(form, file), 422
    try:
        report = undo_import(business(), import_id, motive=form.motive.data or "", by=actor(), at=g.at)
    except (NotFound, Forbidden, Conflict):
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _undo_page(form, file), 422
    back = "une ligne revenue" if report.undone == 1 else f"{format_number(report.undone)} lignes revenues"
    flash(typeset(f"L’import est annulé : {back} en arrière."), "success")
    return redirect(url_for(".show_result", import_id=import_id))


def _undo_page(form: UndoForm, file: ShownImport) -> str:
    plan = plan_undo(business(), file.id, by=actor())
    return render_template(
        "import/undo.html",
        form=form,
        file=file,
        undone=plan.undone,
        people=plan.people,
        kept=plan.kept[:KEPT],
        kept_count=len(plan.kept),
    )


def _opened(import_id: int) -> ShownImport:
    """The file, for those to whom its whole content may be shown. Raises NotFound."""
    file = shown_import(business(), actor(), import_id)
    if not file.can_open:
        raise NotFound()
    return file


def refusals_sent(source: Path, filename: str, remarks: Iterable[Remark]) -> AnyResponse:
    """A workbook of the refused rows of the file at `source`."""
    with TemporaryDirectory(prefix="conference-") as folder:
        made = Path(folder) / "refus.xlsx"
        write_refusals(made, source=source, filename=filename, remarks=remarks)
        return attached(made, f"refus-{PurePath(filename).stem}.xlsx", XLSX)


def attached(path: Path, filename: str, kind: str = "application/octet-stream") -> AnyResponse:
    """A file to keep, never shown in the page: it is somebody else's bytes. Sent in blocks, and may be removed meanwhile."""
    file = path.open("rb")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
        "Content-Length": str(path.stat().st_size),
    }
    answer = Response(_blocks(file), content_type=kind, headers=headers)
    answer.call_on_close(file.close)
    return answer


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(1 << 18):
            yield block


def _lines_address(file: ShownImport) -> str:
    """The list of these very lines for their funder; for others that funder's lines, of which they see the amounts."""
    if file.funder_id is not None and file.funder_id == actor().organisation_id:
        return url_for("commitment.show_list", fichier=file.id)
    return url_for("commitment.show_list", financeur=file.funder_code)


def _instance() -> Path:
    found: Path = current_app.extensions["settings"].instance
    return found
