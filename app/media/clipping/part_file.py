"""A file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.media.errors import ClippingFailed

PART: Final = ".part"
_CODES: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EACCES: "may_not_write",
    errno.EPERM: "may_not_write",
    errno.EROFS: "may_not_write",
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
}
"""`ClippingFailed.code` by the system's number."""


@contextlib.contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Gives the path to write to. It takes the place of `path` at the end; after an error it is
    removed, and what was at `path` before is untouched. Raises ClippingFailed."""
    part = path.with_name(f".{path.name}{PART}")
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        code = _CODES.get(error.errno or 0, "cannot_write")
        if error.errno is None:  # not the system's: of what was read meanwhile
            raise ClippingFailed(f"the recording cannot be read: {error}", "unreadable") from None
        raise ClippingFailed(f"cannot write {path}: {say_why(error)}", code) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def say_why(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return error.strerror or str(error)
