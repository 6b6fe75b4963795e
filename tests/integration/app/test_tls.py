"""A self-signed relay, trusted by its fingerprint alone."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import CertificateMismatch, RelayUnreachable
from app.live.room_finding import find_room
from app.net.address import parse_relay_address
from tests.integration.app.fake_relay import ROOM_ID, ROOM_NAME, running_relay


def _make_certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A server's context and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("10.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "relay.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return context, hashlib.sha256(der).hexdigest()


async def test_link_when_the_pin_is_right_then_a_self_signed_relay_is_trusted(
    tmp_path: Path,
) -> None:
    context, fingerprint = _make_certificate(tmp_path)
    async with running_relay(tls=context) as relay, asyncio.timeout(20):
        address = parse_relay_address(f"wss://127.0.0.1:{relay.port}", pin=fingerprint)
        assert await find_room(address, ROOM_NAME) == ROOM_ID


async def test_link_when_the_pin_is_wrong_then_nothing_is_sent(tmp_path: Path) -> None:
    context, _ = _make_certificate(tmp_path)
    async with running_relay(tls=context) as relay, asyncio.timeout(20):
        address = parse_relay_address(f"wss://127.0.0.1:{relay.port}", pin="ab" * 32)
        with pytest.raises(CertificateMismatch):
            await find_room(address, ROOM_NAME)
        assert relay.requests == 0


async def test_link_when_there_is_no_pin_then_a_self_signed_relay_is_refused(
    tmp_path: Path,
) -> None:
    context, _ = _make_certificate(tmp_path)
    async with running_relay(tls=context) as relay, asyncio.timeout(20):
        address = parse_relay_address(f"wss://127.0.0.1:{relay.port}")
        with pytest.raises(RelayUnreachable, match="--pin"):
            await find_room(address, ROOM_NAME)
        assert relay.requests == 0
