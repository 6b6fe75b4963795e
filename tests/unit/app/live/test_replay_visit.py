"""A recording that is played ends with whoever plays it, or with the loop."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import pytest

from app.live.replays import ReplayVisit


def make_visit(stopped: list[str]) -> ReplayVisit:
    def part(name: str) -> Any:
        return SimpleNamespace(stop=lambda: stopped.append(name))

    opened: Any = SimpleNamespace(replay=None)
    control: Any = None
    return ReplayVisit(control, opened, part("player"), part("output"), part("stills"))


async def test_visit_when_it_is_ended_twice_then_its_parts_stop_once() -> None:
    stopped: list[str] = []
    visit = make_visit(stopped)
    await asyncio.gather(visit.end(), visit.end())
    assert stopped == ["stills", "player"]


@pytest.mark.parametrize("turns", [0, 1])
def test_visit_when_the_loop_ends_and_nobody_was_told_of_it_then_its_parts_stop(
    turns: int,
) -> None:
    stopped: list[str] = []

    async def open_and_forget() -> None:
        make_visit(stopped)
        for _ in range(turns):
            await asyncio.sleep(0)
        gc.collect()

    asyncio.run(open_and_forget())
    assert stopped == ["stills", "player"]
