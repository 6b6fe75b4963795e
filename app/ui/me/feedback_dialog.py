"""Write to the admins of the house: words, and if one wants a picture and what the program knows.

Everything that is sent is seen before it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.state.inbox import CATEGORIES, FeedbackDraft
from app.ui.answer_row import answer_row
from app.ui.bounded_text import BoundedText
from app.ui.me.feedback_texts import describe_category
from app.ui.plain_text import PlainLabel, one_line, set_tooltip
from app.ui.screenshot import pack_screenshot
from wire.limits import FEEDBACK_CHARACTERS_MAX

if TYPE_CHECKING:
    from wire.ids import SanctionId
    from wire.inbox_commands import FeedbackCategory

WIDTH: Final = 640
PREVIEW: Final = QSize(208, 138)
LOOK: Final = QSize(912, 528)
"""The picture at its largest, within the smallest window."""


class FeedbackDialog(QDialog):
    """`wanted` carries a FeedbackDraft; the dialog stays until `close`, should sending fail.

    `picture` is the window as it was before the dialog opened. With `sanction_id` it is an appeal,
    and `about` says against what.
    """

    wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        picture: QImage,
        *,
        sanction_id: SanctionId | None = None,
        about: str = "",
        has_extras: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._sanction_id = sanction_id
        self._about = about
        self._has_extras = has_extras
        self._screenshot = pack_screenshot(picture)
        self._sent_picture = QPixmap()
        self._diagnostics = ""
        self._is_sending = False
        self._heading, self._words = PlainLabel(self), PlainLabel(self)
        self._heading.setObjectName("h2")
        self._words.setObjectName("soft")
        self._words.setWordWrap(True)
        self._group = QButtonGroup(self)
        self.categories: dict[FeedbackCategory, QRadioButton] = {}
        for category in CATEGORIES if sanction_id is None else ():
            self.categories[category] = QRadioButton(self)
            self._group.addButton(self.categories[category])
        if self.categories:
            self.categories["problem"].setChecked(True)
        self.text = BoundedText(FEEDBACK_CHARACTERS_MAX, self)
        self.text.edit.setFixedHeight(112)
        self.with_picture, self.with_diagnostics = QCheckBox(self), QCheckBox(self)
        self.picture = QPushButton(self)
        self.picture.setObjectName("preview")
        self.picture.setFixedSize(PREVIEW)
        self.picture.setIconSize(PREVIEW - QSize(8, 8))
        self.picture.setAutoDefault(False)
        self.picture.clicked.connect(self._on_picture)
        self.diagnostics = QPlainTextEdit(self)
        self.diagnostics.setReadOnly(True)
        self.diagnostics.setTabChangesFocus(True)
        self.diagnostics.setFixedHeight(PREVIEW.height())
        self.send_button, self.cancel_button = QPushButton(self), QPushButton(self)
        self.send_button.setProperty("kind", "primary")
        self.send_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.send_button.clicked.connect(self._on_send)
        self._lay_out()
        self._retranslate()
        self.text.edit.textChanged.connect(self._render)
        for box in (self.with_picture, self.with_diagnostics):
            box.toggled.connect(self._render)
        self._show_picture()
        self._render()
        self.text.edit.setFocus()

    def show_diagnostics(self, text: str) -> None:
        """What would go along; until then nothing does."""
        self._diagnostics = text
        self.diagnostics.setPlainText(text)
        self._render()

    def set_sending(self, *, is_sending: bool) -> None:
        self._is_sending = is_sending
        self._render()

    def draft(self) -> FeedbackDraft:
        chosen = next((one for one, radio in self.categories.items() if radio.isChecked()), None)
        return FeedbackDraft(
            category=chosen or "appeal",
            text=self.text.text(),
            diagnostics=self._diagnostics if self.with_diagnostics.isChecked() else "",
            screenshot=self._screenshot if self.with_picture.isChecked() else None,
            sanction_id=self._sanction_id,
        )

    def _lay_out(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(24)
        for radio in self.categories.values():
            kinds.addWidget(radio)
        kinds.addStretch(1)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.with_picture)
        left.addWidget(self.picture)
        left.addStretch(1)
        right.addWidget(self.with_diagnostics)
        right.addWidget(self.diagnostics)
        right.addStretch(1)
        extras = QHBoxLayout()
        extras.setSpacing(16)
        extras.addLayout(left)
        extras.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(12)
        layout.addWidget(self._heading)
        layout.addWidget(self._words)
        if self.categories:
            layout.addLayout(kinds)
        layout.addWidget(self.text)
        layout.addLayout(extras)
        if not self._has_extras:
            for widget in (
                self.with_picture,
                self.picture,
                self.with_diagnostics,
                self.diagnostics,
            ):
                widget.hide()
        layout.addLayout(answer_row(self, yes=self.send_button, no=self.cancel_button))

    def _retranslate(self) -> None:
        is_appeal = self._sanction_id is not None
        heading = self.tr("Appeal") if is_appeal else self.tr("Write to the admins")
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(heading)
        self._heading.setText(heading)
        self._words.setText(
            one_line(self._about)
            if is_appeal
            else self.tr("To those who run this house. You see everything that is sent.")
        )
        self._words.setVisible(bool(self._words.text()))
        for category, radio in self.categories.items():
            radio.setText(describe_category(category))
            radio.setAccessibleName(describe_category(category))
        hint = (
            self.tr("Why should it be lifted?")
            if is_appeal
            else self.tr("What happened, and what did you expect?")
        )
        self.text.set_name(self.tr("Your words"))
        self.text.set_hint(hint)
        self.with_picture.setText(self.tr("Picture of the window"))
        self.with_picture.setAccessibleName(self.with_picture.text())
        self.picture.setAccessibleName(self.tr("Look at the picture that would be sent"))
        set_tooltip(self.picture, self.picture.accessibleName())
        self.with_diagnostics.setText(self.tr("About this program and computer"))
        self.with_diagnostics.setAccessibleName(self.with_diagnostics.text())
        self.diagnostics.setAccessibleName(self.tr("What would be sent of this computer"))
        self.diagnostics.setPlaceholderText(self.tr("Looking…"))
        for button, words in (
            (self.send_button, self.tr("Send")),
            (self.cancel_button, self.tr("Cancel")),
        ):
            button.setText(words)
            button.setAccessibleName(words)

    def _show_picture(self) -> None:
        """What is sent, not what it was made of."""
        if self._screenshot is None:
            self.with_picture.setEnabled(False)
            return
        self._sent_picture = QPixmap.fromImage(QImage.fromData(self._screenshot))
        self.picture.setIcon(QIcon(self._sent_picture))

    def _on_picture(self) -> None:
        look = PictureDialog(self, self._sent_picture, self.with_picture.text())
        look.open()

    def _render(self) -> None:
        self.picture.setEnabled(self._screenshot is not None)
        self.diagnostics.setEnabled(self.with_diagnostics.isChecked())
        waits = self.with_diagnostics.isChecked() and not self._diagnostics
        self.send_button.setEnabled(bool(self.text.text()) and not waits and not self._is_sending)

    def _on_send(self) -> None:
        self.set_sending(is_sending=True)
        self.wanted.emit(self.draft())


class PictureDialog(QDialog):
    """The picture as it would be sent."""

    def __init__(self, parent: QWidget, picture: QPixmap, name: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(name)
        ratio = self.devicePixelRatioF()
        shown = picture
        if picture.width() > LOOK.width() * ratio or picture.height() > LOOK.height() * ratio:
            shown = picture.scaled(
                LOOK * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        shown.setDevicePixelRatio(ratio)
        label = PlainLabel(self)
        label.setPixmap(shown)
        label.setAccessibleName(name)
        close = QPushButton(self.tr("Close"), self)
        close.setAccessibleName(close.text())
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(label)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
