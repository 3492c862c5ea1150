"""Does each check of a page catch what it is there for, and let a good page through?"""

import pytest
from flask import Flask

from tests.web.page_checks import CHECKS, defects
from tests.web.page_client import PageClient

PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Engagements – Conférence</title></head>
<body><main><h1>Engagements</h1>{}</main></body></html>"""

GOOD = (
    "<p>Montant\u202f: 12\u202f€, « lisible\u00a0» à 09:32, voir https://exemple.fr/?q=1 ou a.b@exemple.fr</p>".replace(
        "« ", "«\u00a0"
    )
    + '<p data-verbatim>it\'s "typed": yes! None</p><label for="q">Texte</label><input id="q" aria-describedby="h">'
    '<p id="h">Un mot</p><svg role="img" viewBox="0 0 1 1"><title>Courbe</title></svg><svg aria-hidden="true"></svg>'
    "<table><caption>Liste</caption><tr><th>Objet</th></tr></table><h2>Suite</h2><h3>Fin</h3><h2>Autre</h2>"
    '<form method="post"><input type="hidden" name="csrf_token" value="x"><button>Engager</button></form>'
    "<p>Le filtre <strong data-verbatim>x</strong>\u202f: actif</p>"
)

BAD = {
    "parse_error": ["<p><div></p></div></section>", "<p id=a id=b>x</p>", "<b><i>x</b></i>"],
    "title_and_heading": ["<h1>Autre</h1>"],
    "heading_levels": ["<h3>Trop bas</h3>", "<h2></h2>"],
    "unique_ids": ['<p id="a">x</p><p id="a">y</p>'],
    "references": [
        '<label for="x">Mot</label>',
        '<p aria-describedby="nowhere">x</p>',
        '<a href="#nowhere">Aller</a>',
    ],
    "labels": ['<input name="q">', '<select name="q"></select>', '<label for="t"></label><textarea id="t"></textarea>'],
    "link_and_button_words": ['<a href="/x"></a>', "<button> </button>"],
    "drawings": ['<img src="/x.png">', '<svg role="img"></svg>', "<svg><title>Courbe</title></svg>"],
    "inline_code": [
        '<p style="color:red">x</p>',
        "<script>x()</script>",
        '<button onclick="x()">Oui</button>',
        '<a href="javascript:x()">Oui</a>',
        "<svg aria-hidden=true><style>a{}</style></svg>",
    ],
    "forgery_tokens": ['<form method="post"><button>Oui</button></form>'],
    "table_heads": [
        "<table><tr><th>Objet</th></tr></table>",
        "<table><caption>Liste</caption><tr><td>x</td></tr></table>",
    ],
    "typography": [
        "<p>l'objet</p>",
        '<p>dit "objet"</p>',
        "<p>Montant : 12</p>",
        "<p>Montant: 12</p>",
        "<p>Vraiment ?</p>",
        "<p>« mot\u00a0»</p>",
        "<p>«\u00a0mot »</p>",
        "<p><strong>Montant</strong> : 12</p>",
        '<p aria-label="l\'objet">x</p>',
        "<p><strong data-verbatim>x</strong> : actif</p>",
    ],
    "machine_words": ["<p>Montant None</p>", "<p>undefined</p>", "<p>{{ amount }}</p>"],
}


def test_good_page_has_no_defect() -> None:
    assert defects(PAGE.format(GOOD)) == []


@pytest.mark.parametrize(("check", "sample"), [(check, sample) for check, samples in BAD.items() for sample in samples])
def test_check_catches_its_defect(check: str, sample: str) -> None:
    assert check in {defect.split(":")[0] for defect in defects(PAGE.format(sample))}


def test_language_is_asked() -> None:
    assert defects(PAGE.format("").replace('lang="fr"', 'lang="en"')) == ["language: lang is 'en'"]


def test_title_must_begin_with_heading() -> None:
    assert defects(PAGE.format("").replace("Engagements –", "Listes –")) == [
        "title_and_heading: title 'Listes – Conférence' does not begin with h1 'Engagements'"
    ]


def test_every_check_has_a_bad_sample() -> None:
    assert {check.__name__ for check in CHECKS} == {*BAD, "language"}


@pytest.fixture
def small() -> Flask:
    """Two pages, a redirect and a file, enough to see what the client checks."""
    app = Flask(__name__)
    app.add_url_rule("/bonne", view_func=lambda: PAGE.format(GOOD), endpoint="good")
    app.add_url_rule("/mauvaise", view_func=lambda: (PAGE.format("<p>l'objet</p>"), 404), endpoint="bad")
    app.add_url_rule("/fichier", view_func=lambda: ("l'objet", {"Content-Type": "text/csv"}), endpoint="file")
    app.add_url_rule("/envoi", view_func=lambda: ("", 302, {"Location": "/bonne"}), endpoint="sent", methods=["POST"])
    return app


def test_client_refuses_a_bad_page_whatever_its_status(small: Flask) -> None:
    with pytest.raises(AssertionError, match=r"GET /mauvaise \(404\) has 1 defects"):
        PageClient(small).get("/mauvaise")


def test_client_hands_over_good_pages_files_and_redirects(small: Flask) -> None:
    client = PageClient(small)
    assert client.get("/bonne").status_code == 200
    assert client.get("/fichier").text == "l'objet"
    assert client.post("/envoi", token_from="/bonne").location == "/bonne"
    assert client.token("/bonne") == "x"
