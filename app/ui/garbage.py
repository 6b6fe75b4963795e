"""Python's garbage is collected on the GUI thread alone while a window is open.

By itself Python collects in whichever thread happens to cross its threshold. Where that is another
one, widgets and timers that stand in circles of references end there: Qt says that timers cannot be
stopped from another thread, and may crash. calibre, a large program with Qt, does the same.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_MS: Final = 200
FULL_S: Final = 60.0
"""At most so often everything is gone through, which takes some milliseconds; what a visit or a
broadcast leaves is collected when it has ended."""


class GarbageCollector(QObject):
    """Made, started and stopped on the GUI thread."""

    def __init__(
        self, parent: QObject | None = None, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._monotonic_s = monotonic_s
        self._full_at_s = monotonic_s()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """From now on Python collects by itself again."""
        self._timer.stop()
        gc.enable()

    def look(self) -> None:
        """Collect what is due by Python's own thresholds."""
        for generation, most in enumerate(gc.get_threshold()):
            if gc.get_count()[generation] <= most:
                return
            if generation == len(gc.get_threshold()) - 1:
                now_s = self._monotonic_s()
                if now_s - self._full_at_s < FULL_S:
                    return
                self._full_at_s = now_s
            gc.collect(generation)
