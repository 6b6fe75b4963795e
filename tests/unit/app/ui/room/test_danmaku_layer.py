"""Danmaku on the stage: painting, the pointer, the picture's time, blocks, the box, the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage

from app.danmaku.choices import BlockedUser, Blocks, DanmakuSettings, Share
from app.danmaku.emotes import split_emotes
from app.danmaku.lanes import Text
from app.ui.room.danmaku_layer import LISTED_INTERVAL_MS, DanmakuLayer
from app.ui.room.danmaku_pixmaps import TextPixmaps, words_read_from_right
from app.ui.room.stage import BACKGROUND, Stage
from app.ui.room_emotes import RoomEmotes
from tests.emote_pictures import make_png
from tests.unit.app.state.test_room import posted
from wire.emotes import make_emote_id
from wire.emotes_events import EmoteInfo

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(1280, 720)
    stage.show()
    return stage


def fly(layer: DanmakuLayer, key: str = "a", words: str = "hello there", **fields: int) -> Text:
    text = layer.measure(key, words, user_id="u", name="Ann", **fields)
    layer.offer_text(text)
    return text


def pass_time(layer: DanmakuLayer, ms: float) -> None:
    """As if so much time had gone by."""
    layer._now_ms += ms


def painted(stage: Stage, left: int, top: int, width: int, height: int) -> bool:
    """Whether anything but the background is there."""
    image = stage.grab().toImage().copy(left, top, width, height)
    plain = QImage(image.size(), image.format())
    plain.setDevicePixelRatio(image.devicePixelRatio())
    plain.fill(BACKGROUND)
    return image != plain


def painted_rows(stage: Stage, x: int, top: int, height: int) -> int:
    """How many lines of pixels around the middle have something of a text."""
    rows = range(top, top + height)
    return sum(painted(stage, x - 60, row, 120, 1) for row in rows)


def at(layer: DanmakuLayer, dx: float = 5, dy: float = 5) -> QPointF:
    flight = layer.flights[0]
    x = flight.x(layer.geometry, layer._now_ms)
    return QPointF(x + dx, flight.y(layer.geometry) + dy)


def test_text_when_the_pointer_is_on_it_then_stands_and_glides_back(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer)
    pass_time(layer, 3000)
    held = at(layer)
    assert layer.hover(held) == layer.flights[0]
    pass_time(layer, 4000)
    assert layer.find_at(held) == layer.flights[0]
    assert painted(stage, int(held.x()), 0, 60, 30)
    layer.hover(None)
    assert layer.find_at(held) is None
    pass_time(layer, 1000)
    stage.grab()
    assert not painted(stage, int(held.x()), 0, 60, 30)


def test_text_when_held_then_the_others_keep_their_way(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer)
    pass_time(layer, 4000)
    fly(layer, "b", "second")
    before = layer.flights
    layer.hover(at(layer))
    pass_time(layer, 1000)
    stage.grab()
    assert layer.flights == before


def test_text_when_clicked_then_says_which(stage: Stage, qtbot: QtBot) -> None:
    fly(stage.danmaku)
    pass_time(stage.danmaku, 4000)
    with qtbot.waitSignal(stage.danmaku_clicked) as clicked:
        place = at(stage.danmaku, 20, 10).toPoint()
        qtbot.mouseClick(stage, Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args[0].text.key == "a"
    with qtbot.waitSignal(stage.clicked):
        qtbot.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(600, 600))


def test_text_when_its_picture_is_to_come_then_waits_for_it_and_own_does_not(stage: Stage) -> None:
    layer = stage.danmaku
    layer.show_picture(1_000_000)
    layer.offer(msgspec.structs.replace(posted(1), media_time_us=1_200_000))
    layer.offer_own("own", "mine", mode=1, color=0xFFFFFF)
    assert [flight.text.key for flight in layer.flights] == ["own"]
    assert layer.is_moving
    layer.show_picture(1_200_000)
    assert len(layer.flights) == 2


def test_blocks_when_chosen_then_also_what_flies_goes(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer, "a", "a spoiler here")
    fly(layer, "b", "fine")
    layer.choose(DanmakuSettings(blocks=Blocks(words=("SPOILER",))))
    assert [flight.text.key for flight in layer.flights] == ["b"]
    fly(layer, "c", "Spoiler again")
    assert layer.blocked == 1
    layer.choose(DanmakuSettings(blocks=Blocks(users=(BlockedUser("u", "Ann"),))))
    assert layer.flights == ()
    assert layer.hidden == 0


def test_box_when_kept_clear_then_nothing_is_painted_in_it(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer, "a", "a long text that flies already " * 6)
    pass_time(layer, 4500)
    assert painted(stage, 400, 0, 400, 40)
    layer.choose(DanmakuSettings(keep_clear=Share(0.25, 0, 0.75, 0.3)))
    assert not painted(stage, 322, 2, 636, 210)
    fly(layer, "b")
    assert layer.flights[-1].y(layer.geometry) >= 0.3 * 720


def test_list_when_chosen_then_nothing_flies_and_frames_are_few(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer)
    layer.choose(DanmakuSettings(is_list=True))
    assert layer.flights == ()
    assert layer.interval_ms is None
    fly(layer, "b", "listed")
    assert layer.interval_ms == LISTED_INTERVAL_MS
    assert painted(stage, 12, 660, 60, 48)
    assert not painted(stage, 0, 0, 1280, 300)


def test_stage_when_paused_then_texts_stand(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer)
    stage.set_frozen(is_frozen=True)
    before = layer.flights[0].x(layer.geometry, layer._now_ms)
    stage.grab()
    assert layer.interval_ms is None
    assert layer.flights[0].x(layer.geometry, layer._now_ms) == before


def test_speed_and_size_when_chosen_then_flights_keep_their_progress(stage: Stage) -> None:
    layer = stage.danmaku
    fly(layer)
    pass_time(layer, 2000)
    before = layer.flights[0].progress(layer.geometry, layer._now_ms)
    layer.choose(replace(layer.settings, speed=2.0, font=36.0, density=0.5))
    after = layer.flights[0].progress(layer.geometry, layer._now_ms)
    assert after == pytest.approx(before, abs=0.02)
    assert layer.geometry.duration_ms == 4000


def test_pixmaps_when_over_their_bound_then_only_what_the_frame_needed_stays(
    stage: Stage,
) -> None:
    pixmaps = TextPixmaps(bytes_max=1)
    texts = [Text(key=str(n), text=f"text {n}", width=100) for n in range(4)]
    for text in texts:
        pixmaps.access(text, 24, 1.0)
    pixmaps.trim()
    assert len(pixmaps._pixmaps) == 4
    pixmaps.access(texts[0], 24, 1.0)
    pixmaps.trim()
    assert [key.words for key in pixmaps._pixmaps] == ["text 0"]
    assert stage is not None


def test_width_when_measured_then_is_the_pixmaps(stage: Stage) -> None:
    for words in ("hello", "你好 :heart:", "مرحبا :cat: بك", "👨‍👩‍👧 e\u0301\u0323\u0308"):
        text = stage.danmaku.measure("a", words)
        pixmap = stage.danmaku.pixmaps.access(text, stage.danmaku.geometry.font, 1.0)
        assert 0 <= pixmap.width() - text.width < 1


@pytest.mark.parametrize(
    ("words", "is_right"),
    [("مرحبا :cat: hello", True), (":cat: שלום", True), ("hello מ", False), ("123", False)],
)
def test_emotes_when_the_text_reads_from_the_right_then_stand_so(
    words: str, *, is_right: bool
) -> None:
    assert words_read_from_right(split_emotes(words)) is is_right


def test_emote_of_the_room_when_its_picture_comes_then_what_flies_is_drawn_anew(
    stage: Stage,
) -> None:
    layer, emotes, picture = stage.danmaku, RoomEmotes(), make_png(8, 8)
    layer.use_emotes(emotes)
    emotes.set_list([EmoteInfo(name="wave", emote_id=make_emote_id(picture))])
    layer.offer_own("a", ":wave:", mode=1, color=0xFFFFFF)
    (flight,) = layer.flights
    before = layer.pixmaps.access(flight.text, 24, 1.0).toImage()
    emotes.put(make_emote_id(picture), picture)
    after = layer.pixmaps.access(flight.text, 24, 1.0).toImage()
    assert 0 <= after.width() - layer.pixmaps.measure(":wave:", 24) < 1
    assert after.width() < before.width()
    color = after.pixelColor(after.width() // 2, after.height() // 2)
    assert (color.red(), color.green(), color.blue()) == (255, 64, 64)


def test_text_when_its_message_is_deleted_then_leaves_the_stage_or_never_comes(
    stage: Stage,
) -> None:
    layer = stage.danmaku
    layer.show_picture(1_000_000)
    now = msgspec.structs.replace(posted(1), media_time_us=0)
    later = msgspec.structs.replace(posted(2), media_time_us=5_000_000)
    layer.offer(now)
    layer.offer(later)
    layer.hover(at(layer))
    assert [flight.text.key for flight in layer.flights] == [now.message_id]
    layer.delete(now.message_id)
    layer.delete(later.message_id)
    assert layer.flights == ()
    layer.show_picture(6_000_000)
    assert layer.flights == ()
    assert not layer.is_moving


def test_own_text_when_its_message_is_deleted_then_leaves_the_stage(stage: Stage) -> None:
    layer = stage.danmaku
    layer.offer_own("own 1", "rude", mode=1, color=0xFFFFFF)
    layer.name_own("own 1", posted(1).message_id)
    layer.delete(posted(1).message_id)
    assert layer.flights == ()


def test_size_when_chosen_then_a_large_text_takes_two_lanes_and_is_painted_larger(
    stage: Stage,
) -> None:
    layer = stage.danmaku
    for number, size in enumerate(("large", "normal", "small"), start=1):
        layer.offer(msgspec.structs.replace(posted(number), size=size, mode=5, text="same words"))
    large, normal, small = layer.flights
    assert [flight.lane for flight in layer.flights] == [0, 2, 3]
    assert large.text.rows == 2
    assert large.text.width > normal.text.width > small.text.width
    high, middle = int(layer.geometry.line_height), stage.width() // 2
    assert painted_rows(stage, middle, 0, 2 * high) > painted_rows(stage, middle, 2 * high, high)
    assert painted_rows(stage, middle, 2 * high, high) > painted_rows(stage, middle, 3 * high, high)


def test_size_of_ones_own_text_then_flies_so_at_once(stage: Stage) -> None:
    stage.danmaku.offer_own("own", "mine", mode=1, color=0xFFFFFF, size="large")
    assert stage.danmaku.flights[0].text.scale == pytest.approx(1.44)


def test_size_when_the_stage_has_a_single_lane_then_nothing_is_hidden_for_it(stage: Stage) -> None:
    layer = stage.danmaku
    layer.resize(320, 30)
    assert layer.geometry.lanes == 1
    layer.offer(msgspec.structs.replace(posted(1), size="large"))
    assert layer.flights[0].text.scale == 1.0
    assert layer.hidden == 0


def test_size_when_in_a_list_then_all_lines_are_as_high_and_as_wide(stage: Stage) -> None:
    layer = stage.danmaku
    layer.choose(replace(layer.settings, is_list=True))
    layer.offer(msgspec.structs.replace(posted(1), text="one line of some words"))
    usual = stage.grab().toImage()
    layer.clear()
    layer.offer(msgspec.structs.replace(posted(1), size="large", text="one line of some words"))
    large = stage.grab().toImage()
    corner = QRect(0, 0, 200, stage.height())
    assert usual.copy(corner) == large.copy(corner)
