"""Is a record of a text file taken as it stands, put together again with a warning, or refused with what to do?"""

import pytest

from conference.domain.importing.fields import Field, Target
from conference.domain.importing.profiles import Cell, Mapping, Record
from conference.domain.importing.shaping import Shaped, Shaper

F = Field
SHORT = (F.BENEFICIARY_NAME, F.OBJECT, F.AMOUNT, F.YEAR)
TEXT_AFTER = (F.YEAR, F.OBJECT, F.AMOUNT, F.SCHEME)
LAST = (F.YEAR, F.OBJECT, F.AMOUNT)
ALONE = "columns: Cette ligne ne tient que « {} » : sans doute la fin du montant de la précédente. Vérifiez les deux."
TORN = "columns: La ligne s’arrête au montant, qui est peut-être coupé. Complétez-la, puis recommencez."
PROTECT = "Mettez les textes et les montants entre guillemets."


def shaper(columns: tuple[Field | None, ...], delimiter: str | None = ",", *body: str) -> Shaper:
    mapping = Mapping("scdl", Target.COMMITMENTS, 1, tuple("x" * (i + 1) for i in range(len(columns))), columns)
    sample: list[Record] = [(1, list[Cell](mapping.headings))]
    sample += [(i, list[Cell](line.split(delimiter))) for i, line in enumerate(body, start=2)]
    return Shaper(mapping, delimiter, sample)


def told(columns: tuple[Field | None, ...], record: str, *body: str, delimiter: str = ",") -> list[Cell] | str:
    """The cells, with the warning after them; or the code and the sentence of a refusal."""
    shaped = shaper(columns, delimiter, *body).shape(record.split(delimiter))
    if shaped.refusal is not None:
        assert shaped.cells == ()
        assert shaped.warning is None
        return ": ".join(shaped.refusal)
    return [*shaped.cells, *([": ".join(shaped.warning)] if shaped.warning else [])]


def test_cells_of_a_workbook_are_its_own() -> None:
    assert shaper(SHORT, None).shape(["GRETA", "x"]) == Shaped(["GRETA", "x"])


def test_record_that_fits_is_taken_as_it_stands() -> None:
    assert told(SHORT, "GRETA,Soudure,12,2025") == ["GRETA", "Soudure", "12", "2025"]
    assert told(SHORT, "GRETA,Soudure,12,2025,, ;") == ["GRETA", "Soudure", "12", "2025"]
    assert told(SHORT, "GRETA,Soudure,12,2025 ;;") == ["GRETA", "Soudure", "12", "2025"]
    assert told(SHORT, "GRETA;Soudure;12;2025", delimiter=";") == ["GRETA", "Soudure", "12", "2025"]


def test_cells_that_the_records_of_the_file_have_after_the_last_heading_stay() -> None:
    sound = "GRETA,Soudure,12,2025,,"
    assert told(SHORT, sound, sound, sound) == ["GRETA", "Soudure", "12", "2025", "", ""]
    assert told(SHORT, sound, sound, "GRETA,Soudure,12,2025") == ["GRETA", "Soudure", "12", "2025"]


def test_last_cell_left_out_is_empty() -> None:
    assert told(SHORT, "GRETA,Soudure,12") == (
        "columns: La ligne s’arrête au montant, qui est peut-être coupé. Complétez-la, puis recommencez."
    )
    short = "GRETA,Soudure,12"
    assert told((*SHORT[:3], F.SCHEME, F.YEAR), "GRETA,Soudure,12,PIC,") == ["GRETA", "Soudure", "12", "PIC", ""]
    assert told((F.YEAR, F.OBJECT, F.AMOUNT, F.SCHEME), "2025,x,12", "2025,y,13") == ["2025", "x", "12", ""]
    assert told(TEXT_AFTER, "2025,x,12", "2025,y,13", "2025,y,13,PIC", "2025,y,13,PIC") == (
        "columns: La ligne s’arrête au montant, qui est peut-être coupé. Complétez-la, puis recommencez."
    )
    assert told(SHORT, "GRETA,Soudure, ", short, "GRETA,Soudure,12,2025", "GRETA,Soudure,12,2025") == [
        "GRETA",
        "Soudure",
        "",
        "",
    ]


def test_quote_left_open_is_told() -> None:
    shaped = shaper(SHORT).shape(["GRETA", "un,12,2025\nAFPA,deux", "13", "2025"])
    sentence = (
        "Un guillemet ouvert dans cette ligne a pris les lignes suivantes dans une cellule. "
        "Fermez-le ou ôtez-le, puis envoyez de nouveau le fichier."
    )
    assert shaped == Shaped((), refusal=("quotes", sentence))
    text = ["GRETA", "lot 1\nlot 2", "12", "2025"]
    assert shaper(SHORT).shape(text) == Shaped(text)


@pytest.mark.parametrize(
    ("columns", "delimiter", "record", "refusal"),
    [
        (
            LAST,
            ";",
            "20985,14",
            ALONE.format("20985,14"),
        ),
        (
            LAST,
            ";",
            ",14" + "0" * 40,
            ALONE.format(",14" + "0" * 27),
        ),
        (
            TEXT_AFTER,
            ";",
            '2025;x;708;22 €"',
            "quotes: Un guillemet manque avant le montant, dont les décimales sont dans la cellule suivante.",
        ),
        (
            TEXT_AFTER,
            ";",
            "2025;x;708;,14;PIC",
            "shifted: Un point-virgule coupe sans doute le montant de cette ligne.",
        ),
        (TEXT_AFTER, "|", "2025|x|708|14|PIC", "shifted: Une barre coupe sans doute le montant de cette ligne."),
        (
            TEXT_AFTER,
            "\t",
            "2025\tx\t708\t.1\tPIC",
            "shifted: Une tabulation coupe sans doute le montant de cette ligne.",
        ),
    ],
)
def test_torn_amount_is_told(columns: tuple[Field, ...], delimiter: str, record: str, refusal: str) -> None:
    assert told(columns, record, delimiter=delimiter) == refusal


def test_what_only_looks_torn_is_read() -> None:
    assert told(LAST, "GRETA") == ["GRETA", "", ""]
    assert told(TEXT_AFTER, '2025,x,708,dit "oui"') == ["2025", "x", "708", 'dit "oui"']
    assert told(TEXT_AFTER, "2025;x;708,50;14", delimiter=";") == ["2025", "x", "708,50", "14"]
    assert told((F.OBJECT, F.YEAR), "x") == ["x", ""]
    assert told((F.OBJECT, F.YEAR), "x,2025") == ["x", "2025"]


@pytest.mark.parametrize(
    ("delimiter", "sign"),
    [
        (",", "Virgules non protégées"),
        (";", "Points-virgules non protégés"),
        ("\t", "Tabulations non protégées"),
        ("|", "Barres non protégées"),
    ],
)
def test_text_that_holds_the_delimiter_is_put_together_again(delimiter: str, sign: str) -> None:
    record = delimiter.join(["GRETA, lot 1", " lot 2", "12  000", "2025"])
    columns = (F.OBJECT, F.AMOUNT, F.YEAR)
    if delimiter == ",":
        record = "GRETA, lot 1, lot 2,12  000,2025"
    text = "GRETA, lot 1" + delimiter + " lot 2"
    assert told(columns, record, delimiter=delimiter) == [
        text,
        "12  000",
        "2025",
        f"commas: {sign} : montant lu « 12 000 ».",
    ]


def test_amount_with_two_readings_is_refused_with_both() -> None:
    assert told(SHORT, "GRETA,Soudure,1 200,50,2025") == (
        "shifted: La ligne compte 5 cellules pour 4 colonnes : une virgule coupe sans doute un texte. "
        f"Le montant peut être « 1 200,50 » ou « 50 ». {PROTECT}"
    )


def test_habit_of_the_file_decides() -> None:
    cut = "GRETA,Soudure,1 200,50,2025"
    kept = ["GRETA", "Soudure", "1 200,50", "2025", "commas: Virgules non protégées : montant lu « 1 200,50 »."]
    one_reading = "GRETA,Soudure,24 975,00,2025"
    assert told(SHORT, cut, one_reading) == kept
    assert told(SHORT, cut, one_reading, "GRETA,Soudure,12.50,2025") == told(SHORT, cut)
    assert told(SHORT, cut, one_reading, cut) == kept
    assert told(SHORT, one_reading) == [
        "GRETA",
        "Soudure",
        "24 975,00",
        "2025",
        "commas: Virgules non protégées : montant lu « 24 975,00 ».",
    ]


def test_decimals_pushed_into_the_next_cell_are_doubted_in_a_file_that_cuts_its_amounts() -> None:
    pushed, cuts = "2025,x,1 200,50", "2025,x,24 975,00,PIC"
    assert told(TEXT_AFTER, pushed) == ["2025", "x", "1 200", "50"]
    assert told(TEXT_AFTER, "2025,x,1 200,fait", cuts) == ["2025", "x", "1 200", "fait"]
    assert told(TEXT_AFTER, pushed, "2025,x,1 200,50,PIC") == (
        "shifted: Une virgule coupe sans doute un texte ou un montant de cette ligne. "
        f"Le montant peut être « 1 200 » ou « 1 200,50 ». {PROTECT}"
    )


def test_record_without_a_reading_is_refused() -> None:
    assert told(SHORT, "GRETA,Soudure,douze,,x,2025") == (
        "columns: La ligne compte 6 cellules pour 4 colonnes : une virgule coupe sans doute un texte. " + PROTECT
    )
    assert told(SHORT, "GRETA;Soudure;douze;;x;2025", delimiter=";") == (
        "columns: La ligne compte 6 cellules pour 4 colonnes : un point-virgule coupe sans doute un texte. " + PROTECT
    )


def test_row_one_cell_away_is_told() -> None:
    columns = (F.OBJECT, F.AMOUNT, F.YEAR, F.BENEFICIARY_SIRET)
    sound = "Soudure,12,2025,52499120500013"
    assert told(columns, "x,GRETA,900,2025", sound, sound) == (
        "shifted: Une virgule coupe sans doute un texte ou un montant de cette ligne. "
        f"Le montant peut être « 900 » ou « GRETA ». {PROTECT}"
    )


def test_what_is_wrong_with_one_cell_is_left_to_its_reader() -> None:
    assert told(SHORT, "GRETA,Soudure,12,bientôt") == ["GRETA", "Soudure", "12", "bientôt"]
    assert told(SHORT, "GRETA,Soudure,douze,2025") == ["GRETA", "Soudure", "douze", "2025"]


def test_text_that_moves_the_whole_row_is_put_together_where_columns_after_the_amount_say_so() -> None:
    columns = (F.OBJECT, F.AMOUNT, F.YEAR, F.SCHEME)
    assert told(columns, "lot 1, lot 2,12,2025") == [
        "lot 1, lot 2",
        "12",
        "2025",
        "",
        "commas: Virgules non protégées : montant lu « 12 ».",
    ]
    assert told(columns, "lot 1,lot 2,12,2025") == ["lot 1", "lot 2", "12", "2025"]
    untyped = (F.YEAR, F.OBJECT, F.AMOUNT, F.SCHEME, F.LEVEL)
    assert told(untyped, "2025,lot 1, lot 2,12,PIC") == ["2025", "lot 1", " lot 2", "12", "PIC"]


def test_amount_in_the_first_column_may_be_cut_too() -> None:
    assert told((F.AMOUNT, F.SCHEME, F.YEAR), "708;.14;PIC;2025", delimiter=";") == (
        "shifted: Un point-virgule coupe sans doute le montant de cette ligne."
    )


def test_text_put_together_again_is_sure_by_its_spaces_or_by_what_stands_beside_the_amount() -> None:
    kept = "commas: Virgules non protégées : montant lu « 12 »."
    assert told(TEXT_AFTER, "2025,bois, métal,12,PIC") == ["2025", "bois, métal", "12", "PIC", kept]
    assert told(TEXT_AFTER, "2025,bois,métal,12,PIC") == (
        f"shifted: La ligne compte 5 cellules pour 4 colonnes : une virgule coupe sans doute un texte. {PROTECT}"
    )
    assert told((F.OBJECT, F.AMOUNT, F.YEAR), "bois,métal,12,2025") == ["bois,métal", "12", "2025", kept]


@pytest.mark.parametrize(
    ("ended", "whole", "may_end"),
    [
        (2, 1, True),
        (2, 2, False),
        (2, 3, False),
        (3, 4, True),
        (3, 26, True),
        (3, 27, False),
        (1, 0, True),
        (0, 3, False),
    ],
)
def test_records_may_end_at_their_amount_where_enough_of_the_file_do(ended: int, whole: int, may_end: bool) -> None:
    body = ["2025,x,12"] * ended + ["2025,y,13,PIC"] * whole
    found = told(TEXT_AFTER, "2025,z,14", *body)
    assert found == (["2025", "z", "14", ""] if may_end else TORN)


def test_row_one_cell_away_is_told_only_where_most_of_the_file_stands_right() -> None:
    columns = (F.OBJECT, F.AMOUNT, F.YEAR, F.BENEFICIARY_SIRET)
    moved, sound = "x,GRETA,900,2025", "Soudure,12,2025,52499120500013"
    assert told(columns, moved, sound, moved) == ["x", "GRETA", "900", "2025"]
    assert isinstance(told(columns, moved, sound, moved, sound), str)
