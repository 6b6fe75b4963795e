"""What the last run left when it did not end well: shown, saved or thrown away, never sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QStandardPaths, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.door import Door
    from app.ui.main_window import MainWindow

_WIDTH: Final = 640


class Crashes(Protocol):
    """`CrashWatch`."""

    on_failure: Callable[[], None]

    @property
    def has_crashed(self) -> bool: ...

    def read_pending(self) -> str: ...

    def forget_pending(self) -> None: ...


def attach(window: MainWindow, crashes: Crashes, door: Door) -> CrashOffer | None:
    """Tell failures as they happen, and offer what earlier runs left."""

    def tell() -> None:
        words = QCoreApplication.translate(
            "CrashOffer",
            "Something failed inside Livehouse, and it goes on. A report is kept; at the next "
            "start you can save it.",
        )
        window.toast(words, "bad")

    crashes.on_failure = lambda: door.post(tell)
    report = crashes.read_pending()
    if not report:
        return None
    offer = CrashOffer(window, crashes, report)
    offer.show()
    return offer


class CrashOffer(QDialog):
    """Does not stand in the way: the window can be used beside it. Closed unanswered, it waits."""

    def __init__(self, parent: MainWindow, crashes: Crashes, report: str) -> None:
        super().__init__(parent)
        self._crashes = crashes
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._title, self._words = PlainLabel(self), PlainLabel(self)
        self._title.setObjectName("h2")
        self._words.setObjectName("soft")
        self._failure = PlainLabel(self)
        self._failure.setProperty("kind", "bad")
        self._failure.hide()
        for label in (self._title, self._words, self._failure):
            label.setWordWrap(True)
        self.text = QPlainTextEdit(report, self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(280)
        self.text.hide()
        self.save_button, self.show_button = QPushButton(self), QPushButton(self)
        self.dismiss_button = QPushButton(self)
        self.save_button.setProperty("kind", "primary")
        self.show_button.setCheckable(True)
        self.show_button.toggled.connect(self._on_show)
        self.save_button.clicked.connect(self._on_save)
        self.dismiss_button.clicked.connect(self._on_dismiss)
        self._lay_out()
        self.retranslate()

    def retranslate(self) -> None:
        title = (
            self.tr("Livehouse did not end well last time")
            if self._crashes.has_crashed
            else self.tr("Something failed inside Livehouse last time")
        )
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(title)
        self._title.setText(title)
        self._words.setText(
            self.tr(
                "There is a report that helps to mend it: versions, where it failed, the last "
                "lines of the log; no passwords, links or messages. It stays on this computer, "
                "and is deleted here once you have saved or dismissed it."
            )
        )
        self.text.setAccessibleName(self.tr("The report"))
        for button, words in (
            (self.save_button, self.tr("Save the report…")),
            (self.show_button, self.tr("Show")),
            (self.dismiss_button, self.tr("Dismiss")),
        ):
            button.setText(words)
            button.setAccessibleName(words)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def save_to(self, path: Path) -> None:
        """Then it is gone from the data folder. A disk that refuses is told; nothing is lost."""
        try:
            path.write_text(self.text.toPlainText(), encoding="utf-8")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._failure.setText(
                self.tr("It cannot be saved there: {reason}").replace("{reason}", reason)
            )
            self._failure.show()
            self.adjustSize()
            return
        self._on_dismiss()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss_button)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(16)
        for widget in (self._title, self._words, self.text, self._failure):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def _on_show(self, is_shown: bool) -> None:  # noqa: FBT001 # a Qt slot
        self.text.setVisible(is_shown)
        self.adjustSize()

    def _on_save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self.tr("Save the report"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(folder)
        dialog.selectFile("livehouse-report.txt")
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def _on_dismiss(self) -> None:
        self._crashes.forget_pending()
        self.close()
