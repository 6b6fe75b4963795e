"""Polls: at most one open in a room; votes are on disk when they are acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from server.ids import RandomBytes, make_id
from server.polls import queries
from server.polls.rules import Tally, check_choices, check_question
from server.polls.tables import Poll
from wire.errors import ErrorCode, WireError
from wire.events import PollClosed, PollCounted, PollInfo, PollOpened
from wire.ids import PollId, RoomId, UserId

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.clocks import Clocks
    from server.store.store import Store
    from wire.commands import OpenPoll
    from wire.events import Event

RETURN_S: Final = 10.0
"""What ended while the relay was down closes this long after its start: members are back then."""

_log = structlog.get_logger(__name__)


@dataclass
class _Open:
    poll_id: PollId
    opener: UserId
    question: str
    choices: tuple[str, ...]
    ends_at_mono_s: float
    closes_at_mono_s: float
    tally: Tally

    def describe(self, now_mono_s: float, *, own_choice: int | None = None) -> PollInfo:
        return PollInfo(
            poll_id=self.poll_id,
            question=self.question,
            choices=self.choices,
            votes=self.tally.votes,
            ends_in_ms=max(0, round((self.ends_at_mono_s - now_mono_s) * 1000)),
            own_choice=own_choice,
        )


class PollService:
    """Event loop's thread only. The caller checks who may; `tick` is called twice a second."""

    def __init__(
        self,
        store: Store,
        *,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._post = post
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._open: dict[RoomId, _Open] = {}
        self._opening: set[RoomId] = set()

    async def restore(self) -> None:
        """At the start: go on with the polls that are open."""
        now_ms, now = self._clocks.unix_ms(), self._clocks.mono_s()
        for row, votes in await self._store.read(queries.load_open):
            choices = tuple(row.choices.split("\n"))
            ends = now + (row.ends_at_unix_ms - now_ms) / 1000
            tally = Tally(len(choices), votes)
            self._open[RoomId(row.room_id)] = _Open(
                PollId(row.id),
                UserId(row.user_id),
                row.question,
                choices,
                ends,
                max(ends, now + RETURN_S),
                tally,
            )

    async def open(self, user_id: UserId, command: OpenPoll) -> PollInfo:
        """Raises WireError."""
        question, choices = check_question(command.question), check_choices(command.choices)
        room_id = command.room_id
        if room_id in self._open or room_id in self._opening:
            raise WireError(ErrorCode.WRONG_STATE, "a poll is open in this room already")
        now_ms = self._clocks.unix_ms()
        poll_id = PollId(make_id(self._random_bytes))
        ends_at_unix_ms = now_ms + command.seconds * 1000

        def work(session: Session) -> None:
            session.add(
                Poll(
                    id=poll_id,
                    room_id=room_id,
                    user_id=user_id,
                    question=question,
                    choices="\n".join(choices),
                    opened_at_unix_ms=now_ms,
                    ends_at_unix_ms=ends_at_unix_ms,
                )
            )

        self._opening.add(room_id)
        try:
            await self._store.write(work)
        finally:
            self._opening.discard(room_id)
        now = self._clocks.mono_s()
        ends = now + command.seconds
        opened = _Open(poll_id, user_id, question, choices, ends, ends, Tally(len(choices)))
        self._open[room_id] = opened
        poll = opened.describe(now)
        self._post(room_id, PollOpened(room_id=room_id, poll=poll))
        return poll

    async def vote(self, user_id: UserId, room_id: RoomId, poll_id: PollId, choice: int) -> None:
        """Once a user, changed by voting again. Raises WireError."""
        found = self._access(room_id, poll_id)
        if choice >= len(found.choices):
            raise WireError(ErrorCode.INVALID_VALUE, "there is no such choice", field="choice")
        if self._clocks.mono_s() >= found.ends_at_mono_s:
            raise WireError(ErrorCode.WRONG_STATE, "this poll is over")
        before = await self._store.write(
            lambda session: queries.put_vote(session, poll_id, user_id, choice)
        )
        found.tally.change(before, choice)

    async def close(self, room_id: RoomId, poll_id: PollId) -> PollInfo:
        """End it before its time. Raises WireError."""
        return await self._close(room_id, self._access(room_id, poll_id))

    def find(self, room_id: RoomId, own_choice: int | None) -> PollInfo | None:
        """What is open in the room; `own_choice` from `find_own_choice`."""
        found = self._open.get(room_id)
        if found is None:
            return None
        return found.describe(self._clocks.mono_s(), own_choice=own_choice)

    async def find_own_choice(self, user_id: UserId | None, room_id: RoomId) -> int | None:
        found = self._open.get(room_id)
        if found is None or user_id is None:
            return None
        poll_id = found.poll_id
        return await self._store.read(
            lambda session: queries.find_choice(session, poll_id, user_id)
        )

    async def tick(self) -> None:
        """Tell what was counted, and close what is over."""
        for room_id, found in tuple(self._open.items()):
            if found.tally.take_news():
                votes = found.tally.votes
                self._post(
                    room_id, PollCounted(room_id=room_id, poll_id=found.poll_id, votes=votes)
                )
            if self._clocks.mono_s() >= found.closes_at_mono_s:
                try:
                    await self._close(room_id, found)
                except WireError as error:
                    _log.warning("a poll could not be closed", code=error.code)

    def forget(self, user_id: UserId, room_ids: Collection[RoomId]) -> None:
        """Polls of an erased user and of rooms that are gone are over, and leave no row."""
        for room_id, found in tuple(self._open.items()):
            if found.opener == user_id or room_id in room_ids:
                del self._open[room_id]
                poll = found.describe(self._clocks.mono_s())
                self._post(room_id, PollClosed(room_id=room_id, poll=poll))

    def _access(self, room_id: RoomId, poll_id: PollId) -> _Open:
        found = self._open.get(room_id)
        if found is None or found.poll_id != poll_id:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such poll open", field="poll_id")
        return found

    async def _close(self, room_id: RoomId, found: _Open) -> PollInfo:
        now_ms = self._clocks.unix_ms()
        found.ends_at_mono_s = min(found.ends_at_mono_s, self._clocks.mono_s())
        votes = await self._store.write(
            lambda session: queries.close(session, found.poll_id, now_ms)
        )
        if votes is not None:
            found.tally = Tally(len(found.choices), votes)
        poll = found.describe(self._clocks.mono_s())
        if self._open.get(room_id) is found:
            del self._open[room_id]
            self._post(room_id, PollClosed(room_id=room_id, poll=poll))
        return poll
