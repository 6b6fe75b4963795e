"""What is said in the room, and the box to say something. Every word is plain text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.danmaku.lanes import Mode
from app.state.chat_rows import complete_mention
from app.state.room import RoomState
from app.ui.chat.above import AboveChat
from app.ui.chat.chat_list import ChatList
from app.ui.chat.emote_picker import EmotePicker
from app.ui.chat.writing import NameCompleter, ReplyChip
from app.ui.errors_in_words import explain_code, explain_failure
from app.ui.keeping.raid_banner import RaidBanner
from app.ui.keeping.words import describe_own
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.room.swatches import SWATCHES, make_swatch
from app.ui.room_title import room_title
from app.ui.theme.icons import icon
from app.ui.theme.kinds import set_kind
from wire.errors import ErrorCode
from wire.limits import DANMAKU_CHARACTERS_MAX
from wire.permissions import Action

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.state.keeping import OwnSanction
    from app.ui.room_emotes import RoomEmotes


CHOICE_WIDTH_MIN: Final = 56
_COUNT_FROM: Final = DANMAKU_CHARACTERS_MAX - 40
WAITING_CODES: Final = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.SLOW_MODE})
"""Refused for now, through nobody's judgement."""
_MODES: Final = (Mode.SCROLL_RTL, Mode.TOP, Mode.BOTTOM)
_SIZES: Final = ("small", "normal", "large")
_NORMAL: Final = _SIZES.index("normal")


class ChatPanel(QWidget):
    """Renders a RoomState; `sent` carries text, mode, colour and size, `wanted` a command."""

    sent = Signal(str, int, int, str)
    size_chosen = Signal(str)
    sign_in_wanted = Signal()
    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RoomState()
        self._room_id: str | None = None
        self._under_way = ""
        """Sent, and not answered: pressed once more it is not said twice."""
        self.list = ChatList()
        self._above, self.raid = AboveChat(), RaidBanner()
        self._reply = ReplyChip()
        self.input = QLineEdit()
        self.input.setMaxLength(DANMAKU_CHARACTERS_MAX)
        self._send = QPushButton()
        self._send.setProperty("kind", "primary")
        self._color = QComboBox()
        self._mode = QComboBox()
        self._size = QComboBox()
        self.emote_button, self.picker = QToolButton(), EmotePicker(self)
        self.emote_button.setIcon(icon("emote"))
        self._hint = PlainLabel()
        self._hint.setWordWrap(True)
        self._hint.setProperty("kind", "warn")
        self._countdown = QTimer(self)
        self._countdown.setInterval(250)
        self._countdown.timeout.connect(self._show_hint)
        self._lay_out()
        self.input.returnPressed.connect(self._on_send)
        self.input.textChanged.connect(self._on_edited)
        self._send.clicked.connect(self._on_button)
        self._size.activated.connect(lambda index: self.size_chosen.emit(_SIZES[index]))
        self.emote_button.clicked.connect(lambda: self.picker.pop_up_above(self.emote_button))
        self.picker.chosen.connect(self._on_emote)
        self._reply.cancelled.connect(self.input.setFocus)
        self.list.reply_wanted.connect(self._on_reply)
        self.list.mention_wanted.connect(self._on_mention)
        self._above.wanted.connect(self.wanted)
        self.raid.wanted.connect(self.wanted)
        NameCompleter(self.input, self.list.rows.complete)
        self.retranslate()
        self._size.setCurrentIndex(_NORMAL)

    def render_state(self, state: RoomState) -> None:
        if state.room_id != self._room_id:
            self._room_id = state.room_id
            self._under_way = ""
            self.list.clear()
            self._reply.end()
        before, self._state = self._state, state
        self.list.show_messages(state.messages, state.keeping.gone)
        self._above.render_lead(state.lead, state.kept.keeps_room_id)
        self.raid.render_kept(state.kept)
        if before.sending is not None and state.sending is None:
            self.end_sending(before.sending, is_taken=state.send_refusal is None)
        if state.send_refusal is not before.send_refusal and self._seconds_left() > 0:
            self._countdown.start()
        self._update_controls()
        self._show_hint()

    @property
    def reply_to(self) -> str:
        """The message that the next one answers; empty for none."""
        return self._reply.message_id

    def end_sending(self, text: str, *, is_taken: bool) -> None:
        """What was taken leaves the box, what was refused stays.

        States come at most every so often: one may tell neither that a text was sent nor that it
        was answered.
        """
        self._under_way = ""
        if is_taken and self.input.text().strip() == text:
            self.input.clear()
            self._reply.end()

    def note(self, words: str, key: str = "", *, goes_on: bool = False) -> None:
        """A line that nobody wrote: something was given; see ChatList.note."""
        self.list.note(words, key, goes_on=goes_on)

    def choose_size(self, size: str) -> None:
        """As it was left."""
        self._size.setCurrentIndex(_SIZES.index(size) if size in _SIZES else _NORMAL)

    def use_emotes(self, emotes: RoomEmotes) -> None:
        """Those of the room that this shows."""
        self.list.use_emotes(emotes)
        self.picker.use_emotes(emotes)

    def focus_input(self) -> None:
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def retranslate(self) -> None:
        self.list.retranslate()
        self._above.retranslate()
        self.raid.retranslate()
        self._reply.retranslate()
        self.input.setAccessibleName(self.tr("Your message"))
        names = (self.tr("Scrolling"), self.tr("Top"), self.tr("Bottom"))
        _refill(self._mode, names)
        self._mode.setAccessibleName(self.tr("Where it flies"))
        _refill(self._size, (self.tr("Small"), self.tr("Normal"), self.tr("Large")))
        self._size.setAccessibleName(self.tr("Text size"))
        self._color.setAccessibleName(self.tr("Colour"))
        self.emote_button.setAccessibleName(self.tr("Emotes"))
        set_tooltip(self.emote_button, self.tr("Emotes"))
        self.picker.retranslate()
        colors = (
            self.tr("White"),
            self.tr("Red"),
            self.tr("Orange"),
            self.tr("Yellow"),
            self.tr("Green"),
            self.tr("Blue"),
            self.tr("Violet"),
        )
        _refill(self._color, colors)
        for index, color in enumerate(SWATCHES):
            self._color.setItemIcon(index, make_swatch(color))
        self._update_controls()
        self._show_hint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.input.hasFocus():
            self.input.clearFocus()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._color.setIconSize(QSize(16, 16))
        choices = QHBoxLayout()
        choices.setSpacing(4)
        for box in (self._mode, self._color, self._size):
            set_kind(box, "compact")
            # As wide as its words: the three of them fit side by side.
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(CHOICE_WIDTH_MIN)
            choices.addWidget(box)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.input, 1)
        line.addWidget(self.emote_button)
        line.addWidget(self._send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.raid)
        layout.addWidget(self._above)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._hint)
        layout.addWidget(self._reply)
        layout.addLayout(choices)
        layout.addLayout(line)

    @property
    def _is_guest(self) -> bool:
        return self._state.phase == "joined" and self._state.role == "guest"

    def _on_button(self) -> None:
        (self.sign_in_wanted.emit if self._is_guest else self._on_send)()

    def _on_send(self) -> None:
        text = self.input.text().strip()
        if not text or not self._state.can_send or self._seconds_left() > 0:
            return
        if text == self._under_way:
            return
        self._under_way = text
        mode = _MODES[max(0, self._mode.currentIndex())]
        color = SWATCHES[max(0, self._color.currentIndex())]
        size = _SIZES[max(0, self._size.currentIndex())]
        self.sent.emit(text, int(mode), color, size)

    def _on_reply(self, message_id: str, name: str) -> None:
        self._reply.begin(message_id, name)
        self.focus_input()

    def _on_mention(self, name: str) -> None:
        text = self.input.text()
        self.input.setText(complete_mention(f"{text} " if text else "", name))
        self.focus_input()

    def _on_emote(self, name: str) -> None:
        self.input.insert(f":{name}: ")
        self.focus_input()

    def _on_edited(self) -> None:
        self._update_controls()
        self._show_hint()

    def _seconds_left(self) -> int:
        refusal = self._state.send_refusal
        if refusal is None or refusal.retry_at_mono_ms is None:
            return 0
        left_ms = refusal.retry_at_mono_ms - time.monotonic_ns() // 1_000_000
        return max(0, -(-left_ms // 1000))

    def _update_controls(self) -> None:
        is_member = self._state.phase == "joined" and self._state.role != "guest"
        sanction = self._find_sanction()
        may_write = is_member and sanction is None
        self.list.may_write = may_write
        for widget in (self.input, self._mode, self._color, self._size):
            widget.setEnabled(may_write)
        self.emote_button.setVisible(may_write)
        self.picker.manage.setVisible(self._state.kept.may(Action.MANAGE_EMOTES))
        has_text = bool(self.input.text().strip())
        can_send = may_write and self._state.can_send and has_text
        is_guest = self._is_guest
        self._send.setText(self.tr("Sign in") if is_guest else self.tr("Send"))
        self._send.setAccessibleName(
            self.tr("Sign in to write") if is_guest else self.tr("Send the message")
        )
        self._send.setEnabled(is_guest or (can_send and self._seconds_left() == 0))
        if is_member and sanction is not None:
            self.input.setPlaceholderText(self.tr("You are muted"))
        elif is_guest:
            self.input.setPlaceholderText(self.tr("Sign in to write"))
        elif self._state.phase == "refused":
            self.input.setPlaceholderText(self.tr("You are not in this room"))
        else:
            self.input.setPlaceholderText(self.tr("Say something"))
        is_out = self._state.phase != "joined"
        words = "" if is_out else self.tr("Nobody has said anything yet. Be the first.")
        self.list.set_empty_words(words)

    def _show_hint(self) -> None:
        words = self._hint_words()
        self._hint.setText(words)
        self._hint.setVisible(bool(words))
        sanction = self._find_sanction()
        is_counting = sanction is not None and sanction.until_mono_ms is not None
        if is_counting and not self._countdown.isActive():
            self._countdown.start()
        if not is_counting and self._seconds_left() == 0 and self._countdown.isActive():
            self._countdown.stop()
            self._update_controls()

    def _find_sanction(self) -> OwnSanction | None:
        """None outside a room: the stage says why one is out."""
        if self._state.phase != "joined":
            return None
        return self._state.keeping.find_own(time.monotonic_ns() // 1_000_000)

    def _hint_words(self) -> str:
        sanction, room = self._find_sanction(), self._state.room
        if sanction is not None:
            name = room_title(room) if room is not None else ""
            return describe_own(sanction, name, time.monotonic_ns() // 1_000_000)
        length = len(self.input.text())
        words = self._refusal_words()
        if not words and self._state.is_last_held and not length:
            words = self.tr("Your message waits until it is let through.")
        elif not words and length >= _COUNT_FROM:
            words = f"{length} / {DANMAKU_CHARACTERS_MAX}"
        return words

    def _refusal_words(self) -> str:
        refusal, seconds = self._state.send_refusal, self._seconds_left()
        if seconds and refusal is not None and refusal.code in WAITING_CODES:
            return self.tr("Too fast. You can send again in %n s.", "", seconds)
        if seconds and refusal is not None and refusal.code is not None:
            return explain_code(refusal.code, refusal.words, 1000 * seconds)
        if refusal is not None and refusal.code is not ErrorCode.RATE_LIMITED:
            reason = explain_failure(refusal.code, refusal.words)
            return self.tr("Not sent: {reason}").replace("{reason}", reason)
        return ""


def _refill(box: QComboBox, names: tuple[str, ...]) -> None:
    """New words, same choice."""
    chosen = max(0, box.currentIndex())
    box.clear()
    box.addItems(list(names))
    box.setCurrentIndex(chosen)
