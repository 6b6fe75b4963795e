"""A picture file as a still of the scene."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from app.media.errors import SourceNotFound, SourceUnsupported

if TYPE_CHECKING:
    from app.media.scene.filters_on_demand import Pixels

SIDE_MAX: Final = 8192


def load_still(path: Path) -> Pixels:
    """RGBA of shape (height, width, 4), no larger than the canvas needs. Raises SourceError."""
    if not path.is_file():
        raise SourceNotFound(f"the picture {path.name} is not there: check the path")
    try:
        with av.open(str(path)) as container:
            frame = next(container.decode(video=0), None)
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise SourceUnsupported(f"{path.name} is no picture that can be read") from error
    if frame is None or max(frame.width, frame.height) > SIDE_MAX:
        raise SourceUnsupported(f"{path.name} is no picture that can be used")
    share = min(1.0, 1920 / frame.width, 1080 / frame.height)
    width, height = max(2, round(frame.width * share)), max(2, round(frame.height * share))
    small = frame.reformat(width=width, height=height, format="rgba")
    return np.ascontiguousarray(small.to_ndarray(), np.uint8)
