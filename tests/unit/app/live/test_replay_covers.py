"""Each picture of a recording is fetched once, however often its card is listed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from app.errors import RelayUnreachable
from app.live import replay_covers
from app.live.replay_covers import ReplayCovers
from tests.unit.app.live.replay_parts import a_replay
from wire.replay_commands import OpenReplay
from wire.replay_events import ReplayOpened

if TYPE_CHECKING:
    import pytest

    from wire import command_base


class Relay:
    """Answers once it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.is_gone = False

    async def request(self, command: command_base.Command, _answer: type[Any]) -> Any:
        assert isinstance(command, OpenReplay)
        self.asked += 1
        await self.may_answer.wait()
        if self.is_gone:
            raise RelayUnreachable("gone")
        return ReplayOpened(re=1, replay=a_replay(), path="/", ticket="t")

    def relay_settings(self) -> tuple[str, str | None]:
        return "wss://one", None


async def test_covers_when_listed_again_while_they_come_then_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fetch(*_of: object, **_more: object) -> bytes:
        return b"jpeg"

    monkeypatch.setattr(replay_covers, "fetch_picture", fetch)
    relay, shown = Relay(), list[str]()
    covers = ReplayCovers(relay, lambda replay_id, _jpeg: shown.append(replay_id))
    relay.is_gone = True
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(covers.fetch([a_replay()]))
        await asyncio.sleep(0)
        relay.may_answer.set()
    assert (relay.asked, shown) == (1, [])
    relay.is_gone = False
    await covers.fetch([a_replay()])
    await covers.fetch([a_replay()])
    assert (relay.asked, shown) == (2, ["replay-1", "replay-1"])
