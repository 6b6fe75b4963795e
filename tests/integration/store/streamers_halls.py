"""Streamers with a room each, whom the tests of discovery watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.discovery import queries
from server.discovery.behaviour import Behaviour
from tests.server_parts import Socket
from wire import event_base, room_commands, room_events

if TYPE_CHECKING:
    from tests.server_parts import Parts
    from wire.ids import RoomId, UserId


class Halls:
    """Rooms alone; what is in them is another class's."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.rooms: list[RoomId] = []
        self.streamers: list[UserId] = []

    async def open(self, count: int, *, categories: int) -> None:
        for number in range(count):
            actor = await self.parts.register(f"Streamer {number}")
            room_id = await self.parts.create_room(
                actor, f"Hall {number}", category=f"c{number % categories}"
            )
            self.rooms.append(room_id)
            self.streamers.append(actor.require_login().user.user_id)
            await self.fill(number)

    async def fill(self, number: int) -> None:
        """With what is in a room from the start."""
        raise NotImplementedError

    async def watch(self, user_id: UserId, number: int, seconds: float) -> None:
        raise NotImplementedError

    async def watch_often(
        self, user_id: UserId, number: int, *, times: int, seconds: float = 600
    ) -> None:
        """With an hour after each."""
        for _ in range(times):
            await self.watch(user_id, number, seconds)
            self.parts.time.pass_s(3_600)

    async def rows(self) -> list[Behaviour]:
        await self.parts.discovery.service.flush()
        page = await self.parts.store.read(
            lambda session: queries.read_page(session, after=None, kinds=())
        )
        return [Behaviour(*row) for row in page]


class House(Halls):
    """Everybody is live."""

    async def fill(self, number: int) -> None:
        await self.go_live(number)

    async def go_live(self, number: int) -> None:
        room_id = self.rooms[number]
        begun = await self.parts.broadcasts.begin(
            room_id, user_id=await self.parts.rooms.owner_of(room_id), resume=None
        )
        self.parts.plane.live[room_id] = event_base.BroadcastInfo(
            broadcast_id=begun.broadcast_id,
            started_at_unix_us=self.parts.time.unix_us,
            state="live",
        )

    async def watch(self, user_id: UserId, number: int, seconds: float) -> None:
        service = self.parts.discovery.service
        watch = await service.acts.begin_watching(user_id, self.rooms[number])
        for _ in range(int(seconds / 5)):
            self.parts.time.pass_s(5)
            await service.tick()
        if watch is not None:
            service.acts.end_watching(watch)


async def open_house(parts: Parts) -> House:
    house = House(parts)
    await house.open(6, categories=3)
    return house


async def join(halls: Halls, name: str) -> Socket:
    """Somebody new, after the streamers."""
    socket = Socket(halls.parts)
    await socket.register(name)
    return socket


def id_of(socket: Socket) -> UserId:
    assert socket.session.user_id is not None
    return socket.session.user_id


async def recommended(socket: Socket, **fields: object) -> room_events.RoomList:
    socket.parts.time.pass_s(1)  # what is live is looked at once a second
    answer = await socket.ask(room_commands.ListRooms, order="recommended", **fields)
    assert isinstance(answer, room_events.RoomList), answer
    return answer
