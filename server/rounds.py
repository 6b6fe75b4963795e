"""What is open in a room for a time, one of a kind at most: a poll, a lucky draw."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import structlog

from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.clocks import Clocks
    from wire.ids import RoomId, UserId

RETURN_S: Final = 10.0
"""What ended while the relay was down closes this long after its start: members are back then."""

_log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Round:
    round_id: str
    opener: UserId
    ends_at_mono_s: float
    """From then on nobody takes part any more."""
    closes_at_mono_s: float

    def left_ms(self, now_mono_s: float) -> int:
        return max(0, round((self.ends_at_mono_s - now_mono_s) * 1000))


AnyRound = TypeVar("AnyRound", bound=Round)


class Rounds(Generic[AnyRound]):
    """Those of one kind, by their room. Event loop's thread only."""

    def __init__(self, kind: str, clocks: Clocks) -> None:
        """`kind` in errors: "poll", and `poll_id` is its field."""
        self._kind = kind
        self._clocks = clocks
        self._open: dict[RoomId, AnyRound] = {}
        self._opening: set[RoomId] = set()

    def find(self, room_id: RoomId) -> AnyRound | None:
        return self._open.get(room_id)

    def access(self, room_id: RoomId, round_id: str) -> AnyRound:
        """Raises WireError(NOT_FOUND)."""
        found = self._open.get(room_id)
        if found is None or found.round_id != round_id:
            raise WireError(
                ErrorCode.NOT_FOUND, f"there is no such {self._kind} open", field=f"{self._kind}_id"
            )
        return found

    @contextlib.contextmanager
    def opening(self, room_id: RoomId) -> Iterator[None]:
        """While it is stored nobody opens another. Raises WireError(WRONG_STATE)."""
        if room_id in self._open or room_id in self._opening:
            raise WireError(ErrorCode.WRONG_STATE, f"a {self._kind} is open in this room already")
        self._opening.add(room_id)
        try:
            yield
        finally:
            self._opening.discard(room_id)

    def put(self, room_id: RoomId, opened: AnyRound) -> None:
        self._open[room_id] = opened

    def times_of(self, ends_at_unix_ms: int) -> tuple[float, float]:
        """When a stored one ends, and when it closes, on the clock of this life of the relay."""
        now = self._clocks.mono_s()
        ends = now + (ends_at_unix_ms - self._clocks.unix_ms()) / 1000
        return ends, max(ends, now + RETURN_S)

    def end(self, found: AnyRound) -> None:
        """Before its time, perhaps."""
        found.ends_at_mono_s = min(found.ends_at_mono_s, self._clocks.mono_s())

    def check_running(self, found: AnyRound) -> None:
        """Raises WireError(WRONG_STATE)."""
        if self._clocks.mono_s() >= found.ends_at_mono_s:
            raise WireError(ErrorCode.WRONG_STATE, f"this {self._kind} is over")

    def take(self, room_id: RoomId, found: AnyRound) -> bool:
        """False where somebody else took it meanwhile: another may be open in its place."""
        is_there = self._open.get(room_id) is found
        if is_there:
            del self._open[room_id]
        return is_there

    def take_of(
        self, user_id: UserId, room_ids: Collection[RoomId]
    ) -> Iterator[tuple[RoomId, AnyRound]]:
        """Those that a user opened, and those of rooms."""
        for room_id, found in tuple(self._open.items()):
            if found.opener == user_id or room_id in room_ids:
                del self._open[room_id]
                yield room_id, found

    async def tick(
        self,
        tell: Callable[[RoomId, AnyRound], None],
        close: Callable[[RoomId, AnyRound], Awaitable[object]],
    ) -> None:
        """Tell of each what is new, and close what is over. What the disk refuses stays open."""
        for room_id, found in tuple(self._open.items()):
            if self._open.get(room_id) is not found:
                continue
            tell(room_id, found)
            if self._clocks.mono_s() >= found.closes_at_mono_s:
                try:
                    await close(room_id, found)
                except WireError as error:
                    _log.warning("a round could not be closed", kind=self._kind, code=error.code)
