"""Relay to client: what is kept about people."""

from __future__ import annotations

from typing import Final

from wire.event_base import Answer, Data

PRIVACY_VERSION: Final = 1
"""Of the words that are agreed to when an account is made; raised when their meaning changes."""


class PrivacyTerms(Answer, frozen=True, kw_only=True):
    """What this relay keeps, in days; 0: until it is erased."""

    version: int
    """For Register's `agreed_version`."""
    messages_days: int
    behaviour_days: int
    sessions_days: int
    audit_days: int
    backups_days: int


class DataCount(Data, frozen=True, kw_only=True):
    name: str
    """Such as "messages"; clients pass over names that they do not know."""
    rows: int


class MyData(Answer, frozen=True, kw_only=True):
    counts: tuple[DataCount, ...] = ()
    agreed_version: int = 0
    """0: the account is older than the words."""
    agreed_at_unix_ms: int = 0
    is_recorded: bool = True


class ExportPiece(Answer, frozen=True, kw_only=True):
    """How far an export is, and a piece of it once it is ready."""

    export_id: str
    rows_done: int = 0
    rows: int = 0
    size_bytes: int = 0
    """Of the whole zip; 0 while it is being made."""
    data: str = ""
    """Base64 of the bytes from the asked offset on."""
