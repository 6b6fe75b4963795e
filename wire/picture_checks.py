"""What every small picture that people send has in common, whatever its format. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


class PictureFaultError(Exception):
    """Its words say what is wrong with a picture."""


def name_by_content(picture: bytes) -> str:
    """The SHA-256 of the picture: whoever gets one can check that it is the one asked for."""
    return hashlib.sha256(picture).hexdigest()


def describe_fault(check: Callable[[bytes], None], picture: bytes) -> str | None:
    """What `check` says against a picture; None: nothing. It raises PictureFaultError."""
    try:
        check(picture)
    except PictureFaultError as fault:
        return str(fault)
    return None
