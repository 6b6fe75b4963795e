"""Where a relay is: `ws://host:port` or `wss://host:port`, with the pin of its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import BadInput
from app.net.tls import parse_pin

_PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """A relay that can be dialled."""

    host: str
    port: int
    is_secure: bool
    pin: bytes | None = None
    """SHA-256 of the certificate that alone is trusted; None: the system's trust decides."""

    @property
    def url(self) -> str:
        scheme = "wss" if self.is_secure else "ws"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def parse_relay_address(text: str, *, pin: str | None = None) -> RelayAddress:
    """Raises BadInput. `http` and `https` and a bare `host:port` are understood too."""
    full = text.strip()
    if "://" not in full:
        full = f"ws://{full}"
    parts = urlsplit(full)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    if scheme not in _PORTS:
        raise BadInput(f"a relay's address starts with ws:// or wss://, not {parts.scheme}://")
    if parts.username is not None or parts.password is not None:
        raise BadInput("a relay's address holds no user name or password")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise BadInput(f"a relay's address ends after the port: {text!r}")
    try:
        port = parts.port or _PORTS[scheme]
    except ValueError:
        raise BadInput(f"the port in {text!r} is not a number from 1 to 65535") from None
    if not parts.hostname:
        raise BadInput(f"no host name in the relay's address {text!r}")
    is_secure = scheme == "wss"
    if pin is not None and not is_secure:
        raise BadInput("--pin only makes sense with a wss:// address")
    return RelayAddress(
        parts.hostname, port, is_secure, parse_pin(pin) if pin is not None else None
    )
