"""Addresses of RTMP servers, as encoders take them: the server, and the stream key apart. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.errors import BadInput

RTMP_PORT: Final = 1935
RTMPS_PORT: Final = 443
ADDRESS_CHARACTERS_MAX: Final = 500
KEY_CHARACTERS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class RtmpAddress:
    host: str
    port: int
    application: str
    """The path, without slashes around it."""
    is_encrypted: bool

    @property
    def url(self) -> str:
        """Without the key."""
        scheme, usual = ("rtmps", RTMPS_PORT) if self.is_encrypted else ("rtmp", RTMP_PORT)
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        return f"{scheme}://{host}{port}/{self.application}"


def parse_rtmp_address(text: str) -> RtmpAddress:
    """`rtmp://HOST[:PORT]/APP` or `rtmps://...`. Raises BadInput, whose words hold no address:
    people paste their key behind it."""
    text = text.strip()
    if len(text) > ADDRESS_CHARACTERS_MAX or not text.isprintable() or " " in text:
        raise BadInput("an address like rtmp://live.example.org/app is needed")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadInput("the address does not parse: rtmp://live.example.org/app") from None
    if parts.scheme not in {"rtmp", "rtmps"} or not parts.hostname:
        raise BadInput("the address begins with rtmp:// or rtmps:// and names a server")
    if parts.username or parts.password:
        raise BadInput("the address may hold no user and password: they belong into the key")
    application = parts.path.strip("/")
    if not application:
        raise BadInput("the address ends in an application, as in rtmp://live.example.org/app")
    if parts.query:
        application = f"{application}?{parts.query}"
    is_encrypted = parts.scheme == "rtmps"
    usual = RTMPS_PORT if is_encrypted else RTMP_PORT
    return RtmpAddress(parts.hostname, port or usual, application, is_encrypted)


def parse_stream_key(text: str) -> str:
    """Raises BadInput, without the key."""
    key = text.strip()
    if not key or len(key) > KEY_CHARACTERS_MAX or not key.isprintable() or " " in key:
        raise BadInput(f"a stream key is one word of at most {KEY_CHARACTERS_MAX} characters")
    return key
