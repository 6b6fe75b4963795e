"""The JSON sent up the media sockets, by publishers and by viewers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire import limits
from wire.command_base import Count, MediaMessage, Milliseconds, RoomIdField, Secret
from wire.ids import BroadcastId
from wire.tracks import TrackInfo


class Publish(MediaMessage, frozen=True, kw_only=True):
    """First message on `/v1/publish`: a ticket, or a publish key, and what will be sent.

    `broadcast_id` is given by a publisher that comes back after a cut and whose pts go on.
    """

    room_id: RoomIdField
    tracks: Annotated[tuple[TrackInfo, ...], Meta(max_length=limits.TRACKS_MAX)]
    ticket: Secret = ""
    publish_key: Secret = ""
    broadcast_id: (
        Annotated[BroadcastId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)] | None
    ) = None


class JoinPublishing(MediaMessage, frozen=True, kw_only=True):
    """First message on a further `/v1/publish` socket of a publisher that is on the air already.

    `path` names the way up: `Publish` opened path 0. A path that is open already is replaced.
    """

    room_id: RoomIdField
    join_token: Secret
    """From `PublishAccepted`."""
    path: Annotated[int, Meta(ge=0, lt=limits.PUBLISH_PATHS_MAX)] = 1


class UpdateTracks(MediaMessage, frozen=True, kw_only=True):
    """The tracks change from the next keyframe on."""

    tracks: Annotated[tuple[TrackInfo, ...], Meta(max_length=limits.TRACKS_MAX)]
    revision: Count = 0
    """On several paths the same message goes up each, with a number that grows: what is not newer
    than what the relay has is passed over. 0: it counts as it comes."""


class EndPublishing(MediaMessage, frozen=True, kw_only=True):
    """The broadcast is over (a lost socket alone only means "away")."""


PublisherMessage = Publish | UpdateTracks | EndPublishing | JoinPublishing


LayerChoice = Literal["auto"] | Annotated[int, Meta(ge=0, lt=limits.LAYERS_MAX)]


class Subscribe(MediaMessage, frozen=True, kw_only=True):
    """First message on `/v1/subscribe`. A public room needs no ticket."""

    room_id: RoomIdField
    ticket: Secret = ""
    layer: LayerChoice = "auto"
    audio_only: bool = False
    data_saver: bool = False
    """"auto" stays on a layer that takes little."""


class SelectLayer(MediaMessage, frozen=True, kw_only=True):
    """Another layer from its next keyframe on."""

    layer: LayerChoice = "auto"
    audio_only: bool = False
    data_saver: bool = False


class Report(MediaMessage, frozen=True, kw_only=True):
    """How the viewer fares, for the streamer's health line and for layer choice."""

    buffer_ms: Milliseconds = 0
    latency_ms: Milliseconds = 0
    frames: Count = 0
    frames_dropped: Count = 0
    stalls: Count = 0
    decode_ms: Milliseconds = 0


class RequestKeyframe(MediaMessage, frozen=True, kw_only=True):
    """The viewer's decoder can go on at the next keyframe only. Not for a new choice of layer: that
    asks by itself. To relays that said `takes_keyframe_requests`."""


SubscriberMessage = Subscribe | SelectLayer | Report | RequestKeyframe
