"""The folder of recordings: its files, its share of the disk, and what stays free.

Plain functions that touch the disk: call them in a thread.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import structlog

from server.recording.rules import is_replay_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_log = structlog.get_logger(__name__)

FOLDER: Final = "recordings"
_GONE: Final = ".gone"
"""Of files that are deleted as soon as their row is; a start deletes what a kill left of them."""


def open_folder(folder: Path) -> None:
    """Make it where it is not there, and delete what was to be. Raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(f"*{_GONE}"):
        left.unlink(missing_ok=True)


def video_path(folder: Path, replay_id: str) -> Path:
    """Raises ValueError for what is no id."""
    if not is_replay_id(replay_id):
        raise ValueError("not the id of a recording")
    return folder / f"{replay_id}.mp4"


def cover_path(folder: Path, replay_id: str) -> Path:
    return video_path(folder, replay_id).with_suffix(".jpg")


def condemn(folder: Path, replay_ids: Iterable[str]) -> None:
    """From now on nobody finds the files; `remove_condemned` deletes them."""
    for replay_id in replay_ids:
        for path in (video_path(folder, replay_id), cover_path(folder, replay_id)):
            if path.exists():
                path.replace(path.with_name(path.name + _GONE))


def spare(folder: Path, replay_ids: Iterable[str]) -> None:
    """Take `condemn` back."""
    for replay_id in replay_ids:
        for path in (video_path(folder, replay_id), cover_path(folder, replay_id)):
            gone = path.with_name(path.name + _GONE)
            if gone.exists():
                gone.replace(path)


def remove_condemned(folder: Path, replay_ids: Iterable[str]) -> None:
    for replay_id in replay_ids:
        for path in (video_path(folder, replay_id), cover_path(folder, replay_id)):
            try:
                path.with_name(path.name + _GONE).unlink(missing_ok=True)
            except OSError as error:
                _log.warning("a recording's file stays until the next start", cause=error.strerror)


def free_bytes(folder: Path) -> int:
    """Raises OSError."""
    return shutil.disk_usage(folder).free


def write_cover(path: Path, jpeg: bytes) -> None:
    """Whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(jpeg)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        _log.warning("a recording has no cover", cause=error.strerror)
