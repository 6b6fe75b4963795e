"""The rules of a room's chat: what is on now, and the fields to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.keeping.place import place_popup
from app.ui.keeping.words import describe_rules
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel, set_tooltip
from wire import chat_commands
from wire.limits import ANNOUNCEMENT_CHARACTERS_MAX, CHAT_DELAY_S_MAX, CHAT_SLOW_S_MAX

if TYPE_CHECKING:
    from app.state.keeping import KeptRoom

WIDTH: Final = 344


class ChatRulesPanel(QFrame):
    """Pops up below its button. Says `wanted` with the commands to ask of the relay."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setFixedWidth(WIDTH)
        self._kept: KeptRoom | None = None
        self._heading, self.now, self._free = PlainLabel(), PlainLabel(), PlainLabel()
        self._heading.setObjectName("h3")
        self._free.setProperty("soft", True)
        for label in (self.now, self._free):
            label.setWordWrap(True)
        self.slow, self.delay = NumberBox(), NumberBox()
        self.slow.setRange(0, CHAT_SLOW_S_MAX)
        self.delay.setRange(0, CHAT_DELAY_S_MAX)
        self.quiet, self.known, self.hold = QCheckBox(), QCheckBox(), QCheckBox()
        self.followers, self.emoji = QCheckBox(), QCheckBox()
        self.announcement = QLineEdit()
        self.announcement.setMaxLength(ANNOUNCEMENT_CHARACTERS_MAX)
        self.save = QPushButton()
        self.save.setProperty("kind", "primary")
        self._labels = (PlainLabel(), PlainLabel(), PlainLabel())
        form = QFormLayout()
        form.setSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields = (self.slow, self.delay, self.announcement)
        for label, field in zip(self._labels[:2], fields[:2], strict=True):
            form.addRow(label, field)
        form.addRow(self._labels[2])
        form.addRow(self.announcement)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (self._heading, self.now):
            column.addWidget(widget)
        for switch in self._switches():
            column.addWidget(switch)
        column.addLayout(form)
        column.addWidget(self._free)
        column.addWidget(self.save)
        self.save.clicked.connect(self._on_save)
        self.announcement.returnPressed.connect(self._on_save)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Chat rules"))
        self._heading.setText(self.tr("Chat rules"))
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
        self.quiet.setText(self.tr("Nobody may write for now"))
        self.known.setText(self.tr("Only people known here may write"))
        set_tooltip(
            self.known,
            self.tr("Who wrote here, or followed you, before this was switched on"),
        )
        self.followers.setText(self.tr("Only followers may write"))
        self.emoji.setText(self.tr("Only emoji"))
        self.hold.setText(self.tr("Hold each message until it is let through"))
        self._free.setText(self.tr("Owner, moderators and admins are free of them."))
        self.save.setText(self.tr("Save"))
        self._show_now()

    def render_kept(self, kept: KeptRoom) -> None:
        """What is on now; what is being typed stays."""
        self._kept = kept
        self._show_now()

    def pop_up_below(self, anchor: QWidget, kept: KeptRoom) -> None:
        self.render_kept(kept)
        rules, announcement = kept.lead.rules, kept.lead.announcement
        self.slow.setValue(rules.slow_s)
        self.delay.setValue(rules.delay_s)
        self.quiet.setChecked(rules.is_muted)
        self.known.setChecked(rules.known_only)
        self.followers.setChecked(rules.followers_only)
        self.emoji.setChecked(rules.emoji_only)
        self.hold.setChecked(rules.is_held)
        self.announcement.setText(announcement.text if announcement else "")
        self.announcement.setCursorPosition(0)
        self.adjustSize()
        place_popup(self, anchor, QPoint(anchor.width() - self.width(), anchor.height() + 8))
        self.show()
        self.quiet.setFocus()

    def _switches(self) -> tuple[QCheckBox, ...]:
        return (self.quiet, self.known, self.followers, self.emoji, self.hold)

    def _show_now(self) -> None:
        if self._kept is not None:
            self.now.setText(describe_rules(self._kept.lead.rules))

    def _on_save(self) -> None:
        kept = self._kept
        self.hide()
        if kept is None or kept.room_id is None:
            return
        self.wanted.emit(
            chat_commands.SetChatRules(
                id=0,
                room_id=kept.room_id,
                slow_s=self.slow.value(),
                delay_s=self.delay.value(),
                is_muted=self.quiet.isChecked(),
                known_only=self.known.isChecked(),
                followers_only=self.followers.isChecked(),
                emoji_only=self.emoji.isChecked(),
                is_held=self.hold.isChecked(),
            )
        )
        before = kept.lead.announcement.text if kept.lead.announcement else ""
        text = self.announcement.text().strip()
        if text != before:
            self.wanted.emit(chat_commands.Announce(id=0, room_id=kept.room_id, text=text))
