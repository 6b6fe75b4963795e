"""Studio's widgets: what a state shows, what the mouse and the keys send."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QLabel, QListWidget

from app.errors import MediaFailed
from app.state import studio_events
from app.state.pushing import StreamIn, StreamInState
from app.state.studio import StudioState
from app.state.studio_events import Notice, NoticeKind
from app.state.studio_health import Figures, Health
from app.state.studio_qualities import MachineJudged, QualitiesChosen
from app.state.studio_scene import LAYOUTS, Box, StudioItem
from app.state.studio_sound import Channel
from app.ui.plain_text import PlainLabel
from app.ui.studio.figures_strip import FiguresStrip
from app.ui.studio.graph import Graph
from app.ui.studio.mixer_panel import MixerPanel
from app.ui.studio.own_addresses import list_own_addresses
from app.ui.studio.preflight import Preflight
from app.ui.studio.preview_stage import PreviewStage
from app.ui.studio.sources_panel import SourcesPanel
from app.ui.studio.studio_chat import StudioChat
from app.ui.studio.studio_head import StudioHead
from app.ui.studio.text_picture import HEIGHT, WIDTH, paint_text
from app.ui.studio.words import (
    check_name,
    check_remedy,
    describe_notice,
    health_sentence,
    layout_name,
)
from app.ui.theme.current import theme
from tests.unit.app.state.test_room import posted

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

CAMERA = StudioItem("cam", "camera", "Camera", box=Box(0.25, 0.25, 0.5, 0.5))


@pytest.fixture
def stage(qtbot: QtBot) -> PreviewStage:
    stage = PreviewStage()
    qtbot.addWidget(stage)
    stage.resize(640, 360)
    stage.show()
    stage.render_items((CAMERA,), "cam")
    return stage


def test_dragging_a_source_moves_it_and_snaps(qtbot: QtBot, stage: PreviewStage) -> None:
    moves: list[Box] = []
    stage.moved.connect(lambda _key, box: moves.append(box))
    qtbot.mousePress(stage, Qt.MouseButton.LeftButton, pos=QPoint(320, 180))
    qtbot.mouseMove(stage, QPoint(164, 180))
    qtbot.waitUntil(lambda: bool(moves))
    qtbot.mouseRelease(stage, Qt.MouseButton.LeftButton, pos=QPoint(164, 180))
    assert moves[-1].x == 0.0
    assert moves[-1].y == pytest.approx(0.25)
    assert moves[-1].width == 0.5


def test_dragging_the_corner_resizes_in_shape(qtbot: QtBot, stage: PreviewStage) -> None:
    moves: list[Box] = []
    stage.moved.connect(lambda _key, box: moves.append(box))
    qtbot.mousePress(stage, Qt.MouseButton.LeftButton, pos=QPoint(476, 266))
    qtbot.mouseMove(stage, QPoint(540, 300))
    qtbot.waitUntil(lambda: bool(moves))
    assert moves[-1].width == pytest.approx(moves[-1].height)
    assert moves[-1].width > 0.55


def test_pressing_beside_every_source_selects_none(qtbot: QtBot, stage: PreviewStage) -> None:
    chosen: list[str] = []
    stage.selected.connect(chosen.append)
    qtbot.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    qtbot.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(320, 180))
    assert chosen == ["", "cam"]


def test_arrow_keys_move_and_resize(qtbot: QtBot, stage: PreviewStage) -> None:
    moves: list[Box] = []
    stage.moved.connect(lambda _key, box: moves.append(box))
    qtbot.keyClick(stage, Qt.Key.Key_Right)
    qtbot.keyClick(stage, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert moves[0].x == pytest.approx(0.26)
    assert moves[1].width == pytest.approx(0.51)


def test_pushed_picture_is_painted_and_another_asked_for(qtbot: QtBot, stage: PreviewStage) -> None:
    taken: list[bool] = []
    stage.on_taken = lambda: taken.append(True)
    pixels = np.zeros((360, 640, 4), np.uint8)
    pixels[..., 1] = 200
    stage.push(pixels)
    qtbot.waitUntil(lambda: bool(taken))
    assert stage.grab().toImage().pixelColor(20, 20).green() == 200


def test_mixer_has_a_named_strip_for_each_sound(qtbot: QtBot) -> None:
    panel = MixerPanel()
    qtbot.addWidget(panel)
    changes: list[studio_events.ChannelChanged] = []
    panel.changed.connect(changes.append)
    state = StudioState().apply(studio_events.ChannelAdded(Channel("mic", "", is_microphone=True)))
    panel.render_state(state)
    buttons = {button.accessibleName(): button for button in panel.findChildren(QAbstractButton)}
    assert "" not in buttons
    buttons["Mute"].click()
    assert changes == [studio_events.ChannelChanged("mic", is_muted=True)]
    panel.render_state(StudioState())
    assert not panel._strips


def test_mixer_when_a_sound_has_no_signal_then_says_so_beside_its_whole_name(qtbot: QtBot) -> None:
    panel = MixerPanel()
    qtbot.addWidget(panel)
    lost = Channel("mic", "Headset", is_microphone=True, signal="no_signal")
    panel.render_state(StudioState(channels=(lost,)))
    panel.show()
    shown = {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}
    assert {"Headset", "No signal"} <= shown
    panel.render_state(StudioState(channels=(replace(lost, signal="running"),)))
    assert not any(
        label.isVisible() for label in panel.findChildren(QLabel) if label.text() == "No signal"
    )


def test_sources_send_filters_and_visibility(qtbot: QtBot) -> None:
    panel = SourcesPanel()
    qtbot.addWidget(panel)
    changes: list[object] = []
    panel.changed.connect(changes.append)
    state = StudioState().apply(studio_events.ItemAdded(CAMERA))
    panel.render_state(state)
    buttons = {button.accessibleName(): button for button in panel.findChildren(QAbstractButton)}
    buttons["Smooth skin"].click()
    assert changes == [studio_events.ItemChanged("cam", filters=("skin",))]
    entry = panel.findChildren(QListWidget)[0].item(0)
    entry.setCheckState(Qt.CheckState.Unchecked)
    assert changes[-1] == studio_events.ItemChanged("cam", is_visible=False)


def test_filter_says_its_cost(qtbot: QtBot) -> None:
    panel = SourcesPanel()
    qtbot.addWidget(panel)
    item = replace(CAMERA, filters=("skin",))
    state = replace(
        StudioState().apply(studio_events.ItemAdded(item)), costs_ms=(("cam", "skin", 7.2),)
    )
    panel.render_state(state)
    texts = [button.text() for button in panel.findChildren(QAbstractButton)]
    assert "Smooth skin (7.2 ms)" in texts


def test_chat_shows_markup_as_it_is(qtbot: QtBot) -> None:
    chat = StudioChat()
    qtbot.addWidget(chat)
    said: list[str] = []
    chat.said.connect(said.append)
    line = msgspec.structs.replace(
        posted(1), name="<b>x</b>", text='<img src="file:///etc/passwd">'
    )
    chat.render_state(replace(StudioState(), chat=(line,)))
    assert chat.list.model.index(0).data() == f"{line.name}: {line.text}"
    box = chat._input
    box.setText("hello")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said == ["hello"]
    assert box.text() == "hello"


def test_text_becomes_a_picture(qtbot: QtBot) -> None:  # fonts need the application
    pixels = paint_text("Hello")
    assert pixels.shape == (HEIGHT, WIDTH, 4)
    assert (pixels[..., 0] == 255).any()
    assert pixels[0, 0, 3] == 0


def test_every_name_has_words() -> None:
    assert all(layout_name(layout) for layout in LAYOUTS)
    for check in ("picture", "sound", "encoder", "uplink"):
        assert check_name(check) != check_remedy(check)
    culprits = ("none", "not_live", "starting", "uplink", "encoder", "scene", "source", "relay")
    for culprit in (*culprits, "sound", "busy", "away"):
        assert health_sentence(Health("bad", culprit))  # type: ignore[arg-type] # those names
    assert health_sentence(Health("bad", "source", "Camera")).endswith("Camera")


def test_notice_then_every_kind_has_a_sentence_and_none_is_the_programs_own() -> None:
    error = MediaFailed("Invalid data found when processing input")
    for kind in get_args(NoticeKind):
        words = describe_notice(Notice(kind, "a.mp4", error))
        assert words
        assert ("Invalid data" in words) == (kind == "failed")
        assert "{" not in describe_notice(Notice(kind, "x" * 500))
    assert describe_notice(Notice("file_refused", "holiday {0}.mp4", error)).startswith(
        "holiday {0}.mp4 cannot be played"
    )


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("screen", "Screen"),
        ("screen 2", "Screen 2"),
        ("camera 0", "Camera 0"),
        ("screen door", "screen door"),
        ("Front camera", "Front camera"),
    ],
)
def test_notice_when_the_system_has_no_name_for_a_source_then_it_is_named_as_in_the_list(
    source: str, named: str
) -> None:
    assert describe_notice(Notice("source_restored", source)) == f"{named} is back."


def test_health_sentence_when_the_uplink_is_narrow_then_tells_rates_and_size() -> None:
    figures = (("rate", 440.0), ("cap", 2500.0), ("height", 540.0))
    words = health_sentence(Health("warn", "narrow", figures=figures))
    assert words == "Your uplink is narrow: 0.4 of 2.5 Mbit/s, best picture 540p."
    words = health_sentence(Health("bad", "busy"))
    assert "computer" in words
    assert "uplink" not in words
    words = health_sentence(Health("warn", "machine", figures=(("sent", 2.0), ("chosen", 3.0))))
    assert "2 of 3" in words


def test_preflight_when_the_computer_is_too_weak_for_all_qualities_then_says_so(
    qtbot: QtBot,
) -> None:
    preflight = Preflight()
    qtbot.addWidget(preflight)
    preflight.retranslate()
    chosen: list[bool] = []
    preflight.several_chosen.connect(chosen.append)
    state = StudioState().apply(QualitiesChosen(is_several=True))
    preflight.render_state(state)
    assert preflight.several.isChecked()
    assert chosen == [], "only a click is a choice"
    preflight.render_state(state.apply(MachineJudged(("720p", "360p"), is_whole=False)))
    words = [label.text() for label in preflight.findChildren(PlainLabel) if not label.isHidden()]
    assert "This computer is too slow for all qualities: it sends 720p + 360p." in words
    preflight.render_state(state.apply(MachineJudged(("720p",), is_whole=False)))
    words = [label.text() for label in preflight.findChildren(PlainLabel) if not label.isHidden()]
    assert "This computer is too slow for several qualities: it sends 720p." in words
    preflight.several.click()
    assert chosen == [False]


def test_rate_graph_when_the_rate_was_lowered_then_is_marked_and_says_so(qtbot: QtBot) -> None:
    strip = FiguresStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 72)
    wide = Figures(bit_rate_kbps=2400.0, cap_kbps=2500.0, allowed_kbps=2500.0)
    narrow = replace(wide, bit_rate_kbps=500.0, allowed_kbps=440.0)
    graph = strip.findChildren(Graph)[0]
    state = replace(StudioState(), phase="live", figures=wide, history=(wide,) * 20)
    strip.render_state(state)
    assert "lowered" not in graph.accessibleDescription()
    before = graph.grab().toImage()
    strip.render_state(replace(state, figures=narrow, history=(wide,) * 20 + (narrow,) * 20))
    assert "lowered for the uplink, times a minute: 1" in graph.accessibleDescription()
    assert "440 / 2,500 kbit/s" in graph.accessibleDescription()
    warn = QColor(theme().warn)
    after = graph.grab().toImage()

    def count(image: QImage) -> int:
        return sum(
            image.pixelColor(x, y) == warn
            for x in range(image.width())
            for y in range(image.height())
        )

    assert count(before) == 0
    assert count(after) > 10


def test_preflight_when_there_are_two_networks_then_offers_a_second_way_up(qtbot: QtBot) -> None:
    preflight = Preflight()
    qtbot.addWidget(preflight)
    chosen: list[str] = []
    preflight.way_chosen.connect(chosen.append)
    preflight.show_ways(("192.0.2.7",), "")
    assert preflight.ways.isHidden()
    preflight.show_ways(("192.0.2.7", "198.51.100.20"), "198.51.100.20")
    assert not preflight.ways.isHidden()
    assert preflight.ways.currentText() == "Second connection: 198.51.100.20"
    preflight.show_ways(("192.0.2.7",), "198.51.100.20")
    assert not preflight.ways.isHidden(), "one that is gone can still be taken back"
    preflight.ways.setCurrentIndex(0)
    preflight.ways.activated.emit(0)
    assert chosen == [""]


def test_head_when_obs_sends_then_it_says_whether_the_room_is_live(qtbot: QtBot) -> None:
    head = StudioHead()
    qtbot.addWidget(head)
    said = []
    states: tuple[StreamInState, ...] = ("off", "waiting", "live", "held")
    for state in states:
        head.render_state(StudioState(stream_in=StreamIn(state)))
        said.append(head._badge.text())
    assert said == ["Not live", "Not live", "Live", "Reconnecting…"]


def test_own_addresses_then_none_is_of_this_computer_alone() -> None:
    assert not [address for address in list_own_addresses() if address.startswith("127.")]
