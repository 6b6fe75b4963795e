"""Acts of people with tastes, made up by a seed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np

from server.discovery.behaviour import CODES
from server.discovery.loading import Gathered
from server.store.engine import sqlite_url
from server.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = 60
DAY_MS = 86_400_000
CATEGORIES = 20
ACTS_A_VISIT = 4
START_MS = 1_700_000_000_000
_KINDS = ("entered", "watched", "liked", "said")


def make(
    users: int, streamers: int, acts: int, *, seed: int = 1
) -> Iterator[tuple[str, str, int, str, float, str]]:
    """User, streamer, Unix ms, kind, amount, broadcast; in the order of time."""
    rng = np.random.default_rng(seed)
    visits = max(1, acts // ACTS_A_VISIT)
    user = rng.integers(0, users, visits)
    # Two categories a user; within one the first are the best known; half of all is what one has
    # watched before, of a handful.
    liked = rng.integers(0, CATEGORIES, (users, 2))
    category = liked[user, (rng.random(visits) < 0.3).astype(int)]
    size = max(1, streamers // CATEGORIES)
    rank = np.minimum(rng.zipf(1.2, visits) - 1, size - 1)
    known = rng.random(visits) < 0.5
    rank = np.where(known, (user * 7 + rng.integers(0, 5, visits)) % size, rank)
    streamer = np.minimum(rank * CATEGORIES + category, streamers - 1)
    at = np.sort(rng.integers(0, DAYS * DAY_MS - 600_000, visits)) + START_MS
    minutes = rng.exponential(10, visits)
    for who, whom, when, long in zip(
        user.tolist(), streamer.tolist(), at.tolist(), minutes.tolist(), strict=True
    ):
        day = (when - START_MS) // DAY_MS
        for offset, kind in enumerate(_KINDS):
            amount = long * 60 if kind == "watched" else 1.0
            yield f"u{who}", f"s{whom}", when + offset * 1_000, kind, amount, f"b{whom}-{day}"


def fill(users: int, streamers: int, acts: int) -> Gathered:
    gathered = Gathered()
    gathered.add(make(users, streamers, acts))
    return gathered


def sample_database(path: Path, users: int, streamers: int, acts: int) -> str:
    """A file with so many rows of behaviour; returns its address."""
    url = sqlite_url(path)
    Store.open(url, queue_max=10).close()
    rows = (
        (f"{at}", when, user, streamer, "r", broadcast, "", kind, amount, -1, "", 0, 0)
        for at, (user, streamer, when, kind, amount, broadcast) in enumerate(
            make(users, streamers, acts)
        )
        if kind in CODES
    )
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.executemany(
            "INSERT INTO behaviour (id, at_unix_ms, user_id, streamer_id, room_id, broadcast_id, "
            "category, kind, amount, position, reason, delay_ms, stalls) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
    connection.close()
    return url
