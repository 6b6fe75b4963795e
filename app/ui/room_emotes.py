"""The emotes of one room: those of every room, and the room's own once their pictures are here.

A picture is asked for when a text with its name is first laid out; until it comes, and where it is
no good, the name stays text. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap

from app.danmaku.emotes import NAMES, split_emotes
from app.ui.emote_art import access_emote, emote_pixmap
from app.ui.emote_files import decode_emote
from wire.limits import EMOTES_ROOM_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from app.danmaku.emotes import Run
    from wire.emotes_events import EmoteInfo

_SCALED_MAX: Final = 4 * EMOTES_ROOM_MAX
"""Pixmaps in the sizes that were drawn last; all are drawn again where there are more."""


class RoomEmotes(QObject):
    """At most `EMOTES_ROOM_MAX` pictures of its own: what leaves the room's list is forgotten."""

    wanted = Signal(str)
    """An emote's id: its picture is needed."""
    changed = Signal()
    """Something is drawn otherwise than before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: dict[str, str] = {}
        self._images: dict[str, QImage] = {}
        self._asked: set[str] = set()
        self._missing: frozenset[str] = frozenset()
        self._ready: frozenset[str] = frozenset()
        self._scaled: dict[tuple[str, int, float], QPixmap] = {}

    @property
    def own(self) -> tuple[str, ...]:
        """Names of the room's own, also of those whose pictures are still to come."""
        return tuple(self._ids)

    def set_list(self, emotes: Sequence[EmoteInfo]) -> None:
        """All that the room has now; empty where one is in none."""
        ids = {
            emote.name: emote.emote_id
            for emote in emotes[:EMOTES_ROOM_MAX]
            if emote.name not in NAMES
        }
        if ids == self._ids:
            return
        self._ids = ids
        kept = set(ids.values())
        self._images = {key: image for key, image in self._images.items() if key in kept}
        self._asked.clear()
        self._sort()
        self.changed.emit()

    def put(self, emote_id: str, picture: bytes) -> None:
        """A picture that was asked for. One that is not wanted any more, or no good, is left."""
        image = decode_emote(picture) if emote_id in self._ids.values() else None
        if image is None:
            return
        self._images[emote_id] = image
        self._sort()
        self.changed.emit()

    def may_ask_again(self, emote_id: str) -> None:
        """It did not come; the next text with its name asks for it once more."""
        self._asked.discard(emote_id)

    def ask_for_all(self) -> None:
        """Where they are to be chosen from."""
        for name in sorted(self._missing):
            self._ask(name)

    def split(self, text: str) -> tuple[Run, ...]:
        """Runs of text and emotes; what is missing is asked for."""
        if self._missing and ":" in text:
            for run in split_emotes(text, self._missing):
                if run.is_emote and run.words in self._missing:
                    self._ask(run.words)
        return split_emotes(text, self._ready)

    def has(self, name: str) -> bool:
        """Whether it can be drawn."""
        return name in NAMES or name in self._ready

    def pixmap(self, name: str, side: int, ratio: float) -> QPixmap:
        """A square of `side` logical pixels, of a name that `split` gave."""
        if name in NAMES:
            return emote_pixmap(name, side, ratio)
        key = (name, side, ratio)
        pixmap = self._scaled.get(key)
        if pixmap is None:
            pixels = max(1, round(side * ratio))
            pixmap = QPixmap(pixels, pixels)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, name, QRectF(0, 0, pixels, pixels))
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            if len(self._scaled) >= _SCALED_MAX:
                self._scaled.clear()
            self._scaled[key] = pixmap
        return pixmap

    def paint(self, painter: QPainter, name: str, at: QRectF) -> None:
        """As large as it fits; nothing where it is not here any more."""
        if name in NAMES:
            access_emote(name).render(painter, at)
            return
        image = self._images.get(self._ids.get(name, ""))
        if image is None:
            return
        size = QSizeF(image.size()).scaled(at.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(at.topLeft(), size)
        place.moveCenter(at.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)

    def _ask(self, name: str) -> None:
        emote_id = self._ids[name]
        if emote_id not in self._asked:
            self._asked.add(emote_id)
            self.wanted.emit(emote_id)

    def _sort(self) -> None:
        here = {name for name, emote_id in self._ids.items() if emote_id in self._images}
        self._ready, self._missing = frozenset(here), frozenset(set(self._ids) - here)
        self._scaled.clear()
