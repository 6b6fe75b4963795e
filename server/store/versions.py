"""Which SQLite this Python is linked with, without loading the rest of the store."""

from __future__ import annotations

from sqlite3 import sqlite_version

__all__ = ["sqlite_version"]
