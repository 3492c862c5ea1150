"""Whatever an author forgot to protect, is a row read to its own amount or refused, and never to another one?"""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.domain.importing.profiles import Cell, Record, recognise
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import EntryRow, GrantRow, RowReader

SCDL = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,idBeneficiaire,nomBeneficiaire,objet,montant,nature,"
    "conditionsVersement,datesPeriodeVersement,idRAE,notificationUE,pourcentageSubvention"
)
SHORT = "nomBeneficiaire,objet,montant,annee"
TEXT_AFTER = "annee,nomBeneficiaire,objet,montant,commentaire"
COUNT_AFTER = "nomBeneficiaire,dateConvention,objet,montant,effectif,niveau"
FIRST = "montant,nomBeneficiaire,objet,annee"
LAST = "dateConvention,nomBeneficiaire,objet,montant"
LAYOUTS = (SCDL, SHORT, TEXT_AFTER, COUNT_AFTER, FIRST, LAST)


def read_text(text: str, delimiter: str = ",") -> list[GrantRow | EntryRow | Remark]:
    """The rows of a text file, cut as the csv module cuts it."""
    found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[Record] = [(i, list[Cell](cells)) for i, cells in enumerate(found, start=1) if any(cells)]
    mapping = recognise(records)
    assert mapping is not None
    reader = RowReader(mapping, sheet=None, delimiter=delimiter, sample=records)
    return [reader.read(record) for record in records if record[0] > mapping.heading_row]


def told(rows: Sequence[GrantRow | EntryRow | Remark]) -> list[str]:
    """Amount of each row read, code of each row refused."""
    return [row.code if isinstance(row, Remark) else str(row.amount) for row in rows]


def vendee(objet: str, amount: str, end: str = "aide en numéraire,unique,2019-04-01_2019-12-31,,non,1") -> str:
    return f"Département,22850001300658,2019-03-21,IA4,32416633900048,ASSOCIATION,{objet},{amount},{end}\n"


def test_decimals_and_texts_cut_by_commas_are_put_together_again() -> None:
    text = f"{SCDL};;\n" + vendee("Colloque", "24 975,00", "aide en numéraire,unique,2019-04-01_2019-12-31,,non,1;;")
    text += vendee(
        "Surfaces bio, fermes, collèges", "68 910,50", "aide en numéraire,30 %, puis le solde,2019-03-22,,non,1;"
    )
    rows = read_text(text)
    assert told(rows) == ["24975.00", "68910.50"]
    row = rows[1]
    assert isinstance(row, GrantRow)
    assert row.object == "Surfaces bio, fermes, collèges"
    assert [(each.code, each.cell, each.message) for each in row.warnings] == [
        ("commas", None, "Virgules non protégées : montant lu « 68 910,50 ».")
    ]


def test_habit_of_the_file_decides_between_two_readings() -> None:
    shown = vendee("Parcours de la 2e chance", "423 051,84")
    assert told(read_text(f"{SCDL}\n" + shown)) == ["shifted"]
    habit = vendee("Colloque", "24 975,00") * 3
    assert told(read_text(f"{SCDL}\n" + habit + shown)) == ["24975.00"] * 3 + ["423051.84"]
    mixed = habit + vendee("Colloque", "24975")
    assert told(read_text(f"{SCDL}\n" + mixed + shown))[-1] == "shifted"


def test_refusal_says_both_amounts() -> None:
    [row] = read_text(f"{SCDL}\n" + vendee("Parcours", "423 051,84"))
    assert isinstance(row, Remark)
    assert "Le montant peut être « 423 051,84 » ou « 84 »." in row.message
    assert (row.row, row.cell) == (2, None)


def test_record_quoted_whole_is_opened() -> None:
    whole = '"' + vendee('Festival ""Les Nuits""', "39 000,00").strip() + '"\n'
    rows = read_text(f"{SCDL}\n" + vendee("Colloque", "24 975,00") + whole)
    assert told(rows) == ["24975.00", "39000.00"]
    assert isinstance(rows[1], GrantRow)
    assert rows[1].object == 'Festival "Les Nuits"'


def test_decimals_pushed_into_a_record_whose_last_column_is_missing() -> None:
    short = vendee("Travaux", "78 796,20", "aide en numéraire,unique,2019-04-01_2019-12-31,,non")
    assert told(read_text(f"{SCDL}\n" + vendee("Colloque", "24 975,00") * 2 + short))[-1] == "78796.20"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (["X,2019,25 000,50,"], ["shifted"]),  # 25 000,50, or 25 000 and a comment
        (["X,2019,25 000,50"], ["25000.00"]),  # as many cells as columns: nothing says that they are not theirs
        (["X,2019,25 000,50", "Y,2019,12 000,40, fait"], ["shifted", "shifted"]),
        (["X,2019,25 000,00,", "Y,2019,12 000,40, fait"], ["25000.00", "shifted"]),
        (["X,2019,25000.50,,", "Y,2019,12000.40,fait,"], ["25000.50", "12000.40"]),
        (["X,2019,25000"], ["25000.00"]),
    ],
)
def test_decimals_before_trailing_delimiters_are_never_lost(records: list[str], expected: list[str]) -> None:
    assert told(read_text("\n".join(["nomBeneficiaire,annee,montant,commentaire", *records]))) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("X,N/A,Travaux,25000,12,2019-01-01", "25000.00"),
        ("X,,,n.c.,12,2019-01-01", "amount"),
        ("X,, Y, n.c., 12,2019-01-01", "amount"),
        ("X,52499120500013,Travaux, lot 1,25000,12,2019-01-01", "25000.00"),
        ("X,52499120500013,Travaux,environ 25 000,50,12,2019-01-01", "shifted"),
        ("X,52499120500013,Travaux,1,250.00,12,2019-01-01", "shifted"),
        ("X,52499120500013,Travaux,25000,12,2019-01-01,oubli", "columns"),
    ],
)
def test_amount_of_another_column_is_never_taken(record: str, expected: str) -> None:
    heading = "nomBeneficiaire,idBeneficiaire,objet,montant,effectif,dateConvention"
    assert told(read_text(f"{heading}\n{record}\n")) == [expected]


def test_bad_siret_is_a_warning_but_where_it_may_be_the_end_of_a_name() -> None:
    heading = "dateConvention,nomBeneficiaire,idBeneficiaire,objet,montant,effectif"
    assert told(read_text(f"{heading}\n2019-01-01,X,N/A,,25000,12\n")) == ["shifted"]
    [row] = read_text(f"{heading}\n2019-01-01,X,N/A,Travaux,25000,12\n")
    assert isinstance(row, GrantRow)
    assert (row.amount, [each.code for each in row.warnings]) == (Decimal(25000), ["siret"])


def test_quote_that_takes_the_following_records_is_told() -> None:
    rows = [f"X{i},Travaux {i},{i}00,2019\n" for i in range(1, 5)]
    rows[0] = 'X1,"Travaux 1,100,2019\n'
    rows[3] = 'X4,Travaux" 4,400,2019\n'
    assert told(read_text(f"{SHORT}\n" + "".join(rows))) == ["quotes"]
    assert told(read_text(f"{SHORT}\n" + rows[0] + rows[3])) == ["quotes"]
    assert told(read_text(f'{SHORT}\nX,"Travaux, lot 1\n- lot 2, lot 3",100,2019\n')) == ["100.00"]


def test_search_for_readings_ends() -> None:
    heading = ",".join(["nomBeneficiaire", "annee", "montant", *(f"colonne {i}" for i in range(70)), "effectif"])
    record = ",".join(["X", "2019", "12", *["a"] * 90, "beaucoup"])
    assert told(read_text(f"{heading}\n{record}\n")) == ["columns"]
    headings: Record = (1, list[Cell](SHORT.split(",")))
    mapping = recognise([headings])
    assert mapping is not None
    reader = RowReader(mapping, sheet=None, delimiter=",", sample=[headings])
    assert told([reader.read((2, ["x," * 100_000])), reader.read((3, ["x"] * 100_000))]) == ["columns", "columns"]


def _written(amount: Decimal, how: str) -> str:
    cents = f"{amount:.2f}"
    whole, decimals = cents.split(".")
    grouped = f"{int(whole):,}"
    match how:
        case "plain":
            return cents if amount % 1 else whole
        case "point":
            return cents
        case "comma":
            return f"{whole},{decimals}"
        case "short comma":
            return f"{whole},{decimals}".rstrip("0").rstrip(",")
        case "french":
            return f"{grouped.replace(',', ' ')},{decimals}"
        case "narrow":
            return f"{grouped.replace(',', chr(0x202F))},{decimals} €"
        case "english":
            return f"{grouped}.{decimals}"
        case _:
            return f"{grouped.replace(',', '.')},{decimals}"


WAYS = ("plain", "point", "comma", "short comma", "french", "narrow", "english", "dots")
AMOUNTS = st.decimals(min_value="0.01", max_value="9999999", places=2)
WORDS = st.sampled_from(
    [
        "Travaux",
        "lot 1",
        " lot 2",
        "2018",
        " 12",
        "84",
        "",
        " ",
        "1 000",
        "aide en numéraire",
        "n.c.",
        "a, b",
        "x,y",
        "12,50",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(",".join)


def _cell(column: str, text: str, amount: str, number: int) -> str:
    fixed = {
        "montant": amount,
        "annee": "2019",
        "dateConvention": "2019-03-21",
        "idAttribuant": "22850001300658",
        "idBeneficiaire": "32416633900048",
        "nature": "aide en numéraire",
        "datesPeriodeVersement": "2019-04-01_2019-12-31",
        "notificationUE": "non",
        "pourcentageSubvention": "1",
        "effectif": str(number),
        "niveau": str(number),
        "idRAE": "",
    }
    return fixed.get(column, text)


BOTH = st.booleans()
ENDS = st.sampled_from(["", ",", ",,", ";;"])


@st.composite
def files(
    draw: st.DrawFn,
    protected: st.SearchStrategy[bool] = BOTH,
    trailing: st.SearchStrategy[str] = ENDS,
) -> tuple[str, str, list[Decimal]]:
    """A text file that protects its delimiters or not, its delimiter, and the amounts of its rows."""
    delimiter = draw(st.sampled_from([",", ",", ";", "\t"]))
    columns = draw(st.sampled_from(LAYOUTS)).split(",")
    ways = draw(st.lists(st.sampled_from(WAYS), min_size=1, max_size=2))
    are_protected, end = draw(protected), draw(trailing)
    amounts = draw(st.lists(AMOUNTS, min_size=1, max_size=8))
    end = end.replace(",", delimiter)
    lines = [delimiter.join(columns) + draw(st.sampled_from(["", end]))]
    for amount in amounts:
        written = _written(amount, draw(st.sampled_from(ways)))
        cells = [
            _cell(column, draw(TEXTS).replace(",", delimiter), written, draw(st.integers(1, 99))) for column in columns
        ]
        if are_protected:
            cells = [f'"{cell}"' if delimiter in cell else cell for cell in cells]
        lines.append(delimiter.join(cells) + end)
    return "\n".join(lines) + "\n", delimiter, amounts


@settings(max_examples=3 * settings().max_examples)
@given(files())
def test_row_is_read_to_its_amount_or_refused(file: tuple[str, str, list[Decimal]]) -> None:
    text, delimiter, amounts = file
    rows = read_text(text, delimiter)
    assert len(rows) == len(amounts)
    for row, amount in zip(rows, amounts, strict=True):
        assert isinstance(row, Remark) or row.amount == amount, text


@settings(max_examples=3 * settings().max_examples)
@given(files(protected=st.just(True), trailing=st.just("")))
def test_protected_rows_are_all_read(file: tuple[str, str, list[Decimal]]) -> None:
    """Nothing is refused of a file that is well written."""
    text, delimiter, amounts = file
    assert told(read_text(text, delimiter)) == [str(amount) for amount in amounts]
