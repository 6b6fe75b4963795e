"""What tests of all kinds share."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
CLIP = REPOSITORY.parent / "shared" / "media" / "bigbuckbunny.mp4"


@pytest.fixture(scope="session")
def clip_path() -> Path:
    """Real picture and sound: 1280x720, 25 frames a second, AAC, 5.3 s."""
    if not CLIP.is_file():
        pytest.skip("the real clip ../shared/media/bigbuckbunny.mp4 is not beside the repository")
    return CLIP
