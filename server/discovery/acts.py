"""What people do, on its way to the disk and into the tastes; nothing of who does not want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.discovery.behaviour import OF_TASTE, Behaviour, Kind
from server.discovery.watching import Piece, Watch, Watching
from server.ids import RandomBytes, make_id
from server.text import is_storable
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from server.clocks import Clocks
    from server.discovery.collector import Collector
    from server.discovery.quality import QualityBook
    from server.discovery.surroundings import Live, Rooms
    from server.rooms.cards import RoomCard
    from wire.discovery_commands import Impression
    from wire.ids import RoomId, UserId
    from wire.media_commands import Report

WAITING_MAX: Final = 50_000


class Acts:
    """Event loop's thread only."""

    def __init__(
        self,
        *,
        live: Live,
        rooms: Rooms,
        collector: Collector,
        quality: QualityBook,
        may_record: Callable[[UserId], Awaitable[bool]],
        on_visit_end: Callable[[Piece], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        """`on_visit_end` is called with the last piece of a watch, after it was kept."""
        self._live = live
        self._rooms = rooms
        self._collector = collector
        self._quality = quality
        self._may_record = may_record
        self._on_visit_end = on_visit_end
        self._clocks = clocks
        self._random_bytes = random_bytes
        self.watching = Watching(
            broadcast=live.broadcast, mono_s=clocks.mono_s, tell=self._on_piece
        )
        self._waiting: list[Behaviour] = []
        """Of taste; the next list knows them."""
        self._since_load: list[Behaviour] | None = None

    # --- for who has the tastes ---------------------------------------------------------------

    def take_waiting(self) -> list[Behaviour]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def begin_load(self, until_unix_ms: int) -> None:
        """What comes from now on is kept aside, too: what is read from the disk ends here."""
        self._since_load = [row for row in self._waiting if row.at_unix_ms >= until_unix_ms]

    def take_since_load(self) -> list[Behaviour]:
        since, self._since_load = self._since_load or [], []
        return since

    def end_load(self) -> None:
        self._since_load = None

    def drop(self, user_id: UserId) -> None:
        """What was not written yet; what is being watched ends without being told."""
        self.watching.stop(user_id)
        self._collector.forget(user_id)
        self._quality.forget(user_id)
        self._waiting = [row for row in self._waiting if row.user_id != user_id]
        if self._since_load is not None:
            self._since_load = [row for row in self._since_load if row.user_id != user_id]

    # --- what people do -----------------------------------------------------------------------

    async def begin_watching(self, user_id: UserId | None, room_id: RoomId) -> Watch | None:
        """A media socket was opened. None where nothing is recorded; never raises WireError."""
        try:
            if user_id is None or not await self._may_record(user_id):
                return None
            card = await self._rooms.card(room_id)
        except WireError:
            return None
        if card.owner_id == user_id:
            return None
        is_first = room_id not in self.watching.rooms_of(user_id)
        watch = self.watching.begin(user_id, room_id, card.owner_id, card.category)
        if is_first and watch.broadcast_id:
            self._quality.enter(user_id, card.owner_id, self._clocks.unix_us() / 1_000_000)
            self._record("entered", user_id, card, 1.0)
        return watch

    def report(self, watch: Watch, report: Report) -> None:
        self.watching.report(watch, report)

    def end_watching(self, watch: Watch) -> None:
        self.watching.end(watch)

    async def note(self, kind: Kind, user_id: UserId, room_id: RoomId, amount: float = 1.0) -> None:
        """Something was done in a room. Never raises WireError."""
        try:
            if not await self._may_record(user_id):
                return
            card = await self._rooms.card(room_id)
        except WireError:
            return
        if card.owner_id != user_id:
            self._record(kind, user_id, card, amount)

    async def note_followed(self, user_id: UserId, other_id: UserId) -> None:
        """Never raises WireError."""
        try:
            if not await self._may_record(user_id):
                return
        except WireError:
            return
        self._keep(
            Behaviour(self._make_id(), self._clocks.unix_ms(), user_id, other_id, "", "followed")
        )

    async def record_share(self, user_id: UserId, room_id: RoomId, key: str) -> None:
        """Raises WireError: NOT_FOUND, INVALID_VALUE."""
        _check_storable(key, field="key")
        card = await self._rooms.card(room_id)
        if card.owner_id != user_id and await self._may_record(user_id):
            self._record("shared", user_id, card, 1.0, row_id=f"{user_id}:{key}")

    async def record_impressions(
        self, user_id: UserId, impressions: Collection[Impression]
    ) -> None:
        """Of rooms that are not there any more nothing is kept. Raises WireError(INVALID_VALUE)."""
        for one in impressions:
            _check_storable(one.key, field="impressions.key")
            _check_storable(one.replay_id or "", field="impressions.replay_id")
        if not await self._may_record(user_id):
            return
        for one in impressions:
            try:
                card = await self._rooms.card(one.room_id)
            except WireError as error:
                if error.code is ErrorCode.NOT_FOUND:
                    continue
                raise
            kind = _kind_of(one)
            self._record(
                kind,
                user_id,
                card,
                1.0,
                row_id=f"{user_id}:{kind}:{one.key}",
                replay_id=one.replay_id,
                position=one.position,
                reason=one.reason or "",
            )

    # --- within -------------------------------------------------------------------------------

    def _on_piece(self, piece: Piece) -> None:
        self._keep(
            Behaviour(
                self._make_id(),
                self._clocks.unix_ms(),
                piece.user_id,
                piece.streamer_id,
                piece.room_id,
                "watched",
                piece.seconds,
                piece.broadcast_id,
                piece.category,
                delay_ms=piece.delay_ms,
                stalls=max(0, piece.stalls),
            )
        )
        if piece.is_end:
            self._on_visit_end(piece)

    def _record(
        self,
        kind: Kind,
        user_id: UserId,
        card: RoomCard,
        amount: float,
        *,
        row_id: str = "",
        replay_id: str | None = None,
        position: int = -1,
        reason: str = "",
    ) -> None:
        live = self._live.broadcast(card.room_id) if replay_id is None else None
        self._keep(
            Behaviour(
                row_id or self._make_id(),
                self._clocks.unix_ms(),
                user_id,
                card.owner_id,
                card.room_id,
                kind,
                amount,
                live.broadcast_id if live is not None else replay_id or "",
                card.category,
                position,
                reason,
            )
        )

    def _keep(self, row: Behaviour) -> None:
        if not self._collector.add(row) or row.kind not in OF_TASTE:
            return
        if len(self._waiting) < WAITING_MAX:
            self._waiting.append(row)
        if self._since_load is not None and len(self._since_load) < WAITING_MAX:
            self._since_load.append(row)

    def _make_id(self) -> str:
        return make_id(self._random_bytes)


def _kind_of(impression: Impression) -> Kind:
    if impression.replay_id is not None:
        return "replay_clicked" if impression.is_clicked else "replay_shown"
    return "clicked" if impression.is_clicked else "shown"


def _check_storable(text: str, *, field: str) -> None:
    """Rows wait for each other: one that no database takes would hold up all that come after."""
    if not is_storable(text):
        raise WireError(ErrorCode.INVALID_VALUE, "text that cannot be stored", field=field)
