"""What viewers read of the room, and who may come in. Changed while live as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.plain_text import PlainLabel
from app.ui.studio.cover_row import CoverRow
from wire.limits import (
    PASSWORD_CHARACTERS_MAX,
    ROOM_CATEGORY_CHARACTERS_MAX,
    ROOM_TITLE_CHARACTERS_MAX,
)

if TYPE_CHECKING:
    from app.state.studio import StudioState

PRIVACIES: Final = ("public", "passphrase", "invite")
AWAY_CHOICES_S: Final = (0, 30, 60, 120, 300, 600, 1_800, 3_600)
"""All within the bounds of the wire; 0 is as the relay says."""


class RoomPanel(QWidget):
    """Renders the state; what is typed stays here until it is saved."""

    saved = Signal(str, str, str, str, int)
    """Title, category, privacy, passphrase (empty: as it was), seconds to wait for the host."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room_id = ""
        self._named = ("", "", "", 0)
        self._title = QLineEdit()
        self._title.setMaxLength(ROOM_TITLE_CHARACTERS_MAX)
        self._category = QLineEdit()
        self._category.setMaxLength(ROOM_CATEGORY_CHARACTERS_MAX)
        self._privacy = QComboBox()
        for privacy in PRIVACIES:
            self._privacy.addItem("", privacy)
        self._privacy.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._passphrase = QLineEdit()
        self._passphrase.setMaxLength(PASSWORD_CHARACTERS_MAX)
        self._away = QComboBox()
        for seconds in AWAY_CHOICES_S:
            self._away.addItem("", seconds)
        self._labels = [PlainLabel() for _ in range(5)]
        self._save = QPushButton()
        self._hint = PlainLabel()
        self._hint.setProperty("soft", True)
        self._hint.setWordWrap(True)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._fields = (self._title, self._category, self._privacy, self._passphrase, self._away)
        for label, field in zip(self._labels, self._fields, strict=True):
            form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self._hint)
        column.addWidget(self._save)
        self.cover = CoverRow()
        column.addSpacing(8)
        column.addWidget(self.cover)
        self._save.clicked.connect(self._on_save)
        for edit in (self._title, self._category, self._passphrase):
            edit.textChanged.connect(self._on_edited)
            edit.returnPressed.connect(self._on_save)
        for choice in (self._privacy, self._away):
            choice.currentIndexChanged.connect(self._on_edited)
        self.retranslate()
        self._on_edited()

    def render_state(self, state: StudioState) -> None:
        """What another changed is shown, but for what is being typed here: that stays."""
        self.cover.render_state(state)
        is_another = state.room_id != self._room_id
        self._room_id = state.room_id
        (title, category, privacy, away_s), self._named = (
            self._named,
            (state.title, state.category, state.privacy, state.away_s),
        )
        # A field is touched where its own value changed: its cursor stays otherwise.
        for field, before, now in (
            (self._title, title, state.title),
            (self._category, category, state.category),
        ):
            if is_another or (now != before and field.text().strip() == before):
                field.setText(now)
        if is_another:
            self._passphrase.clear()
        is_open = self._chosen() == privacy and not self._passphrase.text()
        if is_another or (state.privacy != privacy and is_open):
            self._privacy.setCurrentIndex(PRIVACIES.index(state.privacy))
        if is_another or (state.away_s != away_s and self._away.currentData() == away_s):
            self._show_away(state.away_s)
        self._on_edited()

    def end_saving(self, title: str, category: str, passphrase: str) -> None:
        """These are saved, and shown as the relay writes them; what was typed since stays."""
        if self._title.text().strip() == title:
            self._title.setText(self._named[0])
        if self._category.text().strip() == category:
            self._category.setText(self._named[1])
        if self._passphrase.text() == passphrase:
            self._passphrase.clear()

    def retranslate(self) -> None:
        names = (
            self.tr("Title"),
            self.tr("Category"),
            self.tr("Who may watch"),
            self.tr("Passphrase"),
            self.tr("When you are cut off, the room waits"),
        )
        for label, field, words in zip(self._labels, self._fields, names, strict=True):
            label.setText(words)
            field.setAccessibleName(words)
        self._title.setPlaceholderText(self.tr("What is on?"))
        self._category.setPlaceholderText(self.tr("Music, games, talk…"))
        for index, words in enumerate(
            (
                self.tr("Everybody"),
                self.tr("Whoever knows the passphrase"),
                self.tr("Whoever has the invite link"),
            )
        ):
            self._privacy.setItemText(index, words)
        for index in range(self._away.count()):
            self._away.setItemText(index, self._name_away(int(self._away.itemData(index))))
        self._save.setText(self.tr("Save"))
        self._show_hint()
        self.cover.retranslate()

    def _show_away(self, away_s: int) -> None:
        """Perhaps a time that another client chose."""
        if self._away.findData(away_s) < 0:
            self._away.addItem(self._name_away(away_s), away_s)
        self._away.setCurrentIndex(self._away.findData(away_s))

    def _name_away(self, away_s: int) -> str:
        if away_s == 0:
            return self.tr("As usual on this relay")
        if away_s % 60:
            return self.tr("%1 seconds").replace("%1", str(away_s))
        if away_s == 60:
            return self.tr("1 minute")
        return self.tr("%1 minutes").replace("%1", str(away_s // 60))

    def _is_complete(self) -> bool:
        needs_passphrase = self._chosen() == "passphrase" and self._named[2] != "passphrase"
        return bool(self._passphrase.text()) or not needs_passphrase

    def _chosen(self) -> str:
        return str(self._privacy.currentData())

    def _on_edited(self) -> None:
        is_passphrase = self._chosen() == "passphrase"
        for widget in (self._labels[3], self._passphrase):
            widget.setVisible(is_passphrase)
        is_kept = self._named[2] == "passphrase"
        self._passphrase.setPlaceholderText(self.tr("Unchanged") if is_kept else "")
        typed = (
            self._title.text().strip(),
            self._category.text().strip(),
            self._chosen(),
            int(self._away.currentData()),
        )
        is_changed = typed != self._named or (is_passphrase and bool(self._passphrase.text()))
        self._save.setEnabled(is_changed and self._is_complete())
        self._show_hint()

    def _show_hint(self) -> None:
        hints = {
            "public": self.tr("The room stands in Discover, open to whoever reaches this relay."),
            "passphrase": self.tr("At least four characters. Viewers are asked for it."),
            "invite": self.tr("Share gives you a link that opens the room. Nobody else sees it."),
        }
        self._hint.setText(hints[self._chosen()])

    def _on_save(self) -> None:
        if self._save.isEnabled():
            passphrase = self._passphrase.text() if self._chosen() == "passphrase" else ""
            self.saved.emit(
                self._title.text().strip(),
                self._category.text().strip(),
                self._chosen(),
                passphrase,
                int(self._away.currentData()),
            )
