"""Polls: at most one open in a room; votes are on disk when they are acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.ids import RandomBytes, make_id
from server.polls import queries
from server.polls.rules import Tally, check_choices, check_question
from server.polls.tables import Poll
from server.rounds import Round, Rounds
from wire.errors import ErrorCode, WireError
from wire.ids import PollId, RoomId, UserId
from wire.round_events import PollClosed, PollCounted, PollInfo, PollOpened

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import Event
    from wire.round_commands import OpenPoll


@dataclass(kw_only=True)
class _Open(Round):
    question: str
    choices: tuple[str, ...]
    tally: Tally

    def describe(self, now_mono_s: float, *, own_choice: int | None = None) -> PollInfo:
        return PollInfo(
            poll_id=PollId(self.round_id),
            question=self.question,
            choices=self.choices,
            votes=self.tally.votes,
            ends_in_ms=self.left_ms(now_mono_s),
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
        self._rounds = Rounds[_Open]("poll", clocks)

    async def restore(self) -> None:
        """At the start: go on with the polls that are open."""
        for row, votes in await self._store.read(queries.load_open):
            choices = tuple(row.choices.split("\n"))
            ends, closes = self._rounds.times_of(row.ends_at_unix_ms)
            opened = _Open(
                round_id=row.id,
                opener=UserId(row.user_id),
                question=row.question,
                choices=choices,
                ends_at_mono_s=ends,
                closes_at_mono_s=closes,
                tally=Tally(len(choices), votes),
            )
            self._rounds.put(RoomId(row.room_id), opened)

    async def open(self, user_id: UserId, command: OpenPoll) -> PollInfo:
        """Raises WireError."""
        question, choices = check_question(command.question), check_choices(command.choices)
        room_id = command.room_id
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

        with self._rounds.opening(room_id):
            await self._store.write(work)
        now = self._clocks.mono_s()
        ends = now + command.seconds
        opened = _Open(
            round_id=poll_id,
            opener=user_id,
            question=question,
            choices=choices,
            ends_at_mono_s=ends,
            closes_at_mono_s=ends,
            tally=Tally(len(choices)),
        )
        self._rounds.put(room_id, opened)
        poll = opened.describe(now)
        self._post(room_id, PollOpened(room_id=room_id, poll=poll))
        return poll

    async def vote(self, user_id: UserId, room_id: RoomId, poll_id: PollId, choice: int) -> None:
        """Once a user, changed by voting again. Raises WireError."""
        found = self._rounds.access(room_id, poll_id)
        if choice >= len(found.choices):
            raise WireError(ErrorCode.INVALID_VALUE, "there is no such choice", field="choice")
        self._rounds.check_running(found)
        before = await self._store.write(
            lambda session: queries.put_vote(session, poll_id, user_id, choice)
        )
        found.tally.change(before, choice)

    async def close(self, room_id: RoomId, poll_id: PollId) -> PollInfo:
        """End it before its time. Raises WireError."""
        return await self._close(room_id, self._rounds.access(room_id, poll_id))

    def find(self, room_id: RoomId, own_choice: int | None) -> PollInfo | None:
        """What is open in the room; `own_choice` from `find_own_choice`."""
        found = self._rounds.find(room_id)
        if found is None:
            return None
        return found.describe(self._clocks.mono_s(), own_choice=own_choice)

    async def find_own_choice(self, user_id: UserId | None, room_id: RoomId) -> int | None:
        found = self._rounds.find(room_id)
        if found is None or user_id is None:
            return None
        poll_id = found.round_id
        return await self._store.read(
            lambda session: queries.find_choice(session, poll_id, user_id)
        )

    async def tick(self) -> None:
        """Tell what was counted, and close what is over."""
        await self._rounds.tick(self._tell, self._close)

    def forget(self, user_id: UserId, room_ids: Collection[RoomId]) -> None:
        """Polls of an erased user and of rooms that are gone are over, and leave no row."""
        for room_id, found in self._rounds.take_of(user_id, room_ids):
            poll = found.describe(self._clocks.mono_s())
            self._post(room_id, PollClosed(room_id=room_id, poll=poll))

    def _tell(self, room_id: RoomId, found: _Open) -> None:
        if found.tally.take_news():
            poll_id, votes = PollId(found.round_id), found.tally.votes
            self._post(room_id, PollCounted(room_id=room_id, poll_id=poll_id, votes=votes))

    async def _close(self, room_id: RoomId, found: _Open) -> PollInfo:
        now_ms = self._clocks.unix_ms()
        self._rounds.end(found)
        votes = await self._store.write(
            lambda session: queries.close(session, found.round_id, now_ms)
        )
        if votes is not None:
            found.tally = Tally(len(found.choices), votes)
        poll = found.describe(self._clocks.mono_s())
        if self._rounds.take(room_id, found):
            self._post(room_id, PollClosed(room_id=room_id, poll=poll))
        return poll
