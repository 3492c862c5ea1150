"""Where does a file wait between the page that shows what it would do and the one that does it?

In `staged/` of the instance folder, under its SHA-256, for a day: what is confirmed is the very file that was shown. It is
in no archive and in no list; what nobody confirms is swept when the next one comes.
"""

import hashlib
import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from conference.domain.refusal import Refusal

WAITS = timedelta(days=1)


def stage_file(instance: Path, content: bytes, *, at: datetime) -> str:
    """Keep `content` for a day; its SHA-256."""
    folder = instance / "staged"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder, at)
    sha256 = hashlib.sha256(content).hexdigest()
    draft = folder / f"{sha256}.{secrets.token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(folder / sha256)
    return sha256


def staged_file(instance: Path, sha256: str) -> bytes:
    """The bytes that wait under that SHA-256. Raises Refusal when they no longer do, or are not the same."""
    path = instance / "staged" / sha256
    if re.fullmatch(r"[0-9a-f]{64}", sha256) and path.is_file():
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    raise Refusal("Ce fichier n’attend plus d’être confirmé. Choisissez-le de nouveau.", field="file", code="staged")


def forget_staged(instance: Path, sha256: str) -> None:
    """Sweep one file, now imported."""
    (instance / "staged" / sha256).unlink(missing_ok=True)


def _sweep(folder: Path, at: datetime) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < (at - WAITS).timestamp():
            path.unlink(missing_ok=True)
