"""Discovery on a running relay: what people do comes in, lists with reasons go out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

import msgspec
import structlog

from server.background import BackgroundTasks
from server.discovery import people, quality, queries
from server.discovery.artefact import starting
from server.discovery.behaviour import OF_TASTE, STAYED_S, Behaviour, Kind
from server.discovery.collector import Collector
from server.discovery.loading import load_memory
from server.discovery.memory import Asked, LiveRoom, Memory, Ranked
from server.discovery.watching import Piece, Watch, Watching
from server.ids import RandomBytes, make_id
from wire.discovery_events import (
    Belief,
    BelievedCategory,
    BelievedStreamer,
    People,
    Person,
    QualityReport,
)
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.rooms.cards import RoomCard
    from server.store.session import Session
    from server.store.store import Store
    from wire.commands import Report
    from wire.discovery_commands import Impression
    from wire.event_base import Reason, UserInfo
    from wire.events import BroadcastInfo

REFRESH_S: Final = 1.0
"""A room that has gone live is in the lists by then; one that has ended is out at once."""
CARDS_S: Final = 10.0
"""What a room says of itself is read anew this often; who may see it is checked for every page."""
GRAPH_S: Final = 600.0
TICK_S: Final = 5.0
WAITING_MAX: Final = 50_000
BELIEVED_MAX: Final = 30
CORRECTIONS_MAX: Final = 200
HIDDEN_MAX: Final = 1_000

T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Live(Protocol):
    """What discovery asks of the media plane."""

    def broadcast(self, room_id: RoomId) -> BroadcastInfo | None: ...

    def viewers(self, room_id: RoomId) -> int: ...


class Rooms(Protocol):
    """What discovery asks of rooms."""

    async def card(self, room_id: RoomId) -> RoomCard: ...

    async def cards_of(self, room_ids: Collection[RoomId]) -> tuple[RoomCard, ...]: ...


class Users(Protocol):
    """What discovery asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Follows(Protocol):
    """What discovery asks of follows."""

    async def all_follows(self) -> list[tuple[str, str]]: ...

    async def followed_by(self, user_id: UserId) -> frozenset[UserId]: ...


class Listed(NamedTuple):
    """One place of a list."""

    room_id: RoomId
    reason: Reason


class DiscoveryService:
    """Event loop's thread only; tastes live in a thread of their own. `close` writes what waits."""

    def __init__(
        self,
        store: Store,
        *,
        live: Live,
        open_room_ids: Callable[[], Collection[RoomId]],
        rooms: Rooms,
        users: Users,
        follows: Follows,
        may_record: Callable[[UserId], Awaitable[bool]],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._live = live
        self._open_room_ids = open_room_ids
        self._rooms = rooms
        self._users = users
        self._follows = follows
        self._may_record = may_record
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._collector = Collector(store, find_users=users.find_users)
        self._watching = Watching(
            broadcast=live.broadcast, mono_s=clocks.mono_s, tell=self._on_piece
        )
        self._memory = Memory(starting())
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="discovery")
        self._waiting: list[Behaviour] = []
        """Of taste; the next list knows them."""
        self._since_load: list[Behaviour] | None = None
        self._forgotten: set[str] = set()
        """Since the last load began."""
        self._wishes: dict[str, dict[str, float]] = {}
        self._graph = people.Graph()
        self._quality = quality.QualityBook()
        self._cards: dict[RoomId, RoomCard] = {}
        self._cards_read_s = self._refreshed_s = self._graph_read_s = -1e9
        self._refreshing = asyncio.Lock()
        self._loading = asyncio.Lock()
        self._tasks = BackgroundTasks()

    # --- living -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Returns at once: lists are made from little until all is read."""
        for user_id, subject, weight in await self._store.read(queries.list_wishes):
            self._wishes.setdefault(user_id, {})[subject] = weight
        day = int(self._now_s() // quality.DAY_S)
        row = await self._store.read(lambda session: queries.find_day(session, day))
        if row is not None:
            self._quality.restore(row)
        self._tasks.start(self.reload(), name="discovery: load")
        self._tasks.start(self._collector.run(), name="discovery: write")
        self._tasks.start(self._run_clockwork(), name="discovery: clockwork")

    async def close(self) -> None:
        self._watching.end_all()
        await self._tasks.close()
        await self._collector.write()
        await self._write_quality()
        self._thread.shutdown(wait=True)

    async def flush(self) -> None:
        """What waits is on disk when this returns, as far as it could be stored."""
        await self._collector.write()

    async def reload(self) -> None:
        """Read the model that serves and all that was done, and serve from it."""
        async with self._loading:
            # What comes from now on is kept aside; what came before is on disk when it is read.
            self._since_load, until_unix_ms = [], self._clocks.unix_ms()
            self._forgotten.clear()
            await self._collector.write()
            try:
                memory = await load_memory(self._store, self._thread, until_unix_ms=until_unix_ms)
                since, self._since_load = self._since_load, None
                await self._in_thread(lambda: memory.add(since))
                for user_id in self._forgotten:
                    await self._in_thread(lambda user_id=user_id: memory.forget(user_id))  # type: ignore[misc] # a default binds it now
                await self._in_thread(lambda: memory.refresh_alike(self._now_s()))
                self._memory = memory
                self._refreshed_s = -1e9
            except WireError as error:
                _log.warning("tastes were not read", code=error.code)
            finally:
                self._since_load = None

    async def _run_clockwork(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except WireError as error:
                _log.warning("discovery's clockwork missed a turn", code=error.code)

    async def tick(self) -> None:
        """Every few seconds."""
        self._watching.tick()
        if self._waiting:
            waiting, self._waiting, now = self._waiting, [], self._memory
            await self._in_thread(lambda: now.add(waiting))
        await self._write_quality()
        if self._clocks.mono_s() - self._graph_read_s > GRAPH_S:
            self._graph_read_s = self._clocks.mono_s()
            self._graph = people.Graph(await self._follows.all_follows())
            memory = self._memory
            await self._in_thread(lambda: memory.refresh_alike(self._now_s()))

    async def _write_quality(self) -> None:
        row = self._quality.take_changed()
        if row is not None:
            try:
                await self._store.write(lambda session: queries.put_day(session, row))
            except WireError as error:
                _log.warning("a day's quality was not stored", code=error.code)

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
        is_first = room_id not in self._watching.rooms_of(user_id)
        watch = self._watching.begin(user_id, room_id, card.owner_id, card.category)
        if is_first and watch.broadcast_id:
            self._quality.enter(user_id, card.owner_id, self._now_s())
            self._record("entered", user_id, card, 1.0)
        return watch

    def report(self, watch: Watch, report: Report) -> None:
        self._watching.report(watch, report)

    def end_watching(self, watch: Watch) -> None:
        self._watching.end(watch)

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

    async def note_follow(self, user_id: UserId, other_id: UserId, *, is_following: bool) -> None:
        """Never raises WireError."""
        self._graph.change(user_id, other_id, is_following=is_following)
        try:
            if not is_following or not await self._may_record(user_id):
                return
        except WireError:
            return
        self._keep(
            Behaviour(self._make_id(), self._clocks.unix_ms(), user_id, other_id, "", "followed")
        )

    async def record_share(self, user_id: UserId, room_id: RoomId, key: str) -> None:
        """Raises WireError(NOT_FOUND)."""
        card = await self._rooms.card(room_id)
        if card.owner_id != user_id and await self._may_record(user_id):
            self._record("shared", user_id, card, 1.0, row_id=f"{user_id}:{key}")

    async def record_impressions(
        self, user_id: UserId, impressions: Collection[Impression]
    ) -> None:
        """Of rooms that are not there any more nothing is kept."""
        if not await self._may_record(user_id):
            return
        for one in impressions:
            try:
                card = await self._rooms.card(one.room_id)
            except WireError as error:
                if error.code is ErrorCode.NOT_FOUND:
                    continue
                raise
            kind: Kind = "clicked" if one.is_clicked else "shown"
            self._record(
                kind,
                user_id,
                card,
                1.0,
                row_id=f"{user_id}:{kind}:{one.key}",
                position=one.position,
                reason=one.reason or "",
            )

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
            memory, now_s = self._memory, self._now_s()
            stayed = piece.total_s >= STAYED_S
            waiting, self._waiting = self._waiting, []

            def work() -> None:
                memory.add(waiting)
                memory.note_stay(piece.user_id, piece.streamer_id, stayed=stayed, now_s=now_s)

            self._thread.submit(work)

    def _record(
        self,
        kind: Kind,
        user_id: UserId,
        card: RoomCard,
        amount: float,
        *,
        row_id: str = "",
        position: int = -1,
        reason: str = "",
    ) -> None:
        live = self._live.broadcast(card.room_id)
        self._keep(
            Behaviour(
                row_id or self._make_id(),
                self._clocks.unix_ms(),
                user_id,
                card.owner_id,
                card.room_id,
                kind,
                amount,
                live.broadcast_id if live is not None else "",
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

    # --- lists --------------------------------------------------------------------------------

    async def recommend(
        self,
        user_id: UserId | None,
        *,
        category: str,
        skip: int,
        limit: int,
        may_see: Callable[[RoomId], bool],
    ) -> tuple[list[Listed], int]:
        """Places from `skip` on, and how many there are in all. Raises WireError."""
        await self._refresh()
        asked = await self._ask(user_id, category=category, skip=skip, limit=limit)
        ranked = await self._rank(asked)
        if asked.user_id and not skip and not category:
            self._quality.serve(asked.user_id, ranked, self._now_s())
        named = {one for place in ranked.places for one in place.reason.names}
        names = await self._users.find_users({UserId(one) for one in named})
        listed = []
        for place in ranked.places:
            room_id = RoomId(place.room_id)
            # Looked at now: what has ended, or is barred, since the ranking began is left out.
            if self._live.broadcast(room_id) is None or not may_see(room_id):
                continue
            listed.append(Listed(room_id, _with_names(place.reason, names)))
        return listed, ranked.count

    def hidden_of(self, user_id: UserId) -> frozenset[str]:
        """Streamers that are never recommended to the user."""
        wishes = self._wishes.get(user_id, {})
        return frozenset(one.removeprefix("hide:") for one in wishes if one.startswith("hide:"))

    async def explain(self, user_id: UserId, limit: int) -> Ranked:
        """A list with what its scores are made of."""
        await self._refresh()
        asked = await self._ask(user_id, category="", skip=0, limit=limit)
        return await self._rank(asked)

    async def _ask(self, user_id: UserId | None, *, category: str, skip: int, limit: int) -> Asked:
        wishes: Mapping[str, float] = self._wishes.get(user_id or "", {})
        if user_id is None:
            return Asked("", frozenset(), {}, wishes, category, skip, limit)
        followed: frozenset[str] = await self._follows.followed_by(user_id)
        is_known = await self._may_record(user_id)
        friends: dict[str, int] = {}
        for friend in self._graph.friends(user_id):
            for room_id in self._watching.rooms_of(UserId(friend)):
                friends[room_id] = friends.get(room_id, 0) + 1
        return Asked(user_id if is_known else "", followed, friends, wishes, category, skip, limit)

    async def _rank(self, asked: Asked) -> Ranked:
        memory, now_s = self._memory, self._now_s()
        waiting, self._waiting = self._waiting, []

        def work() -> Ranked:
            memory.add(waiting)
            return memory.rank(asked, now_s)

        return await self._in_thread(work)

    async def _refresh(self) -> None:
        """The rooms that are live now, at most a second old."""
        async with self._refreshing:
            now = self._clocks.mono_s()
            if now - self._refreshed_s < REFRESH_S:
                return
            ids = [one for one in self._open_room_ids() if self._live.broadcast(one) is not None]
            if now - self._cards_read_s >= CARDS_S:
                self._cards, self._cards_read_s = {}, now
            missing = [room_id for room_id in ids if room_id not in self._cards]
            if missing:
                found = await self._rooms.cards_of(missing)
                self._cards |= {one.room_id: one for one in found}
            rooms = [
                LiveRoom(room_id, card.owner_id, card.category, self._live.viewers(room_id))
                for room_id in ids
                if (card := self._cards.get(room_id)) is not None
                and card.privacy == "public"
                and card.closed_reason is None
            ]
            watchers, memory, now_s = self._watching.watchers(), self._memory, self._now_s()
            await self._in_thread(lambda: memory.set_live(rooms, watchers, now_s))
            self._refreshed_s = now

    # --- what is believed ---------------------------------------------------------------------

    async def belief(self, user_id: UserId) -> Belief:
        memory, now_s = self._memory, self._now_s()
        waiting, self._waiting = self._waiting, []
        await self._in_thread(lambda: memory.add(waiting))
        streamers, categories, visits = await self._in_thread(
            lambda: (
                memory.believed(user_id, now_s, BELIEVED_MAX),
                memory.believed_categories(user_id, now_s),
                memory.visits_of(user_id),
            )
        )
        wishes = self._wishes.get(user_id, {})
        hidden = [one.removeprefix("hide:") for one in wishes if one.startswith("hide:")]
        corrected = [one.partition(":")[2] for one in wishes if one.startswith("streamer:")]
        known = {one[0]: one for one in streamers}
        ids = {UserId(one) for one in (*hidden, *corrected, *known)}
        users = await self._users.find_users(ids)
        shares = dict(categories)
        named = [one.partition(":")[2] for one in wishes if one.startswith("category:")]
        return Belief(
            streamers=tuple(
                _believed(users[UserId(one)], known.get(one), wishes.get(f"streamer:{one}", 1.0))
                for one in dict.fromkeys([*known, *corrected])
                if UserId(one) in users
            ),
            categories=tuple(
                BelievedCategory(
                    category=one,
                    share=shares.get(one, 0.0),
                    weight=wishes.get(f"category:{one}", 1.0),
                )
                for one in dict.fromkeys([*shares, *named])
            ),
            hidden=tuple(users[UserId(one)] for one in hidden if UserId(one) in users),
            visits=visits,
            personal_share=visits / (visits + 5),
            is_recorded=await self._may_record(user_id),
        )

    async def hide(self, user_id: UserId, streamer_id: UserId, *, is_hidden: bool) -> None:
        """Raises WireError: INVALID_VALUE, NOT_FOUND, FULL."""
        await self._check_streamer(user_id, streamer_id)
        await self._wish(
            user_id, f"hide:{streamer_id}", 0.0 if is_hidden else None, most=HIDDEN_MAX
        )

    async def correct(
        self, user_id: UserId, *, streamer_id: UserId | None, category: str, weight: float
    ) -> None:
        """Raises WireError: INVALID_VALUE, NOT_FOUND, FULL."""
        if (streamer_id is None) == (not category):
            raise WireError(
                ErrorCode.INVALID_VALUE, "name a streamer or a category", field="user_id"
            )
        if streamer_id is not None:
            await self._check_streamer(user_id, streamer_id)
        subject = f"streamer:{streamer_id}" if streamer_id is not None else f"category:{category}"
        await self._wish(user_id, subject, None if weight == 1.0 else weight, most=CORRECTIONS_MAX)

    async def reset(self, user_id: UserId) -> None:
        """Forget what was recorded and corrected; who is hidden stays hidden."""
        self._drop(user_id)
        self._forgotten.add(user_id)

        def work(session: Session) -> None:
            queries.delete_of(session, user_id)
            queries.delete_corrections(session, user_id)

        await self._store.write(work)
        wishes = self._wishes.get(user_id, {})
        for subject in tuple(wishes):
            if not subject.startswith("hide:"):
                del wishes[subject]
        memory = self._memory
        await self._in_thread(lambda: memory.forget(user_id))

    def stop_recording(self, user_id: UserId) -> None:
        """The user does not want it any more: what was not written yet is dropped."""
        self._drop(user_id)

    async def forget(self, user_id: UserId) -> None:
        """The user is erased; the rows are the eraser's."""
        self._drop(user_id)
        self._forgotten.add(user_id)
        self._graph.forget(user_id)
        self._wishes.pop(user_id, None)
        for wishes in self._wishes.values():
            wishes.pop(f"hide:{user_id}", None)
            wishes.pop(f"streamer:{user_id}", None)
        memory = self._memory
        await self._in_thread(lambda: memory.forget(user_id))

    def _drop(self, user_id: UserId) -> None:
        self._watching.stop(user_id)
        self._collector.forget(user_id)
        self._quality.forget(user_id)
        self._waiting = [row for row in self._waiting if row.user_id != user_id]
        if self._since_load is not None:
            self._since_load = [row for row in self._since_load if row.user_id != user_id]

    async def _wish(
        self, user_id: UserId, subject: str, weight: float | None, *, most: int
    ) -> None:
        wishes = self._wishes.setdefault(user_id, {})
        prefix = subject.partition(":")[0]
        is_more = weight is not None and subject not in wishes
        if is_more and sum(one.startswith(prefix) for one in wishes) >= most:
            raise WireError(ErrorCode.FULL, f"at most {most} of these", field="wishes")
        await self._store.write(lambda session: queries.put_wish(session, user_id, subject, weight))
        if weight is None:
            wishes.pop(subject, None)
        else:
            wishes[subject] = weight

    async def _check_streamer(self, user_id: UserId, streamer_id: UserId) -> None:
        if user_id == streamer_id:
            raise WireError(ErrorCode.INVALID_VALUE, "that is you", field="user_id")
        if streamer_id not in await self._users.find_users([streamer_id]):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")

    # --- people, and how it does --------------------------------------------------------------

    async def people(self, user_id: UserId, limit: int) -> People:
        """Whom the user may know."""
        memory = self._memory
        if self._graph_read_s < 0:
            await self.tick()
        is_known = await self._may_record(user_id)
        alike = await self._in_thread(lambda: memory.alike_users(user_id)) if is_known else []
        public = {card.owner_id for card in self._cards.values() if card.privacy == "public"}
        hidden = [
            one.removeprefix("hide:")
            for one in self._wishes.get(user_id, {})
            if one.startswith("hide:")
        ]
        found = people.suggest(
            self._graph,
            user_id,
            alike={one: cosine for one, cosine in alike if one in public},
            leave_out=hidden,
            limit=limit,
        )
        ids = {UserId(one) for each in found for one in (each.user_id, *each.between[:2])}
        users = await self._users.find_users(ids)
        return People(
            people=tuple(
                Person(
                    user=users[UserId(each.user_id)],
                    kind="taste" if each.is_taste else "mutual",
                    names=tuple(
                        users[UserId(one)].name for one in each.between[:2] if UserId(one) in users
                    ),
                    count=each.ties,
                )
                for each in found
                if UserId(each.user_id) in users
            )
        )

    async def quality(self, days: int) -> QualityReport:
        await self._write_quality()
        from_day = int(self._now_s() // quality.DAY_S) - days + 1
        rows = await self._store.read(lambda session: queries.list_days(session, from_day))
        return QualityReport(
            days=tuple(quality.describe(row) for row in rows),
            events_stored=self._collector.stored,
            events_dropped=self._collector.dropped,
        )

    # --- within -------------------------------------------------------------------------------

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _make_id(self) -> str:
        return make_id(self._random_bytes)

    def _now_s(self) -> float:
        return self._clocks.unix_us() / 1_000_000


def _with_names(reason: Reason, users: Mapping[UserId, UserInfo]) -> Reason:
    if reason.kind != "alike":
        return reason
    names = tuple(users[UserId(one)].name for one in reason.names if UserId(one) in users)
    return msgspec.structs.replace(reason, names=names, kind="alike" if names else "taste")


def _believed(
    user: UserInfo, known: tuple[str, float, int, int, int] | None, weight: float
) -> BelievedStreamer:
    _, share, visits, minutes, last = known if known is not None else ("", 0.0, 0, 0, 0)
    return BelievedStreamer(
        user=user,
        share=share,
        visits=visits,
        minutes=minutes,
        last_at_unix_ms=last,
        weight=weight,
    )
