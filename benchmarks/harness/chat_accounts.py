"""A bench's relay before it starts: a thousand password hashes are not the subject.

The writers are regulars: a month old, and followers of the room's owner since then. Hundreds of
accounts from one address that are new to a room and write alike are what the relay shuts out.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from typing import TYPE_CHECKING, Final

from server import maintenance
from server.accounts.rules import SYSTEM_USER_NAME
from server.ids import digest
from server.store.data_dir import DATABASE_FILE
from server.text import fold, skeleton

if TYPE_CHECKING:
    from pathlib import Path

_DAY_MS: Final = 86_400_000
_AGE_MS: Final = 30 * _DAY_MS
_OWNER: Final = "owner"


def token_of(number: int) -> str:
    """What the account of that number resumes with."""
    return f"bench-token-{number:06d}"


def make_accounts(data_dir: Path, count: int) -> None:
    """Users without a password, each with an open session, who follow the house's own account."""
    maintenance.migrate(data_dir, "")
    now = time.time_ns() // 1_000_000
    then = now - _AGE_MS
    users = [(f"u{n}", f"viewer {n}", f"viewer {n}", f"viewer{n}", then) for n in range(count)]
    house = (_OWNER, SYSTEM_USER_NAME, fold(SYSTEM_USER_NAME), skeleton(SYSTEM_USER_NAME), then)
    sessions = [
        (f"s{n}", f"u{n}", digest(token_of(n)), "bench", now, now, now + _DAY_MS)
        for n in range(count)
    ]
    with contextlib.closing(sqlite3.connect(data_dir / DATABASE_FILE)) as database, database:
        database.executemany(
            "INSERT INTO users (id, name, name_folded, name_skeleton, created_at_unix_ms, is_admin)"
            " VALUES (?, ?, ?, ?, ?, 0)",
            [house, *users],
        )
        database.executemany(
            "INSERT INTO follows (follower_id, followed_id, since_unix_ms) VALUES (?, ?, ?)",
            [(user[0], _OWNER, then) for user in users],
        )
        database.executemany(
            "INSERT INTO sessions (id, user_id, token_hash, device, created_at_unix_ms,"
            " last_used_at_unix_ms, expires_at_unix_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
            sessions,
        )
