"""The one module that imports cv2.

opencv-python points Qt's plug-in and font paths at its own Qt 5 when it is imported, which breaks
every window of PySide6 that opens later: what it has set is unset right after the import.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from app.media.errors import SourceNotFound

QT_VARIABLES: Final = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def unset_qt_paths(environment: MutableMapping[str, str], package: Path) -> None:
    """Remove Qt's paths that lead into `package`; what the user has set stays."""
    for name in QT_VARIABLES:
        value = environment.get(name)
        if value and Path(value).is_relative_to(package):
            del environment[name]


unset_qt_paths(os.environ, Path(cv2.__file__).parent)

WIDTH_WANTED: Final = 1280
HEIGHT_WANTED: Final = 720
FRAME_RATE_WANTED: Final = 30
FIRST_READS_MAX: Final = 5
"""Some cameras fail their first reads while they wake up."""


class OpenCvCamera:
    """A camera by its number. Open and proven to give pictures, or it raises SourceNotFound."""

    def __init__(self, device: int) -> None:
        self._name = f"camera {device}"
        if sys.platform == "linux" and not Path(f"/dev/video{device}").exists():
            # Quicker and clearer than what OpenCV makes of it.
            raise SourceNotFound(f"{self._name} is not there: plug it in, or choose testcard")
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        self._capture = cv2.VideoCapture(device)
        if not self._capture.isOpened():
            raise SourceNotFound(
                f"{self._name} is not there or is used by another program: plug it in, close the "
                "other program, or choose testcard"
            )
        # MJPEG first: USB 2 carries 720p at 30 a second in no other form.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH_WANTED)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT_WANTED)
        self._capture.set(cv2.CAP_PROP_FPS, FRAME_RATE_WANTED)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        try:
            first = self._read_first()
        except SourceNotFound:
            self.close()
            raise
        self.width = first.width
        self.height = first.height

    def read(self) -> av.VideoFrame:
        """Blocks until the next picture: bgr24, full range. Raises SourceNotFound without one."""
        is_read, image = self._capture.read()
        if not is_read:
            raise SourceNotFound(f"{self._name} gives no picture")
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(image, np.uint8), format="bgr24")

    def close(self) -> None:
        self._capture.release()

    def _read_first(self) -> av.VideoFrame:
        for _ in range(FIRST_READS_MAX - 1):
            try:
                return self.read()
            except SourceNotFound:
                continue
        return self.read()
