"""Is this file a table, and of which kind?

By its first bytes: a name can say anything. What funders send by mistake (a PDF, a letter, a page saved under the name of a
workbook, a protected or cut file) gets the sentence that says what to do.
"""

import re
import zipfile
from pathlib import Path

from conference.domain.importing.remarks import Unreadable

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_CSV = "Enregistrez le tableau en XLSX ou en CSV, puis recommencez."
_SENTENCES = (
    (b"%PDF-", f"Ce fichier est un PDF, pas un tableau. {_AS_CSV}"),
    (b"\x89PNG", f"Ce fichier est une image, pas un tableau. {_AS_CSV}"),
    (b"\xff\xd8\xff", f"Ce fichier est une image, pas un tableau. {_AS_CSV}"),
    (b"GIF8", f"Ce fichier est une image, pas un tableau. {_AS_CSV}"),
    (b"{\\rtf", f"Ce fichier est un texte mis en forme, pas un tableau. {_AS_CSV}"),
    (b"\x1f\x8b", "Ce fichier est compressé. Décompressez-le, puis envoyez le tableau qu’il contient."),
    (b"7z\xbc\xaf", "Ce fichier est compressé. Décompressez-le, puis envoyez le tableau qu’il contient."),
    (b"Rar!", "Ce fichier est compressé. Décompressez-le, puis envoyez le tableau qu’il contient."),
)
_MARKUP = re.compile(rb"<[!?/a-z]", re.IGNORECASE)
_JSON = re.compile(rb'\[?\s*\{\s*"[^"]*"\s*:')
_JSON_NAMES = (".json", ".geojson", ".jsonl", ".ndjson")
ENTRIES, EXPANDED, RATIO = 2_000, 2_000_000_000, 400
"""Most files in a workbook, bytes that they expand to, and times that one may expand."""
_BOMB = (
    "Ce classeur se déploie en un volume anormal : il n’est pas ouvert. Copiez la feuille utile dans un nouveau classeur, "
    "puis recommencez."
)
_CUT = "Ce classeur est incomplet ou abîmé. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis recommencez."
_LOCKED = "Ce classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis recommencez."


def kind_of(path: Path, filename: str) -> str:
    """ "csv", "xlsx", "xls" or "ods". Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Unreadable("Ce fichier est vide. Vérifiez que c’est le bon, puis recommencez.", code="empty")
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    for sign, sentence in _SENTENCES:
        if head.startswith(sign) or start.startswith(sign):
            raise Unreadable(sentence, code="not_a_table")
    if head.startswith(_ZIP):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    if _MARKUP.match(start):
        message = "Ce fichier est une page ou un document XML, même si son nom dit autre chose. "
        raise Unreadable(
            message + "Ouvrez-le dans votre tableur et enregistrez-le en XLSX, puis recommencez.", code="markup"
        )
    if _JSON.match(start) or (start.startswith((b"{", b"[")) and filename.lower().endswith(_JSON_NAMES)):
        raise Unreadable(f"Ce fichier est du JSON, pas un tableau. {_AS_CSV}", code="not_a_table")
    return "csv"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _refuse_bomb(entries, path.stat().st_size)
            kind = _kind_of_names(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Unreadable(_CUT, code="damaged") from None
    if kind is None:
        message = "Ce fichier est une archive, pas un classeur. Envoyez le tableau qu’elle contient."
        if "word/document.xml" in names or any(name.startswith("ppt/") for name in names):
            message = f"Ce fichier est un document, pas un tableau. {_AS_CSV}"
        raise Unreadable(message, code="not_a_table")
    return kind


def _refuse_bomb(entries: list[zipfile.ZipInfo], size: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(_LOCKED, code="locked")
    expanded = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or expanded > EXPANDED or (expanded > 50_000_000 and expanded > RATIO * max(size, 1)):
        raise Unreadable(_BOMB, code="bomb")


def _kind_of_names(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        if "xl/workbook.bin" in names:
            raise Unreadable(
                "Ce classeur est au format binaire XLSB. Enregistrez-le en XLSX, puis recommencez.", code="xlsb"
            )
        return "xlsx"
    if "mimetype" in names and archive.read("mimetype")[:200].startswith(
        b"application/vnd.oasis.opendocument.spreadsheet"
    ):
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b"encryption-data" in manifest:
            raise Unreadable(_LOCKED, code="locked")
        return "ods"
    return None


def _ole_kind(path: Path) -> str:
    """An old workbook, or a new one under a password, or something else in the same box (Word, Outlook)."""
    content = path.read_bytes() if path.stat().st_size < 100_000_000 else path.open("rb").read(100_000_000)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable(_LOCKED, code="locked")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    if "WordDocument".encode("utf-16-le") in content:
        raise Unreadable(f"Ce fichier est un document Word, pas un tableau. {_AS_CSV}", code="not_a_table")
    raise Unreadable(_CUT, code="damaged")
