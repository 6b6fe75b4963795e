"""The user's name and a line about oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.state.account import ProfileDraft
from app.ui.me.card import Card
from app.ui.plain_text import PlainLabel
from wire import limits

if TYPE_CHECKING:
    from wire.account_events import Profile


class ProfileCard(Card):
    """Emits what is to change: a name and an about, each None where it stays."""

    save_wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = ProfileDraft()
        self._name_label, self._about_label = PlainLabel(self), PlainLabel(self)
        self.name_edit, self.about_edit = QLineEdit(self), QLineEdit(self)
        self.name_edit.setMaxLength(limits.USER_NAME_CHARACTERS_MAX)
        self.about_edit.setMaxLength(limits.USER_ABOUT_CHARACTERS_MAX)
        self._name_label.setBuddy(self.name_edit)
        self._about_label.setBuddy(self.about_edit)
        self.save_button = QPushButton(self)
        self.save_button.setProperty("kind", "primary")
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(8)
        form.addRow(self._name_label, self.name_edit)
        form.addRow(self._about_label, self.about_edit)
        for label in (self._name_label, self._about_label):
            label.setMinimumHeight(36)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        self.body.addLayout(form)
        self.body.addLayout(buttons)
        for edit in (self.name_edit, self.about_edit):
            edit.textEdited.connect(self._on_edited)
            edit.returnPressed.connect(self._on_save)
        self.save_button.clicked.connect(self._on_save)
        self._show_draft()
        self.retranslate()

    def show_profile(self, profile: Profile) -> None:
        """The relay's word; what is being typed stays."""
        self._draft = self._draft.apply(profile)
        self._show_draft()

    def show_saved(self, profile: Profile) -> None:
        """What was typed has become true."""
        self._draft = ProfileDraft().apply(profile)
        self._show_draft()

    def forget(self) -> None:
        self._draft = ProfileDraft()
        self._show_draft()

    def retranslate(self) -> None:
        self.set_heading(self.tr("Profile"))
        texts = {
            self._name_label: (self.name_edit, self.tr("Name")),
            self._about_label: (self.about_edit, self.tr("About me")),
        }
        for label, (edit, words) in texts.items():
            label.setText(words)
            edit.setAccessibleName(words)
        self.about_edit.setPlaceholderText(self.tr("One line that others may read"))
        self.save_button.setText(self.tr("Save"))

    def _show_draft(self) -> None:
        for edit, text in (
            (self.name_edit, self._draft.name),
            (self.about_edit, self._draft.about),
        ):
            if edit.text() != text:
                edit.setText(text)
                edit.setCursorPosition(0)
        self.save_button.setEnabled(self._draft.can_save)

    def _on_edited(self) -> None:
        self._draft = ProfileDraft(
            self._draft.profile, self.name_edit.text(), self.about_edit.text()
        )
        self.save_button.setEnabled(self._draft.can_save)

    def _on_save(self) -> None:
        if self._draft.can_save:
            self.save_wanted.emit(self._draft.new_name, self._draft.new_about)
