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
        raise ClippingFailed(f"cannot write {path}: {say_why(error)}", _code(error)) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def say_why(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return error.strerror or str(error)


def _code(error: OSError) -> str:
    return "disk_full" if error.errno == errno.ENOSPC else ClippingFailed.code
