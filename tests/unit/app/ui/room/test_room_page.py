"""The Room page as a whole: what it says, what it offers, and its windows."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QBuffer, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractSlider,
    QComboBox,
    QLabel,
    QLineEdit,
    QToolButton,
)

from app.state.preferences import Preferences
from app.state.room import (
    Joined,
    JoinRefused,
    LinkChanged,
    Measured,
    Opened,
    RoomState,
    Statistics,
)
from app.ui.door import Door
from app.ui.room.room_page import RoomPage
from tests.unit.app.state.test_room import LIVE, ROOM, info, joined, posted
from wire import event_base, order_events, room_events
from wire.errors import ErrorCode
from wire.ids import BroadcastId

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from pytestqt.qtbot import QtBot

RAIL_WIDTH = 88
HOSTILE = '<a href="file:///">x</a>\nsecond line'


class FakeLoop:
    """Keeps what would have been called on the loop."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.submitted: list[Future[Any]] = []

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        self.calls.append((function, *arguments))

    def submit(self, work: Coroutine[object, object, Any]) -> Future[Any]:
        """Answered by the test, or never."""
        work.close()
        self.submitted.append(Future())
        return self.submitted[-1]


class FakeHouse:
    """A guest's."""

    def own_user_id(self) -> str:
        return ""


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[RoomPage]:
    page = RoomPage(FakeHouse(), FakeLoop(), Door())
    qtbot.addWidget(page)
    page.resize(1024 - RAIL_WIDTH, 640)
    page.show()
    page.render_state(joined())
    yield page
    page.close_room()


def test_page_fits_beside_the_rail_of_the_smallest_window(page: RoomPage) -> None:
    assert page.minimumSizeHint().width() <= 1024 - RAIL_WIDTH
    assert page.minimumSizeHint().height() <= 640


def test_every_control_has_a_name_and_can_be_reached(page: RoomPage) -> None:
    for kind in (QToolButton, QAbstractSlider, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            if not widget.isVisibleTo(page) or widget.objectName().startswith("qt_"):
                continue
            if "Scroll" in type(widget).__name__:
                continue
            assert widget.accessibleName(), widget
            assert widget.focusPolicy() != Qt.FocusPolicy.NoFocus, widget


def test_text_size_when_chosen_then_the_next_start_begins_with_it(
    page: RoomPage, qtbot: QtBot
) -> None:
    saved: dict[str, object] = {}
    page.choices.saved.connect(saved.__setitem__)
    assert page.chat._size.currentText() == "Normal"
    qtbot.keyClick(page.chat._size, Qt.Key.Key_Down)
    page.choices.save()
    assert saved == {"own_size": "large"}
    page.begin_with(Preferences().put("own_size", "small"))
    assert page.chat._size.currentText() == "Small"


@pytest.mark.parametrize("color", range(7))
def test_choices_of_a_message_have_room_for_their_words(page: RoomPage, color: int) -> None:
    page.chat._color.setCurrentIndex(color)
    for box in (page.chat._mode, page.chat._color, page.chat._size):
        assert box.width() >= box.sizeHint().width(), box.currentText()


def test_no_label_guesses_rich_text(page: RoomPage) -> None:
    owner = event_base.UserInfo(user_id=info().owner.user_id, name=HOSTILE)
    room = event_base.RoomInfo(room_id=ROOM, name="x", title=HOSTILE, owner=owner, broadcast=LIVE)
    page.render_state(joined().apply(room_events.RoomChanged(room=room)))
    assert page.head.title() == '<a href="file:///">x</a> second line'
    for label in page.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("state", "has_words"),
    [
        (joined(), False),
        (joined(None), True),
        (joined().apply(LinkChanged("waiting")), True),
        (
            joined().apply(room_events.BroadcastAway(room_id=ROOM, broadcast_id=BroadcastId("b1"))),
            True,
        ),
        (RoomState(), True),
    ],
)
def test_stage_says_what_happened(state: RoomState, has_words: bool, page: RoomPage) -> None:
    page.render_state(state)
    assert bool(page.stage.accessibleDescription()) is has_words
    assert page._reconnect.isVisible() == (state.stage == "cut")


def test_room_with_a_passphrase_asks_for_it(page: RoomPage, qtbot: QtBot) -> None:
    refused = (
        RoomState()
        .apply(Opened(ROOM))
        .apply(JoinRefused(ErrorCode.PASSPHRASE_REQUIRED, "passphrase"))
    )
    page.render_state(refused)
    assert page._passphrase.isVisible()
    qtbot.keyClicks(page._passphrase, "sesame")
    qtbot.keyClick(page._passphrase, Qt.Key.Key_Return)
    assert page._loop.calls[-1][1:] == (ROOM, "sesame")
    page.render_state(refused.apply(Joined(room_events.RoomJoined(room=info(), role="viewer"))))
    assert not page._passphrase.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_M, Qt.Key.Key_D])
def test_keys_do_what_the_buttons_do(key: Qt.Key, page: RoomPage, qtbot: QtBot) -> None:
    button = {
        Qt.Key.Key_Space: page.controls.pause,
        Qt.Key.Key_M: page.controls.mute,
        Qt.Key.Key_D: page.controls.danmaku,
    }[key]
    before = button.isChecked()
    page.stage.setFocus()
    qtbot.keyClick(page.stage, key)
    assert button.isChecked() != before


def test_keys_are_letters_while_writing(page: RoomPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.stage, Qt.Key.Key_Return)
    assert page.window().focusWidget() is page.chat.input
    qtbot.keyClicks(page.chat.input, "mdf ")
    assert page.chat.input.text() == "mdf "
    assert not page.controls.mute.isChecked()


@pytest.mark.parametrize(("message_id", "left"), [("m7", ""), ("", "hello")])
def test_box_when_the_answer_came_between_two_states_then_keeps_only_what_was_refused(
    page: RoomPage, qtbot: QtBot, message_id: str, left: str
) -> None:
    page.chat.input.setText("hello")
    for _ in range(2):
        qtbot.keyClick(page.chat.input, Qt.Key.Key_Return)
    (answer,) = page._loop.submitted  # type: ignore[attr-defined]  # the fake has it
    answer.set_result(message_id)
    qtbot.wait_until(lambda: not page.chat._under_way)
    assert page.chat.input.text() == left
    qtbot.keyClick(page.chat.input, Qt.Key.Key_Return)
    assert len(page._loop.submitted) == (2 if left else 1)  # type: ignore[attr-defined]  # the same


@pytest.mark.parametrize("form", ["full", "small"])
def test_stage_goes_to_a_window_of_its_own_and_comes_back(
    form: str, page: RoomPage, qtbot: QtBot
) -> None:
    button = page.controls.full_screen if form == "full" else page.controls.picture_in_picture
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    window = page.stage.window()
    assert window is not page.window()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert page.stage.window() is page.window()
    assert page.stage.isVisible()
    assert page.controls.window() is page.window()
    assert page.controls.isVisible()


def test_full_screen_when_the_mouse_moves_then_shows_the_controls(
    page: RoomPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.stage, Qt.Key.Key_F)
    window = page.stage.window()
    assert window.size() == window.screen().size()
    assert page.controls.window() is window
    assert not page.controls.isVisible()
    page.hide()  # the offscreen platform does not know which window lies on top
    qtbot.mouseMove(window, QPoint(100, 100))
    qtbot.mouseMove(window, QPoint(120, 100))
    qtbot.waitUntil(page.controls.isVisible)
    qtbot.mouseClick(page.controls.full_screen, Qt.MouseButton.LeftButton)
    assert page.stage.window() is page.window()


def test_full_screen_when_enter_is_pressed_then_the_box_to_write_in_has_the_keys(
    page: RoomPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.stage, Qt.Key.Key_F)
    qtbot.keyClick(page.stage.window(), Qt.Key.Key_Return)
    assert page.stage.window() is page.window()
    assert page.window().focusWidget() is page.chat.input


def test_page_without_a_room_leads_to_discover(page: RoomPage, qtbot: QtBot) -> None:
    page.render_state(RoomState())
    with qtbot.waitSignal(page.discover_wanted):
        qtbot.mouseClick(page._discover, Qt.MouseButton.LeftButton)


def test_danmaku_menu_when_a_moderator_opens_it_then_keeps_order_from_the_picture(
    page: RoomPage,
) -> None:
    page.render_state(joined().apply(posted(2)))
    text = page.stage.danmaku.measure(posted(2).message_id, "text", user_id="u2", name="Bob")
    page.danmaku.fill_menu(text)
    words = [action.text() for action in page.danmaku.menu.actions()]
    assert "Reply" in words
    assert "Mute" not in words
    page.render_state(replace(joined().apply(posted(2)), role="moderator"))
    page.danmaku.fill_menu(text)
    words = [action.text() for action in page.danmaku.menu.actions()]
    assert {"Pin", "Delete the message", "Mute", "Ban"} <= set(words)


def test_picture_when_a_message_is_deleted_then_its_text_leaves_it(page: RoomPage) -> None:
    state = joined().apply(posted(2))
    page.render_state(state)
    page._on_danmaku(posted(2))
    assert len(page.stage.danmaku.flights) == 1
    deleted = order_events.MessagesDeleted(room_id=ROOM, message_ids=(posted(2).message_id,))
    page.render_state(state.apply(deleted))
    assert page.stage.danmaku.flights == ()


def test_room_when_left_and_chosen_again_at_once_then_is_opened_again(page: RoomPage) -> None:
    """The state still names it until the loop has closed it."""
    calls = page._loop.calls

    def opened() -> int:
        return sum(call[0] == page._visits.open for call in calls)

    page.open_room(ROOM)
    assert opened() == 0
    page.close_room()
    page.open_room(ROOM)
    assert opened() == 1
    page.open_room(ROOM)
    assert opened() == 1


@pytest.mark.parametrize(("latency_ms", "words"), [(231, "231 ms"), (1117, "1.1 s"), (0, "–")])
def test_delay_when_it_is_long_then_has_room_in_its_place(
    page: RoomPage, latency_ms: float, words: str
) -> None:
    figures = Statistics(has_packets=True, latency_ms=latency_ms, fps=30)
    page.render_state(joined().apply(LinkChanged("connected")).apply(Measured(figures)))
    readout = page.controls._readout
    assert readout.text() == words
    assert readout.width() >= readout.fontMetrics().horizontalAdvance(words)


def test_slate_when_the_host_is_away_and_no_picture_came_then_shows_the_room_as_it_looked(
    page: RoomPage, qtbot: QtBot
) -> None:
    away = joined().apply(room_events.BroadcastAway(room_id=ROOM, broadcast_id=LIVE.broadcast_id))
    page.render_state(away)
    page.render_state(away)
    (asked,) = page._loop.submitted  # type: ignore[attr-defined]  # the fake has it
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    picture.fill(0x2060C0)
    buffer = QBuffer()
    picture.save(buffer, "JPG")  # type: ignore[call-overload]  # a device will do
    asked.set_result(bytes(buffer.data().data()))
    qtbot.waitUntil(lambda: page.stage._cover is not None, timeout=30_000)


def test_slate_when_there_is_no_small_picture_then_stands_on_its_own_ground(
    page: RoomPage, qtbot: QtBot
) -> None:
    page.render_state(
        joined().apply(room_events.BroadcastAway(room_id=ROOM, broadcast_id=LIVE.broadcast_id))
    )
    told: list[bytes] = []
    (asked,) = page._loop.submitted  # type: ignore[attr-defined]  # the fake has it
    page._door.deliver(asked, told.append, lambda _error: None)
    asked.set_result(b"")
    qtbot.waitUntil(lambda: told == [b""], timeout=30_000)
    assert page.stage._cover is None
