"""The room's chat beside the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.state.chat_rows import complete_mention
from app.ui.chat.above import AboveChat
from app.ui.chat.chat_list import ChatList
from app.ui.chat.writing import NameCompleter, ReplyChip
from app.ui.keeping.keep_bar import KeepBar
from app.ui.keeping.person_menu import PersonMenu
from app.ui.keeping.raid_banner import RaidBanner
from app.ui.room.rounds_panel import RoundsPanel
from wire.limits import DANMAKU_CHARACTERS_MAX

if TYPE_CHECKING:
    from app.state.studio import StudioState
    from wire.ids import RoomId


class StudioChat(QWidget):
    """A refused text stays in the box: the page says what became of it by `end_saying`.

    `wanted` carries a command that keeps the room in order.
    """

    said = Signal(str)
    poll_wanted = Signal()
    draw_wanted = Signal()
    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room_id: RoomId | None = None
        self._under_way = ""
        """Said, and not answered: pressed once more it is not said twice."""
        self.list = ChatList()
        self.list.may_write = True
        self._reply = ReplyChip()
        self._input = QLineEdit()
        self._input.setMaxLength(DANMAKU_CHARACTERS_MAX)
        NameCompleter(self._input, self.list.rows.complete)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        self.keep, self.above, self.rounds = (
            KeepBar(),
            AboveChat(is_short=True),
            RoundsPanel(is_short=True),
        )
        self.people = PersonMenu(self)
        self.list.extend_menu = self.people.fill
        self.keep.queue.extend_menu = self.people.fill_order
        self.raid = RaidBanner()
        for widget in (self.keep, self.raid, self.above, self.rounds):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(self._reply)
        column.addWidget(self._input)
        self.poll_button, self.draw_button = QPushButton(self), QPushButton(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.poll_button, self.draw_button):
            row.addWidget(button)
        column.addLayout(row)
        self.poll_button.clicked.connect(self.poll_wanted)
        self.draw_button.clicked.connect(self.draw_wanted)
        for source in (self.keep, self.raid, self.above, self.rounds, self.people):
            source.wanted.connect(self.wanted)
        self._input.returnPressed.connect(self._on_return)
        self._reply.cancelled.connect(self._input.setFocus)
        self.list.reply_wanted.connect(self._on_reply)
        self.list.mention_wanted.connect(self._on_mention)
        self.retranslate()

    @property
    def reply_to(self) -> str:
        """The message that the next one answers; empty for none."""
        return self._reply.message_id

    def render_state(self, state: StudioState) -> None:
        kept = state.kept
        if kept.room_id != self._room_id:
            self._room_id = kept.room_id
            self.list.clear()
            self._reply.end()
        self.list.show_messages(state.chat, kept.keeping.gone)
        self.keep.render_kept(kept)
        self.raid.render_kept(kept)
        self.above.render_lead(kept.lead, kept.keeps_room_id)
        self.people.render_kept(kept)
        self.rounds.render_rounds(kept.rounds, may_play=False, closes_in=kept.keeps_room_id)

    def end_saying(self, text: str, *, is_taken: bool) -> None:
        """What was taken leaves the box; what was refused, or typed since, stays."""
        self._under_way = ""
        if is_taken and self._input.text().strip() == text:
            self._input.clear()
            self._reply.end()

    def retranslate(self) -> None:
        self.list.set_empty_words(self.tr("What is said in your room appears here."))
        self.list.retranslate()
        self._reply.retranslate()
        for panel in (self.keep, self.raid, self.above, self.rounds):
            panel.retranslate()
        self.poll_button.setText(self.tr("Poll…"))
        self.draw_button.setText(self.tr("Lucky draw…"))
        for button in (self.poll_button, self.draw_button):
            button.setAccessibleName(button.text())
        self._input.setPlaceholderText(self.tr("Say something"))
        self._input.setAccessibleName(self.tr("Say something"))

    def _on_return(self) -> None:
        text = self._input.text().strip()
        if text and not self._under_way:
            self._under_way = text
            self.said.emit(text)

    def _on_reply(self, message_id: str, name: str) -> None:
        self._reply.begin(message_id, name)
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_mention(self, name: str) -> None:
        text = self._input.text()
        self._input.setText(complete_mention(f"{text} " if text else "", name))
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)
