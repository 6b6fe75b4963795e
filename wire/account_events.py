"""Answers about accounts."""

from __future__ import annotations

from wire.event_base import Answer, SessionInfo, UserInfo
from wire.ids import SessionId


class LoggedIn(Answer, frozen=True, kw_only=True):
    user: UserInfo
    session_id: SessionId
    token: str
    """For Resume. Empty where Resume was the question: the old one goes on."""
    device_token: str = ""
    expires_at_unix_ms: int


class Sessions(Answer, frozen=True, kw_only=True):
    sessions: tuple[SessionInfo, ...]
    """This one first, then those seen last."""


class Profile(Answer, frozen=True, kw_only=True):
    user: UserInfo
    about: str = ""
