"""Chat: plain text whatever comes, and the refused text stays in the box."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.state.keeping import OwnSanction, OwnSanctionsRead
from app.state.room import Joined, RoomState, SendBegun, SendEnded
from app.ui.room.chat_panel import ChatPanel
from tests.unit.app.state.test_room import joined, posted
from wire import event_base, room_events
from wire.errors import ErrorCode
from wire.ids import MessageId, RoomId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = '<img src="file:///etc/passwd"><b>x</b>\u2029fake  line\nanother'


@pytest.fixture
def panel(qtbot: QtBot) -> ChatPanel:
    panel = ChatPanel()
    qtbot.addWidget(panel)
    panel.resize(304, 500)
    panel.show()
    panel.render_state(joined())
    return panel


def lines(panel: ChatPanel) -> list[str]:
    panel.list.flush()
    model = panel.list.model
    return [str(model.index(number).data()) for number in range(model.rowCount())]


def test_a_strangers_name_and_text_stay_plain_and_in_one_line(panel: ChatPanel) -> None:
    hostile = event_base.DanmakuPosted(
        room_id=RoomId("r1"),
        message_id=MessageId("m9"),
        user_id=UserId("u9"),
        name=HOSTILE,
        role="viewer",
        text=HOSTILE,
        sent_at_unix_ms=0,
    )
    panel.render_state(joined().apply(hostile))
    assert len(lines(panel)) == 2
    assert "<b>x</b>" in lines(panel)[1]


def test_each_message_is_shown_once_however_often_the_state_comes(panel: ChatPanel) -> None:
    state = joined().apply(posted(2))
    for _ in range(3):
        panel.render_state(state)
    assert [line.split(": ")[1] for line in lines(panel)] == ["text 1", "text 2"]


def test_another_room_begins_with_an_empty_list(panel: ChatPanel) -> None:
    panel.render_state(RoomState(room_id=RoomId("r2"), phase="joining"))
    assert lines(panel) == []


def test_accepted_text_leaves_the_box_and_refused_text_stays(
    panel: ChatPanel, qtbot: QtBot
) -> None:
    sent: list[tuple[str, int, int, str]] = []
    panel.sent.connect(lambda *what: sent.append(what))
    qtbot.keyClicks(panel.input, " hello ")
    qtbot.keyClick(panel.input, Qt.Key.Key_Return)
    assert sent == [("hello", 1, 0xFFFFFF, "normal")]

    sending = joined().apply(SendBegun("hello"))
    panel.render_state(sending)
    in_a_while = time.monotonic_ns() // 1_000_000 + 2_500
    panel.render_state(sending.apply(SendEnded(ErrorCode.RATE_LIMITED, "no", in_a_while)))
    assert panel.input.text() == " hello "
    assert "3" in panel._hint.text()
    assert not panel._send.isEnabled()

    panel.render_state(sending)
    panel.render_state(sending.apply(SendEnded()))
    assert panel.input.text() == ""
    assert not panel._hint.isVisible()


def test_text_when_enter_is_pressed_twice_before_the_answer_then_is_sent_once(
    panel: ChatPanel, qtbot: QtBot
) -> None:
    sent: list[str] = []
    panel.sent.connect(lambda text, *_rest: sent.append(text))
    panel.input.setText("hello")
    for _ in range(3):
        qtbot.keyClick(panel.input, Qt.Key.Key_Return)
    assert sent == ["hello"]
    panel.end_sending("hello", is_taken=False)
    qtbot.keyClick(panel.input, Qt.Key.Key_Return)
    assert sent == ["hello", "hello"]


def test_box_when_no_state_told_of_the_sending_then_is_emptied_all_the_same(
    panel: ChatPanel, qtbot: QtBot
) -> None:
    panel.input.setText("hello")
    qtbot.keyClick(panel.input, Qt.Key.Key_Return)
    panel.end_sending("hello", is_taken=True)
    assert panel.input.text() == ""
    panel.input.setText("and more")
    panel.end_sending("hello", is_taken=True)
    assert panel.input.text() == "and more", "what was typed since is nobody's to take"


def test_size_when_chosen_by_hand_then_is_sent_remembered_and_stays(
    panel: ChatPanel, qtbot: QtBot
) -> None:
    sent: list[str] = []
    chosen: list[str] = []
    panel.sent.connect(lambda _text, _mode, _color, size: sent.append(size))
    panel.size_chosen.connect(chosen.append)
    box = panel._size
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(box.view(), key)
    assert chosen == ["large"]
    panel.retranslate()
    for text in ("one", "two"):
        panel.input.setText(text)
        qtbot.keyClick(panel.input, Qt.Key.Key_Return)
    assert sent == ["large", "large"]
    assert chosen == ["large"], "new words are no choice"


def test_size_when_it_was_left_small_then_begins_so(panel: ChatPanel, qtbot: QtBot) -> None:
    sent: list[str] = []
    panel.sent.connect(lambda _text, _mode, _color, size: sent.append(size))
    panel.choose_size("small")
    panel.input.setText("psst")
    qtbot.mouseClick(panel._send, Qt.MouseButton.LeftButton)
    assert sent == ["small"]


def test_guest_reads_and_is_told_how_to_write(panel: ChatPanel) -> None:
    answer = room_events.RoomJoined(room=joined().room, role="guest")

    panel.render_state(joined().apply(Joined(answer)))
    assert not panel.input.isEnabled()
    assert panel.input.placeholderText()


def muted(until_mono_ms: int | None) -> OwnSanctionsRead:
    return OwnSanctionsRead(
        (OwnSanction("s1", "mute", "spam", "Ada", until_mono_ms=until_mono_ms),)
    )


def test_box_when_muted_then_says_why_and_how_long_and_is_back_when_it_is_over(
    panel: ChatPanel, qtbot: QtBot
) -> None:
    now_ms = time.monotonic_ns() // 1_000_000
    panel.input.setText("hello")
    panel.render_state(joined().apply(muted(now_ms + 540_000)))
    assert not panel.input.isEnabled()
    assert not panel._send.isEnabled()
    assert "for another 9 min. Reason from Ada: spam" in panel._hint.text()
    panel.render_state(joined().apply(muted(now_ms + 100)))
    qtbot.waitUntil(panel.input.isEnabled)
    assert panel._hint.text() == ""
    assert panel.input.text() == "hello"


def test_box_when_muted_for_ever_then_says_so(panel: ChatPanel) -> None:
    panel.render_state(joined().apply(muted(None)))
    assert "for ever" in panel._hint.text()
    panel.render_state(joined().apply(OwnSanctionsRead(())))
    assert panel.input.isEnabled()


def test_message_when_it_is_held_then_its_writer_is_told(panel: ChatPanel) -> None:
    panel.input.setText("hello")
    sending = joined().apply(SendBegun("hello"))
    panel.render_state(sending)
    panel.render_state(sending.apply(SendEnded(is_held=True)))
    assert panel._hint.text() == "Your message waits until it is let through."
    panel.input.setText("and")
    assert panel._hint.text() == ""
