from __future__ import annotations

import hashlib

import pytest

from app.errors import BadInput, CertificateMismatch
from app.net.address import parse_relay_address
from app.net.tls import check_pin, parse_pin

PIN = "ab" * 32


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("ws://127.0.0.1:8080", "ws://127.0.0.1:8080"),
        ("127.0.0.1:8080", "ws://127.0.0.1:8080"),
        ("wss://relay.example", "wss://relay.example:443"),
        ("https://relay.example:1/", "wss://relay.example:1"),
        ("ws://[::1]:9", "ws://[::1]:9"),
    ],
)
def test_address_when_it_is_right_then_it_is_normal(text: str, url: str) -> None:
    assert parse_relay_address(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://relay",
        "ws://",
        "ws://host:99999",
        "ws://host:abc",
        "ws://user:secret@host",
        "ws://host/v1/publish",
        "ws://host?x=1",
    ],
)
def test_address_when_it_is_wrong_then_one_line_says_so(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_relay_address(text)
    assert "\n" not in caught.value.message


def test_pin_when_the_address_is_not_tls_then_it_is_refused() -> None:
    with pytest.raises(BadInput, match="wss"):
        parse_relay_address("ws://host:1", pin=PIN)


def test_pin_when_it_has_colons_and_capitals_then_it_is_the_same() -> None:
    assert parse_pin(":".join(["AB"] * 32)) == parse_pin(PIN)


@pytest.mark.parametrize("text", ["", "ab", "zz" * 32, PIN + "00"])
def test_pin_when_it_is_no_fingerprint_then_it_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_pin(text)


def test_certificate_when_it_is_the_pinned_one_then_it_passes() -> None:
    check_pin(b"certificate", hashlib.sha256(b"certificate").digest())


@pytest.mark.parametrize("certificate", [None, b"", b"another"])
def test_certificate_when_it_is_another_then_it_is_refused(certificate: bytes | None) -> None:
    with pytest.raises(CertificateMismatch):
        check_pin(certificate, hashlib.sha256(b"certificate").digest())
