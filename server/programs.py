"""How the relay starts a child of its own kind: from source, and packaged."""

from __future__ import annotations

import sys


def relay_command() -> list[str]:
    """This program; packaged, `sys.executable` is the relay itself and not an interpreter."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "server"]
