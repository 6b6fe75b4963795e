"""`livehouse://host:port/room?pin=...`: a relay, the room in it and the certificate to trust.

Without a pin the relay speaks plain ws, which it does on its own machine only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from app.errors import BadInput
from app.net.address import RelayAddress, parse_relay_address
from app.net.tls import parse_pin
from wire import limits

SCHEME: Final = "livehouse"
LINK_CHARACTERS_MAX: Final = 1024
_PORT_DEFAULT: Final = 7788


@dataclass(frozen=True, slots=True)
class InviteLink:
    """What an invite link says."""

    address: RelayAddress
    room: str = ""
    """A room's id or name; empty: the whole relay."""
    invite: str = ""
    """Opens an invite-only room."""

    @property
    def pin(self) -> str | None:
        return self.address.pin.hex() if self.address.pin is not None else None


def pack_invite_link(link: InviteLink) -> str:
    """The text that `parse_invite_link` understands."""
    address = link.address
    host = f"[{address.host}]" if ":" in address.host else address.host
    query = []
    if address.pin is not None:
        query.append(f"pin={address.pin.hex()}")
    elif address.is_secure:
        query.append("tls=1")
    if link.invite:
        query.append(f"invite={quote(link.invite, safe='')}")
    text = f"{SCHEME}://{host}:{address.port}/{quote(link.room, safe='')}"
    return f"{text}?{'&'.join(query)}" if query else text


def parse_invite_link(text: str) -> InviteLink:
    """Raises BadInput. A relay's plain address (ws://, wss://) is understood too."""
    link = "".join(text.split())
    if not link or len(link) > LINK_CHARACTERS_MAX:
        raise BadInput("an invite link looks like livehouse://host:port/room?pin=...")
    try:
        return _parse(link)
    except ValueError:  # urlsplit, of half an IPv6 address
        raise BadInput("the host in this invite link cannot be read") from None


def _parse(link: str) -> InviteLink:
    if not link.lower().startswith(f"{SCHEME}:"):
        return InviteLink(parse_relay_address(link))
    parts = urlsplit(link)
    if not parts.hostname:
        raise BadInput("this invite link names no host")
    if parts.username is not None or parts.password is not None:
        raise BadInput("an invite link holds no user name or password")
    try:
        port = parts.port or _PORT_DEFAULT
    except ValueError:
        raise BadInput("the port in this invite link is not a number from 1 to 65535") from None
    room = unquote(parts.path.strip("/"))
    if len(room) > limits.ROOM_NAME_CHARACTERS_MAX or "/" in room:
        raise BadInput("the room in this invite link cannot be one")
    query = parse_qs(parts.query)
    pin = query.get("pin", [""])[0]
    invite = query.get("invite", [""])[0]
    if len(invite) > limits.TOKEN_CHARACTERS_MAX:
        raise BadInput("the secret in this invite link is too long to be one")
    address = RelayAddress(
        parts.hostname,
        port,
        is_secure=bool(pin) or query.get("tls") == ["1"],
        pin=parse_pin(pin) if pin else None,
    )
    return InviteLink(address, room, invite)
