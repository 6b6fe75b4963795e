"""Recordings as people use them: found, opened, read, edited and deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.recording import disk, queries
from server.recording.describing import Describing
from server.recording.rules import is_replay_id, sort_chapters
from server.recording.tickets import Tickets
from server.text import fold, is_storable
from wire import event_base, events
from wire.errors import ErrorCode, WireError
from wire.ids import ReplayId, RoomId
from wire.limits import CONTROL_MESSAGE_BYTES_MAX
from wire.permissions import Action, is_allowed, require
from wire.replay_events import (
    RecordingDetails,
    ReplayDeleted,
    ReplayDetails,
    ReplayInfo,
    ReplayList,
    ReplayOpened,
    ReplayReady,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from server.accounts.actor import Actor
    from server.clocks import Clocks
    from server.ids import RandomBytes
    from server.recording.describing import Users
    from server.recording.service import RecordingService
    from server.recording.tables import Replay
    from server.rooms.cards import RoomCard
    from server.rooms.service import RoomService
    from server.store.session import Session
    from server.store.store import Store
    from wire.replay_commands import EditReplay, ListReplays, ReadTimeline


_log = structlog.get_logger(__name__)

PAGE_BYTES_MAX: Final = CONTROL_MESSAGE_BYTES_MAX - 4 * 1024
LOOKED_AT_MAX: Final = 400
"""Rows of one page that may turn out not to be for the asker."""

UNKNOWN: Final = frozenset({ErrorCode.BUSY, ErrorCode.STORAGE_FAILED, ErrorCode.SHUTTING_DOWN})
"""The database did not answer: nobody knows whether it is so."""

_entry = msgspec.json.Decoder(events.TimelineEvent)


@dataclass(frozen=True)
class GrowingFile:
    """A file to be sent: so many bytes are whole now, and this stands in place of its index."""

    path: Path
    size: int | None
    """None: as long as it is."""
    region_at: int = 0
    region: bytes = b""


class Replays:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        recording: RecordingService,
        rooms: RoomService,
        users: Users,
        post: Callable[[RoomId, event_base.Event], None],
        post_to_leaders: Callable[[RoomId, event_base.Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._recording = recording
        self._rooms = rooms
        self._users = users
        self._describing = Describing(store, recorder=recording.recorder, users=users)
        self._post = post
        self._post_to_leaders = post_to_leaders
        self.tickets = Tickets(mono_s=clocks.mono_s, random_bytes=random_bytes)

    # --- finding ------------------------------------------------------------------------------

    async def list_replays(
        self, actor: Actor, command: ListReplays, *, inside: Collection[str]
    ) -> ReplayList:
        """`inside`: rooms that the asker's socket has joined."""
        search = fold(command.query)
        if not all(map(is_storable, (command.room_id, search, command.before))):
            raise WireError(ErrorCode.INVALID_VALUE, "this text cannot be searched for")
        if command.room_id:
            card = await self._rooms.card(RoomId(command.room_id))
            self._rooms.check_bars(actor, card.room_id, Action.LIST_REPLAYS)
            require(card.roles_of(actor), Action.LIST_REPLAYS)
        own = await self._rooms.ids_owned_by(actor.user.user_id) if actor.user is not None else ()
        sees_all = actor.is_admin or (bool(command.room_id) and command.room_id in own)
        found: list[ReplayInfo] = []
        before, is_more = command.before, True
        rooms = [command.room_id] if command.room_id else None
        looked_at = 0
        while len(found) < command.limit and is_more and looked_at < LOOKED_AT_MAX:
            rows = await self._store.read(
                lambda session, before=before: queries.list_replays(  # type: ignore[misc] # a default binds it now
                    session,
                    room_ids=rooms,
                    own_ids=own,
                    search=search,
                    before=before,
                    is_public_only=not sees_all,
                    limit=command.limit,
                )
            )
            is_more = len(rows) == command.limit
            looked_at += len(rows)
            for row in rows:
                before = row.id
                room = await self._find_card(row)
                if room is not None and self._may_list(actor, row, room, inside):
                    found.append(await self._describing.describe(row, room, actor))
                if len(found) == command.limit:
                    is_more = is_more or row is not rows[-1]
                    break
        return ReplayList(replays=tuple(found), next=before if is_more else "")

    async def describe_public(self, actor: Actor, replay_id: str) -> ReplayInfo:
        """Raises WireError(NOT_FOUND) also where it is not public, or not whole."""
        row, card = await self._access(actor, replay_id, ())
        if row.visibility != "public" or row.state != "ready" or card.privacy != "public":
            raise _not_found()
        return await self._describing.describe(row, card, actor)

    async def open(self, actor: Actor, replay_id: str, *, inside: Collection[str]) -> ReplayOpened:
        """Raises WireError(NOT_FOUND) also where it is not for the asker."""
        row, card = await self._access(actor, replay_id, inside)
        if row.state == "broken":
            raise WireError(ErrorCode.GONE, "nothing of this recording plays")
        is_inside = actor.user is not None and card.room_id in inside
        ticket = self.tickets.give(row.id, actor, inside=(card.room_id,) if is_inside else ())
        return ReplayOpened(
            replay=await self._describing.describe(row, card, actor),
            path=f"/v1/replays/{row.id}.mp4",
            ticket=ticket,
        )

    async def open_live(
        self, actor: Actor, room_id: RoomId, *, inside: Collection[str]
    ) -> ReplayOpened:
        """Raises WireError(NOT_FOUND) where nothing is being recorded."""
        card = await self._rooms.card(room_id)
        require(card.roles_of(actor), Action.GET_SUBSCRIBE_TICKET)
        self._rooms.check_bars(actor, room_id, Action.GET_SUBSCRIBE_TICKET)
        live = self._recording.recorder.find(room_id)
        if live is None or not live.is_begun or not _may_enter(actor, card, inside):
            raise WireError(ErrorCode.NOT_FOUND, "nothing is being recorded here")
        return await self.open(actor, live.replay_id, inside=inside)

    async def find_file(self, ticket: str, replay_id: str) -> GrowingFile | None:
        """What a ticket opens; None where it opens nothing (any more). Raises WireError: BUSY,
        STORAGE_FAILED, SHUTTING_DOWN."""
        if not await self.is_good(ticket, replay_id):
            return None
        path = disk.video_path(self._recording.folder, replay_id)
        live = self._recording.recorder.find_growing(replay_id)
        if live is None:
            return GrowingFile(path, None)
        index = live.index
        return GrowingFile(path, index.size, index.region_at, index.region())

    async def is_good(self, ticket: str, replay_id: str) -> bool:
        """Whether it could be opened now by whom the ticket was given to: as they, their room and
        the recording are today. Raises WireError: BUSY, STORAGE_FAILED, SHUTTING_DOWN."""
        given = self.tickets.find(ticket, replay_id)
        if given is None:
            return False
        try:
            actor = await self._today(given.actor)
            await self._access(actor, replay_id, given.inside)
        except WireError as error:
            if error.code in UNKNOWN:
                raise
            return False
        return True

    def left_out(self) -> int:
        """Packets that no recording has, since the start."""
        return self._recording.recorder.left_out

    async def find_cover(self, ticket: str, replay_id: str) -> Path | None:
        if await self.find_file(ticket, replay_id) is None:
            return None
        return disk.cover_path(self._recording.folder, replay_id)

    async def read_timeline(
        self, actor: Actor, command: ReadTimeline, *, inside: Collection[str]
    ) -> events.TimelinePage:
        after = _parse_cursor(command.after)
        row, _ = await self._access(actor, command.replay_id, inside)
        if row.state == "recording":
            await self._recording.timeline.flush()
        from_ms = command.from_ms
        rows, totals = await self._store.read(
            lambda session: (
                queries.read_timeline(
                    session, row.id, from_ms=from_ms, after=after, limit=command.limit + 1
                ),
                queries.read_totals(session, row.id, from_ms) if after is None else (None, None),
            )
        )
        entries: list[events.TimelineEntry] = []
        size, last, is_more = 0, "", len(rows) > command.limit
        for at_ms, number, body in rows[: command.limit]:
            size += len(body.encode()) + 40
            if size > PAGE_BYTES_MAX:
                is_more = True
                break
            last = f"{at_ms}.{number}"
            try:
                entries.append(events.TimelineEntry(at_ms=at_ms, event=_entry.decode(body)))
            except msgspec.DecodeError:
                _log.warning("a line of a timeline is from another version", replay_id=row.id)
        return events.TimelinePage(
            entries=tuple(entries),
            next=last if is_more else "",
            likes=totals[0],
            gift_coins=totals[1],
        )

    # --- keeping ------------------------------------------------------------------------------

    async def edit(self, actor: Actor, command: EditReplay, *, title: str | None) -> ReplayDetails:
        """`title` is checked already."""
        row, card = await self._access_to_keep(actor, command.replay_id)

        def work(session: Session) -> Replay | None:
            found = queries.find(session, row.id)
            if found is None:
                return None
            if title is not None:
                found.title, found.search = title, fold(f"{title}\n{found.room_name}")
            if command.visibility is not None:
                found.visibility = command.visibility
            if command.kept is not None:
                found.is_kept = command.kept
            if command.chapters is not None:
                chapters = sort_chapters(command.chapters)
                found.chapters = msgspec.json.encode(chapters).decode()
            return found

        changed = await self._store.write(work)
        if changed is None:
            raise _not_found()
        return ReplayDetails(replay=await self._describing.describe(changed, card, actor))

    async def delete(self, actor: Actor, replay_id: str) -> None:
        row, card = await self._access_to_keep(actor, replay_id)
        await self._recording.delete(row.id)
        self._post(card.room_id, ReplayDeleted(replay_id=ReplayId(row.id)))

    async def recording_of(
        self, actor: Actor, room_id: RoomId, *, inside: Collection[str]
    ) -> RecordingDetails:
        card = await self._rooms.card(room_id)
        require(card.roles_of(actor), Action.GET_SUBSCRIBE_TICKET)
        if not _may_enter(actor, card, inside):
            raise WireError(ErrorCode.FORBIDDEN, "this room is not open to you")
        return self._recording_details(room_id)

    async def record_room(self, actor: Actor, room_id: RoomId, *, is_on: bool) -> RecordingDetails:
        await self._rooms.role_in(actor, room_id, Action.KEEP_REPLAYS)
        await self._recording.choose(room_id, is_on=is_on)
        return self._recording_details(room_id)

    async def tell_ready(self, replay_id: str) -> None:
        """To those whom it is for."""
        try:
            row, card = await self._find(replay_id)
        except WireError:
            return
        event = ReplayReady(replay=await self._describing.describe(row, card, None))
        post = self._post_to_leaders if row.visibility == "private" else self._post
        post(card.room_id, event)

    # --- within -------------------------------------------------------------------------------

    async def _today(self, actor: Actor) -> Actor:
        """As the user is now. Raises WireError where they are no more."""
        if actor.login is None:
            return actor
        user_id = actor.login.user.user_id
        user = (await self._users.find_users([user_id])).get(user_id)
        if user is None:
            raise _not_found()
        return replace(actor, login=replace(actor.login, user=user))

    def _recording_details(self, room_id: RoomId) -> RecordingDetails:
        recording = self._recording
        return RecordingDetails(
            room_id=room_id, is_on=recording.is_wanted(room_id), now=recording.now(room_id)
        )

    async def _access(
        self, actor: Actor, replay_id: str, inside: Collection[str]
    ) -> tuple[Replay, RoomCard]:
        row, card = await self._find(replay_id)
        if is_allowed(card.roles_of(actor), Action.KEEP_REPLAYS):
            return row, card
        self._rooms.check_bars(actor, card.room_id, Action.GET_SUBSCRIBE_TICKET)
        is_live = self._describing.growing(row) is not None
        if not (_may_enter(actor, card, inside) and (is_live or row.visibility != "private")):
            raise _not_found()
        return row, card

    async def _access_to_keep(self, actor: Actor, replay_id: str) -> tuple[Replay, RoomCard]:
        actor.require_login()
        row, card = await self._find(replay_id)
        if not is_allowed(card.roles_of(actor), Action.KEEP_REPLAYS):
            if row.visibility == "private":
                raise _not_found()
            require(card.roles_of(actor), Action.KEEP_REPLAYS)
        return row, card

    async def _find(self, replay_id: str) -> tuple[Replay, RoomCard]:
        row = None
        if is_replay_id(replay_id):
            row = await self._store.read(lambda session: queries.find(session, replay_id))
        card = await self._find_card(row) if row is not None else None
        if row is None or card is None:
            raise _not_found()
        return row, card

    async def _find_card(self, row: Replay) -> RoomCard | None:
        """None: the room is gone. Raises WireError where nobody knows."""
        try:
            return await self._rooms.card(RoomId(row.room_id))
        except WireError as error:
            if error.code in UNKNOWN:
                raise
            return None

    def _may_list(self, actor: Actor, row: Replay, card: RoomCard, inside: Collection[str]) -> bool:
        if is_allowed(card.roles_of(actor), Action.KEEP_REPLAYS):
            return True
        return row.visibility == "public" and _may_enter(actor, card, inside)


def _may_enter(actor: Actor, card: RoomCard, inside: Collection[str]) -> bool:
    """Whether the room's picture is for the asker."""
    if card.closed_reason is not None:
        return is_allowed(card.roles_of(actor), Action.CLOSE_ROOM)
    if card.privacy == "public" or card.room_id in inside:
        return True
    return is_allowed(card.roles_of(actor), Action.ENTER_FREELY)


def _parse_cursor(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    at_ms, _, number = text.partition(".")
    if not (at_ms.isdecimal() and number.isdecimal() and len(text) <= 40):
        raise WireError(ErrorCode.INVALID_VALUE, "this is no page of a timeline", field="after")
    return min(int(at_ms), 2**62), min(int(number), 2**62)


def _not_found() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such recording", field="replay_id")
