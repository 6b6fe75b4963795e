"""Recordings in the words of the wire: their rows, and how far they are while they grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.recording import queries
from wire import event_base
from wire.ids import ReplayId, RoomId
from wire.permissions import Action, is_allowed
from wire.replay_events import Chapter, ReplayInfo

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Protocol

    from server.accounts.actor import Actor
    from server.recording.recorder import LiveRecording, Recorder
    from server.recording.tables import Replay
    from server.rooms.cards import RoomCard
    from server.store.store import Store
    from wire.event_base import UserInfo
    from wire.ids import UserId

    class Users(Protocol):
        """What this asks of accounts."""

        async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


_chapters = msgspec.json.Decoder(tuple[Chapter, ...])
_counts = msgspec.json.Decoder(tuple[int, ...])


class Describing:
    """Event loop's thread only."""

    def __init__(self, store: Store, *, recorder: Recorder, users: Users) -> None:
        self._store = store
        self._recorder = recorder
        self._users = users

    async def describe(self, row: Replay, card: RoomCard, actor: Actor | None) -> ReplayInfo:
        owners = await self._users.find_users([card.owner_id])
        owner = owners.get(card.owner_id)
        live = self.growing(row)
        info = ReplayInfo(
            replay_id=ReplayId(row.id),
            room_id=card.room_id,
            room_title=card.name,
            title=row.title,
            streamer=owner or event_base.UserInfo(user_id=card.owner_id, name=""),
            started_at_unix_ms=row.started_at_unix_ms,
            duration_ms=row.duration_ms,
            size_bytes=row.size_bytes,
            width=row.width,
            height=row.height,
            visibility=row.visibility,  # type: ignore[arg-type]  # a row holds plain text
            kept=row.is_kept,
            state=row.state,  # type: ignore[arg-type]  # a row holds plain text
            danmaku=row.danmaku,
            density=_counts.decode(row.density),
            density_step_ms=row.density_step_ms,
            chapters=_chapters.decode(row.chapters),
            can_manage=actor is not None and is_allowed(card.roles_of(actor), Action.KEEP_REPLAYS),
        )
        return info if live is None else await self._with_growth(info, live)

    async def _with_growth(self, info: ReplayInfo, live: LiveRecording) -> ReplayInfo:
        duration_ms = live.index.ends_at_us // 1_000
        density, danmaku = await self._store.read(
            lambda session: (
                queries.read_density(session, info.replay_id, duration_ms),
                queries.count_danmaku(session, info.replay_id),
            )
        )
        return msgspec.structs.replace(
            info,
            state="recording",
            duration_ms=duration_ms,
            size_bytes=live.index.size,
            danmaku=danmaku,
            density=density.counts,
            density_step_ms=density.step_ms,
        )

    def growing(self, row: Replay) -> LiveRecording | None:
        live = self._recorder.find(RoomId(row.room_id))
        return live if live is not None and live.replay_id == row.id else None
