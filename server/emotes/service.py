"""Rooms' own emotes: on disk with a line in the book, then told to the room.

A room's list is in memory from its first join on. Pictures are read when they are asked for, one
room's after the other, and the newest asked for are kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from server.audit.service import NewAct
from server.emotes import queries
from server.emotes.rules import (
    PICTURES_KEPT_BYTES_MAX,
    check_name,
    check_picture,
    check_room_for,
)
from server.emotes.tables import RoomEmote
from wire.emotes import make_emote_id
from wire.emotes_events import EmoteInfo, EmotePicture, EmotesChanged
from wire.errors import ErrorCode, WireError
from wire.order_events import ActDetail

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from server.audit.service import AuditService, Doer, RecordedAct
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import Event
    from wire.ids import RoomId


class EmoteService:
    """Event loop's thread only. The caller checks who may, and who is in the room."""

    def __init__(
        self,
        store: Store,
        *,
        audit: AuditService,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
        kept_bytes_max: int = PICTURES_KEPT_BYTES_MAX,
    ) -> None:
        self._store = store
        self._audit = audit
        self._post = post
        self._clocks = clocks
        self._kept_bytes_max = kept_bytes_max
        self._emotes: dict[RoomId, tuple[EmoteInfo, ...]] = {}
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        """By emote id; what was asked for last is at the end."""
        self._kept_bytes = 0
        self._changing = asyncio.Lock()
        self._reading = asyncio.Lock()
        """Many ask for the same picture at once: the first reads it."""

    async def load(self, room_id: RoomId) -> None:
        """So that `find` knows the room."""
        if room_id not in self._emotes:
            async with self._changing:
                await self._load(room_id)

    def find(self, room_id: RoomId) -> tuple[EmoteInfo, ...]:
        """Of a room that was loaded; in alphabetical order."""
        return self._emotes.get(room_id, ())

    async def add(self, room_id: RoomId, name: str, picture: bytes, *, by: Doer) -> None:
        """Or give the emote of this name another picture. Raises WireError."""
        check_name(name)
        emote_id = make_emote_id(check_picture(picture))
        now_ms = self._clocks.unix_ms()

        def work(session: Session) -> RecordedAct:
            listed = queries.list_emotes(session, room_id)
            check_room_for(name, frozenset(emote.name for emote in listed))
            row = queries.find(session, room_id, name) or RoomEmote(
                room_id=room_id,
                name=name,
                emote_id=emote_id,
                picture=picture,
                added_by=by.user_id or "",
                added_at_unix_ms=now_ms,
            )
            row.emote_id, row.picture = emote_id, picture
            row.added_by, row.added_at_unix_ms = by.user_id or "", now_ms
            session.add(row)
            return self._audit.add(session, _act(by, "add_emote", room_id, name))

        await self._change(room_id, work)

    async def remove(self, room_id: RoomId, name: str, *, by: Doer) -> None:
        """Raises WireError(NOT_FOUND)."""
        check_name(name)

        def work(session: Session) -> RecordedAct:
            row = queries.find(session, room_id, name)
            if row is None:
                raise _not_found("name")
            session.delete(row)
            return self._audit.add(session, _act(by, "remove_emote", room_id, name))

        await self._change(room_id, work)

    async def picture(self, room_id: RoomId, emote_id: str) -> EmotePicture:
        """Raises WireError(NOT_FOUND) where the room has no such emote now."""
        await self.load(room_id)
        async with self._reading:
            if all(emote.emote_id != emote_id for emote in self.find(room_id)):
                raise _not_found("emote_id")
            picture = self._pictures.get(emote_id)
            if picture is None:
                picture = await self._store.read(
                    lambda session: queries.find_picture(session, room_id, emote_id)
                )
                if picture is None:
                    raise _not_found("emote_id")
                self._keep(emote_id, picture)
            self._pictures.move_to_end(emote_id)
        return EmotePicture(emote_id=emote_id, picture=picture)

    def forget(self, room_ids: Collection[RoomId]) -> None:
        """Rooms that are gone; what they showed is read again where another room has it too."""
        for room_id in room_ids:
            for emote in self._emotes.pop(room_id, ()):
                self._kept_bytes -= len(self._pictures.pop(emote.emote_id, b""))

    async def _load(self, room_id: RoomId) -> None:
        self._emotes[room_id] = await self._store.read(
            lambda session: queries.list_emotes(session, room_id)
        )

    async def _change(self, room_id: RoomId, work: Callable[[Session], RecordedAct]) -> None:
        async with self._changing:
            act = await self._store.write(work)
            await self._load(room_id)
            self._post(room_id, EmotesChanged(room_id=room_id, emotes=self._emotes[room_id]))
        await self._audit.tell(act)

    def _keep(self, emote_id: str, picture: bytes) -> None:
        self._kept_bytes += len(picture)
        self._pictures[emote_id] = picture
        while self._kept_bytes > self._kept_bytes_max and len(self._pictures) > 1:
            _, oldest = self._pictures.popitem(last=False)
            self._kept_bytes -= len(oldest)


def _act(by: Doer, action: str, room_id: RoomId, name: str) -> NewAct:
    return NewAct(by=by, action=action, room_id=room_id, detail=ActDetail(text=name))


def _not_found(field: str) -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "the room has no such emote", field=field)
