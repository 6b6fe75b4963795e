"""The JSON sent down the media sockets, to publishers and to viewers."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Answer, BroadcastInfo, Event
from wire.ids import BroadcastId, RoomId
from wire.media_commands import LayerChoice


class PublishAccepted(Answer, frozen=True, kw_only=True):
    broadcast_id: BroadcastId
    resumed: bool
    started_at_unix_us: int
    next_pts_us: int
    """Where a publisher whose clock is new starts counting; 0 in a new broadcast. A publisher that
    gave this broadcast_id and still has its clock goes on with its own pts."""
    feedback_interval_ms: int
    join_token: str = ""
    """With it a second socket joins this publisher by `JoinPublishing`. A secret; it is worth
    nothing once this publisher's last path is gone or another publisher took over."""


class PathJoined(Answer, frozen=True, kw_only=True):
    """Packets may follow on this path too."""

    broadcast_id: BroadcastId
    path: int
    feedback_interval_ms: int


class PublishFeedback(Event, frozen=True, kw_only=True):
    """What the relay has received from this socket so far."""

    packets: int
    bytes: int
    last_pts_us: int
    subscribers: int
    subscribers_lagging: int = 0
    relay_unix_us: int


class KeyframeRequested(Event, frozen=True, kw_only=True):
    layer: int


class Subscribed(Answer, frozen=True, kw_only=True):
    room_id: RoomId
    broadcast: BroadcastInfo | None
    """None: nothing is live; BroadcastStarted follows on this socket when it is."""
    layer: LayerChoice
    """The layer that is sent now ("auto" is resolved), or the wish where nothing is live."""
    audio_only: bool = False
    relay_unix_us: int
    takes_keyframe_requests: bool = False
    """Whether `RequestKeyframe` is known here."""


class LayerSelected(Event, frozen=True, kw_only=True):
    layer: int
    audio_only: bool = False
    reason: Literal["chosen", "viewer_slow", "recovered", "layer_gone", "viewer_busy", "data_saver"]


class SubscriberLagged(Event, frozen=True, kw_only=True):
    """This viewer's link did not drain in time: what it missed until it was brought back."""

    video_dropped: int
    audio_dropped: int
    lagged_ms: int
