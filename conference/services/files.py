"""Where do the bytes of a file lie, and how do we know that they are still the same?

In `files/` of the instance folder, under their SHA-256, two first letters as a folder: the same file sent twice is kept
once, and `conference verify` reads each again. Written to the disk before the row that names it is committed: what a
crash leaves is a file without a row, never a row without its file.
"""

import hashlib
import os
import secrets
from pathlib import Path


def file_path(instance: Path, sha256: str) -> Path:
    """Where the bytes with that SHA-256 lie."""
    return instance / "files" / sha256[:2] / sha256


def keep_file(instance: Path, content: bytes) -> str:
    """Keep `content`; its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = file_path(instance, sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{sha256}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return sha256


def read_kept(instance: Path, sha256: str) -> bytes:
    """The bytes with that SHA-256. Raises FileNotFoundError."""
    return file_path(instance, sha256).read_bytes()


def keep_copy(instance: Path, source: Path, sha256: str) -> None:
    """Keep a copy of the file `source`, whose SHA-256 is `sha256`, in blocks. Raises ValueError when it is not."""
    path = file_path(instance, sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{sha256}.{secrets.token_hex(8)}")
    digest = hashlib.sha256()
    with (
        source.open("rb") as given,
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        while block := given.read(1 << 20):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != sha256:
        draft.unlink()
        raise ValueError("the staged file is not the one that was shown")
    draft.replace(path)
