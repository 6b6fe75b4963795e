"""The chat list: stands still while somebody reads, finds, copies, blocks, stays bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from app.danmaku.emotes import EMOTES_MAX
from app.state.chat_rows import ROWS_MAX
from app.state.keeping import target_of
from app.ui.chat.chat_list import ROWS_WHILE_READING_MAX, ChatList
from app.ui.chat.chat_painter import PADDING_X, PADDING_Y
from app.ui.chat.row_text import EMOTE_GAP_PX, EMOTE_PX
from app.ui.chat.writing import NameCompleter, ReplyChip
from app.ui.theme import current
from tests.unit.app.state.test_room import posted
from wire import event_base
from wire.ids import MessageId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def say(number: int, text: str = "hello", *, by: str = "bob") -> event_base.DanmakuPosted:
    return msgspec.structs.replace(
        posted(number), text=text, name=by, user_id=UserId(f"id of {by}")
    )


@pytest.fixture
def chat(qtbot: QtBot) -> ChatList:
    chat = ChatList()
    qtbot.addWidget(chat)
    chat.resize(304, 300)
    chat.may_write = True
    chat.show()
    qtbot.waitExposed(chat)
    return chat


def texts(chat: ChatList) -> list[str]:
    chat.flush()
    return [str(chat.model.index(n).data()) for n in range(chat.model.rowCount())]


def fill(chat: ChatList, count: int) -> tuple[event_base.DanmakuPosted, ...]:
    messages = tuple(say(number, f"text {number}") for number in range(count))
    chat.show_messages(messages)
    chat.view.doItemsLayout()
    chat.view.scrollToBottom()
    return messages


def test_list_when_at_the_end_then_follows(chat: ChatList) -> None:
    messages = fill(chat, 40)
    chat.show_messages((*messages, say(41)))
    chat.flush()
    bar = chat.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    assert not chat._jump.isVisible()


def test_list_when_scrolled_up_then_stands_still_and_counts(chat: ChatList, qtbot: QtBot) -> None:
    messages = fill(chat, 40)
    chat.view.verticalScrollBar().setValue(10)
    chat.show_messages((*messages, say(41), say(42)))
    chat.flush()
    assert chat.view.verticalScrollBar().value() == 10
    assert "2" in chat._jump.text()
    assert chat._painter.unread_id == "m000041"
    qtbot.mouseClick(chat._jump, Qt.MouseButton.LeftButton)
    bar = chat.view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert not chat._jump.isVisible()


def test_list_in_a_busy_room_gathers_for_a_moment(chat: ChatList, qtbot: QtBot) -> None:
    chat.show_messages([say(1)])
    chat.show_messages([say(1), say(2)])
    assert chat.model.rowCount() == 1
    qtbot.waitUntil(lambda: chat.model.rowCount() == 2)


def test_list_stays_bounded(chat: ChatList) -> None:
    for start in range(0, 3 * ROWS_MAX, 500):
        chat.show_messages([say(n) for n in range(start, start + 500)])
        chat.flush()
    assert chat.model.rowCount() <= ROWS_MAX
    chat.view.verticalScrollBar().setValue(10)
    for start in range(3 * ROWS_MAX, 6 * ROWS_MAX, 500):
        chat.show_messages([say(n) for n in range(start, start + 500)])
        chat.flush()
    assert chat.model.rowCount() <= ROWS_WHILE_READING_MAX


def test_block_when_chosen_then_hides_and_can_be_undone(chat: ChatList, qtbot: QtBot) -> None:
    told: list[str] = []
    chat.blocked.connect(told.append)
    chat.show_messages([say(1), say(2, by="eve")])
    menu = chat.make_menu(chat.model.row(1))
    next(action for action in menu.actions() if "eve" in action.text()).trigger()
    assert (texts(chat), told) == (["bob: hello"], ["id of eve"])
    qtbot.mouseClick(chat._unblock, Qt.MouseButton.LeftButton)
    assert texts(chat) == ["bob: hello", "eve: hello"]
    menu.deleteLater()


def test_menu_of_ones_own_message_has_no_block(chat: ChatList) -> None:
    chat.set_viewer(event_base.UserInfo(user_id=UserId("id of bob"), name="bob"))
    chat.show_messages([say(1)])
    menu = chat.make_menu(chat.model.row(0))
    assert not any("bob" in action.text() for action in menu.actions())
    menu.deleteLater()


def test_name_is_found_under_the_pointer_and_the_text_is_not(chat: ChatList) -> None:
    chat.show_messages([say(1, "a long text that fills the line")])
    rect = chat.view.visualRect(chat.model.index(0))
    on_name = rect.topLeft() + QPoint(PADDING_X + 4, PADDING_Y + 4)
    on_text = on_name + QPoint(150, 0)
    assert chat.view.is_on_name(chat.model.index(0), on_name)
    assert not chat.view.is_on_name(chat.model.index(0), on_text)


def test_search_goes_from_the_newest_up_and_round(chat: ChatList, qtbot: QtBot) -> None:
    chat.show_messages([say(1, "Apple"), say(2, "pear"), say(3, "apple pie")])
    chat.search.open_bar()
    qtbot.keyClicks(chat.search.input, "APPLE")
    assert chat.view.currentIndex().row() == 2
    qtbot.keyClick(chat.search.input, Qt.Key.Key_Return)
    assert chat.view.currentIndex().row() == 0
    qtbot.keyClick(chat.search.input, Qt.Key.Key_Return)
    assert chat.view.currentIndex().row() == 2
    qtbot.keyClick(chat.search.input, Qt.Key.Key_Escape)
    assert chat.search.isHidden()
    assert chat._painter.needle == ""


def test_copy_takes_the_chosen_rows_as_text(chat: ChatList, qtbot: QtBot) -> None:
    chat.show_messages([say(1, "<b>one</b>"), say(2, "two"), say(3, "three")])
    chat.view.setFocus()
    chat.view.setCurrentIndex(chat.model.index(0))
    chat.view.selectionModel().select(
        chat.model.index(2), chat.view.selectionModel().SelectionFlag.Select
    )
    qtbot.keyClick(chat.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "bob: <b>one</b>\nbob: three"


def test_mention_of_a_viewer_that_becomes_known_is_marked(chat: ChatList) -> None:
    chat.show_messages([say(1, "hi @ada")])
    assert not chat.model.row(0).is_mention
    chat.set_viewer(event_base.UserInfo(user_id=UserId("id of ada"), name="ada"))
    assert chat.model.row(0).is_mention


def test_another_room_begins_anew(chat: ChatList) -> None:
    chat.show_messages([say(1)])
    chat.clear()
    assert texts(chat) == []
    assert chat._empty.isVisible()


def test_hidden_danmaku_are_counted_at_the_foot(chat: ChatList) -> None:
    assert not chat._foot.isVisible()
    chat.set_hidden_count(37)
    assert chat._foot.isVisible()
    assert "37" in chat._foot.text()


def test_completer_writes_a_name_after_the_at_sign(qtbot: QtBot) -> None:
    box = QLineEdit()
    qtbot.addWidget(box)
    completer = NameCompleter(box, lambda begun: ["bob b"] if "bob".startswith(begun) else [])
    box.setText("hi @bo")
    completer.setCompletionPrefix(box.text())
    completer.splitPath(box.text())
    assert completer.pathFromIndex(completer.model().index(0, 0)) == "hi @bob b "
    assert completer.splitPath("no name")[0] == "\uffff"


def test_reply_chip_is_cancelled_by_its_button(qtbot: QtBot) -> None:
    chip = ReplyChip()
    qtbot.addWidget(chip)
    chip.begin(MessageId("m1"), "<b>bob</b>")
    assert "<b>bob</b>" in chip._words.text()
    qtbot.mouseClick(chip._cancel, Qt.MouseButton.LeftButton)
    assert (chip.message_id, chip.isHidden()) == ("", True)


def test_notes_when_all_is_written_anew_then_stand_where_they_were(chat: ChatList) -> None:
    chat.show_messages([say(1, "first")])
    chat.flush()
    chat.note("Ana gives a flower")
    chat.flush()
    chat.show_messages([say(1, "first"), say(2, "second", by="ana")])
    chat.flush()
    chat.note("Bob gives a castle")
    before = texts(chat)
    assert before == ["bob: first", "Ana gives a flower", "ana: second", "Bob gives a castle"]
    chat.set_viewer(event_base.UserInfo(user_id=UserId("id of ana"), name="ana"))
    assert texts(chat) == before
    chat.block("id of ana")
    assert texts(chat) == [before[0], before[1], before[3]]
    chat._on_unblock()
    assert texts(chat) == before
    chat.clear()
    assert texts(chat) == []


def test_notes_in_a_busy_room_are_gathered_with_what_is_said(chat: ChatList) -> None:
    chat.show_messages([say(1, "first")])
    chat.note("Ana gives a flower")
    assert chat.model.rowCount() == 1
    assert texts(chat) == ["bob: first", "Ana gives a flower"]


def test_emote_when_said_then_is_a_picture_in_its_place(chat: ChatList) -> None:
    chat.show_messages([say(1, "a :heart: b"), say(2, "a :nothing: b"), say(3, ":cat:" * 60)])
    chat.view.doItemsLayout()
    painter, rows = chat._painter, chat.model
    laid_out = painter._lay_out(rows.row(0), 304, current.theme())
    assert laid_out.emotes == ((len("bob  a "), "heart"),)
    assert laid_out.layout.text() == "bob  a \u00a0 b"
    assert painter._lay_out(rows.row(1), 304, current.theme()).emotes == ()
    many = painter._lay_out(rows.row(2), 304, current.theme())
    assert len(many.emotes) == EMOTES_MAX
    assert many.layout.lineCount() > 1, "they wrap as words do"
    assert texts(chat)[0] == "bob: a :heart: b", "as it is copied and read out"
    top = chat.view.visualRect(rows.index(0))
    line = laid_out.layout.lineAt(0)
    left = line.cursorToX(laid_out.emotes[0][0])[0]
    right = line.cursorToX(laid_out.emotes[0][0] + 1)[0]
    assert right - left == pytest.approx(EMOTE_PX + EMOTE_GAP_PX, abs=1)
    picture = chat.view.viewport().grab().toImage()
    ratio = chat.view.devicePixelRatioF()
    middle = QPoint(round(PADDING_X + (left + right) / 2), top.center().y()) * ratio
    color = picture.pixelColor(middle)
    assert color.red() > 180 > color.green(), "the heart is red"


def test_notes_when_a_combo_goes_on_then_its_line_grows_where_it_stands(chat: ChatList) -> None:
    chat.note("Ana gave a flower", "ana flower")
    chat.note("Bob gave a castle", "bob castle")
    chat.flush()
    chat.note("Ana gave a flower ×2", "ana flower", goes_on=True)
    chat.note("Ana gave a flower ×3", "ana flower", goes_on=True)
    assert texts(chat) == ["Ana gave a flower ×3", "Bob gave a castle"]
    chat.note("Ana gave a flower", "ana flower")
    chat.note("Ana gave a flower ×2", "ana flower", goes_on=True)
    grown = ["Ana gave a flower ×3", "Bob gave a castle", "Ana gave a flower ×2"]
    assert texts(chat) == grown
    chat.set_viewer(event_base.UserInfo(user_id=UserId("id of ana"), name="ana"))
    assert texts(chat) == grown


def test_list_when_messages_are_deleted_then_they_and_their_quotes_go_and_come_back(
    chat: ChatList,
) -> None:
    answer = msgspec.structs.replace(say(3, "right"), reply_to=posted(1).message_id)
    messages = (say(1, "rude"), say(2, "hello"), answer)
    chat.show_messages(messages)
    chat.flush()
    assert chat.model.row(2).quoted == ("bob", "rude")
    gone = (posted(1).message_id,)
    chat.show_messages(messages[1:], gone)
    assert texts(chat) == ["bob: hello", "bob: right"]
    assert chat.model.row(1).quoted == ("", "")
    chat.show_messages(messages, ())
    assert texts(chat) == ["bob: rude", "bob: hello", "bob: right"]
    assert chat.model.row(2).quoted == ("bob", "rude")


def test_menu_when_something_extends_it_then_gets_the_message_and_its_writer(
    chat: ChatList,
) -> None:
    seen: list[object] = []
    chat.extend_menu = lambda _menu, target: seen.append(target)
    chat.show_messages((say(1, "hello"),))
    chat.flush()
    chat.make_menu(chat.model.row(0))
    assert seen == [target_of(say(1, "hello"))]
    chat.note("Somebody gave a castle")
    chat.flush()
    chat.make_menu(chat.model.row(1))
    assert len(seen) == 1, "nobody wrote a note"
