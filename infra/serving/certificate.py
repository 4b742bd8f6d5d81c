"""A certificate of this machine's own, for trying the platform on a tablet.

Camera, position and working offline need https on another device. The certificate can be installed
there as trusted; it is good for this machine's names alone, and for a year.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server import clock

FOLDER = "https"
GOOD_FOR = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=7)
ALWAYS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Certificate:
    """Two files: what everybody may see, and the key, which nobody else may."""

    public: Path
    key: Path


def local_certificate(var: Path, names: Sequence[str]) -> Certificate:
    """Return this machine's certificate, made anew where it is missing, old, or lacks a name."""
    folder = var.absolute() / FOLDER
    certificate = Certificate(folder / "certificate.pem", folder / "key.pem")
    wanted = {*ALWAYS, *names}
    if not (certificate.key.exists() and _is_good(certificate.public, wanted)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(certificate, sorted(wanted))
    return certificate


def _is_good(path: Path, wanted: set[str]) -> bool:
    if not path.exists():
        return False
    present = x509.load_pem_x509_certificate(path.read_bytes())
    named = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    names = {str(name.value) for name in named}
    return wanted <= names and present.not_valid_after_utc - RENEWED_BEFORE > clock.now()


def _make(certificate: Certificate, names: Sequence[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(certificate.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
    certificate.public.write_bytes(_signed(key, names).public_bytes(Encoding.PEM))


def _signed(key: ec.EllipticCurvePrivateKey, names: Sequence[str]) -> x509.Certificate:
    ourselves = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Yinling on this machine")])
    now = clock.now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(ourselves)
        .issuer_name(ourselves)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    return builder.sign(key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
