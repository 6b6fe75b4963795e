"""The list of what is said: names by role, replies, mentions, unread marker, search, copy.

Every word is drawn as plain text. While somebody reads older messages the list stands still, keeps
counting what is new, and offers the way back to the newest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QListView, QMenu, QPushButton, QVBoxLayout, QWidget

from app.state.chat_rows import ROWS_MAX, ChatNotes, ChatRow, ChatRows, Viewer
from app.state.keeping import Target
from app.ui.chat.chat_model import ChatModel, describe
from app.ui.chat.chat_painter import ChatPainter, ChatWords
from app.ui.chat.chat_search import ChatSearch
from app.ui.plain_text import PlainLabel, button_text
from app.ui.theme import current

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.ui.room_emotes import RoomEmotes
    from wire.event_base import DanmakuPosted, UserInfo
    from wire.ids import MessageId

VIEW_HEIGHT_MIN: Final = 48
"""Where cards stand above it in a small window."""
GATHER_MS: Final = 150
"""Appending lays all rows out again, 7 ms of them at 1,000: a busy room is shown in bunches."""
END_PX: Final = 8
"""As near to the newest message as this counts as being there."""
ROWS_WHILE_READING_MAX: Final = 2 * ROWS_MAX
"""While somebody reads further up old rows stay, so that the text does not move away."""


class _View(QListView):
    """Says where the user asks for a row's menu."""

    menu_wanted = Signal(QModelIndex, QPoint)
    """With a place on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.is_on_name: Callable[[QModelIndex, QPoint], bool] = lambda _index, _point: False
        self.setMouseTracking(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        shape = Qt.CursorShape.ArrowCursor
        if self._is_name_at(point):
            shape = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self._is_name_at(point):
            self.menu_wanted.emit(self.indexAt(point), event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        if index.isValid():
            self.menu_wanted.emit(index, place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and index.isValid():
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_wanted.emit(index, place)
            event.accept()
            return
        super().keyPressEvent(event)

    def _is_name_at(self, point: QPoint) -> bool:
        index = self.indexAt(point)
        return index.isValid() and self.is_on_name(index, point)


class ChatList(QWidget):
    """Shared by Room and Studio; whoever owns it hands over messages and answers the wishes."""

    reply_wanted = Signal(str, str)
    """A message's id and its writer's name."""
    mention_wanted = Signal(str)
    blocked = Signal(str)
    """A user's id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ChatRows()
        self.may_write = False
        self.extend_menu: Callable[[QMenu, Target], None] = lambda _menu, _target: None
        """Adds what may be done with a message and its writer beyond reading."""
        self._messages: tuple[DanmakuPosted, ...] = ()
        self._gone: tuple[MessageId, ...] = ()
        self._unread = 0
        self._hidden = 0
        self._is_at_end = True
        self._notes = ChatNotes()
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(GATHER_MS)
        self._gathering.timeout.connect(self.flush)
        self.model = ChatModel(self)
        self.view = _View()
        self.view.setObjectName("chat")
        self.view.setModel(self.model)
        self._painter = ChatPainter(self.view, self.model)
        self.view.setItemDelegate(self._painter)
        self.view.is_on_name = self._painter.is_on_name
        self.view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setTabKeyNavigation(False)
        self._empty = PlainLabel(self.view.viewport())
        self._empty.setProperty("soft", True)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._jump = QPushButton()
        self._jump.setProperty("kind", "primary")
        self._jump.hide()
        self._unblock = QPushButton()
        self._unblock.setProperty("kind", "quiet")
        self._unblock.hide()
        self._foot = PlainLabel()
        self._foot.setProperty("soft", True)
        self._foot.hide()
        self.search = ChatSearch(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.view.setMinimumHeight(VIEW_HEIGHT_MIN)
        column.setSpacing(4)
        for widget in (self.search, self.view, self._jump, self._unblock, self._foot):
            column.addWidget(widget, 1 if widget is self.view else 0)
        self.setFocusProxy(self.view)
        self._connect()
        self.retranslate()

    def show_messages(
        self, messages: Sequence[DanmakuPosted], gone: tuple[MessageId, ...] = ()
    ) -> None:
        """All that the state holds; what is new among them is appended, at once or in a moment.

        `gone` are those that were deleted: they leave at once.
        """
        if messages is self._messages:
            return
        self._messages = tuple(messages)
        if gone is not self._gone:
            self._take_away(gone)
        if not self._gathering.isActive():
            self.flush()

    def flush(self) -> None:
        """Append what waits."""
        fresh = self.rows.take(self._messages)
        notes = self._notes.take(self._messages[-1].message_id if self._messages else "")
        if not fresh and not notes:
            return
        self._gathering.start()
        was_at_end = self._is_at_end
        if fresh and (not was_at_end or not self.isVisible()):
            self._mark_unread(fresh)
        elif not self._unread:
            self._painter.unread_id = ""
        is_reading = not was_at_end
        rows_max = ROWS_WHILE_READING_MAX if is_reading else ROWS_MAX
        self.model.append([*fresh, *notes], rows_max=rows_max)
        if was_at_end:
            self.view.scrollToBottom()
        self._show_state()

    def _take_away(self, gone: tuple[MessageId, ...]) -> None:
        fresh = set(gone) - set(self._gone)
        restored = set(self._gone) - set(gone)
        self._gone = gone
        self.rows.drop(fresh)
        self.model.remove(fresh)
        if any(message.message_id in restored for message in self._messages):
            self._write_anew()
        self._show_state()

    def note(self, words: str, key: str = "", *, goes_on: bool = False) -> None:
        """A line that nobody wrote: something was given. One that goes on takes the place of the
        last one with its key: a combo is one line that grows."""
        changed = self._notes.add(words, key, goes_on=goes_on)
        if changed is not None:
            self._painter.forget_height(changed.message_id)
            self.model.replace(changed)
        elif not self._gathering.isActive():
            self.flush()

    def clear(self) -> None:
        """Another room."""
        self._gathering.stop()
        self._messages, self._gone = (), ()
        self._notes.clear()
        self._unread, self._is_at_end = 0, True
        self.rows.forget()
        self._painter.unread_id = ""
        self._painter.forget_heights()
        self.model.clear()
        self.search.close_bar()
        self._show_state()

    def set_viewer(self, user: UserInfo | None) -> None:
        """Who looks, None for a guest: their mentions are marked, also in what is shown already."""
        viewer = Viewer(user.user_id, user.name) if user else Viewer()
        if viewer != self.rows.viewer:
            self.rows.viewer = viewer
            self._write_anew()

    def set_hidden_count(self, hidden: int) -> None:
        """How many danmaku did not fly because the stage was full."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._show_state()

    def use_emotes(self, emotes: RoomEmotes) -> None:
        """Those of the room that this shows."""
        self._painter.emotes = emotes
        emotes.changed.connect(self._on_emotes)

    def set_empty_words(self, words: str) -> None:
        self._empty.setText(words)

    def block(self, user_id: str) -> None:
        """Nothing of theirs is shown any more."""
        self.rows.blocked.add(user_id)  # type: ignore[arg-type] # an id in a signal is plain text
        self.blocked.emit(user_id)
        self._write_anew()

    def retranslate(self) -> None:
        self.view.setAccessibleName(self.tr("Chat"))
        self._painter.words = ChatWords(
            badges={
                "streamer": self.tr("host"),
                "moderator": self.tr("mod"),
                "admin": self.tr("admin"),
            },
            unread=self.tr("New"),
            unknown_quote=self.tr("An earlier message"),
        )
        self._painter.forget_heights()
        self.search.retranslate()
        self._show_state()
        self.view.doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_empty()
        if self._is_at_end:
            self.view.scrollToBottom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_selected()
            return
        super().keyPressEvent(event)

    def _on_emotes(self) -> None:
        self._painter.forget_heights()
        self.view.doItemsLayout()
        self.view.viewport().update()
        if self._is_at_end:
            self.view.scrollToBottom()

    # --- within -----------------------------------------------------------------------------------

    def _connect(self) -> None:
        bar = self.view.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        self._jump.clicked.connect(self._on_jump)
        self._unblock.clicked.connect(self._on_unblock)
        self.view.menu_wanted.connect(self._on_menu)
        self.search.needle_changed.connect(self._on_needle)
        self.search.row_wanted.connect(self._on_row_wanted)
        current.changed.connect(self._on_theme)

    def _mark_unread(self, fresh: Sequence[ChatRow]) -> None:
        if not self._unread:
            self._painter.unread_id = fresh[0].message_id
        self._unread += len(fresh)

    def _write_anew(self) -> None:
        messages = self._messages
        self.rows.forget()
        self._painter.forget_heights()
        self.model.clear()
        self.model.append(self._notes.put_between(messages, self.rows.take(messages)))
        self._is_at_end = True
        self._unread = 0
        self.view.scrollToBottom()
        self._show_state()

    def _show_state(self) -> None:
        self._jump.setVisible(not self._is_at_end)
        words = self.tr("Jump to newest")
        if self._unread:
            words = self.tr("Jump to newest (%n)", "", self._unread)
        self._jump.setText(words)
        blocked = len(self.rows.blocked)
        self._unblock.setVisible(blocked > 0)
        self._unblock.setText(self.tr("%n blocked: show again", "", blocked))
        self._foot.setVisible(self._hidden > 0)
        self._foot.setText(self.tr("%n danmaku hidden", "", self._hidden))
        self._empty.setVisible(self.model.rowCount() == 0)
        self._place_empty()
        self.search.show_rows(self.model.search(self.search.needle))

    def _place_empty(self) -> None:
        self._empty.setGeometry(self.view.viewport().rect().adjusted(16, 16, -16, -16))

    def _on_scrolled(self, value: int) -> None:
        is_at_end = value >= self.view.verticalScrollBar().maximum() - END_PX
        if is_at_end == self._is_at_end:
            return
        self._is_at_end = is_at_end
        if is_at_end:
            self._unread = 0
        self._show_state()

    def _on_jump(self) -> None:
        self._is_at_end, self._unread = True, 0
        self.view.scrollToBottom()
        self.view.setFocus()
        self._show_state()

    def _on_unblock(self) -> None:
        self.rows.blocked.clear()
        self._write_anew()
        self.view.setFocus()

    def _on_theme(self) -> None:
        self.view.viewport().update()

    def _on_needle(self, needle: str) -> None:
        self._painter.needle = needle
        self.search.show_rows(self.model.search(needle))
        self.view.viewport().update()

    def _on_row_wanted(self, number: int) -> None:
        index = self.model.index(number)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def _on_menu(self, index: QModelIndex, place: QPoint) -> None:
        self.make_menu(self.model.row(index.row())).popup(place)

    def make_menu(self, row: ChatRow) -> QMenu:
        """What one may do with a message and its writer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_own = row.user_id == self.rows.viewer.user_id
        is_note = not row.user_id
        if self.may_write and not is_note:
            reply = menu.addAction(self.tr("Reply"))
            reply.triggered.connect(lambda: self.reply_wanted.emit(row.message_id, row.name))
            mention = menu.addAction(self.tr("Mention"))
            mention.triggered.connect(lambda: self.mention_wanted.emit(row.name))
        copy = menu.addAction(self.tr("Copy"))
        copy.triggered.connect(lambda: self._copy([row]))
        if not is_own and not is_note:
            menu.addSeparator()
            words = self.tr("Block {name}").replace("{name}", row.name)
            block = menu.addAction(button_text(words))
            block.triggered.connect(lambda: self.block(row.user_id))
        if not is_note:
            target = Target(row.message_id, row.user_id, row.name, row.role, row.text)
            self.extend_menu(menu, target)
        return menu

    def _copy_selected(self) -> None:
        numbers = sorted(index.row() for index in self.view.selectedIndexes())
        self._copy([self.model.row(number) for number in numbers])

    def _copy(self, rows: Sequence[ChatRow]) -> None:
        if rows:
            QGuiApplication.clipboard().setText("\n".join(describe(row) for row in rows))
