"""Pictures of danmaku for clips: drawn on the GUI thread as on the stage, wanted on another."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QImage

from app.danmaku.ass_file import AssFont
from app.errors import LivehouseError
from app.ui.room.danmaku_pixmaps import TextPixmaps

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from app.danmaku.lanes import Text
    from app.media.clipping.overlay import Pixels
    from app.ui.door import Door
    from app.ui.room_emotes import RoomEmotes

WAIT_S: Final = 30.0
"""Longer than any stall of the window; a window that is closed draws nothing more."""
STEP_S: Final = 0.2
_SIZE: Final = 100
_Result = TypeVar("_Result")


class StageTextPainter:
    """Made on the GUI thread; its methods are called from any other."""

    def __init__(self, door: Door, emotes: RoomEmotes | None = None) -> None:
        self._door = door
        self._is_closed = False
        self._pixmaps = TextPixmaps()
        if emotes is not None:
            self._pixmaps.emotes = emotes

    def close(self) -> None:
        """Whoever waits for a picture waits no longer."""
        self._is_closed = True

    def measure(self, texts: Sequence[tuple[str, float]]) -> list[float]:
        return self._ask(lambda: [self._pixmaps.measure(words, font) for words, font in texts])

    def paint(self, text: Text, font: float) -> Pixels:
        return self._ask(lambda: self._take(self._pixmaps.access(text, font, 1.0)))

    def paint_count(self, count: int, font: float) -> Pixels:
        return self._ask(lambda: self._take(self._pixmaps.access_count(count, font, 1.0)))

    def _take(self, pixmap: QPixmap) -> Pixels:
        self._pixmaps.trim()
        return read_pixels(pixmap)

    def _ask(self, draw: Callable[[], _Result]) -> _Result:
        asked: concurrent.futures.Future[_Result] = concurrent.futures.Future()

        def answer() -> None:
            try:
                asked.set_result(draw())
            except Exception as error:  # whoever asked is told
                asked.set_exception(error)
                raise

        self._door.post(answer)
        for _ in range(round(WAIT_S / STEP_S)):
            try:
                return asked.result(STEP_S)
            except concurrent.futures.TimeoutError:
                if self._is_closed:
                    break
        raise LivehouseError("the window that draws danmaku is closed")


def read_pixels(pixmap: QPixmap) -> Pixels:
    """RGBA of shape (height, width, 4), multiplied by alpha."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return pixels[:, : width * 4].reshape(height, width, 4).copy()


def stage_font() -> AssFont:
    """The font of the stage, as ASS names and sizes it."""
    font = QFont()
    font.setPixelSize(_SIZE)
    font.setWeight(QFont.Weight.DemiBold)
    line = QFontMetricsF(font).height()
    return AssFont(family=QFontInfo(font).family(), line_share=line / _SIZE)
