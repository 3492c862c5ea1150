"""Do the macros of `templates/_ui/` write pages that pass every check, and say what they promise?

They are called as functions in a small application with the house's filters and template settings only.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import wtforms
from flask import Flask, flash, render_template, render_template_string
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import StrictUndefined
from wtforms import validators, widgets
from wtforms.fields.choices import SelectChoice

from conference.settings import ROOT
from conference.web import formats
from tests.web.page_client import check_page

REASON = "Le montant «\u00a012.50,00\u00a0» n’est pas lisible."
IMPORTS = """
{% from "_ui/form.html" import form_start, form_end, field, error_summary, buttons, csrf, post_button, group, confirm %}
{% from "_ui/table.html" import table, head, sort_head, row_link, money, count, total_row, pager, empty, filter_bar,
   filter_words, select_all, select_row, select_total %}
{% from "_ui/state.html" import badge, notice %}
{% from "_ui/figure.html" import amount, period, definition, figures_row, figure_card %}
{% from "_ui/page.html" import breadcrumb, subnav, fold, facts, fact, history, action_link, shortcuts_help %}
"""
GALLERY = (Path(__file__).parent / "gallery.html").read_text("utf-8")


class Long(FlaskForm):  # type: ignore[misc]
    """One field of each kind that the macro knows."""

    amount = wtforms.StringField("Montant", [validators.InputRequired(REASON)], description="Hors taxes")
    scheme = wtforms.SelectField("Dispositif", choices=[SelectChoice("1", "Programme régional")])
    nature = wtforms.RadioField(
        "Nature", choices=[SelectChoice("p", "pédagogique"), SelectChoice("r", "rémunération")], default="p"
    )
    audiences = wtforms.SelectMultipleField(
        "Publics",
        choices=[SelectChoice("j", "jeunes"), SelectChoice("s", "seniors")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    note = wtforms.TextAreaField("Note")
    file = wtforms.FileField("Pièce jointe")
    checked = wtforms.BooleanField("J’ai vérifié")
    version = wtforms.HiddenField(default="3")


class Small(wtforms.Form):
    """A form that is not Flask-WTF's, as filters are."""

    year = wtforms.SelectField("Année", choices=[SelectChoice("2026"), SelectChoice("2025")])


@pytest.fixture
def page() -> Iterator[Flask]:
    """An application with the house's templates, in a request for `/?annee=2026&page=2`."""
    app = Flask(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.secret_key = "for tests"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/", endpoint="home", view_func=lambda: "")
    CSRFProtect(app)
    formats.register(app)
    with app.test_request_context("/?annee=2026&page=2"):
        yield app


def frame(signed_in: bool = True) -> dict[str, Any]:
    """What the layout receives on every page."""
    actor = SimpleNamespace(label="Claire Dubreuil", organisation_label="Région", role_label="gestionnaire")
    menu = [SimpleNamespace(label="Accueil", href="/", current=True)]
    return {
        "conference_name": "Conférence du Grand-Ouest",
        "demo": True,
        "actor": actor if signed_in else None,
        "menu": menu if signed_in else [],
    }


def drawn(source: str, **values: Any) -> str:
    """The text of one macro's call."""
    return re.sub(r"[ \n]+", " ", render_template_string(IMPORTS + source, **values)).strip(" ")


def wrong_form() -> Long:
    """The long form, sent without its amount, so that it carries errors."""
    form = Long(meta={"csrf": False})
    form.validate()
    return form


def test_page_of_all_macros_passes_every_check(page: Flask) -> None:
    entry = SimpleNamespace(
        at=datetime(2026, 5, 14, 7, 32, tzinfo=UTC),
        by="Claire d'Ys",
        what="Montant modifié",
        motive="l'erreur",
        changes=[("Montant", "1", "2")],
    )
    flash("L'objet est enregistré.", "success")
    html = render_template_string(
        GALLERY, **frame(), form=wrong_form(), small=Small(), sum=Decimal("1457"), entry=entry,
        first=date(2026, 5, 14), last=date(2026, 6, 30),
    )  # fmt: skip
    check_page(html)
    assert "Démonstration – données fictives" in html


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503])
@pytest.mark.parametrize("signed_in", [True, False])
def test_error_page_passes_every_check(page: Flask, code: int, signed_in: bool) -> None:
    html = render_template(
        "errors/error.html", code=code, explanation="Votre session s'est fermée.", **frame(signed_in)
    )
    check_page(html)
    assert f"Code {code}" in html
    assert ("Se déconnecter" in html) == signed_in


def test_last_resort_page_needs_no_context(page: Flask) -> None:
    check_page(page.jinja_env.get_template("errors/500.html").render())


def test_field_ties_its_hint_unit_and_error(page: Flask) -> None:
    html = drawn("{{ field(form.amount, unit='€', autocomplete='off') }}", form=wrong_form())
    assert 'aria-describedby="amount-hint amount-unit amount-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="off"' in html
    assert '<span class="need">(obligatoire)</span>' in html
    assert f'<p class="error" id="amount-error"><span>Erreur\u202f: {REASON}</span></p>' in html


def test_field_without_hint_or_error_is_not_described(page: Flask) -> None:
    html = drawn("{{ field(form.note) }}", form=Long(meta={"csrf": False}))
    assert "aria-" not in html
    assert "obligatoire" not in html


def test_error_summary_links_to_fields_and_says_what_concerns_none(page: Flask) -> None:
    form = wrong_form()
    form.nature.errors = ["Choisissez."]
    form.form_errors.append("Le mois est clos.")
    html = drawn("{{ error_summary(form) }}", form=form)
    assert "<h2>4 choses sont à corriger</h2>" in html
    assert f'<a href="#amount">Montant\u202f: {REASON}</a>' in html
    assert '<a href="#nature-0">' in html
    assert "<li>Le mois est clos.</li>" in html


def test_error_summary_of_a_good_form_is_empty(page: Flask) -> None:
    assert drawn("{{ error_summary(form) }}", form=Small()) == ""


@pytest.mark.parametrize(
    ("sort", "href", "aria"),
    [
        ("-ref", "/?annee=2026&amp;tri=ref", 'aria-sort="descending"'),
        ("ref", "/?annee=2026&amp;tri=-ref", 'aria-sort="ascending"'),
        ("month", "/?annee=2026&amp;tri=ref", None),
    ],
)
def test_sorting_keeps_filters_and_goes_back_to_the_first_page(
    page: Flask, sort: str, href: str, aria: str | None
) -> None:
    html = drawn("{{ sort_head('Référence', 'ref', sort) }}", sort=sort)
    assert f'href="{href}"' in html
    assert aria in html if aria else "aria-sort" not in html


def test_pager_keeps_filters(page: Flask) -> None:
    html = drawn("{{ pager(2, 3, 21, 40, 1055, 'engagements') }}")
    assert "21–40 sur 1\u202f055 engagements" in html
    assert 'href="/?annee=2026&amp;page=1" rel="prev"' in html
    assert 'href="/?annee=2026&amp;page=3" rel="next"' in html


def test_pager_of_one_page_only_counts(page: Flask) -> None:
    assert "<a" not in drawn("{{ pager(1, 1, 1, 3, 3, 'engagements') }}")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ money(none) }}", '<td class="num">–</td>'),
        ("{{ money(sum) }}", '<td class="num">1\u202f457,00</td>'),
        ("{{ count('< 5') }}", '<td class="num">&lt; 5</td>'),
        ("{{ amount(sum) }}", '<span class="amount">1\u202f457,00\u00a0€</span>'),
        ("{{ amount(none) }}", '<span class="muted">non connu</span>'),
        ("{{ period(first, none) }}", '<span class="period">depuis le 14\u00a0mai\u00a02026</span>'),
        ("{{ period(first, first) }}", '<span class="period">le 14\u00a0mai\u00a02026</span>'),
    ],
)
def test_figures_read_in_french(page: Flask, source: str, text: str) -> None:
    values = {"sum": Decimal("1457"), "first": date(2026, 5, 14)}
    html = render_template_string(IMPORTS + source, **values).strip()
    assert html == text


@pytest.mark.parametrize("kind", ["neutral", "info", "good", "warning", "bad"])
def test_badge_has_a_word_and_a_shape_of_its_own(page: Flask, kind: str) -> None:
    html = drawn("{{ badge('<soldé>', kind) }}", kind=kind)
    others = [
        drawn("{{ badge('x', kind) }}", kind=other) for other in {"neutral", "info", "good", "warning", "bad"} - {kind}
    ]
    shape = html.split("</svg>")[0].split("<svg")[1]
    assert html.endswith("&lt;soldé&gt;</span>")
    assert not any(shape in other for other in others)
