"""What is this file, by its first bytes?

A name can say anything: what is accepted is what the bytes are. Only kinds that funders join to a decision, and none
that a browser would run. A text has no signature: it must be readable UTF-8 or cp1252 without control characters, and
named .txt or .csv.
"""

from conference.domain.refusal import Refusal

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
ZIP_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
XLSX = ZIP_KINDS["xlsx"]
OLE_KINDS = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "msg": "application/vnd.ms-outlook"}
TEXT_KINDS = {"txt": "text/plain", "csv": "text/csv"}
ACCEPTED = "PDF, image PNG ou JPEG, Word, Excel, OpenDocument, message Outlook, texte ou CSV"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def media_type_of(filename: str, content: bytes) -> str:
    """Media type of an accepted file. Raises Refusal (field `file`) on any other, or when name and bytes disagree."""
    ending = filename.rpartition(".")[2].lower()
    found = _by_bytes(ending, content)
    if found is None:
        raise Refusal(
            f"Le fichier « {filename} » n’est pas d’un type accepté, ou son contenu ne correspond pas à son nom. "
            f"Types acceptés : {ACCEPTED}.",
            field="file",
            code="file_kind",
        )
    return found


def _by_bytes(ending: str, content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return PDF if ending == "pdf" else None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if ending == "png" else None
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG if ending in ("jpg", "jpeg") else None
    if content.startswith(_ZIP):
        return ZIP_KINDS.get(ending)
    if content.startswith(_OLE):
        return OLE_KINDS.get(ending)
    return TEXT_KINDS.get(ending) if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return not any((each < " " and each not in "\t\r\n\f") or each in "\x7f\ufffd" for each in text)
