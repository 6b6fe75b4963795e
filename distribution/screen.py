"""The whole screen, seen from outside the program that paints on it. For X11, as under Xvfb."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication, QImage

if TYPE_CHECKING:
    from pathlib import Path

POLL_S: Final = 0.02
_SIDE: Final = 64
"""The screen is looked at through so many points a side."""
_COLOURS_MIN: Final = 4
"""A bare screen has one colour, an unpainted window two."""


class Screen:
    """One in a process, in its main thread."""

    def __init__(self) -> None:
        self._application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])

    def wait_until_painted(self, timeout_s: float) -> bool:
        return self._wait(timeout_s, painted=True)

    def wait_until_empty(self, timeout_s: float) -> bool:
        return self._wait(timeout_s, painted=False)

    def save(self, file: Path) -> None:
        self._grab().save(str(file))

    def _wait(self, timeout_s: float, *, painted: bool) -> bool:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if (self._count_colours() >= _COLOURS_MIN) == painted:
                return True
            time.sleep(POLL_S)
        return False

    def _count_colours(self) -> int:
        small = self._grab().scaled(_SIDE, _SIDE).convertToFormat(QImage.Format.Format_RGB32)
        return len({small.pixel(x, y) for x in range(_SIDE) for y in range(_SIDE)})

    def _grab(self) -> QImage:
        return QGuiApplication.primaryScreen().grabWindow(0).toImage()
