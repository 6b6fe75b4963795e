"""The buttons of those who keep a room: chat rules, held messages, emotes, what was done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.state.keeping import KeptRoom
from app.ui.keeping.acts_popup import ActsPopup
from app.ui.keeping.emotes_popup import EmotesPopup
from app.ui.keeping.held_popup import HeldPopup
from app.ui.keeping.rules_panel import ChatRulesPanel
from app.ui.keeping.words import describe_rules
from app.ui.plain_text import set_tooltip
from app.ui.theme.icons import set_lead_icon
from app.ui.theme.kinds import set_kind

ICON_BUTTON_WIDTH: Final = 36


class KeepBar(QWidget):
    """Renders a KeptRoom; `wanted` carries a command."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, is_short: bool = False) -> None:
        """`is_short`: without words where an icon says it too."""
        super().__init__(parent)
        self._is_short = is_short
        self._kept = KeptRoom()
        self.rules, self.held, self.acts = QPushButton(), QPushButton(), QPushButton()
        self.emotes = QPushButton()
        set_lead_icon(self.rules, "sliders")
        set_lead_icon(self.held, "hold")
        set_lead_icon(self.acts, "history")
        set_lead_icon(self.emotes, "emote")
        self.panel = ChatRulesPanel(self)
        self.queue = HeldPopup(self)
        self.record = ActsPopup(self)
        self.album = EmotesPopup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 if is_short else 8)
        self.acts.setFixedWidth(ICON_BUTTON_WIDTH)
        self.emotes.setFixedWidth(ICON_BUTTON_WIDTH)
        if is_short:
            self.rules.setFixedWidth(ICON_BUTTON_WIDTH)
            self.held.setObjectName("slim")
        for button in (self.rules, self.held, self.emotes, self.acts):
            row.addWidget(button)
        # There is no room for it in a short bar: the picker beside the message leads there.
        self.emotes.setVisible(not is_short)
        if not is_short:
            row.addStretch(1)
        self.rules.clicked.connect(self._on_rules)
        self.held.clicked.connect(lambda: self.queue.pop_up_below(self.held))
        self.acts.clicked.connect(lambda: self.record.open_below(self.acts))
        self.emotes.clicked.connect(lambda: self.album.open_below(self.emotes))
        for panel in (self.panel, self.queue, self.record, self.album):
            panel.wanted.connect(self.wanted)
        self.retranslate()

    def render_kept(self, kept: KeptRoom) -> None:
        self._kept = kept
        self.setVisible(kept.is_keeper)
        self.panel.render_kept(kept)
        self.queue.render_kept(kept)
        self.record.render_kept(kept)
        self.album.render_kept(kept)
        waiting = len(kept.keeping.held)
        self.held.setVisible(waiting > 0 or kept.lead.rules.is_held)
        self.held.setText(str(waiting))
        words = self.tr("Held messages: {0}").format(waiting)
        self.held.setAccessibleName(words)
        set_tooltip(self.held, words)
        set_kind(self.held, "primary" if waiting else "")
        set_lead_icon(self.held, "hold", "on_accent" if waiting else "")
        name, now = self.tr("Chat rules"), describe_rules(kept.lead.rules)
        set_tooltip(self.rules, f"{name}\n{now}")

    def on_refused(self) -> None:
        """Something that was asked for did not happen."""
        self.queue.retry()

    def retranslate(self) -> None:
        self.rules.setText("" if self._is_short else self.tr("Chat rules"))
        self.rules.setAccessibleName(self.tr("Chat rules"))
        self.acts.setAccessibleName(self.tr("What was done here"))
        set_tooltip(self.acts, self.tr("Who did what to keep the room in order; undo"))
        self.emotes.setAccessibleName(self.tr("Emotes of this room"))
        set_tooltip(self.emotes, self.tr("Emotes of this room"))
        for panel in (self.panel, self.queue, self.record, self.album):
            panel.retranslate()
        self.render_kept(self._kept)

    def _on_rules(self) -> None:
        self.panel.pop_up_below(self.rules, self._kept)
