"""Small tables and broken files for the tests of the readers, made here byte by byte."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from conference.documents.reading.table import Record, open_table
from conference.domain.importing.remarks import Unreadable

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)
"""The box in which a spreadsheet keeps a workbook under a password."""


def records(path: Path, content: bytes, name: str = "f.csv") -> list[Record]:
    """The records of every visible sheet."""
    path.write_bytes(content)
    with open_table(path, name) as table:
        return [record for sheet in table.sheets if not sheet.hidden for record in table.records(sheet)]


def refusal(path: Path, content: bytes, name: str = "f.csv") -> str:
    """The code of the sentence that refuses the file."""
    try:
        records(path, content, name)
    except Unreadable as error:
        assert error.message.endswith(".")
        return error.code
    raise AssertionError("the file was read")


def xlsx(*rows: Sequence[Any], cells: dict[str, Any] | None = None) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    for place, value in (cells or {}).items():
        sheet[place] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Sequence[Sequence[str | float]]) -> bytes:
    """An OpenDocument workbook of one sheet."""
    told = "".join(
        "<table:table-row>" + "".join(_ods_cell(value) for value in row) + "</table:table-row>" for row in rows
    )
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Feuille">{told}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def zipped(entries: dict[str, str | bytes]) -> bytes:
    """An archive."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def _ods_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
