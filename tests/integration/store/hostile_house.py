"""A house with one of each role in it, and a way to say any text as one of them and look hard."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, Final

import msgspec
from structlog.testing import capture_logs

from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    coin_commands,
    command_base,
    commands,
    event_base,
    events,
    order_commands,
    room_commands,
    round_commands,
    round_events,
)
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from tests.support.mutations import Case
    from wire.ids import RoomId

ROLES: Final = ("guest", "viewer", "owner", "admin")
LEAKS: Final = ("Traceback", "SELECT", "INSERT", "sqlite", "psycopg", ".py", "site-packages", "0x")
"""What no error may say. No hostile text holds one of these, so that an echo is none."""
CASE_S: Final = 7.0
"""Passes between two cases: nobody is cut for ten wrong messages a minute, no bucket is empty."""
ROUND_S: Final = 3_600
FRESH: Final = "FRESH"
"""Stands in a case for a number that no other case has."""
_numbers = itertools.count(1)
"""Several houses may stand on one database."""
ANSWER_S_MAX: Final = 10.0


class House:
    """`tell` says a text as one of ROLES. `known` are things that exist, by the fields' names."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.known: dict[str, object] = {}
        self.answers: dict[ErrorCode | None, int] = {}
        """How often each error was the answer; None counts what was done."""
        self._sockets: dict[str, Socket] = {}
        self._users: dict[str, Any] = {}
        self._room_id: RoomId | None = None

    async def open(self, kind: type[command_base.Command] | None = None) -> None:
        """`kind`: what will be tried; what it makes, and a room has once, is not there yet."""
        owner = await self.renew("owner")
        for role in ("guest", "viewer", "admin"):
            await self.renew(role)
        self.known |= await self._things(owner)
        if kind is account_commands.Login:
            self.known["name"] = self._name_of(owner)

    async def open_rounds(self, kind: type[command_base.Command]) -> None:
        """A poll and a draw that are open, but for the one that `kind` is to open."""
        await self._end_rounds()
        await self._reopen()
        ask = {"room_id": self._room_id, "seconds": ROUND_S}
        owner = self._sockets["owner"]
        if kind is not round_commands.OpenPoll:
            poll = {"question": "Which?", "choices": ("one", "two")}
            self.known["poll_id"] = (
                await _done(owner, round_commands.OpenPoll, **ask, **poll)
            ).poll.poll_id
        if kind is not round_commands.OpenDraw:
            draw = await _done(owner, round_commands.OpenDraw, **ask, prize="a mug")
            self.known["draw_id"] = draw.draw.draw_id

    async def _end_rounds(self) -> None:
        self.parts.time.pass_s(ROUND_S)
        await self.parts.polls.tick()
        await self.parts.draws.tick()

    async def tell(self, role: str, case: Case) -> None:
        """Say it and check all that must hold after it."""
        socket = self._sockets[role]
        socket.channel.sent.clear()
        before = socket.session.user_id
        with capture_logs() as log:
            await socket.send_text(case.text.replace(FRESH, str(next(_numbers))))
            answer = await self._answer(socket)
            self._check(role, case, answer, log)
            self.parts.time.pass_s(CASE_S)
            pong = await socket.ask(commands.Ping)
        assert isinstance(pong, events.Pong), (role, case, pong)
        assert socket.channel.closed_with is None, (role, case)
        await self._settle(role, answer)
        if isinstance(answer, account_events.LoggedIn) or socket.session.user_id != before:
            await self.renew(role)

    async def _settle(self, role: str, answer: event_base.Answer) -> None:
        """What one case used up is there again for the next."""
        code = answer.code if isinstance(answer, events.Error) else None
        if isinstance(answer, round_events.PollDetails | round_events.DrawDetails):
            await self._end_rounds()
        elif code in {ErrorCode.RATE_LIMITED, ErrorCode.BAD_CREDENTIALS}:
            self.parts.time.pass_s(86_400)
        elif isinstance(answer, events.Ok) or code is ErrorCode.WRONG_STATE:
            joined = await self._sockets[role].ask(room_commands.JoinRoom, room_id=self._room_id)
            if isinstance(joined, events.Error) and joined.code is ErrorCode.ROOM_CLOSED:
                await self._reopen()

    async def _reopen(self) -> None:
        """The room may have been closed; then nobody is in it."""
        reopen = order_commands.ReopenRoom
        await self._sockets["admin"].ask(reopen, room_id=self._room_id)
        for socket in self._sockets.values():
            await socket.ask(room_commands.JoinRoom, room_id=self._room_id)

    async def renew(self, role: str) -> Socket:
        """Somebody new in the role: logging out and changing passwords is allowed, after all."""
        old = self._sockets.get(role)
        if old is not None:
            old.session.closed()
            self.parts.registry.forget(old.channel)
        socket = self._sockets[role] = Socket(self.parts)
        self.parts.time.pass_s(CASE_S)
        name = f"{role} {next(_numbers)}"
        if role == "admin":
            await self.parts.accounts.create_user(name=name, password=PASSWORD, is_admin=True)
            await _done(socket, account_commands.Login, name=name, password=PASSWORD)
        elif role != "guest":
            await socket.register(name)
        if role == "owner":
            room = await _done(socket, room_commands.CreateRoom, name=f"Hall {next(_numbers)}")
            self._room_id = room.room.room_id
            self.known |= {"room_id": self._room_id, "room": self._room_id}
            self.go_live()
        await socket.ask(room_commands.JoinRoom, room_id=self._room_id)
        if role != "guest":
            await _done(socket, coin_commands.ClaimGrant)
        return socket

    def go_live(self) -> None:
        assert self._room_id is not None
        self.parts.plane.live[self._room_id] = event_base.BroadcastInfo(
            broadcast_id="b",  # type: ignore[arg-type]  # plain text here
            started_at_unix_us=1,
            state="live",
        )

    async def _things(self, owner: Socket) -> dict[str, object]:
        """One of everything that a command can name."""
        room_id = self._room_id
        somebody = Socket(self.parts)
        await somebody.register(f"somebody {next(_numbers)}")
        await somebody.ask(room_commands.JoinRoom, room_id=room_id)
        await _done(somebody, coin_commands.ClaimGrant)
        gifts = await _done(somebody, coin_commands.ListGifts)
        own = await Socket(self.parts).ask(
            account_commands.Login, name=self._name_of(owner), password=PASSWORD
        )
        assert isinstance(own, account_events.LoggedIn)
        said = await _done(owner, chat_commands.SendDanmaku, room_id=room_id, text="hello")
        gift = await _done(
            somebody,
            coin_commands.SendGift,
            room_id=room_id,
            gift_id=gifts.gifts[0].gift_id,
            idempotency_key="first",
        )
        packet = await _done(
            somebody,
            coin_commands.SendRedPacket,
            room_id=room_id,
            coins=20,
            shares=10,
            idempotency_key="second",
        )
        key = await _done(owner, room_commands.CreatePublishKey, room_id=room_id)
        invite = await _done(owner, room_commands.CreateInvite, room_id=room_id)
        return {
            "name": f"Someone {FRESH}",
            "password": PASSWORD,
            "old_password": PASSWORD,
            "new_password": "another good one",
            "user_id": somebody.session.user_id,
            "session_id": own.session_id,
            "message_id": said.message_id,
            "reply_to": said.message_id,
            "packet_id": packet.packet_id,
            "transfer_id": gift.transfer_id,
            "coins": 5,
            "idempotency_key": FRESH,
            "passphrase": "",
            "key_id": key.key_id,
            "invite_id": invite.invite_id,
            "gift_id": gifts.gifts[0].gift_id,
            "choices": ("one", "two"),
            "seconds": 60,
        }

    @staticmethod
    def _name_of(socket: Socket) -> str:
        login = socket.session._state.actor.login
        assert login is not None
        return str(login.user.name)

    async def _answer(self, socket: Socket) -> event_base.Answer:
        async with asyncio.timeout(ANSWER_S_MAX):
            while not socket.channel.sent:
                # The answer to a message comes once it is on disk.
                await self.parts.store.write(lambda _session: None)
        (answer,) = socket.channel.sent
        return answer

    def _check(
        self,
        role: str,
        case: Case,
        answer: event_base.Answer,
        log: list[MutableMapping[str, Any]],
    ) -> None:
        where = (role, case.what, case.text[:300], answer)
        loud = [entry for entry in log if entry["log_level"] not in {"debug", "info"}]
        assert not loud, (where, loud)
        code = answer.code if isinstance(answer, events.Error) else None
        self.answers[code] = self.answers.get(code, 0) + 1
        if isinstance(answer, events.Error):
            assert code is not ErrorCode.INTERNAL, where
            assert answer.message, where
            assert not any(leak in answer.message for leak in LEAKS), where
        msgspec.json.encode(answer).decode()


async def _done(socket: Socket, kind: type[command_base.Command], **fields: object) -> Any:
    answer = await socket.ask(kind, **fields)
    assert not isinstance(answer, events.Error), (kind, answer)
    return answer
