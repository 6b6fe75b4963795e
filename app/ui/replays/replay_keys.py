"""What the keys of a keyboard do to a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from app.state.replays import next_chapter_ms
from app.ui.replays.seek_bar import STEP_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.replays.replay_controls import ReplayControls
    from app.ui.replays.replay_desk import ReplayDesk

VOLUME_STEP: Final = 5


class ReplayKeys:
    def __init__(
        self,
        desk: ReplayDesk,
        controls: ReplayControls,
        *,
        leave: Callable[[], None],
        full_screen: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._controls = controls
        self._leave = leave
        self._full_screen = full_screen

    def obey(self, key: int) -> bool:
        """Whether it was one of them."""
        desk, controls = self._desk, self._controls
        actions = {
            Qt.Key.Key_Space: controls.pause.click,
            Qt.Key.Key_K: controls.pause.click,
            Qt.Key.Key_Left: lambda: desk.seek_by(-STEP_MS),
            Qt.Key.Key_Right: lambda: desk.seek_by(STEP_MS),
            Qt.Key.Key_Up: lambda: controls.step_volume(VOLUME_STEP),
            Qt.Key.Key_Down: lambda: controls.step_volume(-VOLUME_STEP),
            Qt.Key.Key_Home: lambda: desk.seek(0),
            Qt.Key.Key_End: lambda: desk.seek(desk.duration_ms),
            Qt.Key.Key_PageUp: lambda: self._to_chapter(is_back=True),
            Qt.Key.Key_PageDown: lambda: self._to_chapter(is_back=False),
            Qt.Key.Key_Less: lambda: controls.step_speed(-1),
            Qt.Key.Key_Greater: lambda: controls.step_speed(1),
            Qt.Key.Key_M: controls.mute.click,
            Qt.Key.Key_D: controls.danmaku.click,
            Qt.Key.Key_F: self._full_screen,
            Qt.Key.Key_Escape: self._leave,
        }
        for known, action in actions.items():
            if key == known:
                action()
                return True
        return False

    def _to_chapter(self, *, is_back: bool) -> None:
        replay = self._desk.replay
        if replay is None:
            return
        at_ms = next_chapter_ms(replay.chapters, int(self._desk.position_ms()), is_back=is_back)
        if at_ms is not None:
            self._desk.seek(at_ms)
