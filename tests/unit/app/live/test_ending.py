"""The end of a broadcast, in order, whatever ends it."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import RelayUnreachable
from app.live import ending
from app.live.ending import run_to_end

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Scene:
    """Says what happened, in its order."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.over = asyncio.Event()
        self.flushed = asyncio.Event()
        self.is_stopping = False

    async def link(self) -> None:
        try:
            await self.flushed.wait()
            self.heard.append("sent")
        except asyncio.CancelledError:
            self.heard.append("cut")
            raise

    def stop_sending(self) -> None:
        self.heard.append("goodbye")
        self.flushed.set()

    async def end(self) -> None:
        """As a tap."""
        self.heard.append("tap")

    async def run(
        self, link: Coroutine[Any, Any, None], beside: Coroutine[Any, Any, None] | None = None
    ) -> None:
        start = asyncio.get_running_loop().create_task
        async with asyncio.timeout(30):
            await run_to_end(
                start(link),
                (start(self.over.wait()),),
                beside=() if beside is None else (start(beside),),
                stop_media=lambda: self.heard.append("media"),
                stop_sending=self.stop_sending,
                taps=(self,),
                is_stopping=lambda: self.is_stopping,
            )


async def fail() -> None:
    raise RelayUnreachable("gone")


async def test_broadcast_when_stopped_then_what_was_made_is_sent_before_the_taps_end() -> None:
    scene = Scene()
    scene.over.set()
    await scene.run(scene.link())
    assert scene.heard == ["media", "goodbye", "sent", "media", "tap"]


async def test_broadcast_when_the_relay_takes_nothing_any_more_then_cut_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "FLUSH_TIMEOUT_S", 0.01)
    scene = Scene()
    scene.over.set()
    scene.flushed = asyncio.Event()
    scene.stop_sending = lambda: scene.heard.append("goodbye")  # type: ignore[method-assign]  # a deaf relay
    await scene.run(scene.link())
    assert scene.heard == ["media", "goodbye", "cut", "media", "tap"]


async def test_broadcast_when_its_link_fails_then_raised_unless_it_was_to_end() -> None:
    scene = Scene()
    with pytest.raises(RelayUnreachable):
        await scene.run(fail())
    assert scene.heard[-1] == "tap"
    scene = Scene()
    scene.is_stopping = True
    await scene.run(fail())
    assert scene.heard[-1] == "tap"


async def test_broadcast_when_something_beside_it_breaks_then_raised_at_its_end() -> None:
    async def break_down() -> None:
        raise ValueError("a fault of ours")

    scene = Scene()
    scene.over.set()
    scene.is_stopping = True
    with pytest.raises(ValueError, match="a fault"):
        await scene.run(scene.link(), break_down())
    assert scene.heard[-1] == "tap"


async def test_broadcast_when_cancelled_once_more_at_its_end_then_the_taps_end() -> None:
    loop, has_ended = asyncio.get_running_loop(), asyncio.Event()
    is_linked, is_at_it, may_stop = asyncio.Event(), asyncio.Event(), threading.Event()

    class Tap:
        async def end(self) -> None:
            has_ended.set()

    async def stay_linked() -> None:
        is_linked.set()
        await asyncio.Event().wait()

    def stop_media() -> None:
        loop.call_soon_threadsafe(is_at_it.set)
        assert may_stop.wait(30)

    running = loop.create_task(
        run_to_end(
            loop.create_task(stay_linked()),
            (),
            stop_media=stop_media,
            stop_sending=lambda: None,
            taps=(Tap(),),
            is_stopping=lambda: True,
        )
    )
    await is_linked.wait()
    running.cancel()
    await is_at_it.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    may_stop.set()
    async with asyncio.timeout(30):
        await has_ended.wait()
