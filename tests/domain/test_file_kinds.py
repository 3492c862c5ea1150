"""Is a file what its bytes say, and refused when its name says otherwise?"""

import pytest

from conference.domain.file_kinds import media_type_of
from conference.domain.refusal import Refusal

PDF, PNG, JPEG = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n0", b"\xff\xd8\xff\xe0"
ZIP, OLE = b"PK\x03\x04zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1ole"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("filename", "content", "media_type"),
    [
        ("Décision.PDF", PDF, "application/pdf"),
        ("a.b.png", PNG, "image/png"),
        ("photo.jpg", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("note.docx", ZIP, WORD),
        ("suivi.xlsx", ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("note.odt", ZIP, "application/vnd.oasis.opendocument.text"),
        ("suivi.ods", ZIP, "application/vnd.oasis.opendocument.spreadsheet"),
        ("note.doc", OLE, "application/msword"),
        ("suivi.xls", OLE, "application/vnd.ms-excel"),
        ("accord.msg", OLE, "application/vnd.ms-outlook"),
        ("lisez.txt", "Région\tÎle\r\n\f".encode(), "text/plain"),
        ("suivi.csv", b"", "text/csv"),
        ("MAXI.TXT", b"TAUX MAXI", "text/plain"),
        # cp1252: é, and the apostrophe that Windows types.
        ("lisez.txt", b"accord\xe9 l\x92aide", "text/plain"),
    ],
)
def test_accepted_files_have_the_type_of_their_bytes(filename: str, content: bytes, media_type: str) -> None:
    assert media_type_of(filename, content) == media_type


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("note.docx", PDF),
        ("note.pdf", PNG),
        ("note.pdf", JPEG),
        ("photo.png", JPEG),
        ("photo.jpg", PNG),
        ("archive.zip", ZIP),
        ("note.doc", ZIP),
        ("note.docx", OLE),
        ("page.html", b"<script>"),
        ("lisez.pdf", b"texte"),
        ("lisez.txt", b"a\x00b"),
        ("lisez.txt", b"a\x1fb"),
        ("lisez.txt", b"a\x7fb"),
        # No character of cp1252 has this byte; a replacement character in UTF-8 is a loss already made.
        ("lisez.txt", b"a\x81b"),
        ("lisez.txt", "a\ufffdb".encode()),
        ("pdf", b"texte"),
    ],
)
def test_other_files_are_refused_with_what_is_accepted(filename: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        media_type_of(filename, content)
    assert (refused.value.field, refused.value.code) == ("file", "file_kind")
    assert str(refused.value) == (
        f"Le fichier « {filename} » n’est pas d’un type accepté, ou son contenu ne correspond pas à son nom. "
        "Types acceptés : PDF, image PNG ou JPEG, Word, Excel, OpenDocument, message Outlook, texte ou CSV."
    )
