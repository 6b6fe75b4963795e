"""What tests of all kinds share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
    # `dev.py test` starts a display of its own; a bare pytest must not abort for want of one.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parent.parent
CLIP = REPOSITORY.parent / "shared" / "media" / "bigbuckbunny.mp4"


@pytest.fixture(scope="session")
def clip_path() -> Path:
    """Real picture and sound: 1280x720, 25 frames a second, AAC, 5.3 s."""
    if not CLIP.is_file():
        pytest.skip("the real clip ../shared/media/bigbuckbunny.mp4 is not beside the repository")
    return CLIP
