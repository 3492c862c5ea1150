"""How does a funder send its file from the page, and follow it until it is in the ledger?

The upload is kept aside (`services.staging`) and everything that takes time comes after the answer's transaction, no lock
held: at once for a small file, in a process of its own for a large one. The staged file then has one page, which shows the
stage it is at: at work, columns to explain, ready to be confirmed, failed, cancelled; it is the sender's alone.
"""

from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from typing import BinaryIO, cast

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from conference.data.queries.profile import shown_profile
from conference.data.queries.staged import staged_refusals, staged_rows
from conference.data.queries.template import template_values
from conference.documents.template import Template, template_workbook
from conference.domain.file_kinds import XLSX
from conference.domain.french import day_in_france, typeset
from conference.domain.importing.fields import FACTS, Field
from conference.domain.importing.remarks import Unreadable, letter_of
from conference.domain.permissions import Relation, is_granted
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.attachments import told_size
from conference.services.importing.sampling import shown_columns
from conference.services.importing.worker import is_small, start_worker
from conference.services.imports import (
    Place,
    advance,
    cancel_import,
    choose_columns,
    columns_of,
    confirm_import,
    require_import,
    take_names_as_own,
)
from conference.services.staging import Stage, StagedImport, StagedState, find_staged, stage_file
from conference.settings import Settings
from conference.web.access import actor, right
from conference.web.forms import Form, show_refusal
from conference.web.import_words import choices_of, groups_told, progress_told, repeated
from conference.web.imports import refusals_sent
from conference.web.security import up_to
from conference.web.transaction import after_commit, business, database

pages = Blueprint("importing", __name__)

Answer = AnyResponse | str | tuple[str, int]
FIRST_ROWS = 10
_TOLD = (
    *(Field.FUNDER_NAME, Field.FUNDER_SIRET, Field.FUNDER_REFERENCE, Field.BENEFICIARY_NAME, Field.BENEFICIARY_SIRET),
    *(Field.OBJECT, Field.SCHEME, Field.DECISION_REFERENCE),
)
"""What the first rows show besides their date and amount, where one of them holds it."""


class FileForm(Form):
    """The file to import."""

    file = FileField("Fichier")


class ColumnsForm(Form):
    """What each column is; its lists are written by the page, one per column of the file."""


@pages.get("/echanges/importer")
@right("import.run")
def show_import() -> str:
    """The form."""
    require_import(actor())
    return _form_page(FileForm(formdata=None))


@pages.post("/echanges/importer")
@right("import.run")
@up_to("import_bytes")
def send() -> Answer:
    """Keep the file aside and have it read."""
    require_import(actor())
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _form_refused("Choisissez un fichier.", 422)
    with closing(sent):  # a large one is a temporary file
        stream = cast("BinaryIO", sent.stream)
        staged = stage_file(_settings().instance, stream, sent.filename, by=actor(), at=g.at)
    _go_on(staged)
    return _to(staged)


@pages.get("/echanges/modele.xlsx")
@right("import.run")
def template() -> AnyResponse:
    """The conférence's own template, with the lists of today."""
    session, reader = business(), actor()
    values = template_values(session, reader, on=day_in_france(g.at))
    content = template_workbook(Template(shown_profile(session).name, values))
    headers = {"Content-Disposition": 'attachment; filename="modele-engagements.xlsx"'}
    return Response(content, content_type=XLSX, headers=headers)


@pages.errorhandler(RequestEntityTooLarge)
def say_too_large(_error: RequestEntityTooLarge) -> Answer:
    """Larger than the instance takes."""
    if g.get("actor") is None or request.endpoint != f"{pages.name}.send":
        return render_template("errors/error.html", code=413, explanation=""), 413
    return _form_refused(_too_large(), 413)


@pages.get("/echanges/depots/<staged_id>")
@right("import.run")
def show_staged(staged_id: str) -> Answer:
    """Where the file is."""
    staged = _staged(staged_id)
    state = staged.state
    if state.stage is Stage.DONE:
        return redirect(url_for("imports.show_result", import_id=state.import_file_id, fait=1))
    if state.stage is Stage.ASKING:
        return _columns_page(staged, ColumnsForm(formdata=None))
    if state.stage is Stage.READY:
        return _ready_page(staged, state)
    if state.is_at_work:
        stopped = staged.is_stopped(g.at)
        return render_template(
            "import/at_work.html", state=state, stopped=stopped, progress=progress_told(state), here=staged_id
        )
    return render_template("import/over.html", state=state, failed=state.stage is Stage.FAILED)


@pages.get("/echanges/depots/<staged_id>/refus.xlsx")
@right("import.run")
def refused(staged_id: str) -> AnyResponse:
    """The rows that would be refused, each with its reason."""
    staged = _staged(staged_id)
    state = staged.state
    if state.stage is not Stage.READY or not state.refused:
        raise NotFound()
    return refusals_sent(staged.path, state.filename, staged_refusals(staged.rows))


@pages.get("/echanges/depots/<staged_id>/colonnes")
@right("import.run")
def show_columns(staged_id: str) -> Answer:
    """What each column is, to be said again."""
    staged = _staged(staged_id)
    state = staged.state
    if not can_choose_columns(state):
        return _to(staged)
    return _columns_page(staged, ColumnsForm(formdata=None))


@pages.post("/echanges/depots/<staged_id>/colonnes")
@right("import.run")
def choose(staged_id: str) -> Answer:
    """Read the file with these columns, and remember them."""
    staged, form = _staged(staged_id), ColumnsForm()
    if not can_choose_columns(staged.state):
        raise Conflict("Les colonnes de ce fichier ne sont plus demandées. Rechargez la page pour voir où il en est.")
    chosen = _chosen(len(staged.state.sheets[0]["columns"]))
    try:
        choose_columns(business(), staged, chosen, by=actor(), at=g.at)
    except (NotFound, Forbidden, Conflict):
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _columns_page(staged, form, chosen), 422
    _go_on(staged)
    return _to(staged)


@pages.post("/echanges/depots/<staged_id>/importer")
@right("import.run")
def confirm(staged_id: str) -> Answer:
    """Import what was shown."""
    staged = _staged(staged_id)
    confirm_import(staged, by=actor())
    _go_on(staged)
    return _to(staged)


@pages.post("/echanges/depots/<staged_id>/noms")
@right("import.run")
def take_names(staged_id: str) -> Answer:
    """The unknown givers of the file are the sender's own organisation under another name."""
    staged = _staged(staged_id)
    take_names_as_own(staged, by=actor())
    _go_on(staged)
    return _to(staged)


@pages.post("/echanges/depots/<staged_id>/annuler")
@right("import.run")
def cancel(staged_id: str) -> Answer:
    """Record nothing of it."""
    staged = _staged(staged_id)
    cancel_import(staged, by=actor())
    return _to(staged)


@pages.post("/echanges/depots/<staged_id>/reprendre")
@right("import.run")
def resume(staged_id: str) -> Answer:
    """Go on with what a crash interrupted."""
    staged = _staged(staged_id)
    if staged.is_stopped(g.at):
        _go_on(staged)
    return _to(staged)


def can_choose_columns(state: StagedState) -> bool:
    """May the sender say what the columns are? Not of a file in a known format: its columns say it themselves."""
    asked = state.stage in (Stage.ASKING, Stage.READY, Stage.FAILED) and bool(state.sheets)
    return asked and (state.stage is Stage.ASKING or state.profile == "own") and actor().organisation_id is not None


def _ready_page(staged: StagedImport, state: StagedState) -> str:
    rows = staged_rows(staged.rows, FIRST_ROWS)
    by = actor()
    foreign = next((group for group in rows.refused if group.code == "forbidden_funder"), None)
    may_take = foreign is not None and not state.own_names and is_granted(by, "import.run", Relation.OWN)
    return render_template(
        "import/ready.html",
        state=state,
        brings=state.created + state.adjusted,
        amount=Decimal(state.accepted),
        letter=letter_of,
        rows=rows,
        refused=groups_told(rows.refused),
        warnings=groups_told(rows.warnings),
        notes=rows.notes,
        sheets=[(sheet["name"], columns_of(sheet)) for sheet in state.sheets],
        facts=FACTS,
        told=[field for field in _TOLD if any(getattr(row, field.value) for _, row in rows.grants)],
        foreign=foreign if may_take and not is_granted(by, "import.run", Relation.OTHER) else None,
        can_choose=can_choose_columns(state),
        refused_address=url_for(".refused", staged_id=state.id),
    )


def _columns_page(staged: StagedImport, form: ColumnsForm, chosen: tuple[Field | None, ...] | None = None) -> str:
    state = staged.state
    try:
        columns = shown_columns(staged)
    except Unreadable as refusal:
        return render_template("import/over.html", state=replace(state, message=refusal.message), failed=True)
    picked = chosen if chosen is not None else tuple(column.field for column in columns)
    twice = repeated(chosen or ())
    return render_template(
        "import/columns.html",
        state=state,
        form=form,
        faulty=next((f"colonne-{i}" for i, field in enumerate(picked) if field in twice), "colonne-0"),
        columns=[(column, field, field in twice) for column, field in zip(columns, picked, strict=True)],
        choices=choices_of(),
        facts=FACTS,
        sheet=state.sheets[0]["name"],
    )


def _chosen(count: int) -> tuple[Field | None, ...]:
    known = {field.value: field for field in Field}
    return tuple(known.get(request.form.get(f"colonne-{i}", "")) for i in range(count))


def _form_page(form: FileForm) -> str:
    largest = _settings().import_bytes
    return render_template(
        "import/new.html",
        form=form,
        largest=largest,
        told_largest=told_size(largest),
        too_large=_too_large(),
        template=url_for(".template"),
    )


def _too_large() -> str:
    largest = told_size(_settings().import_bytes)
    return typeset(
        f"Ce fichier dépasse {largest} : il n’est pas lu. Partagez-le en plusieurs fichiers, ou gardez la seule feuille à "
        "importer."
    )


def _form_refused(sentence: str, status: int) -> tuple[str, int]:
    form = FileForm(formdata=None)
    show_refusal(form, Refusal(sentence, field="file"))
    return _form_page(form), status


def _go_on(staged: StagedImport) -> None:
    """Once this request holds no lock: at once for a small file, else in a process of its own."""
    place, by, at = Place(database(), _settings().instance), actor(), g.at

    def errand() -> None:
        if is_small(staged):
            advance(place, staged, by=by, at=at)
        else:
            start_worker(_settings(), staged)

    after_commit(errand)


def _to(staged: StagedImport) -> AnyResponse:
    return redirect(url_for(".show_staged", staged_id=staged.folder.name))


def _staged(staged_id: str) -> StagedImport:
    return find_staged(_settings().instance, staged_id, actor())


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
