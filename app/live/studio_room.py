"""One's own room as Studio keeps it: its title, its chat, and what is asked there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from app.errors import LivehouseError
from app.live import keeping
from app.live.cover_round import fetch_cover
from app.live.round_player import RoundPlayer
from app.state import studio_events
from wire import (
    chat_commands,
    chat_events,
    coin_events,
    command_base,
    cover_commands,
    event_base,
    events,
    room_commands,
    room_events,
    round_commands,
    round_events,
)
from wire.covers import make_cover_id
from wire.ids import MessageId, RoomId

if TYPE_CHECKING:
    from app.live.studio_control import Control
    from app.state.rounds import Rounds


class StudioRoom:
    """On the loop. What becomes of it goes to `apply`; `start` runs what nobody waits for."""

    def __init__(
        self,
        control: Control,
        *,
        apply: Callable[[studio_events.Event], None],
        start: Callable[[Coroutine[Any, Any, None]], None],
        rounds: Callable[[], Rounds],
    ) -> None:
        self._control = control
        self._apply = apply
        self._start = start
        self._rounds = rounds
        self.room_id: RoomId | None = None
        self._cover = ""
        self._user_id = ""
        """Whose room it is."""
        self._end_listening: Callable[[], None] = lambda: None

    def close(self) -> None:
        self._end_listening()

    async def enter(self) -> None:
        """Be in one's own room: its title here, its chat beside the preview."""
        user_id = self._control.own_user_id()
        room_id = await self._control.access_home_room()
        joined = await self._control.request(
            room_commands.JoinRoom(id=0, room_id=room_id), room_events.RoomJoined
        )
        self._cover = ""  # its picture is asked for again, which may have failed before
        self._show(joined.room)
        self._apply(studio_events.LikesHeard(joined.likes))
        self._apply(studio_events.RoomEntered(joined))
        self._user_id = user_id
        if self._rounds().needs_check:
            self._start(self._check_draw(room_id))
        if room_id != self.room_id:
            self.room_id = room_id
            self._end_listening()
            self._end_listening = self._control.add_room_listener(room_id, self._on_room_event)

    async def edit(
        self,
        title: str,
        category: str,
        privacy: studio_events.Privacy,
        passphrase: str = "",
        *,
        away_s: int | None = None,
    ) -> None:
        """An empty passphrase, or no time to wait, keeps the one before. Raises LivehouseError."""
        room_id = await self.access()
        command = room_commands.EditRoom(
            id=0,
            room_id=room_id,
            title=title,
            category=category,
            privacy=privacy,
            passphrase=passphrase if privacy == "passphrase" and passphrase else None,
            away_s=away_s,
        )
        details = await self._control.request(command, room_events.RoomDetails)
        self._show(details.room)

    async def set_cover(self, picture: bytes | None) -> None:
        """None takes it away. Raises LivehouseError."""
        room_id = await self.access()
        if picture is not None:
            self._cover = make_cover_id(picture)  # it is here: it need not be fetched
        command = cover_commands.SetCover(id=0, room_id=room_id, picture=picture)
        try:
            details = await self._control.request(command, room_events.RoomDetails)
        except LivehouseError:
            self._cover = ""  # perhaps the relay took it all the same: then it is fetched
            raise
        self._show(details.room)
        if picture is not None:
            self._apply(studio_events.CoverCame(details.room.cover, picture))

    async def make_invite_link(self, *, is_new: bool) -> str:
        """For others, into one's own room. Raises LivehouseError."""
        room_id = await self.access()
        return await self._control.make_invite_link(room_id, is_new=is_new)

    async def say(self, text: str, reply_to: str = "") -> None:
        """Raises LivehouseError; the words then stay with the caller."""
        room_id = await self.access()
        command = chat_commands.SendDanmaku(
            id=0,
            room_id=room_id,
            text=text,
            reply_to=MessageId(reply_to) if reply_to else None,
        )
        await self._control.request(command, chat_events.DanmakuAccepted)

    async def keep(self, command: command_base.Command) -> event_base.Answer:
        """Chat rules, what is held, a pin, and the like. Raises LivehouseError."""
        return await keeping.keep(self._control, command, self._apply)

    async def open_poll(self, question: str, choices: tuple[str, ...], seconds: int) -> None:
        """Raises LivehouseError."""
        room_id = await self.access()
        command = round_commands.OpenPoll(
            id=0,
            room_id=room_id,
            question=question,
            choices=choices,
            seconds=seconds,
        )
        await self.keep(command)

    async def open_draw(self, prize: str, winners: int, seconds: int) -> None:
        """Raises LivehouseError."""
        room_id = await self.access()
        command = round_commands.OpenDraw(
            id=0,
            room_id=room_id,
            prize=prize,
            winners=winners,
            seconds=seconds,
        )
        await self.keep(command)

    async def access(self) -> RoomId:
        """One's own room, entered where that was not done yet, or by another user. Raises
        LivehouseError."""
        if self.room_id is None or self._user_id != self._control.own_user_id():
            await self.enter()
        return self.room_id or RoomId("")

    # --- what happens -----------------------------------------------------------------------------

    def _on_room_event(self, event: events.RoomEvent) -> None:
        if isinstance(event, event_base.DanmakuPosted):
            self._apply(studio_events.ChatHeard(event))
        elif isinstance(event, chat_events.LikesCounted):
            self._apply(studio_events.LikesHeard(event.total))
        elif isinstance(event, room_events.RoomChanged):  # an admin may change it, too
            self._show(event.room)
        elif isinstance(event, room_events.BroadcastStarted):
            self._apply(studio_events.LikesHeard(0))
        elif isinstance(event, coin_events.GiftSent):
            self._apply(studio_events.GiftHeard(event))
        elif isinstance(event, studio_events.KeptChange):
            self._apply(event)
            if isinstance(event, round_events.DrawClosed):
                self._start(self._check_draw(event.room_id))

    def _show(self, room: event_base.RoomInfo) -> None:
        self._apply(_describe_room(room))
        before, self._cover = self._cover, room.cover
        if room.cover and room.cover != before:
            self._start(self._fetch_cover(room.cover))

    async def _fetch_cover(self, cover: str) -> None:
        with contextlib.suppress(LivehouseError):
            picture = await fetch_cover(self._control, cover)
            if picture is not None:
                self._apply(studio_events.CoverCame(cover, picture))

    async def _check_draw(self, room_id: RoomId) -> None:
        player = RoundPlayer(self._control, room_id, self._apply)
        await player.check(self._rounds(), self._control.own_user_id())


def _describe_room(room: event_base.RoomInfo) -> studio_events.RoomNamed:
    return studio_events.RoomNamed(
        *(room.name, room.title, room.category, room.privacy, room.away_s, room.cover),
        room_id=room.room_id,
    )
