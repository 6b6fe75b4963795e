"""In the room's header: follow its owner; for those who lead its chat, the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel
from app.ui.theme.icons import set_lead_icon
from wire import commands
from wire.limits import ANNOUNCEMENT_CHARACTERS_MAX, CHAT_DELAY_S_MAX, CHAT_SLOW_S_MAX

if TYPE_CHECKING:
    from app.state.room import RoomState

LEADERS = frozenset({"streamer", "moderator", "admin"})


class ChatRulesPanel(QFrame):
    """Pops up below its button. Says `wanted` with the commands to ask of the relay."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._state: RoomState | None = None
        self.slow, self.delay = NumberBox(), NumberBox()
        self.slow.setRange(0, CHAT_SLOW_S_MAX)
        self.delay.setRange(0, CHAT_DELAY_S_MAX)
        for box in (self.slow, self.delay):
            box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        self.followers, self.emoji = QCheckBox(), QCheckBox()
        self.announcement = QLineEdit()
        self.announcement.setMaxLength(ANNOUNCEMENT_CHARACTERS_MAX)
        self.announcement.setMinimumWidth(240)
        self.save = QPushButton()
        self.save.setProperty("kind", "primary")
        self._labels = (PlainLabel(), PlainLabel(), PlainLabel())
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        fields = (self.slow, self.delay, self.announcement)
        for label, field in zip(self._labels, fields, strict=True):
            form.addRow(label, field)
        for widget in (self.followers, self.emoji, self.save):
            form.addRow(widget)
        self.save.clicked.connect(self._on_save)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Chat rules"))
        names = (
            self.tr("Pause between messages"),
            self.tr("Show messages later by"),
            self.tr("Announcement"),
        )
        fields = (self.slow, self.delay, self.announcement)
        for label, field, name in zip(self._labels, fields, names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        for box in (self.slow, self.delay):
            box.setSuffix(self.tr(" s"))
            box.setSpecialValueText(self.tr("off"))
        self.followers.setText(self.tr("Only followers may write"))
        self.emoji.setText(self.tr("Only emoji"))
        self.save.setText(self.tr("Save"))

    def pop_up_below(self, anchor: QWidget, state: RoomState) -> None:
        self._state = state
        rules, announcement = state.lead.rules, state.lead.announcement
        self.slow.setValue(rules.slow_s)
        self.delay.setValue(rules.delay_s)
        self.followers.setChecked(rules.followers_only)
        self.emoji.setChecked(rules.emoji_only)
        self.announcement.setText(announcement.text if announcement else "")
        self.announcement.setCursorPosition(0)
        self.adjustSize()
        self.move(anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height() + 8)))
        self.show()
        self.slow.setFocus()

    def _on_save(self) -> None:
        state = self._state
        self.hide()
        if state is None or state.room_id is None:
            return
        self.wanted.emit(
            commands.SetChatRules(
                id=0,
                room_id=state.room_id,
                slow_s=self.slow.value(),
                delay_s=self.delay.value(),
                followers_only=self.followers.isChecked(),
                emoji_only=self.emoji.isChecked(),
                is_held=state.lead.rules.is_held,
            )
        )
        before = state.lead.announcement.text if state.lead.announcement else ""
        text = self.announcement.text().strip()
        if text != before:
            self.wanted.emit(commands.Announce(id=0, room_id=state.room_id, text=text))


class LeadHead(QWidget):
    """The buttons; `wanted` carries a command."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: RoomState | None = None
        self.follow, self.rules = QPushButton(), QPushButton()
        self.follow.setCheckable(True)
        set_lead_icon(self.rules, "sliders")
        self.panel = ChatRulesPanel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.follow)
        row.addWidget(self.rules)
        self.follow.clicked.connect(self._on_follow)
        self.rules.clicked.connect(self._on_rules)
        self.panel.wanted.connect(self.wanted)
        self.retranslate()

    def render_state(self, state: RoomState) -> None:
        self._state = state
        is_joined = state.phase == "joined" and state.room is not None
        self.follow.setVisible(is_joined and state.role not in {"guest", "streamer"})
        self.rules.setVisible(is_joined and state.role in LEADERS)
        is_following = state.lead.is_following
        self.follow.setChecked(is_following)
        words = self.tr("Following") if is_following else self.tr("Follow")
        self.follow.setText(words)
        self.follow.setAccessibleName(words)

    def retranslate(self) -> None:
        self.rules.setText(self.tr("Chat rules"))
        self.rules.setAccessibleName(self.tr("Chat rules"))
        self.panel.retranslate()
        if self._state is not None:
            self.render_state(self._state)

    def _on_follow(self) -> None:
        state = self._state
        if state is None or state.room is None:
            return
        self.follow.setChecked(state.lead.is_following)  # until the relay has taken it
        owner_id = state.room.owner.user_id
        self.wanted.emit(
            commands.FollowUser(id=0, user_id=owner_id, is_following=not state.lead.is_following)
        )

    def _on_rules(self) -> None:
        if self._state is not None:
            self.panel.pop_up_below(self.rules, self._state)
