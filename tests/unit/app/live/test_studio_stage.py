"""What Studio opens of the user's files, without a studio."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from app.errors import LivehouseError
from app.live.studio_stage import StudioStage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX")
@pytest.mark.parametrize("kind", ["file", "url"])
async def test_source_when_its_file_is_a_pipe_then_it_is_refused_and_not_waited_for(
    tmp_path: Path, kind: str
) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    stage = StudioStage(on_pixels=lambda _pixels: None, on_event=lambda _event: None)
    with pytest.raises(LivehouseError, match=r"pipe\.mp4"):
        await stage.open_picture("key", f"{kind}:{tmp_path / 'pipe.mp4'}")
