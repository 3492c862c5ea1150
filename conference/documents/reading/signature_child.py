"""The process that checks the signatures of a PDF: `python -I signature_child.py PATH [ROOT.pem …]`, one JSON line.

`{"keywords": …, "signatures": [{…}]}`: for each, whether the bytes are those that were signed (intact), the signature holds
(valid), its certificate is one that the instance trusts (trusted), it covers the whole file (whole), who signed and when. No
network: revocation is not asked, and said so by the parent.
"""

import ctypes
import json
import logging
import resource
import signal
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

MEMORY, SECONDS, SIGNATURES = 900_000_000, 60, 60
WITH_PARENT = 1  # PR_SET_PDEATHSIG


def limit() -> None:
    """End with the parent, and within its limits."""
    ctypes.CDLL(None).prctl(WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def findings(path: str, roots: list[str]) -> dict[str, Any]:
    """What the file says of itself."""
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(Path(path).read_bytes()), strict=False)
    trusted = list(load_certs_from_pemder(roots)) if roots else []
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    found = [_finding(each, context) for each in list(reader.embedded_signatures)[:SIGNATURES]]
    return {"keywords": _keywords(reader), "signatures": found}


def _finding(embedded: Any, context: Any) -> dict[str, Any]:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    status = validate_pdf_signature(embedded, signer_validation_context=context)
    when = status.signer_reported_dt or embedded.self_reported_timestamp
    return {
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "trusted": bool(status.trusted),
        "whole": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "unchanged": bool(status.bottom_line) or bool(status.docmdp_ok is not False),
        "subject": embedded.signer_cert.subject.human_friendly[:300],
        "issuer": embedded.signer_cert.issuer.human_friendly[:300],
        "sha256": embedded.signer_cert.sha256_fingerprint.replace(" ", "").lower(),
        "at": when.isoformat() if when is not None else None,
    }


def _keywords(reader: Any) -> str:
    if "/Info" not in reader.trailer:
        return ""
    info = reader.trailer["/Info"]
    return str(info["/Keywords"])[:2000] if "/Keywords" in info else ""


if __name__ == "__main__":
    limit()
    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(findings(sys.argv[1], sys.argv[2:])))
