"""Does `conference coverage` answer a case with the shipped law, and refuse with a sentence what makes no sense?

None of these tests has an instance: the command needs neither a database nor settings.
"""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conference.cli import run
from tests.cli.conftest import Answer

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "coverage.json"
NOTE = "Calculé avec les barèmes livrés avec le logiciel, et non avec ceux d’une conférence.\n"
FOUNDING: dict[str, Any] = {
    "known_on": "2026-01-05",
    "person": {"birth_date": "1982-04-11", "disabled": False},
    "steps": [
        {
            "id": "F1",
            "kind": "training",
            "first": "2026-01-05",
            "last": "2026-06-30",
            "weekly_hours": 35,
            "prescribed": True,
            "qualifying": True,
            "shortage_occupation": False,
            "funders": ["region"],
        }
    ],
    "rights": [
        {"kind": "aref", "payer": "france_travail", "first": "2026-01-05", "last": "2026-05-14", "daily_amount": 31.0}
    ],
}
Ask = Callable[..., Answer]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """`conference coverage -` on a text, bytes or a document, where no instance can be: its address is a bad one."""
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(tmp_path / "none"))
    monkeypatch.setenv("CONFERENCE_DATABASE_URL", "nothing://nowhere")
    monkeypatch.setenv("CONFERENCE_NO_SUCH_SETTING", "1")

    def call(written: object = "", *options: str, file: Path | str = "-") -> Answer:
        text = written if isinstance(written, str | bytes) else json.dumps(written)
        content = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        code = run(["coverage", str(file), *options])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


def plain(sentence: str) -> str:
    return sentence.replace("\u202f", " ").replace("\u00a0", " ")


def sentence_of(answer: Answer) -> str:
    """What a refusal says; it has exit code 2, one line on stderr and nothing on stdout."""
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    return plain(answer.err).removeprefix("conference: ").rstrip("\n")


def test_founding_case(ask: Ask) -> None:
    answer = ask(FOUNDING)
    assert (answer.code, answer.err) == (0, NOTE)
    told = answer.json
    assert list(told) == ["days", "need", "reduced", "segments", "dead_time", "overlaps", "takeover"]
    assert told["days"] == {"needed": 177, "covered": 130, "presumed": 0, "available": 0, "gap": 47, "overlap": 0}
    assert (told["need"], told["reduced"]) == ("1457.00", {"days": 0, "loss": "0.00"})
    paid, gap = told["segments"]
    assert (paid["first"], paid["last"], paid["days"], paid["status"]) == ("2026-01-05", "2026-05-14", 130, "covered")
    assert (paid["kind"], paid["payer"], paid["reason"]) == ("aref", "france_travail", "recorded_right")
    assert (paid["daily_amount"], paid["amount"]) == ("31.00", "4030.00")
    assert (gap["first"], gap["last"], gap["days"], gap["status"]) == ("2026-05-15", "2026-06-30", 47, "gap")
    assert (gap["kind"], gap["payer"], gap["reason"]) == (None, None, "not_on_list")
    assert (gap["daily_amount"], gap["amount"]) == ("31.00", "1457.00")
    assert all(list(line) == ["code", "verdict", "text", "source"] for line in gap["why"])
    assert gap["why"]


def test_an_object_gives_an_object_and_a_list_a_list(ask: Ask, tmp_path: Path) -> None:
    one = ask(FOUNDING).json
    assert ask([FOUNDING, FOUNDING]).json == [one, one]
    assert ask([]).json == []
    file = tmp_path / "case.json"
    file.write_text("\ufeff" + json.dumps(FOUNDING), encoding="utf-8")
    assert ask(file=file).json == one


def test_order_of_steps_and_rights_changes_nothing(ask: Ask) -> None:
    second = {"id": "F2", "kind": "training", "first": "2026-08-03", "last": "2026-09-11", "prescribed": True}
    rff = {"kind": "rff", "payer": "france_travail", "first": "2026-06-01", "days_left": 30, "daily_amount": "25.22"}
    wage = {"kind": "wage", "payer": "x", "first": "2026-08-10", "last": "2026-08-20", "monthly_amount": "1440.00"}
    steps, rights = [*FOUNDING["steps"], second], [*FOUNDING["rights"], rff, wage]
    straight = ask({**FOUNDING, "steps": steps, "rights": rights}).json
    assert ask({**FOUNDING, "steps": steps[::-1], "rights": rights[::-1]}).json == straight
    assert straight["dead_time"] == [{"first": "2026-07-01", "last": "2026-08-02", "days": 33}]


def test_text_for_a_person(ask: Ask) -> None:
    answer = ask([FOUNDING, {"steps": []}], "--text")
    assert (answer.code, answer.err) == (0, NOTE)
    lines = plain(answer.out).splitlines()
    assert lines[:2] == [
        "Cas n° 1 : 177 jours à couvrir (couvert 130, présumé 0, mobilisable 0, sans revenu 47).",
        "Besoin des jours sans revenu : 1 457,00 €.",
    ]
    assert (
        "du 5 janvier 2026 au 14 mai 2026, 130 jours : Couvert, ARE-formation (france_travail), "
        "31,00 € par jour, 4 030,00 € en tout."
    ) in lines
    assert "Cas n° 2 : 0 jour à couvrir (couvert 0, présumé 0, mobilisable 0, sans revenu 0)." in lines


def test_a_case_that_makes_no_sense_is_refused_whole(ask: Ask) -> None:
    crossed = {**FOUNDING, "steps": [{**FOUNDING["steps"][0], "first": "2026-07-01"}]}
    assert sentence_of(ask([FOUNDING, crossed])) == (
        "Cas n° 2, champ « steps[0].last » : le dernier jour (30 juin 2026) précède le premier (1er juillet 2026). "
        "Corrigez l’une des deux dates."
    )


def test_broken_json_says_where(ask: Ask) -> None:
    sentence = (
        "Le texte n’est pas du JSON : ligne 2, colonne 1, « } » ne peut pas se trouver là. Corrigez-le à cet endroit."
    )
    assert sentence_of(ask('{"steps":\n}')) == sentence


def test_a_file_that_cannot_be_read_is_refused(ask: Ask, tmp_path: Path) -> None:
    missing, latin = tmp_path / "missing.json", tmp_path / "latin.json"
    latin.write_bytes('{"steps": [], "é": 1}'.encode("latin-1"))
    assert sentence_of(ask(file=missing)) == f"Le fichier « {missing} » n’existe pas. Vérifiez son nom et son dossier."
    assert (
        sentence_of(ask(file=tmp_path))
        == f"Le fichier « {tmp_path} » est un dossier. Donnez le fichier qu’il contient."
    )
    assert sentence_of(ask(file=latin / "x")) == (
        f"Le fichier « {latin}/x » ne peut pas être lu (Not a directory). Donnez un autre fichier."
    )
    encoding = "n’est pas en UTF-8 (octet 16). Enregistrez-le dans cet encodage."
    assert sentence_of(ask(file=latin)) == f"Le fichier « {latin} » {encoding}"
    assert sentence_of(ask(latin.read_bytes())) == f"Le fichier « entrée standard » {encoding}"


def test_a_closed_stdin_is_an_empty_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["coverage", "-"]) == 2
    assert "le texte s’arrête trop tôt" in capsys.readouterr().err


def shared() -> list[dict[str, Any]]:
    """The worked cases, where they are beside the project."""
    return json.loads(SHARED.read_text(encoding="utf-8")) if SHARED.exists() else []


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not beside the project")
@pytest.mark.parametrize("worked", shared(), ids=lambda worked: worked["name"][:40])
def test_worked_cases_hold(ask: Ask, worked: dict[str, Any]) -> None:
    told, expected = ask(worked["case"]).json, worked["expect"]
    shown = {
        "days": told["days"],
        "need": told["need"],
        "segments": [[each["first"], each["last"], each["status"]] for each in told["segments"]],
        "dead_time": [[each["first"], each["last"], each["days"]] for each in told["dead_time"]],
    }
    for key, value in expected.items():
        if key != "takeover":
            assert shown[key] == value, key
    for scheme, verdict in expected.get("takeover", {}).items():
        assert {row["verdict"] for row in told["takeover"] if row["scheme"] == scheme} == {verdict}
