"""Does `conference seal-certificate` show, make and replace the certificate of the instance?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from conference.documents.sealing import made_certificate
from conference.settings import Settings
from tests.cli.conftest import Console

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_it_is_made_shown_and_replaced(
    console: Console, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert console("seal-certificate").code == 2
    made = console("seal-certificate", "--make", "--json").json
    assert console("seal-certificate", "--make", "--json").json == made
    other = made_certificate("Cachet de la Région", datetime.now(UTC))
    key = load_pem_private_key(other.key, None)
    lock = BestAvailableEncryption(b"secret")
    certificate = x509.load_pem_x509_certificate(other.chain)
    file = tmp_path / "cachet.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(None, key, certificate, None, lock))  # type: ignore[arg-type]
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "faux")
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "faux")
    refused = console("seal-certificate", "--import", file)
    assert refused.code == 1 and "mot de passe" in refused.err
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "secret")
    told = console("seal-certificate", "--import", file)
    assert told.code == 0 and other.fingerprint in told.out and "Cachet de la Région" in told.out
    kept = sorted(path.name for path in (settings.instance / "keys").glob("seal*"))
    assert len(kept) == 2 and kept[-1] == "seal.pem"
    assert console("verify").code == 0
