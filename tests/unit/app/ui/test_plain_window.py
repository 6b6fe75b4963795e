from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import av
import pytest
from PySide6.QtWidgets import QApplication

from app.ui.plain_window import STRIP_HEIGHT, PlainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class _Shown:
    def __init__(self) -> None:
        self.has_closed = False
        self.window = PlainWindow(
            title="test", read_line=lambda: "figures", on_closed=self._on_closed
        )

    def _on_closed(self) -> None:
        self.has_closed = True


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[_Shown]:
    one = _Shown()
    qtbot.addWidget(one.window)
    one.window.resize(800, 600 + STRIP_HEIGHT)
    one.window.show()
    QApplication.processEvents()
    yield one
    one.window.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (64, 64)])
def test_picture_when_it_comes_from_a_thread_then_it_stands_in_its_shape(
    shown: _Shown, qtbot: QtBot, width: int, height: int
) -> None:
    frame = av.VideoFrame(width, height, "yuv420p")
    thread = threading.Thread(target=shown.window.show_picture, args=(frame, 0))
    thread.start()
    qtbot.waitUntil(lambda: shown.window._picture is not None)
    thread.join()
    rect = shown.window.picture_rect()
    assert rect.width() / rect.height() == pytest.approx(width / height, rel=0.03)
    assert rect.bottom() < shown.window.height() - STRIP_HEIGHT + 1
    assert not shown.window.grab().isNull()


def test_pictures_when_the_window_is_slow_then_only_one_waits(shown: _Shown) -> None:
    for luma in range(5):
        frame = av.VideoFrame(64, 64, "gray")
        frame.planes[0].update(bytes([luma * 50]) * frame.planes[0].buffer_size)
        shown.window.show_picture(frame, luma)
    QApplication.processEvents()
    assert shown.window._picture is not None
    assert shown.window._picture.pixelColor(0, 0).red() < 20


def test_window_when_it_is_told_to_end_then_it_closes_in_order(shown: _Shown, qtbot: QtBot) -> None:
    thread = threading.Thread(target=shown.window.end)
    thread.start()
    qtbot.waitUntil(lambda: shown.has_closed)
    thread.join()
    assert not shown.window.isVisible()
