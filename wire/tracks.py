"""What a publisher sends: one TrackInfo for each video layer and for the sound."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from wire.errors import ErrorCode, WireError
from wire.limits import EXTRADATA_BYTES_MAX, LAYERS_MAX, PICTURE_SIDE_MAX, TRACKS_MAX

TrackKind = Literal["video", "audio", "data"]
Codec = Literal["h264", "h265", "av1", "opus", "json"]

_Layer = Annotated[int, Meta(ge=0, lt=LAYERS_MAX)]
_Side = Annotated[int, Meta(ge=0, le=PICTURE_SIDE_MAX)]
_Extradata = Annotated[str, Meta(max_length=EXTRADATA_BYTES_MAX * 4 // 3 + 4)]

_CODECS_OF_KIND: dict[str, frozenset[str]] = {
    "video": frozenset({"h264", "h265", "av1"}),
    "audio": frozenset({"opus"}),
    "data": frozenset({"json"}),
}


class TrackInfo(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One track. Fields of the other kinds stay at 0."""

    kind: TrackKind
    codec: Codec
    layer: _Layer = 0
    width: _Side = 0
    """Pixels."""
    height: _Side = 0
    frame_rate: Annotated[float, Meta(ge=0, le=240)] = 0.0
    """Nominal frames a second; the pts decide."""
    bit_rate_bps: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    sample_rate_hz: Annotated[int, Meta(ge=0, le=192_000)] = 0
    channels: Annotated[int, Meta(ge=0, le=8)] = 0
    extradata: _Extradata = ""
    """Base64 of decoder setup for codecs that need it out of band; empty for H.264, H.265, Opus."""


def check_tracks(tracks: tuple[TrackInfo, ...]) -> None:
    """Raise WireError(INVALID_VALUE) unless the tracks can be one broadcast."""
    if not tracks:
        raise _invalid("a broadcast needs at least one track")
    if len(tracks) > TRACKS_MAX:
        raise _invalid(f"a broadcast has at most {TRACKS_MAX} tracks")
    seen: set[tuple[str, int]] = set()
    for track in tracks:
        place = (track.kind, track.layer)
        if place in seen:
            raise _invalid(f"two {track.kind} tracks have layer {track.layer}")
        seen.add(place)
        if track.codec not in _CODECS_OF_KIND[track.kind]:
            raise _invalid(f"{track.codec} is not a codec for {track.kind}")
        if track.kind != "video" and track.layer:
            raise _invalid(f"a {track.kind} track has layer 0")
        if track.kind == "video" and not (track.width and track.height and track.frame_rate):
            raise _invalid("a video track tells width, height and frame_rate")
        if track.kind == "audio" and not (track.sample_rate_hz and track.channels):
            raise _invalid("an audio track tells sample_rate_hz and channels")


def _invalid(message: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, message, field="tracks")
