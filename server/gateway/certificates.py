"""TLS: the given certificate, or one that the relay makes for itself and viewers pin.

A pinned certificate needs no name and no authority: the fingerprint travels in the invite link.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.errors import SettingsError
from server.store.data_dir import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from server.settings import Settings

CERTIFICATE_NAME: Final = "relay-certificate.pem"
KEY_NAME: Final = "relay-key.pem"
LIFETIME_DAYS: Final = 3_650
"""Ten years: a new certificate would break every pinned link."""


@dataclass(frozen=True)
class Tls:
    context: ssl.SSLContext
    fingerprint: str
    """SHA-256 of the certificate in DER, lower-case hex."""


def load_tls(settings: Settings, now: dt.datetime) -> Tls | None:
    """None when TLS is off. Raises SettingsError in one line."""
    if not settings.tls:
        return None
    certificate, key = settings.certificate, settings.certificate_key
    if (certificate is None) != (key is None):
        raise SettingsError("give both --certificate and --certificate-key, or neither")
    if certificate is None or key is None:
        certificate = settings.data_dir / CERTIFICATE_NAME
        key = settings.data_dir / KEY_NAME
        if not certificate.exists() or not key.exists():
            _make_self_signed(certificate, key, now)
    if os.name == "posix" and key.exists() and key.stat().st_mode & 0o007:
        raise SettingsError(f"the TLS key {key.name} can be read by everyone: chmod 600 it")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
        der = ssl.PEM_cert_to_DER_cert(_first_certificate(certificate.read_text("ascii")))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"the TLS certificate {certificate} and its key cannot be used: {error}"
        ) from error
    return Tls(context, hashlib.sha256(der).hexdigest())


def _first_certificate(pem: str) -> str:
    end = "-----END CERTIFICATE-----"
    start = pem.index("-----BEGIN CERTIFICATE-----")
    return pem[start : pem.index(end, start) + len(end)] + "\n"


def _make_self_signed(certificate: Path, key: Path, now: dt.datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Livehouse relay")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=LIFETIME_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(private, hashes.SHA256())
    )
    write_private(
        key,
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    write_private(certificate, signed.public_bytes(serialization.Encoding.PEM))
