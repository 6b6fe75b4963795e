"""Garbage is collected on the GUI thread, and on no other."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.ui.garbage import FULL_S, GarbageCollector

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

MANY = 2_000
"""More containers than any of Python's thresholds for the youngest."""


class Circle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def now_s() -> list[float]:
    return [0.0]


@pytest.fixture
def collector(qtbot: QtBot, now_s: list[float]) -> Iterator[GarbageCollector]:
    thresholds = gc.get_threshold()
    gc.set_threshold(700, 2, 2)
    collector = GarbageCollector(monotonic_s=lambda: now_s[0])
    collector.start()
    yield collector
    collector.stop()
    gc.set_threshold(*thresholds)


def litter(place: list[int]) -> None:
    """Circles, and where the first of them was collected."""
    circle = Circle()
    weakref.finalize(circle, lambda: place.append(threading.get_ident()))
    del circle
    kept = [[number] for number in range(MANY)]
    kept.clear()
    for _ in range(MANY):
        Circle()


def test_garbage_of_another_thread_when_collected_then_on_the_gui_thread(
    qtbot: QtBot, collector: GarbageCollector
) -> None:
    place: list[int] = []
    thread = threading.Thread(target=litter, args=(place,))
    thread.start()
    thread.join()
    assert place == []
    qtbot.waitUntil(lambda: bool(place), timeout=10_000)
    assert place == [threading.get_ident()]


def test_all_garbage_when_due_then_gone_through_once_in_a_while(
    collector: GarbageCollector, now_s: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "get_count", lambda: (701, 3, 3))
    monkeypatch.setattr(gc, "collect", collected.append)
    collector.look()
    assert collected == [0, 1]
    now_s[0] = FULL_S
    collector.look()
    collector.look()
    assert collected == [0, 1, 0, 1, 2, 0, 1]


def test_collector_when_it_ends_then_python_collects_by_itself(qtbot: QtBot) -> None:
    collector = GarbageCollector()
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
