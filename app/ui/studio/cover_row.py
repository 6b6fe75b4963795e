"""The room's cover in Studio: what Discover shows of the room, from a file or from the preview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.cover_files import decode_cover, make_cover, read_picture
from app.ui.plain_text import PlainLabel
from app.ui.theme import current
from app.ui.theme.icons import pixmap, set_lead_icon
from app.ui.toast import tell

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPaintEvent

    from app.state.studio import StudioState

WIDTH: Final = 128
HEIGHT: Final = 72
RADIUS: Final = 8.0


class CoverRow(QWidget):
    """`wanted` carries a JPEG for the relay; the picture changes when the relay has taken it."""

    wanted = Signal(object)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.choose_file: Callable[[Callable[[str], None]], None] = self._open_files
        """Calls what it is given with a path."""
        self.find_picture: Callable[[], QImage | None] = lambda: None
        """What viewers see, or would see."""
        self._title = PlainLabel()
        self._picture = _Picture()
        self.file_button, self.current_button = QPushButton(), QPushButton()
        self.remove_button = QPushButton()
        set_lead_icon(self.file_button, "image")
        set_lead_icon(self.current_button, "camera")
        set_lead_icon(self.remove_button, "trash")
        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        for button in (self.file_button, self.current_button):
            buttons.addWidget(button)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(buttons, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(row)
        column.addWidget(self.remove_button)
        self.file_button.clicked.connect(lambda: self.choose_file(self._on_file))
        self.current_button.clicked.connect(self._on_current)
        self.remove_button.clicked.connect(self.removed)
        self.remove_button.hide()
        self.retranslate()

    def render_state(self, state: StudioState) -> None:
        shown = state.cover if state.cover_picture else ""
        if shown != self._shown:
            self._shown = shown
            self._picture.show_picture(decode_cover(state.cover_picture, shown) if shown else None)
        self.remove_button.setVisible(bool(state.cover))

    def retranslate(self) -> None:
        self._title.setText(self.tr("Cover in Discover"))
        self._picture.setAccessibleName(self._title.text())
        for button, words, name in (
            (self.file_button, self.tr("Picture…"), self.tr("Choose a picture as the cover")),
            (
                self.current_button,
                self.tr("Current picture"),
                self.tr("Take the current picture as the cover"),
            ),
            (self.remove_button, self.tr("Remove the cover"), self.tr("Remove the cover")),
        ):
            button.setText(words)
            button.setAccessibleName(name)

    def _open_files(self, then: Callable[[str], None]) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Cover"),
            "",
            self.tr("Pictures") + " (*.png *.jpg *.jpeg *.webp *.bmp *.gif)",
        )
        if path:
            then(path)

    def _on_file(self, path: str) -> None:
        image = read_picture(Path(path))
        if image is None:
            words = self.tr("This picture cannot be read, or it is larger than 64 MB.")
            tell(self, words, "bad")
            return
        self._send(image)

    def _on_current(self) -> None:
        image = self.find_picture()
        if image is None:
            tell(self, self.tr("There is no picture yet: wait for the preview."), "bad")
            return
        self._send(image)

    def _send(self, image: QImage) -> None:
        picture = make_cover(image)
        if picture is None:
            tell(self, self.tr("This picture cannot be made small enough. Take another."), "bad")
            return
        self.wanted.emit(picture)


class _Picture(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setFixedSize(WIDTH, HEIGHT)

    def show_picture(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        area = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(area, RADIUS, RADIUS)
        painter.setClipPath(shape)
        painter.fillRect(area, QColor(current.theme().raised))
        if self._image is not None:
            painter.drawImage(area, self._image)
        else:
            mark = pixmap("image", 24, "text_soft", self.devicePixelRatioF())
            place = area.center() - QRectF(0, 0, 24, 24).center()
            painter.drawPixmap(place, mark)
        painter.end()
