"""What services stand on: made by whoever starts them, a relay or a test."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from server.chat.writer import GATHER_S
from server.likes.rules import SAY_INTERVAL_S
from server.likes.service import STORE_INTERVAL_S
from server.settings import RecordingSettings

if TYPE_CHECKING:
    from server.accounts.hashing import PasswordHasher
    from server.admin.figures import Reading
    from server.admin.sampling import Tally
    from server.admin.service import HouseSettings
    from server.broadcasts.service import BroadcastService
    from server.clocks import Clocks
    from server.gateway.hub import RoomHub
    from server.gateway.registry import SocketRegistry
    from server.ids import RandomBytes
    from server.relay.media_plane import MediaPlane
    from server.sanctions.standings import Standings
    from server.settings import Retention
    from server.store.store import Store
    from wire.ids import RoomId


@dataclass(frozen=True)
class Pace:
    """How long things are gathered before they are stored or told."""

    store_messages_s: float = GATHER_S
    say_likes_s: float = SAY_INTERVAL_S
    store_likes_s: float = STORE_INTERVAL_S


async def _no_cover(_room_id: RoomId) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Ground:
    store: Store
    clocks: Clocks
    settings: HouseSettings
    hasher: PasswordHasher
    standings: Standings
    broadcasts: BroadcastService
    plane: MediaPlane
    hub: RoomHub
    registry: SocketRegistry
    tally: Tally
    read: Callable[[], Reading]
    """Measures the relay."""
    find_thumbnail: Callable[[RoomId], bytes | None]
    data_dir: Path
    database_url: str
    database: Path | None
    """SQLite's file; None for PostgreSQL."""
    room_key_secret: bytes
    retention: Retention
    pace: Pace = Pace()
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    find_cover: Callable[[RoomId], Awaitable[bytes | None]] = _no_cover
    """A JPEG of what is live, of private rooms too."""
    random_bytes: RandomBytes = secrets.token_bytes
    random_below: Callable[[int], int] = secrets.randbelow
