"""`livehouse clip`: a piece of a recording that is a file here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from app.errors import BadInput, MediaFailed
from app.media.clipping.copying import copy_clip
from app.media.clipping.recording import Marks, Watch
from app.media.clipping.reencoding import encode_clip
from app.media.errors import ClippingFailed
from app.state.moment import find_moment, write_moment

STEPS: Final = 100


def clip_file(source: Path, target: Path, *, from_words: str, to_words: str, is_exact: bool) -> str:
    """A line that says what was made. Raises LivehouseError."""
    if target.suffix.lower() != ".mp4":
        raise BadInput(f"{target.name}: a clip ends in .mp4")
    if not source.is_file():
        raise BadInput(f"there is no file {source}")
    if target.exists() and target.samefile(source):
        raise BadInput("a clip takes another name than its recording")
    marks = parse_marks(from_words, to_words)
    cut = encode_clip if is_exact else copy_clip
    try:
        made = cut(source, marks, target, Watch(Percent()))
    except ClippingFailed as error:
        raise MediaFailed(error.message) from None
    return (
        f"{target}: from {write_moment(made.from_ms)}, {made.duration_ms / 1000:.2f} s, "
        f"{made.size_bytes / 1e6:.1f} MB\n"
    )


def parse_marks(from_words: str, to_words: str) -> Marks:
    """As typed after --from and --to. Raises BadInput."""
    marks = Marks(_parse(from_words, "--from"), _parse(to_words, "--to") if to_words else None)
    try:
        marks.check()
    except ClippingFailed as error:
        raise BadInput(error.message) from None
    return marks


def _parse(words: str, option: str) -> int:
    moment = find_moment(words)
    if moment is None:
        raise BadInput(f"{option} takes a time as 1:02:03.5, not {words!r}")
    return moment


class Percent:
    """On a terminal, over one line."""

    def __init__(self) -> None:
        self._step = -1

    def __call__(self, share: float) -> None:
        step = int(share * STEPS)
        if step != self._step and sys.stderr.isatty():
            self._step = step
            sys.stderr.write(f"\r{step} %" if step < STEPS else "\r      \r")
            sys.stderr.flush()
