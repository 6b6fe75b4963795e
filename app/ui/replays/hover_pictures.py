"""The small picture over the seek bar: of the moment under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.media.playback.picture_format import DecodedFrame, to_bgra
from app.state.replays import chapter_at
from app.ui.replays.replay_words import chapter_words

if TYPE_CHECKING:
    from app.ui.door import Door
    from app.ui.replays.replay_desk import ReplayDesk
    from app.ui.replays.seek_bar import SeekBar
    from app.ui.replays.seek_preview import SeekPreview

STILL_SIDE_MAX: Final = 512


class HoverPictures(QObject):
    """Asks the recording for stills, and shows them where the pointer still is."""

    def __init__(self, desk: ReplayDesk, bar: SeekBar, preview: SeekPreview, door: Door) -> None:
        super().__init__(bar)
        self._desk = desk
        self._bar = bar
        self._preview = preview
        self._door = door
        bar.hovered.connect(self._on_hovered)

    def _on_hovered(self, at_ms: int, x: int) -> None:
        replay, visit = self._desk.replay, self._desk.visit
        if at_ms < 0 or replay is None or visit is None:
            self._preview.hide()
            return
        chapter = chapter_at(replay.chapters, at_ms)
        words = chapter_words(chapter) if chapter is not None else ""
        self._preview.show_moment(at_ms, words, self._bar, x)
        visit.stills.want(at_ms * 1000, self._on_still)

    def _on_still(self, at_us: int, frame: DecodedFrame) -> None:
        """On the finder's thread."""
        pixels = to_bgra(frame, width_max=STILL_SIDE_MAX, height_max=STILL_SIDE_MAX)
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        self._door.post(self._show_still, at_us // 1000, image)

    def _show_still(self, at_ms: int, image: QImage) -> None:
        if self._preview.isVisible() and at_ms == self._preview.at_ms:
            self._preview.show_picture(image)
