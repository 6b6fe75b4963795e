"""How this program starts itself and the relay as children: from source, and packaged.

From source both are modules of one interpreter; packaged they are two programs in one folder, and
`sys.executable` is the program itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

RELAY_PROGRAM = "livehouse-relay"


def is_packaged() -> bool:
    return bool(getattr(sys, "frozen", False))


def desktop_command() -> list[str]:
    """This program, for a child with arguments of its own."""
    return [sys.executable] if is_packaged() else [sys.executable, "-m", "app"]


def relay_command() -> list[str]:
    """The bundled relay; whether it is there shows when it is started."""
    if not is_packaged():
        return [sys.executable, "-m", "server"]
    program = Path(sys.executable)
    return [str(program.with_name(RELAY_PROGRAM).with_suffix(program.suffix))]
