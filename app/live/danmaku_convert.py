"""A danmaku file as another: for players that read one kind, and for looking at old recordings."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from app.danmaku.ass_file import AssFont, write_ass
from app.danmaku.bilibili_xml import BYTES_MAX, DanmakuFile, parse_xml, write_xml
from app.danmaku.choices import DanmakuSettings
from app.danmaku.estimate import estimate_width
from app.errors import BadInput, MediaFailed
from app.live.burning import stage_for
from app.live.exporting import SALT_BYTES, write_text
from app.media.errors import ClippingFailed

SIDE_MIN, SIDE_MAX = 64, 16_384
OUTPUTS: Final = (".ass", ".xml")


def read_danmaku(path: Path) -> DanmakuFile:
    """Bilibili's XML. Raises BadInput."""
    try:
        with path.open("rb") as file:
            document = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from None
    return parse_xml(document)


def convert(
    source: Path,
    target: Path,
    *,
    width: int = 1280,
    height: int = 720,
    settings: DanmakuSettings | None = None,
) -> str:
    """By the target's ending; a line that says what was done. Raises LivehouseError."""
    kind = target.suffix.lower()
    if kind not in OUTPUTS:
        raise BadInput(f"{target.name}: choose an ending of {', '.join(OUTPUTS)}")
    if not (SIDE_MIN <= width <= SIDE_MAX and SIDE_MIN <= height <= SIDE_MAX):
        raise BadInput(f"a stage has {SIDE_MIN} to {SIDE_MAX} pixels a side")
    read = read_danmaku(source)
    if kind == ".ass":
        stage = stage_for(width, height, settings or DanmakuSettings())
        words = write_ass(read.sayings, stage, estimate_width, font=AssFont(), title=source.stem)
    else:
        words = write_xml(read.sayings, salt=secrets.token_bytes(SALT_BYTES))
    try:
        write_text(target, words)
    except ClippingFailed as error:
        raise MediaFailed(error.message) from None
    skipped = f", {read.skipped} left out" if read.skipped else ""
    return f"{target}: {len(read.sayings)} danmaku{skipped}\n"
