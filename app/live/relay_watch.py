"""Whether the relay that is talked to is still the same: what came from another is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from app.errors import LivehouseError

if TYPE_CHECKING:
    from app.live.thumbnail_round import Relay


class RelayWatch:
    """Used on one asyncio loop."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._known: tuple[str, str | None] | None = None

    @property
    def is_known(self) -> bool:
        """Whether there was a relay yet at any look."""
        return self._known is not None

    def look(self) -> Literal["none", "same", "another"]:
        """Compared with the last look at which there was one; the first one is no other."""
        try:
            settings = self._relay.relay_settings()
        except LivehouseError:
            return "none"
        before, self._known = self._known, settings
        return "same" if before in {None, settings} else "another"
