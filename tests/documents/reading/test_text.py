"""Text files, in every encoding and dialect that funders send."""

from pathlib import Path

import pytest

from conference.documents.reading.csv_table import CsvTable
from conference.documents.reading.encoding import encoded_once
from conference.documents.reading.table import open_table
from tests.documents.reading.samples import records, refusal

TABLE = "Nom;Objet;Montant\nRégion Île-de-France;Où l’été s’achève;1 234,56\n"
CELLS = [(1, ["Nom", "Objet", "Montant"]), (2, ["Région Île-de-France", "Où l’été s’achève", "1 234,56"])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_encodings_are_found(path: Path, encoding: str) -> None:
    assert records(path, TABLE.encode(encoding)) == CELLS


@pytest.mark.parametrize("delimiter", list(";,\t|"))
def test_delimiters_are_found(path: Path, delimiter: str) -> None:
    text = TABLE.replace("1 234,56", "1234.56").replace(";", delimiter)
    assert [len(cells) for _, cells in records(path, text.encode())] == [3, 3]


def test_one_file_may_hold_two_encodings(path: Path) -> None:
    content = "Nom;Été\n".encode("cp1252") + "a;é\n".encode() + "b;è\n".encode("cp1252")
    path.write_bytes(content)
    with open_table(path, "f.csv") as table:
        found = list(table.records(table.sheets[0]))
        assert [cells for _, cells in found] == [["Nom", "Été"], ["a", "é"], ["b", "è"]]
        assert [note.code for note in table.notes] == ["two_encodings"]


@pytest.mark.parametrize("times", [1, 2])
def test_text_encoded_twice_or_three_times_is_put_right(path: Path, times: int) -> None:
    wrong = "à l’Œuvre, déjà"
    for _ in range(times):
        data = wrong.encode()
        wrong = "".join(
            bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte) for byte in data
        )
    path.write_bytes(f"a;b\nété;{wrong}\n".encode())
    with open_table(path, "f.csv") as table:
        assert list(table.records(table.sheets[0]))[1][1] == ["été", "à l’Œuvre, déjà"]
        assert [(note.code, note.row) for note in table.notes] == [("encoded_twice", 2)]


@pytest.mark.parametrize("text", ["Château d’Ã", "Â", "n° 12 à 15 €", "« été »", "São Paulo", "ƒ(x)"])
def test_sound_text_is_left_as_it_is(text: str) -> None:
    assert encoded_once(text) == text


def test_old_macintosh_line_ends_and_separator_line(path: Path) -> None:
    assert records(path, b"a;b\r1;2\r") == [(1, ["a", "b"]), (2, ["1", "2"])]
    assert records(path, b"sep=;\na;b\n1;2\n") == [(2, ["a", "b"]), (3, ["1", "2"])]


def test_records_are_numbered_with_blank_ones_and_may_hold_line_breaks(path: Path) -> None:
    assert records(path, b'a;b\n\n;\n"x\ny";2\nz;3\n') == [(1, ["a", "b"]), (4, ["x\ny", "2"]), (5, ["z", "3"])]


def test_quotes_are_read_as_a_spreadsheet_does(path: Path) -> None:
    assert records(path, b'a;b\n"dit ""oui""";il "dit" non\n"x" y;1\n')[1:] == [
        (2, ['dit "oui"', 'il "dit" non']),
        (3, ["x y", "1"]),
    ]


@pytest.mark.parametrize("content", [b'a;b\n1;"2\n3;4\n', b'a;b\n"1;2', b'a;b\n1;2\n"'])
def test_a_quote_left_open_never_swallows_rows(path: Path, content: bytes) -> None:
    assert refusal(path, content) == "quotes"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "f.csv", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "f.csv", "empty"),
        (b"%PDF-1.7 ...", "f.csv", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "f.xlsx", "not_a_table"),
        (b"\xff\xd8\xff\xe0", "f.csv", "not_a_table"),
        (b"<html><table></table></html>", "f.xls", "markup"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "f.xls", "markup"),
        (b'{"a": 1}', "f.json", "not_a_table"),
        (b"\x1f\x8b\x08", "f.csv.gz", "not_a_table"),
        (bytes(range(256)) * 9, "f.csv", "not_a_table"),
        (b"x" * 5_000_000, "f.csv", "not_a_table"),
        (";".join("c" * 500).encode() + b"\n", "f.csv", "too_wide"),
    ],
)
def test_what_is_no_table_gets_its_sentence(path: Path, content: bytes, name: str, code: str) -> None:
    assert refusal(path, content, name) == code


def test_three_hundred_columns_are_read(path: Path) -> None:
    assert len(records(path, ";".join(f"c{i}" for i in range(300)).encode())[0][1]) == 300


def test_a_file_is_read_again_from_its_start(path: Path) -> None:
    path.write_bytes(TABLE.encode())
    table = CsvTable(path)
    assert list(table.records(table.sheets[0])) == list(table.records(table.sheets[0])) == CELLS
    assert table.done == table.total == len(TABLE.encode())
