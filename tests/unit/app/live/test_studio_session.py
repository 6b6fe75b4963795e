"""Going live and ending, with a hand that is faster than the relay."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator

import pytest

from app.live import studio, sweeping
from app.live.studio import StudioSession
from wire.ids import RoomId


class FakePublishing:
    """On air until it is stopped."""

    made: list[FakePublishing]

    def __init__(self, *_settings: object, **_hooks: object) -> None:
        self.stopping = asyncio.Event()
        self.made.append(self)

    async def run(self) -> None:
        await self.stopping.wait()

    def stop(self) -> None:
        self.stopping.set()


class FakeControl:
    def add_link_listener(self, _listener: Callable[[bool], None]) -> Callable[[], None]:
        return lambda: None

    def relay_settings(self) -> tuple[str, str | None]:
        return "ws://127.0.0.1:1", None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakePublishing]]:
    FakePublishing.made = []
    monkeypatch.setattr(studio, "Publishing", FakePublishing)
    return FakePublishing.made


async def make_session() -> tuple[StudioSession, asyncio.Event]:
    """The room is entered once the event is set."""
    session = StudioSession(
        FakeControl(),  # type: ignore[arg-type] # no more of it is asked here
        random=lambda: 0.5,
        on_state=lambda _state: None,
        on_pixels=lambda _pixels: None,
    )
    may_enter = asyncio.Event()

    async def enter_room() -> None:
        await may_enter.wait()

    session.room.room_id = RoomId("r1")
    session.room.enter = enter_room  # type: ignore[method-assign] # as slow as a test wants it
    return session, may_enter


async def test_studio_when_going_live_is_asked_for_twice_then_one_broadcast_runs(
    made: list[FakePublishing],
) -> None:
    session, may_enter = await make_session()
    asked = asyncio.gather(session.go_live(), session.go_live())
    await asyncio.sleep(0)
    may_enter.set()
    await asked
    await session.go_live()
    assert len(made) == 1
    await session.end()
    assert session.state.phase == "preview"


async def test_studio_when_ended_while_it_starts_then_nothing_goes_on_air(
    made: list[FakePublishing],
) -> None:
    session, may_enter = await make_session()
    asked = asyncio.get_running_loop().create_task(session.go_live())
    await asyncio.sleep(0)
    assert session.state.phase == "starting"
    await session.end()
    may_enter.set()
    await asked
    assert made == []
    assert session.state.phase == "preview"
    await session.go_live()
    assert len(made) == 1
    await session.end()


async def test_studio_when_starting_is_cancelled_then_it_may_be_asked_for_again(
    made: list[FakePublishing],
) -> None:
    session, may_enter = await make_session()
    asked = asyncio.get_running_loop().create_task(session.go_live())
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert session.state.phase == "preview"
    may_enter.set()
    await session.go_live()
    assert len(made) == 1
    await session.end()


async def test_studio_when_a_chosen_file_gives_nothing_then_the_notice_names_it() -> None:
    session, _ = await make_session()
    assert not await session.add_source("file", "file:/nowhere/a.mp4", "a.mp4")
    (notice,) = session.state.notices
    assert (notice.kind, notice.source) == ("file_refused", "a.mp4")
    assert notice.error is not None


async def test_studio_when_a_broadcast_has_ended_then_what_it_held_is_let_go(
    made: list[FakePublishing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Encoders within circles of references keep their memory and their threads."""
    monkeypatch.setattr(sweeping, "SWEEP_AFTER_S", 0.1)
    session, may_enter = await make_session()
    may_enter.set()
    await session.go_live()
    publishing = made.pop()
    publishing.itself = publishing  # type: ignore[attr-defined] # as pipelines and their parts do
    is_gone = asyncio.Event()
    weakref.finalize(publishing, is_gone.set)
    del publishing
    was_collecting = gc.isenabled()
    gc.disable()  # not by chance
    try:
        await session.end()
        async with asyncio.timeout(30):
            await is_gone.wait()
    finally:
        if was_collecting:
            gc.enable()
