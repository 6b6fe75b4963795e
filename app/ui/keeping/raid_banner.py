"""A raid that the relay has met by itself: what it did, and a button that takes all of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.state.keeping import KeptRoom
from app.ui.keeping.words import describe_raid, describe_raid_end
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.theme.kinds import set_kind
from wire import detection_commands, order_commands

if TYPE_CHECKING:
    from wire.detection_events import RaidInfo


class RaidBanner(QFrame):
    """Renders a KeptRoom; `wanted` carries UndoAct or KeepRaid."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raid")
        self._kept = KeptRoom()
        self.words, self.ends = PlainLabel(), PlainLabel()
        self.undo, self.keep = QPushButton(), QPushButton()
        set_kind(self.ends, "soft")
        set_kind(self.keep, "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        for label in (self.words, self.ends):
            label.setWordWrap(True)
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.undo)
        row.addWidget(self.keep)
        row.addStretch(1)
        column.addLayout(row)
        self.undo.clicked.connect(self._on_undo)
        self.keep.clicked.connect(self._on_keep)
        self.retranslate()

    def render_kept(self, kept: KeptRoom) -> None:
        before, self._kept = self._kept, kept
        if before.keeping.raid is not kept.keeping.raid:
            self._show()
        self.setVisible(self._raid is not None)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("A raid was stopped"))
        self.undo.setText(self.tr("Undo everything"))
        self.keep.setText(self.tr("Keep"))
        self.undo.setAccessibleName(self.undo.text())
        self.keep.setAccessibleName(self.keep.text())
        set_tooltip(
            self.undo, self.tr("Everybody may write, the messages come back, nobody is muted")
        )
        set_tooltip(self.keep, self.tr("It was a raid: leave all as it is"))
        self._show()
        self.setVisible(self._raid is not None)

    @property
    def _raid(self) -> RaidInfo | None:
        """The one that waits for an answer."""
        raid = self._kept.keeping.raid
        is_open = self._kept.is_keeper and raid is not None and raid.state == "on"
        return raid if is_open else None

    def _show(self) -> None:
        raid = self._raid
        if raid is not None:
            self.words.setText(describe_raid(raid))
            self.ends.setText(describe_raid_end(raid))

    def _on_undo(self) -> None:
        raid = self._raid
        if raid is not None:
            self.wanted.emit(order_commands.UndoAct(id=0, act_id=raid.act_id))

    def _on_keep(self) -> None:
        raid, room_id = self._raid, self._kept.room_id
        if raid is not None and room_id is not None:
            self.wanted.emit(
                detection_commands.KeepRaid(id=0, room_id=room_id, raid_id=raid.raid_id)
            )
