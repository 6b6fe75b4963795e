"""The stall watch: what holds the GUI thread up is noticed, measured and named."""

from __future__ import annotations

import gc
import queue
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from app.ui import stall_watch
from app.ui.stall_watch import Stall, StallWatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from pytestqt.qtbot import QtBot

HELD_MS = 300
BOUND_MS = 150.0
"""A loaded machine holds everybody up a little: only what is far more is told."""


def stand_still_waiting() -> None:
    threading.Event().wait(HELD_MS / 1000)


def stand_still_working() -> None:
    until_s = time.thread_time() + HELD_MS / 1000
    while time.thread_time() < until_s:
        pass


def watch_held_up(qtbot: QtBot, hold: Callable[[], None]) -> Stall:
    """What is told of the stall that `hold` makes."""
    stalls: queue.SimpleQueue[Stall] = queue.SimpleQueue()
    told: list[Stall] = []
    watch = StallWatch(stall_ms=BOUND_MS, on_stall=stalls.put)
    watch.start()
    try:
        QTimer.singleShot(20, hold)

        def find() -> bool:
            while not stalls.empty():
                told.append(stalls.get())
            return any(hold.__name__ in place for stall in told for place in stall.stack)

        qtbot.waitUntil(find, timeout=20_000)
    finally:
        watch.stop()
    return next(stall for stall in told if any(hold.__name__ in place for place in stall.stack))


def test_stall_when_the_thread_waits_then_its_place_is_named_and_no_work_is_blamed(
    qtbot: QtBot,
) -> None:
    stall = watch_held_up(qtbot, stand_still_waiting)
    assert stall.length_ms > BOUND_MS
    assert stall.worked_ms < HELD_MS / 2
    assert stall.starved_ms is None or 0 <= stall.starved_ms <= stall.length_ms
    assert "stand_still_waiting" in stall.line() or "wait" in stall.line()


def test_stall_when_the_thread_works_then_its_work_is_blamed(qtbot: QtBot) -> None:
    stall = watch_held_up(qtbot, stand_still_working)
    assert stall.worked_ms > HELD_MS / 2
    assert stall.stack[-1].endswith("stand_still_working")


def test_take_when_called_then_begins_anew(qtbot: QtBot, stall_watch: StallWatch) -> None:
    qtbot.waitUntil(lambda: stall_watch.take().beats > 0, timeout=20_000)
    QTimer.singleShot(0, stand_still_waiting)
    seen = []

    def is_noticed() -> bool:
        figures = stall_watch.take()
        seen.append(figures)
        return figures.max_ms >= HELD_MS / 2

    qtbot.waitUntil(is_noticed, timeout=20_000)
    assert seen[-1].stalls >= 1
    assert seen[-1].worst[0].length_ms == seen[-1].max_ms
    assert seen[-1].p99_ms <= seen[-1].max_ms


def test_stop_when_the_thread_is_held_up_then_ends_all_the_same(qtbot: QtBot) -> None:
    watch = StallWatch()
    watch.start()
    stand_still_waiting()
    watch.stop()
    assert not watch.is_alive()


@pytest.mark.parametrize("is_collecting", [True, False])
def test_stack_when_it_is_looked_at_then_no_garbage_is_collected_meanwhile(
    monkeypatch: pytest.MonkeyPatch, is_collecting: bool
) -> None:
    """Python 3.11 may stand still for good where both come together (cpython issue 106883)."""
    seen: list[bool] = []
    find_frames = sys._current_frames

    def current_frames() -> dict[int, FrameType]:
        seen.append(gc.isenabled())
        return find_frames()

    monkeypatch.setattr(sys, "_current_frames", current_frames)
    was_collecting = gc.isenabled()
    try:
        (gc.enable if is_collecting else gc.disable)()
        assert stall_watch._find_stack(threading.get_ident())
        assert stall_watch._find_stack(0) == ()
        assert gc.isenabled() is is_collecting
    finally:
        (gc.enable if was_collecting else gc.disable)()
    assert seen == [False, False]
