"""One's own room as Studio has it: what is said there, and another room after it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import msgspec

from app.live.studio_room import StudioRoom
from app.state.studio import StudioState
from tests.unit.app.live.test_round_player import over
from tests.unit.app.state.test_keeping import entered
from tests.unit.app.state.test_room import LIVE, ROOM, info, posted
from wire import chat_commands, room_events, round_commands, round_events
from wire.covers import make_cover_id
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from app.state import studio_events
    from wire import command_base, event_base, events

OTHER = RoomId("r2")


class FakeControl:
    """A home room that may be another one at the next asking."""

    def __init__(self) -> None:
        self.room_id = ROOM
        self.cover = ""
        self.user_id = "u1"
        self.asked: list[command_base.Command] = []
        self.messages: tuple[event_base.DanmakuPosted, ...] = ()
        self.result: round_events.DrawClosed | None = None
        self.listeners: dict[str, Callable[[events.RoomEvent], None]] = {}

    async def access_home_room(self) -> RoomId:
        return self.room_id

    def own_user_id(self) -> str:
        return self.user_id

    async def request(self, command: command_base.Command, _answer: object) -> object:
        self.asked.append(command)
        if isinstance(command, round_commands.ListDrawEntries):
            assert self.result is not None
            users = tuple(winner.user_id for winner in self.result.winners)
            return round_events.DrawEntries(seed=self.result.seed, winners_max=1, entries=users)
        room = msgspec.structs.replace(info(LIVE), room_id=self.room_id, cover=self.cover)
        return entered(room=room, messages=self.messages, draw_result=self.result)

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]:
        self.listeners[room_id] = listener

        def end() -> None:
            del self.listeners[room_id]

        return end


class Studio:
    """The room with the state that its events make."""

    def __init__(self) -> None:
        self.control = FakeControl()
        self.state = StudioState()
        self.works: list[Coroutine[Any, Any, None]] = []
        self.room = StudioRoom(
            self.control,  # type: ignore[arg-type] # no more of it is asked here
            apply=self._apply,
            start=self.works.append,
            rounds=lambda: self.state.kept.rounds,
        )

    def hear(self, *numbers: int, room_id: RoomId = ROOM) -> None:
        for number in numbers:
            self.control.listeners[room_id](posted(number, room_id=room_id))

    @property
    def said(self) -> list[int]:
        return [message.sent_at_unix_ms for message in self.state.chat]

    async def work(self) -> None:
        """What nobody waits for."""
        while self.works:
            await self.works.pop()

    def _apply(self, event: studio_events.Event) -> None:
        self.state = self.state.apply(event)


async def test_chat_when_a_held_message_is_let_through_late_then_it_is_shown() -> None:
    studio = Studio()
    studio.control.messages = (posted(1), posted(5))
    await studio.room.enter()
    await studio.work()
    studio.hear(7, 3, 8)
    assert studio.said == [1, 5, 7, 3, 8]


async def test_chat_when_entered_again_after_a_cut_then_no_message_is_twice() -> None:
    studio = Studio()
    studio.control.messages = (posted(1), posted(2))
    await studio.room.enter()
    await studio.work()
    studio.hear(3)
    studio.control.messages = tuple(posted(number) for number in (1, 2, 3, 4))
    await studio.room.enter()
    await studio.work()
    studio.hear(4, 5)
    assert studio.said == [1, 2, 3, 4, 5]


async def test_chat_when_the_next_house_has_a_slower_clock_then_its_messages_are_shown() -> None:
    studio = Studio()
    studio.control.messages = (posted(900),)
    await studio.room.enter()
    await studio.work()
    studio.control.room_id = OTHER
    studio.control.messages = (posted(10, room_id=OTHER),)
    await studio.room.enter()
    await studio.work()
    assert list(studio.control.listeners) == [OTHER]
    studio.hear(11, room_id=OTHER)
    assert studio.said == [10, 11]


async def test_words_when_another_user_has_signed_in_then_go_to_that_users_room() -> None:
    studio = Studio()
    await studio.room.say("hello")
    await studio.room.say("again")
    studio.control.user_id, studio.control.room_id = "u2", OTHER
    await studio.room.say("hello from here")
    said = [one for one in studio.control.asked if isinstance(one, chat_commands.SendDanmaku)]
    assert [one.room_id for one in said] == [ROOM, ROOM, OTHER]
    assert studio.state.kept.room_id == OTHER
    await studio.work()


async def test_draw_when_it_ended_before_the_room_was_entered_then_is_checked() -> None:
    studio = Studio()
    rounds = over([UserId("u7")])
    assert rounds.draw is not None
    assert rounds.result is not None
    studio.control.result = msgspec.structs.replace(
        rounds.result, commitment=rounds.draw.commitment
    )
    await studio.room.enter()
    assert studio.state.kept.rounds.check == "unchecked"
    await studio.work()
    assert studio.state.kept.rounds.check == "right"


async def test_room_when_an_admin_renames_it_then_studio_shows_the_new_title() -> None:
    studio = Studio()
    await studio.room.enter()
    await studio.work()
    renamed = msgspec.structs.replace(info(LIVE), title="Quiet, please")
    studio.control.listeners[ROOM](room_events.RoomChanged(room=renamed))
    assert studio.state.title == "Quiet, please"
    assert studio.works == []  # the same cover is not asked for again


async def test_cover_when_one_has_set_it_then_it_is_not_fetched_again() -> None:
    studio = Studio()
    await studio.room.enter()
    await studio.work()
    picture = b"jpeg"
    studio.control.cover = make_cover_id(picture)
    await studio.room.set_cover(picture)
    assert studio.works == []
    assert studio.state.cover_picture == picture
