"""What is done against a raid, and taking all of it back: one act in the book.

In this order, each on disk before the next: the act; newcomers may no longer write; what the raid's
people wrote is taken away; they are muted. Until the second the watch itself keeps newcomers quiet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from server.audit.service import AUTOMATIC, NewAct
from server.background import BackgroundTasks
from server.detection import queries
from server.detection.rules import in_code, raid_in_code
from server.detection.tables import Raid
from server.detection.watch import OPEN_IN_S
from server.ids import MessageIds, RandomBytes
from server.sanctions.service import NewSanction
from wire.detection_events import RaidDetected, RaidInfo, RaidState, Signal
from wire.errors import ErrorCode, WireError
from wire.ids import ActId, MessageId, RoomId, SanctionId, UserId
from wire.order_events import ActDetail
from wire.permissions import Action

if TYPE_CHECKING:
    from server.accounts.service import AccountService
    from server.audit.service import AuditService, RecordedAct, Undoing
    from server.chat.service import ChatService
    from server.clocks import Clocks
    from server.detection.identities import Identities
    from server.detection.raids import RaidFound
    from server.detection.watch import Ties, Watch
    from server.rooms.service import RoomService
    from server.sanctions.service import SanctionService
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import Event

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Open:
    """A raid whose room is not as it was yet."""

    info: RaidInfo
    known_since_unix_ms: int
    ends_s: float
    message_ids: tuple[MessageId, ...] = ()
    sanction_ids: tuple[SanctionId, ...] = ()


class DetectionService:
    """Event loop's thread only. Implements `Answering`."""

    def __init__(
        self,
        store: Store,
        *,
        watch: Watch,
        identities: Identities,
        accounts: AccountService,
        rooms: RoomService,
        chat: ChatService,
        sanctions: SanctionService,
        audit: AuditService,
        post_to_leaders: Callable[[RoomId, Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self.watch = watch
        self._identities = identities
        self._accounts = accounts
        self._rooms = rooms
        self._chat = chat
        self._sanctions = sanctions
        self._audit = audit
        self._post_to_leaders = post_to_leaders
        self._clocks = clocks
        self._ids = MessageIds(random_bytes)
        self._tasks = BackgroundTasks()
        self._open: dict[RoomId, _Open] = {}
        self._changing: dict[RoomId, asyncio.Lock] = {}
        watch.answering = self
        audit.undo_with("raid", Action.KEEP_ORDER, self._undo)

    async def restore(self) -> None:
        """At the start: what was not over goes on, and what was begun is finished."""
        rows, newest = await self._store.read(
            lambda session: (queries.open_raids(session), queries.newest_raid_id(session))
        )
        if newest is not None:
            self._ids.advance_past(MessageId(newest))
        for row in rows:
            found = self._read(row)
            self._open[RoomId(row.room_id)] = found
            if row.state == "undoing":
                await self._take_back(RoomId(row.room_id), found)

    async def tick(self) -> None:
        """Now and then: rooms whose time is over are open to everybody again."""
        now_s = self._clocks.mono_s()
        for room_id, raid in tuple(self._open.items()):
            if raid.ends_s <= now_s:
                async with self._lock(room_id):
                    if self._open.get(room_id) is raid:
                        await self._end(room_id, raid)

    async def close(self) -> None:
        await self._tasks.close()

    def find(self, room_id: RoomId) -> RaidInfo | None:
        """The raid that a room is shut against now."""
        raid = self._open.get(room_id)
        return None if raid is None else self._describe(raid)

    async def keep(self, room_id: RoomId, raid_id: str) -> None:
        """The caller has checked the right to. Raises WireError(NOT_FOUND)."""
        async with self._lock(room_id):
            raid = self._open.get(room_id)
            if raid is None or raid.info.raid_id != raid_id:
                raise WireError(ErrorCode.NOT_FOUND, "there is no such raid", field="raid_id")
            await self._set_state(raid, "kept")
            self._open[room_id] = kept = _with(raid, state="kept")
            self._tell(room_id, kept)

    # --- Answering --------------------------------------------------------------------------------

    async def made_at(self, user_id: UserId) -> int:
        return await self._accounts.made_at(user_id)

    async def is_known(self, room_id: RoomId, user_id: UserId, before_unix_ms: int) -> bool:
        owner_id = await self._rooms.owner_of(room_id)
        return await self._chat.was_known(room_id, user_id, owner_id, before_unix_ms)

    async def find_ties(self, room_id: RoomId, user_id: UserId) -> Ties:
        return await self._identities.find_ties(room_id, user_id)

    def raid_found(self, room_id: RoomId, raid: RaidFound) -> None:
        self._tasks.start(self._meet(room_id, raid), name="meet a raid")

    def to_mute(self, room_id: RoomId, user_id: UserId, reasons: tuple[Signal, ...]) -> None:
        self._tasks.start(self._mute(room_id, user_id, reasons), name="mute by score")

    async def _mute(self, room_id: RoomId, user_id: UserId, reasons: tuple[Signal, ...]) -> None:
        wanted = NewSanction(
            user_id=user_id,
            room_id=room_id,
            kind="mute",
            duration_s=self.watch.thresholds.mute_s,
            reason=in_code(reasons),
        )
        try:
            await self._sanctions.impose(None, wanted)
        except WireError as error:
            _log.warning("a mute by score was not imposed", code=error.code)
        finally:
            self.watch.muted(user_id)

    # --- a raid -----------------------------------------------------------------------------------

    async def _meet(self, room_id: RoomId, found: RaidFound) -> None:
        try:
            async with self._lock(room_id):
                known = self._open.get(room_id)
                if known is not None and not (await self._chat.rules_of(room_id)).known_only:
                    # Somebody has let newcomers in again, and here is the next raid.
                    await self._end(room_id, known)
                if room_id not in self._open:
                    await self._begin(room_id, found)
        except WireError as error:
            _log.warning("a raid was not met", code=error.code)
        finally:
            self.watch.open_up(room_id, in_s=OPEN_IN_S)

    async def _begin(self, room_id: RoomId, found: RaidFound) -> None:
        limits, now = self.watch.thresholds, self._clocks.unix_ms()
        ago_ms = int((self._clocks.mono_s() - found.began_s) * 1000)
        began = now - ago_ms
        info = RaidInfo(
            raid_id=self._ids.make(now),
            act_id=ActId(""),
            identities=len(found.suspects),
            took_ms=int((found.found_s - found.began_s) * 1000),
            reasons=found.reasons(),
        )
        raid = _Open(
            info,
            # Who came just before it came with it.
            known_since_unix_ms=began - int(limits.new_for_s * 1000),
            ends_s=self._clocks.mono_s() + limits.troll_mode_s,
        )
        act = await self._store.write(lambda session: self._add(session, room_id, raid))
        self._open[room_id] = raid = _with(raid, act_id=ActId(act.id))
        await self._chat.only_known(room_id, since_unix_ms=raid.known_since_unix_ms)
        people = tuple(found.suspects)
        messages = await self._chat.deleting.take_away(
            room_id,
            people,
            since_unix_ms=began - 1,
            by=AUTOMATIC,
            also=_noting(raid, "message_ids"),
        )
        mutes = await self._sanctions.impose_on_all(
            people,
            room_id=room_id,
            duration_s=limits.raid_mute_s,
            reason=raid_in_code(info.identities, info.reasons),
            also=_noting(raid, "sanction_ids"),
        )
        raid = _with(raid, removed=len(messages), muted=len(mutes))
        self._open[room_id] = raid = replace(
            raid, message_ids=tuple(messages), sanction_ids=tuple(mutes)
        )
        self._tell(room_id, raid)
        await self._audit.tell(act)
        _log.info("raid met", people=len(people), removed=len(messages), took_ms=info.took_ms)

    def _add(self, session: Session, room_id: RoomId, raid: _Open) -> RecordedAct:
        info = raid.info
        act = self._audit.add(
            session,
            NewAct(
                by=AUTOMATIC,
                action="raid",
                room_id=room_id,
                target_kind="raid",
                target_id=info.raid_id,
                reason=raid_in_code(info.identities, info.reasons),
                detail=ActDetail(count=info.identities),
                undo={"raid_id": info.raid_id},
            ),
        )
        until_ms = int((raid.ends_s - self._clocks.mono_s()) * 1000)
        session.add(
            Raid(
                id=info.raid_id,
                room_id=room_id,
                act_id=act.id,
                state=info.state,
                identities=info.identities,
                took_ms=info.took_ms,
                reasons=msgspec.json.encode(info.reasons).decode(),
                known_since_unix_ms=raid.known_since_unix_ms,
                until_unix_ms=self._clocks.unix_ms() + until_ms,
            )
        )
        return act

    async def _end(self, room_id: RoomId, raid: _Open) -> None:
        """Its time is over. Mutes and removed messages stay as they are."""
        await self._chat.end_only_known(room_id, since_unix_ms=raid.known_since_unix_ms)
        await self._set_state(raid, "over")
        del self._open[room_id]
        self._tell(room_id, _with(raid, state="over"))

    async def _undo(self, undoing: Undoing) -> None:
        room_id, raid_id = undoing.room_id, undoing.payload["raid_id"]
        if room_id is None:
            return
        async with self._lock(room_id):
            row = await self._store.read(lambda session: session.get(Raid, raid_id))
            if row is None:
                raise WireError(ErrorCode.GONE, "this cannot be undone")
            await self._take_back(room_id, self._read(row), undoing.mark)

    async def _take_back(
        self,
        room_id: RoomId,
        raid: _Open,
        mark: Callable[[Session], None] = lambda _session: None,
    ) -> None:
        def begin(session: Session) -> None:
            mark(session)
            row = session.get(Raid, raid.info.raid_id)
            if row is not None:
                row.state = "undoing"

        people = await self._sanctions.lift_all(raid.sanction_ids, begin)
        self.watch.exempt(room_id, people)
        self.watch.open_up(room_id)
        await self._chat.end_only_known(room_id, since_unix_ms=raid.known_since_unix_ms)
        await self._chat.deleting.give_back(room_id, raid.message_ids)
        await self._set_state(raid, "undone")
        current = self._open.get(room_id)
        if current is not None and current.info.raid_id == raid.info.raid_id:
            del self._open[room_id]
        self._tell(room_id, _with(raid, state="undone"))

    # --- within -----------------------------------------------------------------------------------

    async def _set_state(self, raid: _Open, state: RaidState) -> None:
        def work(session: Session) -> None:
            row = session.get(Raid, raid.info.raid_id)
            if row is not None:
                row.state = state

        await self._store.write(work)

    def _read(self, row: Raid) -> _Open:
        remaining_s = (row.until_unix_ms - self._clocks.unix_ms()) / 1000
        limits = self.watch.thresholds
        messages = msgspec.json.decode(row.message_ids, type=tuple[MessageId, ...])
        mutes = msgspec.json.decode(row.sanction_ids, type=tuple[SanctionId, ...])
        info = RaidInfo(
            raid_id=row.id,
            act_id=ActId(row.act_id),
            state="kept" if row.state == "kept" else "on",
            identities=row.identities,
            muted=len(mutes),
            removed=len(messages),
            took_ms=row.took_ms,
            reasons=msgspec.json.decode(row.reasons, type=tuple[Signal, ...]),
        )
        # A wall clock that was set back keeps no room shut for longer than the rule.
        ends_s = self._clocks.mono_s() + min(remaining_s, limits.troll_mode_s)
        return _Open(info, row.known_since_unix_ms, ends_s, messages, mutes)

    def _describe(self, raid: _Open) -> RaidInfo:
        remaining_ms = max(0, int((raid.ends_s - self._clocks.mono_s()) * 1000))
        over = raid.info.state in {"over", "undone"}
        return msgspec.structs.replace(raid.info, remaining_ms=0 if over else remaining_ms)

    def _tell(self, room_id: RoomId, raid: _Open) -> None:
        self._post_to_leaders(room_id, RaidDetected(room_id=room_id, raid=self._describe(raid)))

    def _lock(self, room_id: RoomId) -> asyncio.Lock:
        return self._changing.setdefault(room_id, asyncio.Lock())


def _noting(raid: _Open, column: str) -> Callable[[Session, list[Any]], None]:
    """Write down what was done, in the transaction that does it."""

    def note(session: Session, ids: list[Any]) -> None:
        row = session.get(Raid, raid.info.raid_id)
        if row is not None:
            setattr(row, column, msgspec.json.encode(ids).decode())

    return note


def _with(raid: _Open, **changes: Any) -> _Open:
    return replace(raid, info=msgspec.structs.replace(raid.info, **changes))
