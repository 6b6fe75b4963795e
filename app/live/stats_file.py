"""Statistics as a JSON file that is whole or not there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec

from app.errors import BadInput


def check_writable(path: Path) -> None:
    """Raise BadInput now rather than lose the statistics at the end."""
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadInput(f"cannot write {path}")


def write_stats(path: Path, values: dict[str, object]) -> None:
    """Write beside it, then move into place. Raises BadInput."""
    text = msgspec.json.format(msgspec.json.encode(values), indent=2)
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"cannot write {path}: {error.strerror or error}") from None
