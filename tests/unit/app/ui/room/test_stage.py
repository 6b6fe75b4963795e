"""The stage: shape and colour of the picture, words where there is none, danmaku over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from PySide6.QtCore import QPoint

from app.danmaku.choices import DanmakuSettings
from app.ui.room.stage import BACKGROUND, Stage
from tests.unit.app.state.test_room import posted

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(800, 600)
    stage.show()
    return stage


def make_frame(width: int, height: int, yuv: tuple[int, int, int]) -> av.VideoFrame:
    """One colour, BT.709 limited, as a broadcast is."""
    planes = np.concatenate(
        [
            np.full(width * height, yuv[0], np.uint8),
            np.full(width * height // 4, yuv[1], np.uint8),
            np.full(width * height // 4, yuv[2], np.uint8),
        ]
    )
    frame = av.VideoFrame.from_ndarray(planes.reshape(height * 3 // 2, width), format="yuv420p")
    frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
    return frame


def show(stage: Stage, qtbot: QtBot, frame: av.VideoFrame) -> None:
    stage.show_picture(frame, 0)
    qtbot.waitUntil(lambda: stage.has_picture, timeout=2000)


def color_at(stage: Stage, x: int, y: int) -> QColor:
    return stage.grab().toImage().pixelColor(QPoint(x, y))


@pytest.mark.parametrize(
    ("size", "rect"),
    [((1280, 720), (0, 75, 800, 450)), ((480, 480), (100, 0, 600, 600))],
)
def test_picture_keeps_its_shape(
    size: tuple[int, int], rect: tuple[int, int, int, int], stage: Stage, qtbot: QtBot
) -> None:
    show(stage, qtbot, make_frame(*size, (235, 128, 128)))
    assert stage.picture_rect().getRect() == rect
    assert color_at(stage, 400, 300).getRgb()[:3] == pytest.approx((255, 255, 255), abs=4)
    assert color_at(stage, 2, 2) == BACKGROUND or rect[:2] == (0, 0)


@pytest.mark.parametrize(
    ("yuv", "rgb"),
    [((16, 128, 128), (0, 0, 0)), ((63, 102, 240), (255, 0, 0)), ((173, 42, 26), (0, 255, 0))],
)
def test_limited_bt709_becomes_the_right_colour(
    yuv: tuple[int, int, int], rgb: tuple[int, int, int], stage: Stage, qtbot: QtBot
) -> None:
    show(stage, qtbot, make_frame(640, 480, yuv))
    found = color_at(stage, 400, 300).getRgb()[:3]
    assert found == pytest.approx(rgb, abs=4)


def test_only_the_newest_picture_waits(stage: Stage) -> None:
    for _ in range(50):
        stage.show_picture(make_frame(64, 48, (100, 128, 128)), 0)
    assert not stage.has_picture


def test_frozen_stage_takes_no_picture(stage: Stage, qtbot: QtBot) -> None:
    stage.set_frozen(is_frozen=True)
    stage.show_picture(make_frame(64, 48, (100, 128, 128)), 0)
    qtbot.wait(50)
    assert not stage.has_picture


def test_words_are_told_to_screen_readers_too(stage: Stage) -> None:
    stage.set_message("The host is away", "Wait a moment")
    assert stage.accessibleDescription() == "The host is away Wait a moment"


@pytest.mark.parametrize("has_picture", [True, False])
def test_slate_is_a_picture_and_not_a_black_stage(
    has_picture: bool, stage: Stage, qtbot: QtBot
) -> None:
    if has_picture:
        show(stage, qtbot, make_frame(1280, 720, (173, 42, 26)))
    stage.set_message("Right back", "Wait", "Host away", "Piano", "ada")
    beside_the_words = color_at(stage, 100, 300).getRgb()[:3]
    assert max(beside_the_words) > 30
    if has_picture:
        assert beside_the_words[1] == max(beside_the_words)  # the green picture, dimmed
        assert max(beside_the_words) < 120
    bars = color_at(stage, 400, 2).getRgb()[:3]
    assert max(bars) > max(BACKGROUND.getRgb()[:3])


def test_slate_goes_when_the_picture_moves_again(stage: Stage, qtbot: QtBot) -> None:
    show(stage, qtbot, make_frame(1280, 720, (235, 128, 128)))
    stage.set_message("Right back", "", "Host away", "Piano", "ada")
    assert color_at(stage, 400, 200).lightness() < 150
    stage.set_message("")
    assert color_at(stage, 400, 200).lightness() > 250
    assert stage.accessibleDescription() == ""


def test_badge_alone_leaves_the_picture_as_it_is(stage: Stage, qtbot: QtBot) -> None:
    show(stage, qtbot, make_frame(1280, 720, (235, 128, 128)))
    stage.set_message("", badge="Paused")
    assert color_at(stage, 400, 300).lightness() > 250
    assert stage.accessibleDescription() == "Paused"


@pytest.mark.parametrize("size", [(240, 135), (320, 180), (1920, 1080)])
def test_slate_fits_every_size(size: tuple[int, int], stage: Stage) -> None:
    stage.resize(*size)
    stage.set_message("A title of many words " * 4, "and detail " * 9, "Badge", "R" * 200, "h" * 99)
    assert not stage.grab().isNull()


def test_danmaku_fly_over_the_stage_and_can_be_switched_off(stage: Stage, qtbot: QtBot) -> None:
    stage.danmaku.offer(posted(1))
    stage.wake()
    qtbot.wait(120)
    assert len(stage.danmaku.flights) == 1
    stage.grab()
    stage.danmaku.choose(DanmakuSettings(is_on=False))
    stage.danmaku.offer(posted(2))
    assert stage.danmaku.flights == ()


def test_own_text_is_taken_back(stage: Stage) -> None:
    stage.danmaku.offer_own("own 1", "hi", mode=1, color=0xFFFFFF)
    assert len(stage.danmaku.flights) == 1
    stage.danmaku.take_back("own 1")
    assert stage.danmaku.flights == ()
