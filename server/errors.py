"""Errors that stop the relay or one of its commands, each one clear line for whoever started it.

    RelayError          the program cannot go on; its text is printed after "livehouse-relay: "
    +-- SettingsError   a flag, a file or a secret that cannot be used as it is
    +-- StoreError      the database is missing, damaged, newer than this program or in use

What a client is told is `wire.errors.WireError`; these never cross the wire.
"""

from __future__ import annotations

from typing import ClassVar


class RelayError(Exception):
    """Bad input or a broken environment, not a mistake of ours: shown without a traceback."""

    exit_code: ClassVar[int] = 1


class SettingsError(RelayError):
    """The command line or the data folder is not usable."""

    exit_code = 2


class StoreError(RelayError):
    """The database cannot be opened or is not what it should be."""

    exit_code = 3
