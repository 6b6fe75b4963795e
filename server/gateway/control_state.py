"""What one control socket has come to: who it is, where it is, what it is owed."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from server.accounts.actor import Actor, Login
from server.background import BackgroundTasks
from server.gateway.registry import Identity
from wire import events
from wire.errors import WireError
from wire.permissions import Action, is_allowed

if TYPE_CHECKING:
    from server.gateway.channel import Channel
    from server.gateway.hub import RoomHub
    from server.gateway.registry import SocketRegistry
    from server.gateway.services import Services
    from wire.chat_events import DanmakuAccepted
    from wire.event_base import Answer, UserInfo
    from wire.ids import RoomId

ACKNOWLEDGEMENTS_MAX: Final = 32
"""Messages of one socket that wait for the disk; beyond it its next command waits too."""


class ControlState:
    """Changed by the use cases. Event loop's thread only."""

    def __init__(
        self, services: Services, hub: RoomHub, cutter: SocketRegistry, channel: Channel
    ) -> None:
        self.services = services
        self.hub = hub
        self.cutter = cutter
        self.channel = channel
        self.actor = Actor(channel.address)
        self.rooms: set[RoomId] = set()
        """Rooms that this socket has joined; the hub may have removed it since."""
        self._acknowledgements = BackgroundTasks()

    async def log_in(self, login: Login) -> None:
        self.actor = Actor(self.channel.address, login)
        # Before anything waits: from here on whoever puts the user out cuts this socket too.
        self.cutter.register(self.channel, Identity(login.user.user_id, login.session_id))
        for room_id in self.rooms_now():
            await self._stay(room_id)

    async def _stay(self, room_id: RoomId) -> None:
        """In a room that this socket was in as a guest: as who it is now, unless kept out of it."""
        rooms = self.services.rooms
        try:
            role = await rooms.role_in(self.actor, room_id, Action.GET_SUBSCRIBE_TICKET)
        except WireError:
            self.hub.leave(room_id, self.channel)
            return
        if self.hub.is_member(room_id, self.channel):
            is_leader = is_allowed([role], Action.LEAD_CHAT)
            self.hub.join(room_id, self.channel, is_guest=False, is_leader=is_leader)

    def update_user(self, user: UserInfo) -> None:
        session_id = self.actor.require_login().session_id
        self.actor = Actor(self.channel.address, Login(user, session_id))

    def refresh_user(self) -> None:
        """The user may have been renamed on another socket."""
        login = self.actor.login
        if login is not None:
            user = self.services.profiles.latest(login.user)
            if user is not login.user:
                self.update_user(user)

    def login_actor(self) -> Actor:
        """Raises WireError(LOGIN_REQUIRED) for a guest."""
        self.actor.require_login()
        return self.actor

    def check_words(self, **texts: str | Sequence[str] | None) -> None:
        """Texts by field, against the house's word list, of which an admin is free.

        For what cannot be held. Raises WireError(WORD_REFUSED).
        """
        if self.actor.is_admin:
            return
        for field, text in texts.items():
            for one in (text,) if isinstance(text, str) else text or ():
                self.services.moderation.check(one, field=field)

    def log_out(self) -> None:
        self.actor = Actor(self.channel.address)
        self.leave_all_rooms()

    def rooms_now(self) -> set[RoomId]:
        """The joined rooms, without those that the socket was removed from."""
        self.rooms = {room for room in self.rooms if self.hub.is_member(room, self.channel)}
        return self.rooms

    def leave_all_rooms(self) -> None:
        for room_id in self.rooms:
            self.hub.leave(room_id, self.channel)
        self.rooms.clear()

    def close(self) -> None:
        if self.actor.login is not None:
            self.services.accounts.note_seen(self.actor.login.session_id)
        self.leave_all_rooms()
        self._acknowledgements.cancel()

    def answer(self, request_id: int | None, answer: Answer) -> None:
        self.channel.send_text(events.pack(msgspec.structs.replace(answer, re=request_id)))

    def answer_error(self, request_id: int | None, error: WireError) -> None:
        self.answer(
            request_id,
            events.Error(
                code=error.code,
                message=error.message,
                field=error.field,
                retry_after_ms=error.retry_after_ms,
            ),
        )

    async def acknowledge_later(self, request_id: int, stored: Awaitable[DanmakuAccepted]) -> None:
        """Answer when the message is on disk; wait only while too many answers are owed."""
        self._acknowledgements.start(self._acknowledge(request_id, stored), name="acknowledge")
        while len(self._acknowledgements) >= ACKNOWLEDGEMENTS_MAX:
            await self._acknowledgements.wait_any()

    async def _acknowledge(self, request_id: int, stored: Awaitable[DanmakuAccepted]) -> None:
        try:
            self.answer(request_id, await stored)
        except WireError as error:
            self.answer_error(request_id, error)
