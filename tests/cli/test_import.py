"""`conference import` on small files of our own, and on the published example where it is present."""

from pathlib import Path

import pytest

from tests.cli.conftest import Console
from tests.services.scdl_files import scdl

EXAMPLE = Path(__file__).parents[3] / "shared" / "data" / "scdl-exemple-valide-2.1.1.csv"


def _counts(
    created: int = 0, adjusted: int = 0, unchanged: int = 0, accepted_amount: str = "0.00"
) -> dict[str, object]:
    return {
        "created": created,
        "adjusted": adjusted,
        "unchanged": unchanged,
        "refused": 0,
        "warnings": 0,
        "accepted_amount": accepted_amount,
        "errors": [],
    }


def test_same_file_twice_then_one_amount_changed(console: Console, tmp_path: Path) -> None:
    rows = [{"referenceDecision": f"CONV {n}", "montant": "900.00"} for n in range(40)]
    file = tmp_path / "grants.csv"
    file.write_bytes(scdl(*rows))
    assert console("import", file, "--json").json == _counts(created=40, accepted_amount="36000.00")
    again = console("import", file, "--profile", "scdl", "--json")
    assert (again.code, again.json) == (0, _counts(unchanged=40))
    rows[7]["montant"] = "950.00"
    file.write_bytes(scdl(*rows))
    assert console("import", file, "--json").json == _counts(adjusted=1, unchanged=39, accepted_amount="950.00")
    assert console("totals", "--json").json["total"]["committed"] == "36050.00"


def test_refused_rows_are_told_and_the_others_enter(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "grants.csv"
    file.write_bytes(scdl({"montant": "12.50,00"}, {}, {"montant": ""}))
    answer = console("import", file, "--json")
    assert answer.code == 1
    message = "Le montant « 12.50,00 » n’est pas lisible. Écrivez par exemple 1250,00 ou 1 250,00."
    assert answer.json == {
        **_counts(created=1, accepted_amount="900.00"),
        "refused": 2,
        "errors": [
            {"sheet": None, "cell": "I2", "row": 2, "code": "amount", "message": message},
            {"sheet": None, "cell": "I4", "row": 4, "code": "amount_missing", "message": "Le montant manque."},
        ],
    }


def test_dry_run_writes_nothing(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "grants.csv"
    file.write_bytes(scdl({}))
    assert console("import", file, "--dry-run", "--json").json == _counts(created=1, accepted_amount="900.00")
    assert console("totals", "--json").json["rows"] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\xff\xfe", "Ce classeur est incomplet ou abîmé."),
        (b"a;b\n1;2\n", "Colonnes trouvées : « a », « b »."),
        (b"", "Ce fichier est vide."),
        (b'montant,dateConvention\n"1,2\n', "Un guillemet ouvert à la ligne 2 du fichier n’est jamais fermé"),
    ],
)
def test_what_is_no_table_or_has_unknown_columns_exits_2(
    console: Console, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "grants.csv"
    file.write_bytes(content)
    answer = console("import", file, "--json")
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_profile_that_is_asked_for_is_the_only_one_tried(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "grants.csv"
    file.write_bytes(scdl({}))
    assert console("import", file, "--profile", "template").code == 2
    assert console("import", file, "--profile", "scdl").code == 0


def test_missing_file_and_unknown_funder_are_misuse(console: Console, tmp_path: Path) -> None:
    assert console("import", tmp_path / "none.csv").code == 2
    file = tmp_path / "grants.csv"
    file.write_bytes(scdl({}))
    answer = console("import", file, "--funder", "nobody")
    assert (answer.code, answer.err) == (2, "conference: Aucun financeur n’a le code « nobody ».\n")


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the published example is not beside this checkout")
def test_published_example_enters_once(console: Console) -> None:
    assert console("import", EXAMPLE, "--profile", "scdl", "--json").json == _counts(
        created=29, accepted_amount="2821393.50"
    )
    assert console("import", EXAMPLE, "--json").json == _counts(unchanged=29)
    assert console("totals", "--by", "funder", "--json").json["total"]["committed"] == "2821393.50"
