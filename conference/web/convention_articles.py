"""The pages of an article: write it again, see who wrote what, ask for a change, say what became of it.

Who saves over somebody else's writing is shown both texts side by side, theirs still in the form: the next saving is made
against what they have now read.
"""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from conference.data.glossary import labels
from conference.data.queries.convention_facts import facts_of
from conference.data.queries.convention_page import article_of, article_views, version_page, writings
from conference.domain.article_text import VARIABLES, filled, variables_of
from conference.domain.convention import ArticleRole
from conference.domain.convention_changes import compared_texts
from conference.domain.refusal import Conflict, Refusal
from conference.services.convention_articles import (
    LONGEST_COMMENT,
    LONGEST_TEXT,
    StaleWriting,
    add_article,
    comment_article,
    move_article,
    remove_article,
    resolve_comment,
    write_article,
)
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, Needed, TextField
from conference.web.forms import Form, at_most, number_or_none, required
from conference.web.parcours import Answer, answer, shown
from conference.web.transaction import business

pages = Blueprint("convention_article", __name__)


class ArticleForm(Form):
    """The words of an article."""

    title = TextField("Titre", [Needed("Donnez un titre à l’article.")])
    text = TextAreaField(
        "Texte",
        [required("Écrivez le texte de l’article."), at_most(LONGEST_TEXT)],
        description="Une ligne vide sépare deux paragraphes. Les mots entre accolades sont remplacés dans le document.",
    )
    writing = HiddenField()


class NewArticleForm(Form):
    """An article of one's own."""

    role = ChoiceField("Objet de l’article", [Needed("Choisissez l’objet de l’article.")], blank="Choisissez")
    title = TextField("Titre", [Needed("Donnez un titre à l’article.")])
    text = TextAreaField("Texte", [required("Écrivez le texte de l’article."), at_most(LONGEST_TEXT)])
    after = ChoiceField("Placer après", blank="Tout à la fin")


class CommentForm(Form):
    """What should change."""

    text = TextAreaField("Observation", [required("Écrivez votre observation."), at_most(LONGEST_COMMENT)])


class ResolveForm(Form):
    """What became of it."""

    resolution = TextField("Ce qui a été fait", [Needed("Dites ce qui a été fait.")], longest=500)


@pages.route("/conventions/articles/<int:article_id>", methods=["GET", "POST"])
@right("convention.draft")
def edit(article_id: int) -> Answer:
    """Write an article again."""
    page, version, article = article_of(business(), actor(), article_id)
    form = ArticleForm(title=article.title, text=article.text, writing=str(article.writing))
    stale = None
    if request.method == "POST" and form.validate():
        try:
            write_article(
                business(),
                article_id,
                title=form.title.data or "",
                text=form.text.data or "",
                writing=number_or_none(form.writing.data) or 0,
                by=actor(),
                at=g.at,
            )
            flash("Article enregistré.", "good")
            return redirect(f"{url_for('convention.show_text', version_id=version.id)}#article-{article_id}", 303)
        except StaleWriting as refusal:
            stale = compared_texts(refusal.current.text, form.text.data or "")
            shown(form, refusal)
            form.writing.data = str(refusal.current.writing)
        except Refusal as refusal:
            shown(form, refusal)
    drawn = render_template(
        "convention/article.html",
        form=form,
        page=page,
        version=version,
        article=article,
        stale=stale,
        variables=VARIABLES,
        values=variables_of(facts_of(business(), version.id)),
    )
    return (drawn, 409 if stale is not None else 422) if form.errors else drawn


@pages.get("/conventions/articles/<int:article_id>/redactions")
@right("convention.read")
def show_writings(article_id: int) -> str:
    """Every writing of an article, each compared with the one before."""
    page, version, article = article_of(business(), actor(), article_id)
    found = writings(business(), article_id)
    steps = [
        (each, compared_texts(before.text, each.text) if before is not None else None)
        for each, before in zip(found, [*found[1:], None], strict=True)
    ]
    return render_template("convention/writings.html", page=page, version=version, article=article, steps=steps)


@pages.route("/conventions/articles/<int:article_id>/observer", methods=["GET", "POST"])
@right("convention.draft")
def comment(article_id: int) -> Answer:
    """Ask for a change of an article in review."""
    page, version, article = article_of(business(), actor(), article_id)
    form = CommentForm()
    if request.method == "POST" and form.validate():
        try:
            comment_article(business(), article_id, form.text.data or "", by=actor(), at=g.at)
            flash("Observation enregistrée\u202f: l’article est ouvert à la correction.", "good")
            return redirect(f"{url_for('convention.show_text', version_id=version.id)}#article-{article_id}", 303)
        except Refusal as refusal:
            shown(form, refusal)
    values = variables_of(facts_of(business(), version.id))
    text = filled(article.text, values)
    return answer("convention/comment.html", form, page=page, version=version, article=article, text=text)


@pages.route("/conventions/articles/<int:article_id>/observations/<int:comment_id>/clore", methods=["GET", "POST"])
@right("convention.draft")
def resolve(article_id: int, comment_id: int) -> Answer:
    """Close an observation."""
    page, version, article = article_of(business(), actor(), article_id)
    said = next((each for each in article.comments if each.id == comment_id), None)
    form = ResolveForm()
    if said is None:
        raise Conflict("Cette observation n’est plus là. Rechargez la page de la convention.")
    if request.method == "POST" and form.validate():
        try:
            resolve_comment(business(), comment_id, form.resolution.data or "", by=actor(), at=g.at)
            flash("Observation close.", "good")
            return redirect(f"{url_for('convention.show_text', version_id=version.id)}#article-{article_id}", 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("convention/resolve.html", form, page=page, version=version, article=article, comment=said)


@pages.route("/conventions/versions/<int:version_id>/articles/ajouter", methods=["GET", "POST"])
@right("convention.draft")
def add(version_id: int) -> Answer:
    """Add an article of one's own."""
    page, version = version_page(business(), actor(), version_id)
    form = NewArticleForm()
    form.role.choices = list(labels("article_role").items())
    form.after.choices = [(each.id, f"{each.name}, {each.title}") for each in article_views(business(), version_id)]
    if request.method == "POST" and form.validate():
        try:
            made = add_article(
                business(),
                version_id,
                role=ArticleRole(form.role.data),
                title=form.title.data or "",
                text=form.text.data or "",
                after=form.after.data,
                by=actor(),
                at=g.at,
            )
            flash("Article ajouté.", "good")
            return redirect(f"{url_for('convention.show_text', version_id=version_id)}#article-{made.id}", 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("convention/article_new.html", form, page=page, version=version, variables=VARIABLES)


@pages.post("/conventions/articles/<int:article_id>/retirer")
@right("convention.draft")
def remove(article_id: int) -> Response:
    """Take an article off; it is kept."""
    _, version, article = article_of(business(), actor(), article_id)
    remove_article(business(), article_id, by=actor(), at=g.at)
    flash(f"Article « {article.title} » retiré. Ses rédactions sont gardées.", "good")
    return redirect(url_for("convention.show_text", version_id=version.id), 303)


@pages.post("/conventions/articles/<int:article_id>/deplacer")
@right("convention.draft")
def shift(article_id: int) -> Response:
    """Move an article up or down by one place."""
    _, version, _ = article_of(business(), actor(), article_id)
    move_article(business(), article_id, up=request.form.get("vers") == "haut", by=actor(), at=g.at)
    return redirect(f"{url_for('convention.show_text', version_id=version.id)}#article-{article_id}", 303)
