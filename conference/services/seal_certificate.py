"""Which certificate seals for this instance?

A key and its certificate in `keys/seal.pem` of the instance folder, readable by its owner alone, part of every
backup. The demo makes its own, which proves nothing to others; an instance imports one that it was given (PKCS#12).
The one before is kept beside, dated: what it sealed stays provable.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.documents.sealing import Certificate, certificate_of_pkcs12, made_certificate
from conference.domain.permissions import Actor, require
from conference.domain.refusal import Refusal

_MARK = b"-----BEGIN CERTIFICATE-----"


def certificate_path(instance: Path) -> Path:
    """Where the certificate in use lies."""
    return instance / "keys" / "seal.pem"


def seal_certificate(instance: Path) -> Certificate | None:
    """The certificate of the instance, None when it has none."""
    path = certificate_path(instance)
    if not path.exists():
        return None
    content = path.read_bytes()
    cut = content.index(_MARK)
    return Certificate(content[:cut], content[cut:])


def valid_certificate(instance: Path, at: datetime) -> Certificate:
    """The certificate of the instance. Raises Refusal when it has none, or one out of its dates."""
    certificate = seal_certificate(instance)
    if certificate is None:
        raise Refusal(
            "Cette instance n’a pas encore de certificat de cachet. L’administrateur peut en installer un\u202f; en "
            "attendant, signez sur papier ou avec un autre outil.",
            code="no_certificate",
        )
    if not certificate.is_valid(at):
        raise Refusal(
            "Le certificat de cachet de cette instance n’est plus valable. L’administrateur doit le remplacer.",
            code="certificate_expired",
        )
    return certificate


def make_certificate(instance: Path, name: str, *, at: datetime) -> Certificate:
    """The certificate in use, made for the conférence `name` when there is none."""
    known = seal_certificate(instance)
    if known is not None:
        return known
    made = made_certificate(name, at)
    _keep(instance, made, at)
    return made


def import_certificate(
    session: Session, instance: Path, content: bytes, password: str, *, by: Actor, at: datetime
) -> Certificate:
    """Seal from now on with the key and certificate of a PKCS#12 file. Raises Forbidden, Refusal when it does not open,
    or is out of its dates."""
    require(by, "setting.manage")
    try:
        certificate = certificate_of_pkcs12(content, password)
    except ValueError:
        raise Refusal(
            "Ce fichier ne s’ouvre pas avec ce mot de passe, ou ne contient pas une clé et son certificat (PKCS#12).",
            field="file",
            code="certificate_file",
        ) from None
    if not certificate.is_valid(at):
        raise Refusal("Ce certificat n’est pas valable aujourd’hui.", field="file", code="certificate_expired")
    _keep(instance, certificate, at)
    write_journal(
        session,
        by=by,
        at=at,
        verb="import_certificate",
        object_kind="conference_profile",
        object_id=1,
        object_label=certificate.subject[:120],
        changes={"sha256": certificate.fingerprint},
    )
    return certificate


def trusted_roots(instance: Path) -> list[Path]:
    """The certificates that the instance trusts to have signed elsewhere: PEM files of `keys/trust/`, and its own."""
    folder = instance / "keys" / "trust"
    found = sorted(folder.glob("*.pem")) if folder.is_dir() else []
    own = certificate_path(instance)
    return [*found, own] if own.exists() else found


def _keep(instance: Path, certificate: Certificate, at: datetime) -> None:
    path = certificate_path(instance)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        path.replace(path.with_name(f"seal-until-{at:%Y%m%d%H%M%S}.pem"))
    draft = path.with_name(f"seal.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(certificate.key + certificate.chain)
    draft.replace(path)
