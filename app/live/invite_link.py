"""`livehouse://host:port/room?pin=...`: a relay, the room in it and the certificate to trust.

Without a pin the relay speaks plain ws, which it does on its own machine only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from app.errors import BadInput
from app.net.address import RelayAddress, parse_relay_address
from app.net.tls import parse_pin
from wire import limits

SCHEME: Final = "livehouse"
LINK_CHARACTERS_MAX: Final = 1024
TEXT_CHARACTERS_MAX: Final = 4096
PIECES_MAX: Final = 6
"""A link broken over more lines is read no more."""
_TRAILING: Final = ".,;:!?)>]}\"'"
"""What a sentence puts after a link."""
_FOREIGN: Final = re.compile('[<>"“”‘’「」『』《》（），。；：！？、]|(?<=[?&=])[^\\x00-\\x7f]+')
"""What ends a link without a space before it."""
_QUERY: Final = re.compile(r"(^|[?&])(pin|invite|tls)=")
_INVITE_CHARACTERS: Final = 43
"""Of the relay's invites: where a shorter one can be grown to this, it had been broken."""
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
    """Raises BadInput. A relay's plain address (ws://, wss://) is understood too.

    There may be words around the link, and a mail may have broken it over lines.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        raise BadInput("this text is too long to look for an invite link in it")
    found, failure = [], BadInput("this is not an invite link")
    for candidate in _find_candidates(text):
        try:
            found.append(_parse(candidate))
        except BadInput as error:
            failure = error if not found else failure
            continue
        if not found[0].invite or len(found[-1].invite) == _INVITE_CHARACTERS:
            return found[-1]
    if not found:
        raise failure
    return found[0]


def _find_candidates(text: str) -> list[str]:
    """What may be the link, the likeliest first: the first word, and with those that follow it."""
    start = text.lower().find(f"{SCHEME}:")
    if start < 0:
        return ["".join(text.split())]
    next_link = text.lower().find(f"{SCHEME}:", start + 1)
    link_and_more = text[start:next_link] if next_link > 0 else text[start:]
    words = _FOREIGN.sub(" ", link_and_more).split()[:PIECES_MAX]
    grown = ["".join(words[:count]) for count in range(1, len(words) + 1)]
    cleaned = [one.rstrip(_TRAILING) for one in grown]
    if text.strip() == words[0]:
        return [words[0], *cleaned]
    # Broken before or in its query: the first word alone may be a link too, to a stranger.
    with_query = [count for count, word in enumerate(words) if _QUERY.search(word)]
    return cleaned[max(with_query, default=0) :]


def _parse(link: str) -> InviteLink:
    if not link or len(link) > LINK_CHARACTERS_MAX:
        raise BadInput("an invite link looks like livehouse://host:port/room?pin=...")
    try:
        return _parse_parts(link)
    except ValueError:  # urlsplit, of half an IPv6 address
        raise BadInput("the host in this invite link cannot be read") from None


def _parse_parts(link: str) -> InviteLink:
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
    query = parse_qs(parts.query, keep_blank_values=True)
    if any(not values[0] for values in query.values()):
        raise BadInput("this invite link is not whole")
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
