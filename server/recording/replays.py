"""Recordings as people use them: found, opened, read, edited and deleted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.ids import make_secret
from server.recording import disk, queries
from server.recording.rules import is_replay_id, sort_chapters
from server.text import fold, is_storable
from wire import events
from wire.errors import ErrorCode, WireError
from wire.ids import ReplayId, RoomId, UserId
from wire.limits import CONTROL_MESSAGE_BYTES_MAX
from wire.permissions import Action, is_allowed, require
from wire.replay_events import (
    Chapter,
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
    from typing import Protocol

    from server.accounts.actor import Actor
    from server.clocks import Clocks
    from server.ids import RandomBytes
    from server.recording.recorder import LiveRecording
    from server.recording.service import RecordingService
    from server.recording.tables import Replay
    from server.rooms.cards import RoomCard
    from server.rooms.service import RoomService
    from server.store.session import Session
    from server.store.store import Store
    from wire.events import UserInfo
    from wire.replay_commands import EditReplay, ListReplays, ReadTimeline

    class Users(Protocol):
        """What this asks of accounts."""

        async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


_log = structlog.get_logger(__name__)

TICKET_S: Final = 6 * 3600.0
TICKETS_MAX: Final = 10_000
"""Beyond it the oldest open nothing more."""
PAGE_BYTES_MAX: Final = CONTROL_MESSAGE_BYTES_MAX - 4 * 1024
LOOKED_AT_MAX: Final = 400
"""Rows of one page that may turn out not to be for the asker."""

_entry = msgspec.json.Decoder(events.TimelineEvent)
_chapters = msgspec.json.Decoder(tuple[Chapter, ...])
_counts = msgspec.json.Decoder(tuple[int, ...])


@dataclass(frozen=True)
class _Ticket:
    """Whom it was given to, and why: what ends that ends the ticket."""

    replay_id: str
    ends_at_s: float
    actor: Actor
    room_id: RoomId
    keeps: bool
    """Given to one who keeps the room, also of what is private."""
    was_inside: bool


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
        post: Callable[[RoomId, events.Event], None],
        post_to_leaders: Callable[[RoomId, events.Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._recording = recording
        self._rooms = rooms
        self._users = users
        self._post = post
        self._post_to_leaders = post_to_leaders
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._tickets: OrderedDict[str, _Ticket] = OrderedDict()

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
                    found.append(await self._describe(row, room, actor))
                if len(found) == command.limit:
                    is_more = is_more or row is not rows[-1]
                    break
        return ReplayList(replays=tuple(found), next=before if is_more else "")

    async def describe_public(self, actor: Actor, replay_id: str) -> ReplayInfo:
        """Raises WireError(NOT_FOUND) also where it is not public, or not whole."""
        row, card = await self._access(actor, replay_id, ())
        if row.visibility != "public" or row.state != "ready" or card.privacy != "public":
            raise _not_found()
        return await self._describe(row, card, actor)

    async def open(self, actor: Actor, replay_id: str, *, inside: Collection[str]) -> ReplayOpened:
        """Raises WireError(NOT_FOUND) also where it is not for the asker."""
        row, card = await self._access(actor, replay_id, inside)
        if row.state == "broken":
            raise WireError(ErrorCode.GONE, "nothing of this recording plays")
        ticket = make_secret(self._random_bytes)
        self._tickets[ticket] = _Ticket(
            row.id,
            self._clocks.mono_s() + TICKET_S,
            actor,
            card.room_id,
            keeps=is_allowed(card.roles_of(actor), Action.KEEP_REPLAYS),
            was_inside=actor.user is not None and card.room_id in inside,
        )
        while len(self._tickets) > TICKETS_MAX:
            self._tickets.popitem(last=False)
        return ReplayOpened(
            replay=await self._describe(row, card, actor),
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
        """What a ticket opens; None where it opens nothing (any more)."""
        given = self._tickets.get(ticket)
        if given is None or given.replay_id != replay_id or not await self._is_good(given):
            return None
        path = disk.video_path(self._recording.folder, replay_id)
        live = self._recording.recorder.find_growing(replay_id)
        if live is None:
            return GrowingFile(path, None)
        index = live.index
        return GrowingFile(path, index.size, index.region_at, index.region())

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
        rows = await self._store.read(
            lambda session: queries.read_timeline(
                session, row.id, from_ms=command.from_ms, after=after, limit=command.limit + 1
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
        return events.TimelinePage(entries=tuple(entries), next=last if is_more else "")

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
        if command.visibility == "private":
            self._end_tickets(row.id, also_of_keepers=False)
        return ReplayDetails(replay=await self._describe(changed, card, actor))

    async def delete(self, actor: Actor, replay_id: str) -> None:
        row, card = await self._access_to_keep(actor, replay_id)
        await self._recording.delete(row.id)
        self._end_tickets(row.id, also_of_keepers=True)
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
        event = ReplayReady(replay=await self._describe(row, card, None))
        post = self._post_to_leaders if row.visibility == "private" else self._post
        post(card.room_id, event)

    # --- within -------------------------------------------------------------------------------

    async def _is_good(self, given: _Ticket) -> bool:
        """Not of one who has been put out since, nor of a room that has been closed to them."""
        if given.ends_at_s < self._clocks.mono_s():
            return False
        try:
            card = await self._rooms.card(given.room_id)
            if given.keeps:
                return is_allowed(card.roles_of(given.actor), Action.KEEP_REPLAYS)
            self._rooms.check_bars(given.actor, given.room_id, Action.GET_SUBSCRIBE_TICKET)
        except WireError:
            return False
        return _may_enter(given.actor, card, (given.room_id,) if given.was_inside else ())

    def _end_tickets(self, replay_id: str, *, also_of_keepers: bool) -> None:
        ended = [
            ticket
            for ticket, given in self._tickets.items()
            if given.replay_id == replay_id and (also_of_keepers or not given.keeps)
        ]
        for ticket in ended:
            del self._tickets[ticket]

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
        is_live = self._growing(row) is not None
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
        try:
            return await self._rooms.card(RoomId(row.room_id))
        except WireError:
            return None

    def _may_list(self, actor: Actor, row: Replay, card: RoomCard, inside: Collection[str]) -> bool:
        if is_allowed(card.roles_of(actor), Action.KEEP_REPLAYS):
            return True
        return row.visibility == "public" and _may_enter(actor, card, inside)

    def _growing(self, row: Replay) -> LiveRecording | None:
        live = self._recording.recorder.find(RoomId(row.room_id))
        return live if live is not None and live.replay_id == row.id else None

    async def _describe(self, row: Replay, card: RoomCard, actor: Actor | None) -> ReplayInfo:
        owners = await self._users.find_users([card.owner_id])
        owner = owners.get(card.owner_id)
        live = self._growing(row)
        info = ReplayInfo(
            replay_id=ReplayId(row.id),
            room_id=card.room_id,
            room_title=card.name,
            title=row.title,
            streamer=owner or events.UserInfo(user_id=card.owner_id, name=""),
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
