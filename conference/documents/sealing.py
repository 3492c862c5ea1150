"""How is a document sealed by the certificate of the instance (PAdES), and stays readable by all and for long?

The seal is invisible: a drawn stamp would need its own font and its own place in the structure. It is added after the bytes of
the document, which do not change; several seals add up, each over the one before.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pyhanko.sign import SimpleSigner

BITS, YEARS = 3072, 10


@dataclass(frozen=True)
class Certificate:
    """A private key and its certificate with those above it, as PEM."""

    key: bytes
    chain: bytes

    @property
    def own(self) -> x509.Certificate:
        """The certificate itself, first of its chain."""
        return x509.load_pem_x509_certificates(self.chain)[0]

    @property
    def subject(self) -> str:
        """Whose it is, such as « CN=Conférence Exemple »."""
        return self.own.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """SHA-256, hexadecimal."""
        return self.own.fingerprint(hashes.SHA256()).hex()

    def is_valid(self, at: datetime) -> bool:
        """Does that instant lie within its dates?"""
        return self.own.not_valid_before_utc <= at <= self.own.not_valid_after_utc


def made_certificate(name: str, at: datetime) -> Certificate:
    """A key of its own and a certificate that it signs itself, in the name of the conférence, for ten years from `at`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:60])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Certificate(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate.public_bytes(Encoding.PEM)
    )


def certificate_of_pkcs12(content: bytes, password: str) -> Certificate:
    """The key and the certificates of a PKCS#12 file. Raises ValueError when it does not open or holds no key."""
    key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    if key is None or certificate is None:
        raise ValueError("no key and certificate")
    chain = b"".join(each.public_bytes(Encoding.PEM) for each in (certificate, *others))
    return Certificate(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), chain)


def seal_pdf(content: bytes, certificate: Certificate, *, field: str, reason: str, name: str, place: str = "") -> bytes:
    """`content` with one more seal, in a signature field that it does not have yet. Its bytes before do not change."""
    # Imported here: a server that seals nothing should not load what seals.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf
    from pyhanko.sign.fields import SigSeedSubFilter

    metadata = PdfSignatureMetadata(
        field_name=field,
        reason=reason,
        name=name,
        location=place or None,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    # In a thread of its own: the library runs an event loop, which a thread that has one would refuse.
    with ThreadPoolExecutor(1) as apart:
        made = apart.submit(
            lambda: sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), metadata, signer=_signer(certificate))
        ).result()
    return bytes(made.getbuffer())


def _signer(certificate: Certificate) -> "SimpleSigner":
    from pyhanko.sign import SimpleSigner

    key = load_pem_private_key(certificate.key, None)
    chain = x509.load_pem_x509_certificates(certificate.chain)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    locked = BestAvailableEncryption(_PASSING)
    packed = pkcs12.serialize_key_and_certificates(None, key, chain[0], chain[1:] or None, locked)
    signer = SimpleSigner.load_pkcs12_data(packed, other_certs=[], passphrase=_PASSING)
    assert signer is not None
    return signer


_PASSING = b"in memory only"
"""Password of a PKCS#12 that lives for one call, in memory."""
