"""Relay to client: recordings that fit a taste and why, and what somebody chose to like."""

from __future__ import annotations

from wire.event_base import Answer, Data, Reason
from wire.replay_events import ReplayInfo


class RecommendedReplay(Data, frozen=True, kw_only=True):
    replay: ReplayInfo
    """Without its chapters."""
    reason: Reason
    """Never what is only true of a live room (friends, rising, popular)."""


class RecommendedReplays(Answer, frozen=True, kw_only=True):
    replays: tuple[RecommendedReplay, ...] = ()
    """Best first; at most two of one streamer."""


class Interests(Answer, frozen=True, kw_only=True):
    choices: tuple[str, ...] = ()
    """Categories of the house's rooms, then what every house offers; those are keys such as
    "music", which a client says in its own words."""
    chosen: tuple[str, ...] = ()
    is_asked: bool = False
    """The user is new, may be recorded, and has not answered yet."""
