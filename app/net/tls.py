"""TLS towards the relay: the system's trust, or one certificate known by its fingerprint.

A relay at home has a self-signed certificate whose SHA-256 stands in the invite link. With a pin,
names and issuers say nothing and are not looked at; the fingerprint alone decides, and it is
compared after TLS's own handshake (which proves possession of the key) and before the first byte
of ours is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl

from app.errors import BadInput, CertificateMismatch

_FINGERPRINT_HEX_CHARACTERS = 64


def parse_pin(text: str) -> bytes:
    """The 32 bytes of a SHA-256 fingerprint, with or without colons. Raises BadInput."""
    digits = text.replace(":", "").replace(" ", "").lower()
    if len(digits) != _FINGERPRINT_HEX_CHARACTERS:
        raise BadInput("--pin takes the 64 hex digits of a certificate's SHA-256 fingerprint")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise BadInput("--pin holds something that is not a hex digit") from None


def create_context(*, is_pinned: bool) -> ssl.SSLContext:
    """A client context; a pinned one leaves the judgement to `check_pin`."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if is_pinned:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def check_pin(certificate: bytes | None, pin: bytes) -> None:
    """Raise CertificateMismatch unless the DER certificate has this fingerprint."""
    if certificate is None:
        raise CertificateMismatch("the relay showed no certificate, but a fingerprint was given")
    found = hashlib.sha256(certificate).digest()
    if not hmac.compare_digest(found, pin):
        raise CertificateMismatch(
            f"the relay's certificate is not the pinned one (its SHA-256 is {found.hex()})"
        )
