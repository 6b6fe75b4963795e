"""Texts are drawn on the GUI thread for whoever cuts on another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.danmaku.lanes import Text
from app.errors import LivehouseError
from app.ui.door import Door
from app.ui.replays.text_painter import StageTextPainter

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WAIT_MS = 30_000


def ask(qtbot: QtBot, question: Callable[[], Any]) -> Any:
    """From another thread, while this one turns its events."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(question())
        except LivehouseError as error:
            answers.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    thread.join()
    return answers[0]


def test_text_when_painted_then_its_colour_is_multiplied_by_alpha(qtbot: QtBot) -> None:
    painter = StageTextPainter(Door())
    (width,) = ask(qtbot, lambda: painter.measure([("Hello", 40.0)]))
    text = Text("k", "Hello", width, color=0xFF0000)
    pixels = ask(qtbot, lambda: painter.paint(text, 40.0))
    assert pixels.shape[:2] == (64, pytest.approx(width, abs=1))
    assert pixels[..., 3].max() == 255
    assert (pixels[..., :3] <= pixels[..., 3:]).all()
    assert (pixels[..., 0].astype(int) - pixels[..., 1]).max() > 200
    assert ask(qtbot, lambda: painter.paint_count(7, 40.0)).shape[2] == 4


def test_painter_when_closed_while_somebody_waits_then_the_wait_ends(qtbot: QtBot) -> None:
    door = Door()
    painter = StageTextPainter(door)
    door.close()  # what is asked for never comes
    painter.close()
    answer = ask(qtbot, lambda: painter.measure([("Hello", 40.0)]))
    assert isinstance(answer, LivehouseError)
