"""Automatic moderation of the house and its rooms: lists, rules, verdicts, hits.

A verdict is found on the event loop and never waits: `load` before. Hits are counted in memory and
stored every half minute; a crash loses those, a stop does not.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from server.background import BackgroundTasks
from server.moderation import queries
from server.moderation.changing import ListChanges, key_of
from server.moderation.floods import Floods, print_of
from server.moderation.folding import fold
from server.moderation.lists import Scope
from server.moderation.rules import NOTHING_LISTED, Listed, Verdict, judge, needs_print
from server.moderation.tables import HOUSE
from server.text import is_storable
from wire.errors import ErrorCode, WireError
from wire.words_events import RuleHits, TextRules, TextRulesNow, TextTried, WordPage

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.audit.service import AuditService
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.ids import RoomId, UserId
    from wire.words_events import HoldRule

ROOMS_CACHED_MAX: Final = 500
STORE_INTERVAL_S: Final = 30.0

_REFUSED: Final[dict[HoldRule, tuple[ErrorCode, str]]] = {
    "word": (ErrorCode.WORD_REFUSED, "this word is not wanted here"),
    "link": (ErrorCode.LINK_REFUSED, "links are not wanted here"),
    "caps": (ErrorCode.CAPS_REFUSED, "please write without all capitals"),
    "flood_one": (ErrorCode.FLOOD_REFUSED, "you have written this several times"),
    "flood_many": (ErrorCode.FLOOD_REFUSED, "several people have just written this"),
}
_log = structlog.get_logger(__name__)


class ModerationService:
    """Event loop's thread only; automata are built in another. `close` stores the hits."""

    def __init__(self, store: Store, *, audit: AuditService, clocks: Clocks) -> None:
        self._store = store
        self._clocks = clocks
        self._house = Scope()
        self._rooms: OrderedDict[RoomId, Scope] = OrderedDict()
        self._loading = asyncio.Lock()
        self._floods = Floods()
        self._word_hits: Counter[tuple[str, str]] = Counter()
        self._rule_hits: Counter[tuple[str, str]] = Counter()
        self._tasks = BackgroundTasks()
        self.changes = ListChanges(store, audit=audit, find_scope=self._scope, clocks=clocks)

    async def start(self) -> None:
        """Read the house's list. Before it, only rooms' lists are heeded."""
        await asyncio.to_thread(fold, "臺")  # the table of traditional characters
        stored = await self._store.read(lambda session: queries.load(session, HOUSE))
        self._house = await Scope.of(*stored)
        self._tasks.start(self._store_hits_now_and_then(), name="store hits of word lists")

    async def close(self) -> None:
        await self._tasks.close()
        await self._store_hits()

    # --- verdicts -----------------------------------------------------------------------------

    async def load(self, room_id: RoomId) -> None:
        """Read a room's list, so that `judge` can answer at once."""
        await self._room(room_id)

    def judge(self, room_id: RoomId, sender: UserId, text: str) -> Verdict:
        """What happens to a message, after `load`. Counts the hit, and the text against floods."""
        house, room = self._house.listed, self._listed(room_id)
        repeated, letters = None, 0
        if needs_print(house, room):
            found = print_of(text)
            repeated = self._floods.count(room_id, sender, found, self._clocks.mono_s())
            letters = found.letters
        verdict = judge(text, house, room, repeated=repeated, letters=letters)
        if verdict.level != "off":
            self._count(room_id, verdict)
        return verdict

    def check(self, text: str, *, field: str) -> None:
        """A name, a title: what cannot be held. Raises WireError(WORD_REFUSED).

        The house's list alone counts, at either level.
        """
        listed = replace(self._house.listed, rules=TextRules())
        verdict = judge(text, listed, NOTHING_LISTED)
        if verdict.level != "off":
            raise refused(verdict, field=field)

    async def try_text(self, room_id: RoomId | None, text: str) -> TextTried:
        """What `judge` would say, without floods, and without counting."""
        room = (await self._room(room_id)).listed if room_id is not None else NOTHING_LISTED
        verdict = judge(text, self._house.listed, room)
        return TextTried(
            level=verdict.level,
            folded=fold(text),
            rule=verdict.rule,
            entry=verdict.entry,
            start=verdict.start,
            end=verdict.end,
        )

    # --- reading: the caller has checked the right to -----------------------------------------

    async def page(self, room_id: RoomId | None, after: str, search: str = "") -> WordPage:
        await self._store_hits()
        after = after if is_storable(after) else ""
        if not is_storable(search):
            return WordPage(words=(), total=0)
        key, wanted = key_of(room_id), search.strip()
        return await self._store.read(lambda session: queries.page(session, key, after, wanted))

    def forget(self, room_ids: Collection[RoomId]) -> None:
        """These rooms are gone from the database."""
        for room_id in room_ids:
            self._rooms.pop(room_id, None)

    async def rules_of(self, room_id: RoomId | None) -> TextRulesNow:
        scope = await self._scope(room_id)
        hits = scope.hits
        return TextRulesNow(
            rules=scope.listed.rules,
            hits=RuleHits(
                word=hits["word"],
                link=hits["link"],
                caps=hits["caps"],
                flood_one=hits["flood_one"],
                flood_many=hits["flood_many"],
            ),
            words=len(scope.listed.levels),
        )

    # --- inside -------------------------------------------------------------------------------

    def _listed(self, room_id: RoomId) -> Listed:
        room = self._rooms.get(room_id)
        return room.listed if room is not None else NOTHING_LISTED

    async def _scope(self, room_id: RoomId | None) -> Scope:
        return self._house if room_id is None else await self._room(room_id)

    async def _room(self, room_id: RoomId) -> Scope:
        known = self._rooms.get(room_id)
        if known is not None:
            self._rooms.move_to_end(room_id)
            return known
        async with self._loading:
            known = self._rooms.get(room_id)
            if known is None:
                stored = await self._store.read(lambda session: queries.load(session, room_id))
                known = self._rooms[room_id] = await Scope.of(*stored)
                self._forget_rooms()
        return known

    def _forget_rooms(self) -> None:
        """Not one that is being changed: its next reader would read it as it was."""
        if len(self._rooms) > ROOMS_CACHED_MAX:
            idle = (one for one, scope in self._rooms.items() if not scope.changing.locked())
            self._rooms.pop(next(idle))

    def _count(self, room_id: RoomId, verdict: Verdict) -> None:
        """A word counts in the list that has it; the other rules in the room and in the house."""
        if verdict.rule is None:
            return
        keys: tuple[str, ...] = (HOUSE, room_id)
        if verdict.rule == "word":
            keys = (HOUSE,) if verdict.is_of_house else (room_id,)
            self._word_hits[keys[0], verdict.entry] += 1
        for key in keys:
            scope = self._house if key == HOUSE else self._rooms.get(room_id)
            if scope is not None:
                scope.hits[verdict.rule] += 1
            self._rule_hits[key, verdict.rule] += 1

    async def _store_hits_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(STORE_INTERVAL_S)
            await self._store_hits()

    async def _store_hits(self) -> None:
        words, rules = self._word_hits, self._rule_hits
        if not rules:
            return
        self._word_hits, self._rule_hits = Counter(), Counter()
        try:
            await self._store.write(lambda session: queries.add_hits(session, words, rules))
        except WireError as error:
            self._word_hits.update(words)
            self._rule_hits.update(rules)
            _log.warning("hits of word lists were not stored", code=error.code)


def refused(verdict: Verdict, *, field: str = "text") -> WireError:
    """The error for a text that is not taken. Its words name what of the text met the rule."""
    code, words = _REFUSED[verdict.rule or "word"]
    if verdict.words:
        words = f"{words}: {verdict.words}"
    return WireError(code, words, field=field)
