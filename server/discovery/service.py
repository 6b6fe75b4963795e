"""Discovery on a running relay: what people do comes in, lists with reasons go out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import structlog

from server.background import BackgroundTasks
from server.discovery import people, quality, queries
from server.discovery.acts import Acts
from server.discovery.artefact import starting
from server.discovery.asking import Asked, LiveRoom, Place, Ranked, Recorded, few_of_each
from server.discovery.behaviour import STAYED_S
from server.discovery.beliefs import describe_belief
from server.discovery.collector import Collector
from server.discovery.interests import OF_HOUSE_MAX, chosen_of, is_to_be_asked, offer
from server.discovery.loading import load_memory
from server.discovery.memory import Memory
from server.discovery.passed_over import PassedOver
from server.discovery.reasons import with_names
from server.discovery.wishes import Wishes
from wire.discovery_events import People, QualityReport
from wire.errors import WireError
from wire.ids import RoomId, UserId
from wire.taste_events import Interests

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.discovery.surroundings import Follows, Live, Rooms, Users
    from server.discovery.watching import Piece
    from server.ids import RandomBytes
    from server.rooms.cards import RoomCard
    from server.store.session import Session
    from server.store.store import Store
    from wire.discovery_events import Belief
    from wire.event_base import Reason, UserInfo

REFRESH_S: Final = 1.0
"""A room that has gone live is in the lists by then; one that has ended is out at once."""
CARDS_S: Final = 10.0
"""What a room says of itself is read anew this often; who may see it is checked for every page."""
GRAPH_S: Final = 600.0
TICK_S: Final = 5.0
BELIEVED_MAX: Final = 30
OF_STREAMER_MAX: Final = 2
"""Recordings of one streamer in a list."""

T = TypeVar("T")
_log = structlog.get_logger(__name__)


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
        self._collector = Collector(store, find_users=users.find_users)
        self._quality = quality.QualityBook()
        self._passed_over = PassedOver(store, clocks=clocks)
        self.wishes = Wishes(store, users=users)
        self.acts = Acts(
            live=live,
            rooms=rooms,
            collector=self._collector,
            quality=self._quality,
            may_record=may_record,
            on_visit_end=self._on_visit_end,
            clocks=clocks,
            random_bytes=random_bytes,
        )
        self._memory = Memory(starting())
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="discovery")
        self._forgotten: set[str] = set()
        """While tastes were read: what was read may still have them."""
        self._graph = people.Graph()
        self._cards: dict[RoomId, RoomCard] = {}
        self._cards_read_s = self._refreshed_s = self._graph_read_s = -1e9
        self._refreshing = asyncio.Lock()
        self._loading = asyncio.Lock()
        self._tasks = BackgroundTasks()

    # --- living -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Returns at once: lists are made from little until all is read."""
        await self.wishes.load()
        day = int(self._now_s() // quality.DAY_S)
        row = await self._store.read(lambda session: queries.find_day(session, day))
        if row is not None:
            self._quality.restore(row)
        self._tasks.start(self.reload(), name="discovery: load")
        self._tasks.start(self._collector.run(), name="discovery: write")
        self._tasks.start(self._run_clockwork(), name="discovery: clockwork")

    async def close(self) -> None:
        self.acts.watching.end_all()
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
            until_unix_ms = self._clocks.unix_ms()
            self.acts.begin_load(until_unix_ms)
            await self._collector.write()
            try:
                memory = await load_memory(self._store, self._thread, until_unix_ms=until_unix_ms)
                await self._catch_up(memory)
                await self._in_thread(lambda: memory.refresh_alike(self._now_s()))
                await self._catch_up(memory)
                self.acts.take_waiting()  # it has these: read, or kept aside
                self._memory = memory
                self._refreshed_s = -1e9
            except WireError as error:
                _log.warning("tastes were not read", code=error.code)
            finally:
                self.acts.end_load()

    async def _catch_up(self, memory: Memory) -> None:
        """What was done, and who was forgotten, while it was read, until nothing of it is left."""
        while True:
            if since := self.acts.take_since_load():
                await self._in_thread(lambda since=since: memory.add(since))  # type: ignore[misc] # a default binds it now
            elif self._forgotten:
                user_id = self._forgotten.pop()
                await self._in_thread(lambda user_id=user_id: memory.forget(user_id))  # type: ignore[misc] # a default binds it now
            else:
                return

    async def _run_clockwork(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except WireError as error:
                _log.warning("discovery's clockwork missed a turn", code=error.code)

    async def tick(self) -> None:
        """Every few seconds."""
        self.acts.watching.tick()
        waiting, now = self.acts.take_waiting(), self._memory
        if waiting:
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

    async def note_follow(self, user_id: UserId, other_id: UserId, *, is_following: bool) -> None:
        """Never raises WireError."""
        self._graph.change(user_id, other_id, is_following=is_following)
        if is_following:
            await self.acts.note_followed(user_id, other_id)

    def _on_visit_end(self, piece: Piece) -> None:
        memory, now_s, waiting = self._memory, self._now_s(), self.acts.take_waiting()
        stayed = piece.total_s >= STAYED_S

        def work() -> None:
            memory.add(waiting)
            memory.note_stay(piece.user_id, piece.streamer_id, stayed=stayed, now_s=now_s)

        self._thread.submit(work)

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
        names = await self._find_named(ranked.places)
        listed = []
        for place in ranked.places:
            room_id = RoomId(place.room_id)
            # Looked at now: what has ended, or is barred, since the ranking began is left out.
            if self._live.broadcast(room_id) is None or not may_see(room_id):
                continue
            listed.append(Listed(room_id, with_names(place.reason, names)))
        return listed, ranked.count

    async def recommend_recorded(
        self, user_id: UserId | None, recorded: Sequence[Recorded], *, category: str, limit: int
    ) -> list[tuple[str, Reason]]:
        """Ids of recordings that fit, each with why; few of one streamer."""
        asked = await self._ask(user_id, category=category, skip=0, limit=len(recorded))
        passed = await self._passed_over.count(asked.user_id, [one.replay_id for one in recorded])
        asked = asked._replace(friends={}, passed=passed)
        memory, now_s, waiting = self._memory, self._now_s(), self.acts.take_waiting()

        def work() -> Ranked:
            memory.add(waiting)
            return memory.rank_recorded(recorded, asked, now_s)

        ranked = await self._in_thread(work)
        shown = few_of_each(ranked.places, OF_STREAMER_MAX)[:limit]
        names = await self._find_named(shown)
        return [(place.room_id, with_names(place.reason, names)) for place in shown]

    async def _find_named(self, places: Sequence[Place]) -> dict[UserId, UserInfo]:
        """The streamers whom reasons name."""
        named = {UserId(one) for place in places for one in place.reason.names}
        return await self._users.find_users(named)

    async def explain(self, user_id: UserId, limit: int) -> Ranked:
        """A list with what its scores are made of."""
        await self._refresh()
        asked = await self._ask(user_id, category="", skip=0, limit=limit)
        return await self._rank(asked)

    async def _ask(self, user_id: UserId | None, *, category: str, skip: int, limit: int) -> Asked:
        wishes = self.wishes.of(user_id or "")
        if user_id is None:
            return Asked("", frozenset(), {}, wishes, category, skip, limit)
        followed: frozenset[str] = await self._follows.followed_by(user_id)
        is_known = await self._may_record(user_id)
        friends: dict[str, int] = {}
        for friend in self._graph.friends(user_id):
            for room_id in self.acts.watching.rooms_of(UserId(friend)):
                friends[room_id] = friends.get(room_id, 0) + 1
        return Asked(user_id if is_known else "", followed, friends, wishes, category, skip, limit)

    async def _rank(self, asked: Asked) -> Ranked:
        memory, now_s = self._memory, self._now_s()
        waiting = self.acts.take_waiting()

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
            watchers, memory, now_s = self.acts.watching.watchers(), self._memory, self._now_s()
            await self._in_thread(lambda: memory.set_live(rooms, watchers, now_s))
            self._refreshed_s = now

    # --- what is believed ---------------------------------------------------------------------

    async def belief(self, user_id: UserId) -> Belief:
        memory, now_s = self._memory, self._now_s()
        waiting = self.acts.take_waiting()
        await self._in_thread(lambda: memory.add(waiting))
        streamers, categories, visits = await self._in_thread(
            lambda: (
                memory.believed(user_id, now_s, BELIEVED_MAX),
                memory.believed_categories(user_id, now_s),
                memory.visits_of(user_id),
            )
        )
        wishes = self.wishes.of(user_id)
        named = [one.partition(":")[2] for one in wishes if one.startswith(("hide:", "streamer:"))]
        ids = {UserId(one) for one in (*named, *(known[0] for known in streamers))}
        users = await self._users.find_users(ids)
        return describe_belief(
            streamers,
            dict(categories),
            wishes,
            users,
            visits=visits,
            is_recorded=await self._may_record(user_id),
        )

    async def interests(self, user_id: UserId) -> Interests:
        """What can be chosen, what is, and whether to ask."""
        memory, wishes = self._memory, self.wishes.of(user_id)
        visits = await self._in_thread(lambda: memory.visits_of(user_id))
        categories = await self._rooms.list_categories(OF_HOUSE_MAX * 2)
        return Interests(
            choices=offer(categories),
            chosen=chosen_of(wishes),
            is_asked=is_to_be_asked(wishes, visits=visits) and await self._may_record(user_id),
        )

    async def reset(self, user_id: UserId) -> None:
        """Forget what was recorded and corrected; who is hidden stays hidden."""
        self.acts.drop(user_id)
        self._forgotten.add(user_id)

        def work(session: Session) -> None:
            queries.delete_of(session, user_id)
            queries.delete_corrections(session, user_id)

        await self._store.write(work)
        self.wishes.reset(user_id)
        await self._forget_in_memory(user_id)

    def stop_recording(self, user_id: UserId) -> None:
        """The user does not want it any more: what was not written yet is dropped."""
        self.acts.drop(user_id)

    async def forget(self, user_id: UserId) -> None:
        """The user is erased; the rows are the eraser's."""
        self.acts.drop(user_id)
        self._forgotten.add(user_id)
        self._graph.forget(user_id)
        self.wishes.forget(user_id)
        await self._forget_in_memory(user_id)

    async def _forget_in_memory(self, user_id: UserId) -> None:
        memory = self._memory
        await self._in_thread(lambda: memory.forget(user_id))
        if not self._loading.locked():
            self._forgotten.discard(user_id)

    # --- people, and how it does --------------------------------------------------------------

    async def people(self, user_id: UserId, limit: int) -> People:
        """Whom the user may know."""
        memory = self._memory
        if self._graph_read_s < 0:
            await self.tick()
        is_known = await self._may_record(user_id)
        alike = await self._in_thread(lambda: memory.alike_users(user_id)) if is_known else []
        public = {
            card.owner_id
            for card in self._cards.values()
            if card.privacy == "public" and await self._may_record(card.owner_id)
        }
        found = people.suggest(
            self._graph,
            user_id,
            alike={one: cosine for one, cosine in alike if one in public},
            leave_out=self.wishes.hidden_of(user_id),
            limit=limit,
        )
        ids = {UserId(one) for each in found for one in (each.user_id, *each.between[:2])}
        users = await self._users.find_users(ids)
        return people.describe(found, users)

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

    def _now_s(self) -> float:
        return self._clocks.unix_us() / 1_000_000
