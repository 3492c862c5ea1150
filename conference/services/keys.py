"""Where do the instance's secrets live, and how is each purpose given its own?

One random master key in `keys/master.key` of the instance folder, readable by its owner alone, made at the first need;
every purpose (cookies, seal of the journal, second factors) derives its own key from it. Losing the file loses what it
sealed or encrypted: it is part of every backup.
"""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet


def derived_key(instance: Path, purpose: str) -> bytes:
    """32 bytes for `purpose`, always the same for one instance."""
    return hmac.new(_master_key(instance), purpose.encode(), hashlib.sha256).digest()


def cipher(instance: Path, purpose: str) -> Fernet:
    """Authenticated encryption under the key of `purpose`."""
    return Fernet(urlsafe_b64encode(derived_key(instance, purpose)))


def _master_key(instance: Path) -> bytes:
    folder = instance / "keys"
    path = folder / "master.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f"master.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # the first of several processes wins, the others read its key
            os.link(draft, path)
        draft.unlink()
    return bytes.fromhex(path.read_text().strip())
