"""Of which articles are the conventions of this conférence made, and how does a coordinator date another text?

A version is written whole: the page shows it filled with an invented convention before it is saved, and what it changes of the
version before. Nothing is edited in place; a version that proves wrong is withdrawn with a motive.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from conference.data.glossary import labels
from conference.data.queries.article_library import ArticlePage, article_page, library_rows, own_version
from conference.data.queries.journal import history_of
from conference.domain.article_example import EXAMPLE
from conference.domain.article_library import AVENANT, LibraryLine
from conference.domain.article_text import VARIABLES, filled, variables_of
from conference.domain.convention import ArticleRole
from conference.domain.convention_changes import compared_texts
from conference.domain.french import day_in_france
from conference.domain.permissions import Relation, is_granted
from conference.domain.refusal import NotFound, Refusal
from conference.services.article_library import (
    LAST_POSITION,
    LONGEST_MOTIVE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    ArticleLine,
    checked_article,
    kinds_in_words,
    record_article,
    withdraw_article,
)
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, Needed, TextField, WholeField
from conference.web.forms import Form, at_most, required, show_refusal
from conference.web.transaction import business, read_apart

pages = Blueprint("article_library", __name__, url_prefix="/conventions/bibliotheque")

Answer = Response | str | tuple[str, int]
_VARIABLE = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")


class LibraryFilters(Form):
    """Which articles are looked at."""

    class Meta(Form.Meta):
        """It changes nothing: its address can be shared."""

        csrf = False

    type = ChoiceField("Type de convention", blank="Tous")
    objet = ChoiceField("Objet", blank="Tous")


class VersionForm(Form):
    """A version to date."""

    role = ChoiceField("Objet", [Needed("Choisissez l’objet de l’article.")], blank="Choisissez")
    title = TextField("Titre", [Needed("Indiquez le titre de l’article.")], longest=LONGEST_TITLE)
    text = TextAreaField(
        "Texte",
        [required("Écrivez le texte de l’article."), at_most(LONGEST_TEXT)],
        description="Une ligne vide sépare deux paragraphes ; un tiret au début d’une ligne fait une liste.",
    )
    first = DayField("En vigueur à partir du", [Needed("Indiquez le premier jour de cette version.")])
    kinds = SelectMultipleField(
        "Types de convention",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="Aucun coché : tous les types, sauf l’ouverture d’un avenant.",
    )
    position = WholeField(
        "Place",
        [Needed("Indiquez la place de l’article.")],
        description=f"De 1 à {LAST_POSITION} : les articles d’un modèle se suivent dans cet ordre.",
    )
    required = BooleanField("Obligatoire", description="Une convention de ces types ne peut pas s’en passer.")


class WithdrawForm(Form):
    """Why a version is withdrawn."""

    motive = StringField("Motif", [required("Indiquez le motif du retrait."), at_most(LONGEST_MOTIVE)])


@pages.get("")
@right("library.read")
def show() -> str:
    """The articles in force today, all or those of a model."""
    form = LibraryFilters(request.args)
    form.type.choices, form.objet.choices = list(_kinds().items()), list(labels("article_role").items())
    form.validate()
    kind, role = (field.data if not field.errors and field.data else "" for field in (form.type, form.objet))
    rows = library_rows(business(), actor(), on=day_in_france(g.at), kind=kind, role=role)
    return render_template(
        "article_library/list.html",
        form=form,
        rows=rows,
        kind=_kinds().get(kind, ""),
        is_filtered=bool(kind or role),
        may_edit=_may_edit(),
        kinds_in_words=kinds_in_words,
    )


@pages.get("/articles/<code>")
@right("library.read")
def show_article(code: str) -> str:
    """One article: as it reads today, how it read, where it was used."""
    page = article_page(business(), actor(), code, on=day_in_france(g.at))
    shown = page.current or page.latest
    return render_template(
        "article_library/article.html",
        page=page,
        shown=shown,
        text=worded(shown.text),
        versions=_compared(page),
        today=day_in_france(g.at),
        may_edit=_may_edit(),
        kinds_in_words=kinds_in_words,
    )


@pages.get("/nouveau")
@right("library.edit")
def show_new() -> Answer:
    """The form of a new article."""
    return _form_page(_with_choices(VersionForm(first=day_in_france(g.at), position=100)), None)


@pages.post("/nouveau")
@right("library.edit")
def add() -> Answer:
    """Show the article as it would read, or save it."""
    return _record(_with_choices(VersionForm()), None)


@pages.get("/articles/<code>/nouvelle-version")
@right("library.edit")
def show_version(code: str) -> Answer:
    """The form of a new version, which begins with the text in force."""
    line = _line_of(code)
    values = {name: getattr(line, name) for name in ("title", "text", "position", "required")}
    form = VersionForm(**values, role=str(line.role), first=day_in_france(g.at), kinds=sorted(line.kinds))
    return _form_page(_with_choices(form), line)


@pages.post("/articles/<code>/nouvelle-version")
@right("library.edit")
def add_version(code: str) -> Answer:
    """Show the version as it would read, or save it."""
    line = _line_of(code)
    form = _with_choices(VersionForm())
    form.role.data = str(line.role)
    return _record(form, line)


@pages.get("/versions/<int:article_id>/retirer")
@right("library.edit")
def show_withdraw(article_id: int) -> Answer:
    """What withdrawing a version does."""
    return _withdraw_page(article_id, WithdrawForm())


@pages.post("/versions/<int:article_id>/retirer")
@right("library.edit")
def withdraw(article_id: int) -> Answer:
    """Withdraw it, with its motive."""
    form = WithdrawForm()
    if not form.validate():
        return _withdraw_page(article_id, form), 422
    try:
        row = withdraw_article(business(), article_id, motive=form.motive.data or "", by=actor(), at=g.at)
    except NotFound:
        raise
    except Refusal as refusal:
        business().rollback()
        show_refusal(form, refusal)
        return _withdraw_page(article_id, form), 422
    flash("La version est retirée. Les conventions déjà rédigées gardent leur texte.", "good")
    return redirect(url_for("article_library.show_article", code=row.code), 303)


def worded(text: str) -> list[list[tuple[bool, str]]]:
    """The paragraphs of a text, each in parts (is it a variable, its meaning or the words)."""
    return [
        [
            (bool(place % 2), VARIABLES.get(part, part) if place % 2 else part.replace("{{", "{").replace("}}", "}"))
            for place, part in enumerate(_VARIABLE.split(paragraph))
            if part
        ]
        for paragraph in text.split("\n\n")
    ]


def _record(form: VersionForm, before: LibraryLine | None) -> Answer:
    if not form.validate():
        return _form_page(form, before), 422
    line = _typed(form, before)
    try:
        if "preview" in request.form:
            with read_apart() as session:
                wanted = checked_article(session, line, by=actor(), at=g.at)
            return _form_page(form, before, wanted)
        row = record_article(business(), line, by=actor(), at=g.at)
    except NotFound:
        raise
    except Refusal as refusal:
        business().rollback()
        show_refusal(form, refusal)
        return _form_page(form, before), 422
    flash("L’article est enregistré. Les conventions rédigées à partir de son premier jour l’emploieront.", "good")
    return redirect(url_for("article_library.show_article", code=row.code), 303)


def _typed(form: VersionForm, before: LibraryLine | None) -> ArticleLine:
    return ArticleLine(
        code=before.code if before else "",
        first=form.first.data,
        role=ArticleRole(form.role.data),
        position=form.position.data,
        title=form.title.data or "",
        text=form.text.data or "",
        kinds=frozenset(form.kinds.data or ()),
        required=bool(form.required.data),
    )


def _form_page(form: VersionForm, before: LibraryLine | None, wanted: LibraryLine | None = None) -> str:
    values = variables_of(EXAMPLE)
    preview = wanted and replace(wanted, title=filled(wanted.title, values), text=filled(wanted.text, values))
    return render_template(
        "article_library/form.html",
        form=form,
        before=before,
        preview=preview,
        changes=compared_texts(before.text, wanted.text) if before and wanted else None,
        variables=VARIABLES,
        values=values,
    )


def _withdraw_page(article_id: int, form: WithdrawForm) -> str:
    with read_apart() as session:
        version = own_version(session, actor(), article_id)
        history = history_of(session, "library_article", article_id)
    return render_template(
        "article_library/withdraw.html", version=version, form=form, history=history, text=worded(version.line.text)
    )


def _line_of(code: str) -> LibraryLine:
    """What a new version begins with: the text in force, or the latest that was."""
    with read_apart() as session:
        page = article_page(session, actor(), code, on=day_in_france(g.at))
    return page.current or page.latest


def _compared(page: ArticlePage) -> list[tuple[Any, Any]]:
    """Each version with what it changes of the one before it that stands."""
    standing = [each for each in page.versions if each.withdrawn_at is None]
    rows = []
    for version in page.versions:
        before = next((each for each in standing if each.line.first < _day(version)), None)
        changes = compared_texts(before.line.text, version.line.text) if before else None
        rows.append((version, changes))
    return rows


def _day(version: Any) -> date:
    first: date = version.line.first
    return first


def _with_choices(form: VersionForm) -> VersionForm:
    form.role.choices = list(labels("article_role").items())
    form.kinds.choices = list(_kinds().items())
    return form


def _kinds() -> dict[str, str]:
    return {**labels("convention_kind"), AVENANT: "Ouverture d’un avenant"}


def _may_edit() -> bool:
    return is_granted(actor(), "library.edit", Relation.OTHER)
