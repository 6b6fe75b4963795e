"""Two small files beside the database: who was erased, and whether its files are still to wipe.

A backup that is put back knows nothing of the erasing since; the list of ids, which lead to nobody,
is how it is done again.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

ERASED_FILE: Final = "erased-users.txt"
WIPE_FILE: Final = "wipe.due"


class Journal:
    """Any one thread; each call is on disk when it returns. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._erased = folder / ERASED_FILE
        self._wipe = folder / WIPE_FILE

    def erased(self) -> tuple[str, ...]:
        """The ids of all who were ever erased here."""
        if not self._erased.exists():
            return ()
        return tuple(self._erased.read_text("ascii").split())

    def note_erased(self, user_id: str) -> None:
        _append(self._erased, user_id + "\n")

    def is_wipe_due(self) -> bool:
        return self._wipe.exists()

    def note_wipe_due(self) -> None:
        _append(self._wipe, "")

    def note_wiped(self) -> None:
        self._wipe.unlink(missing_ok=True)


def _append(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
