"""What the relay says once it serves: to a parent process in JSON, to people as links."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.addresses import is_loopback

if TYPE_CHECKING:
    from server.rooms.grants import EnsuredRoom
    from server.settings import Settings

EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 # compared, not bound
ELSEWHERE: Final = (("192.0.2.1", 9), ("10.255.255.254", 9), ("192.168.255.254", 9))
"""Asking for the way there sends nothing. The first is reserved, the others are private."""


@dataclass(frozen=True)
class Ready:
    """Where the relay serves."""

    scheme: str
    host: str
    """As it listens: `0.0.0.0` is everywhere."""
    port: int
    fingerprint: str | None
    rooms: tuple[EnsuredRoom, ...]

    @property
    def url(self) -> str:
        """For this machine: nobody can connect to "everywhere"."""
        return f"{self.scheme}://{_bracketed(EVERYWHERE.get(self.host, self.host))}:{self.port}"

    def invite(self, settings: Settings, room_id: str = "") -> str:
        """The link that the window joins by: with the first of `--allow-host`, else the address at
        which others reach this machine.

        A certificate from an authority is renewed, so links do not pin it.
        """
        host = next(iter(settings.allowed_hosts), self.host)
        if host in EVERYWHERE:
            host = find_own_host() or EVERYWHERE[host]
        query = f"?pin={self.fingerprint}" if self.fingerprint else ""
        if settings.certificate is not None:
            query = "?tls=1"
        return f"livehouse://{_bracketed(host)}:{self.port}/{room_id}{query}"

    def to_json(self, settings: Settings) -> str:
        line: dict[str, object] = {
            "ready": True,
            "url": self.url,
            "data_dir": str(settings.data_dir),
            "rooms": [
                {
                    "id": room.room_id,
                    "name": room.name,
                    "publish_key": room.publish_key,
                    "invite": self.invite(settings, room.room_id),
                }
                for room in self.rooms
            ],
        }
        if self.fingerprint is not None:
            line["fingerprint"] = self.fingerprint
        return json.dumps(line, ensure_ascii=False)

    def in_words(self, settings: Settings) -> str:
        """How others come in, as lines to read."""
        links = [f"{self.invite(settings, one.room_id)}    {one.name}" for one in self.rooms]
        lines = "".join(f"    {link}\n" for link in links or [self.invite(settings)])
        where = "on this machine" if is_loopback(self.host) else "in your network"
        return f'Join {where} with Livehouse\'s window, "Join with a link":\n{lines}'


def find_own_host() -> str | None:
    """The address that the others of its network know this machine by; None in no network."""
    for elsewhere in ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(elsewhere)
                host = str(probe.getsockname()[0])
            except OSError:
                continue
        if not is_loopback(host) and host not in EVERYWHERE:
            return host
    return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
