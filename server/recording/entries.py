"""What waits to be written into timelines."""

from __future__ import annotations

from typing import NamedTuple


class NewEntry(NamedTuple):
    """One line of a timeline."""

    replay_id: str
    number: int
    at_ms: int
    kind: str
    user_id: str | None
    message_id: str | None
    body: str


class Marked(NamedTuple):
    """Messages that are deleted, or given back."""

    message_ids: tuple[str, ...]
    is_deleted: bool
