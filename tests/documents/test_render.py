"""Is a document archivable, readable by all, and the same twice?"""

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from conference.documents.chart import Chart, Series
from conference.documents.model import (
    Attachment,
    Beside,
    Block,
    Column,
    Document,
    Figure,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Row,
    Table,
    Text,
    Together,
    fingerprint,
)
from conference.documents.render import render_pdf
from tests.documents.verapdf.validator import Validator

CHART = Chart(
    "Deux mois", "Barres", ("mars", "avril"), (Series("Payé", (Decimal(12), Decimal("-3.50"))),), source="essai"
)
COLUMNS = (Column("Libellé"), Column("Engagé", True, "Mars"), Column("Payé", True, "Mars"), Column("Solde", True))


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row((f"ligne {n}", f"{n}\u202f000,00", "1,00", "2,00"), strong=n % 50 == 49) for n in range(count))


def full_document(*, lines: int = 200, text: str = "Un paragraphe. ", title: str = "Bilan de l’année") -> Document:
    table = Table("Engagements", COLUMNS, rows(lines))
    return Document(
        title=title,
        reference="BIL-2026",
        conference="Conférence des financeurs",
        region="Région",
        known_on=datetime(2026, 4, 9, 14, 32, tzinfo=UTC),
        lines=("Connu le 9 avril 2026",),
        mentions=("Démonstration",),
        blocks=(
            Heading("Ensemble"),
            KeyFigures((KeyFigure("Engagé", "12,00 €", "en mars"), KeyFigure("Payé", "8,00 €"))),
            Text(text * 300),
            Heading("Sources", 2),
            Text("Code du travail " * 12, link="https://www.legifrance.gouv.fr/codes/id/LEGITEXT000006072050/"),
            Items(("Premier point", "Second point, plus long. " * 40)),
            Beside(Figure(CHART), dataclasses.replace(table, rows=rows(3), show_caption=False)),
            Heading("Détail"),
            table,
        ),
        attachments=(
            Attachment("b.csv", "text/csv", b"b;1\r\n", "Second"),
            Attachment("a.csv", "text/csv", b"a;1\r\n", "Premier"),
        ),
    )


def structure(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    """All elements of one kind, in reading order."""
    found: list[pikepdf.Object] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if str(element.S) == f"/{kind}":
                found.append(element)
            for kid in element.get("/K", []):
                walk(kid)

    walk(pdf.Root.StructTreeRoot.K[0])
    return found


def test_document_of_every_block_keeps_both_standards(validator: Validator) -> None:
    assert validator.broken_rules(render_pdf(full_document())) == []


def test_validator_refuses_a_figure_without_alternative_and_a_file_without_language(validator: Validator) -> None:
    with pikepdf.open(BytesIO(render_pdf(full_document(lines=3)))) as pdf:
        del structure(pdf, "Figure")[0].Alt
        del pdf.Root.Lang
        del pdf.Root.OutputIntents
        out = BytesIO()
        pdf.save(out)
    broken = validator.broken_rules(out.getvalue())
    assert any(line.startswith("ua1 7.3-1 ") for line in broken), broken
    assert any(line.startswith("3a 6.2.4.3-") for line in broken), broken


def test_same_document_same_bytes_and_fingerprint_on_every_page(read_text: Callable[[bytes], str]) -> None:
    content = render_pdf(full_document())
    assert content == render_pdf(full_document())
    text = read_text(content)
    pages = text.count("\f")
    mark = fingerprint(full_document())
    for page in range(1, pages + 1):
        assert f"BIL-2026 – page {page}/{pages} – empreinte {mark[:16]}…" in text
    assert text.count("Démonstration") == pages + 1
    assert pages >= 5


def test_one_changed_word_changes_the_fingerprint() -> None:
    assert fingerprint(full_document(title="Bilan")) != fingerprint(full_document(title="Bilam"))
    changed = dataclasses.replace(
        full_document(), attachments=(Attachment("a.csv", "text/csv", b"a;2\r\n", "Premier"),)
    )
    assert fingerprint(changed) != fingerprint(full_document())


def test_rows_split_over_pages_are_one_table_with_one_head() -> None:
    with pikepdf.open(BytesIO(render_pdf(full_document()))) as pdf:
        tables = structure(pdf, "Table")
        bodies = structure(pdf, "TBody")
        scopes = [str(element.A.Scope) for element in structure(pdf, "TH")]
        assert len(tables) == 2
        assert [len(body.K) for body in bodies] == [3, 200]
        assert scopes.count("/Column") == 2 * 5
        assert scopes.count("/Row") == 203
        assert all(len(element.K) == 1 for element in structure(pdf, "TH"))


def test_headings_are_numbered_and_start_at_the_title() -> None:
    with pikepdf.open(BytesIO(render_pdf(full_document(lines=1)))) as pdf:
        assert [len(structure(pdf, kind)) for kind in ("H1", "H2", "H3")] == [1, 2, 1]
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["1. Ensemble", "2. Détail"]
            assert [item.title for item in outline.root[0].children] == ["1.1 Sources"]


def test_attachments_are_carried_with_their_role_and_a_fixed_date() -> None:
    with pikepdf.open(BytesIO(render_pdf(full_document(lines=1)))) as pdf:
        assert list(pdf.attachments) == ["a.csv", "b.csv"]
        assert pdf.attachments["a.csv"].get_file().read_bytes() == b"a;1\r\n"
        assert [str(spec.AFRelationship) for spec in pdf.Root.AF] == ["/Data", "/Data"]
        assert str(pdf.Root.AF[0].EF.F.Params.ModDate) == "D:20260409143200+00'00'"


@pytest.mark.parametrize("lines", [0, 1])
def test_table_with_few_rows_still_keeps_both_standards(validator: Validator, lines: int) -> None:
    document = dataclasses.replace(full_document(lines=lines), attachments=(), known_on=None, mentions=())
    assert validator.broken_rules(render_pdf(document)) == []


def test_empty_table_says_so(read_text: Callable[[bytes], str]) -> None:
    assert "Aucune ligne." in read_text(render_pdf(full_document(lines=0)))


HOSTILE = "Été <b>œuf</b> &amp; & \x07\u202e日本 😀\ufe0f e\u0301 <a href='x'>\ud800]]>"


def test_hostile_text_is_shown_as_text(read_text: Callable[[bytes], str], validator: Validator) -> None:
    column = Column(HOSTILE)
    document = Document(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        blocks=(
            Heading(HOSTILE),
            Text(HOSTILE),
            Items((HOSTILE,)),
            Table(HOSTILE, (column, column), (Row((HOSTILE, "M" * 400)),)),
            Figure(dataclasses.replace(CHART, title=HOSTILE, description=HOSTILE, categories=(HOSTILE, ""))),
        ),
        attachments=(Attachment("é & <b>.csv", "text/csv", b"", HOSTILE),),
    )
    content = render_pdf(document)
    assert "Été <b>œuf</b> &amp; & □□ □ é <a href='x'>□]]>" in read_text(content).replace("\n", " ")
    assert validator.broken_rules(content) == []


def test_cell_longer_than_a_page_goes_on_over_the_page(read_text: Callable[[bytes], str]) -> None:
    long = " ".join(f"mot{n}" for n in range(3000))
    document = Document("T", "R", "C", blocks=(Table("L", (Column("a"), Column("b")), (Row((long, "fin")),)),))
    text = read_text(render_pdf(document))
    assert all(word in text for word in ("mot0", "mot1500", "mot2999", "fin"))


def test_narrow_space_is_kept_in_the_text_layer_and_breaks_no_amount() -> None:
    amount = "1\u202f234\u202f567,00"
    content = render_pdf(Document("T", "R", "C", blocks=(Text(f"{amount} " * 60),)))
    with pikepdf.open(BytesIO(content)) as pdf:
        maps = [font.ToUnicode.read_bytes() for font in pdf.pages[0].Resources.Font.values() if "/ToUnicode" in font]
    assert any(b"<202F>" in each.upper() for each in maps)
    assert not any(b"<E02F>" in each.upper() for each in maps)


def test_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells in a table of 4 columns"):
        render_pdf(Document("T", "R", "C", blocks=(Table("L", COLUMNS, (Row(("seule",)),)),)))


def test_fingerprint_is_a_sha256() -> None:
    assert len(bytes.fromhex(fingerprint(full_document()))) == hashlib.sha256().digest_size


def pages_of(read_text: Callable[[bytes], str], *blocks: Block) -> list[str]:
    document = dataclasses.replace(full_document(lines=1), blocks=blocks, attachments=())
    return read_text(render_pdf(document)).split("\f")[:-1]


@pytest.mark.parametrize("above", range(2, 46, 3))
def test_blocks_that_stay_together_are_on_one_page(read_text: Callable[[bytes], str], above: int) -> None:
    table = Table("Ensemble", COLUMNS, rows(24))
    filling = Items(tuple(f"point {n}" for n in range(above)))
    pages = pages_of(read_text, filling, Together((Heading("Début"), Heading("Suite", 2), table)))
    [page] = [page for page in pages if "1. Début" in page]
    assert "1.1. Suite" in page or "1.1 Suite" in page
    assert "ligne 0 " in page
    assert "ligne 23 " in page


@pytest.mark.parametrize("above", range(0, 46, 5))
def test_what_no_page_holds_begins_under_its_heading(read_text: Callable[[bytes], str], above: int) -> None:
    filling = Items(tuple(f"point {n}" for n in range(above)))
    drawing = Figure(CHART, height=300)
    pages = pages_of(read_text, filling, Together((Heading("Début"), drawing, Table("Ensemble", COLUMNS, rows(60)))))
    [page] = [page for page in pages if "1. Début" in page]
    assert "Source : essai" in page
    assert "ligne 0 " in page
    assert "ligne 59 " not in page


def test_value_of_a_key_figure_stands_on_one_line(read_text: Callable[[bytes], str]) -> None:
    values = tuple(KeyFigure(f"Mesure {n}", f"9\u202f876\u202f543\u202f21{n},00\u00a0€") for n in range(5))
    [page] = pages_of(read_text, KeyFigures(values))
    assert " ".join(f"9 876 543 21{n},00 €" for n in range(5)) in " ".join(page.split())
