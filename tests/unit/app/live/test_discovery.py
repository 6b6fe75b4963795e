"""The list of rooms stays fresh, whatever its pictures do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from app.live import thumbnail_round
from app.live.discovery import Discovery
from tests.unit.app.state.test_discover import room
from wire.covers import make_cover_id
from wire.room_commands import ListRooms
from wire.room_events import RoomList

if TYPE_CHECKING:
    import pytest

    from app.state.discover import DiscoverState
    from wire import command_base

WAIT_S = 30.0
HALL, ATTIC = (make_cover_id(name) for name in (b"hall", b"attic"))


class Relay:
    def __init__(self) -> None:
        self.searches: asyncio.Queue[str] = asyncio.Queue()

    async def request(self, command: command_base.Command, _answer: type[Any]) -> Any:
        assert isinstance(command, ListRooms)
        self.searches.put_nowait(command.search)
        rooms = (room("a", state=None), room("b", state=None))
        with_covers = zip(rooms, (HALL, ATTIC), strict=True)
        return RoomList(
            re=1,
            rooms=tuple(msgspec.structs.replace(one, cover=cover) for one, cover in with_covers),
        )

    def relay_settings(self) -> tuple[str, str | None]:
        return "ws://127.0.0.1:1", None


async def test_search_when_covers_come_slowly_then_it_does_not_wait_and_each_shows_as_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = asyncio.Event()

    async def fetch(_address: object, _folder: str, name: str) -> bytes | None:
        if name == ATTIC:
            await never.wait()
        return b"picture"

    def on_state(_state: DiscoverState) -> None:
        pass

    monkeypatch.setattr(thumbnail_round, "fetch_picture", fetch)
    relay, covers = Relay(), asyncio.Queue[str]()
    discovery = Discovery(
        relay,  # type: ignore[arg-type]  # what it asks of the relay
        on_state=on_state,
        on_thumbnail=lambda _broadcast, _jpeg: None,
        on_cover=lambda cover, _jpeg: covers.put_nowait(cover),
    )
    async with asyncio.timeout(WAIT_S):
        running = asyncio.get_running_loop().create_task(discovery.run())
        assert await relay.searches.get() == ""
        assert await covers.get() == HALL
        discovery.search("attic")
        assert await relay.searches.get() == "attic"
        discovery.stop()
        await running
